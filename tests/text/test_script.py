"""The two scripts."""

import random
from pathlib import Path

import opencc
import pytest

from articles.text import script
from articles.text.script.conversion import Link

from ..support.places import CORPUS, ESSAYS


@pytest.mark.parametrize(
    ("hans", "hant"),
    [
        ("工会干部联系群众，支持职工", "工會幹部聯繫群眾，支持職工"),
        ("为了里面的人", "為了裡面的人"),
        ("程序、信息、网络", "程序、信息、網絡"),  # characters, never vocabulary
        ("到了工会要干的却是同一类事", "到了工會要幹的卻是同一類事"),
        ("一是只见结果", "一是只見結果"),
        ("这是只小猫，不是只有一只", "這是隻小貓，不是只有一隻"),
        ("美制武器用英制单位", "美製武器用英制單位"),
        ("编辑台，帐号，发布", "編輯台，帳號，發布"),  # as the pages themselves write
        ("条条列明了用人单位", "條條列明了用人單位"),
        ("可以被干扰，更复杂", "可以被干擾，更複雜"),
        ("家在余姚，余杭人", "家在餘姚，餘杭人"),
        ("说明了，一目了然", "說明了，一目瞭然"),
    ],
)
def test_conversion_to_traditional(hans, hant):
    assert script.convert(hans, script.HANT, script.HANS) == hant


def test_conversion_to_simplified_keeps_the_aspect_particle():
    assert script.convert("著力抓，看著辦", script.HANS, script.HANT) == "着力抓，看着办"


def test_text_already_in_the_script_is_left_alone():
    assert script.convert("工會干部于此", script.HANT, script.HANT) == "工會干部于此"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("工会职工", script.HANS),
        ("工會職工", script.HANT),
        ("工人", script.HANT),
        ("", script.HANT),
    ],
)
def test_detection(text, found):
    assert script.detect(text) == found


def test_characters_of_both_scripts_count_for_neither():
    assert not set("群后里干于台") & script.simplified_forms()


def test_folding_keeps_the_length():
    text = "總工會的發展與裡程，ABC１２３"
    assert len(script.fold(text)) == len(text)


def test_a_text_and_its_conversion_are_comparable():
    text = "看着说了解，凭借反复的工作，只身登台"
    converted = script.convert(text, script.HANT, script.HANS)
    assert script.fold(converted) != text  # 瞭, 著 and 藉 stand in simplified text as well
    assert script.comparable(converted) == script.comparable(text)


def test_a_character_keeps_its_form_in_the_words_that_have_it():
    assert [script.simplified(text, 0) for text in ("乾隆", "乾淨", "會議")] == ["乾", "干", "会"]
    assert script.traditional("会") == "會"


PACKAGE = Path(opencc.__file__).parent


def own_entries(*tables: str) -> list[tuple[str, str]]:
    lines = [
        line.split("\t")
        for table in tables
        for line in (PACKAGE / "dictionary" / f"{table}.txt").read_text("utf-8").splitlines()
    ]
    return [(line[0], line[1].split(" ")[0]) for line in lines if len(line) == 2]


@pytest.mark.parametrize(
    ("configuration", "tables"),
    [("s2t", ("STCharacters", "STPhrases")), ("t2s", ("TSCharacters", "TSPhrases"))],
)
def test_without_words_all_comes_out_as_the_package_converts_it(configuration, tables):
    """With the package's own tables; dictionary entries side by side overlap in every way."""
    entries = own_entries(*tables)
    package = opencc.OpenCC(configuration)
    link = Link(Link.tables(dict(entries), by_words=False), by_words=False)
    texts = [file.read_text("utf-8") for file in sorted([*CORPUS.glob("*"), *ESSAYS.glob("*")])]
    texts += ["，".join(key for key, _ in entries)]
    rng = random.Random(configuration)
    keys = [key for key, _ in entries]
    phrases = [key for key in keys if len(key) > 1]
    for _ in range(800):
        pieces = [rng.choice(phrases) for _ in range(6)]
        mixed = "".join(piece[rng.randrange(2) :] for piece in pieces) + rng.choice("，. \u3000\nA")
        texts.append(mixed + "".join(rng.choice(keys) for _ in range(4)))
    for text in texts:
        assert link.convert(text) == package.convert(text)


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("ＡＢＣ１２，工會（二）……", "abc12,工会(二)......"),
        ("壹帳甦　Ａ", "一账苏 a"),
        ("活著，原著", "活着,原著"),
        ("Cafe\u0301 工會", "caf\u00e9 工会"),
        ("㈱ｶﾞ①½", "(株)ガ11⁄2"),
    ],
)
def test_texts_are_matched_in_one_form(text, matched):
    assert script.searchable(text) == matched


def test_a_text_of_plain_characters_is_matched_as_any_other():
    accent = "e\u0301"
    for essay in sorted(ESSAYS.iterdir()):
        text = essay.read_text("utf-8")
        for some in text.splitlines():
            assert script.searchable(some + accent) == script.searchable(some) + "\u00e9"


def test_a_rare_character_does_no_harm_to_those_beside_it():
    text = "工會𠀀Ж한㐀\ud800會，ａ"
    assert script.fold(text) == "工会𠀀Ж한㐀\ud800会，ａ"
    assert script.fold("".join(map(chr, range(0x20, 0x32000)))) == "".join(
        script.fold(chr(code)) for code in range(0x20, 0x32000)
    )
