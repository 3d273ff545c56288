"""Two texts side by side: nothing lost, paragraphs aligned, done in time whatever they are."""

import random
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text import script
from articles.text.comparison import compare

from ..support.damage import read_essay, to_traditional
from ..support.places import ESSAYS
from ..support.timing import END, processor_seconds


def shown(rows) -> list[tuple[str, str]]:
    """Return the rows with what is marked in brackets."""

    def side(runs):
        return "".join(f"[{run.text}]" if run.own else run.text for run in runs)

    return [(side(row.left), side(row.right)) for row in rows]


CASES = {
    "the same": ("一段。\n二段。", "一段。\n二段。", [("一段。", "一段。"), ("二段。", "二段。")]),
    "the other script": ("工会为职工", "工會為職工", [("工会为职工", "工會為職工")]),
    "half width, 壹": ("工会,壹是", "工会，一是", [("工会,壹是", "工会，一是")]),
    "a word": ("工会要到职工中间去", "工会真要到职工里去",
        [("工会要到职工[中间]去", "工会[真]要到职工[里]去")]),
    "a paragraph more": ("甲段第一。\n丙段第三。", "甲段第一。\n乙段第二。\n丙段第三。",
        [("甲段第一。", "甲段第一。"), ("", "[乙段第二。]"), ("丙段第三。", "丙段第三。")]),
    "a paragraph less": ("甲段第一。\n乙段的话。\n丙段第三。", "甲段第一。\n丙段第三。",
        [("甲段第一。", "甲段第一。"), ("[乙段的话。]", ""), ("丙段第三。", "丙段第三。")]),
    "line ends lost": ("甲段第一。\n乙段第二。", "甲段第一。乙段第二。",
        [("甲段第一。", "甲段第一。"), ("乙段第二。", "乙段第二。")]),
    "another text": ("工会要到职工中间去。", "风从海上来，吹过山岗。",
        [("[工会要到职工中间去。]", "[风从海上来，吹过山岗。]")]),
    "nothing": ("", "工会。", [("", "[工会。]")]),
    "neither": ("", "\n", []),
}  # fmt: skip


@pytest.mark.parametrize(("left", "right", "rows"), CASES.values(), ids=CASES)
def test_what_a_curator_sees(left, right, rows):
    assert shown(compare(left, right)) == rows


def test_a_copy_without_line_ends_lines_up_by_paragraphs():
    body = read_essay("06-secret-ballots.txt").body
    rows = compare(body, script.convert(body, script.HANT, script.HANS).replace("\n", ""))
    assert ["".join(run.text for run in row.left) for row in rows] == body.split("\n")
    assert sum(row.equal for row in rows) >= len(rows) - 1


def test_a_cut_copy_leaves_the_rest_to_one_side():
    body = read_essay("09-safety.txt").body
    rows = compare(body, to_traditional(body[:600]))
    assert all(not run.own for row in rows for run in row.right)
    assert sum(len(run.text) for row in rows for run in row.left if run.own) == len(
        body.replace("\n", "")
    ) - len(body[:600].replace("\n", ""))


texts = st.text("工会會职職一壹，,。\n", max_size=200)


@given(texts, texts)
def test_nothing_is_lost_and_what_is_not_marked_is_the_same(left, right):
    rows = compare(left, right)
    for text, side in ((left, "left"), (right, "right")):
        kept = "".join(run.text for row in rows for run in getattr(row, side))
        assert kept == text.replace("\n", "")
    fold = str.maketrans("會職壹,", "会职一，")
    equal = [
        "".join(run.text for row in rows for run in getattr(row, side) if not run.own)
        for side in ("left", "right")
    ]
    assert equal[0].translate(fold) == equal[1].translate(fold)


@cache
def _traps() -> dict[str, tuple[str, str]]:
    rng = random.Random("traps")
    essays = "\n".join(read_essay(path.name).body for path in sorted(ESSAYS.iterdir())) * 3

    def of(alphabet: str, size: int = 100_000) -> str:
        return "".join(rng.choices(alphabet, k=size))

    han = "".join(map(chr, range(0x4E00, 0x9FA0)))
    noisy = "".join(rng.choice("的了是") if rng.random() < 0.03 else c for c in essays)
    lines = essays[:100_000].split("\n")
    anchors = [of(han, 20) for _ in range(11)]
    gaps = ["".join(of("甲乙", 9_000) + anchor for anchor in anchors) for _ in range(2)]
    return {
        "itself": (essays[:100_000], essays[:100_000]),
        "misprinted": (essays[:100_000], noisy[:100_000]),
        "paragraphs in another order": ("\n".join(lines), "\n".join(rng.sample(lines, len(lines)))),
        "one character": ("的" * 100_000, "的" * 99_999),
        "two characters": (of("甲乙"), of("甲乙")),
        "a pattern": ("工会好。" * 25_000, "工會不好。" * 20_000),
        "a character a line": ("\n".join(of(han)), "\n".join(of(han))),
        "gaps full of two characters": (gaps[0], gaps[1]),
    }


@pytest.mark.parametrize(
    "trap",
    [
        *("itself", "misprinted", "paragraphs in another order", "one character"),
        *("two characters", "a pattern", "a character a line", "gaps full of two characters"),
    ],
)
def test_long_texts_are_compared_in_time(trap):
    """Measured: half a second at most; by the square, minutes."""
    left, right = _traps()[trap]
    assert processor_seconds(lambda: compare(left, right)) < END
