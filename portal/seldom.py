"""What would be said with every request of an outage, said once a minute."""

import logging
import time
from threading import Lock

SECONDS = 60


class Seldom:
    """Tells whether it is time to say something again; all threads of a process share one."""

    def __init__(self, seconds: float = SECONDS):
        self._lock = Lock()
        self._seconds = seconds
        self._next = 0.0

    def is_due(self) -> bool:
        """Return True for the first who asks in so many seconds."""
        with self._lock:
            now = time.monotonic()
            if now < self._next:
                return False
            self._next = now + self._seconds
            return True


class SeldomSaid(logging.Filter):
    """Lets one line a minute pass."""

    def __init__(self):
        super().__init__()
        self._said = Seldom()

    def filter(self, record: logging.LogRecord) -> bool:
        return self._said.is_due()
