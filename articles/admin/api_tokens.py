"""Tokens of programs at the desk: made and revoked by administrators, shown once."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..curation.audit import audit
from ..models import ApiToken, Scope
from .audited import AuditedAdmin
from .desk_admin import person_of

_OWNER = person_of("owner", _("acts for"))
_CREATED_BY = person_of("created_by", _("created by"))

_LASTS = [(30, _("30 days")), (90, _("90 days")), (365, _("a year"))]


class TokenForm(forms.ModelForm):
    """What a token is for, for whom it acts, what it may do, and how long."""

    scopes = forms.MultipleChoiceField(
        choices=Scope.choices, widget=forms.CheckboxSelectMultiple, label=_("token allows")
    )
    lasts = forms.TypedChoiceField(
        choices=_LASTS,
        coerce=int,
        initial=90,
        label=_("lasts for"),
        help_text=_("Afterwards it opens nothing; make another one then."),
    )

    class Meta:
        model = ApiToken
        fields = ["name", "owner", "scopes"]


@admin.register(ApiToken)
class ApiTokenAdmin(AuditedAdmin):
    form = TokenForm
    list_display = ["name", _OWNER, "allowed", "state", "expires_at", "used_on", _CREATED_BY]
    list_select_related = ["owner", "created_by"]
    list_per_page = 100
    show_full_result_count = False
    search_fields = ["name", "owner__username"]
    actions = ["revoke"]
    empty_state = _(
        "No program has a token yet. Make one for a curator's program that is to read or write "
        "drafts; what readers see is read without."
    )

    class Media:
        css = {"all": ["desk/desk.css"]}

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["name", "owner", "scopes", "lasts"]
        return ["name", _OWNER, "allowed", "state", "expires_at", "used_on", _CREATED_BY,
                "created_at"]  # fmt: skip

    def get_readonly_fields(self, request, obj=None):
        """Let nothing of a token be changed: another one is made, and this one revoked."""
        return self.get_fields(request, obj) if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change=change, **kwargs) if obj is None else (
            forms.modelform_factory(ApiToken, fields=[])
        )  # fmt: skip

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer who may come to the desk; a superuser only to superusers, as accounts do."""
        if db_field.name == "owner":
            people = User.objects.filter(is_active=True, is_staff=True).order_by("username")
            if not request.user.is_superuser:
                people = people.filter(is_superuser=False)
            kwargs["queryset"] = people
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None):
        """Let a token be looked at, and not changed; in the list, revoked."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        obj.created_by = request.user
        obj.expires_at = timezone.now() + timedelta(days=form.cleaned_data["lasts"])
        obj.made = obj.make()
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None) -> HttpResponse:
        """Show the token, this once: on the page itself, so that nothing else keeps it."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The token"),
            "opts": self.opts,
            "token": obj,
        }
        response = TemplateResponse(request, "admin/articles/api_token.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response

    @admin.action(description=_("Revoke the chosen tokens"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset) -> None:
        chosen = list(queryset.filter(revoked_at=None).select_for_update(of=("self",), no_key=True))
        if chosen:
            ApiToken.objects.filter(pk__in=[one.pk for one in chosen]).update(
                revoked_at=timezone.now()
            )
            audit(request.user, "revoke-token", chosen)
        told = ngettext(
            "%d token is revoked and opens nothing from now on.",
            "%d tokens are revoked and open nothing from now on.",
            len(chosen),
        )
        self.message_user(request, told % len(chosen), messages.SUCCESS)

    @admin.display(description=_("token allows"))
    def allowed(self, token: ApiToken) -> str:
        return "、".join(str(Scope(one).label) for one in token.scopes if one in Scope.values)

    @admin.display(description=_("state"))
    def state(self, token: ApiToken) -> str:
        if token.revoked_at:
            return _("revoked")
        return _("expired") if token.expires_at <= timezone.now() else _("in force")
