"""Importing from the desk: choose files, look at what would become of them, confirm, watch."""

import unicodedata
from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..curation.policy import Deed, may
from ..importing.fields.vocabulary import split_terms
from ..importing.readers import MAX_BYTES
from ..intake import before_import, library, spool, uploads
from ..intake.repair_record import EDIT_NAMES
from ..intake.uploads import UPLOAD
from ..models import ImportRun, RunState, Similarity
from ..models.near_duplicates import NEAR_DUPLICATE
from . import import_table
from .findings import FLAG_NAMES, OUTCOME_NAMES, reason

_MOST_TAGS, _LONGEST_TAG = 20, 60
_FILES_A_PAGE = 100

_NAMED = 10
"""Uploads named that take the room there is."""


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Any number of files; each is at most what the readers take, a zip what an upload may be."""

    widget = _Files

    def clean(self, data, initial=None):
        files = [super(_FilesField, self).clean(file, initial) for file in data or [None]]
        for file in files:
            is_zip = file.name.lower().endswith(".zip")
            most = settings.UPLOAD_MAX_MB * 1024 * 1024 if is_zip else MAX_BYTES
            if file.size > most:
                raise forms.ValidationError(
                    _("%(name)s is too large: at most %(mb)d MB are taken. Split it."),
                    params={"name": spool.shown_name(file.name), "mb": most // 1024 // 1024},
                )
        return files


class UploadForm(forms.Form):
    """What the command's options are, in a curator's words."""

    files = _FilesField(label=_("Files"), allow_empty_file=True)  # what is wrong, checking tells
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        choices=[
            ("", _("found out by itself")),
            *((name, name.upper()) for name in ("utf-8", "gb18030", "big5", "utf-16")),
        ],
    )
    on_conflict = forms.ChoiceField(
        label=_("A file of a name that was uploaded before, with another text"),
        choices=[
            (library.NEW, _("is an article of its own")),
            (library.UPDATE, _("replaces the text of that article, except what a curator changed")),
            (library.SKIP, _("is left out")),
            (library.FAIL, _("is reported as an error")),
        ],
        initial=library.NEW,
    )
    tags = forms.CharField(
        label=_("Tags for all"), required=False, help_text=_("Separate them by commas.")
    )
    publish = forms.BooleanField(
        label=_("Publish at once what no blocking flag holds back"), required=False
    )

    def __init__(self, *args, may_publish: bool, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        if not may_publish:
            # Updating may change what readers see, so it is theirs who may publish.
            del self.fields["publish"]
            choices = self.fields["on_conflict"].choices
            self.fields["on_conflict"].choices = [c for c in choices if c[0] != library.UPDATE]

    def clean_tags(self) -> list[str]:
        tags = split_terms(self.cleaned_data["tags"])
        if len(tags) > _MOST_TAGS or any(len(tag) > _LONGEST_TAG for tag in tags):
            raise forms.ValidationError(
                _("At most %(n)d tags, of at most %(length)d characters each."),
                params={"n": _MOST_TAGS, "length": _LONGEST_TAG},
            )
        if any(unicodedata.category(char) == "Cc" for tag in tags for char in tag):
            raise forms.ValidationError(_("A tag has no control characters."))
        return tags


def upload(model_admin, request):
    """Show the form; take the files, and have them checked."""
    if not request.user.has_perm(UPLOAD):
        raise PermissionDenied
    uploads.sweep()
    may_publish = may(request.user, Deed.PUBLISH_UNSEEN)
    form = UploadForm(may_publish=may_publish)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, may_publish=may_publish)
        stopped = getattr(request, "upload_stopped", "")
        if stopped:
            form.errors["files"] = form.error_class([_stopped(stopped)])
        elif form.is_valid():
            run, refused = None, _stopped("disk")
            if not spool.has_room(sum(file.size for file in form.cleaned_data["files"])):
                refused = _full()
            else:
                run = _take(request, form.cleaned_data)
            if run is not None:
                return HttpResponseRedirect(page_of(run))
            form.add_error("files", refused)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Import essays"),
        "opts": model_admin.opts,
        "form": form,
        "max_mb": MAX_BYTES // 1024 // 1024,
        "max_total_mb": settings.UPLOAD_MAX_MB,
    }
    return TemplateResponse(request, "admin/articles/importrun/upload.html", context)


def _full() -> SafeString:
    """Say that too many uploads wait, and which of them whoever reads it may end."""
    waiting = ImportRun.objects.filter(state__in=(RunState.READY, RunState.FAILED))
    links = format_html_join(
        "、",
        '<a href="{}">{}</a>',
        ((page_of(run), run) for run in waiting[:_NAMED] if spool.is_kept(run)),
    )
    told = _(
        "There is no room for more uploads: together at most %(mb)d MB wait. Import or discard one "
        "of those that wait, or try again tomorrow; after a day they are given up."
    ) % {"mb": settings.SPOOL_MAX_MB}
    return format_html("{} {}", told, links)


def _stopped(reason: str) -> str:
    if reason == "size":
        return _("Together the files have more than %(mb)d MB. Upload them in several parts.") % {
            "mb": settings.UPLOAD_MAX_MB
        }
    return _("The disk of the server is full, so nothing was kept. Tell whoever runs the portal.")


def _take(request, chosen: dict) -> ImportRun | None:
    """Keep the files and start checking them; None where the disk has no room."""
    run = ImportRun.objects.create(
        started_by=request.user,
        operator=request.user.get_username()[:80],
        state=RunState.CHECKING,
        alive_until=timezone.now() - timedelta(seconds=1),  # nobody is at work yet
        options={
            "uploaded": [],
            "encoding": chosen["encoding"],
            "on_conflict": chosen["on_conflict"],
            "publish": chosen.get("publish", False),
            "tag": chosen["tags"],
        },
    )
    try:
        run.options["uploaded"] = spool.keep(run, chosen["files"])
    except OSError:
        run.delete()
        return None
    run.save(update_fields=["options"])
    uploads.start(run, of=RunState.CHECKING, to=RunState.CHECKING, by=request.user)
    return run


def page_of(run: ImportRun) -> str:
    return reverse("admin:articles_importrun_change", args=[run.pk])


def progress(model_admin, request, object_id: int):
    """Tell how far a run is; asked once a second."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    run = ImportRun.objects.filter(pk=object_id).first() if object_id < 2**63 else None
    if run is None:
        raise Http404
    state = "interrupted" if run.is_interrupted else run.state
    response = JsonResponse({"state": state, "done": run.done, "total": run.total})
    add_never_cache_headers(response)
    return response


def act(model_admin, request, object_id: int):
    """Confirm, cancel or take up an upload again."""
    if not request.user.has_perm(UPLOAD) or request.method != "POST":
        raise PermissionDenied
    run = ImportRun.objects.filter(pk=object_id).first() if object_id < 2**63 else None
    if run is None or not run.is_upload:
        raise Http404
    if not uploads.may_run(request.user, run):
        raise PermissionDenied
    action, started = request.POST.get("action"), True
    if action == "confirm":
        started = uploads.start(run, of=RunState.READY, to=RunState.IMPORTING, by=request.user)
    elif action == "resume":
        started = uploads.resume(run, by=request.user)
    elif action == "cancel":
        uploads.cancel(run)
    if not started:
        messages.warning(
            request, _("This import is no longer waiting for that; here is how it stands.")
        )
    return HttpResponseRedirect(page_of(run))


def panel(request, run: ImportRun) -> dict:
    """Return what a run's page shows of an upload: how far it is, and each file."""
    if not run.is_upload:
        return {}
    if run.state == RunState.READY:
        return _about(request, run) | import_table.panel(request, run)
    files = run.files.select_related("article")
    files = files.prefetch_related("article__authorships__author")
    only = request.GET.get("outcome")
    if only in OUTCOME_NAMES:
        files = files.filter(outcome=only)
    page = Paginator(files, _FILES_A_PAGE).get_page(request.GET.get("page"))
    stored = [
        file
        for file in page.object_list
        if file.is_imported and file.outcome in (library.CREATED, library.UPDATED)
    ]
    similar = Similarity.objects.counted(file.article_id for file in stored if file.article_id)
    for file in stored:  # what is like it may have come later
        file.flag_kinds[NEAR_DUPLICATE] = similar[file.article_id]
    for file in page.object_list:
        file.outcome_name = OUTCOME_NAMES.get(file.outcome, file.outcome)
        file.edits = [(EDIT_NAMES.get(kind, kind), n) for kind, n in file.edit_kinds.items()]
        file.flags = [(FLAG_NAMES.get(kind, kind), n) for kind, n in file.flag_kinds.items() if n]
        file.reason = import_table.why(file)
        says = before_import.standing(file)
        file.says = {**says.values, "date": says.values["stated_date"]}
    return _about(request, run) | {"files": page}


def _about(request, run: ImportRun) -> dict:
    """Return what the page says of the upload as a whole."""
    only = request.GET.get("outcome")
    outcomes = dict(run.files.order_by().values_list("outcome").annotate(Count("pk")))
    return {
        "upload": run,
        "interrupted": run.is_interrupted,
        "can_go_on": uploads.can_go_on(run),
        "only": only if only in OUTCOME_NAMES else "",
        "outcomes": [
            (OUTCOME_NAMES[name], name, outcomes[name])
            for name in library.OUTCOMES
            if outcomes.get(name)
        ],
        "passed_over": [(path, reason(why)) for path, why in run.options.get("passed_over", [])],
        "may_upload": uploads.may_run(request.user, run),
        "chosen": _chosen(run),
        "error": reason(run.error),
    }


def _chosen(run: ImportRun) -> list[str]:
    """Return the options of an upload in words."""
    count = len(run.options["uploaded"])
    chosen = [ngettext("%(n)d file uploaded", "%(n)d files uploaded", count) % {"n": count}]
    if run.options["encoding"]:
        chosen.append(run.options["encoding"].upper())
    if run.options["tag"]:
        chosen.append(_("tags: %(tags)s") % {"tags": "、".join(run.options["tag"])})
    if run.options["on_conflict"] == library.UPDATE:
        chosen.append(_("known names are updated"))
    chosen.append(_("publish at once") if run.options["publish"] else _("as drafts"))
    return chosen
