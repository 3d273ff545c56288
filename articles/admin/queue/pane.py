"""One import in the queue: its fields, flags and text, and what may be done with it."""

from django.utils.translation import gettext as _

from ...curation.answers import FIELD_OF, TITLE
from ...curation.looking_through import shown_state
from ...curation.near_duplicates import standing_pairs
from ...intake.queue_steps import PUBLISH, SUBMIT
from ...intake.site_lines import accepted_readings, having, offered_lines
from ...intake.written import lies_beside
from ...models import Article, Decision, Source, Status
from ...text import html, script
from ..finding_words import finding_words
from ..import_fields import fields_of
from ..import_review import ASKS, shown_flag
from ..standing import badge
from .acting import KEEP
from .marked_text import marked
from .queue_rows import Queue

_CHIPS, _DECIDED, _CUTS = 5, 8, 3
"""Candidates of a field, decisions and cut lines that are shown."""


def pane_of(
    model_admin, request, queue: Queue, article: Article, typed: dict | None = None
) -> dict:
    """Return what the page shows of an import; `typed` is what was typed before somebody else
    changed it, and stands in its field again."""
    source = Source.objects.defer("raw", "hints", "marks").get(article=article)
    source.article = article
    typed = typed or {}
    fields = fields_of(article, source)
    opened = [number for number, _flag in source.open_flags()]
    about = {one["field"]: one for one in fields}
    shown = [shown_flag(source, number, {}, about) for number in opened]
    text = marked(source)
    readings = accepted_readings(source, [flag for flag in shown if flag["end"]])
    in_fields = {FIELD_OF[flag["kind"]]: flag for flag in shown if flag["kind"] in FIELD_OF}
    flags = [
        _with_readings(flag, readings, source, typed)
        for flag in shown
        if flag["kind"] not in FIELD_OF
    ]
    made = list(source.decisions.select_related("by").order_by("-pk")[: 4 * _DECIDED])
    standing = [one for one in made if one.stands]
    may_write = model_admin.may_write(request, article)
    holds = source.blocking_count
    return {
        "article": article,
        "source": source,
        "seen": shown_state(article),
        "badge": badge(article),
        "fields": [_field(one, in_fields.get(one["field"]), typed) for one in fields[:4]],
        "flags": flags,
        "similar": [
            {
                "other": pair.partner_of(article.pk),
                "message": finding_words(pair.flag_for(article.pk).message),
            }
            for pair in standing_pairs(article.pk)
        ],
        "groups": text.groups,
        "has_more": text.has_more,
        "offered": offered_lines(source, text.all),
        "cuts": _cuts(queue, standing),
        "decided": [one for one in standing if one.action != Decision.Action.REVIEW][:_DECIDED],
        "by_hand": not html.is_same(article.body, source.written.get("body", "")),
        "beside": lies_beside(source),
        "blocking": holds,
        "may_write": may_write,
        "may_keep": request.user.has_perm(KEEP),
        "to": "" if holds or not may_write else _next_station(model_admin, request, article),
        "who": queue.others([article.pk]).get(article.pk, ""),
        "run": source.run,
    }


def _next_station(model_admin, request, article: Article) -> str:
    """Return where an article may go from here: before readers, or before a reviewer."""
    if article.status == Status.PUBLISHED and not article.draft_id:
        return ""
    if model_admin.may_publish_as_it_is(request, article):
        return PUBLISH
    return SUBMIT if article.status == Status.DRAFT else ""


def _field(field: dict, flag: dict | None, typed: dict) -> dict:
    """Return a field with its candidates: those of its flag, then what else spoke for a value."""
    chips = list(flag["candidates"]) if flag else []
    known = {script.fold(text) for text, _label in chips} | {script.fold(field["says"] or "")}
    for one in field["evidence"]:
        if one["value"] and script.fold(one["value"]) not in known:
            chips.append((one["value"], one["value"]))
            known.add(script.fold(one["value"]))
    name = field["field"]
    return field | {
        "chips": chips[:_CHIPS],
        "flag": flag,
        "asks": ASKS[name],
        "value": typed.get(f"field-{name}", field["says"] or ""),
        "is_typed": f"field-{name}" in typed,
        "may_be_empty": name != TITLE and bool(field["says"]),
    }


def _with_readings(flag: dict, readings: dict[str, list[str]], source: Source, typed: dict) -> dict:
    """Return a flag with the readings accepted for the same damage elsewhere in the run first."""
    damaged = source.text[flag["start"] : flag["end"]]
    learned = readings.get(damaged, []) if flag["end"] else []
    chips = [(text, _("%(text)s — as on another page") % {"text": text}) for text in learned]
    chips += [chip for chip in flag["candidates"] if chip[0] not in learned]
    return flag | {
        "candidates": chips[:_CHIPS],
        "value": typed.get(f"flag-{flag['token']}", flag["stretch"]),
        "is_typed": f"flag-{flag['token']}" in typed,
    }


def _cuts(queue: Queue, standing: list[Decision]) -> list[dict]:
    """Return the lines that curators cut here, with how many other imports of the queue have each
    as it is written."""
    cuts = [one for one in standing if one.finding.get("cut")][:_CUTS]
    others = queue.all.exclude(pk=cuts[0].source.article_id) if cuts else queue.all.none()
    found = []
    for one in cuts:
        written = one.finding["before"].strip()
        count = having(others, written).count() if queue.run else 0
        found.append({"decision": one, "line": written, "count": count})
    return found
