"""Forms save over what their sender saw, and nothing else: of two who change one thing, the second
is shown what the first made of it, and keeps what was typed."""

import hashlib

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import _get_foreign_key
from django.utils.translation import gettext_lazy as _

from ..text.keys import is_key
from .form_changes import changes

SEEN = "_seen"
"""What a form calls the state it was made from."""

_NO_CHANGE = {"last_login"}
"""Fields that change without anybody's doing."""

_TOLD = _(
    "Somebody else saved this while you had it open. Nothing was saved yet: what you typed is kept "
    "below. Save once more to put it in the place of what stands now."
)


class SeenForm(forms.ModelForm):
    """Refuses what was typed over another state than stands now."""

    seen: str | None = None

    def full_clean(self):
        super().full_clean()
        stands = getattr(self.instance, "stands_as", None)
        if not self.is_bound or self.seen is None or self.seen == stands:
            return
        before, _after = changes(self, ())
        told = [f"{self.fields[name].label}: {value or '–'}" for name, value in before.items()]
        self.add_error(None, ValidationError([str(_TOLD), *told]))


class SeenAdmin(admin.ModelAdmin):
    """A desk whose forms compare what their sender saw with what stands, under a lock."""

    compares_seen = True

    def get_object(self, request, object_id, from_field=None):
        in_form = request.resolver_match and request.resolver_match.url_name.endswith("_change")
        if not (in_form and self.compares_seen):
            return super().get_object(request, object_id, from_field)
        if request.method == "POST" and is_key(object_id):
            rows = self.model._base_manager.filter(pk=object_id).select_for_update(no_key=True)
            list(rows.values_list("pk"))
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.stands_as = self._stands_as(found)
        return found

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None or not self.compares_seen or request.method != "POST":
            return form
        return type(form.__name__, (SeenForm, form), {"seen": request.POST.get(SEEN)})

    def render_change_form(self, request, context, *, obj=None, **options):
        context["stands_as"] = getattr(obj, "stands_as", "")
        return super().render_change_form(request, context, obj=obj, **options)

    def _stands_as(self, obj) -> str:
        """Return what identifies all that the form of an object shows of it."""
        fields = [field.attname for field in obj._meta.concrete_fields]
        says = [(name, getattr(obj, name)) for name in fields if name not in _NO_CHANGE]
        for field in obj._meta.many_to_many:
            keys = getattr(obj, field.name).order_by("pk").values_list("pk", flat=True)
            says.append((field.name, list(keys)))
        for inline in self.inlines:
            key = _get_foreign_key(self.model, inline.model, fk_name=inline.fk_name)
            rows = inline.model._base_manager.filter(**{key.name: obj.pk}).order_by("pk")
            says.append((key.name, list(rows.values_list())))
        return hashlib.sha256(repr(says).encode()).hexdigest()[:32]
