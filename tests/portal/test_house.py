"""The plan of the house: which module may use which, and where a newcomer finds a thing.

The layers themselves stand in pyproject.toml, and `lint-imports` holds them.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from ..support.places import ROOT

PRODUCT = ("articles", "training", "portal", "benchmarks", "docs")
LONGEST = 400
"""Lines of a module at most; a longer one is two subjects."""

IN_FUNCTIONS = {
    "articles/apps.py": "models exist only once Django is ready",
    "articles/curation/pictures.py": "Pillow is loaded where a picture is made",
    "articles/intake/pictures_inside.py": "lxml is loaded where a picture is taken out of a file",
    "portal/page_store.py": "Prometheus is loaded where pages are shown, not with each command",
    "portal/wsgi.py": "the application is set up first; then what it warms up can be imported",
    "benchmarks/": "a benchmark sets Django up before it asks for models",
}
"""Files that import modules of ours inside a function, and why."""

OF_DJANGO = {"admin", "apps", "commands", "formats", "management", "models", "urls", "views"}

ONE_SUBJECT = {
    "article": "an article as a row, at the desk, and as a page",
    "audit": "the log, as rows and as what is written there",
    "bulk": "changes of many articles: rows, the work, the desk",
    "collection": "collections as rows and at the desk",
    "corrections": "words that come out wrong in one script: what is made anew, and the desk",
    "epub": "EPUB, read and written",
    "keys": "keys as addresses send them: whether text is one, and rows looked up by some",
    "lists": "lists as search keeps them and as pages show them",
    "markdown": "Markdown, read and written",
    "merging": "merging of tags and authors, and its pages",
    "path": "training paths as rows and at the desk",
    "picture": "pictures as rows and at the desk",
    "pictures": "pictures in a text: their addresses, and taking them in",
    "preview": "previews at the desk, and for who was given a link",
    "question": "questions in a text as rows and at the desk",
    "read_counts": "what is read most, and the page that tells of a read",
    "related": "what else to read: rows, and how it is found",
    "repair_record": "what was put right in a text, and the page that shows it",
    "reports": "errors that readers report, and their queue at the desk",
    "review": "review as rows and at the desk",
    "search_words": "words kept for search: rows, and their pages at the desk",
    "near_duplicates": "near duplicates as rows, how they follow the texts, and at the desk",
    "source": "what an article was made from: a text read, a row",
    "structured": "what a page says to machines, and the tags that write it",
    "tag_suggestions": "tags that would fit, and how the form offers them",
    "unit": "units as rows, and their pages",
    "uploads": "imports from the desk, and their pages",
    "vocabulary": "the controlled vocabulary, matched and kept",
}
"""Names that several modules have, each for one subject."""


def modules() -> Iterator[Path]:
    for room in PRODUCT:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


NAMES = {name_of(path): path for path in modules()}


def imported(path: Path, node: ast.AST) -> set[str]:
    """Return the modules of ours that an import statement of a file asks for."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names} & NAMES.keys()
    if not isinstance(node, ast.ImportFrom):
        return set()
    start = node.module or ""
    if node.level:
        package = path.relative_to(ROOT).parent.parts
        start = ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])
    asked = {f"{start}.{alias.name}" for alias in node.names} & NAMES.keys()
    return asked or {start} & NAMES.keys()


def test_no_two_files_import_each_other_by_whatever_way_round():
    graph = defaultdict(set)
    for name, path in NAMES.items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            graph[name] |= imported(path, node) - {name}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def said_in(path: Path) -> set[str]:
    """Return the names that a module gives to others."""
    said = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            said.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            said |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            said.add(node.id)
    return said


def test_what_a_benchmark_imports_is_there():
    """No other test runs them all: one asked for a function that had gone."""
    known, missing = {}, []
    for path in modules():
        if path.relative_to(ROOT).parts[0] not in ("benchmarks", "docs"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.ImportFrom):
                continue
            for module in imported(path, node):
                names = {
                    alias.name for alias in node.names if f"{module}.{alias.name}" not in NAMES
                }
                if module.rpartition(".")[2] in names:
                    continue
                known.setdefault(module, said_in(NAMES[module]))
                missing += [f"{name_of(path)}: {module}.{one}" for one in names - known[module]]
    assert not missing


def test_imports_stand_at_the_top_of_a_file():
    found = set()
    for path in modules():
        place = path.relative_to(ROOT).as_posix()
        if place.startswith(tuple(IN_FUNCTIONS)):
            continue
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                found |= {
                    f"{place}:{node.lineno}" for node in ast.walk(function) if imported(path, node)
                }
    assert not found


def test_a_module_fits_one_subject():
    lengths = {
        path.relative_to(ROOT): len(path.read_text("utf-8").splitlines()) for path in modules()
    }
    assert not {str(path): lines for path, lines in lengths.items() if lines > LONGEST}


def test_no_module_lies_loose_among_the_rooms():
    assert {path.name for path in (ROOT / "articles").glob("*.py")} == {"__init__.py", "apps.py"}


def test_modules_of_one_name_are_about_one_thing():
    by_name = defaultdict(set)
    for name in NAMES:
        if name.startswith(
            ("articles.", "portal.", "training.")
        ):  # a benchmark is named after what it measures
            by_name[name.rpartition(".")[2]].add(name)
    shared = {name for name, places in by_name.items() if len(places) > 1} - OF_DJANGO
    assert shared == ONE_SUBJECT.keys(), shared ^ ONE_SUBJECT.keys()


def test_each_room_says_what_it_is_for():
    silent = [
        str(path.relative_to(ROOT))
        for path in modules()
        if path.name == "__init__.py"
        and {"articles", "training"} & {*path.parts}
        and path.parent.name not in ("articles", "management", "commands", "template_tags")
        and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert not silent


PATH = re.compile(
    r"`((?:articles|training|benchmarks|docs|portal|static|templates|tests)/[^`* ]*)`"
)


@pytest.mark.parametrize("page", ["README.md", "docs/architecture.md", "docs/design.md"])
def test_paths_that_are_told_lead_somewhere(page):
    told = PATH.findall((ROOT / page).read_text("utf-8"))
    assert told
    assert not [place for place in told if not (ROOT / place).exists()]
