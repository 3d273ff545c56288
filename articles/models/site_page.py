"""Pages about the portal itself: who runs it, how to reach them, whose the texts are, what is kept
of readers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..text import html, script
from ..text.names import current_script
from .article import SafeHTMLField
from .in_both_scripts import InBothScripts
from .rendering import marked_markup, rendered_markup


class SitePage(InBothScripts):
    """One of four pages, in both scripts; without a text it says what is true of any portal."""

    class Key(models.TextChoices):
        ABOUT = "about", _("About")
        CONTACT = "contact", _("Contact")
        COPYRIGHT = "copyright", _("Copyright")
        PRIVACY = "privacy", _("Privacy")

    in_both_scripts = with_marks = ("name",)
    markup_in_both = ("body",)

    key = models.CharField(_("page"), max_length=9, choices=Key, unique=True)
    name = models.CharField(_("title (simplified)"), max_length=80, blank=True)
    name_hant = models.CharField(_("title (traditional)"), max_length=80, blank=True)
    body = SafeHTMLField(_("text (simplified)"), blank=True)
    body_hant = SafeHTMLField(_("text (traditional)"), blank=True)
    modified_at = models.DateTimeField(_("modified at"), auto_now=True)

    class Meta:
        verbose_name = _("page of the portal")
        verbose_name_plural = _("pages of the portal")
        ordering = ["key"]
        default_permissions = ("change", "view")

    def __str__(self) -> str:
        return self.text("name") or str(self.get_key_display())

    def save(self, *args, **kwargs):
        self.fill_scripts()
        super().save(*args, **kwargs)

    def fill_scripts(self) -> None:
        super().fill_scripts()
        hans, hant = html.sanitise(self.body), html.sanitise(self.body_hant)
        hans, hant = (text if html.plain_text(text) else "" for text in (hans, hant))
        if hant and not hans:
            hans = rendered_markup(hant, script.HANS, script.HANT)
        elif hans and not hant:
            hant = rendered_markup(hans, script.HANT, script.HANS)
        self.body = marked_markup(hans, script.HANS)
        self.body_hant = marked_markup(hant, script.HANT)

    def clean(self) -> None:
        """Fill in before the rules are checked; without a name it has that of its kind."""
        if not (self.name or self.name_hant):
            setattr(self, f"name{'_hant' * (current_script() == script.HANT)}", self._kind())
        self.fill_scripts()
        super().clean()

    def _kind(self) -> str:
        return str(self.get_key_display())
