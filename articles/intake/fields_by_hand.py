"""Title, authors, date and source as a curator states them, where an import left them in doubt."""

import re
from datetime import date
from html import escape

from django.utils.translation import gettext_lazy as _

from ..curation.answers import AUTHORS, COLUMNS, DATE, SOURCE, TITLE
from ..curation.drafts import change_draft
from ..importing.fields.bylines import is_unit
from ..importing.fields.candidates import letters
from ..importing.fields.dates import StatedDate, parse_date
from ..importing.lexicon.surnames import may_be_name
from ..models import Article, Author, Redirect, Source
from .authors_and_tags import author_named, merged
from .written import lies_beside

_LONGEST = {TITLE: 200, SOURCE: 120}

_HAN = "\u3400-\u9fff"
_BETWEEN = re.compile(rf"[、,，;；/／|｜&＆\n]+|(?<=[{_HAN}]{{2}})[和与與及](?=[{_HAN}]{{2}})")
_SPREAD = re.compile(rf"(?<![{_HAN}])([{_HAN}])\s+([{_HAN}])(?![{_HAN}])")
_IN_PARTS = re.compile(r"\S{2,}[·•‧・∙]\S+")


BY_HAND_KIND = {
    TITLE: "doubtful-title",
    AUTHORS: "doubtful-author",
    DATE: "doubtful-date",
    SOURCE: "doubtful-source",
}
"""The kind of doubt a curator raises, and settles, by stating a field that had no flag."""


class Refused(ValueError):
    """The decision was not carried out; the message tells the curator why and what to do."""


_SET_ALREADY = {
    TITLE: _("A curator has set the title already; leave the flag as it is."),
    AUTHORS: _("A curator has set the authors already; leave the flag as it is."),
    DATE: _("A curator has set the date already; leave the flag as it is."),
    SOURCE: _("A curator has set the source already; leave the flag as it is."),
}
EMPTY = {
    TITLE: "",
    AUTHORS: [],
    DATE: {"stated_date": None, "date_precision": "", "date_is_upload": False},
    SOURCE: "",
}
"""What fields say that say nothing."""

_CHANGED_SINCE = {
    TITLE: _("The title has been changed since; change it in the form."),
    AUTHORS: _("The authors have been changed since; change them in the form."),
    DATE: _("The date has been changed since; change it in the form."),
    SOURCE: _("The source has been changed since; change it in the form."),
}


def decide(source: Source, flag: dict, field: str, text: str, user) -> dict:
    """Fill in a field as a curator decides on its flag; return what `undecide` needs of it.

    The line of a title that was in doubt, and is none, comes back into the text."""
    was = fill_in(source, field, text, user)
    in_doubt = flag["kind"] == "doubtful-title"
    return {"was": was, "back": bring_back(source, was, text, user) if in_doubt else ""}


def undecide(source: Source, finding: dict, field: str, text: str, user) -> bool:
    """Put back what stood before a curator decided; tell whether that was in the article, and not
    in the draft over it."""
    is_seen = empty_again(source, field, text, finding["was"], user)
    if finding.get("back"):
        take_away(source, finding["back"], user)
    return is_seen


def fill_in(source: Source, field: str, text: str, user):
    """Put what a curator states into a field that still is as it was imported, of the article or
    of the update that lies over it as a draft; return what stood there."""
    was, imported = _stands(source, field), _imported(merged(source.written), field)
    if was != imported:
        raise Refused(_SET_ALREADY[field])
    _set(source, field, stated(field, text), user)
    return was


def state_all(source: Source, texts: dict[str, str], user) -> dict:
    """Put what a curator states into fields, whatever they say; return what stood in each."""
    was = {field: _stands(source, field) for field in texts}
    for field, text in texts.items():
        _set(source, field, stated(field, text) if text else EMPTY[field], user)
    return was


def set_by_hand(source: Source, field: str, text: str, user):
    """Put what a curator states into a field, whatever it says; return what stood there, and
    whether that was anything else."""
    was, value = _stands(source, field), stated(field, text) if text else EMPTY[field]
    if was != value:
        _set(source, field, value, user)
    return was, was != value


def empty_again(source: Source, field: str, text: str, was, user) -> bool:
    """Put back what stood in a field before a curator stated `text`; tell whether that was in the
    article, and not in the draft over it."""
    said = stated(field, text) if text else EMPTY[field]
    if _stands(source, field) != said:
        raise Refused(_CHANGED_SINCE[field])
    if field == AUTHORS:
        was = list(map(int, Redirect.objects.standing(Author, map(str, was or ()), hold=True)))
    _set(source, field, was, user)
    return not lies_beside(source)


def bring_back(source: Source, was: str, now: str, user) -> str:
    """Put the line that an import took for the title, and a curator does not, back on top of the
    text; return it, empty where the title was on no line or still is what the line says."""
    line = _line_of(source, was)
    if not line or letters(now) in letters(line):
        return ""
    _set_body(source, _paragraph(line) + _body_of(source), user)
    return line


def _line_of(source: Source, title: str) -> str:
    """Return the line that an import took for the title; empty where it was on none."""
    taken = letters(title)
    return next((one for one in source.extracted if taken and taken in letters(one)), "").strip()


def body_with_line(source: Source, was: str, now: str, body: str) -> str:
    """Return a body as it is to be where an article's form changes its title from `was` to `now`:
    the line of a title in doubt stands on top of it from when it is none, until it is one again.
    """
    in_doubt = any(flag["kind"] == "doubtful-title" for flag in source.flags)
    imported = source.written.get(TITLE, "")
    line = _line_of(source, imported) if in_doubt and was != now else ""
    if not line:
        return body
    is_its = [letters(title) in letters(line) for title in (was, now)]
    if is_its == [False, True]:
        return body.removeprefix(_paragraph(line))
    if is_its == [True, False] and _paragraph(line) not in body:
        return _paragraph(line) + body
    return body


def take_away(source: Source, line: str, user) -> None:
    """Take a line that was brought back off the top of the text, if it still stands there."""
    body = _body_of(source)
    if body.startswith(_paragraph(line)):
        _set_body(source, body.removeprefix(_paragraph(line)), user)


def _paragraph(line: str) -> str:
    return f"<p>{escape(line, quote=False)}</p>\n"


def _body_of(source: Source) -> str:
    return source.article.draft.content["body"] if lies_beside(source) else source.article.body


def _set_body(source: Source, body: str, user) -> None:
    if lies_beside(source):
        change_draft(source.article, {"body": body}, user)
    else:
        _put(source.article, "body", body, user)


def _stands(source: Source, field: str):
    article = source.article
    return _in_draft(article, field) if lies_beside(source) else value_of(article, field)


def _set(source: Source, field: str, value, user) -> None:
    put = _put_in_draft if lies_beside(source) else _put
    put(source.article, field, value, user)


def _in_draft(article: Article, field: str):
    """Return what a field says in the draft over an article, as `value_of` does."""
    content = article.draft.content
    if field == AUTHORS:
        return [key for key, *_names in content[AUTHORS]]
    values = {name: content[name] for name in COLUMNS[field]}
    return values if field == DATE else values[field]


def _put_in_draft(article: Article, field: str, value, user) -> None:
    if field == AUTHORS:
        found = Author.objects.in_bulk(value)
        people = [found[key] for key in value if key in found]
        changes = {AUTHORS: [[one.pk, one.name, one.name_hant] for one in people]}
    else:
        changes = value if field == DATE else {field: value}
    change_draft(article, changes, user)


def value_of(article: Article, field: str):
    """Return what a field of an article says, as JSON; of authors the keys, of a date all of it."""
    if field == AUTHORS:
        return [author.pk for author in article.byline]
    values = {name: getattr(article, name) for name in COLUMNS[field]}
    if field != DATE:
        return values[field]
    return values | {"stated_date": _day(values["stated_date"])}


def _imported(written: dict, field: str):
    if field == AUTHORS:
        return written.get("authors", [])
    values = {name: written.get(name) for name in COLUMNS[field]}
    return values if field == DATE else values[field]


def stated(field: str, text: str):
    """Return what a curator stated, as `value_of` does; raises Refused where that is no value."""
    if field == AUTHORS:
        return list(dict.fromkeys(author_named(name).pk for name in typed_names(text)))
    if field != DATE:
        return text[: _LONGEST[field]]
    year = re.fullmatch(r"\s*(\d{4})\s*", text)
    stated: StatedDate | None = parse_date(f"{year[1]}年" if year else text)
    if stated is None:
        raise Refused(_("That is no date. Type it like 2020-05-09, 2020-05 or 2020."))
    return {
        "stated_date": _day(stated.date),
        "date_precision": stated.precision,
        "date_is_upload": False,
    }


def typed_names(text: str) -> list[str]:
    """Return the names of people typed in one line, each once.

    Beside 、 and its kind, space parts them where a full name stands on either side: 王 芳 is one
    person, and so are 歐陽 修, 約翰·李 and Mary Smith.
    """
    names = []
    for part in _parts(text):
        words = _SPREAD.sub(r"\1\2", part).split()
        if len(words) > 1 and not all(map(_is_full_name, words)):
            whole = "".join(words)
            words = [whole if may_be_name(whole) else " ".join(words)]
        names += words
    return list(dict.fromkeys(names))


def _parts(text: str) -> list[str]:
    """Cut a line at the marks between names; at 和 only where a name stands on either side."""
    parts, begun = [], 0
    for mark in _BETWEEN.finditer(text):
        sides = (re.split(r"[、,，;；/／|｜&＆\s]", text[begun : mark.start()])[-1],)
        sides += (re.match(r"[^、,，;；/／|｜&＆\s]*", text[mark.end() :])[0],)
        if mark[0] in "和与與及" and not all(map(_is_full_name, sides)):
            continue
        parts.append(text[begun : mark.start()])
        begun = mark.end()
    return [*parts, text[begun:]]


def _is_full_name(word: str) -> bool:
    return (may_be_name(word) or bool(_IN_PARTS.fullmatch(word))) and not is_unit(word)


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _put(article: Article, field: str, value, user) -> None:
    if field == AUTHORS:
        found = Author.objects.in_bulk(list(map(int, value)))
        article.set_authors([found[int(key)] for key in value if int(key) in found])
    elif field == DATE:
        stated = value["stated_date"]
        article.stated_date = date.fromisoformat(stated) if stated else None
        article.date_precision = value["date_precision"]
        article.date_is_upload = value["date_is_upload"]
    else:
        setattr(article, field, value)
    article.modified_by = user
    article.save()
