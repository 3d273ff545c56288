"""The same essay from every format; the structure each can hold."""

from datetime import date
from pathlib import Path

import pytest

from articles.importing.edits import apply
from articles.importing.files import collect
from articles.importing.pipeline import make_draft
from tests import formats

PDF = (Path(__file__).parent / "files" / "essay.pdf").read_bytes()
FILES = {
    "a.txt": formats.text().encode(),
    "b.txt": formats.text().encode("gb18030"),
    "a.md": formats.markdown().encode(),
    "a.html": formats.page().encode(),
    "b.htm": formats.page().replace("utf-8", "gb2312").encode("gb18030"),
    "a.docx": formats.word(),
    "a.epub": formats.epub(),
    "a.pdf": PDF,
    "a.jsonl": formats.json_lines().encode(),
    "a.csv": formats.csv().encode(),
    "b.csv": formats.csv(";").encode("gb18030"),
    "c.csv": b"\xef\xbb\xbf" + formats.csv().encode(),
    "d.csv": formats.csv("\t").encode("utf-16"),
    "a.tsv": formats.csv("\t").encode("gb18030"),
}
SOURCES = {
    "a.txt": "line",
    "b.txt": "line",
    "a.md": "front-matter",
    "a.html": "heading",
    "b.htm": "heading",
    "a.docx": "heading",
    "a.epub": "property",
    "a.pdf": "heading",
}


def drafts(folder: Path):
    for file in collect([folder], lambda *skipped: pytest.fail(str(skipped))):
        yield file, make_draft(file.read(), file.name)


@pytest.mark.parametrize("name", FILES)
def test_the_same_essay_comes_out_of_every_format(name, essays):
    [(_, draft)] = drafts(essays({name: FILES[name]}))
    assert draft.title == formats.TITLE
    assert draft.title_source == SOURCES.get(name, "column")
    assert draft.authors == formats.AUTHORS
    assert draft.stated_date == date.fromisoformat(formats.DAY)
    assert [(block.level, block.text) for block in draft.blocks] == formats.BODY
    assert [flag.kind for flag in draft.flags] == []
    assert apply(draft.source_text, draft.edits) == draft.clean_text


def test_all_of_them_are_one_essay(essays):
    keys = {draft.text_key for _, draft in drafts(essays(FILES))}
    assert len(keys) == 1
