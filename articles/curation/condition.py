"""What the library is asked by `doctor`: whether all that is made of articles is there."""

from collections.abc import Iterator

from django.db.models import Count, Q

from portal.health import ILL, TOLD, WELL, Finding

from ..models import ImportRun, Rendition, RunState, page_triggers
from ..search.rebuild import standing


def findings() -> Iterator[Finding]:
    """Yield how index, pages, triggers and runs stand. Seconds for a hundred thousand articles;
    `rebuild_search --check` compares every word."""
    index = standing()
    behind = index.total - index.current
    if index.is_working:
        yield Finding("search index", WELL, f"being made, {behind} articles to go")
    elif index.is_stale or behind:
        said = f"{index.missing} articles missing, {index.waiting} cut with earlier words"
        yield Finding("search index", ILL, said, "run `manage.py rebuild_search`")
    else:
        yield Finding("search index", WELL, f"{index.total} articles; --check compares words")
    made = Rendition.objects.values("article").annotate(n=Count("pk"))
    without = index.total - made.filter(n=2).count()
    if without:
        said = f"{without} articles are not made in both scripts"
        yield Finding("pages", ILL, said, "run `manage.py rebuild_renditions`")
    else:
        yield Finding("pages", WELL, "made in both scripts")
    missing = {name for name, _ in page_triggers.wanted()} - page_triggers.there().keys()
    if missing:
        said = f"{len(missing)} triggers are missing: kept pages may be old"
        yield Finding("triggers", ILL, said, "run `manage.py migrate`")
    else:
        yield Finding("triggers", WELL, "all in place")
    quiet = ImportRun.objects.free().filter(
        Q(state=RunState.CHECKING) | Q(state=RunState.IMPORTING)
    )
    if count := quiet.count():
        said = f"{count} were interrupted"
        yield Finding("imports", TOLD, said, "go on with them, or cancel them, at the desk")
