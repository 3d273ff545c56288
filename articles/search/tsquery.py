"""A query as PostgreSQL is asked it: conditions on the columns of words, and for how many articles
they should hold."""

from dataclasses import replace
from math import prod

from .commonness import row_count, share_of
from .query import Language, Query, written


def marker(facet: str) -> str:
    """Return the lexeme of a facet; no word has the sign in it."""
    return f"@{facet}"


def _word(word: str) -> str:
    return "'{}'".format(word.replace("\\", "\\\\").replace("'", "''"))


TSQUERY = written(
    " & ",
    " | ",
    " & !",
    word=_word,
    marker=lambda facet: _word(marker(facet)),
    in_column=lambda condition, in_titles: condition,
)


def conditions_of(
    query: Query, in_titles: bool = False, *, a_query: str = "(SELECT %s::tsquery)"
) -> tuple[list[str], list]:
    """Return the conditions on words and their values.

    Each is a condition of its own, the rarest first: the index skips from match to match of that,
    where in a single query it would weigh all words at each article. As a constant, `%s::tsquery`,
    each makes the planner unpack its statistics of ten thousand words, which takes longer than the
    answer to most: written as a SELECT it is none.
    """
    parts = sorted(_parts(query, in_titles))
    return [f"{column} @@ {a_query}" for _, column, _ in parts], [value for *_, value in parts]


def _parts(query: Query, in_titles: bool) -> list[tuple[float, str, str]]:
    """Return what must all hold: the share of articles it should hold for, the column, the
    `tsquery`."""
    return [
        (share, column, value)
        for column, part in _by_column(query, in_titles)
        for share, value in zip(
            part.conditions(_commonness(column), in_titles=column == _TITLES),
            part.conditions(TSQUERY, in_titles=column == _TITLES),
            strict=True,
        )
    ]


_TEXTS, _TITLES = "words", "title_words"


def _by_column(query: Query, in_titles: bool) -> list[tuple[str, Query]]:
    """Return what has to stand in which column. Markers are no words of a title, and what is left
    out needs words to go with."""
    if not in_titles:
        return [(_TEXTS, query)]
    titles = (_TITLES, replace(query, required=(), excluded=()))
    if query.required:
        return [(_TEXTS, replace(query, units=())), titles]
    return [(_TEXTS, query), titles] if query.excluded else [titles]


def wide(query: Query, in_titles: bool = False) -> int:
    """Return how many rows should match before what is excluded is left out of them."""
    return expected_rows(replace(query, excluded=()), in_titles)


def expected_rows(query: Query, in_titles: bool = False) -> int:
    """Return how many rows should match, by what ANALYZE counted: words and markers that have
    nothing to do with each other, as PostgreSQL's planner takes them too."""
    return round(prod(share for share, *_ in _parts(query, in_titles)) * row_count())


def _commonness(column: str) -> Language[float]:
    """Return the language of shares."""
    share = share_of(column)
    return Language(
        both=prod,
        either=lambda some: 1 - prod(1 - one for one in some),
        but_not=lambda wanted, unwanted: wanted * (1 - unwanted),
        word=share,
        marker=lambda facet: share(marker(facet)),
        in_column=lambda share, in_titles: share,
    )
