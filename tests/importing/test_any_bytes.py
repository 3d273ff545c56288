"""Whatever bytes come under whatever name, the importer ends with an essay or a word on why not."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.importing.edits import apply
from articles.importing.files import collect
from articles.importing.pipeline import make_draft
from articles.importing.readers import UnreadableFile

from ..support import formats
from ..support.places import FILES

EXAMPLES = int(os.environ.get("ANY_BYTES_EXAMPLES", "8"))
"""Of each kind. A PDF is read by a process of its own, so a thousand take minutes."""

WHOLE = {
    "a.txt": formats.text().encode("gb18030"),
    "a.md": formats.markdown().encode(),
    "a.html": formats.page().encode(),
    "a.docx": formats.word(),
    "a.epub": formats.epub(),
    "a.pdf": (FILES / "essay.pdf").read_bytes(),
    "a.jsonl": formats.json_lines().encode(),
    "a.csv": formats.csv().encode(),
    "a.zip": formats.zipped(
        {"a.txt": formats.text(), "b.csv": formats.csv(), "c.docx": formats.word(), "d.zip": b"PK"}
    ),
}


def end_of(raw: bytes, name: str) -> int:
    """Import a file as the command does, up to the database; return how many essays it gave."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(raw)
        essays = 0
        for file in collect([path], lambda *skipped: None):
            try:
                draft = make_draft(file.read(), file.name)
            except UnreadableFile as error:
                assert str(error)
                continue
            essays += 1
            assert apply(draft.source_text, draft.edits) == draft.clean_text
    return essays


@st.composite
def mutations(draw, raw: bytes) -> bytes:
    """Return the bytes with up to five of them flipped, pieces cut out, put in or repeated."""
    made = bytearray(raw)
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, max(0, len(made) - 1)))
        length = draw(st.integers(1, 40))
        match draw(st.sampled_from(("flip", "cut", "insert", "repeat", "end"))):
            case "flip" if made:
                made[at] ^= draw(st.integers(1, 255))
            case "cut":
                del made[at : at + length]
            case "insert":
                made[at:at] = draw(st.binary(max_size=40))
            case "repeat":
                made[at:at] = made[at : at + length] * 3
            case "end":
                del made[at:]
    return bytes(made)


@pytest.mark.parametrize("name", WHOLE)
def test_the_files_changed_below_are_read_when_whole(name):
    assert end_of(WHOLE[name], name) >= 1


@pytest.mark.parametrize("name", WHOLE)
def test_no_bytes_at_all_crash_the_importer(name):
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(st.binary(max_size=2000))
    def tried(raw):
        end_of(raw, name)

    tried()


@pytest.mark.parametrize("name", WHOLE)
def test_no_damage_to_a_file_crashes_the_importer(name):
    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(mutations(WHOLE[name]))
    def tried(raw):
        end_of(raw, name)

    tried()
