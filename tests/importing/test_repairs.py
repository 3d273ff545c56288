"""Every repair does what its example says, and leaves alone what merely looks alike."""

import pytest

from articles.importing.edits import Flag, apply
from articles.importing.lexicon.readings import normal_form
from articles.importing.repairs import REPAIRS, Page
from articles.importing.repairs.byteshift.step import realign_bytes_out_of_step
from articles.importing.repairs.censoring import flag_censored
from articles.importing.repairs.duplicate import drop_duplicate_body
from articles.importing.repairs.lost_marks import flag_lost_characters
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


@pytest.mark.parametrize(
    "form",
    [
        *("[{}]", "【{}】", "〔{}〕", "{{{}}}", "<{}>", "〈{}〉", "/{}/", " ({}) ", "（{}）"),
    ],
)
@pytest.mark.parametrize("written", [str, normal_form])
def test_annotations_go_in_whatever_brackets_they_stand(form, written):
    readings = {"會": "hui4", "領": "ling3", "導": "dao3", "辦": "ban4", "聽": "ting1"}
    page = bare = "工會的領導聽取職工的話，工會辦事，工會好，辦得成，聽得進，領導要聽。"
    for char, reading in readings.items():
        page = page.replace(char, char + form.format(written(reading)))
    assert drop_pinyin_annotations(page) == bare


def test_pinyin_without_tones_goes_where_there_is_much_of_it():
    page = "工會(hui)的領(ling)導(dao)聽(ting)取職工的話，工會(hui)辦(ban)事，辦(ban)得成，聽(ting)得進。"
    assert drop_pinyin_annotations(page) == "工會的領導聽取職工的話，工會辦事，辦得成，聽得進。"
    once = "工會(hui)的領導，三角形的邊長(a)與高(h)，英文字母A(ei)。"
    assert drop_pinyin_annotations(once) == once


def test_what_is_annotated_at_all_its_places_in_either_script_is_a_tools():
    bare = "班前会上，班长念一遍工分，工人听完，各班各组，人到工到，会开得短，人人满意，分分清楚，班班如此。"
    readings = {"班": "bān", "工": "gōng", "人": "rén", "会": "huì", "分": "fēn"}
    page = bare
    for char, reading in readings.items():
        page = page.replace(char, f"{char}({reading})")
    assert drop_pinyin_annotations(page) == bare
    lesson = "这一课的生字：" + page
    assert drop_pinyin_annotations(lesson) == lesson


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


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        (flag_lost_characters.before, 3),
        (
            "总理朱?基来过厂里，说：大家辛苦了；大家说：不辛苦，为人民服务！厂长送他到门口，挥手。",
            1,
        ),
        ("当天开会，到的人多；大家说，账要公开，话要说明。\n??????????\n散会时，天黑了。", 1),
    ],
)
def test_a_question_mark_for_a_lost_character_blocks_and_stays_as_it_is(text, lost):
    flags = list(flag_lost_characters.find(Page(text)))
    assert len(flags) == lost
    assert all(flag.blocking for flag in flags)
    assert "？" not in apply(text, list(widen_punctuation.find(Page(text, tuple(flags)))))
