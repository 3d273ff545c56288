"""Questions within a text: each is about one passage and leads back to it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from articles.models.in_both_scripts import InBothScripts
from articles.text import script
from articles.text.names import current_script

from .edition import Edition
from .member import Member


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("single choice")
    TRUE_FALSE = "truefalse", _("true or false")


class QuestionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("approved")
    RETIRED = "retired", _("no longer asked")


class Question(models.Model):
    """A question about a passage of an article. What it says stands in its versions."""

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="questions", verbose_name=_("article")
    )
    passage_hash = models.CharField(_("passage"), max_length=16)
    state = models.CharField(
        _("status"), max_length=8, choices=QuestionState, default=QuestionState.DRAFT
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["article", "pk"]
        permissions = [("approve_question", "approve questions")]
        indexes = [models.Index(fields=["article", "passage_hash"], name="questions_of_a_passage")]
        constraints = [
            models.CheckConstraint(
                name="questions_are_in_a_known_state", condition=Q(state__in=QuestionState.values)
            )
        ]

    def __str__(self) -> str:
        version = self.version
        return str(version) if version else f"#{self.pk}"

    @property
    def version(self) -> "QuestionVersion | None":
        """Return how the question reads now: with no query where its versions are at hand."""
        return next(iter(self.versions.all()), None)


class QuestionVersion(InBothScripts):
    """How a question reads. The database refuses to change it.

    `options` holds the text of each answer in both scripts, `[[simplified, traditional], …]`, and
    `key` the place of the right one from 0. A true-or-false question has no options: its key is 1
    where the statement is true.
    """

    in_both_scripts = with_marks = ("stem", "note")

    question = models.ForeignKey(Question, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=9, choices=QuestionKind)
    stem = models.CharField(_("question (simplified)"), max_length=400, blank=True)
    stem_hant = models.CharField(_("question (traditional)"), max_length=400, blank=True)
    options = models.JSONField(_("answers"), default=list, blank=True)
    key = models.PositiveSmallIntegerField(_("right answer"))
    note = models.CharField(_("explanation (simplified)"), max_length=400, blank=True)
    note_hant = models.CharField(_("explanation (traditional)"), max_length=400, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_on = models.DateField()

    class Meta:
        verbose_name = _("version of a question")
        verbose_name_plural = _("versions of questions")
        ordering = ["question_id", "-number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["question", "number"], name="versions_of_a_question_are_numbered"
            ),
            models.CheckConstraint(name="questions_ask_something", condition=~Q(stem="")),
            models.CheckConstraint(
                name="questions_are_of_a_known_kind", condition=Q(kind__in=QuestionKind.values)
            ),
        ]

    def __str__(self) -> str:
        return self.text("stem")

    @property
    def answers(self) -> list[str]:
        """Return what there is to choose from, in the script of the page being made."""
        at = 1 if current_script() == script.HANT else 0
        return [pair[at] for pair in self.options]

    @property
    def explanation(self) -> str:
        """Return what is shown after the right answer, in the script of the page being made."""
        return self.text("note")

    def clean(self) -> None:
        """Check that there is something to choose from, and that the key is one of it."""
        self.fill_scripts()
        if not self.stem:
            raise ValidationError({"stem_hant": _("Write the question.")})
        if self.kind == QuestionKind.TRUE_FALSE:
            if self.options or self.key > 1:
                raise ValidationError(_("A statement is true or false, and has no other answers."))
            return
        texts = [one[0] for one in self.options]
        if not 2 <= len(texts) <= 6 or not all(texts):
            raise ValidationError({"options": _("Give two to six answers.")})
        if len(set(texts)) < len(texts):
            raise ValidationError({"options": _("Two answers are the same.")})
        if self.key >= len(texts):
            raise ValidationError({"key": _("The right answer is not among the answers.")})

    def save(self, *args, **kwargs):
        self.fill_scripts()
        super().save(*args, **kwargs)


class CheckPass(models.Model):
    """That a member answered a question rightly: never what was tried before, nor when."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="passes")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="passes")
    passage = models.PositiveSmallIntegerField()
    question = models.ForeignKey(Question, models.PROTECT, related_name="passes")
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("question answered")
        verbose_name_plural = _("questions answered")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["member", "edition", "question"], name="a_question_is_answered_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.question_id}"
