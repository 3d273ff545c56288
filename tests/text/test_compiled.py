"""Tables that are kept as they were made."""

import sys

import pytest

from articles.text import compiled


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A room with one module and its table, whose compiled files may be written."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    (tmp_path / "maker.py").write_text("a")
    yield tmp_path
    compiled._made_of.cache_clear()


def _asked(room, table, of=""):
    """Ask for a table as a new process would; return it, and whether it was made."""
    compiled._made_of.cache_clear()
    made = []

    def make():
        made.append(table)
        return table

    found = compiled.compiled("words", str(room / "maker.py"), make, of=of)
    return found, bool(made)


def test_a_table_is_made_once_and_again_where_its_room_changes(room):
    assert _asked(room, {"干部": "幹部", (1, 2): ["a"]}) == ({"干部": "幹部", (1, 2): ["a"]}, True)
    assert _asked(room, {}) == ({"干部": "幹部", (1, 2): ["a"]}, False)
    (room / "additions.tsv").write_text("more")
    assert _asked(room, {"a": "b"}) == ({"a": "b"}, True)
    assert _asked(room, {}) == ({"a": "b"}, False)
    assert _asked(room, {"a": "c"}, of="another version") == ({"a": "c"}, True)


@pytest.mark.parametrize("broken", [b"", b"\0" * 16, b"of something else", "cut"])
def test_a_table_that_cannot_be_read_is_made_anew(room, broken):
    _asked(room, {"a": "b"})
    [path] = (room / "__pycache__").iterdir()
    path.write_bytes(path.read_bytes()[:-3] if broken == "cut" else broken)
    assert _asked(room, {"a": "b"}) == ({"a": "b"}, True)
    assert _asked(room, {}) == ({"a": "b"}, False)


def test_where_nothing_can_be_written_it_is_made_each_time(room, monkeypatch):
    (room / "__pycache__").write_text("no folder")
    assert _asked(room, {"a": "b"}) == ({"a": "b"}, True)
    assert _asked(room, {"a": "b"}) == ({"a": "b"}, True)
    (room / "__pycache__").unlink()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert _asked(room, {"a": "b"}) == ({"a": "b"}, True)
    assert not (room / "__pycache__").exists()


def test_tables_by_a_character_are_read_one_by_one():
    parts = compiled.Parts(compiled.cut({"干": {"干部": "幹部"}, "里": {"里长": "里長"}}), {})
    assert parts["干"] == {"干部": "幹部"}
    assert list(parts) == ["干"]
    assert parts["会"] == {}
    assert list(parts) == ["干"]
