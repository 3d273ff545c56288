"""Taking pictures in: looked at by what they are, made anew, kept in the sizes that pages show."""

import hashlib
import io
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from ..models import Article, Picture
from ..text import pictures
from .audit import audit

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 40_000_000
"""Of a picture as it arrives: 40 megapixels in colour take 160 MB while they are made smaller; what
a telephone makes has up to 50, which it halves when it sends them."""

SMALLEST = 8
"""Pixels of a side: less is a mark that counts readers."""

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITY = 82
_LARGEST_LOSSLESS = 400_000
"""Bytes up to which a drawing or a picture of a screen is kept as sharp as it came."""


class Refused(ValueError):
    """A picture is not taken in; `code` says why, for whoever shows it."""

    def __init__(self, code: str, **told):
        super().__init__(code)
        self.code, self.told = code, told


def keep(data: bytes, name: str, user, alt: str = "") -> Picture:
    """Take a picture in and return it; one that is there already is not taken in twice.

    Raises Refused for what is no picture, or too large. Nothing of the file itself is kept: it is
    read as pixels and written anew, without place, camera or owner, turned as it is to be seen.
    """
    made = _made(data)
    largest = made[max(made)]
    width, height = _size(largest)
    key = hashlib.sha256(largest).hexdigest()[:32]
    for form, content in made.items():
        _store(pictures.file_of(key, width, height, form), content)
    with transaction.atomic():
        picture, new = Picture.objects.get_or_create(
            key=key,
            defaults={
                "name": PurePath(name.replace("\\", "/")).name[:150] or "picture",
                "alt": alt[:300],
                "width": width,
                "height": height,
                "size": sum(map(len, made.values())),
                "added_by": user,
            },
        )
        if new:
            audit(user, "add", picture)
    return picture


def _made(data: bytes) -> dict[int, bytes]:
    """Return a picture's forms by how many pixels they are across."""
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


def _size(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data), formats=("WEBP",)) as opened:
        return opened.size


def _store(name: str, content: bytes) -> None:
    """Put a file where it is not yet. What has this name has this content."""
    if not default_storage.exists(name):
        kept = default_storage.save(name, ContentFile(content))
        if kept != name:  # another put it there meanwhile
            default_storage.delete(kept)


def as_jpeg_or_png(address: str) -> bytes | None:
    """Return a picture of the library as a Word document or an old reader of books takes it; None
    where its file is gone."""
    found = pictures.named(address)
    if found is None:
        return None
    key, width, height = found
    try:
        with default_storage.open(pictures.file_of(key, width, height, width)) as file:
            whole = Image.open(io.BytesIO(file.read()), formats=("WEBP",))
    except OSError:
        return None
    made = io.BytesIO()
    if "A" in whole.getbands():
        whole.save(made, "PNG", optimize=True)
    else:
        whole.save(made, "JPEG", quality=85)
    return made.getvalue()


def note_pictures(article: Article, *_said, new: bool = False) -> None:
    """Note which pictures an article shows that is saved."""
    note_shown(article, article.body, article.cover_id)


def note_shown(article: Article, markup: str, cover: int | None) -> None:
    """Note which pictures a text of an article shows, which may be a draft, and its cover. What was
    shown once stays noted: an older version that is brought back shows it again."""
    if keys := pictures.keys_in(markup):
        article.pictures.add(*Picture.objects.filter(key__in=keys))
    if cover:
        article.pictures.add(cover)


def delete(picture: Picture) -> None:
    """Take a picture out for good, with its files. Raises Refused where a text shows it, or did."""
    with transaction.atomic():
        row = Picture.objects.select_for_update(of=("self",)).get(pk=picture.pk)
        if row.is_used:
            raise Refused("in-use")
        row.delete()
        names = row.files
        transaction.on_commit(lambda: [default_storage.delete(name) for name in names])
