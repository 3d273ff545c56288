from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Library")

    def ready(self) -> None:
        from .curation.after_save import follow  # the rows it is about are known only now

        follow()
