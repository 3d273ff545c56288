"""Corrections of scripts: added once it was looked at what they change, never changed."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..curation import corrections
from ..models import RenditionCorrection, Report
from ..models.rendition_correction import MOST_CHARACTERS
from ..reading.conditional import etag_of
from .audited import AuditedAdmin
from .desk_admin import person_of

ADD = "articles.add_renditioncorrection"


class CorrectionForm(forms.ModelForm):
    """A correction; `version` is the one whose examples were shown, and that alone is saved."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    seen: corrections.Seen | None = None

    class Meta:
        model = RenditionCorrection
        fields = ["script", "phrase", "right", "reason"]
        widgets = {"reason": forms.Textarea({"rows": 2})}

    def clean(self):
        """Show what it would change, unless that was seen."""
        data = super().clean()
        if self.instance.pk or self.errors:
            return data
        shown = etag_of(*(data[name].strip() for name in ("script", "phrase", "right")))
        if data.get("version") != shown:
            self.shown = shown
        return data

    def _post_clean(self):
        super()._post_clean()
        if not self.errors and (shown := getattr(self, "shown", "")):
            self.seen = corrections.look(self.instance)
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = shown
            self.add_error(None, _("Look at what this changes, and save once more to confirm it."))


_CREATED_BY = person_of("created_by", _("added by"))


@admin.register(RenditionCorrection)
class CorrectionAdmin(AuditedAdmin):
    form = CorrectionForm
    change_form_template = "admin/articles/correction_form.html"
    list_display = ["phrase", "right", "script", "reason", _CREATED_BY, "created_at"]
    list_filter = ["script"]
    list_select_related = ["created_by"]
    list_per_page = 100
    show_full_result_count = False
    search_fields = ["phrase", "right", "reason"]
    empty_state = _(
        "Nothing was corrected yet. Where a word reads wrong in one script only, add how it comes "
        "out and how it is written: the pages of that script are put right."
    )

    class Media:
        css = {"all": ["desk/desk.css"]}

    def get_fields(self, request, obj=None):
        fixed = [_CREATED_BY, "created_at"] if obj else ["version"]
        return ["script", "phrase", "right", "reason", *fixed]

    def get_readonly_fields(self, request, obj=None):
        """Let nothing but the reason be changed: another right form is another correction."""
        return ["script", "phrase", "right", _CREATED_BY, "created_at"] if obj else []

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
            return
        obj.created_by = request.user
        super().save_model(request, obj, form, change)
        self._follow(request, corrections.touched(obj), [obj])

    def delete_model(self, request, obj):
        self.delete_queryset(request, RenditionCorrection.objects.filter(pk=obj.pk))

    def delete_queryset(self, request, queryset):
        gone = list(queryset)
        touched = corrections.touched(*gone)
        super().delete_queryset(request, queryset)
        self._follow(request, touched, gone, gone=True)

    def _follow(self, request, touched, changed: list, *, gone: bool = False) -> None:
        """Make the renditions anew, and tell of it."""
        failed = partial(
            self.message_user,
            request,
            _("The work could not be started. Tell whoever runs the portal."),
            messages.ERROR,
        )
        if not corrections.follow(touched, changed, failed, gone=gone):
            told = _("The pages of %(n)d articles are being made anew in the background.")
        elif touched:
            told = ngettext(
                "The pages of %(n)d article were made anew.",
                "The pages of %(n)d articles were made anew.",
                len(touched),
            )
        else:
            return
        self.message_user(request, told % {"n": len(touched)}, messages.SUCCESS)


def link_from(report: Report) -> str:
    """Return the link from a report to a correction of what the reader marked; blank where the
    text was written in the script it was read in, as then the text itself is to be put right."""
    phrase = report.passage.strip().partition("\n")[0].strip()
    if not phrase or report.script == report.article.original_script:
        return ""
    query = {
        "script": report.script,
        "phrase": phrase[:MOST_CHARACTERS],
        "reason": _("Reported by a reader (%(report)s)") % {"report": report},
    }
    address = f"{reverse('admin:articles_renditioncorrection_add')}?{urlencode(query)}"
    told = _("Correct the word in this script, in all articles")
    return format_html('<a href="{}">{}</a>', address, told)
