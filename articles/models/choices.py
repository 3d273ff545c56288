"""What articles can be: their states, kinds, scripts and how exact their dates are."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..text import script


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class Genre(models.TextChoices):
    PAPER = "paper", _("Paper")
    SPEECH = "speech", _("Speech")
    COMMENTARY = "commentary", _("Commentary")
    EXPERIENCE = "experience", _("Experience report")


class Script(models.TextChoices):
    HANS = script.HANS, _("Simplified Chinese")
    HANT = script.HANT, _("Traditional Chinese")


class DatePrecision(models.TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")
