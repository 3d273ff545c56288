"""What the desks of all models have in common."""

from collections.abc import Callable

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.html import format_html

from portal.person_names import person_name

from ..models import Picture
from ..text.keys import is_key


def person_of(name: str, description) -> Callable:
    """Return what shows an account in a list or a form by its owner's name."""

    def person(row) -> str:
        user = getattr(row, name)
        return person_name(user) if user else "–"

    person.__name__ = name
    return admin.display(person, description=description, ordering=name)


class GrowingLine(forms.Textarea):
    """A line of text that is shown whole: it wraps, and lines pasted into it become one."""

    def __init__(self, attrs=None):
        super().__init__({"rows": 2, "class": "growing-line"} | (attrs or {}))

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        return value and " ".join(value.splitlines())


class PictureChoice(AutocompleteSelect):
    """A choice of the library's pictures, with the one that was chosen."""

    def render(self, name, value, attrs=None, renderer=None):
        choice = super().render(name, value, attrs, renderer)
        chosen = Picture.objects.filter(pk=value).first() if is_key(str(value or "")) else None
        shown = format_html('<img src="{}" alt="">', chosen.thumbnail) if chosen else ""
        return format_html('<div class="picture-choice">{}{}</div>', choice, shown)


class DeskAdmin(admin.ModelAdmin):
    """A desk whose list is asked for in its address, by what anybody may have written there."""

    def get_changelist_instance(self, request):
        """Take values that no row can have for values that no filter has: what the list does of
        itself where it makes a query, not where the query is done, such as of the year 10,000."""
        try:
            return super().get_changelist_instance(request)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Let a picture be chosen and seen: it is not changed from beside a form."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.related_model is Picture and field is not None:
            field.widget = PictureChoice(db_field, self.admin_site)
            field.widget.choices = field.choices
        return field

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Make no copy of a row where none is offered: Django does so for whoever sends the name of
        that button, and a row that is made otherwise than by a form would lack all but the form's
        fields."""
        if "_saveasnew" in request.POST and not self.save_as:
            request.POST = request.POST.copy()
            del request.POST["_saveasnew"]
        return super().changeform_view(request, object_id, form_url, extra_context)
