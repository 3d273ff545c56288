"""The texts of a task to print, with a sheet to sign."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.text.names import current_script

from ..access import members_only
from ..finishing import open_questions
from .learner import as_shown, own_task, readable


@members_only
@require_safe
def kit(request, pk: int):
    row = own_task(request, pk)
    steps = list(row.rule.version.steps.select_related("edition"))
    there = readable([step.edition for step in steps])
    texts = [
        {
            "title": str(step.edition),
            "body": step.edition.body_in(current_script()),
            "questions": [
                as_shown(one) for of in open_questions(step.edition).values() for one in of
            ],
        }
        for step in steps
        if step.edition.article_id in there
    ]
    context = {"task": row, "path": row.rule.version.path, "texts": texts, "member": request.member}
    return render(request, "training/kit.html", context)
