"""Word files: nothing that a person sees on the page is lost, nothing that nobody sees gets out."""

import io

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.importing.pipeline import make_draft
from articles.importing.readers import UnreadableFile, read

from ..support import formats

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def run(text: str, properties: str = "") -> str:
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'


def para(*runs: str, properties: str = "") -> str:
    content = "".join(r if r.startswith("<") else run(r) for r in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def ruby(base: str, reading: str) -> str:
    return (
        f"<w:r><w:ruby><w:rubyPr/><w:rt>{run(reading)}</w:rt>"
        f"<w:rubyBase>{run(base)}</w:rubyBase></w:ruby></w:r>"
    )


def field(instruction: str, result: str | None = None, end: bool = True) -> str:
    def mark(kind):
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    shown = "" if result is None else mark("separate") + result
    told = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return mark("begin") + told + shown + (mark("end") if end else "")


def math(content: str) -> str:
    return f"<m:oMath {M}>{content}</m:oMath>"


def m(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def source(body: str, **parts):
    return read(formats.word(body, **parts), "a.docx")


def left_out(found) -> list[tuple[str, str]]:
    """Return of each flag what it quotes and where it stands."""
    return [
        (f.message.split("「")[1].rsplit("」")[0], found.text[f.start : f.end])
        for f in found.flags
        if f.kind == "dropped"
    ]


# Lists


def level(depth: int, form: str, text: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def lists(*levels: str, nums: str = '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'):
    abstract = f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>'
    return {"word/numbering.xml": f"<w:numbering {W}>{abstract}{nums}</w:numbering>"}


def item(text: str, depth: int = 0, number: int = 1, look: str = "") -> str:
    place = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    return para(run(text, look), properties=place)


@pytest.mark.parametrize(
    ("form", "text", "shown"),
    [
        ("chineseCountingThousand", "第%1条", ["第一条　聽", "第二条　辦"]),
        ("chineseCountingThousand", "第%1章　", ["第一章　聽", "第二章　辦"]),
        ("chineseCounting", "（%1）", ["（一）聽", "（二）辦"]),
        ("taiwaneseCountingThousand", "%1、", ["一、聽", "二、辦"]),
        ("ideographTraditional", "%1、", ["甲、聽", "乙、辦"]),
        ("ideographLegalTraditional", "%1、", ["壹、聽", "貳、辦"]),
        ("decimalEnclosedCircle", "%1", ["①聽", "②辦"]),
        ("decimal", "%1、", ["1、聽", "2、辦"]),
        ("decimal", "(%1)", ["(1)聽", "(2)辦"]),
        ("decimalFullWidth", "%1．", ["１．聽", "２．辦"]),
        ("upperRoman", "%1.", ["I.聽", "II.辦"]),
        ("lowerLetter", "%1)", ["a)聽", "b)辦"]),
        ("decimal", "%1 ", ["聽", "辦"]),
        ("decimal", "%1.", ["聽", "辦"]),
        ("bullet", "•", ["聽", "辦"]),
    ],
)
def test_a_number_is_written_out_unless_any_list_shows_it(form, text, shown):
    found = source(item("聽") + item("辦"), **lists(level(0, form, text)))
    assert found.text.split("\n") == shown
    values = [mark.value for mark in found.marks if mark.kind == "item"]
    plain = shown == ["聽", "辦"]
    assert values == ([] if not plain else ["", ""] if form == "bullet" else ["1", "2"])
    assert found.flags == ()


@pytest.mark.parametrize(
    ("number", "shown"),
    [(10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (100, "一百"), (101, "一百零一")],
)
def test_articles_of_rules_are_counted_past_ten(number, shown):
    rules = lists(level(0, "chineseCountingThousand", "第%1条", start=number))
    assert source(item("聽"), **rules).text == f"第{shown}条　聽"


def test_a_list_that_goes_on_behind_a_paragraph_keeps_its_numbers():
    body = item("聽") + item("問") + para("中間說一句。") + item("辦")
    found = source(body, **lists(level(0, "decimal", "%1.")))
    assert found.text.split("\n") == ["1.聽", "2.問", "中間說一句。", "3.辦"]
    assert not found.marks


def test_levels_count_by_themselves_and_begin_anew():
    levels = [
        level(0, "chineseCounting", "%1、"),
        level(1, "decimal", "%1.%2", "<w:isLgl/>"),
        level(2, "decimal", "%3)", '<w:lvlRestart w:val="0"/><w:suff w:val="nothing"/>'),
    ]
    steps = [0, 1, 1, 2, 0, 1, 2]
    found = source("".join(item("聽", depth) for depth in steps), **lists(*levels))
    assert found.text.split("\n") == [
        *("一、聽", "1.1 聽", "1.2 聽", "1)聽", "二、聽", "2.1 聽", "2)聽")
    ]


def test_a_list_may_begin_again_or_be_written_another_way():
    other = level(0, "decimal", "%1、")
    nums = "".join(
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="7"/>{change}</w:num>'
        for n, change in enumerate(
            [
                "",
                "",
                '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>',
                f'<w:lvlOverride w:ilvl="0">{other}</w:lvlOverride>',
            ],
            1,
        )
    )
    body = "".join(item("聽", number=n) for n in (1, 2, 3, 3, 4))
    found = source(body, **lists(level(0, "chineseCounting", "%1、"), nums=nums))
    assert found.text.split("\n") == ["一、聽", "二、聽", "五、聽", "六、聽", "7、聽"]


def test_a_style_puts_its_paragraphs_into_a_list_and_one_can_leave_it():
    styles = (
        f'<w:styles {W}><w:style w:type="paragraph" w:styleId="t"><w:name w:val="條文"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="u"><w:name w:val="條文下"/><w:basedOn w:val="t"/>'
        "</w:style></w:styles>"
    )
    body = (
        para("聽", properties='<w:pStyle w:val="t"/>')
        + para("不算", properties='<w:pStyle w:val="t"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        + para("辦", properties='<w:pStyle w:val="u"/>')
    )
    levels = [
        level(0, "chineseCounting", "第%1条", '<w:pStyle w:val="t"/>'),
        level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="u"/>'),
    ]
    found = source(body, **{"word/styles.xml": styles}, **lists(*levels))
    assert found.text.split("\n") == ["第一条　聽", "不算", "（一）辦"]


def test_bold_numbered_paragraphs_are_the_headings_of_an_essay():
    body = (
        formats.paragraph("手套", "a3")
        + item("先把手套发下去", look="<w:b/>")
        + para(formats.PART_ONE)
        + item("再把回音带回来", look="<w:b/>")
        + para(formats.PART_TWO)
    )
    rules = lists(level(0, "chineseCountingThousand", "%1、"))
    draft = make_draft(formats.word(body, **rules), "a.docx")
    assert [(b.level, b.text) for b in draft.headings] == [
        (2, "一、先把手套发下去"),
        (2, "二、再把回音带回来"),
    ]
    assert [b.spans for b in draft.headings] == [(), ()]


def test_cells_that_hold_only_a_number_show_it():
    cells = "".join(
        f"<w:tr><w:tc>{item('')}</w:tc><w:tc>{para(name)}</w:tc></w:tr>"
        for name in ("甲廠", "乙廠")
    )
    found = source(f"<w:tbl>{cells}</w:tbl>", **lists(level(0, "decimal", "%1")))
    assert found.text == "1\t甲廠\n2\t乙廠"


# Headings


@pytest.mark.parametrize("place", ["paragraph", "style", "ancestor", "heading style", "body again"])
def test_a_place_in_the_outline_makes_a_heading(place):
    outline = '<w:outlineLvl w:val="{}"/>'
    own = {
        "paragraph": outline.format(0),
        "body again": f'<w:pStyle w:val="x"/>{outline.format(9)}',
    }
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>{more}</w:style>'
        for key, name, more in [
            ("x", "小題", f"<w:pPr>{outline.format(0)}</w:pPr>" if place != "ancestor" else ""),
            ("y", "小題二", '<w:basedOn w:val="z"/>'),
            ("z", "小題三", f"<w:pPr>{outline.format(0)}</w:pPr>"),
            ("h", "我的題", '<w:basedOn w:val="h1"/>'),
            ("h1", "heading 1", ""),
        ]
    )
    key = {"style": "x", "ancestor": "y", "heading style": "h"}.get(place, "")
    properties = own.get(place, f'<w:pStyle w:val="{key}"/>')
    found = source(
        para("帳是怎麼記的", properties=properties) + para(formats.PART_ONE),
        **{"word/styles.xml": f"<w:styles {W}>{styles}</w:styles>"},
    )
    headings = [(m.level, found.text[m.start : m.end]) for m in found.marks if m.kind == "heading"]
    assert headings == ([] if place == "body again" else [(2, "帳是怎麼記的")])


def test_a_sentence_put_into_the_outline_stays_a_sentence():
    found = source(para("這是一句話。", properties='<w:outlineLvl w:val="1"/>') + para("下一句。"))
    assert not found.marks


@pytest.mark.parametrize(
    ("first", "second", "lines"),
    [
        ("東港市總工會", "關於做好勞動保護的通知", ["東港市總工會關於做好勞動保護的通知"]),
        ("Rules of", "The Union", ["Rules of The Union"]),
        ("把話聽完再去辦", "王芳", ["把話聽完再去辦", "王芳"]),
    ],
)
def test_a_heading_broken_for_its_looks_is_one_line(first, second, lines):
    broken = f"<w:r><w:t>{first}</w:t><w:br/><w:t>{second}</w:t></w:r>"
    assert source(para(broken, properties='<w:pStyle w:val="a3"/>')).text.split("\n") == lines


def test_a_large_first_letter_belongs_to_its_sentence():
    frame = '<w:framePr w:dropCap="drop" w:lines="3"/>'
    assert (
        source(para("工", properties=frame) + para("會干部下到班組。")).text == "工會干部下到班組。"
    )


# What is not on the page, and what is on it twice


@pytest.mark.parametrize("how", ["run", "character style", "paragraph style", "ancestor"])
@pytest.mark.parametrize("what", ["vanish", "strike", "dstrike"])
def test_hidden_and_struck_out_words_stay_out_and_are_told(how, what):
    styles = "".join(
        f'<w:style w:type="{kind}" w:styleId="{key}"><w:name w:val="{key}"/>{more}</w:style>'
        for kind, key, more in [
            ("character", "c", f"<w:rPr><w:{what}/></w:rPr>"),
            ("paragraph", "p", f"<w:rPr><w:{what}/></w:rPr>"),
            ("paragraph", "q", '<w:basedOn w:val="p"/>'),
        ]
    )
    look = {"run": f"<w:{what}/>", "character style": '<w:rStyle w:val="c"/>'}.get(how, "")
    style = {"paragraph style": "p", "ancestor": "q"}.get(how)
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    seen = run("看得見。", f'<w:{what} w:val="0"/>' if style else "")
    body = para(seen, run("不給", look), run("人看", look), properties=properties)
    found = source(body, **{"word/styles.xml": f"<w:styles {W}>{styles}</w:styles>"})
    assert found.text == "看得見。"
    assert left_out(found) == [("不給人看", "看得見。")]


def test_what_is_set_too_small_to_see_is_hidden():
    found = source(
        para("一句話。", run("x3Kp", '<w:sz w:val="2"/>'), run("再一句。", '<w:sz w:val="9"/>'))
    )
    assert found.text == "一句話。再一句。"
    assert left_out(found) == [("x3Kp", "一句話。再一句。")]


def test_a_switch_turned_off_hides_nothing():
    off = '<w:vanish w:val="false"/><w:strike w:val="0"/><w:webHidden/>'
    found = source(para(run("都看得見。", off)))
    assert (found.text, found.flags) == ("都看得見。", ())


def test_revisions_are_read_as_accepted_and_what_they_deleted_is_told():
    gone = "<w:del><w:r><w:delText>舊辦法。</w:delText></w:r></w:del>"
    new = f"<w:ins>{run('新辦法。')}</w:ins>"
    moved = f"<w:moveFrom>{run('搬走的。')}</w:moveFrom>"
    came = f"<w:moveTo>{run('搬走的。')}</w:moveTo>"
    found = source(
        para(moved, gone, new)
        + para("接著", properties="<w:rPr><w:del/></w:rPr>")
        + para("說完。", came)
    )
    assert found.text == "新辦法。\n接著說完。搬走的。"
    assert left_out(found) == [("舊辦法。", "新辦法。")]


def test_a_deleted_paragraph_takes_no_number():
    gone = "<w:del><w:r><w:delText>舊的一條。</w:delText></w:r></w:del>"
    end = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr>'
    rules = lists(level(0, "chineseCounting", "第%1條"))
    found = source(item("聽") + para(gone, properties=end) + item("辦"), **rules)
    assert found.text.split("\n") == ["第一條　聽", "第二條　辦"]


def test_many_deletions_are_told_in_one_word():
    gone = "<w:del><w:r><w:delText>舊{}。</w:delText></w:r></w:del>"
    found = source("".join(para(gone.format(n), "新。") for n in range(40)))
    [(quoted, place)] = left_out(found)
    assert quoted.startswith("舊0。；舊1。") and quoted.endswith("舊39。") and place == ""


def test_comments_are_told_and_never_published():
    comments = (
        f"<w:comments {W}><w:comment w:id='1'>{para('這裡要', '核實')}</w:comment></w:comments>"
    )
    body = para('<w:commentRangeStart w:id="1"/>', "一句話。", '<w:commentReference w:id="1"/>')
    found = source(body, **{"word/comments.xml": comments})
    assert found.text == "一句話。"
    assert left_out(found) == [("這裡要核實", "")]


@pytest.mark.parametrize("form", ["field", "gallery", "styles"])
def test_a_table_of_contents_is_left_out(form):
    entries = ["一、聽 1", "二、辦 3"]
    toc = '<w:pStyle w:val="T"/>'
    if form == "field":
        linked = field("PAGEREF _a", run("3"))
        contents = para(field('TOC \\o "1-3"', run("一、聽 1"), end=False)) + para(
            "二、辦 ", linked, '<w:r><w:fldChar w:fldCharType="end"/></w:r>', "題外話。"
        )
    elif form == "gallery":
        contents = (
            '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
            f"</w:docPartObj></w:sdtPr><w:sdtContent>{para(entries[0])}{para(entries[1])}"
            "</w:sdtContent></w:sdt>"
        )
    else:
        contents = "".join(para(entry, properties=toc) for entry in entries)
    styles = f'<w:styles {W}><w:style w:styleId="T"><w:name w:val="toc 1"/></w:style></w:styles>'
    body = para("目　錄") + contents + para("一、聽") + para(formats.PART_ONE)
    found = source(body, **{"word/styles.xml": styles})
    kept = ["題外話。"] if form == "field" else []
    assert found.text.split("\n") == [*kept, "一、聽", formats.PART_ONE]
    [(quoted, _)] = left_out(found)
    assert quoted == "目　錄；一、聽 1；二、辦 3"


def test_a_link_made_by_a_field_is_a_link():
    found = source(para("見", field('HYPERLINK "https://example.org/a"', run("此處")), "。"))
    assert [(m.kind, m.value, found.text[m.start : m.end]) for m in found.marks] == [
        ("link", "https://example.org/a", "此處")
    ]


@pytest.mark.parametrize("instruction", ["TOC \\o", 'HYPERLINK "http://a.cn"', "EQ \\o(a)"])
def test_a_field_without_an_end_swallows_nothing(instruction):
    found = source(para(field(instruction, run("甲"), end=False)) + para("乙") + para("丙"))
    assert found.text == "甲\n乙\n丙"


def test_a_text_box_is_read_once():
    box = f"<w:txbxContent>{para('框裡的話。')}</w:txbxContent>"
    spaces = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:s="urn:s"'
    )
    body = para(
        "框外的話。",
        f'<w:r><mc:AlternateContent {spaces}><mc:Choice Requires="s"><w:drawing><s:box>{box}</s:box>'
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>",
        "還是框外。",
    )
    found = source(body)
    assert (found.text, found.flags) == ("框外的話。還是框外。\n框裡的話。", ())


def test_letters_drawn_as_a_picture_are_read():
    art = '<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textpath string="畫出來的題目"/></v:shape>'
    found = source(para("先說", f"<w:r><w:pict>{art}</w:pict></w:r>", "再說"))
    assert found.text.split("\n") == ["先說", "畫出來的題目", "再說"]


# Words that Word sets in a way of its own


@pytest.mark.parametrize("where", ["paragraph", "heading", "cell", "note"])
def test_ruby_keeps_its_characters_wherever_it_stands(where):
    words = ("老主席姓", ruby("亓", "qí"), "名", ruby("彧", "yù"), "。")
    parts = {}
    if where == "cell":
        body = f"<w:tbl><w:tr><w:tc>{para(*words)}</w:tc><w:tc>{para('乙')}</w:tc></w:tr>"
        body += f"<w:tr><w:tc>{para('丙')}</w:tc><w:tc>{para('丁')}</w:tc></w:tr></w:tbl>"
    elif where == "note":
        body = para("甲", '<w:r><w:footnoteReference w:id="2"/></w:r>', "。")
        note = f'<w:footnote w:id="2">{para(*words)}</w:footnote>'
        parts = {"word/footnotes.xml": f"<w:footnotes {W}>{note}</w:footnotes>"}
    else:
        body = para(*words, properties='<w:pStyle w:val="1"/>' if where == "heading" else "")
    found = source(body, **parts)
    assert "老主席姓亓名彧。" in found.text
    [(quoted, place)] = left_out(found)
    assert quoted == "亓（qí）、彧（yù）"
    assert "老主席姓亓" in place


@pytest.mark.parametrize(
    ("instruction", "shown"),
    [
        ("EQ \\o\\ac(○,3)", "③"),
        ("eq \\o\\ac(○,21)", "㉑"),
        ("EQ \\o\\ac(○,三)", "㊂"),
        ("EQ \\o\\ac(○,A)", "Ⓐ"),
        ('EQ \\* jc2 \\* "Font:宋体" \\* hps10 \\o\\ad(\\s\\up 9(qí),亓)', "亓"),
        ("EQ m\\s\\up5(2)", "m²"),
        ("EQ \\f(1,2)", "1/2"),
        ("EQ \\r(3,x)", "³√(x)"),
    ],
)
def test_fields_of_signs_come_out_as_signs(instruction, shown):
    found = source(para("見", field(instruction), "處。"))
    assert found.text == f"見{shown}處。"
    told = [quoted for quoted, _ in left_out(found)]
    expected = {"亓": ["亓（qí）"], "1/2": ["1/2"], "³√(x)": ["³√(x)"]}
    assert told == expected.get(shown, [])


@pytest.mark.parametrize(
    ("before", "text", "position", "shown"),
    [
        ("10", "-6", "superscript", "10⁻⁶"),
        ("10", "−6", "superscript", "10⁻⁶"),
        ("CO", "2", "subscript", "CO₂"),
        ("m", "2", "superscript", "m²"),
        ("x", "a+b", "superscript", "x^(a+b)"),
        ("x", "max", "subscript", "x_(max)"),
        ("張三", "1,2", "superscript", "張三¹,²"),
        ("如此", "[3]", "superscript", "如此[3]"),
        ("如此", "①", "superscript", "如此①"),
        ("如此", "注", "superscript", "如此注"),
        ("5", "th", "superscript", "5th"),
        ("5", " ", "superscript", "5 "),
        ("平", "2", "baseline", "平2"),
    ],
)
def test_what_is_raised_or_lowered_keeps_its_sense(before, text, position, shown):
    body = para(before, run(text, f'<w:vertAlign w:val="{position}"/>'), "。")
    found = source(body)
    assert (found.text, found.flags) == (f"{shown}。", ())


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (
            f"<m:f><m:num>{m('月工資')}</m:num><m:den>{m('21.75')}</m:den></m:f>{m('×2')}",
            "月工資/21.75×2",
        ),
        (f"<m:f><m:num>{m('a+b')}</m:num><m:den>{m('c−d')}</m:den></m:f>", "(a+b)/(c−d)"),
        (
            f"{m('1÷')}<m:f><m:num>{m('a')}</m:num><m:den>{m('b')}</m:den></m:f>{m('x')}",
            "1÷(a/b) x",
        ),
        (f"<m:sSup><m:e>{m('x')}</m:e><m:sup>{m('2')}</m:sup></m:sSup>", "x²"),
        (f"<m:sSup><m:e>{m('x+1')}</m:e><m:sup>{m('ab')}</m:sup></m:sSup>", "(x+1)^(ab)"),
        (f"<m:sSub><m:e>{m('x')}</m:e><m:sub>{m('甲')}</m:sub></m:sSub>", "x_(甲)"),
        (f"<m:rad><m:deg/><m:e>{m('x+1')}</m:e></m:rad>", "√(x+1)"),
        (
            '<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr>'
            f"<m:sub>{m('i=1')}</m:sub><m:sup>{m('n')}</m:sup><m:e>{m('i')}</m:e></m:nary>",
            "∑_(i=1)^(n) i",
        ),
        (
            f'<m:d><m:dPr><m:begChr m:val="{{"/><m:endChr m:val=""/></m:dPr><m:e><m:eqArr><m:e>'
            f"{m('x=1')}</m:e><m:e>{m('y=2')}</m:e></m:eqArr></m:e></m:d>",
            "{x=1; y=2",
        ),
        (
            f"<m:func><m:fName>{m('lim')}</m:fName><m:e><m:acc><m:accPr><m:chr m:val='̄'/></m:accPr>"
            f"<m:e>{m('x')}</m:e></m:acc></m:e></m:func>",
            "lim x̄",
        ),
        (f"<m:shape>{m('不認得的')}</m:shape>", "不認得的"),
    ],
)
def test_a_formula_is_kept_as_a_line_and_told(content, shown):
    found = source(para("算法是", math(content), "。"))
    assert found.text == f"算法是{shown}。"
    assert left_out(found) == [(shown, shown)]


@pytest.mark.parametrize(
    ("element", "told"),
    [
        (
            '<w:object><o:OLEObject xmlns:o="urn:o" ProgID="Equation.DSMT4"/></w:object>',
            "公式 Equation",
        ),
        ('<w:object><o:OLEObject xmlns:o="urn:o" ProgID="Excel.Sheet.8"/></w:object>', "Excel"),
        ('<w:drawing><c:chart xmlns:c="urn:c" r:id="rId9"/></w:drawing>', "圖表"),
        ('<w:sym w:font="Webdings" w:char="F099"/>', "Webdings F099"),
    ],
)
def test_what_cannot_be_read_is_told(element, told):
    found = source(para("見", f"<w:r>{element}</w:r>", "處。"))
    [flag] = found.flags
    assert (flag.kind, flag.blocking) == ("dropped", False)
    assert told in flag.message
    assert "處。" in found.text[flag.start : flag.end]


def test_signs_of_fonts_come_out_as_characters():
    signs = [("Symbol", "F0B4"), ("Wingdings", "F0FC"), ("Wingdings", "F081"), ("宋体", "2605")]
    body = para(*(f'<w:r><w:sym w:font="{f}" w:char="{c}"/></w:r>' for f, c in signs))
    assert (source(body).text, source(body).flags) == ("×✓①★", ())


def test_a_document_within_the_document_blocks():
    found = source(para("一句話。") + '<w:altChunk r:id="x"/>')
    assert [(f.kind, f.blocking) for f in found.flags] == [("dropped", True)]


def test_notes_of_both_kinds_follow_in_the_order_of_their_marks():
    def part(kind):
        notes = f'<w:{kind} w:id="3">{para("注一句。")}{para("再一句。")}</w:{kind}>'
        return f"<w:{kind}s {W}>{notes}</w:{kind}s>"

    marks = [f'<w:r><w:{kind}Reference w:id="3"/></w:r>' for kind in ("endnote", "footnote")]
    found = source(
        para("甲", marks[0], "乙", marks[1], "。"),
        **{f"word/{kind}s.xml": part(kind) for kind in ("footnote", "endnote")},
    )
    assert found.text.split("\n") == ["甲[1]乙[2]。", *["注一句。", "再一句。"] * 2]
    assert [(m.value, m.start) for m in found.marks if m.kind == "item"] == [("1", 10), ("2", 20)]


def test_a_title_is_free_of_the_marks_of_its_notes():
    mark = '<w:r><w:footnoteReference {}w:id="{}"/>{}</w:r>'
    marks = [
        mark.format('w:customMarkFollows="1" ', 2, "<w:t>*</w:t>"),
        mark.format("", 3, ""),
        mark.format("", 4, ""),
    ]
    notes = "".join(
        f'<w:footnote w:id="{n}">{para(text)}</w:footnote>'
        for n, text in [(2, "* 題目的注。"), (3, "又一條。"), (4, "正文的注。")]
    )
    found = source(
        para("手套", *marks[:2], properties='<w:pStyle w:val="a3"/>') + para("話", marks[2], "。"),
        **{"word/footnotes.xml": f"<w:footnotes {W}>{notes}</w:footnotes>"},
    )
    assert found.text.split("\n") == ["手套", "話[2]。", "* 題目的注。", "又一條。", "正文的注。"]
    assert [m.value for m in found.marks if m.kind == "item"] == ["1", "2"]


def test_a_note_that_marks_itself_ends():
    mark = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    note = f'<w:footnotes {W}><w:footnote w:id="1">{para("注。", mark)}</w:footnote></w:footnotes>'
    assert source(para("甲。", mark), **{"word/footnotes.xml": note}).text == "甲。[1]\n注。[2]"


def test_a_note_of_words_that_stay_out_stays_out():
    mark = '<w:r>{}<w:footnoteReference w:id="1"/></w:r>'
    note = f'<w:footnotes {W}><w:footnote w:id="1">{para("內部的注。")}</w:footnote></w:footnotes>'
    for out in (
        mark.format("<w:rPr><w:vanish/></w:rPr>"),
        f"<w:del>{mark.format('')}</w:del>",
    ):
        found = source(para("甲。", out), **{"word/footnotes.xml": note})
        assert found.text == "甲。"
        assert left_out(found) == [("內部的注。", "")]


SEEN = {
    "plain": run,
    "bold": lambda text: run(text, "<w:b/>"),
    "inserted": lambda text: f"<w:ins>{run(text)}</w:ins>",
    "linked": lambda text: f'<w:hyperlink r:id="web">{run(text)}</w:hyperlink>',
    "under a reading": lambda text: ruby(text, "a"),
    "of a field": lambda text: field("REF a", run(text)),
    "in a ring": lambda text: field(f"EQ \\o\\ac(○,{text})"),
    "of a formula": lambda text: math(m(text)),
    "in a control": lambda text: f"<w:sdt><w:sdtContent>{run(text)}</w:sdtContent></w:sdt>",
    "unknown": lambda text: f"<w:strange>{run(text)}</w:strange>",
    "in a box": lambda text: (
        f"<w:r><w:pict><w:txbxContent>{para(run(text))}</w:txbxContent></w:pict></w:r>"
    ),
}
UNSEEN = {
    "hidden": lambda text: run(text, "<w:vanish/>"),
    "struck out": lambda text: run(text, "<w:dstrike/>"),
    "deleted": lambda text: f"<w:del><w:r><w:delText>{text}</w:delText></w:r></w:del>",
    "contents": lambda text: field("TOC", run(text)),
    "hidden under a reading": lambda text: ruby(text, "a").replace(
        "<w:r><w:ruby>", "<w:r><w:rPr><w:vanish/></w:rPr><w:ruby>"
    ),
}
BLOCKS = {
    "paragraph": para,
    "heading": lambda *runs: para(*runs, properties='<w:pStyle w:val="1"/>'),
    "item": lambda *runs: para(
        *runs, properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="2"/></w:numPr>'
    ),
    "merged": lambda *runs: para(*runs, properties="<w:rPr><w:del/></w:rPr>"),
    "control": lambda *runs: f"<w:sdt><w:sdtContent>{para(*runs)}</w:sdtContent></w:sdt>",
    "table": lambda *runs: (
        f"<w:tbl><w:tr><w:tc>{para(*runs)}</w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    ),
    "rows": lambda *runs: (
        f"<w:tbl><w:tr><w:tc>{para(*runs)}</w:tc><w:tc><w:p/></w:tc></w:tr>"
        "<w:tr><w:tc><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    ),
}
RUNS = st.lists(st.sampled_from([*SEEN, *UNSEEN]), min_size=1, max_size=4)


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from([*BLOCKS]), RUNS), min_size=1, max_size=6))
def test_what_is_seen_is_in_the_text_once_and_what_is_not_is_told(blocks):
    body, seen, unseen = "", [], []
    for block, kinds in blocks:
        runs = []
        for kind in kinds:
            text = f"字{len(seen)}甲{len(unseen)}尾"
            runs.append((SEEN | UNSEEN)[kind](text))
            (seen if kind in SEEN else unseen).append(text)
        body += BLOCKS[block](*runs)
    found = source(f"{body}{para('完。')}")
    told = "".join(flag.message for flag in found.flags)
    assert [found.text.count(text) for text in seen] == [1] * len(seen)
    for text in unseen:
        assert text not in found.text
        assert text in told
    for mark in (*found.marks, *found.flags):
        assert 0 <= mark.start <= mark.end <= len(found.text)


# Files of other programs


def test_a_strict_file_whose_parts_have_other_names_is_read():
    plain = formats.word()
    strict = {}
    old = b"http://schemas.openxmlformats.org/"
    with docx.opc.phys_pkg.ZipFile(io.BytesIO(plain)) as archive:
        for name in archive.namelist():
            content = archive.read(name).replace(b"document.xml", b"text2.xml")
            for room, word in (
                (b"wordprocessingml", b"main"),
                (b"officeDocument", b"relationships"),
            ):
                content = content.replace(
                    old + room + b"/2006/" + word,
                    b"http://purl.oclc.org/ooxml/" + room + b"/" + word,
                )
            strict[name.replace("document.xml", "text2.xml")] = content
    draft = make_draft(formats.zipped(strict), "a.docx")
    assert draft.title == formats.TITLE
    assert [(block.level, block.text) for block in draft.blocks] == formats.BODY


def test_a_clean_file_of_a_common_template_has_nothing_to_tell():
    file = docx.Document()
    file.add_heading(formats.TITLE, 0)
    for depth, text in formats.BODY:
        if depth:
            file.add_heading(text, depth - 1)
        else:
            file.add_paragraph(text)
    for text in ("手套", "夜班"):
        file.add_paragraph(text, "List Number")
    file.add_paragraph("再看食堂：")
    for text in ("菜", "湯"):
        file.add_paragraph(text, "List Bullet")
    stream = io.BytesIO()
    file.save(stream)
    found = read(stream.getvalue(), "a.docx")
    assert found.flags == ()
    items = [(m.value, found.text[m.start : m.end]) for m in found.marks if m.kind == "item"]
    assert items == [("1", "手套"), ("2", "夜班"), ("", "菜"), ("", "湯")]
    assert [m.level for m in found.marks if m.kind == "heading"] == [1, 2, 2, 3]


def test_a_file_nested_like_a_trap_is_refused():
    with pytest.raises(UnreadableFile, match="damaged"):
        source("<w:smartTag>" * 1500 + para("甲") + "</w:smartTag>" * 1500)
