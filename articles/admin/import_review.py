"""The import of one article under a curator's eyes: every edit and flag, and decisions on them."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from portal.transactions import retried

from ..curation.answers import AUTHORS, DATE, FIELD_OF, SOURCE, TITLE
from ..curation.near_duplicates import standing_pairs
from ..curation.publishing import Held, over_flags
from ..intake import decisions, source_view
from ..intake.lost_text import LACUNA, LOST
from ..intake.repair_record import EDIT_NAMES
from ..intake.written import lies_beside
from ..models import Article, Decision, Source, Status
from ..text.keys import is_key
from .finding_words import finding_words
from .findings import FLAG_NAMES
from .import_fields import fields_of
from .over_flags import ask, confirmed
from .standing import seen_or_not

_IN_PANEL = 300
"""Characters of a text the panel of the chosen change shows."""

_LINE = 40
"""Characters of a flagged stretch from which on its box has several lines."""

_LISTED = 200
"""Open flags listed above the text; each of the others once its place is on the page."""

_LATEST = 50
"""Decisions listed under the text; each also shows at its place."""


ASKS = {
    TITLE: _("Another title"),
    AUTHORS: _("Other names, with 、 between them"),
    DATE: _("Date, like 2020-05-09"),
    SOURCE: _("Another source"),
}
FILLED_IN = {
    TITLE: _("The title was set."),
    AUTHORS: _("The authors were set."),
    DATE: _("The date was set."),
    SOURCE: _("The source was set."),
}
"""What is asked for each field, and told once it is filled in."""


def review(model_admin, request, object_id: int):
    """Return the page of an article's import, or carry out a decision and return to it."""
    if not request.user.has_perm("articles.view_source"):
        raise PermissionDenied
    article = model_admin.get_object(request, str(object_id))
    source = article and (Source.objects.defer("raw").filter(article_id=article.pk).first())
    if source is None:
        raise Http404
    if not model_admin.has_view_permission(request, article):
        raise PermissionDenied
    may_decide = model_admin.may_write(request, article)
    if request.method == "POST":
        if not may_decide:
            raise PermissionDenied
        return _decide(model_admin, request, article)
    source.article = article
    fields = fields_of(article, source)
    similar = [
        {
            "other": pair.partner_of(article.pk),
            "message": finding_words(pair.flag_for(article.pk).message),
        }
        for pair in standing_pairs(article.pk)
    ]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Import of %(title)s") % {"title": article},
        "opts": model_admin.opts,
        "article": article,
        "source": source,
        "may_decide": may_decide,
        "similar": similar,
        "similar_count": len(similar),
        "fields": fields,
        "seen_or_not": seen_or_not(article.standing),
        "lies_beside": lies_beside(source),
        **_compared(request, source, {one["field"]: one for one in fields}),
    }
    return TemplateResponse(request, "admin/articles/article/import.html", context)


def _decide(model_admin, request, article):
    anchor = request.POST.get("anchor", "")
    try:
        done = retried(partial(_decided, model_admin, request, article.pk))
    except Held as held:
        return ask(
            model_admin, request, article, held, back=request.path, do=_("Do it all the same")
        )
    except decisions.Shorter as shorter:
        return _ask(model_admin, request, article, shorter)
    except decisions.Unsure as unsure:
        return _ask_where(model_admin, request, article, unsure)
    except decisions.Refused as refused:
        messages.error(request, refused.args[0])
    else:
        messages.success(request, done)
    query = request.GET.urlencode()
    safe = anchor if anchor.replace("-", "").isalnum() and len(anchor) < 40 else ""
    return HttpResponseRedirect(f"{request.path}?{query}#{safe}")


def _decided(model_admin, request, key: int) -> str:
    """Take the decision and log it, both or neither, if it may be taken on the article as it stands
    when nobody else changes it; return what was done."""
    sent = request.POST
    Article.objects.filter(pk=key).lock()
    article = model_admin.get_object(request, str(key))
    if article is None:
        raise decisions.Refused(decisions.STALE)
    if not model_admin.may_write(request, article):
        raise PermissionDenied
    done = _carry_out(article, sent, request.user)
    if (over := confirmed(request)) and article.status == Status.PUBLISHED:
        article.audited = {}, over_flags(article.pk, over)
    model_admin.log_change(request, article, f"{done} ({sent['action']})", "decide")
    return done


def _ask(model_admin, request, article, shorter: decisions.Shorter):
    """Return the page that asks whether so little is to take the place of so much."""
    names = ("token", "anchor", "action", "text")
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Much would be taken out"),
        "opts": model_admin.opts,
        "media": model_admin.media,
        "article": article,
        "stretch": shorter.stretch,
        "text": shorter.text,
        "sent": [(name, request.POST.get(name, "")) for name in names],
        "address": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/articles/article/shorter.html", context)


def _ask_where(model_admin, request, article, unsure: decisions.Unsure):
    """Return the page that asks at which place in a body changed by hand a change belongs."""
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Where does it belong?"),
        "opts": model_admin.opts,
        "media": model_admin.media,
        "article": article,
        "offers": unsure.offers,
        "sent": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in ("csrfmiddlewaretoken", "at")
            for value in values
        ],
        "address": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/articles/article/where.html", context)


def _carry_out(article, sent, user) -> str:
    """Take the decision that was sent; return what was done."""
    token, at = sent.get("token", ""), sent.get("at", "")
    match sent.get("action"):
        case "accept":
            # A candidate's button sends its own text; what was typed comes in another field.
            text = sent.get("candidate") or sent.get("text", "")
            decision = decisions.accept(
                article, token, text, user, shorter=sent.get("shorter") == "yes", at=at
            )
            done = _done(decision)
        case "settle":
            decisions.settle(article, token, user)
            done = _("The place is left as it is.")
        case "undo":
            decisions.undo_edit(article, token, user, sent.getlist("over"), at=at)
            done = _("The edit was undone.")
        case "redo":
            decisions.redo_edit(article, token, user, at=at)
            done = _("The edit was made again.")
        case "take_back":
            number = sent.get("decision", "")
            if not is_key(number):
                raise decisions.Refused(decisions.STALE)
            decisions.take_back(article, int(number), user, sent.getlist("over"), at=at)
            done = _("The decision was taken back.")
        case _other:
            raise decisions.Refused(_("No such decision."))
    return done


def _done(decision: Decision) -> str:
    """Return what accepting a text has done."""
    if field := FIELD_OF.get(decision.finding["kind"]):
        return FILLED_IN[field]
    if decision.text.startswith("\n"):
        return _("A new paragraph begins here now.")
    return _("The text was put in.")


def _compared(request, source: Source, fields: dict[str, dict]) -> dict:
    """Return what the page shows of the text: one page of marks, the filter, flags, decisions."""
    made = list(source.decisions.select_related("by", "undone_by").order_by("-pk"))
    standing = [decision for decision in made if decision.stands]
    undone = [
        edit
        for decision in standing
        if decision.action == Decision.Action.UNDO
        for edit in decision.removed
    ]
    reviewed = {
        decision.finding["kind"]
        for decision in standing
        if decision.action == Decision.Action.REVIEW
    }
    parts = list(source_view.pieces(source.text, source.edits, source.flags, undone, reviewed))
    groups = _groups(parts)
    hidden = {group for group in groups if group.endswith(source_view.REVIEWED)}
    if "filter" in request.GET:
        hidden = set(groups) - set(request.GET.getlist("kind"))
    spans = source_view.pages(parts, hidden)
    pages = _pages_of_flags(parts, spans)
    asked = request.GET.get("flag", "")
    wanted = request.GET.get("page") or (pages.get(int(asked), 1) if is_key(asked) else 1)
    page = Paginator(spans, 1).get_page(wanted)
    begin, end = page.object_list[0]
    shown = parts[begin:end]
    by_edit = {
        decisions.token(edit): decision
        for decision in standing
        for edit in (*decision.added, *decision.removed)
        if decision.action in (Decision.Action.ACCEPT, Decision.Action.UNDO)
    }
    query = request.GET.copy()
    query.pop("page", None)
    chosen = request.GET.get("at", "")
    query.pop("at", None)
    query.pop("flag", None)
    rows = [
        row if row.fold else {"ends_line": row.ends_line, "marks": _marks(row, hidden, by_edit)}
        for row in source_view.rows(shown, page.number == 1, page.number == len(spans))
    ]
    opened = [number for number, _flag in source.open_flags()]
    listed = [n for at, n in enumerate(opened) if at < _LISTED or pages.get(n, 1) == page.number]
    settled = [
        number
        for number, flag in enumerate(source.flags)
        if flag.get("settled") and pages.get(number, 1) == page.number
    ]
    by_number = {decision.pk: decision for decision in standing}
    marks = [mark for row in rows if isinstance(row, dict) for mark in row["marks"]]
    return {
        "rows": rows,
        "page_obj": page,
        "query": query.urlencode(),
        "groups": [
            {
                "group": group,
                "name": EDIT_NAMES.get(group.rstrip(source_view.REVIEWED), group),
                "reviewed": group.endswith(source_view.REVIEWED),
                "count": count,
                "shown": group not in hidden,
            }
            for group, count in groups.items()
        ],
        "flags": [
            shown_flag(source, number, by_number, fields)
            | {"page": pages.get(number, 1), "then": then}
            for number, then in zip(listed, _then(listed), strict=True)
        ],
        "left": len(opened) - len(listed),
        "settled": [shown_flag(source, number, by_number, fields) for number in settled],
        "chosen": next((m for m in marks if m.get("token") == chosen), None),
        "decisions": made[:_LATEST],
        "decision_count": len(made),
        "lost": [one for one in made if _is_lost(one)],
    }


def _is_lost(decision: Decision) -> bool:
    """Tell whether a decision found no place in a changed file; that edits of another text were
    looked through is no loss."""
    looked_through = decision.action == Decision.Action.REVIEW
    return bool(decision.lost_at and not decision.undone_at and not looked_through)


def _then(listed: list[int]) -> list[str]:
    """Return where to go on, of each flag, once it is settled: at the next, or at the top."""
    return [*(f"flag-{number}" for number in listed[1:]), "flags-title"][: len(listed)]


def _pages_of_flags(parts: list[source_view.Piece], spans: list) -> dict[int, int]:
    """Return the page each flag in the text is on, by its number."""
    return {
        number: page
        for page, (begin, end) in enumerate(spans, 1)
        for part in parts[begin:end]
        for number in part.opens
    }


def _groups(parts: list[source_view.Piece]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for part in parts:
        if part.edit is not None:
            counts[part.group] = counts.get(part.group, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def _marks(row: source_view.Row, hidden: set[str], by_edit: dict) -> list[dict]:
    """Return a row's pieces as the template shows them."""
    shown = []
    for part in row.pieces:
        piece = {
            "before": part.before,
            "after": part.after,
            "flag": part.flag,
            "opens": part.opens,
        }
        if part.edit is not None:
            token = decisions.token(part.edit)
            piece |= {
                "change": part.change,
                "group": part.group,
                "off": part.group in hidden,
                "name": EDIT_NAMES.get(part.edit["kind"], part.edit["kind"]),
                "place": part.place,
                "token": token,
                "undone": part.undone,
                "certain": part.edit["certain"],
                "before": source_view.visible(part.before),
                "after": source_view.visible(part.after),
                "short": source_view.visible(part.before, _IN_PANEL),
                "was_to_be": source_view.visible(part.edit["after"], _IN_PANEL),
                "decision": by_edit.get(token),
            }
        shown.append(piece)
    return shown


def candidate_label(flag: dict, candidate: str) -> str:
    """Return what a candidate's button says: the text it puts in, or else what it does."""
    if flag["kind"] == "paragraph-break":
        return _("Begin a paragraph before “%(text)s”") % {"text": candidate.split("\n")[-1]}
    if candidate == LACUNA:
        return _("It cannot be read: put %(sign)s there") % {"sign": LACUNA}
    if flag["kind"] == "upload-date":
        return _("%(date)s is the essay's own date") % {"date": candidate}
    return candidate


def shown_flag(
    source: Source, number: int, by_number: dict[int, Decision], fields: dict[str, dict]
) -> dict:
    """Return a flag as pages show it: passage, candidates, and what may be typed in its place."""
    flag = source.flags[number]
    candidates = decisions.candidates_now(source, flag)
    field = FIELD_OF.get(flag["kind"])
    stretch = decisions.stretch_now(source, flag)
    if flag["kind"] == LOST:
        candidates.append(LACUNA)
    return flag | {
        "candidates": [(text, candidate_label(flag, text)) for text in candidates],
        "asks": ASKS.get(field, _("Another text")),
        "about": fields.get(field),
        "number": number,
        "token": decisions.token(flag),
        "name": FLAG_NAMES.get(flag["kind"], flag["kind"]),
        "message": finding_words(flag["message"]),
        "excerpt": source.text[flag["start"] : flag["end"]][:200],
        "before": source.text[max(0, flag["start"] - 12) : flag["start"]],
        "behind": source.text[flag["end"] : flag["end"] + 12],
        "takes_text": bool(flag["end"] or field),
        "types_text": len(stretch) <= decisions.LONGEST_TEXT,
        "stretch": stretch,
        "lines": min(12, 1 + len(stretch) // _LINE + stretch.count("\n")),
        "decision": by_number.get(flag.get("settled")),
    }
