"""Whatever a starter essay says of law has a line that tells the law, its version and its article."""

import re

import pytest

from articles.text import script

from ..support.damage import SCRAPES, read_essay
from ..support.places import SEEDS

README = (SEEDS / "README.md").read_text("utf-8")
LINE = re.compile(r"^\| (?P<essays>\d\d(?:, \d\d)*) \| .+ \| (?P<law>.+) \| (?P<how>.+) \|$", re.M)
LAW = re.compile(r"《([^《》]*(?:法|条例|规定|办法|章程)(?:（试行）)?)》")
NUMBERED = re.compile(r"[一-鿿]+〔\d{4}〕\d+号|〔\d{2}〕[一-鿿]+\d+号")
ARTICLE = re.compile(r"第([一二三四五六七八九十百零]+|\d+)条")
LEGAL = re.compile(r"依法[^治]|法律规定|法定的|不得低于|条例|(?:法|规定)第.{1,5}条")
NO_LAW = {"02", "05", "11", "12", "13"}
"""Essays that say how things are done, and nothing of law."""

DIGITS = "零一二三四五六七八九"


def number(text: str) -> int:
    """Return the number of an article: 43 of 四十三, 107 of 一百零七."""
    if text.isdigit():
        return int(text)
    hundreds, has_hundreds, rest = text.rpartition("百")
    tens, has_tens, ones = rest.lstrip("零").rpartition("十")
    told = DIGITS.index(hundreds) * 100 if has_hundreds else 0
    told += DIGITS.index(tens or "一") * 10 if has_tens else 0
    return told + (DIGITS.index(ones) if ones else 0)


def lines_of(key: str) -> str:
    found = (line["law"] for line in LINE.finditer(README) if key in line["essays"].split(", "))
    return "; ".join(found)


def articles_in(lines: str) -> set[int]:
    """Return the articles of these lines: neither years of laws nor numbers of documents."""
    bare = NUMBERED.sub("", lines)
    spans = re.findall(r"(?<!\d)(\d{1,3})(?:–(\d{1,3}))?(?!\d)", bare)
    return {each for first, last in spans for each in range(int(first), int(last or first) + 1)}


def folded(name: str) -> str:
    essay = read_essay(name)
    return script.fold(f"{essay['summary']}\n{essay.body}")


@pytest.mark.parametrize("name", SCRAPES)
def test_each_law_and_article_of_an_essay_has_its_line(name):
    text, lines = folded(name), lines_of(name[:2])
    cited = {*LAW.findall(text), *NUMBERED.findall(text)}
    assert not [law for law in cited if law not in lines]
    articles = {number(article) for article in ARTICLE.findall(text)}
    assert articles <= articles_in(lines)
    assert bool(lines) != (name[:2] in NO_LAW)
    if name[:2] in NO_LAW:
        assert not LEGAL.findall(text)


def test_each_line_says_how_it_was_checked_and_is_of_an_essay():
    """Nothing is there from memory alone."""
    lines = list(LINE.finditer(README))
    table = [line for line in README.splitlines() if re.match(r"\| \d", line)]
    assert len(lines) == len(table) > 70
    keys = {name[:2] for name in SCRAPES}
    for line in lines:
        assert set(line["how"].split(", ")) <= {"T", "O", "N"}, line[0]
        assert set(line["essays"].split(", ")) <= keys, line[0]


def test_numbers_of_articles_are_read():
    assert [number(n) for n in ("十", "二十三", "四十", "一百零七", "一百一十三", "44")] == [
        10, 23, 40, 107, 113, 44,
    ]  # fmt: skip
