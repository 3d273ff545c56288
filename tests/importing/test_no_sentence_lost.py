"""No sentence of the author's is taken for the site's, wherever on the page it stands."""

import re
from itertools import islice
from pathlib import Path

import pytest

from articles.importing.fields.around_title import _FARM_LEAD
from articles.importing.fields.candidates import is_furniture
from articles.importing.pipeline import make_draft
from articles.importing.repairs.boilerplate import drop_boilerplate_lines
from articles.text import script

from ..support.places import CORPUS

TITLE = "班组里的一本账"
PARAGRAPHS = (
    "班组里的账本记了十年，哪一天谁加了班，谁替谁顶了岗，都写得清清楚楚，一笔也不少，翻开来看像一本厂史。",
    "后来账本换成了电脑，老组长不放心，自己又抄了一份，锁在柜子里，说机器会坏，字不会，谁也赖不掉。",
    "去年厂里评先进，几个部门的说法对不上，就把这本账搬了出来，一页一页地念，念完了没有人再争一句。",
)
LIKE_FURNITURE = (Path(__file__).parent / "sentences" / "like_furniture.txt").read_text("utf-8")
EVERY_NTH = 90


def of_corpus() -> list[str]:
    """Return all sentences of the clean texts; a byline is none, and is read for its name."""
    lines = (line for path in sorted(CORPUS.glob("*.txt")) for line in path.open(encoding="utf-8"))
    sentences = (part.strip() for line in lines for part in re.split(r"(?<=[。！？])", line))
    return list(
        dict.fromkeys(one for one in sentences if 4 <= len(one) <= 60 and "本刊记者 " not in one)
    )


def said(text: str) -> str:
    """Return all that a curator finds of a page in its draft."""
    draft = make_draft(text.encode(), "page.txt")
    blocks = [part for block in draft.blocks for part in (block, *block.parts)]
    return "\n".join([draft.title, draft.summary, *(block.text for block in blocks)])


def lost_of(sentences: list[str]) -> list[tuple[str, str]]:
    """Return what is lost where each sentence stands in each place once, three on every page."""
    lost = []
    one, two, three = PARAGRAPHS
    for number, second in enumerate(sentences):
        within, last = sentences[number - 1], sentences[number - 2]
        for byline in ("", "作者：王芳\n"):
            text = f"{TITLE}\n{byline}{second}\n{one}\n{within}\n{two}\n{three}\n{last}"
            kept = said(text) if byline or number % 3 == 0 else text
            places = {"second": second, "within": within, "last": last}
            lost += [(place, line) for place, line in places.items() if line not in kept]
    return lost


@pytest.mark.takes_long
def test_sentences_with_the_words_of_sites_stay():
    assert not lost_of(LIKE_FURNITURE.split())


@pytest.mark.takes_long
def test_sentences_of_clean_texts_stay():
    assert not lost_of(list(islice(of_corpus(), 0, None, EVERY_NTH)))


def test_no_pattern_of_furniture_fits_a_sentence_of_a_clean_text():
    sentences = of_corpus()
    assert len(sentences) > 1500
    taken = [s for s in sentences if is_furniture(s) or _FARM_LEAD.fullmatch(script.fold(s))]
    assert not taken
    for rims in (sentences[::2], sentences[1::2]):
        for number in range(0, len(rims), 6):
            text = "\n".join(rims[number : number + 6])
            assert drop_boilerplate_lines(text) == text
