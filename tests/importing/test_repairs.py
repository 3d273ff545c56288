"""Every repair does what its example says, and leaves alone what merely looks alike."""

import pytest

from articles.importing.edits import Flag
from articles.importing.repairs import REPAIRS, Page
from articles.importing.repairs.byteshift.step import realign_bytes_out_of_step
from articles.importing.repairs.censoring import flag_censored
from articles.importing.repairs.duplicate import drop_duplicate_body
from articles.importing.repairs.numerals import restore_yi
from articles.importing.repairs.pinyin import drop_pinyin_annotations
from articles.importing.repairs.punctuation import flag_unpaired_quotes, widen_punctuation

NOISE = "工會(huì)的領(lǐng)導(dǎo)聽取職工的話,工會(huì)辦(bàn)事,工會(huì)好。"


@pytest.mark.parametrize("repair", REPAIRS, ids=lambda repair: repair.name)
def test_every_repair_does_what_its_example_says_and_then_rests(repair):
    assert repair(repair.before) == repair.after
    assert repair(repair.after) == repair.after


@pytest.mark.parametrize(
    ("repair", "page"),
    [(repair, page) for repair in REPAIRS for page in repair.untouched],
    ids=lambda value: getattr(value, "name", None),
)
def test_look_alikes_stay_as_they_are(repair, page):
    assert repair(page) == page
    assert not list(repair.find(Page(page)))


@pytest.mark.parametrize(
    "gloss", ["亳(bó)州", "漢字(hànzì)", "曹丕(cáo pī)", "會(hui4)", "會(shì)", "大橋(dàqiáo)局"]
)
def test_genuine_glosses_stay_on_a_page_of_noise(gloss):
    assert gloss in drop_pinyin_annotations(NOISE + gloss)


def test_a_character_that_is_mostly_bare_keeps_its_one_gloss():
    page = NOISE + "東(dōng)方，東部，東邊，東區，東門，東站。"
    assert "東(dōng)方" in drop_pinyin_annotations(page)


def test_yi_keeps_amounts_and_names_on_a_page_of_yi():
    page = "壹是統壹思想，壹定走到壹線；捐給壹基金壹佰元，共壹萬零伍元，寫“壹”字。"
    assert restore_yi(page) == (
        "一是統一思想，一定走到一線；捐給壹基金壹佰元，共壹萬零伍元，寫“壹”字。"
    )


def test_a_copy_is_dropped_with_its_own_line_ends():
    body = "\n".join(f"第{n}段，工會要到職工中間去，聽他們說，替他們辦。" * 3 for n in range(1, 5))
    assert drop_duplicate_body(f"標題\n{body}\n{body}") == f"標題\n{body}\n"


def test_a_mark_of_a_lost_byte_is_flagged_and_not_widened():
    text = "他問?qū)嵎不答。"
    flags = tuple(f for f in realign_bytes_out_of_step.find(Page(text)) if isinstance(f, Flag))
    assert ["?" in text[f.start : f.end] for f in flags] == [True]
    assert all(flag.blocking for flag in flags)
    assert not list(widen_punctuation.find(Page(text, flags)))


def test_stars_between_characters_are_flagged():
    flags = list(flag_censored.find(Page("在中國* * *的領導下，統一戰線* *。")))
    assert [flag.kind for flag in flags] == ["censored", "censored"]


def test_each_unpaired_quote_is_flagged_where_it_stands():
    text = "“大工會”意識，三個貼近”要求。\n他說：“好。"
    assert [flag.start for flag in flag_unpaired_quotes.find(Page(text))] == [12, 20]
