"""Pictures as pixels: looked at by what they are, turned as they are to be seen, made smaller.

Pillow is loaded with this module, where a picture is made: most imports bring none.
"""

import io

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from ..text import pictures
from .picture_terms import FORMATS, MOST_BYTES, MOST_PIXELS, SMALLEST, Refused

_QUALITY = 82
_LARGEST_LOSSLESS = 400_000
"""Bytes up to which a drawing or a picture of a screen is kept as sharp as it came."""


def forms_of(data: bytes) -> dict[int, bytes]:
    """Return a picture's forms by how many pixels they are across; raise Refused where there are
    none."""
    if len(data) > MOST_BYTES:
        raise Refused("too-many-bytes", most=MOST_BYTES // 1024 // 1024)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:  # known before a pixel is read
                raise Refused("too-many-pixels", most=MOST_PIXELS // 1_000_000)
            if min(opened.size) < SMALLEST:
                raise Refused("too-small", least=SMALLEST)
            drawn = opened.format in ("PNG", "GIF")
            opened.draft("RGB", (2 * pictures.WIDTHS[-1], 2 * pictures.WIDTHS[-1]))
            opened.load()
            whole = _shown(opened)
    except UnidentifiedImageError as error:
        raise Refused("no-picture") from error
    except Image.DecompressionBombError as error:
        raise Refused("too-many-pixels", most=MOST_PIXELS // 1_000_000) from error
    except Refused:
        raise
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Refused("damaged") from error
    return {form: _form(whole, form, drawn) for form in pictures.forms(whole.width)}


def _shown(opened: Image.Image) -> Image.Image:
    """Return a picture turned as it is to be seen, no wider than any page shows it. It is made
    smaller before anything else: each step makes a copy, and 40 megapixels take 160 MB."""
    has_glass = "A" in opened.getbands() or "transparency" in opened.info
    kind = "RGBA" if has_glass else "RGB"
    seen = opened if opened.mode in ("L", "RGB", "RGBA") else opened.convert(kind)
    on_its_side = opened.getexif().get(ExifTags.Base.Orientation, 1) in range(5, 9)
    across = seen.height if on_its_side else seen.width
    if across > (most := pictures.WIDTHS[-1]):
        size = [max(1, round(side * most / across)) for side in seen.size]
        seen = seen.resize(size, Image.LANCZOS, reducing_gap=3)
    return ImageOps.exif_transpose(seen).convert(kind)


def _form(whole: Image.Image, across: int, drawn: bool) -> bytes:
    height = max(1, round(whole.height * across / whole.width))
    small = whole if across == whole.width else whole.resize((across, height), Image.LANCZOS)
    for lossless in (True, False) if drawn else (False,):
        made = io.BytesIO()
        small.save(made, "WEBP", quality=_QUALITY, lossless=lossless, method=4)
        if not lossless or made.tell() <= _LARGEST_LOSSLESS:
            break
    return made.getvalue()


def size_of(data: bytes) -> tuple[int, int]:
    """Return how many pixels a form is across and down."""
    with Image.open(io.BytesIO(data), formats=("WEBP",)) as opened:
        return opened.size


def as_jpeg_or_png(form: bytes) -> bytes:
    """Return a form of a picture as a Word document or an old reader of books takes it. Raises
    OSError where it is none."""
    whole = Image.open(io.BytesIO(form), formats=("WEBP",))
    made = io.BytesIO()
    if "A" in whole.getbands():
        whole.save(made, "PNG", optimize=True)
    else:
        whole.save(made, "JPEG", quality=85)
    return made.getvalue()
