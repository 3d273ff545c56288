"""A request that is sent twice is done once: a program that heard no answer may send it again.

The answer stands in the database in the transaction of what was done, so neither is there without
the other. Of two that come at once the second finds the first's answer (`retried` tries it again).
"""

import hashlib
import re
from datetime import timedelta

from django.utils import timezone

from ..models import ApiAnswer
from .calls import Answer, Call
from .problems import Problem

HEADER = "Idempotency-Key"

KEPT = timedelta(days=1)
"""How long an answer is kept."""


def key_of(call: Call) -> str:
    """Return the key that a program gave its request, without the quotes that it may have."""
    told = call.request.headers.get(HEADER)
    if told is None:
        return ""
    found = re.fullmatch(r'("?)([!#-~]{1,200})\1', told.strip())
    if not found:
        raise Problem(400, f"{HEADER} is to have 1 to 200 ASCII characters and no space.")
    return found[2]


def _digest(call: Call) -> str:
    return hashlib.sha256(call.request.body).hexdigest()


def kept(call: Call) -> Answer | None:
    """Return the answer that a request with this key got, if there is one; raise Problem where it
    was another request."""
    if not (key := key_of(call)):
        return None
    ApiAnswer.objects.filter(answered_at__lt=timezone.now() - KEPT).delete()
    found = ApiAnswer.objects.filter(token=call.token, key=key).first()
    if found is None:
        return None
    if found.digest != _digest(call):
        raise Problem(422, f"This {HEADER} was sent with another request. Take a new one.")
    headers = {**found.headers, "Idempotent-Replayed": "true"}
    return Answer(found.content, found.status, headers)


def keep(call: Call, answer: Answer) -> None:
    """Keep an answer, in the transaction of what was done."""
    if key := key_of(call):
        ApiAnswer.objects.create(
            token=call.token,
            key=key,
            digest=_digest(call),
            status=answer.status,
            content=answer.content,
            headers=answer.headers,
        )
