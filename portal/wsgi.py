"""What a WSGI server such as gunicorn runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
_django = get_wsgi_application()

from articles.reading.shown_again import shown_again  # noqa: E402 - after Django is set up

application = shown_again(_django)

_COLLECTIONS = 200
"""Collections of what is new for each of all that came since the start: one in about 3,000
requests, which leave ten megabytes until then. Python has 10."""


def refuse_without_static_files() -> None:
    """Say before the first reader comes what would make an error of every page.

    Pages give the names that `collectstatic` made of their style sheets and scripts.
    """
    from django.apps import apps
    from django.contrib.staticfiles.finders import get_finders
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.core.exceptions import ImproperlyConfigured

    collected = getattr(staticfiles_storage, "hashed_files", None)
    if collected is None:  # with DEBUG they are served as they lie
        return
    ignored = apps.get_app_config("staticfiles").ignore_patterns
    if any(name not in collected for finder in get_finders() for name, _ in finder.list(ignored)):
        raise ImproperlyConfigured(
            "The static files are not collected, or not since the last upgrade. "
            "Run `manage.py collectstatic --noinput`."
        )


def warm_up() -> None:
    """Load what the first reader would wait for: pages, dictionaries, tables of characters.

    It all stays, so Python is told not to look through it for what is not used any more: that
    would hold up a request now and then, by some 70 ms. Neither is all that came since looked
    through as often as Python would, by 20 ms each time.
    """
    from django.conf import settings
    from django.template.loader import get_template
    from django.urls import get_resolver

    from articles.search import words
    from articles.text import script

    get_resolver().url_patterns  # noqa: B018 - this is what imports the pages
    words.cut(script.searchable("工會"))
    words.pinyin_of("工会")
    for in_script, other in (script.SCRIPTS, script.SCRIPTS[::-1]):
        script.convert("工会", in_script, other)
    script.unfolded("会")
    for folder in settings.TEMPLATES[0]["DIRS"]:  # a broken page is told here, not by its readers
        for path in (*folder.glob("*.html"), *folder.glob("reading/*.html")):
            get_template(path.relative_to(folder).as_posix())
    gc.collect()
    gc.freeze()
    gc.set_threshold(*gc.get_threshold()[:2], _COLLECTIONS)


def limit_statements() -> None:
    """Let no page wait longer for the database than the setting allows. Jobs that pages start are
    processes of their own, without that limit."""
    from django.conf import settings
    from django.db import connections

    for database in connections.settings.values():
        database["ANSWER_WITHIN"] = settings.DATABASE_TIMEOUT
    connections.close_all()


refuse_without_static_files()
limit_statements()
warm_up()
