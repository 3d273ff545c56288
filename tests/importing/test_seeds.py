"""The starter essays: what each went through is known, and so is what must come out."""

import re
from datetime import date
from pathlib import Path

import pytest

from articles.importing.edits import Record, apply
from articles.importing.pipeline import make_draft
from articles.text import script

from ..support import damage
from ..support.damage import SCRAPES, Scrape, read_essay
from ..support.places import SEEDS

RESTORED = [name for name, how in SCRAPES.items() if not how.shifted]
DAMAGED = [name for name, how in SCRAPES.items() if how.steps or how.keys]


BY_SHAPE = [name for name in RESTORED if Path(name).suffix in (".txt", ".docx")]


def letters(text: str) -> str:
    return "".join(re.findall(r"\w", script.comparable(text)))


def draft_of(name):
    return make_draft((SEEDS / name).read_bytes(), name)


def test_there_are_enough_of_each_kind():
    assert len(SCRAPES) == 30
    assert len(DAMAGED) >= 8
    assert {Path(name).suffix for name in SCRAPES} == {".txt", ".docx", ".html", ".md"}
    assert {how.encoding for how in SCRAPES.values()} >= {"utf-8", "gb18030", "big5"}
    for name in SCRAPES:
        assert 800 <= len(read_essay(name).body) <= 4000, name


def test_the_seeds_are_what_the_damage_makes_of_the_essays(tmp_path):
    damage.write_seeds(tmp_path)
    for name in SCRAPES:
        assert (tmp_path / name).read_bytes() == (SEEDS / name).read_bytes(), name


@pytest.mark.parametrize("name", RESTORED)
def test_an_essay_comes_out_as_its_author_wrote_it(name):
    draft, essay, how = draft_of(name), read_essay(name), SCRAPES[name]
    assert letters("".join(block.text for block in draft.blocks)) == letters(essay.body)
    assert letters(draft.title) == letters(essay["title"])
    assert draft.title_source in ("line", "heading", "front-matter")
    assert not draft.blocked
    fields = _stated(essay, how)
    assert letters(draft.unit) == letters(essay["unit"])
    assert [letters(author) for author in draft.authors] == fields["authors"]
    assert letters(draft.summary) == fields["summary"]
    assert [letters(word) for word in draft.keywords] == fields["keywords"]
    assert letters(draft.source_name) == fields["source"]
    assert draft.stated_date == fields["date"]
    assert apply(draft.source_text, draft.edits) == draft.clean_text


def _stated(essay, how: Scrape) -> dict:
    """Return what the page states of the essay's metadata."""

    def given(name):
        return essay[name] if name in how.fields else ""

    day = given("date") or essay["date"]  # a notice has it below its text
    return {
        "authors": [letters(name) for name in given("author").split("、") if name],
        "summary": letters(given("summary")),
        "keywords": [letters(word) for word in given("keywords").split()],
        "source": letters(given("source")),
        "date": date.fromisoformat(day) if day else None,
    }


@pytest.mark.parametrize("name", [name for name in BY_SHAPE if not SCRAPES[name].keys])
def test_marks_and_characters_come_out_exactly(name):
    """Where no converter was at work, every character is as the author wrote it."""
    draft, essay = draft_of(name), read_essay(name)
    body = "".join(block.text for block in draft.blocks)
    for block in draft.headings:  # a run-in heading loses its full stop
        essay_text = essay.body.replace(f"{block.text}。", block.text)
        essay = damage.Essay(essay.header, essay_text)
    assert body == essay.body.replace("\n", "")


@pytest.mark.parametrize(
    "name",
    [name for name in BY_SHAPE if damage.to_traditional in SCRAPES[name].steps],
)
def test_what_a_tool_made_traditional_is_what_conversion_makes(name):
    """Read character by character once; what Taiwan writes in either form may stay."""
    made = "".join(re.findall(r"\w", "".join(block.text for block in draft_of(name).blocks)))
    wanted = script.convert(read_essay(name).body, script.HANT, script.HANS)
    wanted = "".join(re.findall(r"\w", wanted))
    differing = {a + b for a, b in zip(made, wanted, strict=True) if a != b}
    assert differing <= {"占佔", "盡儘", "賬帳"}


@pytest.mark.parametrize("name", [name for name, how in SCRAPES.items() if how.shifted])
def test_bytes_out_of_step_are_restored_or_flagged(name):
    """Outside what is flagged, and marks, nothing differs from what the author wrote."""
    draft, essay = draft_of(name), read_essay(name)
    record = Record(draft.source_text, edits=draft.edits)
    lost = [f for f in draft.flags if f.kind == "lost-text"]
    parts, position = [], 0
    for start, end in sorted(record.spans_in_text((flag.start, flag.end) for flag in lost)):
        parts.append(draft.clean_text[position:start])
        position = end
    parts.append(draft.clean_text[position:])
    truth = letters(essay.body)
    for part in parts[1:]:  # the first begins with the page's metadata
        for line in part.splitlines():
            assert letters(line) in truth


@pytest.mark.parametrize(
    "name", [name for name, how in SCRAPES.items() if how.annotated and how.keys]
)
def test_no_annotation_is_left(name):
    draft = draft_of(name)
    record = Record(draft.source_text, edits=draft.edits)
    flagged = record.spans_in_text((flag.start, flag.end) for flag in draft.flags)
    left = re.finditer(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]+\)", draft.clean_text)
    assert all(any(start <= m.start() < end for start, end in flagged) for m in left)


@pytest.mark.parametrize("name", [name for name in BY_SHAPE if name not in DAMAGED])
def test_clean_essays_stay_byte_for_byte(name):
    draft = draft_of(name)
    assert draft.clean_text == draft.source_text
