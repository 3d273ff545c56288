"""Whatever text comes, a draft fits the library's columns, has a title, and can be undone."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.importing.draft import LONGEST
from articles.importing.edits import apply, invert
from articles.importing.pipeline import make_draft
from articles.importing.readers import UnreadableFile
from articles.intake.library import store
from articles.models import Article, Author, Tag

EXAMPLES = int(os.environ.get("ANY_TEXT_EXAMPLES", "40"))

PIECES = (
    *"?？!！。，、：；…—-*_#|>·〇〔〕（）()[]【】《》“”\n\n\n\r\t 　",
    *"工会职工說話走访王李明芳年月日元一二十0123aZé",
    *"\x00\x08\x1b\x85\u200b\u200f\u202e\u2028\u2067\ufeff\ufffd\ue863\ue5e5\uf0b7\uf914\u2f2f️\udc80\U0010ffff",
    *(
        "作者：",
        "作者:王芳",
        "标题：",
        "題目：",
        "时间：",
        "日期：2023年5月4日",
        "2023-05-04 10:20",
    ),
    *("来源：", "来源：某某报", "单位：", "摘要：", "关键词：", "关键词：工会；职工", "記者王芳"),
    *(
        "目录",
        "第一章　总则",
        "一、",
        "（一）",
        "1、",
        "附件：1.",
        "---",
        "# ",
        "各位代表：",
        "&nbsp;",
        "<p>",
    ),
    *(
        "工會(huì)",
        "Nǐ huì",
        "锟斤拷",
        "鍔冲姩",
        "? ? ? ",
        "（责任编辑：李明）",
        "https://a.example/",
    ),
    "工会要到职工中间去，听他们说，替他们办，办完了再回去问一声，职工才信。",
)
MIXED = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
LONG = st.builds(
    lambda piece, n, rest: piece * n + rest, st.sampled_from(PIECES), st.integers(30, 900), MIXED
)
LABELLED = st.builds(
    lambda label, piece, n: f"谈谈工会\n{label}{piece * n}\n正文说了一句，再说一句。",
    st.sampled_from([piece for piece in PIECES if "：" in piece]),
    st.sampled_from(PIECES),
    st.integers(1, 300),
)


COLUMNS = {
    "title": (Article, "title"),
    "source_name": (Article, "source_name"),
    "source_url": (Article, "source_url"),
    "unit": (Author, "unit"),
    "author": (Author, "name"),
    "tag": (Tag, "name"),
}


def test_a_draft_knows_what_the_columns_hold():
    assert {
        name: model._meta.get_field(at).max_length for name, (model, at) in COLUMNS.items()
    } == LONGEST


def check(draft) -> None:
    assert draft.title.strip(), draft.source_text
    assert any(char.isalnum() for char in draft.title), draft.title
    assert "\n" not in draft.title
    for name, values in (
        ("title", [draft.title]),
        ("source_name", [draft.source_name]),
        ("source_url", [draft.source_url]),
        ("unit", [draft.unit]),
        ("author", draft.authors),
        ("tag", draft.tags),
    ):
        assert all(len(value) <= LONGEST[name] for value in values), values
    size = len(draft.source_text)
    for place in (*draft.edits, *draft.flags):
        assert 0 <= place.start <= place.end <= size, place
    assert apply(draft.source_text, draft.edits) == draft.clean_text
    assert apply(draft.clean_text, invert(draft.edits)) == draft.source_text
    if not draft.blocked:
        assert draft.title_source not in ("none", "opening", "summary")


@pytest.mark.parametrize(
    "texts",
    [st.text(st.characters(codec="utf-8"), max_size=300), MIXED, LONG, LABELLED],
    ids=["any", "mixed", "long", "labelled"],
)
def test_any_text_gives_a_draft_that_fits_or_a_word_on_why_not(texts):
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(texts)
    def tried(text):
        try:
            draft = make_draft(text.encode("utf-8", errors="surrogateescape"), "a.txt")
        except UnreadableFile as error:
            assert str(error)
        else:
            check(draft)

    tried()


NAMELESS = (
    "?",
    "?\n",
    "???\n---\n***",
    "?\n工会要到职工中间去，听他们说。",
    "——\n？？？\n工会要到职工中间去，听他们说。\n替他们办。",
    "？！\n作者：王芳\n2023年5月4日\n……",
    "。，；工会要到职工中间去。",
    "\u202e\u2067\ufeff\n\x00\x00\n工会要到职工中间去。",
    "\ue000\ue001\n\ue002",
    "\uf0b7\n\uf0b7 工会",
    "目录\n目录\n目录",
    "# ?\n\n工会要到职工中间去。",
    "标题：？\n作者：？\n来源：？\n工会要到职工中间去，听他们说。",
    "工" * 5000,
    "标题：" + "工" * 5000 + "\n工会要到职工中间去。",
    "作者：" + "王" * 5000 + "\n工会要到职工中间去。",
    "来源："
    + "报" * 5000
    + "\n原文链接：https://a.example/"
    + "a" * 5000
    + "\n工会要到职工中间去。",
    "关键词：" + "；".join("工会" + "会" * n for n in range(300)) + "\n工会要到职工中间去。",
)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
@pytest.mark.parametrize("text", NAMELESS, ids=lambda text: ascii(text[:8]))
def test_a_page_that_names_nothing_is_stored_or_refused_with_a_word(text, name):
    try:
        draft = make_draft(text.encode(), name)
    except UnreadableFile as error:
        assert str(error)
        return
    check(draft)
    stored = store(draft, f"/{name}", name)
    assert stored.article.title == draft.title
    assert stored.article.status != "published"


@pytest.mark.parametrize("first", ["?", "？？", "……", "---", "\u202e", "\ue5e5", "*"])
def test_a_first_line_of_marks_is_no_title_and_not_lost(first):
    draft = make_draft(f"{first}\n工会要到职工中间去，听他们说。\n替他们办。".encode(), "a.txt")
    assert draft.title == "工会要到职工中间去"
    assert any(flag.kind == "missing-title" and flag.blocking for flag in draft.flags)
    if first in draft.clean_text:
        assert first in [draft.blocks[0].text, *draft.extracted]
