"""A reader's report with the passage in its text, and what is to stand there beside it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..curation.drafts import Overtaken
from ..curation.passages import NOT_THERE, find, put_right
from ..curation.policy import Deed, may
from ..curation.publishing import Held
from ..curation.revisions import version
from ..models import Report


class RightForm(forms.Form):
    """What is to stand in the place of a passage."""

    right = forms.CharField(max_length=1000, required=False, strip=True)
    seen = forms.CharField(max_length=60)


def panel(request, report: Report) -> dict:
    """Return what the page of a report shows of the passage."""
    article = report.article
    if not may(request.user, Deed.EDIT, article) or not report.passage:
        return {}
    found = find(article, report.passage)
    return {
        "passage": found,
        "can_correct": found is not None and article.draft_id is None,
        "typed": request.session.pop(f"report-{report.pk}", found and found.text),
        "seen": version(article),
        "publishes": may(request.user, Deed.WRITE, article),
    }


def correct(model_admin, request, object_id: int):
    """Put the passage of a report right, and take the report as done."""
    report = model_admin.get_object(request, str(object_id))
    if report is None:
        raise Http404
    allowed = model_admin.has_change_permission(request, report)
    if request.method != "POST" or not allowed or not may(request.user, Deed.EDIT, report.article):
        raise PermissionDenied
    back = HttpResponseRedirect(reverse("admin:articles_report_change", args=[report.pk]))
    form = RightForm(request.POST)
    if not form.is_valid():
        messages.error(request, NOT_THERE)
        return back
    right, note = form.cleaned_data["right"], str(_("Reader's report %(n)d") % {"n": report.pk})
    try:
        is_seen = put_right(
            report.article, report.passage, right, request.user, form.cleaned_data["seen"], note
        )
    except Held:
        failed = _("Blocking flags of the import are left: change it in the form.")
    except (Overtaken, ValueError) as refused:
        failed = refused.args[0]
    else:
        report.audited = {"status": report.status}, {"status": Report.State.RESOLVED}
        report.handle(Report.State.RESOLVED, request.user)
        report.answer = report.answer or f"{report.passage} → {right}"[:2000]
        report.save(update_fields=["status", "handled_by", "handled_at", "answer"])
        model_admin.log_change(request, report, [{"changed": {"fields": ["status"]}}])
        told = (
            _("Put right: readers see it now.")
            if is_seen
            else _("Put right in a draft over the text; readers see it once that is published.")
        )
        messages.success(request, told)
        return back
    request.session[f"report-{report.pk}"] = right  # what was typed is there again
    messages.error(request, failed)
    return back
