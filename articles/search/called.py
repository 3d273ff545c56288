"""Which tags and authors are called what was typed: their markers, by name, other name and unit."""

from django.db import connection

from ..models import Author
from ..models.plain_sql import rows
from ..text.names import pinyin_slug
from .meanings import authors_read_so, is_pinyin
from .rows import places
from .words import HAN, is_whole

_MOST_NAMES = 100

_NAMED = """
SELECT 't', tag.id, tag.name, alias.name
FROM articles_tag tag LEFT JOIN articles_tagalias alias ON alias.tag_id = tag.id WHERE {meant}
UNION ALL SELECT 'a', id, name, '' FROM articles_author WHERE name IN ({whole})
UNION ALL SELECT 'a', author_id, name, '' FROM articles_authoralias WHERE name IN ({whole})
{of_units}
ORDER BY 1 DESC, 2 LIMIT {most}
"""


_OF_UNIT = r"UNION ALL SELECT '0', id, %s, '' FROM articles_author WHERE unit LIKE %s ESCAPE '\'"
_SHORTEST_UNIT = 4
"""Characters of a unit's name at least, by whose beginning its authors are found: 平原机床厂."""


def markers_of(wanted: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the markers of tags and authors by what was typed, of which each is told with what
    means the same: a tag by a part of its name or the whole in other words, an author by the
    whole, or by what the unit is called first."""
    found: dict[str, list[str]] = {value: [] for value in wanted}
    if not wanted:
        return found
    others = [other for same in wanted.values() for other in same]
    parts = [f"%{connection.ops.prep_for_like_query(one)}%" for one in wanted if len(one) > 1]
    meant, values = [], []
    for column in ("tag.name", "alias.name"):
        if others:
            meant.append(f"{column} IN ({places(others)})")
        meant += [f"{column} LIKE %s ESCAPE '\\'"] * len(parts)
        values += [*others, *parts]
    whole = [*wanted, *others]
    units = [
        one
        for one, same in wanted.items()
        if len(one) >= _SHORTEST_UNIT and HAN.match(one) and not same
    ]
    values += [*whole, *whole]
    for one in units:
        values += [one, f"{connection.ops.prep_for_like_query(one)}%"]
    sql = _NAMED.format(
        meant=" OR ".join(meant) or "1 = 0",
        whole=places(whole),
        of_units="\n".join([_OF_UNIT] * len(units)),
        most=_MOST_NAMES,
    )
    named = rows(sql, values)
    for value, keys in authors_read_so([one for one in wanted if is_pinyin(one)]).items():
        found[value] += [f"a{key}" for key in keys]
    for letter, pk, *names in named:
        for value, same in wanted.items():
            part_is_enough = letter == "t"
            meant_by_it = any(
                name and (name == value or name in same or (part_is_enough and _has(name, value)))
                for name in names
            )
            marker = f"{'t' if part_is_enough else 'a'}{pk}"
            if meant_by_it and marker not in found[value]:
                found[value].append(marker)
    return found


def _has(name: str, word: str) -> bool:
    """Tell whether a name has a word: 民主管理 has 管理 and not 主管."""
    at = name.find(word)
    return at >= 0 and is_whole(name, at, at + len(word))


def longer_names(value: str) -> tuple[str, ...]:
    """Return the names of authors that begin as what was typed and go on."""
    authors = Author.objects.filter(slug__startswith=f"{pinyin_slug(value)}-").order_by("slug")
    names = authors.values_list("name", flat=True)[:20]
    return tuple(dict.fromkeys(name for name in names if name.startswith(value) and name != value))
