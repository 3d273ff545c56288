"""What `doctor` asks of uploads: folders without a run, and runs whose files are gone."""

from collections.abc import Iterator

from portal.health import ILL, TOLD, WELL, Finding

from ..curation.condition import findings as of_the_library
from ..models import ImportRun, RunState
from . import spool


def findings() -> Iterator[Finding]:
    """Yield how the library stands, and what lies where uploads wait."""
    yield from of_the_library()
    kept = set(spool.numbers())
    standing = ImportRun.objects.in_bulk(kept)
    stray = sorted(kept - standing.keys())
    if stray:
        said = f"{len(stray)} folders of uploads belong to no run: {stray[:5]}"
        yield Finding("uploads", TOLD, said, "the next upload sweeps them away")
    waiting = ImportRun.objects.filter(
        state__in=[RunState.CHECKING, RunState.READY, RunState.IMPORTING],
        options__has_key="uploaded",
    ).exclude(pk__in=kept)
    if gone := list(waiting.values_list("pk", flat=True)[:5]):
        said = f"the files of runs {gone} are gone"
        todo = "SPOOL_DIR has to be the same for all processes; discard the runs at the desk"
        yield Finding("uploads", ILL, said, todo)
    elif not stray:
        size = spool.used() // 1_048_576
        yield Finding("uploads", WELL, f"{len(kept)} wait, {size} MB")
