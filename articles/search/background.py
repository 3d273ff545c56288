"""A rebuild of the index that the desk starts: in a process of its own, as imports are.

All that is known of it stands in the database, so that any process can show how far it is.
"""

from pathlib import Path

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from portal import processes

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
    log = Path(settings.SPOOL_DIR) / "rebuild_search.log"
    log.unlink(missing_ok=True)
    processes.start(["rebuild_search"], log, lambda: give_sign(last=True))
