"""Questions at the desk, beside the text they are about."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.curation.audit import audit
from articles.models import Article
from articles.text import script
from articles.text.keys import is_key

from ..cutting import cut
from ..models import Question, QuestionKind, QuestionState, QuestionVersion
from .training_desk import TrainingDesk


class QuestionForm(forms.Form):
    """A question as it is written, in the script of its writer; the other is filled in, save where
    what stood there was left as it was."""

    kind = forms.ChoiceField(label=_("kind"), choices=QuestionKind)
    stem = forms.CharField(label=_("Question"), max_length=400, widget=forms.Textarea({"rows": 2}))
    options = forms.CharField(
        label=_("Answers, one a line"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("For a single choice only: two to six, the right one with * in front."),
    )
    is_true = forms.TypedChoiceField(
        label=_("The statement is"),
        choices=[("", "–"), ("1", _("True")), ("0", _("False"))],
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("For true or false only."),
    )
    note = forms.CharField(
        label=_("Explanation, shown after the right answer"),
        max_length=400,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args, before: QuestionVersion | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.before = before

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        version = self.version = QuestionVersion(kind=data["kind"])
        written = script.detect(data["stem"] + data["note"])
        side = "_hant" if written == script.HANT else ""
        for name in ("stem", "note"):
            text = data[name].strip()
            setattr(version, f"{name}{side}", text)
            if self.before and text == self.before.text(name):
                setattr(version, name, getattr(self.before, name))
                setattr(version, f"{name}_hant", getattr(self.before, f"{name}_hant"))
        if data["kind"] == QuestionKind.TRUE_FALSE:
            if data["is_true"] is None:
                raise forms.ValidationError({"is_true": _("Say whether it is true.")})
            version.key = data["is_true"]
        else:
            lines = [one.strip() for one in data["options"].splitlines() if one.strip()]
            right = [at for at, one in enumerate(lines) if one.startswith(("*", "＊"))]
            if len(right) != 1:
                raise forms.ValidationError(
                    {"options": _("Put * in front of the right answer, and of no other.")}
                )
            texts = [one.lstrip("*＊").strip() for one in lines]
            before = self.before
            known = dict(zip(before.answers, before.options, strict=True)) if before else {}
            version.options = [
                known.get(one)
                or [
                    script.convert(one, script.HANS, written),
                    script.convert(one, script.HANT, written),
                ]
                for one in texts
            ]
            version.key = right[0]
        version.clean()
        return data

    @classmethod
    def written(cls, version: QuestionVersion) -> "QuestionForm":
        """Return the form as it was filled in for a version, in the script of the desk."""
        lines = [
            f"{'*' if at == version.key else ''}{one}" for at, one in enumerate(version.answers)
        ]
        is_true = version.kind == QuestionKind.TRUE_FALSE
        return cls(
            initial={
                "kind": version.kind,
                "stem": version.text("stem"),
                "note": version.text("note"),
                "options": "\n".join(lines),
                "is_true": str(version.key) if is_true else "",
            }
        )


def may_approve(user, question: Question) -> bool:
    """Tell whether a user may approve a question: not their own, where the portal is set so."""
    if not user.has_perm("training.approve_question"):
        return False
    version = question.version
    own = version is not None and version.made_by_id == user.pk
    return not (own and settings.REVIEW_BY_ANOTHER)


@admin.register(Question)
class QuestionAdmin(TrainingDesk):
    list_display = ["shown", "article", "state", "at_text"]
    list_filter = ["state"]
    list_select_related = ["article"]
    search_fields = ["versions__stem", "versions__stem_hant", "article__title"]
    change_list_template = "admin/training/question_list.html"

    def has_add_permission(self, request):
        """Questions are written beside their text."""
        return False

    def has_delete_permission(self, request, obj=None):
        """What somebody may have answered is kept; it is no longer asked."""
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("versions")

    @admin.display(description=_("question"))
    def shown(self, question):
        return str(question)

    @admin.display(description=_("text"))
    def at_text(self, question):
        address = reverse("admin:training_question_at", args=[question.article_id])
        return format_html('<a href="{}#q{}">{}</a>', address, question.pk, _("beside the text"))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        question = self.get_object(request, object_id)
        if question is None:
            raise Http404
        address = reverse("admin:training_question_at", args=[question.article_id])
        return redirect(f"{address}#q{question.pk}")

    def get_urls(self):
        own = path(
            "at/<int:article_id>/",
            self.admin_site.admin_view(self.at),
            name="training_question_at",
        )
        return [own, *super().get_urls()]

    def at(self, request, article_id: int):
        """Show an article's passages with their questions, and write, approve and retire these."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        article = Article.objects.filter(pk=article_id, deleted_at=None).first()
        if article is None:
            raise Http404
        passages = cut(article.body)
        form, place = None, request.GET.get("passage") or request.POST.get("passage", "")
        editing = None
        if request.method == "POST":
            if not self.has_change_permission(request):
                raise PermissionDenied
            editing = self._question(article, request.POST.get("question"))
            if request.POST.get("do") == "save":
                form = QuestionForm(request.POST, before=editing and editing.version)
                if form.is_valid():
                    question = self._save(request.user, article, passages, place, editing, form)
                    self.message_user(request, _("The question is kept."), messages.SUCCESS)
                    return redirect(f"{request.path}#q{question.pk}")
            elif editing:
                self._move(request, editing, request.POST.get("do"))
                return redirect(f"{request.path}#q{editing.pk}")
        elif "edit" in request.GET:
            editing = self._question(article, request.GET["edit"])
            if editing:
                form = QuestionForm.written(editing.version)
                place = next(
                    (
                        str(number)
                        for number, one in enumerate(passages, 1)
                        if one.hash == editing.passage_hash
                    ),
                    "",
                )
        elif place:
            form = QuestionForm()
        questions = list(article.questions.prefetch_related("versions"))
        known = {one.hash for one in passages}
        context = {
            **self.admin_site.each_context(request),
            "title": _("Questions: %s") % article,
            "opts": self.opts,
            "article": article,
            "passages": [
                {
                    "number": number,
                    "text": one.text,
                    "questions": [
                        (question, may_approve(request.user, question))
                        for question in questions
                        if question.passage_hash == one.hash
                    ],
                    "form": form if place == str(number) else None,
                }
                for number, one in enumerate(passages, 1)
            ],
            "lost": [one for one in questions if one.passage_hash not in known],
            "editing": editing,
            "may_write": self.has_change_permission(request),
        }
        return TemplateResponse(request, "admin/training/questions.html", context)

    def _question(self, article: Article, number) -> Question | None:
        if not is_key(str(number or "")):
            return None
        return article.questions.filter(pk=number).first()

    def _save(self, user, article, passages, place: str, question, form) -> Question:
        """Keep what was written as a version; another has to approve it before it is asked."""
        with transaction.atomic():
            if question is None:
                at = int(place) if is_key(place) else 0
                if not 1 <= at <= len(passages):
                    raise Http404
                question = Question.objects.create(
                    article=article, passage_hash=passages[at - 1].hash, made_by=user
                )
            question = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
            version, last = form.version, question.version
            version.question, version.number = question, last.number + 1 if last else 1
            version.made_by, version.made_on = user, timezone.localdate()
            version.save(force_insert=True)
            question.state = QuestionState.DRAFT
            question.save(update_fields=["state"])
            audit(user, "change" if last else "add", question, after={"stem": version.stem_hant})
        return question

    def _move(self, request, question: Question, do: str | None) -> None:
        with transaction.atomic():
            question = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
            if do == "approve":
                if not may_approve(request.user, question):
                    raise PermissionDenied
                if request.POST.get("version") != str(question.version.pk):
                    told = _("Somebody changed it meanwhile.")
                    self.message_user(request, told, messages.WARNING)
                    return
                question.state = QuestionState.APPROVED
            elif do == "retire":
                question.state = QuestionState.RETIRED
            else:
                raise Http404
            question.save(update_fields=["state"])
            audit(request.user, "approve" if do == "approve" else "withdraw", question)
