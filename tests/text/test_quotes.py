"""Quotation marks follow the script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text import html
from articles.text.quotes import follow_script, replaced, swaps
from articles.text.script import HANS, HANT, SCRIPTS

OF = {HANS: "“”‘’", HANT: "「」『』"}


def both(text: str) -> tuple[str, str]:
    return follow_script(text, HANS), follow_script(text, HANT)


@pytest.mark.parametrize(
    ("written", "hans", "hant"),
    [
        ("他说“好”。", "他说“好”。", "他说「好」。"),
        ("他说「好」。", "他说“好”。", "他说「好」。"),
        ("“他问‘谁’来”", "“他问‘谁’来”", "「他问『谁』来」"),
        ("「他问『谁』来」", "“他问‘谁’来”", "「他问『谁』来」"),
        ("“他问「谁」来”", "“他问‘谁’来”", "「他问『谁』来」"),
        ("“他问“谁”来”", "“他问‘谁’来”", "「他问『谁』来」"),
        ("说“OK”，走", "说“OK”，走", "说「OK」，走"),
        ("用 Excel “SUM” 函数", "用 Excel “SUM” 函数", "用 Excel 「SUM」 函数"),
        ("don’t 也是“不”", "don’t 也是“不”", "don’t 也是「不」"),
        ("员说：“The ‘union’ wins.”", "员说：“The ‘union’ wins.”", "员说：「The ‘union’ wins.」"),
        ("“一”与“二\n三”与“四”", "“一”与“二\n三”与“四”", "「一」与“二\n三”与「四」"),
        ("“说‘听“会”字’了”", "“说‘听“会”字’了”", "「说『听「会」字』了」"),
        ("「说『听「会」字』了」", "“说‘听“会”字’了”", "「说『听「会」字』了」"),
        ("“一\n\n“‘二’\n“三”", "“一\n\n“‘二’\n“三”", "「一\n\n「『二』\n「三」"),
        ("「一\n「二\n「三」", "“一\n“二\n“三”", "「一\n「二\n「三」"),
        ("“一\n二\n“三”", "“一\n二\n“三”", "“一\n二\n「三」"),
        (
            '24” 的屏，5’10” 的人，24" 的“屏”',
            '24” 的屏，5’10” 的人，24" 的“屏”',
            '24” 的屏，5’10” 的人，24" 的「屏」',
        ),
        (
            "90’s 与 rock ’n’ roll 的“歌”",
            "90’s 与 rock ’n’ roll 的“歌”",
            "90’s 与 rock ’n’ roll 的「歌」",
        ),
    ],
)
def test_pairs_follow_the_script(written, hans, hant):
    assert both(written) == (hans, hant)


@pytest.mark.parametrize(
    "text",
    [
        "“未完的话", "完了”", "”反“", "“一」", "“一「二”三」", "the workers’ hall", "it’s",
        "A “trade union” is a club.", "“Unite!”", "“Unite!” they cried.", "print(“你好”)",
        "name=“工会”", "The word “工会” means union.", "没有引号", "",
    ],
)  # fmt: skip
def test_what_is_no_balanced_chinese_pair_stays(text):
    assert both(text) == (text, text)


@given(st.text("“”‘’「」『』工會说aB .，。’\n=(", max_size=60))
def test_only_marks_change_once_and_back_again(text):
    marks = str.maketrans(dict.fromkeys("“”‘’「」『』", "·"))
    for target in SCRIPTS:
        made = follow_script(text, target)
        assert made.translate(marks) == text.translate(marks)
        assert follow_script(made, target) == made
        for other in SCRIPTS:
            assert follow_script(follow_script(text, other), target) == made


@given(st.text("“”‘’工会，", max_size=40))
def test_text_in_one_script_loses_no_pair_to_the_other(text):
    hant = follow_script(text, HANT)
    pairs = [sum(hant.count(mark) for mark in OF[HANT][at::2]) for at in (0, 1)]
    assert pairs[0] == pairs[1]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>“研究&amp;实践”</p>", "<p>「研究&amp;实践」</p>"),
        ("<p>“工<em>会</em>”</p>", "<p>「工<em>会</em>」</p>"),
        ("<p>“一行<br>二行”</p>", "<p>「一行<br>二行」</p>"),
        ("<p>“一\n二”</p>", "<p>「一\n二」</p>"),
        ("<p>“一段</p><p>二段”</p>", "<p>“一段</p><p>二段”</p>"),
        ("<p>“一段</p><p>“二段”</p>", "<p>「一段</p><p>「二段」</p>"),
        ("<p>“见<a href=\"/“会”\" title=\"“会”>\">会</a>”</p>", "<p>「见<a href=\"/“会”\" title=\"“会”>\">会</a>」</p>"),
        ("<p><img src=\"a.png\" alt=\"“会”\">“会”</p>", "<p><img src=\"a.png\" alt=\"“会”\">「会」</p>"),
        ("<ul><li>“一”</li><li>“二</li></ul>", "<ul><li>「一」</li><li>“二</li></ul>"),
    ],
)  # fmt: skip
def test_markup_changes_in_its_text_alone(markup, expected):
    assert replaced(markup, swaps(html.masked(markup), HANT)) == expected


def test_a_line_of_nothing_but_marks_is_read_at_once():
    for text in ("“" * 20_000 + "”" * 20_000, "‘" * 20_000 + "”" * 20_000, "“会”" * 10_000):
        assert len(follow_script(text, HANT)) == len(text)
