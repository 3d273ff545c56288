"""Accounts: administrators manage them, and cannot make themselves more than that."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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


def permission_name(permission: Permission) -> str:
    """Return what a permission allows, and with what, in the language of the desk."""
    codename = permission.codename
    may = _MAY.get(codename) or _MAY.get(codename.partition("_")[0])
    may = may or gettext(permission.name)
    model = permission.content_type.model_class()
    what = model._meta.verbose_name if model else permission.content_type.model
    return f"{capfirst(what)} | {may}"


class PermissionNames(admin.ModelAdmin):
    """Names permissions in the language of the desk."""

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field and db_field.related_model is Permission:
            field.label_from_instance = permission_name
        return field


@admin.register(User)
class PortalUserAdmin(PermissionNames, AuditedAdmin, UserAdmin):
    """Only a superuser makes superusers, gives single permissions, or changes a superuser."""

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return [*fields, "is_superuser", "user_permissions"]

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
        return users if request.user.is_superuser else users.filter(is_superuser=False)


@admin.register(Group)
class PortalGroupAdmin(PermissionNames, AuditedAdmin, GroupAdmin):
    """Django's own, with its changes in the log."""
