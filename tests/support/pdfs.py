"""PDF files made by hand, so that it is known where every piece of their text stands.

The font is not in the file, as in older Chinese ones: a character is as wide as its size, a
letter half so.
"""

import zlib

MARKS = "，。；：、？！）》”…"
"""What begins no line."""

_ADVANCE = {False: 0.5, True: 1.0}


def width_of(text: str, size: float) -> float:
    return sum(_ADVANCE[char >= "\u0100"] for char in text) * size


class Paper:
    """A page; places are counted from its left and its top, in points."""

    def __init__(self, width: float = 595, height: float = 842):
        self.width, self.height = width, height
        self.parts: list[bytes] = []
        self.lines: list[tuple[float, str, float]] = []  # of paragraphs: x, text, space
        self.forms: list[Paper] = []
        self.pictures = 0

    def put(self, x, top, text, size=10.5, colour=(0, 0, 0), angle=(1, 0, 0, 1), space=0, font="H"):
        """Write a piece of text with its upper left corner at (x, top)."""
        y = self.height - top - 0.88 * size
        tones = " ".join(str(tone) for tone in colour)
        turn = " ".join(f"{n:.4f}" for n in angle)
        codes = text.encode("utf-16-be").hex()
        self.parts.append(
            f"BT {tones} rg /{font} {size} Tf {space:.3f} Tc {turn} {x:.2f} {y:.2f} Tm "
            f"<{codes}> Tj ET\n".encode()
        )
        return self

    def centre(self, top, text, size=10.5, **more):
        return self.put((self.width - width_of(text, size)) / 2, top, text, size, **more)

    def flow(self, text, top, left=70, right=525, size=10.5, indent=2, hang=0, leading=1.6):
        """Set a paragraph justified between two margins; return where the next line goes."""
        lines, line, x = [], "", left + indent * size
        for char in text:
            fits = x + width_of(line + char, size) <= right + 0.01
            if not fits and char not in MARKS:
                lines.append((x, line))
                line, x = "", left + hang * size
            line += char
        lines.append((x, line))
        for number, (x, line) in enumerate(lines):
            gap = (right - x - width_of(line, size)) / max(len(line) - 1, 1)
            gap = min(gap, 0) if number == len(lines) - 1 else gap
            self.lines.append((x, line, gap))
            self.put(x, top, line, size, space=gap)
            top += leading * size
        return top

    def down(self, text, x, top, bottom, size=10.5, pitch=1.0):
        """Set vertical text from the right edge `x` to the left; return the next column's."""
        y = top
        for char in text:
            if y + size > bottom:
                x, y = x - 1.7 * size, top
            self.put(x, y, char, size)
            y += pitch * size
        return x - 1.7 * size

    def rule(self, x0, top, x1, bottom):
        self.parts.append(
            f"0.5 w {x0} {self.height - top} m {x1} {self.height - bottom} l S\n".encode()
        )
        return self

    def grid(self, xs, tops):
        """Draw a table's rules."""
        for top in tops:
            self.rule(xs[0], top, xs[-1], top)
        for x in xs:
            self.rule(x, tops[0], x, tops[-1])
        return self

    def picture(self, x, top, width, height):
        self.pictures = 1
        y = self.height - top - height
        self.parts.append(f"q {width} 0 0 {height} {x} {y} cm /I Do Q\n".encode())
        return self

    def place(self, other, x=0, top=0, scale=1.0):
        """Put another page in as a form, as programs do that stamp, merge or impose files."""
        self.forms.append(other)
        y = self.height - top - other.height * scale
        name = f"X{len(self.forms)}"
        self.parts.append(f"q {scale} 0 0 {scale} {x} {y} cm /{name} Do Q\n".encode())
        return self


_FONT = "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-{0}/DescendantFonts[{1} 0 R]>>"
_DESCENDANT = (
    "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/W[1 95 500 814 939 500]"
    "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
    "/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]"
    "/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>>>"
)


def pdf_of(*papers: Paper, title: str = "") -> bytes:
    """Return a PDF of these pages."""
    objects: list[bytes] = [b""] * 6

    def add(content: bytes) -> int:
        objects.append(content)
        return len(objects)

    def stream(head: str, content: bytes) -> bytes:
        packed = zlib.compress(content)
        head = f"<<{head}/Length {len(packed)}/Filter/FlateDecode>>stream\n"
        return head.encode() + packed + b"\nendstream"

    def resources(paper: Paper) -> str:
        forms = "".join(f"/X{n} {form(e)} 0 R" for n, e in enumerate(paper.forms, 1))
        picture = "/I 6 0 R" if paper.pictures else ""
        return f"<</Font<</H 3 0 R/V 4 0 R>>/XObject<<{forms}{picture}>>>>"

    def form(paper: Paper) -> int:
        box = f"[0 0 {paper.width} {paper.height}]"
        head = f"/Type/XObject/Subtype/Form/BBox{box}/Resources{resources(paper)}"
        return add(stream(head, b"".join(paper.parts)))

    kids = []
    for paper in papers:
        own = resources(paper)
        content = add(stream("", b"".join(paper.parts)))
        box = f"[0 0 {paper.width} {paper.height}]"
        kids.append(
            add(
                f"<</Type/Page/Parent 2 0 R/MediaBox{box}/Contents {content} 0 R/Resources{own}>>".encode()
            )
        )
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    objects[1] = f"<</Type/Pages/Kids[{listed}]/Count {len(kids)}>>".encode()
    objects[2], objects[3] = (_FONT.format(way, 5).encode() for way in "HV")
    objects[4] = _DESCENDANT.encode()
    objects[5] = stream(
        "/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8",
        b"\x80",
    )
    more = f"/Info<</Title<feff{title.encode('utf-16-be').hex()}>>>" if title else ""
    out, places = b"%PDF-1.5\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
        + f"trailer<</Size {len(objects) + 1}/Root 1 0 R{more}>>\nstartxref\n{len(out)}\n%%EOF".encode()
    )
