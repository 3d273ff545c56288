"""No journey reads a page that may not be there yet.

Who presses a button does not know whether its page is loaded, sent or asked for something when the
next line runs, and a machine that is busy decides otherwise than one that is not. So after a press
comes what waits, `expect` first of all, before anything is read of the page or of the database, and
before one goes elsewhere. This is told from the source of the tests.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..support.places import TESTS

PRESSES = {"click", "dblclick", "tap"}
READS = {
    *("all", "all_inner_texts", "all_text_contents", "bounding_box", "close", "content", "cookies"),
    *("count", "evaluate", "evaluate_all", "get_attribute", "inner_html", "inner_text", "goto"),
    *("input_value", "is_checked", "is_hidden", "is_visible", "refresh_from_db", "text_content"),
    *("desk", "objects", "reload", "visit", "url"),
}
WAITS = ("expect", "soon", "wait_")
JOURNEYS = [*(TESTS / "browser").glob("test_*.py"), TESTS / "training" / "test_journey.py"]


def steps(node: ast.AST, helpers: dict[str, str]) -> Iterator[tuple[str, ast.AST, str]]:
    """Give what a piece of a test does, in the order it is done in; what loops is done twice."""
    if isinstance(node, (ast.FunctionDef, ast.Lambda)):
        return
    again = 2 if isinstance(node, (ast.For, ast.While)) else 1
    for child in [*ast.iter_child_nodes(node)] * again:
        yield from steps(child, helpers)
    if isinstance(node, ast.With) and any(map(_is_waited_for, node.items)):
        yield "wait", node, ""
    elif isinstance(node, ast.Call):
        name = _name(node.func)
        helped = helpers.get(name) if isinstance(node.func, ast.Name) else None
        if name.startswith(WAITS) or helped == "wait":
            yield "wait", node, name
        elif name in PRESSES or helped == "press" or _is_enter(node):
            yield "press", node, name
        elif name in READS:
            yield "read", node, name
    elif isinstance(node, ast.Attribute) and node.attr in ("objects", "url"):
        yield "read", node, node.attr


def _name(node: ast.AST) -> str:
    return getattr(node, "attr", getattr(node, "id", ""))


def _is_waited_for(item: ast.withitem) -> bool:
    return isinstance(item.context_expr, ast.Call) and _name(item.context_expr.func).startswith(
        WAITS
    )


def _is_enter(call: ast.Call) -> bool:
    return _name(call.func) == "press" and [getattr(one, "value", "") for one in call.args] == [
        "Enter"
    ]


def too_early(source: str) -> list[str]:
    """Return the lines of a test that read what a press before them may not have brought yet."""
    functions = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.FunctionDef)]
    helpers: dict[str, str] = {}
    for one in functions:  # a helper ends in a press, or has waited for it
        done = [kind for part in one.body for kind, *_ in steps(part, helpers)]
        if "press" in done or "wait" in done:
            helpers[one.name] = "press" if done[-1] == "press" else "wait"
    found = []
    for one in functions:
        pressed = None
        for kind, node, name in (step for part in one.body for step in steps(part, helpers)):
            if kind == "read" and pressed:
                found.append(f"{node.lineno}: {name} right after line {pressed.lineno}")
            pressed = node if kind == "press" else None
    return found


@pytest.mark.parametrize("path", JOURNEYS, ids=lambda path: path.stem)
def test_nothing_is_read_before_it_is_there(path: Path):
    assert too_early(path.read_text("utf-8")) == []


BUTTON = "page.locator('button').click()"
PRESSED = {
    "by hand": f"def test(page):\n    {BUTTON}\n",
    "by key": "def test(page):\n    page.keyboard.press('Enter')\n",
    "by a helper": f"def act(page):\n    {BUTTON}\ndef test(page):\n    act(page)\n",
}


@pytest.mark.parametrize("pressed", PRESSED.values(), ids=PRESSED)
@pytest.mark.parametrize(
    "then",
    [
        "assert page.locator('li').count() == 3",
        "printed = page.locator('li').all_inner_texts()",
        "assert Passkey.objects.get().used_at",
        "assert page.url.endswith('/admin/')",
        "page.goto('/admin/')",
    ],
)
def test_what_reads_too_early_is_found_and_what_waits_is_not(pressed, then):
    waits = "    expect(page.locator('.success')).to_be_visible()\n"
    assert len(too_early(f"{pressed}    {then}\n")) == 1
    assert too_early(f"{pressed}{waits}    {then}\n") == []
