"""Entities and tags go; what speaks of them stays."""

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.importing.edits import Flag
from articles.importing.repairs import Page
from articles.importing.repairs.stray_markup import drop_markup

from ..support import damage
from ..support.timing import is_in_proportion

LINES = [
    line for name in damage.SCRAPES for line in damage.read_essay(name).body.split("\n") if line
]
NAMED = {"“": "&ldquo;", "”": "&rdquo;", "—": "&mdash;", "…": "&hellip;", "·": "&middot;"}


def by_number(text: str) -> str:
    return "".join(char if char.isascii() else f"&#{ord(char)};" for char in text)


def by_hexadecimal(text: str) -> str:
    return "".join(char if char.isascii() else f"&#x{ord(char):X};" for char in text)


def by_name(text: str) -> str:
    return text.translate(str.maketrans(NAMED))


@settings(max_examples=60, deadline=None)
@given(
    line=st.sampled_from(LINES),
    escape=st.sampled_from([by_number, by_hexadecimal, by_name]),
    twice=st.booleans(),
)
def test_escaped_text_comes_back(line, escape, twice):
    escaped = escape(line)
    assert drop_markup(html.escape(escaped) if twice else escaped) == line


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("第一段。<br/>第二段。", "第一段。\n第二段。"),
        ("<p>第一段。</p>", "\n第一段。\n"),
        ("第一段。&lt;br&gt;第二段。", "第一段。\n第二段。"),
        ("第一段。&amp;lt;br /&amp;gt;第二段。", "第一段。\n第二段。"),
        ('<span style="color:red">工会</span><a href="/x?a=1">主席</a>', "工会主席"),
        ("&lt;p class=&quot;x&quot;&gt;一段", "\n一段"),
        ("工会<!-- 广告 -->主席<script>var a = '<b>';</script>", "工会主席"),
        ("工会<o:p></o:p>主席", "工会主席"),
        ("A&amp;B、3 &lt; 4、5 &gt; 4", "A&B、3 < 4、5 > 4"),
    ],
)
def test_what_goes(page, text):
    assert drop_markup(page) == text


@pytest.mark.parametrize("line", LINES)
def test_clean_lines_stay(line):
    assert not list(drop_markup.find(Page(line)))


def test_a_page_that_speaks_of_markup_keeps_it_and_is_flagged_where_tags_also_go():
    page = "<p>標籤 <br> 用來換行。</p>\n<p>另一段。</p>"
    assert drop_markup(page) == "<p>標籤 <br> 用來換行。</p>\n\n另一段。\n"
    assert [f.kind for f in drop_markup.find(Page(page)) if isinstance(f, Flag)] == ["markup"]


@pytest.mark.parametrize(
    "unit",
    ["<", "<p ", "<!--", "<script>", "&", "&amp;", "&lt;", "`", "“", "<p " + "a" * 300 + ">"],
)
def test_a_hostile_page_takes_time_in_proportion(unit):
    assert is_in_proportion(lambda size: list(drop_markup.find(Page((unit * size)[:size] + "<&"))))
