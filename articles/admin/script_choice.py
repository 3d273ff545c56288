"""What an article's form does about its script: found out where nobody chose it, and asked about
where the text has passages in the other one."""

from collections.abc import Collection

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..curation.other_script import TEXTS, Mixed, detected, look, look_in_fields, other
from ..models import Script
from ..models.in_both_scripts import InBothScripts
from ..text import script
from .tag_suggestions import TagsForm

CONVERT, KEEP, SWITCH = "convert", "keep", "switch"

_SHOWN = 20
"""Passages shown one by one."""


class InOneScript(TagsForm):
    """A form of an article whose text is in the script it says.

    `other_script` is what was chosen about the passages that were shown (`mixed`), and their
    version: nothing is converted that was not looked at.
    """

    other_script = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    mixed: Mixed | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if field := self.fields.get("original_script"):
            field.required = False
            field.choices = [("", _("as the text is")), *Script.choices]

    def settle_script(self, data: dict, standing: dict) -> None:
        """Put into `data` the script, and passages in it as was chosen; ask where nobody has.

        `standing` is the content the form was made from: what stood there is not asked about.
        """
        texts = {name: data.get(name) or "" for name in TEXTS}
        if self.errors.keys() & texts.keys() or "original_script" not in self.fields:
            return
        own = data.get("original_script") or detected(texts)
        choice, _of, seen = data.get("other_script", "").partition(":")
        while True:
            stood = standing if standing.get("original_script") == own else {}
            mixed = look(texts, own, stood)
            if choice != SWITCH or seen != mixed.version:
                break
            own = other(own)  # looked at again, in that one
            choice = ""
        data["original_script"] = own
        if not mixed.places:
            return
        if seen == mixed.version and choice in (CONVERT, KEEP):
            if choice == CONVERT:
                data |= mixed.texts
            data["note"] = "；".join(filter(None, (data.get("note"), _told(mixed, choice))))[:300]
            return
        self.mixed = mixed
        self.data = self.data.copy()
        self.data["original_script"] = own
        self.add_error(None, _("Choose what becomes of these passages, and save once more."))

    @property
    def asked(self) -> dict | None:
        """Return what is shown of the passages, and the choices there are."""
        if self.mixed is None:
            return None
        mixed, own = self.mixed, Script(self.mixed.own).label
        choices = [
            (CONVERT, _("Put them into the script of the article: %(script)s") % {"script": own}),
            (KEEP, _("Keep them as they are written")),
        ]
        if mixed.is_mostly_other:
            label = Script(other(mixed.own)).label
            choices.insert(0, (SWITCH, _("The article is in %(script)s") % {"script": label}))
        return {
            "count": len(mixed.places),
            "is_hant": mixed.own == script.HANT,
            "places": mixed.places[:_SHOWN],
            "more": max(0, len(mixed.places) - _SHOWN),
            "choices": [(f"{value}:{mixed.version}", label) for value, label in choices],
            "chosen": f"{choices[0][0]}:{mixed.version}",
        }


class InBothScriptsForm(forms.ModelForm):
    """A form of what is kept in both scripts: passages that are not in the script of their field
    are shown before it is saved, and put right or kept, as is chosen.

    What was typed alone into the field of the other script is no such passage: it stays, in its
    own. `folded` names what is always put into its script, as search and imports go by it.
    """

    other_script = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    folded: tuple[str, ...] = ()
    mixed: Mixed | None = None
    put_right = kept = 0

    def clean(self):
        data = super().clean()
        texts = typed_in_both(self._meta.model, self.folded, data, set(self.changed_data))
        beside, standing = self.beside()
        standing += [self.initial.get(name) or "" for name in texts]
        mixed = look_in_fields(texts | beside, standing)
        choice, _of, seen = data.get("other_script", "").partition(":")
        if not mixed.places or self.errors:
            return data
        if seen == mixed.version and choice in (CONVERT, KEEP):
            if choice == CONVERT:
                data |= {name: mixed.texts[name] for name in texts}
                self.put_right = len(mixed.places)
            else:
                self.kept = len(mixed.places)
            return data
        self.mixed = mixed
        self.add_error(None, _("Choose what becomes of these passages, and save once more."))
        return data

    def beside(self) -> tuple[dict[str, tuple[str, str]], list[str]]:
        """Return the texts of forms within this one, as `look_in_fields` takes them."""
        return {}, []

    @property
    def asked(self) -> dict | None:
        """Return what is shown of the passages, and the choices there are."""
        if self.mixed is None:
            return None
        mixed = self.mixed
        choices = [
            (f"{CONVERT}:{mixed.version}", _("Put them into the script of their fields")),
            (f"{KEEP}:{mixed.version}", _("Keep them as they are written")),
        ]
        return {
            "count": len(mixed.places),
            "in_fields": True,
            "places": mixed.places[:_SHOWN],
            "more": max(0, len(mixed.places) - _SHOWN),
            "choices": choices,
            "chosen": choices[0][0],
        }


def typed_in_both(
    model: type[InBothScripts], folded: Collection[str], data: dict, changed: Collection[str]
) -> dict[str, tuple[str, str]]:
    """Return the changed texts of a form, each with the script of its field."""
    names = {*model.in_both_scripts, *model.markup_in_both} - {*model.names_of_people}
    found = {}
    for name in sorted(names):
        pair = ((name, f"{name}_hant", script.HANS), (f"{name}_hant", name, script.HANT))
        for one, beside, own in pair:
            text = data.get(one) or ""
            stays = not data.get(beside) and script.detect(text) != own
            if one in changed and one not in folded and text and not stays:
                found[one] = text, own
    return found


def _told(mixed: Mixed, choice: str) -> str:
    """Return what the note of the revision says of the passages."""
    count = len(mixed.places)
    told = {
        (CONVERT, True): ngettext(
            "%(count)d passage put from simplified into traditional",
            "%(count)d passages put from simplified into traditional",
            count,
        ),
        (CONVERT, False): ngettext(
            "%(count)d passage put from traditional into simplified",
            "%(count)d passages put from traditional into simplified",
            count,
        ),
        (KEEP, True): ngettext(
            "%(count)d passage kept in simplified",
            "%(count)d passages kept in simplified",
            count,
        ),
        (KEEP, False): ngettext(
            "%(count)d passage kept in traditional",
            "%(count)d passages kept in traditional",
            count,
        ),
    }
    return told[choice, mixed.own == script.HANT] % {"count": count}
