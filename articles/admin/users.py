"""Accounts: administrators manage them, and cannot make themselves more than that."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User

admin.site.unregister(User)


@admin.register(User)
class PortalUserAdmin(UserAdmin):
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
