"""What happens to articles, said once, to whoever wants to follow.

Another part of the portal follows without the library knowing it: it subscribes when its app
starts. What is called in the transaction belongs to the change: if it fails, nothing has happened.
What is called after the commit may fail by itself. That an article appears or expires at a time set
before is no change of anybody's, and not told.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import partial

from django.db import transaction


class What(StrEnum):
    """What happened."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    CHANGED = "changed"
    BINNED = "binned"
    RESTORED = "restored"
    PURGED = "purged"
    MERGED = "merged"  # tags or authors of theirs were made one, or taken apart again


Follower = Callable[[What, list[int]], None]
"""Is told what happened to which articles, by their keys. Of what was purged no row is left."""

_in_transaction: list[Follower] = []
_after_commit: list[Follower] = []


def follow(*, in_transaction: Follower | None = None, after_commit: Follower | None = None) -> None:
    """Let a follower be told from now on, in its place behind those before it."""
    if in_transaction:
        _in_transaction.append(in_transaction)
    if after_commit:
        _after_commit.append(after_commit)


def tell(what: What, article_ids: Iterable[int]) -> None:
    """Say what happened to these articles; called within the transaction of the change."""
    numbers = sorted(set(article_ids))
    if not numbers:
        return
    for follower in _in_transaction:
        follower(what, numbers)
    for follower in _after_commit:
        transaction.on_commit(partial(follower, what, numbers), robust=True)


def purged(article_ids: Iterable[int]) -> None:
    """Say that articles are about to be deleted for good."""
    tell(What.PURGED, article_ids)
