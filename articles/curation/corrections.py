"""Corrections of renditions: what one would change, and the renditions made anew after one."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.db import transaction
from django.db.models import Q

from portal import jobs
from portal.transactions import retried

from ..models import Article, Rendition, RenditionCorrection
from ..models.rendition_correction import corrections_of
from ..text import html

FEW = 50
"""Articles whose renditions are made anew at once; of more in the background."""

_BATCH = 200
_SHOWN, _AROUND = 10, 12


@dataclass(frozen=True, slots=True)
class Example:
    """A place that a correction changes, with what stands around it."""

    article_id: int
    title: str
    before: str
    behind: str


@dataclass(slots=True)
class Seen:
    """What a correction changes, before it is saved."""

    articles: int = 0
    places: int = 0
    examples: list[Example] = field(default_factory=list)


def holding(script: str, words: Iterable[str]):
    """Return the renditions converted to a script that have one of these words."""
    columns = ("title", "summary", "body", "source_name")
    having = Q(
        *((f"{column}__contains", word) for word in words for column in columns), _connector=Q.OR
    )
    found = Rendition.objects.filter(having, script=script).exclude(article__original_script=script)
    return found.order_by("-article_id")


def look(correction: RenditionCorrection) -> Seen:
    """Return how many articles and places a correction changes, and the first of them."""
    row = (correction.script, correction.phrase, correction.right)
    puts_right = corrections_of([row])[correction.script]
    seen = Seen()
    found = holding(correction.script, [correction.phrase]).values_list(
        "article_id", "title", "summary", "source_name", "body"
    )
    for pk, title, summary, source, body in found.iterator(chunk_size=_BATCH):
        text = "\n".join((title, summary, source, html.masked(body).replace("\0", "")))
        places = puts_right.places(text)
        seen.articles += bool(places)
        seen.places += len(places)
        for start, end in places[: _SHOWN - len(seen.examples)]:
            before = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
            behind = text[end : end + _AROUND].partition("\n")[0]
            seen.examples.append(Example(pk, title, before, behind))
    return seen


def touched(*changed: RenditionCorrection) -> set[int]:
    """Return the articles whose renditions corrections change, or have changed."""
    found: set[int] = set()
    for one in changed:
        words = (one.phrase, one.right)
        found.update(holding(one.script, words).values_list("article_id", flat=True))
    return found


def make_anew(ids: Iterable[int] | None = None) -> int:
    """Make the renditions of some articles anew, or of all, batch by batch; return how many."""
    chosen = sorted(Article.objects.values_list("pk", flat=True) if ids is None else ids)
    for first in range(0, len(chosen), _BATCH):
        retried(partial(_make_anew, chosen[first : first + _BATCH]))
    return len(chosen)


def _make_anew(batch: list[int]) -> None:
    chosen = Article.objects.filter(pk__in=batch).lock()
    corrections = RenditionCorrection.objects.by_script()
    for article in Article.objects.filter(pk__in=chosen):
        article.make_renditions(corrections=corrections)


def follow(
    ids: Collection[int],
    changed: Sequence[RenditionCorrection],
    failed: Callable[[], object],
    *,
    gone: bool = False,
) -> bool:
    """Make the renditions of these articles anew after corrections were changed: at once where they
    are few, else in the background, and then those of all articles if the corrections are gone.

    Tells whether it is done; `failed` is called where nobody takes the work.
    """
    if len(ids) <= FEW:
        make_anew(ids)
        transaction.on_commit(partial(_catch_up, frozenset(ids), changed), robust=True)
        return True
    chosen = () if gone or len(changed) > 1 else ("--correction", str(changed[0].pk))

    def launch() -> None:
        try:
            jobs.launch(jobs.Job("rebuild_renditions", *chosen))
        except OSError:
            failed()

    transaction.on_commit(launch)
    return False


def _catch_up(done: Collection[int], changed: Sequence[RenditionCorrection]) -> None:
    """Make those anew that were being written with the corrections of before."""
    RenditionCorrection.objects.settled()
    make_anew(touched(*changed) - {*done})
