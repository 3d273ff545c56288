"""Which rows a piece of work locks, in their order: PostgreSQL only, which takes them one by one."""

import re
from collections.abc import Callable

from django.db import connection

RANKS = {
    "articles_article": 1,
    "articles_source": 2,
    "articles_tag": 3,
    "articles_author": 4,
}
"""The order in which tables are locked; of those that are not named here it does not matter."""

_TIES = {"articles_taggedarticle": "articles_tag", "articles_authorship": "articles_author"}
"""Tables a new row of which locks the row of another that it points to."""

_LOCKING = (
    re.compile(r'^SELECT.*? FROM "(\w+)".* FOR (?:NO KEY )?UPDATE', re.DOTALL),
    re.compile(r'^(?:UPDATE|DELETE FROM) "(\w+)"'),
    re.compile(r'^INSERT INTO "(\w+)"'),
)
_INSERT = 2


def locked_by(work: Callable[[], object]) -> list[str]:
    """Do something, and return the tables whose rows it locks, in the order of their first."""
    seen: list[str] = []

    def watch(execute, sql, params, many, context):
        for kind, pattern in enumerate(_LOCKING):
            if found := pattern.match(sql):
                table = found[1]
                if kind == _INSERT and table != "articles_article":  # a new one is its maker's
                    table = _TIES.get(table)
                if table in RANKS and table not in seen:
                    seen.append(table)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        work()
    return seen


def is_in_order(tables: list[str]) -> bool:
    """Tell whether tables were first locked in the order of RANKS."""
    ranks = [RANKS[table] for table in tables]
    return ranks == sorted(ranks)
