"""Title, authors, date and source of an import: what the article says, and why the importer took
it for that."""

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..curation.answers import AUTHORS, DATE, FIELD_OF, SOURCE, TITLE
from ..models import Article, DatePrecision, Source
from ..text import script
from .contents import FIELD_NAMES

_CALLED = {"date": DATE, "source": SOURCE}
"""Names the importer has for fields of the article."""

REASONS: dict[str, Promise] = {
    "stated": _("the file says so itself"),
    "label": _("stands behind a label"),
    "marked": _("set as a heading"),
    "agrees": _("the same as the page's title, the file's name or the navigation"),
    "recurs": _("its words come again in the text"),
    "title-ending": _("ends in a word that titles end in"),
    "next-to-label": _("beside date, source, summary or the like"),
    "next-to-byline": _("a byline is right below"),
    "subtitle-below": _("a subtitle is below"),
    "text-below": _("the text is right below"),
    "length": _("as long as a title"),
    "first": _("at the head of the page"),
    "bullet": _("the sign of a byline stands before it"),
    "role": _("a role stands before it, such as reporter"),
    "surname": _("begins with a common surname"),
    "rare-surname": _("begins with a rare surname"),
    "below-title": _("right below the title"),
    "unit-below": _("the name of a unit is beside it"),
    "before-text": _("summary or text is right below"),
    "doubled": _("stands twice at the head"),
    "closing": _("at the end of the text"),
    "with-date": _("on one line with the date"),
    "with-title": _("stands before the title, and the text does not speak of them"),
    "opens-text": _("the text begins with it"),
    "label-row": _("date, source or author stand on the line below"),
    "alone": _("no other short line above or below"),
    "clock": _("with a time of day"),
    "era": _("a year of the Republic of China"),
    "issue": _("year and number of a periodical"),
    "letterhead": _("letterhead or signature of an official paper"),
}
"""What the importer goes by, in words, for the codes it keeps with a field (`draft.Evidence`)."""

_PRECISE = {DatePrecision.YEAR: 4, DatePrecision.MONTH: 7}


def fields_of(article: Article, source: Source) -> list[dict]:
    """Return the fields of an import as its page shows them: what the article says, what the
    importer took, if that is something else, with its reasons in words, and the number of the open
    flag on it."""
    flags = {
        FIELD_OF[flag["kind"]]: n for n, flag in source.open_flags() if flag["kind"] in FIELD_OF
    }
    evidence: dict[str, list[dict]] = {field: [] for field in (TITLE, AUTHORS, DATE, SOURCE)}
    for one in source.evidence:
        evidence.setdefault(_CALLED.get(one["field"], one["field"]), []).append(one)
    says = {
        TITLE: article.title,
        AUTHORS: "、".join(map(str, article.byline)),
        DATE: shown_day(article.stated_date, article.date_precision),
        SOURCE: article.source_name,
    }
    return [
        {
            "field": field,
            "name": FIELD_NAMES.get(field, field),
            "says": says.get(field),
            "evidence": [
                {
                    "value": _unless_said(field, one["value"], says.get(field)),
                    "reasons": [REASONS.get(reason, reason) for reason in one["reasons"]],
                }
                for one in found
            ],
            "flag": flags.get(field),
        }
        for field, found in evidence.items()
    ]


def _unless_said(field: str, value: str, says: str | None) -> str:
    """Return what the importer took where the article says something else; the script does not
    count, nor a day of which no more than the year or month is known."""
    taken, said = script.fold(value), script.fold(says or "")
    is_said = taken.startswith(said) and said if field == DATE else taken == said
    return "" if is_said else value


def shown_day(day: date | None, precision: str) -> str:
    """Return a stated date as far as it is known: 2020-05-09, 2020-05 or 2020."""
    return day.isoformat()[: _PRECISE.get(precision, 10)] if day else ""
