"""Triggers that give what pages show another mark (`page_version`) when its rows change.

Each says in SQL which names a change of a table touches. They are put in place after every
`migrate`, those that are missing. For SQLite they are dropped before: it makes a table anew to
change it, and would neither keep its triggers nor take those of others that name it.
What is not public touches nothing: an article has a place in a list as soon as readers may see it,
now or at a time that is set.
"""

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from .page_version import ARTICLES, COLLECTIONS, EVERYTHING, LISTS, WORDS, PageVersion

SLOTS = 64
"""Transactions that can change what pages show at one moment without waiting for each other."""

_LOCK = 20_141_130
"""The advisory locks of slots, a number of our own."""

_SHOWN = f"""
SELECT 'p' || (shown.{{of}} % {ARTICLES}) AS one FROM {{rows}} shown
WHERE EXISTS (SELECT 1 FROM articles_listing entry WHERE entry.article_id = shown.{{of}})
UNION SELECT '{LISTS}' || entry.facet FROM {{rows}} shown
JOIN articles_listing entry ON entry.article_id = shown.{{of}}
"""
"""An article readers see, and all lists that show it."""

_BESIDE = f"""
SELECT '{LISTS}' || entry.facet AS one FROM {{rows}} entry
UNION SELECT 'p' || (entry.article_id % {ARTICLES}) FROM {{rows}} entry WHERE entry.facet = ''
UNION SELECT 'p' || ((SELECT next.article_id FROM articles_listing next WHERE next.facet = ''
AND next.position > entry.position ORDER BY next.position LIMIT 1) % {ARTICLES})
FROM {{rows}} entry WHERE entry.facet = ''
UNION SELECT 'p' || ((SELECT next.article_id FROM articles_listing next WHERE next.facet = ''
AND next.position < entry.position ORDER BY next.position DESC LIMIT 1) % {ARTICLES})
FROM {{rows}} entry WHERE entry.facet = ''
"""
"""The list an article comes into or leaves, and the articles next to it among all."""

_PUBLIC = "(now.status = 'published' OR was.status = 'published')"
_IS = {"postgresql": "IS DISTINCT FROM", "sqlite": "IS NOT"}
_STANDING = ("status", "deleted_at", "published_at", "expires_at", "slug", "dated")
_APPEARS = "(was.status <> 'published' AND now.deleted_at IS NULL)"

_ARTICLE = f"""
SELECT '{EVERYTHING}' AS one FROM {{now}} now JOIN {{was}} was ON was.id = now.id
WHERE {_PUBLIC} AND NOT {_APPEARS} AND {{differs}}
UNION SELECT '{COLLECTIONS}' FROM {{now}} now JOIN {{was}} was ON was.id = now.id
WHERE {_PUBLIC} AND {_APPEARS}
UNION SELECT 'p' || (related.article_id % {ARTICLES}) FROM {{now}} now
JOIN {{was}} was ON was.id = now.id JOIN articles_related related ON related.other_id = now.id
WHERE {_PUBLIC} AND {_APPEARS}
UNION {_SHOWN.format(of="id", rows="{now}")}
"""
"""An article that comes into the open touches what leads to it; one that leaves or changes place,
all there is."""

_TITLE = f"""
SELECT '{EVERYTHING}' AS one FROM {{now}} now JOIN {{was}} was ON was.id = now.id
WHERE was.title <> now.title AND EXISTS (
SELECT 1 FROM articles_listing entry WHERE entry.article_id = now.article_id)
UNION {_SHOWN.format(of="article_id", rows="{now}")}
"""
"""A title stands on pages of other articles too."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a change of a table touches; `names` is of the rows that `changed`, in SQL."""

    table: str
    events: tuple[str, ...]
    names: str

    def of(self, event: str, now: str, was: str) -> str:
        """Return the names that are touched, of rows as they are `now` and `was`."""
        rows = was if event == "DELETE" else now
        differs = " OR ".join(
            f"now.{name} {_IS[connection.vendor]} was.{name}" for name in _STANDING
        )
        return self.names.format(rows=rows, now=now, was=was, differs=f"({differs})").strip()


_ALL = ("INSERT", "UPDATE", "DELETE")


def _always(name: str) -> str:
    return f"SELECT '{name}' AS one FROM {{rows}} any_row"


RULES = (
    _Rule("articles_listing", _ALL, _BESIDE),
    _Rule("articles_article", ("UPDATE",), _ARTICLE),
    _Rule(
        "articles_article",
        ("DELETE",),
        f"SELECT '{EVERYTHING}' AS one FROM {{rows}} gone WHERE gone.status = 'published'",
    ),
    _Rule("articles_rendition", ("UPDATE",), _TITLE),
    _Rule("articles_rendition", ("INSERT", "DELETE"), _SHOWN.replace("{of}", "article_id")),
    _Rule("articles_authorship", _ALL, _SHOWN.replace("{of}", "article_id")),
    _Rule("articles_taggedarticle", _ALL, _SHOWN.replace("{of}", "content_object_id")),
    _Rule("articles_source", _ALL, _SHOWN.replace("{of}", "article_id")),
    _Rule("articles_related", _ALL, _SHOWN.replace("{of}", "article_id")),
    _Rule("articles_tag", ("UPDATE", "DELETE"), _always(EVERYTHING)),
    _Rule("articles_author", ("UPDATE", "DELETE"), _always(EVERYTHING)),
    _Rule("articles_picture", ("UPDATE",), _always(EVERYTHING)),
    _Rule("articles_sitepage", _ALL, _always(EVERYTHING)),
    _Rule("articles_collection", _ALL, _always(COLLECTIONS)),
    _Rule("articles_collectionitem", _ALL, _always(COLLECTIONS)),
    *(
        _Rule(f"articles_{name}", _ALL, _always(WORDS))
        for name in ("tagalias", "authoralias", "domainword", "synonym", "searchversion")
    ),
)

_MARK = f"""
CREATE OR REPLACE FUNCTION articles_mark_pages(touched text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE own int := pg_backend_pid() % {SLOTS}; tried int := 0;
BEGIN
  IF coalesce(cardinality(touched), 0) = 0 THEN RETURN; END IF;
  WHILE tried < {SLOTS} AND NOT pg_try_advisory_xact_lock({_LOCK}, own) LOOP
    own := (own + 1) % {SLOTS}; tried := tried + 1;
  END LOOP;
  INSERT INTO articles_pageversion AS kept (name, slot, mark)
  SELECT one, own, (random() * 4503599627370496)::bigint
  FROM unnest(touched) AS one WHERE one IS NOT NULL GROUP BY one ORDER BY one
  ON CONFLICT ON CONSTRAINT one_mark_a_name_and_slot DO UPDATE SET mark = excluded.mark;
END $$
"""


def _on_postgres(rule: _Rule, event: str) -> tuple[str, list[str]]:
    """Return the name of a trigger, told once a statement of all rows it changed, and how it is
    made."""
    names = rule.of(event, "rows_now", "rows_were")
    name = _name(rule, event, _MARK + names)
    seen = {
        "INSERT": "NEW TABLE AS rows_now",
        "UPDATE": "OLD TABLE AS rows_were NEW TABLE AS rows_now",
        "DELETE": "OLD TABLE AS rows_were",
    }[event]
    return name, [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"PERFORM articles_mark_pages(ARRAY({names})); RETURN NULL; END $$",
        f"CREATE TRIGGER {name} AFTER {event} ON {rule.table} REFERENCING {seen} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]


def _on_sqlite(rule: _Rule, event: str) -> tuple[str, list[str]]:
    """Return the name of a trigger, told of each row, and how it is made. SQLite has one writer,
    so there is one slot."""
    columns = [*_columns(rule.table)]
    now, was = (
        f"(SELECT {', '.join(f'{row}.{one} AS {one}' for one in columns)})"
        for row in ("NEW", "OLD")
    )
    names = rule.of(event, now, was)
    name = _name(rule, event, names)
    # Not by REPLACE: what a statement that fires this says of conflicts would hold here too.
    return name, [
        f"CREATE TRIGGER {name} AFTER {event} ON {rule.table} BEGIN "
        f"DELETE FROM articles_pageversion WHERE name IN ({names}); "
        "INSERT INTO articles_pageversion (name, slot, mark) "
        f"SELECT DISTINCT touched.*, 0, abs(random() % 4503599627370496) FROM ({names}) AS touched "
        "WHERE touched.one IS NOT NULL; END"
    ]


def _columns(table: str) -> list[str]:
    used = {
        "articles_listing": ("facet", "position", "article_id"),
        "articles_article": ("id", *_STANDING),
        "articles_rendition": ("id", "article_id", "title"),
        "articles_taggedarticle": ("content_object_id",),
    }
    of_article = ("articles_authorship", "articles_source", "articles_related")
    return list(used.get(table, ("article_id",) if table in of_article else ("id",)))


def _name(rule: _Rule, event: str, what: str) -> str:
    digest = hashlib.sha256(what.encode()).hexdigest()[:8]
    return f"pages_{rule.table.removeprefix('articles_')}_{event.lower()}_{digest}"


_THERE = {
    "postgresql": (
        "SELECT tgname, tgrelid::regclass::text FROM pg_trigger "
        "WHERE tgname LIKE 'pages\\_%' AND NOT tgisinternal"
    ),
    "sqlite": (
        "SELECT name, tbl_name FROM sqlite_master "
        "WHERE type = 'trigger' AND name LIKE 'pages\\_%' ESCAPE '\\'"
    ),
}


def wanted() -> Iterator[tuple[str, list[str]]]:
    """Yield each trigger's name, and the statements that make it."""
    make = _on_postgres if connection.vendor == "postgresql" else _on_sqlite
    for rule in RULES:
        for event in rule.events:
            yield make(rule, event)


def there() -> dict[str, str]:
    """Return the triggers that are in place, and their tables."""
    with connection.cursor() as cursor:
        cursor.execute(_THERE[connection.vendor])
        return dict(cursor.fetchall())


def put_in_place(**told) -> None:
    """Make the triggers that are missing, and drop those of another release; then no page that was
    kept before is shown again. Called after each `migrate`, with what Django tells of it."""
    if PageVersion._meta.db_table not in connection.introspection.table_names():
        return  # migrated back to before there were any
    standing, made = there(), dict(wanted())
    missing = made.keys() - standing.keys()
    _drop({name: table for name, table in standing.items() if name not in made})
    if not missing:
        return
    if connection.vendor == "postgresql":
        _execute(_MARK)
    for name in missing:  # one by one: each waits for those who write to its table
        _execute(*made[name])
    PageVersion.objects.filter(name=EVERYTHING, slot=SLOTS).delete()
    PageVersion.objects.create(name=EVERYTHING, slot=SLOTS, mark=secrets.randbits(52))


def take_away(*_, **told) -> None:
    """Drop all triggers."""
    _drop(there())


def before_migrating(**told) -> None:
    """Drop the triggers of SQLite."""
    if connection.vendor == "sqlite":
        take_away()


def _drop(triggers: dict[str, str]) -> None:
    for name, table in triggers.items():
        if connection.vendor == "postgresql":
            _execute(f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()")
        else:
            _execute(f"DROP TRIGGER {name}")


def _execute(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
