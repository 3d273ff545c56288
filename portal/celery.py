"""Jobs by way of a broker: `celery -A portal worker` does what the desk and commands put there.

Loaded only where there is a broker (`CELERY_BROKER_URL`). A message is a command of `manage.py` and
numbers: none names a file or a person, and a worker carries out no other. It is acknowledged when
the work is done, so what a worker dies of comes again, to another; the commands go by the database,
and do nothing twice.
"""

import logging
import multiprocessing
import os
import random
import re
from collections.abc import Callable

from celery import Celery, Task
from celery.signals import worker_process_init
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError
from kombu.exceptions import OperationalError as BrokerAway

from .jobs import Busy, Job

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

log = logging.getLogger(__name__)

COMMANDS = {
    ("import_essays", "--run"),
    ("import_essays", "--chunk"),
    ("bulk_run",),
    ("rebuild_search",),
    ("rebuild_renditions",),
    ("rebuild_renditions", "--correction"),
    ("send_notice", "--submitted"),
    ("send_notice", "--decided"),
    ("send_notice", "--reported"),
}
"""What a worker does, each followed by numbers only."""

TRIES = 20
"""Tries of a job whose database is away: an hour and a half."""

TRIES_OF_OTHERS = 4
"""Tries of a job that fails for another reason: half a minute."""

_FIRST, _LONGEST = 2, 300
"""Seconds to wait before the second try, and at most before a later one."""

app = Celery("portal", broker=settings.CELERY_BROKER_URL or None, set_as_current=True)
app.conf.update(
    task_default_queue=settings.CELERY_QUEUE,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_connection_timeout=4,
    # Redis gives what nobody acknowledged to another worker after this; RabbitMQ at once.
    broker_transport_options={"visibility_timeout": 3600}
    if settings.CELERY_BROKER_URL.startswith("redis")
    else {},
)


@app.task(bind=True, name="portal.job", max_retries=None)
def job(self: Task, *words: str) -> None:
    """Carry out a command. One that fails says so in its row, and in the log of the worker."""
    if not is_ours(words):
        log.error("A message asks for %r, which is no work of ours: it is dropped", words)
        return
    try:
        call_command(*words)
    except Busy as busy:
        raise self.retry(countdown=busy.seconds, exc=busy) from None
    except CommandError as error:
        log.warning("%s: %s", " ".join(words), error)
    except SystemExit as ended:
        log.info("%s ended with %s", " ".join(words), ended.code)
    except Exception as error:
        is_away = isinstance(error, OperationalError | InterfaceError)
        tried = self.request.retries + 1
        log.log(logging.WARNING if is_away else logging.ERROR, "%s failed", words, exc_info=error)
        if tried >= (TRIES if is_away else TRIES_OF_OTHERS):
            log.error("%s is given up after %s tries", words, tried)
            return
        longest = min(_FIRST * 2**tried, _LONGEST)
        wait = random.uniform(longest / 2, longest)  # noqa: S311 - no secret
        raise self.retry(countdown=wait, exc=error) from None


@worker_process_init.connect
def _may_have_processes(**_told) -> None:
    """Let a worker start the processes that files are read in, under limits of their own."""
    multiprocessing.current_process().daemon = False


def is_ours(words: tuple[str, ...]) -> bool:
    """Tell whether a message asks for something that workers do."""
    return any(
        words[: len(command)] == command
        and all(re.fullmatch(r"\d{1,18}", str(one)) for one in words[len(command) :])
        for command in COMMANDS
    )


def launch(job_: Job, when_dead: Callable[[], object]) -> None:
    """Put a job into the queue. Raises OSError where the broker is away. Nobody here learns how it
    ends: a worker that dies is followed by another."""
    patience = {"max_retries": 2, "interval_start": 0.2, "interval_step": 0.5}
    try:
        job.apply_async(args=job_.words, retry=True, retry_policy=patience)
    except BrokerAway as error:
        raise OSError(f"the broker is away: {error}") from None
