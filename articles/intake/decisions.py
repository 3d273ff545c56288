"""What a curator may decide on an import: put a text in, leave a flag, undo an edit, take it back.

Each decision is one transaction on the source's record. It names what the curator saw by a token,
so that a page that is out of date changes nothing but says so.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..curation.answers import FIELD_OF, TITLE
from ..curation.publishing import over_flags
from ..curation.revisions import recorded
from ..importing.edits import Edit, EditError, in_order
from ..importing.readers import UnreadableFile
from ..models import Article, Decision, Revision, Source, Status
from ..models.source import token
from .asked_back import BY_HAND, Shorter, Unsure
from .fields_by_hand import BY_HAND_KIND, Refused, decide, set_by_hand, undecide
from .flags_now import candidates_now, edits_at, stretch_now
from .library import rewrite
from .patching import NoPlace

LONGEST_TEXT = 2000
"""Characters of a text typed for one place: a place is a word or a sentence, not an essay."""

_KIND_OF_FLAG = {
    "lost-text": "byte-shift",
    "mixed-script": "variant",
    "unpaired-quotes": "punctuation",
    "boilerplate": "boilerplate",  # a line that a curator cut
}
_RESTORED = "restored"  # the kind of an edit that answers any other flag: 星號遮字 and the like

_HAN = re.compile("[\u3400-\u9fff]")
_MISSED = 5
"""Characters from which on a typed text that lacks most of a stretch is asked about."""


STALE = _(
    "This place has changed since the page was opened, perhaps by another curator. "
    "Nothing was done; look at it again."
)
CROSSES = _("Another decision or edit reaches into this place. Undo that one first.")


def accept(
    article: Article, flag_token: str, text: str, user, *, shorter: bool = False, at: str = ""
) -> Decision:
    """Put `text`, a candidate or the curator's own, where the flag stands; the flag is settled.

    The text takes the place of the whole flagged stretch. Raises Shorter where one that was typed
    would take much more away than it puts in, unless that is meant; Unsure, as all that changes
    the text, where its place in a body changed by hand is not certain and is not `at`.
    """
    text = text.replace("\r\n", "\n")  # browsers send a candidate's line feed so
    with transaction.atomic():
        source = _locked(article)
        flag = _open_flag(source, flag_token)
        candidates = candidates_now(source, flag)
        if text in flag["candidates"]:
            text = candidates[flag["candidates"].index(text)]
        elif text not in candidates:
            stretch = stretch_now(source, flag)
            text = _typed(text, stretch)
            if _takes_away(stretch, text) and not shorter:
                raise Shorter(stretch, text)
        decision = Decision(
            source=source, action=Decision.Action.ACCEPT, finding=dict(flag), text=text, by=user
        )
        if flag["end"]:
            decision.removed, decision.added = _put_in(source, flag, text)
            _change(source, decision.removed, decision.added, user, at)
        elif field := FIELD_OF.get(flag["kind"]):
            with recorded([source.article_id], user, Revision.Kind.DECIDED):
                decision.finding |= decide(source, flag, field, text, user)
        else:
            raise Refused(_("There is no one place for this text; change the article's form."))
        decision.save()
        flag["settled"] = decision.pk
        _save(source)
    return decision


def _typed(text: str, stretch: str) -> str:
    """Return a text a curator typed without the spaces around it, if it is one line, or takes the
    place of several."""
    text = text.strip()
    if not text:
        raise Refused(_("Type the text that belongs there."))
    if text == stretch.strip():
        raise Refused(_("That stands there already. Change it, or leave it as it is."))
    lines = text.replace("\n", "") if "\n" in stretch.strip() else text
    if len(text) > LONGEST_TEXT or re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", lines):
        raise Refused(_("That is more than one line of text."))
    return text


def _takes_away(stretch: str, text: str) -> bool:
    """Tell whether a text lacks most of what can be read in the stretch it takes the place of."""
    readable, typed = len(_HAN.findall(stretch)), len(_HAN.findall(text))
    return readable - typed >= _MISSED and typed * 2 < readable


def settle(article: Article, flag_token: str, user) -> Decision:
    """Leave the text at a flag as it is."""
    with transaction.atomic():
        source = _locked(article)
        flag = _open_flag(source, flag_token)
        decision = source.decisions.create(
            action=Decision.Action.SETTLE, finding=dict(flag), by=user
        )
        flag["settled"] = decision.pk
        _save(source)
    return decision


def settle_open(article: Article, user, kind: str = "", **noted) -> list[Decision]:
    """Leave the text as it is at all open flags that hold nothing back, or at those of one kind;
    what is `noted` stands with each decision."""
    with transaction.atomic():
        source = _locked(article)
        made = []
        for _number, flag in source.open_flags():
            if flag["blocking"] or kind not in ("", flag["kind"]):
                continue
            settled = Decision.Action.SETTLE
            made.append(source.decisions.create(action=settled, finding=flag | noted, by=user))
            flag["settled"] = made[-1].pk
        if made:
            _save(source)
    return made


def state_field(article: Article, field: str, text: str, user) -> Decision:
    """Put what a curator states into a field, whoever filled it in before, or empty it; an open
    flag on it is settled."""
    with transaction.atomic():
        source = _locked(article)
        opened = (flag for _number, flag in source.open_flags())
        flag = next((one for one in opened if FIELD_OF.get(one["kind"]) == field), None)
        finding = dict(flag or {"kind": BY_HAND_KIND[field], "start": 0, "end": 0, "by_hand": True})
        text = _typed(text, "") if text or field == TITLE else text
        with recorded([source.article_id], user, Revision.Kind.DECIDED):
            finding["was"], is_new = set_by_hand(source, field, text, user)
        if not is_new and flag is None:
            raise Refused(_("That stands there already. Change it, or leave it as it is."))
        decision = source.decisions.create(
            action=Decision.Action.ACCEPT, finding=finding, text=text, by=user
        )
        if flag:
            flag["settled"] = decision.pk
        _save(source)
    return decision


def cut(article: Article, start: int, end: int, user, **noted) -> Decision:
    """Take the lines that stand at [start, end) of the source out of the text."""
    with transaction.atomic():
        source = _locked(article)
        finding = {"kind": "boilerplate", "start": start, "end": end, "cut": True} | noted
        if not stretch_now(source, finding).strip():
            raise Refused(STALE)
        removed, added = _put_in(source, finding, "")
        finding["before"] = added[0]["before"]
        _change(source, removed, added, user)
        decision = source.decisions.create(
            action=Decision.Action.ACCEPT, finding=finding, removed=removed, added=added, by=user
        )
        _save(source)
    return decision


def undo_edit(
    article: Article, edit_token: str, user, over: Collection[str] = (), *, at: str = ""
) -> Decision:
    """Give back what stood in the source at one edit; a curator's own as `take_back` does."""
    with transaction.atomic():
        source = _locked(article)
        edit = next((edit for edit in source.edits if token(edit) == edit_token), None)
        if edit is None:
            raise Refused(STALE)
        for decision in source.decisions.standing().filter(action=Decision.Action.ACCEPT):
            if edit in decision.added:  # a curator's own edit: taking it back is undoing it
                return _take_back(source, decision, user, over, at)
        decision = source.decisions.create(
            action=Decision.Action.UNDO, finding=edit, removed=[edit], by=user
        )
        _change(source, [edit], [], user, at)
        _save(source)
    return decision


def undo_kind(article: Article, kind: str, user) -> Decision | None:
    """Undo all edits of one kind that the importer made; nothing where there are none."""
    with transaction.atomic():
        source = _locked(article)
        own = [edit for d in source.decisions.standing() for edit in d.added]
        edits = [edit for edit in source.edits if edit["kind"] == kind and edit not in own]
        if not edits:
            return None
        decision = source.decisions.create(
            action=Decision.Action.UNDO, finding={"kind": kind}, removed=edits, by=user
        )
        _change(source, edits, [], user)
        _save(source)
    return decision


def redo_edit(article: Article, edit_token: str, user, *, at: str = "") -> Decision:
    """Make an undone edit again; of many undone at once, this one alone."""
    with transaction.atomic():
        source = _locked(article)
        for decision in source.decisions.standing().filter(action=Decision.Action.UNDO):
            edit = next((e for e in decision.removed if token(e) == edit_token), None)
            if edit is None:
                continue
            if len(decision.removed) > 1:
                decision.removed = [e for e in decision.removed if e != edit]
                decision.save(update_fields=["removed"])
                decision = source.decisions.create(
                    action=Decision.Action.UNDO,
                    finding=edit,
                    removed=[edit],
                    by=decision.by,
                    at=decision.at,
                )
            return _take_back(source, decision, user, at=at)
        raise Refused(STALE)


def take_back(
    article: Article, number: int, user, over: Collection[str] = (), *, at: str = ""
) -> Decision:
    """Undo a decision, whatever it was.

    Raises publishing.Held where readers would see the text with a blocking flag other than `over`.
    """
    with transaction.atomic():
        source = _locked(article)
        decision = source.decisions.standing().filter(pk=number).first()
        if decision is None:
            raise Refused(STALE)
        return _take_back(source, decision, user, over, at)


def _take_back(
    source: Source, decision: Decision, user, over: Collection[str] = (), at: str = ""
) -> Decision:
    is_seen = True  # not where the draft over the text gets it: readers see none of that
    if "was" in decision.finding:
        with recorded([source.article_id], user, Revision.Kind.DECIDED):
            field = FIELD_OF[decision.finding["kind"]]
            is_seen = undecide(source, decision.finding, field, decision.text, user)
    elif decision.added or decision.removed:
        is_seen = _change(source, decision.added, decision.removed, user, at)
    is_held = False
    for flag in source.flags:
        if flag.get("settled") == decision.pk:
            del flag["settled"]
            is_held |= flag["blocking"] and is_seen and source.article.status == Status.PUBLISHED
    _save(source)
    if is_held:
        over_flags(source.article_id, over)
    decision.undone_by, decision.undone_at = user, timezone.now()
    decision.save(update_fields=["undone_by", "undone_at"])
    return decision


def _locked(article: Article) -> Source:
    """Return the source for changing: whoever comes second waits and sees what the first did."""
    Article.objects.filter(pk=article.pk).lock()  # before its source, as everybody does
    source = (
        Source.objects.select_for_update(of=("self",), no_key=True)
        .select_related("article")
        .defer("raw")
        .filter(article=article)
        .first()
    )
    if source is None:
        raise Refused(_("This article was not imported."))
    return source


def _open_flag(source: Source, flag_token: str) -> dict:
    for flag in source.flags:
        if token(flag) == flag_token and not flag.get("settled"):
            return flag
    raise Refused(STALE)


def _put_in(source: Source, flag: dict, text: str) -> tuple[list[dict], list[dict]]:
    """Return the edits that give way to `text` at the flag, and the edit that puts it there."""
    start, end = flag["start"], flag["end"]
    removed = edits_at(source, flag)
    decided = [edit for d in source.decisions.standing() for edit in d.added]
    if any(edit in decided for edit in removed):
        raise Refused(CROSSES)
    before = source.text[start:end]
    kind = _KIND_OF_FLAG.get(flag["kind"], _RESTORED)
    added = [asdict(Edit(kind, start, end, before, text, certain=False))] if text != before else []
    return removed, added


def _change(
    source: Source, removed: Iterable[dict], added: Iterable[dict], user, at: str = ""
) -> bool:
    """Take edits out of the record and others in, and let the article follow; tell whether it
    was changed, and not the draft over it."""
    going = set(map(token, removed))
    staying = [edit for edit in source.edits if token(edit) not in going]
    if len(source.edits) - len(staying) != len(going):
        raise Refused(CROSSES)
    edits = [Edit(**edit) for edit in (*staying, *added)]
    try:
        edits = in_order(source.text, edits)
        with recorded([source.article_id], user, Revision.Kind.DECIDED):
            return rewrite(source, edits, user, at)
    except EditError:
        raise Refused(CROSSES) from None
    except NoPlace as why:
        raise (Unsure(why.offers) if why.offers else Refused(BY_HAND)) from None
    except UnreadableFile:
        raise Refused(_("Nothing would be left of the essay.")) from None


def _save(source: Source) -> None:
    source.tally()
    counts = ("edit_count", "edit_kinds", "flag_count", "flag_kinds", "blocking_count")
    source.save(update_fields=["edits", "flags", "extracted", "evidence", "written", *counts])
