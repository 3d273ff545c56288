"""What a form of the queue asks for, carried out."""

import re

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ...curation.answers import TITLE
from ...curation.audit import audit
from ...curation.looking_through import as_shown
from ...intake import decisions, many_at_once, queue_steps, source_view
from ...intake.site_lines import learn, lines_of
from ...models import Article, AuditEntry, Decision, SiteLine, Source
from ...text.keys import is_key
from ..findings import FLAG_NAMES
from ..import_review import FILLED_IN
from .queue_rows import Queue

KEEP = "articles.add_siteline"

STEPS = ("put_in", "leave", "state", "empty", "line", "cut", "through", "publish", "submit")
"""What is done to one import, after what was seen of it is compared."""

_MOVES = {"through": "", "publish": queue_steps.PUBLISH, "submit": queue_steps.SUBMIT}


def step(model_admin, request, number: int) -> tuple[str, bool]:
    """Take one step on an import; return what is told of it, and whether the page goes on to the
    next one. Raises Overtaken, Refused, Held."""
    sent, user = request.POST, request.user
    with as_shown(number, sent.get("seen", "")) as article:
        if not model_admin.may_write(request, article):
            raise PermissionDenied
        did = sent.get("do", "")
        if did in _MOVES:
            if did == "publish" and not model_admin.may_publish_as_it_is(request, article):
                raise PermissionDenied
            queue_steps.look_through(article, user, _MOVES[did])
            return _sent_on(did) % {"title": article}, True
        decision, told = _decided(article, did, sent, user)
        queue_steps.decided(article, user, decision, told=f"{told} ({did})")
        return told, False


def _sent_on(did: str) -> str:
    return {
        "through": _("“%(title)s” is looked through."),
        "publish": _("“%(title)s” is published."),
        "submit": _("“%(title)s” is submitted for review."),
    }[did]


def _decided(article: Article, did: str, sent, user):
    text = sent.get("candidate") or sent.get("text", "")
    token, field = sent.get("token", ""), sent.get("field", "")
    match did:
        case "put_in":
            shorter = sent.get("shorter") == "yes"
            return decisions.accept(article, token, text, user, shorter=shorter), _(
                "The text was put in."
            )
        case "leave":
            return decisions.settle(article, token, user), _("The place is left as it is.")
        case "state" if field in FILLED_IN:
            return decisions.state_field(article, field, text, user), FILLED_IN[field]
        case "empty" if field in FILLED_IN:
            return decisions.state_field(article, field, "", user), _("The field is empty now.")
        case "line" | "cut":
            return _of_line(article, did, sent.get("line", ""), user)
    raise decisions.Refused(_("No such decision."))


def _of_line(article: Article, did: str, asked: str, user):
    """Cut a line of the text, or take it for the title; it is named by its place in the source."""
    deed, _colon, place = asked.rpartition(":")
    found = re.fullmatch(r"(\d{1,9})-(\d{1,9})", place)
    source = Source.objects.defer("raw").get(article=article)
    lines = lines_of(list(source_view.pieces(source.text, source.edits, ())))
    wanted = found and (int(found[1]), int(found[2]))
    parts = next((parts for *at, parts in lines if tuple(at) == wanted), None)
    if parts is None:
        raise decisions.Refused(decisions.STALE)
    text = "".join(part.after for part in parts).strip()
    if deed == "title":
        return decisions.state_field(article, TITLE, text, user), FILLED_IN[TITLE]
    learn(text, article, source.run, user)
    return decisions.cut(article, *wanted, user, line=text), _("The line was cut.")


def many(queue: Queue, request) -> str:
    """Decide for all that a filter chooses, or take that back; return what is told of it."""
    sent, user = request.POST, request.user
    match sent.get("do"):
        case "leave-kind":
            done = many_at_once.leave_kind(queue.left, queue.kind, user)
            told = ngettext(
                "%(n)d article: “%(kind)s” is left as it is.",
                "%(n)d articles: “%(kind)s” is left as it is.",
                done.changed,
            ) % {"n": done.changed, "kind": FLAG_NAMES.get(queue.kind, queue.kind)}
        case "cut-line":
            line, written = _cut_before(sent.get("decision", ""))
            done = many_at_once.cut_line(queue.all, line, written, user)
            told = ngettext(
                "The line was cut in %(n)d more article.",
                "The line was cut in %(n)d more articles.",
                done.changed,
            ) % {"n": done.changed}
        case "keep-line":
            if not user.has_perm(KEEP):
                raise PermissionDenied
            line, _written = _cut_before(sent.get("decision", ""))
            SiteLine.objects.filter(pk=line.pk).update(is_kept=True)
            audit(user, "keep-line", line)
            return _(
                "Every import from now on leaves this line out. It is listed under “%(list)s”."
            ) % {"list": SiteLine._meta.verbose_name_plural}
        case "undo-many":
            entry = last_of_many(user, sent.get("entry", ""))
            if entry is None:
                raise decisions.Refused(queue_steps.NOTHING)
            done = many_at_once.undo(entry, user)
            told = ngettext(
                "Taken back in %(n)d article.", "Taken back in %(n)d articles.", done.changed
            ) % {"n": done.changed}
        case _other:
            raise decisions.Refused(_("No such decision."))
    if done.skipped:
        told += " " + _("Left out, as it cannot be done there: %(titles)s") % {
            "titles": "、".join(done.skipped[:5])
        }
    return told


def _cut_before(number: str) -> tuple[SiteLine, str]:
    """Return the line that a decision cut, and how it was written there."""
    made = Decision.objects.standing().filter(finding__cut=True)
    cut = made.select_related("source").filter(pk=number if is_key(number) else 0).first()
    if cut is None:
        raise decisions.Refused(decisions.STALE)
    line = learn(cut.finding["line"], cut.source.article, cut.source.run, cut.by)
    if line is None:
        raise decisions.Refused(_("The line is too short, or too long, to be known again."))
    return line, cut.finding["before"]


def last_of_many(user, number: str = "") -> AuditEntry | None:
    """Return the line of the log of the user's latest decision for many, or of the one named, if
    some of it stands."""
    found = AuditEntry.objects.filter(
        user=user, action__in=(many_at_once.LEAVE, many_at_once.CUT)
    ).order_by("-at", "-pk")
    if number:
        found = found.filter(pk=number if is_key(number) else 0)
    entry = found.first()
    return entry if entry and many_at_once.can_be_undone(entry) else None
