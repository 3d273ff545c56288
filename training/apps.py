from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = _("Training")
    doctor = "training.sealing.findings"
    whole = "training.models.in_whole_training.WHOLE"
