"""Who may do what with an article, and with what stands beside articles: the one place that forms,
decisions, uploads, bulk changes and commands ask.

What readers see was looked at by somebody else than who wrote it, where the portal is set so
(REVIEW_BY_ANOTHER): then only holders of `publish_unreviewed` put anything before readers by
themselves, by whichever way. To take something away from readers needs no second look.

What holds a text back, whoever publishes it, are blocking flags of its import: see `publishing`.
"""

from enum import Enum

from django.conf import settings

from ..models import Article, Status

RELEASED = (Status.PUBLISHED, Status.ARCHIVED)
"""Let out by somebody who may publish: what others change from then on is a draft over it."""

CHANGE, PUBLISH, UNREVIEWED, DELETE = (
    f"articles.{name}"
    for name in ("change_article", "publish_article", "publish_unreviewed", "delete_article")
)
"""Permissions."""


class Deed(Enum):
    """What may be done with an article."""

    EDIT = "change it: itself while nobody has released it, else a draft over it"
    WRITE = "change it itself, at once: of what was released, the text readers see or saw"
    PUBLISH = "publish what curators work on, as it is"
    PUBLISH_UNSEEN = "publish what nobody else has looked at: what is typed now, or comes in a file"
    WITHDRAW = "take it away from readers"
    RECYCLE = "put it into the recycle bin, or take it out again"
    PURGE = "delete it for good, from the bin"


def may(user, deed: Deed, article: Article | None = None) -> bool:
    """Tell whether a user may do this with an article; without one, with some article, or with
    something that has no draft nor review: a collection, the name and page of a tag or an author.

    That an article lies in the recycle bin, and that a request for review is the user's own
    (`reviews.is_own_work`), is asked for besides.
    """
    is_released = article is not None and article.status in RELEASED
    unseen = user.has_perm(PUBLISH) and (
        not settings.REVIEW_BY_ANOTHER or user.has_perm(UNREVIEWED)
    )
    match deed:
        case Deed.EDIT:
            return user.has_perm(CHANGE)
        case Deed.WRITE:
            return user.has_perm(CHANGE) and (unseen or not is_released)
        case Deed.PUBLISH_UNSEEN:
            return unseen
        case Deed.PUBLISH:
            is_own = article is not None and changed_by(article) == user.pk
            return unseen or (user.has_perm(PUBLISH) and not is_own)
        case Deed.WITHDRAW:
            return user.has_perm(PUBLISH)
        case Deed.RECYCLE:
            return user.has_perm(CHANGE) and (user.has_perm(PUBLISH) or not is_released)
        case Deed.PURGE:
            return user.has_perm(DELETE)


def changed_by(article: Article) -> int | None:
    """Return who last changed what curators work on."""
    return article.draft.created_by_id if article.draft_id else article.modified_by_id
