"""How well search finds what readers want: a library, queries judged by hand, and three figures.

What is asked in sentences and in everyday words (`questions.txt`, `unseen.txt`) is judged by whether
the best come first and among five; so is what is asked of the starter library alone (`starter.txt`,
`aside.txt`, `fresh.txt`, `last.txt`, `everyday.txt`, `situations.txt`, `first_sight.txt`,
`spoken.txt`, and `once.txt` and `situations_aside.txt`, of which no query was looked at).

The library is the starter essays and the texts of `relevance/library.txt`, many of them written to
mislead a search: words that only seem to stand there across the borders of others, near names,
terms said once in passing. `relevance/queries.txt` tells what each query ought to find. Used by
test_relevance.py, with floors, and by benchmarks/relevance.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from django.core.management import call_command

from articles.models import Article, Author, DatePrecision, Source, Status, Tag
from articles.search.find import find
from articles.text import script

from .places import MEASURED, RELEVANCE, SEEDS

_FIELDS = ("best", "also", "not", "try", "left")


@dataclass(frozen=True)
class Judged:
    """A query and what a reader would want of it: keys of texts, and words to try instead."""

    text: str
    best: tuple[str, ...] = ()  # any of these ought to come first
    also: tuple[str, ...] = ()
    traps: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def wanted(self) -> frozenset[str]:
        return frozenset((*self.best, *self.also))


@dataclass(frozen=True)
class Outcome:
    """What a judged query found, by keys."""

    judged: Judged
    found: tuple[str, ...]
    instead: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def reciprocal_rank(self) -> float:
        """Return 1 where one of the best comes first, 1/2 where it comes second, and so on."""
        ranks = (1 / place for place, key in enumerate(self.found, 1) if key in self.judged.best)
        return next(ranks, 0.0)

    @property
    def recall(self) -> float:
        return len(self.judged.wanted.intersection(self.found[:20])) / len(self.judged.wanted)

    @property
    def precision(self) -> float:
        """Return how much of the first five is wanted; of fewer, where fewer are wanted."""
        first = min(5, len(self.judged.wanted))
        return len(self.judged.wanted.intersection(self.found[:first])) / first

    @property
    def trapped(self) -> list[str]:
        return [key for key in self.found[:5] if key in self.judged.traps]

    @property
    def helps(self) -> bool:
        """Tell whether what it offers instead, and what it leaves out, is as it ought to be."""
        return set(self.judged.instead) <= set(self.instead) and (
            not self.judged.left_out or self.judged.left_out == self.dropped
        )

    @property
    def is_perfect(self) -> bool:
        if not self.judged.wanted:
            return self.helps and (bool(self.judged.instead) or not self.found)
        ideal = (self.reciprocal_rank, self.recall, self.precision) == (1, 1, 1)
        return ideal and not self.trapped and self.helps


@dataclass(frozen=True)
class Score:
    """What all queries found."""

    outcomes: list[Outcome] = field(default_factory=list)

    @cached_property
    def _finding(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.judged.wanted]

    def _mean(self, figures: Iterable[float]) -> float:
        return sum(figures) / len(self._finding)

    @property
    def mrr(self) -> float:
        return self._mean(outcome.reciprocal_rank for outcome in self._finding)

    @property
    def recall(self) -> float:
        return self._mean(outcome.recall for outcome in self._finding)

    @property
    def precision(self) -> float:
        return self._mean(outcome.precision for outcome in self._finding)

    @property
    def traps(self) -> list[tuple[str, str]]:
        """Return the traps among the first five, each with its query."""
        return [(one.judged.text, key) for one in self.outcomes for key in one.trapped]

    @property
    def first(self) -> float:
        """Return the share of the queries that find one of the best first."""
        return self._mean(outcome.reciprocal_rank == 1 for outcome in self._finding)

    @property
    def among_five(self) -> float:
        return self._mean(outcome.reciprocal_rank >= 1 / 5 for outcome in self._finding)

    def __str__(self) -> str:
        return (
            f"{len(self.outcomes)} queries: first {self.first:.3f}, among five "
            f"{self.among_five:.3f}, MRR {self.mrr:.3f}, recall@20 {self.recall:.3f}, "
            f"precision@5 {self.precision:.3f}, traps in the first five: {len(self.traps)}, "
            f"not perfect: {sum(not one.is_perfect for one in self.outcomes)}"
        )


def queries(name: str = "queries") -> list[Judged]:
    """Read the judged queries, or those of another file."""
    lines = (RELEVANCE / f"{name}.txt").read_text("utf-8").splitlines()
    return [_judged(line) for line in lines if line.strip() and not line.startswith("#")]


def _judged(line: str) -> Judged:
    text, *parts = (part.strip() for part in line.split(" |"))
    told = dict.fromkeys(_FIELDS, ())
    for part in filter(None, parts):
        name, _, values = part.partition(":")
        if name not in told:
            raise ValueError(f"{name!r} is none of {', '.join(_FIELDS)}: {line}")
        told[name] = tuple(values.split())
    return Judged(text, *told.values())


def load_essays(paths: Iterable[Path] = (SEEDS,)) -> dict[int, str]:
    """Import starter essays into an empty database; return the key of each by its article."""
    call_command("import_essays", *map(str, paths), publish=True, verbosity=0)
    origins = Source.objects.values_list("article_id", "file_name")
    return {pk: Path(name).stem.partition("-")[2] for pk, name in origins}


def load() -> dict[int, str]:
    """Make the library in an empty database; return the key of each text by its article."""
    keys = load_essays(MEASURED)
    texts = (RELEVANCE / "library.txt").read_text("utf-8").strip("\n").split("\n%%\n")
    for number, text in enumerate(texts):
        head, _, body = text.partition("\n\n")
        header = dict(line.split(": ", 1) for line in head.splitlines())
        keys[_article(header, body, number).pk] = header["key"]
    return keys


def _article(header: dict[str, str], body: str, number: int) -> Article:
    year = int(header["year"])
    article = Article(
        title=header["title"],
        body="".join(f"<p>{line}</p>" for line in body.splitlines()),
        original_script=header.get("script", script.HANS),
        stated_date=date(year, 1, 1),
        date_precision=DatePrecision.YEAR,
        status=Status.PUBLISHED,
        published_at=datetime(year, 6, 1, tzinfo=UTC) + timedelta(hours=number),
    )
    article.save(with_index=False)
    name = script.fold(header["author"])
    author = Author.objects.filter(name=name).first() or _new_author(name)
    article.set_authors([author], with_index=False)
    article.set_tags([Tag.objects.named(tag) for tag in header["tags"].split()])
    return article


def _new_author(name: str) -> Author:
    author = Author(name=name)
    author.save()
    return author


def asked(query: Judged | str, keys: dict[int, str]) -> Outcome:
    """Ask one query."""
    one = Judged(query) if isinstance(query, str) else query
    results = find(one.text)
    found = tuple(keys[pk] for pk in results.article_ids)
    return Outcome(one, found, results.instead, results.dropped)


def score(keys: dict[int, str], name: str = "queries") -> Score:
    """Ask all queries of a file."""
    return Score([asked(one, keys) for one in queries(name)])


def report(score: Score) -> str:
    """Return the figures, and of each query that is not perfect what came instead."""
    lines = [str(score)]
    for one in score.outcomes:
        if one.is_perfect:
            continue
        wanted, came = one.judged, " ".join(one.found[: max(5, len(one.judged.wanted))])
        lines.append(f"\n{wanted.text}")
        for name, values in zip(
            _FIELDS,
            (wanted.best, wanted.also, one.trapped, wanted.instead, wanted.left_out),
            strict=True,
        ):
            if values:
                lines.append(f"  {name + ':':6}{' '.join(values)}")
        missing = sorted(wanted.wanted.difference(one.found[:20]))
        lines.append(f"  came: {came or 'nothing'}")
        if missing:
            lines.append(f"  missed: {' '.join(missing)}")
        if wanted.instead or one.dropped:
            lines.append(f"  offered: {' '.join(one.instead)}; left out: {' '.join(one.dropped)}")
    return "\n".join(lines)
