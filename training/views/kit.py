"""The texts of a task on paper, with a sheet to sign: a page to print, and a Word document."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.reading.exports import Book, Chapter
from articles.reading.exports.book import blocks_of
from articles.reading.takeaway import pictures_of, words
from articles.reading.views.downloads import as_file
from articles.text.names import current_script

from ..access import members_only
from ..finishing import open_questions
from ..models import Assigned
from .learner import as_shown, own_task, readable


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a task as it is put on paper: its number in the path, and its questions."""

    position: int
    title: str
    body: str
    questions: list[dict]


def _texts(task: Assigned) -> list[Text]:
    """Return the texts of a task that readers see today."""
    steps = list(task.rule.version.steps.select_related("edition"))
    there = readable([step.edition for step in steps])
    return [
        Text(
            step.position,
            str(step.edition),
            step.edition.body_in(current_script()),
            [as_shown(one) for of in open_questions(step.edition).values() for one in of],
        )
        for step in steps
        if step.edition.article_id in there
    ]


@members_only
@require_safe
def kit(request, pk: int):
    row = own_task(request, pk)
    context = {
        "task": row,
        "path": row.rule.version.path,
        "texts": _texts(row),
        "member": request.member,
    }
    return render(request, "training/kit.html", context)


@members_only
@require_safe
def kit_document(request, pk: int) -> HttpResponse:
    """Give the same as a Word document, for a unit that sets it in its own form."""
    row = own_task(request, pk)
    texts, path = _texts(row), row.rule.version.path
    absolute = request.build_absolute_uri
    chapters = []
    for text in texts:
        address = absolute(reverse("text", args=[row.pk, text.position]))
        markup = text.body + _questions(text.questions)
        chapters.append(Chapter(text.title, address, blocks_of(markup, address)))
    address = absolute(reverse("task", args=[row.pk]))
    book = Book(
        title=str(path),
        language=current_script(),
        address=address,
        modified=timezone.now(),
        publisher=_("Union reading room"),
        words=words(),
        chapters=chapters,
        introduction=blocks_of(_sheet(texts, request.member), address),
        pictures=pictures_of("".join(text.body for text in texts), absolute),
    )
    return as_file(book, "docx", path.slug)


def _sheet(texts: list[Text], member) -> SafeString:
    rows = format_html_join(
        "", "<tr><th>{}</th><td></td><td></td></tr>", [[t.title] for t in texts]
    )
    return format_html(
        "<p>{}</p><table><tr><th>{}</th><th>{}</th><th>{}</th></tr>{}"
        "<tr><th>{}（{}）</th><td>{}</td><td>{}</td></tr></table>",
        _("For who reads on paper: the unit enters it, and another person confirms it."),
        _("article"),
        _("Day of reading"),
        _("Signature"),
        rows,
        member.name,
        member.staff_no,
        _("entered by"),
        _("confirmed by"),
    )


def _questions(questions: list[dict]) -> SafeString:
    if not questions:
        return SafeString()
    items = [
        [
            question["stem"],
            format_html_join(
                "", "<li>□ {}</li>", [[option] for _at, option in question["options"]]
            ),
        ]
        for question in questions
    ]
    return format_html(
        "<h3>{}</h3><ol>{}</ol>",
        _("Questions in the text"),
        format_html_join("", "<li><p>{}</p><ul>{}</ul></li>", items),
    )
