"""The tags of an article in its form: chosen, typed, or taken from what is suggested."""

import json
import unicodedata

from django import forms
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from ..curation.audit import audit
from ..curation.tag_suggestions import NEW, suggest_tags
from ..importing.fields.vocabulary import split_terms
from ..models import Redirect, Tag
from ..models.tag import hold_name
from ..text import script
from ..text.keys import is_key

_SEPARATORS = json.dumps(list("，,、;；|｜\u3000"), ensure_ascii=False)


class TagsWidget(AutocompleteSelectMultiple):
    """Django's choice with completion; below it a line to type names in, and suggestions to tick.

    All three are sent as one list: keys of tags, and names with NEW before them.
    """

    may_add = False
    article_id: int | None = None

    @property
    def media(self):
        return super().media + forms.Media(
            js=[forms.Script("desk/tag-suggestions.js", type="module")]
        )

    def build_attrs(self, base_attrs, extra_attrs=None):
        attrs = super().build_attrs(base_attrs, extra_attrs)
        if self.may_add:
            attrs |= {"data-tags": "true", "data-token-separators": _SEPARATORS}
        return attrs

    def value_from_datadict(self, data, files, name):
        chosen = [value for value in data.getlist(name) if is_key(value)]
        names = [value for value in data.getlist(name) if not is_key(value)]
        for value in data.getlist(f"{name}-suggested"):
            (chosen if is_key(value) else names).append(value)
        names = [name.removeprefix(NEW) for name in names]
        names += split_terms(data.get(f"{name}-typed", ""))
        return list(dict.fromkeys([*chosen, *(NEW + name for name in names)]))

    def optgroups(self, name, value, attrs=None):
        keys = [one for one in value if is_key(str(one))]
        groups = super().optgroups(name, keys, attrs)
        for one in value:
            if str(one).startswith(NEW):  # typed, and not saved because of something else
                option = self.create_option(name, one, one.removeprefix(NEW), True, 0)
                groups[0][1].append(option)
        return groups

    def render(self, name, value, attrs=None, renderer=None):
        select = super().render(name, value, attrs, renderer)
        taken = {str(one) for one in value or ()}
        offered = []
        if self.article_id is not None:
            offered = suggest_tags(self.article_id, taken, may_add=self.may_add)
        context = {"name": name, "may_add": self.may_add, "suggestions": offered}
        below = render_to_string("admin/articles/article/tag_suggestions.html", context)
        return mark_safe(select + below)  # noqa: S308 - both are templates


class TagsField(forms.ModelMultipleChoiceField):
    """Tags by key or by name, in either script or by an alias; a name may hold a whole list. New
    names make new tags where the user may add some: they are not saved yet."""

    widget: TagsWidget
    user = None  # who adds what is new

    def clean(self, value):
        value = list(map(str, value or ()))
        chosen = [one for one in value if is_key(one)]
        keys = Redirect.objects.standing(Tag, chosen, hold=True)
        tags = list(super().clean(keys))
        names = [one.removeprefix(NEW) for one in value if not is_key(one)]
        typed = split_terms("，".join(names))
        # In one order: each new name is held until the end of the transaction.
        meant = {
            name: Tag.objects.named(name) or self._new(name)
            for name in sorted(typed, key=lambda name: script.fold(name.strip()))
        }
        for name in typed:
            tag = meant[name]
            if tag.pk is None and tag.name in {other.name for other in tags}:
                continue  # the same in the other script
            tags.append(tag)
        return list({tag.pk or tag.name: tag for tag in tags}.values())

    def _new(self, name: str) -> Tag:
        if not self.widget.may_add:
            raise ValidationError(
                _("There is no tag “%(name)s”, and you may not add tags."), params={"name": name}
            )
        if any(unicodedata.category(char) == "Cc" for char in name):
            raise ValidationError(_("A tag has no control characters."))
        hold_name(script.fold(name.strip()))
        if there := Tag.objects.named(name):
            return there  # another made it meanwhile
        hans = script.detect(name) == script.HANS
        tag = Tag(name=name) if hans else Tag(name_hant=name)  # the other is filled in from it
        try:
            tag.full_clean(exclude=["slug"])
        except ValidationError as error:
            raise ValidationError(error.messages) from None
        return tag


class TagsForm(forms.ModelForm):
    """A form with such a field. A form that is sent makes no tag; one that is saved does."""

    def make_new_tags(self) -> None:
        """Save the tags that are new, in the transaction that saves the form.

        In one order, as others may be at the same names; who comes second takes what is there then.
        """
        made = {}
        new = [tag for tag in self.cleaned_data["tags"] if tag.pk is None]
        for tag in sorted(new, key=lambda tag: tag.name):
            try:
                with transaction.atomic():
                    tag.save()
            except IntegrityError:
                made[tag.name] = Tag.objects.named(tag.name)
                if made[tag.name] is None:
                    raise
            else:
                names = {"name_hant": tag.name_hant, "name": tag.name}
                audit(self.fields["tags"].user, "add", tag, after=names)
        tags = (made.get(tag.name, tag) for tag in self.cleaned_data["tags"])
        self.cleaned_data["tags"] = list(dict.fromkeys(tags))


def tags_field(db_field, request, admin_site) -> TagsField:
    """Return the field for the tags of the article a request is about."""
    widget = TagsWidget(db_field, admin_site)
    widget.may_add = request.user.has_perm("articles.add_tag")
    key = request.resolver_match.kwargs.get("object_id", "") if request.resolver_match else ""
    widget.article_id = int(key) if is_key(str(key)) else None
    field = TagsField(
        Tag.objects.all(),
        required=False,
        label=_("tags"),
        widget=widget,
        help_text=_("Type in either script or in pinyin."),
    )
    field.user = request.user
    return field
