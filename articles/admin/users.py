"""Accounts: administrators manage them, and cannot make themselves more than that."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from portal import mails, own_sessions, second_step
from portal.invitations import page_of, send_code
from portal.one_time_codes import DAYS, code_of, in_groups
from portal.person_names import person_name
from portal.steps.models import App, Passkey

from ..curation.audit import audit
from ..models import Presence
from .audited import AuditedAdmin

admin.site.unregister([User, Group])


_SHOW_CODE = "show_code_of"
"""What the session keeps of whom a code is shown next, once."""

_MAY = {
    "add": _("add"),
    "change": _("change"),
    "delete": _("delete"),
    "view": _("look at"),
    "publish_article": _("publish articles and take them back"),
    "publish_unreviewed": _("publish one's own changes without a review by somebody else"),
}
"""What the database says in English only, by the name of the permission or its first word."""


_KEPT = {
    "rendition": _("text in one script"),
    "session": _("session"),
    "staticdevice": _("sheet of codes"),
    "statictoken": _("printed code"),
    "totpdevice": _("app for codes"),
    "taggeditem": _("given tag"),
}
"""Rows that no desk has and no model names, by the name of their model."""

_GROUPS = {
    "編輯": _("editors"),
    "審核": _("reviewers"),
    "管理員": _("administrators"),
    "培訓": _("training officers"),
    "稽核": _("auditors"),
}
"""The groups that migrations make, by the names the database has; others are named by people."""


def group_name(name: str) -> str:
    """Return the name of a group in the language of the desk."""
    return str(_GROUPS.get(name, name))


class _GroupFilter(admin.RelatedFieldListFilter):
    """The groups to filter accounts by, named in the language of the desk."""

    def field_choices(self, field, request, model_admin):
        choices = super().field_choices(field, request, model_admin)
        return [(pk, group_name(name)) for pk, name in choices]


def permission_name(permission: Permission) -> str:
    """Return what a permission allows, and with what, in the language of the desk."""
    codename = permission.codename
    may = _MAY.get(codename) or _MAY.get(codename.partition("_")[0])
    may = may or gettext(permission.name)
    model = permission.content_type.model_class()
    kept = permission.content_type.model
    what = _KEPT.get(kept) or (model._meta.verbose_name if model else kept)
    return f"{capfirst(what)} | {may}"


class PermissionNames(admin.ModelAdmin):
    """Names permissions and groups in the language of the desk."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Let roles be ticked; one that is new is made on a page of its own."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.related_model is Group:
            field.widget.can_add_related = False
        return field

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.related_model is Group:
            kwargs["widget"] = forms.CheckboxSelectMultiple
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field and db_field.related_model is Permission:
            field.label_from_instance = permission_name
        elif field and db_field.related_model is Group:
            field.help_text = _("With a role somebody may sign in at the desk.")
            field.label_from_instance = lambda group: group_name(group.name)
        return field

    def get_deleted_objects(self, objs, request):
        """Leave out what only ties accounts, roles and permissions, and what forms are open: Django
        names it in one language and tells no more than a number."""
        listed, counts, needed, protected = super().get_deleted_objects(objs, request)
        ties = [
            *(field.remote_field.through._meta for field in _TIES),
            Presence._meta,
            LogEntry._meta,
        ]
        begun = tuple(f"{capfirst(tie.verbose_name)}: " for tie in ties)
        plural = {str(tie.verbose_name_plural) for tie in ties}
        counts = {name: count for name, count in counts.items() if str(name) not in plural}
        return _without(listed, begun), counts, needed, protected


_TIES = (
    User._meta.get_field("groups"),
    User._meta.get_field("user_permissions"),
    Group._meta.get_field("permissions"),
)


def _without(listed: list, begun: tuple[str, ...]) -> list:
    """Return what is to be deleted without the lines that begin so."""
    left = [_without(one, begun) if isinstance(one, list) else one for one in listed]
    return [one for one in left if one != [] and not str(one).startswith(begun)]


class NewUserForm(forms.ModelForm):
    """A new colleague. There is no password to give: a code lets them choose their own."""

    class Meta:
        model = User
        fields = ["username", "last_name", "first_name", "email", "groups"]
        field_classes = {"username": UsernameField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs["autofocus"] = True

    def clean_username(self):
        """Refuse a name that differs from another in capitals alone."""
        name = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(_("There is an account of this name."))
        return name

    def save(self, commit=True):
        self.instance.set_unusable_password()
        return super().save(commit)


@admin.register(User)
class PortalUserAdmin(PermissionNames, AuditedAdmin, UserAdmin):
    """Only a superuser makes superusers, gives single permissions, or changes a superuser. Who is
    given a role may sign in at the desk with it."""

    add_form = NewUserForm
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": [
                    *("username", "last_name", "first_name", "email", "groups"),
                ],
            },
        )
    ]
    fieldsets = [
        (None, {"fields": ["username", "password_state"]}),
        (_("Personal info"), {"fields": [("last_name", "first_name"), "email"]}),
        (
            _("Permissions"),
            {"fields": ["groups", "is_active", "is_staff", "is_superuser"]},
        ),
        (
            _("Permissions beyond those of the roles"),
            {"classes": ["collapse"], "fields": ["user_permissions"]},
        ),
        (_("Important dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    actions = ("end_sessions", "take_second_step_away")
    list_display = ("username", "called", "email", "roles", "is_active", "second_step")
    list_filter = ["is_staff", "is_superuser", "is_active", ("groups", _GroupFilter)]

    @admin.display(description=_("password"))
    def password_state(self, user) -> str:
        """Say whether there is a password, and lead to a code for another; never show its hash."""
        state = _("chosen by its owner") if user.has_usable_password() else _("none yet")
        address = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html('{} · <a href="{}">{}</a>', state, address, _("Give a code"))

    @admin.display(description=_("name"), ordering="last_name")
    def called(self, user) -> str:
        name = person_name(user)
        return name if name != user.get_username() else "–"

    @admin.display(description=_("roles"))
    def roles(self, user) -> str:
        if user.is_superuser:
            return str(_("may do everything"))
        return "、".join(group_name(one.name) for one in user.groups.all()) or "–"

    @admin.display(description=_("second step"), boolean=True)
    def second_step(self, user):
        return user.has_second_step

    @admin.action(description=_("Sign out everywhere"), permissions=["change"])
    def end_sessions(self, request, queryset):
        users = list(queryset)
        ended = sum(own_sessions.end_all(user) for user in users)
        for user in users:
            audit(request.user, "change", user, note="sessions ended")
        self.message_user(request, _("%(count)d sessions were ended.") % {"count": ended})

    @admin.action(
        description=_("Take the second step away (telephone lost)"), permissions=["change"]
    )
    def take_second_step_away(self, request, queryset):
        for user in queryset:
            with transaction.atomic():
                second_step.take_step_away(user)
                audit(request.user, "change", user, note="second step: taken away")
            own_sessions.end_all(user)
        self.message_user(request, _("They sign in with their password, and set a new one up."))

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj), "password_state"]
        fields += ["last_login", "date_joined"]
        if request.user.is_superuser:
            return fields
        return [*fields, "is_superuser", "user_permissions"]

    def save_model(self, request, obj, form, change):
        if "groups" in form.changed_data and form.cleaned_data["groups"] and not obj.is_staff:
            obj.is_staff = form.cleaned_data["is_staff"] = True
            form.changed_data.append("is_staff")
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        """Mail the new colleague a code; where no mail goes, show it once, to be printed. Then the
        form has asked for all there is to say of them."""
        response = super(UserAdmin, self).response_add(request, obj, post_url_continue)
        if IS_POPUP_VAR in request.POST:
            return response
        if self._mailed(request, obj):
            return response
        request.session[_SHOW_CODE] = obj.pk
        return redirect("admin:auth_user_password_change", obj.pk)

    def _mailed(self, request, user, *, again: bool = False) -> bool:
        """Mail somebody a code, where mail is set up and they have an address; tell it."""
        if not (mails.is_set_up() and user.email):
            return False
        if send_code(request, user, again=again):
            audit(request.user, "change", user, note="code: mailed")
            told = _("A mail to %s says how to choose a password.")
            self.message_user(request, told % user.email, messages.SUCCESS)
            return True
        told = _("The mail to %s did not go out. Give the code on paper.")
        self.message_user(request, told % user.email, messages.WARNING)
        return False

    @method_decorator(never_cache)
    def user_change_password(self, request, id, form_url=""):
        """Give somebody a code to choose a password with. Nobody sets one for another."""
        user = self.get_object(request, id)
        if user is None:
            raise Http404
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        may_mail = mails.is_set_up() and bool(user.email)
        is_shown = request.session.pop(_SHOW_CODE, None) == user.pk
        if request.method == "POST":
            if request.POST.get("by") == "mail" and self._mailed(request, user, again=True):
                return redirect("admin:auth_user_change", user.pk)
            request.session[_SHOW_CODE] = user.pk
            return redirect(request.path)
        if is_shown:
            audit(request.user, "change", user, note="code: shown")
        context = self.admin_site.each_context(request) | {
            "title": _("A code for %s") % user,
            "opts": self.opts,
            "whose": user,
            "name": person_name(user),
            "may_change": True,
            "may_mail": may_mail,
            "code": in_groups(code_of(user)) if is_shown else "",
            "page": page_of(request),
            "until": timezone.localdate() + timedelta(days=DAYS - 1),
        }
        return TemplateResponse(request, "admin/auth/user/code.html", context)

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return allowed

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return allowed

    def get_queryset(self, request):
        """Hide superusers from the list, where a bulk action would reach them."""
        users = super().get_queryset(request)
        apps = App.objects.filter(user=OuterRef("pk"), confirmed=True)
        keys = Passkey.objects.filter(user=OuterRef("pk"))
        users = users.annotate(has_second_step=Exists(apps) | Exists(keys)).prefetch_related(
            "groups"
        )
        return users if request.user.is_superuser else users.filter(is_superuser=False)


@admin.register(Group)
class PortalGroupAdmin(PermissionNames, AuditedAdmin, GroupAdmin):
    """Django's own, with its changes in the log."""

    list_display = ["shown_name"]

    @admin.display(description=_("name"), ordering="name")
    def shown_name(self, group: Group) -> str:
        return group_name(group.name)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Head the page by what the group is called in the language of the desk."""
        group = self.get_object(request, object_id)
        named = {"subtitle": group_name(group.name)} if group else {}
        return super().change_view(request, object_id, form_url, named | (extra_context or {}))
