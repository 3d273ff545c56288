"""What a form changes, as the log and its sender are told of it."""

from django.db.models import Model, QuerySet
from django.forms import ModelChoiceField

from ..curation.audit import HIDDEN
from ..text import html

_ABOUT_THE_CHANGE = ("note", "version", "other_script")
"""Fields of forms that are not the object's own."""

_MARKUP = ("body",)
_AROUND, _MOST = 20, 200
"""Characters kept of a long text before and after what changed in it, and kept at all."""


def changes(form, formsets) -> tuple[dict, dict]:
    """Return what a form and those within it changed, before and after, by names of fields."""
    before, after = {}, {}
    for name in form.changed_data:
        if name in _ABOUT_THE_CHANGE or name not in form.fields:
            continue
        field = form.fields[name]
        if "password" in name:
            before[name] = after[name] = HIDDEN
            continue
        was = _shown(field, form[name].initial)
        now = _shown(field, form.cleaned_data.get(name))
        if was == now:
            continue  # sent otherwise than it stands, and saved as it stood
        if isinstance(now, str) and isinstance(was, str | None):
            was, now = passages(was or "", now, markup=name in _MARKUP)
        before[name], after[name] = was, now
    for formset in formsets or ():
        name = str(formset.model._meta.verbose_name_plural)
        gone = [*map(str, formset.deleted_objects)]
        come = [*map(str, formset.new_objects)]
        for obj, fields in formset.changed_objects:
            inner = next(one for one in formset.forms if one.instance is obj)
            gone += [f"{field}: {inner[field].initial}" for field in fields]
            come += [f"{field}: {inner.cleaned_data.get(field)}" for field in fields]
        if gone or come:
            before[name], after[name] = gone, come
    return before, after


def passages(was: str, now: str, *, markup: bool = False) -> tuple[str, str]:
    """Return of two texts what differs, from the first difference to the last, with a little
    around it; of markup the text, where that differs. Short texts are returned whole."""
    if markup and (texts := [html.signed_text(one) for one in (was, now)])[0] != texts[1]:
        was, now = texts
    if max(len(was), len(now)) <= _MOST:
        return was, now
    start = next(
        (at for at, (one, other) in enumerate(zip(was, now, strict=False)) if one != other),
        min(len(was), len(now)),
    )
    same = 0  # characters at the end, not counting those before the difference again
    while same < min(len(was), len(now)) - start and was[-1 - same] == now[-1 - same]:
        same += 1
    return _passage(was, start, len(was) - same), _passage(now, start, len(now) - same)


def _passage(text: str, start: int, end: int) -> str:
    start = max(0, start - _AROUND)
    end = min(len(text), end + _AROUND, start + _MOST)
    return f"{'…' * (start > 0)}{text[start:end]}{'…' * (end < len(text))}"


def _shown(field, value):
    """Return a value of a form as the log keeps it: names instead of keys."""
    if not isinstance(field, ModelChoiceField) or value in (None, ""):
        return value
    many = value if isinstance(value, list | tuple | set | QuerySet) else [value]
    keys = [one.pk if isinstance(one, Model) else one for one in many]
    found = {one.pk: str(one) for one in field.queryset.model._default_manager.filter(pk__in=keys)}
    return [found.get(key, str(key)) for key in keys]
