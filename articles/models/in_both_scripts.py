"""Texts that curators keep in both scripts."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from ..text import script
from ..text.names import current_script, pinyin_slug
from .rendering import in_own_script, marked


class InBothScripts(models.Model):
    """A model whose texts are kept in both scripts: `name` simplified, `name_hant` traditional.

    Whichever of a pair is left blank is filled in from the other on save; a curator can correct
    it afterwards.
    """

    in_both_scripts: tuple[str, ...] = ()
    with_marks: tuple[str, ...] = ()  # those whose quotation marks follow the script
    names_of_people: tuple[str, ...] = ()  # those that are somebody's name
    markup_in_both: tuple[str, ...] = ()  # and texts that are markup
    put_right = 0  # passages of a form that were typed in the other script than their field's

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Fill in before the database's rules are checked; a name in neither script is none."""
        super().clean()
        texts = {*self.in_both_scripts, *self.markup_in_both} - {*self.names_of_people}
        self.put_right = sum(map(self._put_right, sorted(texts)))
        self.fill_scripts()
        if not self.name:
            raise ValidationError({"name_hant": _("Fill in the name in one script at least.")})

    def _put_right(self, name: str) -> int:
        """Put what was typed into the field of the other script, and nothing into its own, into
        both; return how many passages there were. What was typed stays, in its own field."""
        count = 0
        for one, other, own in (
            (name, f"{name}_hant", script.HANS),
            (f"{name}_hant", name, script.HANT),
        ):
            typed = getattr(self, one)
            if typed and not getattr(self, other) and script.detect(typed) != own:
                right, found = in_own_script(typed, own)
                if found:
                    setattr(self, other, typed)
                    setattr(self, one, right)
                    count += found
        return count

    def validate_constraints(self, exclude=None) -> None:
        """Leave out what `clean` tells in words: that there is no name."""
        nameless = [] if getattr(self, "name", True) else ["name"]
        super().validate_constraints({*(exclude or ()), *nameless})

    def fill_scripts(self) -> None:
        for name in self.in_both_scripts:
            hans, hant = getattr(self, name), getattr(self, f"{name}_hant")
            convert = script.convert_name if name in self.names_of_people else script.convert
            if hant and not hans:
                setattr(self, name, convert(hant, script.HANS, script.HANT))
            elif hans and not hant:
                setattr(self, f"{name}_hant", convert(hans, script.HANT, script.HANS))
        for name in self.with_marks:
            setattr(self, name, marked(getattr(self, name), script.HANS))
            setattr(self, f"{name}_hant", marked(getattr(self, f"{name}_hant"), script.HANT))

    def filled_in(self) -> dict[str, str]:
        """Fill in what a save would now, and return what changed by its names."""
        names = [field.attname for field in self._meta.concrete_fields]
        was = {name: getattr(self, name) for name in names}
        self.fill_scripts()
        return {name: text for name, of in was.items() if (text := getattr(self, name)) != of}

    def save_with_slug(self, save: Callable[[], None]) -> None:
        """Save with a slug of its own: the one it has, or else one made from its name.

        Names that sound alike have the same, and another row may take it between the look and the
        save; then this one takes the next.
        """
        if self.slug:
            save()
            return
        while True:
            self.fill_slug()
            try:
                with transaction.atomic():
                    save()
                return
            except IntegrityError:
                if self.slug not in self.taken_slugs(self.slug):
                    raise  # something else is wrong with it
                self.slug = ""

    def fill_slug(self) -> None:
        """Give a new row a slug from its name, numbered where another row has it."""
        if self.slug:
            return
        base = pinyin_slug(self.name) or self._meta.model_name
        taken = self.taken_slugs(base)
        number, self.slug = 1, base
        while self.slug in taken:
            number += 1
            self.slug = f"{base}-{number}"

    def taken_slugs(self, base: str) -> set[str]:
        """Return the slugs beginning so that other rows have."""
        rows = type(self).objects.filter(slug__startswith=base)
        return set(rows.values_list("slug", flat=True))

    def text(self, name: str, in_script: str | None = None) -> str:
        """Return a text in the given script, or in that of the page being made."""
        hant = (in_script or current_script()) == script.HANT
        return getattr(self, f"{name}_hant" if hant else name)

    def __str__(self) -> str:
        return self.text("name")
