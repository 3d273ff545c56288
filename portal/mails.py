"""Mail to people: after what it tells of is done, and never so that a mail that does not go breaks
what was done."""

import logging
import smtplib
import threading
from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

logger = logging.getLogger("portal.mails")


PATIENCE = 1
"""Seconds that a request waits for a mail on its way."""


def is_set_up() -> bool:
    """Tell whether the portal sends mail to people."""
    return settings.MAIL_TO_PEOPLE


def send(subject: str, text: str, to: list[str]) -> bool:
    """Send each of some people a mail of their own; tell whether all went out."""
    addresses = list(dict.fromkeys(filter(None, to)))
    if not (is_set_up() and addresses):
        return False
    line = " ".join(subject.split())
    mails = [EmailMultiAlternatives(line, text, to=[address]) for address in addresses]
    try:
        with get_connection() as connection:
            return connection.send_messages(mails) == len(mails)
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("Mail “%s” did not go out: %s", line, error)
        return False


def beside(work: Callable[[], object], wait: float = PATIENCE) -> None:
    """Do what may take long beside the request, which waits for it a moment and then goes on. It
    asks no database."""

    def quietly() -> None:
        try:
            work()
        except Exception:
            logger.exception("A mail did not go out")

    thread = threading.Thread(target=quietly, name="mail")
    thread.start()
    thread.join(wait)
