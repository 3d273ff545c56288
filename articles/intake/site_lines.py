"""What was learned on one page of a run and is offered on others: lines that were cut, readings
that were accepted. Nothing is done by itself, but for lines a curator keeps for all imports."""

import re
from dataclasses import replace

from django.db.models import QuerySet

from ..models import Article, Decision, ImportRun, SiteLine, Source
from ..text.line_keys import line_key
from . import source_view

_OFFERED, _READ = 5, 500
"""Lines offered on one page; decisions of a run, the latest, that readings are taken from."""


def learn(line: str, article: Article, run: ImportRun | None, user) -> SiteLine | None:
    """Keep a line that was cut; None where it is too short, or too long, to be known again."""
    key = line_key(line)
    if not key:
        return None
    first = {"line": line.strip(), "learned_on": article, "run": run, "by": user}
    found, _is_new = SiteLine.objects.get_or_create(key=key, defaults=first)
    if found.run_id != (run and run.pk) and not found.is_kept:
        SiteLine.objects.filter(pk=found.pk).update(run=run, learned_on=article)
    return found


def having(articles: QuerySet[Article], written: str) -> QuerySet[Article]:
    """Return those of the articles whose files have a line, as it is written in the file it was
    cut from, perhaps as part of a longer one."""
    return articles.filter(source__text__contains=written.strip())


def places_of(source: Source, key: str) -> list[tuple[int, int]]:
    """Return where in the source a line stands, given by its key, that is whole in the text."""
    shown = lines_of(list(source_view.pieces(source.text, source.edits, ())))
    return [
        (start, end)
        for start, end, parts in shown
        if key and line_key("".join(part.after for part in parts)) == key
    ]


def lines_of(parts: list[source_view.Piece]) -> list[tuple[int, int, list[source_view.Piece]]]:
    """Return the pieces of a text by the lines of the text as it is now, each line with where it
    begins and ends in the source."""
    found, line, start, at = [], [], 0, 0
    for part in parts:
        for bit in _by_lines(part):
            line.append(bit)
            at += len(bit.before)
            if bit.after.endswith("\n"):
                found.append((start, at, line))
                line, start = [], at
    if line:
        found.append((start, at, line))
    return found


def _by_lines(part: source_view.Piece) -> list[source_view.Piece]:
    if part.edit is not None or "\n" not in part.before[:-1]:
        return [part]
    first, *others = re.findall(r"[^\n]*\n|[^\n]+", part.before)
    bits = [replace(part, before=first, after=first)]
    return bits + [replace(part, before=bit, after=bit, opens=()) for bit in others]


def offered_lines(source: Source, shown: list) -> list[tuple[SiteLine, int, int]]:
    """Return the lines cut on other pages of a run that stand in this one, among its `shown`
    lines, with their places."""
    learned = (
        SiteLine.objects.filter(run=source.run_id) if source.run_id else SiteLine.objects.none()
    )
    by_key = {one.key: one for one in learned.select_related("learned_on")[:_READ]}
    found = []
    for start, end, parts in shown if by_key else ():
        line = by_key.get(line_key("".join(part.after for part in parts)))
        if line:
            found.append((line, start, end))
    return found[:_OFFERED]


def accepted_readings(source: Source, flags: list[dict]) -> dict[str, list[str]]:
    """Return of each damaged stretch that flags are on the readings accepted for the same damage
    on other pages of the run."""
    stretches = {source.text[flag["start"] : flag["end"]] for flag in flags if flag["end"]}
    if not stretches or not source.run_id:
        return {}
    made = Decision.objects.standing().filter(
        action=Decision.Action.ACCEPT, source__run=source.run_id
    )
    made = made.exclude(source=source).exclude(added=[]).order_by("-pk")
    found: dict[str, list[str]] = {}
    for added in made.values_list("added", flat=True)[:_READ]:
        before, after = added[0]["before"], added[0]["after"]
        if before in stretches and after and after not in found.get(before, ()):
            found.setdefault(before, []).append(after)
    return found
