from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Library")
    whole = "articles.models.in_whole.WHOLE"
    doctor = "articles.intake.left_behind.findings"

    def ready(self) -> None:
        from .curation.after_save import follow  # the rows it is about are known only now
        from .models import page_triggers

        follow()
        pre_migrate.connect(page_triggers.before_migrating, self)
        post_migrate.connect(page_triggers.put_in_place, self)
