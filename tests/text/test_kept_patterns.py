"""Patterns kept beside compiled modules are those that `re` makes, to the last instruction."""

import re
import subprocess
import sys

import pytest

from articles.text import kept_patterns
from articles.text.script import neighbours

from ..support.places import ROOT

PATTERNS = [
    ("[一-鿿]+", 0),
    ("(?P<one>[㐀-䶿工会])|(?P<other>[^，。]{2,}?)(?=(?P=one)|$)", re.MULTILINE),
    ("工會[Ａ-Ｚß]", re.IGNORECASE),
    (r"(?i:[\u00e0-\u1fff]|工)\b", 0),
    (r"(?x) 工 # a note", 0),
    ("[\0\ud800-\udfff]", 0),
    ("[\U00020000-\U0003ffff]*+", re.ASCII),
]


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Nothing is kept yet, and what will be lies in a folder of its own."""
    monkeypatch.setattr(kept_patterns, "_patterns", kept_patterns._Patterns())
    monkeypatch.setattr(kept_patterns, "_path", lambda: tmp_path / "patterns.table")
    monkeypatch.setattr(kept_patterns._compiler, "compile", kept_patterns._by_re)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    re.purge()
    yield tmp_path / "patterns.table"
    re.purge()


def fresh():
    """Begin as another process does."""
    kept_patterns._patterns = kept_patterns._Patterns()
    re.purge()
    kept_patterns.start()


@pytest.mark.parametrize(("text", "flags"), PATTERNS)
def test_a_pattern_that_was_kept_is_the_one_that_re_makes(kept, text, flags):
    wanted = kept_patterns._by_re(text, int(flags))
    kept_patterns.start()
    made = re.compile(text, flags)
    kept_patterns.stop()
    fresh()
    taken = re.compile(text, flags)
    assert not kept_patterns.missing()
    for one in (made, taken):
        assert one == wanted  # Python compares the instructions
        assert (one.flags, one.groups, one.pattern) == (wanted.flags, wanted.groups, text)
        assert dict(one.groupindex) == dict(wanted.groupindex)


def test_what_is_compiled_later_is_not_kept(kept):
    kept_patterns.start()
    re.compile("工会")
    kept_patterns.stop()
    re.compile("某一篇文章裡的話")
    fresh()
    re.compile("工会")
    assert not kept_patterns.missing()
    re.compile("某一篇文章裡的話")
    assert kept_patterns.missing()


def test_what_cannot_be_read_is_compiled_anew(kept):
    for content in (b"", b"no table", b"\xfb\x00"):
        kept.write_bytes(content)
        fresh()
        assert re.compile("[工会]").match("会")
        assert kept_patterns.missing()


def test_where_nothing_may_be_written_nothing_is_missing(kept, monkeypatch):
    """An import would read all tables in for it, each time."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    kept_patterns.start()
    assert re.compile("[工会]").match("会")
    assert not kept_patterns.missing()
    kept_patterns.stop()
    assert not kept.exists()


def test_patterns_of_another_python_are_not_taken(kept, monkeypatch):
    kept_patterns.start()
    re.compile("工会")
    kept_patterns.stop()
    monkeypatch.setattr(kept_patterns.sys, "version", "another")
    fresh()
    re.compile("工会")
    assert kept_patterns.missing()


def test_the_patterns_of_an_import_are_the_same_in_each_process():
    """One written from a set would be another in each, and be kept again each time."""
    code = (
        "from articles.text import kept_patterns as kept; kept._path = lambda: kept.Path('/no')\n"
        "kept.start()\n"
        "from articles.importing.pipeline import load; load()\n"
        "print(*sorted(map(ascii, kept._patterns.new)), sep='\\n')"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")  # the first makes tables that are not there, with patterns too
    ]
    assert len(told[1].splitlines()) > 300
    assert told[1] == told[2]


def test_the_patterns_of_conversion_are_kept_though_no_text_asked_for_them(kept):
    fresh()
    neighbours._of.cache_clear()
    neighbours._compiled.cache_clear()
    neighbours.every_pattern()
    kept_patterns.stop()
    neighbours._of.cache_clear()
    neighbours._compiled.cache_clear()
    fresh()
    text = "三百斤面，鞋也没干，绕操场跑了三周，只剩40只凳子"
    assert list(neighbours.by_neighbours(text))
    assert not kept_patterns.missing()


def test_the_longest_patterns_that_essays_ask_for_are_kept():
    """Those with all surnames in them take a tenth of a second to compile."""
    code = (
        "from articles.text import kept_patterns as kept; kept._path = lambda: kept.Path('/no')\n"
        "kept.start()\n"
        "from articles.importing.pipeline import load, make_draft; load()\n"
        "kept.stop()\n"
        "def compiled(text, flags):\n"
        "    print(len(text))\n"
        "    return by_re(text, flags)\n"
        "by_re, kept._by_re = kept._by_re, compiled\n"
        "from tests.support.places import CORPUS, ESSAYS\n"
        "for path in (*sorted(ESSAYS.iterdir()), *sorted(CORPUS.iterdir())):\n"
        "    make_draft(path.read_bytes(), path.name)\n"
    )
    told = subprocess.run(
        [sys.executable, "-B", "-c", code],  # which keeps nothing
        cwd=ROOT,
        env={},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert max(map(int, told)) < 1000
