"""What a WSGI server such as gunicorn runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()


def warm_up() -> None:
    """Load what the first reader would wait for: pages, dictionaries, tables of characters.

    It all stays, so Python is told not to look through it for what is not used any more: that
    would hold up a request now and then, by some 70 ms.
    """
    from django.urls import get_resolver

    from articles import script
    from articles.search import text

    get_resolver().url_patterns  # noqa: B018 - this is what imports the pages
    text.cut(text.searchable("工會"))
    text.pinyin_of("工会")
    for in_script, other in (script.SCRIPTS, script.SCRIPTS[::-1]):
        script.convert("工会", in_script, other)
    script.unfolded("会")
    gc.collect()
    gc.freeze()


warm_up()
