"""Jobs in processes of this machine, each of which outlives the request that asked for it."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from django.conf import settings
from django.db import connection

from .jobs import Job


def launch(job: Job, when_dead: Callable[[], object]) -> None:
    """Do a job in a process of its own."""
    log = job.log
    if log is None:
        log = Path(settings.SPOOL_DIR) / f"{job.words[0]}.log"
        log.unlink(missing_ok=True)
    start(job.words, log, when_dead)


def start(command: Sequence[str], log: Path, when_dead: Callable[[], object]) -> None:
    """Start `manage.py` with these words, none of which comes from a user.

    `when_dead` is called where the process ends other than well, so that its page says so at once
    instead of after its last promise. Raises OSError where it cannot be started.
    """
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - no word of it comes from a user
            [sys.executable, str(settings.BASE_DIR / "manage.py"), *command],
            cwd=settings.BASE_DIR,
            env={k: v for k, v in os.environ.items() if k != "PROMETHEUS_MULTIPROC_DIR"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )

    threading.Thread(target=see_to, args=(process, when_dead), daemon=True).start()


def see_to(process: subprocess.Popen, when_dead: Callable[[], object]) -> None:
    """Wait for a process; where it died, say so."""
    if process.wait() == 0:
        return
    try:
        when_dead()
    finally:
        connection.close()
