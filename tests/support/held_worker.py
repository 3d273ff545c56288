"""A worker that stops at a known point: `python -m tests.support.held_worker PLACE COUNT [its words]`.

It touches PLACE when it has saved COUNT articles, within the transaction of the last, and waits there to
be killed. Without a count it is a worker like any other.
"""

import os
import sys
import time
from pathlib import Path


def main(place: str, count: int, words: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from portal.celery import app

    app.loader.import_default_modules()
    from django.db.models.signals import post_save

    left = count

    def hold(sender, created, **kwargs) -> None:
        nonlocal left
        if created and sender._meta.label_lower == "articles.article":
            left -= 1
            if left == 0:
                Path(place).touch()
                time.sleep(3600)

    if count:
        post_save.connect(hold, weak=False)
    app.worker_main(["worker", *words])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
