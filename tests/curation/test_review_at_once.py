"""Somebody submits while somebody else decides."""

import pytest
from django.contrib.auth.models import User

from articles.curation import drafts, reviews, revisions
from articles.models import Article

from ..support.together import TWO_WRITERS, event, together, until_somebody_waits

pytestmark = [TWO_WRITERS, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("how", ["approve", "send back", "withdraw"])
def test_what_was_decided_is_not_submitted_anew(make_article, monkeypatch, how):
    """The note that is sent with a request is one that whoever decides on it has seen."""
    editor, reviewer = (User.objects.create_superuser(name) for name in ("editor", "reviewer"))
    article = make_article()
    wanted = revisions.state(article.pk) | {"title": "改過的題目"}
    drafts.keep_draft(article, wanted, editor, in_review=True)
    article = Article.objects.select_related("draft__text").get(pk=article.pk)
    reviews.submit(article, editor, "看過的附言")
    request = article.review_requests.open().get()
    seen, deciding, submitted = reviews.token(article, request), event(), event()
    locked = reviews._locked

    def held(*args):
        found = locked(*args)
        deciding.set()
        until_somebody_waits(submitted)
        return found

    monkeypatch.setattr(reviews, "_locked", held)

    def decide():
        if how == "approve":
            reviews.approve(article, reviewer, seen)
        elif how == "send back":
            reviews.send_back(article, reviewer, seen, "再改")
        else:
            reviews.withdraw(article, editor, seen)

    def submit():
        deciding.wait()
        done = reviews.submit(Article.objects.get(pk=article.pk), editor, "沒人看過的附言")
        submitted.set()
        return done

    assert together(decide, submit) == [None, False]
    request.refresh_from_db()
    assert (request.state != "open", request.note) == (True, "看過的附言")
