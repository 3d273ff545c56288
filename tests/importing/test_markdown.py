"""Markdown as people write it in Chinese: emphasis at any mark, additions of sites and note-takers,
front matter in every form; whatever is not text goes on record, and no word of the author's does."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles.importing.edits import apply
from articles.importing.pipeline import make_draft
from articles.importing.readers import UnreadableFile, read
from articles.importing.structure.as_html import from_blocks

from ..support.formats import PART_ONE, PART_TWO

HEAD = "---\ntitle: 把话听完\nauthor: 王芳\ndate: 2020-03-05\n---\n## 听\n\n"
"""What leaves no field to be looked for in a text, and no outline to be guessed."""


def draft_of(markdown: str):
    return make_draft(markdown.encode(), "a.md")


def body_of(markdown: str) -> str:
    """Return what a piece of Markdown makes of itself, in a text whose fields and outline stand."""
    whole = from_blocks(draft_of(f"{HEAD}{PART_ONE}\n\n{markdown}\n\n{PART_TWO}\n").blocks)
    return whole.removeprefix(f"<h2>听</h2>\n<p>{PART_ONE}</p>\n").removesuffix(
        f"\n<p>{PART_TWO}</p>"
    )


def marked(text: str) -> str:
    """Return text with ‹strong›, «em» for what is emphasised: short to write in a table."""
    return re.sub(r"«(.*?)»", r"<em>\1</em>", re.sub(r"‹(.*?)›", r"<strong>\1</strong>", text))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**先听：**再办", "‹先听：›再办"),
        ("先**“听”**再办", "先‹“听”›再办"),
        ("先**（听）**再办", "先‹（听）›再办"),
        ("先**《工会法》**再办", "先‹《工会法》›再办"),
        ("__先听。__再办", "‹先听。›再办"),
        ("先__“听”__再办", "先‹“听”›再办"),
        ("*先听！*再办", "«先听！»再办"),
        ("先*「听」*再办", "先«「听」»再办"),
        ("***先听：***再办", "<strong><em>先听：</em></strong>再办"),
        ("GDP**（人均）**是", "GDP‹（人均）›是"),
        ("**甲**，**乙**；**丙：**丁", "‹甲›，‹乙›；‹丙：›丁"),
        ("** 先听：**再办", "‹先听：›再办"),
        ("**先听：**，再办", "‹先听：›，再办"),
        ("先**听**再办，a **b** c", "先‹听›再办，a ‹b› c"),
        ("长3*宽4*高5", "长3*宽4*高5"),
        ("姓名____，性别____。", "姓名____，性别____。"),
        ("合同期__年__月", "合同期__年__月"),
        (r"先\*听\*再办", "先*听*再办"),
    ],
)
def test_emphasis_begins_and_ends_at_chinese_marks(written, shown):
    assert body_of(written) == f"<p>{marked(shown)}</p>"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("要点是==先听==再办", "<p>要点是先听再办</p>"),
        (
            "见脚注[^1]。\n\n[^1]: 第六条，*全文*。",
            "<p>见脚注[1]。</p>\n<p>[1] 第六条，<em>全文</em>。</p>",
        ),
        (
            "[^甲]: 谁也没有引用。\n[^乙]: 又一条。",
            "<p>[甲] 谁也没有引用。</p>\n<p>[乙] 又一条。</p>",
        ),
        ("先听^[这是旁注]再办", "<p>先听（这是旁注）再办</p>"),
        ("[注1]: 参见第六条", "<p>[注1]: 参见第六条</p>"),
        ("[2023](5)号文，[注](见附录)", "<p>[2023](5)号文，[注](见附录)</p>"),
        ("- [x] 听完\n- [ ] 办完", "<ul><li><p>☑ 听完</p></li><li><p>☐ 办完</p></li></ul>"),
        ("::: tip 要听\n先听再办。\n:::", "<p>要听</p>\n<p>先听再办。</p>"),
        (":::warning{title=x}\n先听再办。\n:::", "<p>先听再办。</p>"),
        (
            '!!! note "要听"\n    **先听：**再办。',
            "<p>要听</p>\n<p><strong>先听：</strong>再办。</p>",
        ),
        ("> [!NOTE]\n> 先听再办。", "<blockquote><p>先听再办。</p></blockquote>"),
        ("> [!tip]- 要听\n> 先听再办。", "<blockquote><p>要听</p>\n<p>先听再办。</p></blockquote>"),
        ("提案\n: 职工的主张。", "<p>提案</p>\n<p>职工的主张。</p>"),
        ("照[[工会法|法]]办，见[[第六条]]", "<p>照法办，见第六条</p>"),
        ("公式$a_1*b_2*c$要记", "<p>公式$a_1*b_2*c$要记</p>"),
        (
            "    四个空格的**段落：**也是段落。",
            "<p>四个空格的<strong>段落：</strong>也是段落。</p>",
        ),
        ('<div align="center">\n**居中：**的字\n</div>', "<p><strong>居中：</strong>的字</p>"),
        ("先听\n再办", "<p>先听再办</p>"),
        ("==先听\n再办==，++再问++，m^2^与H~2~O", "<p>先听再办，再问，m²与H₂O</p>"),
        ("1++2和C++都不动，10^2和a~b~c", "<p>1++2和C++都不动，10^2和a~b~c</p>"),
        ("先听完。\n再去办。", "<p>先听完。</p>\n<p>再去办。</p>"),
        ("|甲|乙|\n|-|-|\n|一|二|多的|", "多的"),
    ],
)
def test_additions_of_sites_and_note_takers_keep_every_word(written, shown):
    found = body_of(written)
    assert found == shown if shown.startswith("<") else shown in found


@pytest.mark.parametrize(
    ("written", "heading"),
    [
        *(
            ("#听完再办", True),
            ("##二、听完##", True),
            ("＃听完", True),
            ("### 听完", True),
            ("#1、听完", True),
        ),
        *(
            ("#听完# 大家说", False),
            ("#1 号车间", False),
            ("#工会 #职工", False),
            ("#听完了就要去办。", False),
        ),
        *(("#union", False), ("要听完。\n---", False), ("要听\n---", True)),
    ],
)
def test_headings_need_no_space_and_tags_are_none(written, heading):
    markdown = f"{HEAD}{PART_ONE}\n\n{written}\n\n{PART_TWO}\n"
    marks = read(markdown.encode(), "a.md").marks
    assert [mark.kind for mark in marks] == ["heading"] * (3 if heading else 2)


def test_the_title_of_a_file_stands_above_headings_of_its_level():
    draft = draft_of(f"# 把话听完\n\n作者：王芳\n\n{PART_ONE}\n\n# 再去办\n\n{PART_TWO}\n")
    assert (draft.title, draft.authors) == ("把话听完", ["王芳"])
    assert [block.text for block in draft.headings] == ["再去办"]


def test_labels_under_one_another_are_lines():
    draft = draft_of(
        f"# 把话听完\n\n作者：王芳\n日期：2020-03-05\n来源：某某报\n\n{PART_ONE}\n\n{PART_TWO}\n"
    )
    assert (draft.authors, f"{draft.stated_date}", draft.source_name) == (
        *(["王芳"], "2020-03-05", "某某报"),
    )


@pytest.mark.parametrize(
    "tag",
    [
        *(
            "{% asset_img a_b_c.png 手套 %}",
            '{{< figure src="/a.png" title="手套" >}}',
            "{{<toc>}}",
        ),
        *("{{% notice %}}", "{{ page.title }}", "{: .lead}", "[toc]", "[[_TOC_]]", "@[TOC](目录)"),
        *("![[手套.png]]", "* TOC\n{:toc}", "{% include figure.html src='*a*' %}"),
    ],
)
def test_tags_of_programs_go_on_record(tag):
    draft = draft_of(f"{HEAD}{PART_ONE}\n\n{tag}\n\n{PART_TWO}\n")
    assert [block.text for block in draft.blocks] == ["听", PART_ONE, PART_TWO]
    [edit] = draft.edits
    assert edit.kind == "markup"
    assert re.sub(r"\s+", "", edit.before) == re.sub(r"^\*|\s+", "", tag)
    assert ("images-dropped" in {flag.kind for flag in draft.flags}) == bool(
        re.search("img|figure|png", tag)
    )


def test_a_tag_for_where_the_teaser_ends_leaves_nothing():
    draft = draft_of(f"{HEAD}{PART_ONE}\n\n<!-- more -->\n\n{PART_TWO}\n")
    assert [block.text for block in draft.blocks] == ["听", PART_ONE, PART_TWO]
    assert draft.edits == []


@pytest.mark.parametrize("written", ["~~先等~~", "<s>先等</s>", "<del>先等</del>"])
def test_what_is_struck_out_is_no_text_but_can_be_put_back(written):
    draft = draft_of(f"{HEAD}{PART_ONE}\n\n要{written}先听再办。\n\n{PART_TWO}\n")
    assert draft.blocks[2].text == "要先听再办。"
    assert [(e.before, e.after, e.certain) for e in draft.edits] == [("先等", "", False)]
    [flag] = [flag for flag in draft.flags if flag.kind == "dropped"]
    assert draft.source_text[flag.start : flag.end] == "先等"


WHOLE = {
    "yaml": "---\ntitle: 把话听完\nauthor: 王芳\ndate: 2020-03-05\ntags: [提案, 票决]\n---\n",
    "lists": '---\n标题: "把话听完"\n作者:\n  - name: 王芳\n    email: a@b.cn\n日期: 2020年3月5日 # 内刊\n标签: 提案，票决\n---\n',
    "jekyll": "---\nlayout: post\ntitle:  '把话听完'\nauthor: {name: 王芳}\ndate: 2020-03-05 09:00:00 +0800\ntags: \"提案, 票决\"\n---\n",
    "folded": "---\ntitle: >-\n  把话\n  听完\nauthors: [王芳]\npublishDate: Thu, 05 Mar 2020 09:00:00 +0800\nkeywords:\n- 提案\n- 票决\n...\n",
    "hexo": "title: 把话听完\nauthor: 王芳 <a@b.cn>\ndate: 2020/03/05 09:00:00\ntags:\n- 提案\n- 票决\n---\n",
    "toml": '+++\ntitle = "把话听完"\nauthor = "王芳"\ndate = 2020-03-05T09:00:00+08:00\ntags = ["提案", "票决"]\n[params]\nx = 1\n+++\n',
    "json": '{\n  "title": "把话听完",\n  "author": {"name": "王芳"},\n  "date": "2020-03-05",\n  "tags": ["提案", "票决"]\n}\n\n',
    "json of hexo": '"title": "把话听完",\n"author": "王芳",\n"date": "2020/3/5",\n"tags": ["提案", "票决"]\n;;;\n',
    "pelican": "Title: 把话听完\nDate: 2020-03-05\nAuthor: 王芳\nTags: 提案, 票决\n\n",
    "pandoc": "% 把话听完\n% 王芳\n% 2020-03-05\n\n关键词：提案；票决\n",
    "windows": "\ufeff---\r\ntitle: 把话听完\r\nauthor: 王芳\r\ndate: March 5, 2020\r\ntags:\r\n  - 提案\r\n  - 票决\r\n---\r\n",
}


@pytest.mark.parametrize("form", WHOLE)
def test_front_matter_of_every_form_says_the_same(form):
    draft = draft_of(f"{WHOLE[form]}\n{PART_ONE}\n\n{PART_TWO}\n")
    assert (draft.title, draft.title_source) == ("把话听完", "front-matter")
    assert (draft.authors, f"{draft.stated_date}") == (["王芳"], "2020-03-05")
    assert draft.keywords == ["提案", "票决"]
    assert [block.text for block in draft.blocks] == [PART_ONE, PART_TWO]
    assert (draft.edits, draft.flags) == ([], [])


@pytest.mark.parametrize(
    ("front", "title"),
    [
        ('title: "王芳：\\"听完\\"再办"', "王芳：“听完”再办"),
        ("title: 'it''s 听完'", "it's 听完"),
        ("title: 2020", "2020"),
        ("title: no", "no"),
        ("title: 5:30", "5:30"),
        ("title: 听完 # 再办", "听完"),
    ],
)
def test_scalars_are_what_was_written(front, title):
    assert draft_of(f"---\n{front}\nauthor: 王芳\n---\n{PART_ONE}\n").title == title


def test_a_summary_of_several_lines_is_one_text_and_a_list_is_not_cut():
    front = (
        "description: >\n  先把话听完，\n  再去办。\ntags: ['提案, 票决', 维权]\ncategories: [别的]"
    )
    draft = draft_of(f"---\ntitle: 听完\n{front}\n---\n{PART_ONE}\n")
    assert draft.summary == "先把话听完，再去办。"
    assert draft.keywords == ["提案, 票决", "维权"]


@pytest.mark.parametrize(
    "front",
    [
        *("title: 听完: 再办\nauthor: 王芳", "title:听完: 再办\nauthor:王芳"),
        *("标题：听完: 再办\n作者：王芳", "title: 听完: 再办\nfoo bar\nauthor: 王芳"),
        "title: 听完: 再办\nauthor: @王芳",
    ],
)
def test_front_matter_that_no_parser_takes_is_read_flagged_and_kept_on_record(front):
    draft = draft_of(f"---\n{front}\n---\n\n{PART_ONE}\n\n{PART_TWO}\n")
    assert (draft.title, draft.authors) == ("听完： 再办", ["王芳"])
    assert [block.text for block in draft.blocks] == [PART_ONE, PART_TWO]
    assert "dropped" in {flag.kind for flag in draft.flags}
    assert draft.edits[0].before == f"---\n{front}\n---\n"
    assert apply(draft.source_text, draft.edits) == draft.clean_text


def test_front_matter_that_nobody_closed_is_no_prose():
    draft = draft_of(f"---\ntitle: 听完\nauthor: 王芳\n\n{PART_ONE}\n\n{PART_TWO}\n")
    assert (draft.title, draft.authors) == ("听完", ["王芳"])
    assert [block.text for block in draft.blocks] == [PART_ONE, PART_TWO]


@pytest.mark.parametrize(
    "opening",
    ["---\n王芳说: 要先听完。\n---\n", "---\n\n先听完再办。\n\n---\n", "问: 听完没有?\n---\n"],
)
def test_a_rule_above_a_text_makes_no_front_matter(opening):
    source = read(f"{opening}\n{PART_ONE}\n\n{PART_TWO}\n".encode(), "a.md")
    assert re.sub(r"\W", "", source.text).startswith(re.sub(r"\W", "", opening))
    assert (source.hints.title, source.edits) == ("", ())


def test_words_in_a_field_that_is_none_of_ours_are_told():
    note = "编者以为，先把话听完再去办，看来容易，做来却难，各地都可以学一学这个办法，也可以说说自己的。"
    draft = draft_of(f"---\ntitle: 听完\nauthor: 王芳\n编者按: {note}\n---\n{PART_ONE}\n")
    assert ["编者按" in flag.message for flag in draft.flags if flag.kind == "dropped"] == [True]


TRAPS = {
    "aliases": "a: &a [工, 会]\n"
    + "".join(
        f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "tags: *i\ntitle: 听完",
    "depth": "title: 听完\ntags: " + "[" * 9_000,
    "length": "title: 听完\n" + "a: b\n" * 40_000,
    "objects": "title: 听完\ntags: !!python/object/apply:os.system [ls]",
    "itself": "title: 听完\ntags: &a [*a]",
    "controls": "title: 听完\na: \x01",
}


@pytest.mark.parametrize("trap", TRAPS)
def test_front_matter_that_is_a_trap_is_harmless(trap):
    draft = draft_of(f"---\n{TRAPS[trap]}\n---\n{PART_ONE}\n")
    assert draft.title == "听完"
    assert len(draft.keywords) < 3
    assert draft.blocks[-1].text == PART_ONE


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *("**", "*", "__", "~~", "==", "`", "#", "##", "- ", "1. ", "> ", "|", "\n|-|-|\n"),
                *(
                    "[",
                    "]",
                    "(",
                    ")",
                    "[^1]",
                    "[^1]: ",
                    "[[",
                    "]]",
                    "^[",
                    ":::",
                    ": ",
                    "{",
                    "}",
                    "{%",
                    "%}",
                ),
                *(
                    "\n",
                    "\n\n",
                    "    ",
                    "---\n",
                    "+++\n",
                    "title: ",
                    "：",
                    "。",
                    "“",
                    "”",
                    "，",
                    "<b>",
                    "</b>",
                ),
                *(
                    "听",
                    "办职",
                    "工会",
                    "甲乙丙",
                    "<div>",
                    "</div>",
                    "$",
                    "![",
                    "{工|gōng}",
                    "[x] ",
                ),
            ]
        ),
        max_size=40,
    ).map("".join)
)
@example(markdown="~~~~听")
def test_no_character_of_any_markdown_is_lost(markdown):
    try:
        source = read(f"{PART_ONE}\n\n{markdown}".encode(), "a.md")
    except UnreadableFile:
        return
    for character in "听办职工会甲乙丙":
        addresses = re.findall(r"\]\([^()]*\)|\]: *\S+|!\[[^\]]*\]", markdown)
        lost = markdown.count(character) - source.text.removeprefix(PART_ONE).count(character)
        assert lost <= "".join(addresses).count(character)


def test_an_editors_table_of_contents_is_left_out_on_record():
    contents = "- [听完](#听完)\n  - [再问](#再问)\n- [再办](#再办)\n"
    draft = draft_of(f"# 把话听完\n\n{contents}\n## 听完\n\n{PART_ONE}\n\n## 再办\n\n{PART_TWO}\n")
    assert [block.text for block in draft.blocks] == ["听完", PART_ONE, "再办", PART_TWO]
    assert any(edit.kind == "contents" and "再问" in edit.before for edit in draft.edits)
    other = "- [工会法](https://a.cn/1)\n- [劳动法](https://a.cn/2)\n"
    assert "工会法" in body_of(other)
    assert "先看" in body_of("- 先看[听完](#听完)\n- [再办](#再办)\n")
