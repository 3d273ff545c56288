"""Paragraphs that a margin broke are one line again, and nothing else is joined."""

from pathlib import Path

import pytest

from articles.importing.edits import apply, invert
from articles.importing.pipeline import make_draft
from articles.importing.repairs.wrapped_lines import join_wrapped_lines

LIBRARY = Path(__file__).parents[1] / "library"
TEXTS = sorted(LIBRARY.glob("*.txt"))


def wrapped(lines: list[str], width: int, indent: str = "") -> str:
    """Return lines broken at so many characters; no mark begins a line."""
    broken = []
    for line in lines:
        rest = indent + line if len(line) > width else line
        while rest:
            end = width
            while end < len(rest) and rest[end] in "，。、；：！？”）》":
                end -= 1
            broken.append(rest[:end])
            rest = rest[end:]
    return "\n".join(broken)


def body_of(path: Path) -> list[str]:
    return path.read_text("utf-8").split("---\n", 1)[-1].split("\n")


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_text_that_nobody_broke_stays(path):
    text = path.read_text("utf-8")
    assert join_wrapped_lines(text) == text


@pytest.mark.parametrize("indent", ["", "　　"])
@pytest.mark.parametrize("width", [28, 32, 38])
def test_no_line_is_made_of_two_paragraphs(width, indent):
    restored = asked = 0
    for path in TEXTS:
        paragraphs = body_of(path)
        lines = {
            line.strip()
            for line in join_wrapped_lines(wrapped(paragraphs, width, indent)).split("\n")
        }
        assert all(any(line in own for own in paragraphs) for line in lines)
        long = {own for own in paragraphs if len(own) > width}
        restored, asked = restored + len(long & lines), asked + len(long)
    assert restored > asked / 2


def test_a_broken_essay_is_read_whole_and_each_join_can_be_undone():
    first = (
        "去年入冬以后，砚山厂的老工人开了三次会，商量互助金怎样管。谁家有难处，都记在一本账上，年底"
        "大家一起看。账要公开，钱要用在急处；管账的人每年换一个，换下来的人把账一笔一笔念给下一个听，"
        "当着大家的面点清楚，一个字也不能含糊。有人说麻烦，也有人说麻烦是麻烦，可是放心。"
    )
    second = (
        "今年开春又开了一次会。会上念了全年的账，收了多少，借出去多少，还回来多少，谁家还没有还上，"
        "为什么没有还上，都说得明明白白。念完以后大家举手，没有一个人不放心。散会的时候天已经黑了，"
        "老吴说，明年还这样办。"
    )
    text = "互助金管起来以后\n作者：林小满\n\n" + wrapped([first, second], 30, "　　") + "\n"
    draft = make_draft(text.encode(), "a.txt")
    assert (draft.title, draft.authors) == ("互助金管起来以后", ["林小满"])
    assert [block.text for block in draft.blocks] == [first, second]
    assert {"line-join"} <= {edit.kind for edit in draft.edits}
    assert apply(draft.clean_text, invert(draft.edits)) == draft.source_text


VERSE = "机器停了。灯也灭了。我们还坐在车床旁边等着天亮\n"
SIGNED = "\n砚山厂工会互助金管理小组全体\n二〇二二年八月九日\n"


@pytest.mark.parametrize(
    "text",
    [
        "机器停了\n灯也灭了\n我们坐在车床旁边\n等着天亮\n" * 5,
        VERSE * 3
        + "只有一行比别的行宽出很多，那是写诗的人自己要的，他说这一行要一口气读完，中间不许停下来，一直读到散会。还没有完。还没有完\n"
        * 2,
        "- 账要公开，一笔一笔念。念完以后大家举手才算通过，一个不少\n" * 12,
        "1、账要公开，一笔一笔念。念完以后大家举手才算通过，一个不少\n" * 12,
        "姓名  车间  互助金（元）  借出（元）  还回（元）  备注。见后面\n" * 12,
        "互助金\t三百元。两百元\t一百元整\t没有还上\t明年再还\t大家同意\t办\n" * 12,
        "账要公开，一笔一笔念。念完以后大家举手才算通过，一个也不能少。\n" * 12,
    ],
)
def test_verse_lists_and_tables_stay(text):
    assert join_wrapped_lines(text) == text


def test_a_signature_stays_on_its_lines():
    text = wrapped(body_of(TEXTS[0]), 32) + SIGNED
    joined = join_wrapped_lines(text)
    assert joined.count("\n") < text.count("\n")
    assert joined.endswith(SIGNED)
