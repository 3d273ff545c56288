"""A changed file taken into its article: into what stands, or into a draft over it.

Readers keep the text they see where the new one is damaged, and a body that a curator changed by
hand is not written over: there the update is a draft, which a person looks at and publishes.
"""

from dataclasses import dataclass, field, replace

from ..curation.answers import BESIDE, FIELD_OF
from ..curation.drafts import keep_draft, with_changes_below
from ..curation.joining import joined
from ..curation.revisions import Content, recorded, state
from ..importing.draft import Draft
from ..importing.edits import Record
from ..importing.pipeline import draft_of
from ..importing.source import SourceText
from ..models import Article, Author, Decision, Revision, Source, Status, Tag
from .authors_and_tags import merged, tags_named
from .carryover import carry_over
from .written import as_written, authors_of, fields_of, fill_source, lies_beside, sign


@dataclass(slots=True)
class Updated:
    """What became of an update: the fields a curator keeps, how many decisions were lost, and
    whether it lies over the text as a draft, for what reason."""

    kept: list[str] = field(default_factory=list)
    lost: int = 0
    beside: str = ""

    @property
    def note(self) -> str:
        notes = [self.beside] if self.beside else []
        if self.kept:
            notes.append(f"kept what a curator changed: {', '.join(self.kept)}")
        if self.lost:
            notes.append(f"{self.lost} decisions of curators have no place in the changed text")
        return "; ".join(notes)


DAMAGED = "the text stays as it was, the update is damaged and lies over it as a draft"
BY_HAND = "the text stays as a curator changed it, the update lies over it as a draft"
WAITS = "the text stays as it was, the update is taken into the draft that waits over it"


def update(
    source: Source, draft: Draft, origin: str, file_name: str, run, tags, trial: bool
) -> Updated:
    """Take a changed file, which now lies at `origin`, into its article; the caller holds it."""
    # Read again under a lock: a curator may have decided on it since it was found.
    locked = Source.objects.select_for_update(of=("self",), no_key=True)
    source = locked.select_related("article__draft__text").defer("raw").get(pk=source.pk)
    article = source.article
    carried = carry_over(source, draft)
    if carried.edits != draft.edits:
        text = SourceText(draft.source_text, draft.encoding, marks=draft.marks, hints=draft.hints)
        again = draft_of(Record(draft.source_text, edits=carried.edits), text, raw=draft.raw)
        # Twins are known by what the pipeline alone makes of them, tags by the vocabulary used.
        draft = replace(again, flags=draft.flags, tags=draft.tags, text_key=draft.text_key)
    new = _New(draft, tags_named(draft.tags, tags), authors_of(draft))
    before = merged(source.written)
    live = state(article.pk)
    kept = new.kept(live, before)
    opened = [flag for n, flag in enumerate(draft.flags) if n not in carried.settled]
    blocked = any(flag.blocking and FIELD_OF.get(flag.kind, "body") not in kept for flag in opened)
    user = run.started_by if run else None
    found = Updated(kept, sum(one.action != Decision.Action.REVIEW for one in carried.lost))
    if lies_beside(source):
        found.beside = WAITS
    elif "body" in kept and new.written["body"] != before.get("body"):
        found.beside = BY_HAND
    elif blocked and article.status == Status.PUBLISHED:
        found.beside = DAMAGED
    if found.beside:
        found.kept = _lay_over(article, new, before, user, file_name)
    else:
        _write(article, new, kept, user, file_name, trial)
    if source.run_id and run and source.run_id != run.pk:
        source.earlier_runs.add(source.run_id)  # that run has brought it all the same
    fill_source(source, draft, origin, file_name, run)
    for number, decision in carried.settled.items():
        source.flags[number]["settled"] = decision
    source.tally()
    source.written = new.written | {name: before.get(name) for name in found.kept}
    if found.beside:
        source.written[BESIDE] = True
    source.save()
    carried.save()
    return found


class _New:
    """What the importer makes of the changed file."""

    def __init__(self, draft: Draft, tags: list[Tag], authors: list[Author]):
        self.fields, self.tags, self.authors = fields_of(draft), tags, authors
        self.written = as_written(self.fields, authors, tags)

    def kept(self, stands: Content, before: dict) -> list[str]:
        """Return the names of what no longer is as an import wrote it."""
        return [name for name in self.written if _plain(stands, name) != before.get(name)]

    def over(self, stands: Content, kept: list[str]) -> Content:
        """Return what stands with all that is new, but for what is kept."""
        named = {
            "authors": [[one.pk, one.name, one.name_hant] for one in self.authors],
            "tags": sorted([one.pk, one.name, one.name_hant] for one in self.tags),
        }
        return stands | {
            name: value for name, value in (self.written | named).items() if name not in kept
        }


def _plain(content: Content, name: str):
    value = content[name]
    if name not in ("authors", "tags"):
        return value
    keys = [key for key, *_names in value]
    return sorted(keys) if name == "tags" else keys


def _write(article: Article, new: _New, kept: list[str], user, file_name: str, trial: bool) -> None:
    for name, value in new.fields.items():
        if name not in kept:
            setattr(article, name, value)
    article.modified_by = user
    with recorded([article.pk], user, Revision.Kind.IMPORTED, file_name):
        article.save(with_renditions=not trial, with_index=False)
        if "authors" not in kept:
            sign(article, new.authors, with_index=False)
        if "tags" not in kept:
            article.set_tags(new.tags, with_index=False)
        if not trial:
            article.make_findable()


def _lay_over(article: Article, new: _New, before: dict, user, file_name: str) -> list[str]:
    """Keep the update as a draft, with what curators changed; return the names of what they keep.

    Where the body was changed by hand it is joined, by paragraph; in a paragraph that both changed
    the draft has the update, for the text below still has the other. A curator's own draft stays
    as it is there.
    """
    stands, base = state(article.pk), None
    is_draft = article.draft is not None
    if is_draft:
        found = with_changes_below(article)
        # What nobody has looked at yet is not taken for looked at.
        stands, base = (
            (article.draft.content, article.draft.base) if found.both else (found.content, None)
        )
    kept = new.kept(stands, before)
    wanted = new.over(stands, kept)
    if "body" in kept and new.written["body"] != before.get("body"):
        then = stands | {"body": before.get("body", "")}
        together = joined(then, stands, stands | {"body": new.written["body"]})
        if not (is_draft and together.both):
            wanted["body"] = together.content["body"]
            kept.remove("body")
    was_in_review = is_draft and article.draft.status == Status.IN_REVIEW
    in_review = was_in_review or (not is_draft and article.status == Status.PUBLISHED)
    keep_draft(
        article,
        wanted,
        user,
        file_name,
        in_review=in_review,
        kind=Revision.Kind.IMPORTED,
        base=base,
    )
    return kept
