"""What a storm has left behind that must not be. Tests look with it too: nothing is set up here."""

from articles.curation import revisions
from articles.models import (
    Article,
    AuditEntry,
    Author,
    BulkRun,
    ListChange,
    Revision,
    Similarity,
    Source,
    Tag,
)
from articles.models.redirect import as_now
from articles.search.rebuild import differences
from articles.text import html
from articles.text.fingerprints import fingerprints

LEADS_TO = {
    "publish": "published",
    "approve": "published",
    "publish-draft": "published",
    "unpublish": "draft",
    "archive": "archived",
}
"""The status a deed of the log leaves an article in."""


def differences_of(content: revisions.Content, article_id: int) -> list[str]:
    """Return what an article says otherwise than a revision, whose tags and authors may have been
    merged, or deleted, since."""
    then = as_now(content)
    for name, model in (("authors", Author), ("tags", Tag)):
        there = model.objects.in_bulk([key for key, *_names in then[name]])
        then[name] = [one for one in then[name] if one[0] in there]
    return revisions.changed(then, revisions.state(article_id))


def what_the_log_tells() -> list[str]:
    """Return of which articles the log tells something else than is so."""
    told: dict[int, str] = {}
    for entry in AuditEntry.objects.filter(kind="articles.article").order_by("pk"):
        for number in entry.ids:
            if entry.action in LEADS_TO:
                told[number] = LEADS_TO[entry.action]
            elif "status" in entry.after:
                told[number] = entry.after["status"]
            elif entry.action in ("reject", "withdraw") and told.get(number) == "in_review":
                told[number] = "draft"
            elif entry.action == "undo":
                told.pop(number, None)
    stands = dict(Article.objects.filter(pk__in=told).values_list("pk", "status"))
    found = [
        f"article {pk} is {stands[pk]}, and the log says {status}"
        for pk, status in told.items()
        if pk in stands and stands[pk] != status
    ]
    for run in BulkRun.objects.exclude(entry=None).select_related("entry"):
        changed = set(run.items.filter(outcome="changed").values_list("number", flat=True))
        if changed != set(run.entry.ids) or len(changed) != len(run.entry.ids):
            found.append(f"the log of bulk run {run.pk} names other articles than it changed")
    return found


def what_was_not_found() -> list[str]:
    """Return which near duplicates and which places in lists are not known as they are."""
    known = set(Similarity.objects.values_list("article", "other"))
    for article in Article.objects.outside_bin().only("pk", "body"):
        hashes = fingerprints(html.plain_text(article.body))
        Similarity.objects.find(article, hashes, remeasure=False)
    new = set(Similarity.objects.values_list("article", "other")) - known
    found = [f"articles {one} and {other} are alike, and nobody knows" for one, other in new]
    for change in ListChange.objects.all():
        found.append(f"a change of the list {change.facet!r} was not forgotten")
    return found


def what_does_not_hold() -> list[str]:
    """Return what a storm has left behind that must not be."""
    found = what_the_log_tells() + what_was_not_found()
    found += [f"article {pk}: {what}" for pk, what in differences()]
    for article in Article.objects.all():
        last = article.revisions.filter(is_draft=False).select_related("text").first()
        if last is not None and (differ := differences_of(last.content, article.pk)):
            found.append(f"article {article.pk} is not what its last revision says: {differ}")
        if article.draft_id and not Revision.objects.filter(pk=article.draft_id).exists():
            found.append(f"article {article.pk} has a draft that is gone")
    for source in Source.objects.select_related("article"):
        standing = {decision.pk: decision for decision in source.decisions.standing()}
        for flag in source.flags:
            if not (number := flag.get("settled")):
                continue
            decision = standing.get(number)
            if decision is None:
                found.append(f"article {source.article_id}: a flag is settled by nothing")
            elif any(edit not in source.edits for edit in decision.added):
                found.append(f"article {source.article_id}: what settled a flag is not there")
    return found
