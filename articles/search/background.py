"""A rebuild of the index that the desk starts: in a process of its own, as imports are.

All that is known of it stands in the database, so that any process can show how far it is.
"""

import subprocess
import sys
import threading
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from ..models import SearchVersion
from .rebuild import SIGN_OF_LIFE, give_sign


def start() -> bool:
    """Start a rebuild, unless one is at work; tell whether it could be started.

    Two at once would do no harm, only the work twice.
    """
    SearchVersion.objects.get_or_create()  # a database that was flushed has lost it
    now = timezone.now()
    idle = SearchVersion.objects.filter(Q(alive_until=None) | Q(alive_until__lt=now))
    if not idle.update(alive_until=now + SIGN_OF_LIFE):
        return True  # somebody else was quicker
    try:
        spawn()
    except OSError:
        give_sign(last=True)
        return False
    return True


def spawn() -> None:
    """Start a process that outlives this one."""
    place = Path(settings.SPOOL_DIR)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (place / "rebuild_search.log").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - no word of it comes from a user
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "rebuild_search"],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    threading.Thread(target=_see_to, args=(process,), daemon=True).start()


def _see_to(process: subprocess.Popen) -> None:
    """Wait for the process; where it died, say so at once instead of after its last promise."""
    if process.wait() == 0:
        return
    try:
        give_sign(last=True)
    finally:
        connection.close()
