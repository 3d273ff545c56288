"""What a reader may be typing: titles, tags and authors, in Chinese or pinyin."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from ..models.article_queries import titles_of
from ..models.plain_sql import rows
from ..text import script
from ..text.names import address, article_address
from ..text.script import searchable
from .engine import engine
from .query import parse
from .rows import LAST, UNEXPIRED, last_position
from .words import current_words, pinyin_of

MOST = 8
_LONGEST = 30


class Suggestion(NamedTuple):
    """A line below the search box; `kind` is title, tag or author. `alias` is the name that was
    typed, where it is another one."""

    kind: str
    text: str
    url: str
    alias: str = ""


def suggest(typed: str, in_script: str) -> list[Suggestion]:
    """Return what begins with, or has, what was typed; only what readers may see.

    The queries are in SQL: Django takes longer to write them than a database to answer.
    """
    typed = searchable(typed[:_LONGEST]).strip()
    if not typed or not any(map(str.isalnum, typed)):
        return []
    with override(in_script.lower()):
        return [*_named(typed, in_script), *_titles(typed, in_script)][:MOST]


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    most: int
    pattern: str  # of the names that fit

    def names_like(self, typed: str) -> list[str]:
        """Return the values of the places in `condition`."""
        like = connection.ops.prep_for_like_query
        return [self.pattern.format(like(typed)), *([f"{like(typed)}%"] if typed.isascii() else [])]

    def condition(self, typed: str) -> str:
        """Return the condition for what has this name, or a slug that begins with this pinyin."""
        by_pinyin = f" OR replace(slug, '-', '') {_LIKE}" if typed.isascii() else ""
        return f"(named.name {_LIKE}{by_pinyin})"


_LIKE = "LIKE %s ESCAPE '\\'"
_KINDS = (_Kind("tag", 3, "%{}%"), _Kind("author", 2, "{}%"))  # there may be thousands of authors

_BY_NAME = """
SELECT * FROM (SELECT '{kind}', slug, named.{name}, '' FROM articles_{kind} named
WHERE {like} AND {seen} ORDER BY slug LIMIT {most}) AS by_name
"""
_BY_ALIAS = """
SELECT * FROM (SELECT '{kind}', slug, named.{name}, min(alias.name)
FROM articles_{kind}alias alias JOIN articles_{kind} named ON named.id = alias.{kind}_id
WHERE alias.name {alias_like} AND NOT {like} AND {seen}
GROUP BY named.id, slug, named.{name} ORDER BY min(alias.name), slug LIMIT {most}) AS by_alias
"""
_SEEN = f"""
EXISTS (SELECT 1 FROM articles_listing WHERE facet = '{{letter}}' || named.id
AND position BETWEEN 0 AND %s AND {UNEXPIRED})
"""  # noqa: S608 - a constant


def _named(typed: str, in_script: str) -> list[Suggestion]:
    """Return tags and authors that readers see an article of: those called so before those that
    are also called so."""
    now = timezone.now()
    seen = [last_position(now), now]
    begins = f"{connection.ops.prep_for_like_query(typed)}%"
    parts, values = [], []
    for kind in _KINDS:
        told = {
            "kind": kind.name,
            "name": "name_hant" if in_script == script.HANT else "name",
            "most": kind.most,
            "like": kind.condition(typed),
            "alias_like": _LIKE,
            "seen": _SEEN.format(letter=kind.name[0]),
        }
        like = kind.names_like(typed)
        parts += [_BY_NAME.format(**told), _BY_ALIAS.format(**told)]
        values += [*like, *seen, begins, *like, *seen]
    named = rows(f"{' UNION ALL '.join(parts)} ORDER BY 4, 2", values)  # alias, slug
    return [
        Suggestion(
            kind.name, text, address(kind.name, slug), script.convert(alias, in_script, script.HANS)
        )
        for kind in _KINDS
        for slug, text, alias in [rest for name, *rest in named if name == kind.name][: kind.most]
    ]


_BEGINS_SO = f"""
SELECT article_id FROM (
    SELECT article_id, position, expires FROM articles_searchrow
    WHERE {{column}} >= %s AND {{column}} < %s ORDER BY {{column}} LIMIT {{all}}
) AS named WHERE {UNEXPIRED} AND position BETWEEN 0 AND %s LIMIT {{most}}
"""  # noqa: S608 - a constant
"""By beginnings, in their order and until there are enough; `all` are so many that nobody has them.
What is asked of the others stands outside, or either database would take the range of positions for
the shorter, or gather all of thousands that begin so."""
_ALL = 2**40


def _titles(typed: str, in_script: str) -> list[Suggestion]:
    """Return titles that begin so, in characters or pinyin, and then those that have the words."""
    ids = _beginning(typed)
    if len(ids) < MOST:
        query = parse(typed, current_words())
        if query.units:
            more = engine().newest(query, MOST, in_titles=True)
            ids += [match.article_id for match in more if match.article_id not in ids]
    found = titles_of(ids, in_script)
    return [
        Suggestion("title", found[pk][1], article_address(pk, found[pk][0]))
        for pk in ids
        if pk in found
    ]


def _beginning(typed: str) -> list[int]:
    """Return some articles whose title begins so."""
    column, begins = ("pinyin", pinyin_of(typed)) if typed.isascii() else ("title", typed)
    if not begins:
        return []
    now = timezone.now()
    values = [begins, begins + LAST, now, last_position(now)]
    found = rows(_BEGINS_SO.format(column=column, all=_ALL, most=MOST), values)
    return [article_id for (article_id,) in found]
