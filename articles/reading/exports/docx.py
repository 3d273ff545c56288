"""Word documents, with python-docx: real headings, lists, tables and links, fonts by name."""

import io
from collections.abc import Iterable, Iterator

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.text.paragraph import Paragraph

from .book import Block, Book, Chapter, Run, grid, line, paragraphs
from .packing import repacked

_FONTS = {  # of the text, and of headings: what Word has in either script
    "zh-Hans": ("宋体", "黑体", "zh-CN"),
    "zh-Hant": ("新細明體", "微軟正黑體", "zh-TW"),
}
_LATIN, _LATIN_HEADING = "Times New Roman", "Arial"
_HEADINGS = {"Title": 26, "Heading 1": 20, "Heading 2": 16, "Heading 3": 14, "Heading 4": 12}
_MOST = 255  # characters of a document's property
_DEEPEST_LIST = 9
_WIDEST_PICTURE = Cm(15.4)
_STEP = 425  # twentieths of a point a level of a list is set in: 0.75 cm


def as_docx(book: Book) -> bytes:
    """Return a book as a Word document."""
    made = io.BytesIO()
    _Writer(book).document.save(made)
    return repacked(made.getvalue())


def _element(tag: str, *children, **attributes):
    """Return an element of WordprocessingML, its attributes given without their prefix."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


class _Writer:
    """One document being written."""

    def __init__(self, book: Book):
        self.book = book
        self.document = Document()
        self.text_font, self.heading_font, self.language = _FONTS[book.language]
        self._bookmarks = 0
        self._addresses: dict[str, str] = {}  # by which relation
        self._set_page()
        self._set_styles()
        self._set_properties()
        self._numbering = self.document.part.numbering_part.element
        self._kinds = {kind: self._define(kind) for kind in ("bullets", "numbers")}
        if book.has_title_page:
            self._title_page()
        for number, chapter in enumerate(book.chapters, 1):
            self._chapter(chapter, number)

    def _set_page(self) -> None:
        [section] = self.document.sections
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.8)
        section.top_margin = section.bottom_margin = Cm(2.5)
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("", "1"), ("end", "")):
            run = foot.add_run()
            if kind:
                run._r.append(_element("fldChar", fldCharType=kind))
            elif text == "PAGE":
                instruction = _element("instrText")
                instruction.text = text
                run._r.append(instruction)
            else:
                run.text = text

    def _set_styles(self) -> None:
        styles = self.document.styles
        defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault"))
        self._set_font(defaults.find(qn("w:rPr")), _LATIN, self.text_font)
        for fonts in list(styles.element.iterfind(f".//{qn('w:style')}//{qn('w:rFonts')}")):
            self._set_font(fonts.getparent(), _LATIN_HEADING, self.heading_font)
        normal = styles["Normal"]
        self._set_font(normal.element.get_or_add_rPr(), _LATIN, self.text_font)
        normal.font.size = Pt(12)
        normal.paragraph_format.line_spacing = 1.5
        normal.paragraph_format.space_after = Pt(6)
        for name, size in _HEADINGS.items():
            style = styles[name]
            self._set_font(style.element.get_or_add_rPr(), _LATIN_HEADING, self.heading_font)
            style.font.size = Pt(size)
            style.font.bold, style.font.italic = True, False
            style.font.color.rgb = RGBColor(0x22, 0x22, 0x22)
            style.paragraph_format.keep_with_next = True
        caption = styles["Caption"]
        caption.font.bold, caption.font.size = False, Pt(10)
        caption.font.color.rgb = RGBColor(0x55, 0x55, 0x55)
        for name in ("Quote", "Intense Quote"):
            styles[name].font.italic = False  # Chinese is not set slanted
            styles[name].paragraph_format.left_indent = Cm(0.8)

    def _set_font(self, properties, latin: str, chinese: str) -> None:
        for old in (*properties.findall(qn("w:rFonts")), *properties.findall(qn("w:lang"))):
            properties.remove(old)
        fonts = _element("rFonts", ascii=latin, hAnsi=latin, eastAsia=chinese, cs=latin)
        properties.insert(0, fonts)
        properties.append(_element("lang", val="en-US", eastAsia=self.language))

    def _set_properties(self) -> None:
        book, properties = self.book, self.document.core_properties
        properties.title = line(book.title)[:_MOST]
        properties.author = "; ".join(map(line, book.authors))[:_MOST]
        properties.last_modified_by = line(book.publisher)[:_MOST]
        properties.keywords = ", ".join(map(line, book.tags))[:_MOST]
        properties.subject = book.address[:_MOST]
        properties.identifier = book.address[:_MOST]
        properties.language = book.language
        properties.comments = ""
        properties.created = properties.modified = book.modified.replace(tzinfo=None)

    def _title_page(self) -> None:
        book = self.book
        self._plain(line(book.title), "Title")
        if book.authors:
            self._plain(f"{book.words.by}{'、'.join(map(line, book.authors))}")
        self._append(book.introduction, "introduction-")
        self._plain(line(book.words.contents), "TOC Heading")
        for number, chapter in enumerate(book.chapters, 1):
            entry = self.document.add_paragraph()
            entry._p.append(self._link(f"#chapter-{number}", [Run(line(chapter.title))]))
        self._source(book.address)

    def _chapter(self, chapter: Chapter, number: int) -> None:
        heading = self._plain(line(chapter.title), "Heading 1")
        heading.paragraph_format.page_break_before = self.book.has_title_page
        self._mark(heading._p, f"chapter-{number}")
        for name, value in chapter.facts:
            fact = self._plain(f"{getattr(self.book.words, name)}{line(value)}")
            fact.paragraph_format.space_after = Pt(0)
        for part in paragraphs(chapter.summary):
            self._plain(part, "Quote")
        self._append(chapter.blocks, f"c{number}-")
        self._source(chapter.address)

    def _append(self, blocks: Iterable[Block], prefix: str) -> None:
        """Add blocks; `prefix` tells their bookmarks from those of other chapters."""
        self._prefix = prefix
        last = self.document.element.body.sectPr  # the section's properties stay last
        for element in self._elements(blocks):
            last.addprevious(element)

    def _plain(self, text: str, style: str | None = None) -> Paragraph:
        return self.document.add_paragraph(text, style)

    def _source(self, address: str) -> None:
        foot = self._plain(line(self.book.words.taken_from))
        foot.paragraph_format.space_before = Pt(24)
        foot._p.append(self._link(address, [Run(address)]))

    def _indented(self, paragraph: Paragraph) -> None:
        """Set the first line in by two characters, as Chinese is."""
        properties = paragraph._p.get_or_add_pPr()
        properties.append(_element("ind", firstLineChars=200, firstLine=480))

    def _mark(self, paragraph, name: str) -> None:
        self._bookmarks += 1
        start = _element("bookmarkStart", id=self._bookmarks, name=name)
        at = 1 if paragraph.pPr is not None else 0
        paragraph.insert(at, start)
        paragraph.append(_element("bookmarkEnd", id=self._bookmarks))

    def _elements(
        self, blocks: Iterable[Block], depth: int = 0, numbered: tuple[int, int] | None = None,
        quoted: bool = False, in_cell: bool = False,
    ) -> Iterator:  # fmt: skip
        """Yield paragraphs and tables; `numbered` is the list and level the next one begins."""
        for block in blocks:
            if block.kind in ("bullets", "numbers"):
                number = self._new_list(block, min(depth, _DEEPEST_LIST - 1))
                for item in block.parts:
                    parts = item.parts or [Block("paragraph")]
                    level = min(depth, _DEEPEST_LIST - 1)
                    if parts[0].kind not in ("paragraph", "heading"):
                        parts = [Block("paragraph"), *parts]
                    yield from self._elements(
                        parts, depth + 1, (number, level), quoted=quoted, in_cell=in_cell
                    )
            elif block.kind in ("quote", "figure"):
                inside = quoted or block.kind == "quote"
                yield from self._elements(block.parts, depth, numbered, inside, in_cell)
            elif block.kind == "table":
                yield self._table(block)
                yield _element("p")  # Word joins tables that stand together
            else:
                yield self._paragraph(block, depth, numbered, quoted, in_cell)
            numbered = None

    def _paragraph(self, block: Block, depth, numbered, quoted: bool, in_cell: bool):
        properties = _element("pPr")
        style = f"Heading{block.level}" if block.kind == "heading" else "Quote" if quoted else ""
        style = "Caption" if block.kind == "caption" else style
        if style:
            properties.append(_element("pStyle", val=style))
        if numbered:
            number, level = numbered
            place = (_element("ilvl", val=level), _element("numId", val=number))
            properties.append(_element("numPr", *place))
        elif depth:
            properties.append(_element("ind", left=_STEP * min(depth, _DEEPEST_LIST)))
        elif not style and not in_cell:
            properties.append(_element("ind", firstLineChars=200, firstLine=480))
        made = _element("p", properties)
        made.extend(self._inline(block.runs))
        if block.kind == "heading" and block.anchor:
            self._mark(made, f"{self._prefix}{block.anchor}")
        return made

    def _inline(self, runs: Iterable[Run]) -> Iterator:
        for run in runs:
            if data := self.book.pictures.get(run.picture):
                yield self._picture(data, run.text)
            elif run.picture:
                text = f"[{line(self.book.words.picture)}{run.text}]"
                yield self._link(run.link or run.picture, [Run(text, run.strong, run.em)])
            elif run.link:
                target = f"#{self._prefix}{run.link[1:]}" if run.link[0] == "#" else run.link
                yield self._link(target, [run])
            else:
                yield self._run(run)

    def _picture(self, data: bytes, description: str):
        """Return a run with a picture, as wide as it is but no wider than the page's text."""
        inline = self.document.part.new_pic_inline(io.BytesIO(data))
        if inline.extent.cx > _WIDEST_PICTURE:
            height = round(inline.extent.cy * _WIDEST_PICTURE / inline.extent.cx)
            inline = self.document.part.new_pic_inline(
                io.BytesIO(data), _WIDEST_PICTURE, Emu(height)
            )
        inline.docPr.set("descr", line(description))
        return _element("r", _element("drawing", inline))

    def _run(self, run: Run, is_link: bool = False):
        properties = _element("rPr")
        if run.strong:
            properties.append(_element("b"))
        if is_link:
            properties.append(_element("color", val="0B5394"))
            properties.append(_element("u", val="single"))
        if run.em:
            properties.append(_element("em", val="dot"))  # what Chinese has for italics
        made = _element("r", properties)
        for number, part in enumerate(run.text.split("\n")):
            if number:
                made.append(_element("br"))
            text = _element("t")
            text.text = part
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            made.append(text)
        return made

    def _link(self, address: str, runs: list[Run]):
        made = _element("hyperlink", history=1)
        if address.startswith("#"):
            made.set(qn("w:anchor"), address[1:])
        else:
            if address not in self._addresses:
                self._addresses[address] = self.document.part.relate_to(
                    address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
                )
            made.set(qn("r:id"), self._addresses[address])
        made.extend(self._run(run, is_link=True) for run in runs)
        return made

    def _define(self, kind: str) -> int:
        """Define how a kind of list looks, level by level; return its number."""
        number = 100 + ("bullets", "numbers").index(kind)
        made = _element("abstractNum", _element("multiLevelType", val="multilevel"))
        made.set(qn("w:abstractNumId"), str(number))
        for level in range(_DEEPEST_LIST):
            text = "•◦▪"[level % 3] if kind == "bullets" else f"%{level + 1}."
            made.append(
                _element(
                    "lvl",
                    _element("start", val=1),
                    _element("numFmt", val="bullet" if kind == "bullets" else "decimal"),
                    _element("lvlText", val=text),
                    _element("lvlJc", val="left"),
                    _element("pPr", _element("ind", left=_STEP * (level + 1), hanging=_STEP)),
                    ilvl=level,
                )
            )
        first = self._numbering.find(qn("w:num"))  # definitions stand before the lists
        first.addprevious(made)
        lists = self._numbering.findall(qn("w:num"))
        self._lists = max(int(one.get(qn("w:numId"))) for one in lists)
        return number

    def _new_list(self, block: Block, level: int) -> int:
        """Return the number of a new list, which counts from its own start."""
        self._lists += 1
        start = _element("startOverride", val=block.start)
        made = _element(
            "num",
            _element("abstractNumId", val=self._kinds[block.kind]),
            _element("lvlOverride", start, ilvl=level),
            numId=self._lists,
        )
        self._numbering.append(made)
        return self._lists

    def _table(self, table: Block):
        places = grid(table)
        width = 8720 // max(1, len(places[0]))  # twentieths of a point between the margins
        properties = _element(
            "tblPr",
            _element("tblStyle", val="TableGrid"),
            _element("tblW", type="auto", w=0),
        )
        columns = (_element("gridCol", w=width) for _ in places[0])
        made = _element("tbl", properties, _element("tblGrid", *columns))
        for index, row in enumerate(places):
            line_made = _element("tr")
            if index == 0 and all(cell is not None and cell.is_head for cell, _ in row):
                line_made.append(_element("trPr", _element("tblHeader")))
            column = 0
            while column < len(row):
                cell, _ = row[column]
                wide = column + 1
                while cell is not None and wide < len(row) and row[wide][0] is cell:
                    wide += 1
                about = _element("tcPr", _element("tcW", w=width * (wide - column), type="dxa"))
                if wide - column > 1:
                    about.append(_element("gridSpan", val=wide - column))
                above = index > 0 and cell is not None and places[index - 1][column][0] is cell
                below = index + 1 < len(places) and cell is not None
                if above or (below and places[index + 1][column][0] is cell):
                    about.append(_element("vMerge", val="continue" if above else "restart"))
                content = [] if cell is None or above else list(self._cell(cell))
                if not content or content[-1].tag != qn("w:p"):
                    content.append(_element("p"))
                line_made.append(_element("tc", about, *content))
                column = wide
            made.append(line_made)
        return made

    def _cell(self, cell: Block) -> Iterator:
        parts = cell.parts
        if cell.is_head:
            parts = [
                Block("paragraph", [Run(r.text, True, r.em, r.link, r.picture) for r in part.runs])
                if part.kind == "paragraph"
                else part
                for part in parts
            ]
        return self._elements(parts, in_cell=True)
