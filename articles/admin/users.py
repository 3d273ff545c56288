"""Accounts: administrators manage them, and cannot make themselves more than that."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import own_sessions, second_step
from portal.steps.models import App, Passkey

from ..curation.audit import audit
from .audited import AuditedAdmin

admin.site.unregister([User, Group])


_MAY = {
    "add": _("add"),
    "change": _("change"),
    "delete": _("delete"),
    "view": _("look at"),
    "publish_article": _("publish articles and take them back"),
    "publish_unreviewed": _("publish one's own changes without a review by somebody else"),
}
"""What the database says in English only, by the name of the permission or its first word."""


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
    what = model._meta.verbose_name if model else permission.content_type.model
    return f"{capfirst(what)} | {may}"


class PermissionNames(admin.ModelAdmin):
    """Names permissions and groups in the language of the desk."""

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


@admin.register(User)
class PortalUserAdmin(PermissionNames, AuditedAdmin, UserAdmin):
    """Only a superuser makes superusers, gives single permissions, or changes a superuser. Who is
    given a role may sign in at the desk with it."""

    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": [
                    *("username", "last_name", "first_name", "email", "groups"),
                    *("usable_password", "password1", "password2"),
                ],
            },
        )
    ]
    actions = ("end_sessions", "take_second_step_away")
    list_display = (*UserAdmin.list_display, "second_step")

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

    list_filter = ["is_staff", "is_superuser", "is_active", ("groups", _GroupFilter)]

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return [*fields, "is_superuser", "user_permissions"]

    def save_model(self, request, obj, form, change):
        if "groups" in form.changed_data and form.cleaned_data["groups"] and not obj.is_staff:
            obj.is_staff = form.cleaned_data["is_staff"] = True
            form.changed_data.append("is_staff")
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        """Lead back to the list: the form has asked for all there is to say of a colleague."""
        return super(UserAdmin, self).response_add(request, obj, post_url_continue)

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
        users = users.annotate(has_second_step=Exists(apps) | Exists(keys))
        return users if request.user.is_superuser else users.filter(is_superuser=False)


@admin.register(Group)
class PortalGroupAdmin(PermissionNames, AuditedAdmin, GroupAdmin):
    """Django's own, with its changes in the log."""

    list_display = ["shown_name"]

    @admin.display(description=_("name"), ordering="name")
    def shown_name(self, group: Group) -> str:
        return group_name(group.name)
