"""Reporting an error in an article: a form without an account, for the curators' queue."""

import re

from django import forms
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from portal.throttle import Limit, address_of

from ...curation.notices import reported
from ...models import Article, Rendition, Report
from ...text.names import current_script
from .filters import public_article

_SENT = Limit("report", most=5, seconds=3600)
_LONGEST_PASSAGE = 500

_A_WORD = 12
"""Characters of a passage that is a word, or little more: what is wrong with it is a character."""


class ReportForm(forms.ModelForm):
    """What a reader sends; `website` is filled in by machines only."""

    website = forms.CharField(required=False, max_length=200)

    class Meta:
        model = Report
        fields = ["kind", "passage", "note", "contact"]
        labels = {
            "passage": _("The passage"),
            "note": _("What should it be?"),
            "contact": _("How to reach you (if you like an answer)"),
        }
        widgets = {
            "kind": forms.RadioSelect,
            "passage": forms.Textarea(attrs={"rows": 3}),
            "note": forms.Textarea(attrs={"rows": 4}),
            "contact": forms.TextInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["kind"].choices = Report.Kind.choices  # without the blank one

    def clean(self):
        data = super().clean()
        written = {"passage", "note"}
        if not written & self.errors.keys() and not any(data.get(name) for name in written):
            self.add_error("passage", _("Quote the passage, or say what is wrong."))
        return data


@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request, pk, slug):
    article = public_article(pk)
    if request.method != "POST":
        if slug != article.slug:
            return redirect("report", article.pk, article.slug)
        passage = _passage(request)
        of_a_word = 0 < len(passage) <= _A_WORD and "\n" not in passage
        kind = Report.Kind.CHARACTER if of_a_word else None
        return _page(request, article, ReportForm(initial={"passage": passage, "kind": kind}))
    form = ReportForm(request.POST, instance=Report(article=article, script=current_script()))
    if not form.is_valid():
        return _page(request, article, form, status=422)
    if not form.cleaned_data["website"] and not _is_known(form.instance):
        if _SENT.is_reached(address := address_of(request)):
            form.add_error(None, _("You have sent several reports; send the next in an hour."))
        elif Report.objects.is_full_for(article):
            form.add_error(None, _("So many reports are waiting that no more are taken just now."))
        if form.errors:
            return _page(request, article, form, status=429)
        _SENT.count(address)
        reported(form.save())
    return redirect("report-thanks", article.pk, article.slug)


@require_safe
def thanks(request, pk, slug):
    article = public_article(pk)
    return render(request, "reading/report_thanks.html", {"article": article})


def _page(request, article: Article, form: ReportForm, status: int = 200):
    rendition = get_object_or_404(
        Rendition.objects.only("title"), article=article, script=current_script()
    )
    context = {"article": article, "title": rendition.title, "form": form}
    return render(request, "reading/report.html", context, status=status)


def _passage(request) -> str:
    """Return what the reader had marked, as the script of the article's page tells it."""
    told = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", request.GET.get("passage", ""))
    return told.strip()[:_LONGEST_PASSAGE]


def _is_known(sent: Report) -> bool:
    """Tell whether the same was sent already, by a second press of the button."""
    same = Report.objects.open().filter(article=sent.article, kind=sent.kind)
    return same.filter(passage=sent.passage, note=sent.note).exists()
