"""Work that outlives a request: what is to be done is named here, and somebody else sees to it.

A job is a command of `manage.py` and what it is about. All else that is known of it stands in the
database, in a row that one worker at a time holds (`portal/leases.py`): so any process can show how
far it is, end it or take it up again. `JOB_LAUNCHER` names who takes jobs: a process of this
machine for each (`portal/processes.py`), or what puts them into a broker's queue for workers
elsewhere, who call the command.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string


class Busy(Exception):
    """Somebody else is at work on it, by the same claim: a message that came twice. It may be asked
    again in some `seconds`, when the other has either gone on or not been heard from."""

    def __init__(self, left: timedelta):
        super().__init__("Somebody else is at work on it.")
        self.seconds = max(left.total_seconds(), 0) + 1


@dataclass(frozen=True, slots=True, init=False)
class Job:
    """A command and its arguments, none of which comes from a user: `Job("bulk_run", "5")`.

    `log` is where what it says is added to; otherwise it is kept until the next of its kind.
    """

    words: tuple[str, ...]
    log: Path | None

    def __init__(self, *words: str, log: Path | None = None):
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "log", log)


def launch(job: Job, when_dead: Callable[[], object] = lambda: None) -> None:
    """Have a job done, once the request that asked for it is gone too.

    A launcher that knows when a job ended otherwise than well calls `when_dead`, so that its page
    says so at once; where none does, its lease runs out. Raises OSError where nobody takes it.
    """
    import_string(settings.JOB_LAUNCHER)(job, when_dead)
