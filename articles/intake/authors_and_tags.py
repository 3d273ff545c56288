"""Authors and tags by the names that files give them: found, or made."""

from collections.abc import Iterable

from ..models import Author, AuthorAlias, Redirect, Tag
from ..models.tag import hold_name
from ..text import script


def author_named(name: str, unit: str = "") -> Author:
    """Return the author of that name and unit; without a unit, the only one of that name."""
    name, unit = name[:80], unit[:120]
    original = script.detect(name)
    hans = script.convert(name, script.HANS, original)
    unit_hans = script.convert(unit, script.HANS)
    namesakes = list(Author.objects.filter(name=hans)[:20])
    for author in namesakes:
        if author.unit == unit_hans:
            return author
    aliases = list(AuthorAlias.objects.filter(name=hans).select_related("author")[:20])
    for alias in aliases:
        if alias.unit == unit_hans:
            return alias.author
    people = {*namesakes, *(alias.author for alias in aliases)}
    if not unit and len(people) == 1:
        return people.pop()
    author = Author(name=hans, unit=unit_hans)
    if original == script.HANT and script.NO_TRADITIONAL.isdisjoint(name):
        author.name_hant = name
    author.save()
    return author


def tags_named(known: Iterable[str], asked: Iterable[str]) -> list[Tag]:
    """Return the tags that go by these names, by their keys."""
    found = {tag.name: tag for tag in tags_by_name(known, asked).values()}
    return sorted(found.values(), key=lambda tag: tag.pk)


def tags_by_name(known: Iterable[str], asked: Iterable[str]) -> dict[str, Tag]:
    """Return the tag that goes by each of these names.

    One that was asked for is made where it is not there; one that the vocabulary knew when the
    import began may have been deleted by a curator since, and stays so. They are made in the order
    of their names, so that two imports of the same new tags wait for each other instead of locking
    up.
    """
    asked = set(asked)
    names = {*known, *asked}
    if not names:
        return {}
    folded = {name: script.fold(name.strip()) for name in names}
    by_name = {tag.name: tag for tag in Tag.objects.filter(name__in=folded.values())}
    found: dict[str, Tag] = {}
    for name in sorted(names, key=lambda name: folded[name]):
        tag = by_name.get(folded[name]) or Tag.objects.named(name)
        if tag is None:
            if name not in asked:
                continue
            hold_name(folded[name])
            tag = Tag.objects.named(name) or Tag(name=name)
            if tag.pk is None:
                tag.save()
        found[name] = tag
    return found


def merged(written: dict) -> dict:
    """Return what was written with what its authors and tags were merged into since."""
    now = dict(written)
    for name, model in (("authors", Author), ("tags", Tag)):
        if keys := written.get(name):
            moved = Redirect.objects.moved(model, keys)
            now[name] = list(dict.fromkeys(moved.get(key, key) for key in keys))
            now[name] = sorted(now[name]) if name == "tags" else now[name]
    return now
