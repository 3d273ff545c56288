"""What was decoded as another encoding comes back; what is genuine stays."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.importing.edits import Flag, Record
from articles.importing.repairs import REPAIRS, Page, run
from articles.importing.repairs.mojibake import undo_mojibake
from articles.text import script

from ..support import damage
from ..support.places import ESSAYS as CLEAN
from ..support.timing import is_in_proportion

ESSAYS = [damage.read_essay(path.name) for path in sorted(CLEAN.iterdir())]
LINES = [
    line
    for essay in ESSAYS
    if essay["script"] == script.HANS
    for line in [essay["title"], *essay.body.split("\n")]
    if len(line) > 4
]


def as_bytes(raw: bytes) -> str:
    """Read byte for byte, as Windows does where it can and as Latin-1 where it cannot."""
    return "".join(
        bytes([byte]).decode("cp1252") if byte not in b"\x81\x8d\x8f\x90\x9d" else chr(byte)
        for byte in raw
    )


MISREADINGS = {
    "UTF-8 as Latin-1": lambda text: text.encode().decode("latin-1"),
    "UTF-8 as windows-1252": lambda text: as_bytes(text.encode()),
    "UTF-8 as windows-1252, twice": lambda text: as_bytes(as_bytes(text.encode()).encode()),
    "GBK as Latin-1": lambda text: text.encode("gbk").decode("latin-1"),
    "GBK as windows-1252": lambda text: as_bytes(text.encode("gbk")),
}
LOSSY = {
    "UTF-8 as GBK": lambda text: text.encode().decode("gbk", errors="replace"),
    "UTF-8 as GB18030": lambda text: text.encode().decode("gb18030", errors="replace"),
    "GBK as Big5": lambda text: text.encode("gbk").decode("big5hkscs", errors="replace"),
}


@pytest.mark.parametrize("name", MISREADINGS)
@settings(max_examples=40, deadline=None)
@given(lines=st.lists(st.sampled_from(LINES), min_size=1, max_size=4))
def test_a_page_read_wrongly_comes_back(name, lines):
    page = "\n".join(lines)
    misread = "\n".join(map(MISREADINGS[name], lines))
    assert undo_mojibake(misread) == page


@pytest.mark.parametrize("name", MISREADINGS)
def test_one_wrong_line_comes_back_and_the_others_stay(name):
    for line in LINES[:40]:
        page = f"{LINES[50]}\n{{}}\n{LINES[51]}"
        assert undo_mojibake(page.format(MISREADINGS[name](line))) == page.format(line)


@pytest.mark.parametrize("name", LOSSY)
def test_what_was_dropped_is_shown_and_nothing_is_invented(name):
    restored = wrong = 0
    for line in LINES:
        found = undo_mojibake(LOSSY[name](line))
        if found == LOSSY[name](line):
            continue
        restored += 1
        kept = iter(line)
        # Whatever is left stands in the line, in its order.
        wrong += not all(char in kept for char in found.replace("\ufffd", "").replace("?", ""))
    assert restored >= 0.95 * len(LINES)
    # A pair of bytes beside a loss may give another character; UTF-8 cannot come out of step.
    assert wrong <= (0.08 * len(LINES) if "Big5" in name else 0)


def test_a_lost_character_of_restored_text_blocks_the_page():
    record = Record(LOSSY["UTF-8 as GBK"](LINES[20]))
    run(record, REPAIRS)
    assert "\ufffd" in record.text
    assert any(flag.kind == "lost-text" and flag.blocking for flag in record.flags)


def test_big5_read_as_gbk():
    for line in LINES[:60]:
        hant = script.convert(line, script.HANT, script.HANS)
        hant = hant.encode("big5hkscs", errors="ignore").decode("big5hkscs")
        assert undo_mojibake(hant.encode("big5hkscs").decode("gb18030")) == hant


def test_a_run_inside_a_line():
    for part in ("职工代表大会", "集体合同", "安全生产"):
        for name in ("UTF-8 as windows-1252", "GBK as Latin-1"):
            page = f"工会要开好{MISREADINGS[name](part)}，这是本分。"
            assert undo_mojibake(page) == f"工会要开好{part}，这是本分。"
    assert (
        undo_mojibake(f"工会要开好{'劳动'.encode().decode('gbk')}竞赛。") == "工会要开好劳动竞赛。"
    )


def test_marks_alone():
    assert undo_mojibake("工会是“家”â€”â€”职工的家â€¦") == "工会是“家”——职工的家…"


@pytest.mark.parametrize("junk", ["锟斤拷锟斤拷", "ï¿½ï¿½", "烫烫烫"])
def test_what_nothing_gives_back_is_flagged(junk):
    page = f"工会要为职工{junk}办事。"
    (flag,) = undo_mojibake.find(Page(page))
    assert isinstance(flag, Flag) and flag.blocking
    assert page[flag.start : flag.end] == junk


FOREIGN = (
    "Nǐ huì shuō hànyǔ ma? Wǒ huì shuō yīdiǎnr.",
    "gōng huì zhí gōng",
    "bō pō mō fō，dē tē nē lē",
    "xiǎo míng：nǐ qù nǎr？",
    "ā á ǎ à ō ó ǒ ò ǖ ǘ ǚ ǜ",
    "Người lao động có quyền thành lập công đoàn",
    "Gewerkschaft für Ärzte, Übung macht den Größten",
    "Ça va très bien; élève, naïve, cœur, Noël",
    "Zażółć gęślą jaźń, Příliš žluťoučký kůň",
    "Привет рабочие",
    "¿Dónde está el señor Muñoz?",
)


@pytest.mark.parametrize("line", FOREIGN)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    "page", ["{}", f"{LINES[0]}\n{{}}\n{LINES[1]}", "第一课：{}\n{}", f"{{}}\n{LINES[0]}（{{}}）"]
)
def test_a_lesson_and_other_languages_stay(page, form, line):
    for foreign in (line, line.lower(), line.upper()):
        text = page.replace("{}", unicodedata.normalize(form, foreign))
        assert not list(undo_mojibake.find(Page(text)))


@pytest.mark.parametrize("line", FOREIGN)
def test_they_stay_beside_mojibake_too(line):
    damaged = MISREADINGS["GBK as Latin-1"](LINES[2])
    assert undo_mojibake(f"{damaged}\n{line}\n{damaged}") == f"{LINES[2]}\n{line}\n{LINES[2]}"


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="éàüßñçãõÉÖ ,.abcxyz-'", max_size=60))
def test_latin_text_stays(text):
    assert undo_mojibake(text) == text


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=40))
def test_rare_characters_stay(text):
    assert undo_mojibake(text) == text


def test_clean_essays_stay_in_either_script():
    for essay in ESSAYS:
        for target in script.SCRIPTS:
            assert not list(undo_mojibake.find(Page(script.convert(essay.body, target))))


@pytest.mark.parametrize(
    "unit", ["éàüß", "å", "鍔�", "櫸�劳动者", "犇羴鱻\n", "劳ÀÍ¶¯", "劳动鍔冲姩"]
)
def test_a_hostile_page_takes_time_in_proportion(unit):
    assert is_in_proportion(lambda size: list(undo_mojibake.find(Page((unit * size)[:size]))))
