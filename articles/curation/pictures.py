"""Taking pictures in: looked at by what they are, made anew, kept in the sizes that pages show."""

import hashlib
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from ..models import Article, Picture
from ..text import pictures
from .audit import audit
from .picture_terms import MOST_BYTES, Refused


def keep(data: bytes, name: str, user, alt: str = "") -> Picture:
    """Take a picture in and return it; one that is there already is not taken in twice.

    Raises Refused for what is no picture, or too large. Nothing of the file itself is kept: it is
    read as pixels and written anew, without place, camera or owner, turned as it is to be seen.
    """
    from .picture_pixels import forms_of, size_of

    made = forms_of(data)
    largest = made[max(made)]
    width, height = size_of(largest)
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


def _store(name: str, content: bytes) -> None:
    """Put a file where it is not yet. What has this name has this content."""
    if not default_storage.exists(name):
        kept = default_storage.save(name, ContentFile(content))
        if kept != name:  # another put it there meanwhile
            default_storage.delete(kept)


def as_jpeg_or_png(address: str) -> bytes | None:
    """Return a picture of the library as a Word document or an old reader of books takes it; None
    where its file is gone."""
    from . import picture_pixels

    found = pictures.named(address)
    if found is None:
        return None
    key, width, height = found
    try:
        with default_storage.open(pictures.file_of(key, width, height, width)) as file:
            return picture_pixels.as_jpeg_or_png(file.read())
    except OSError:
        return None


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


__all__ = [
    "MOST_BYTES",
    "Refused",
    "as_jpeg_or_png",
    "delete",
    "keep",
    "note_pictures",
    "note_shown",
]
