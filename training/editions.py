"""Making the edition of a text: what it says now, in both scripts, cut into passages."""

import json
from hashlib import sha256

from articles.curation.revisions import recorded
from articles.models import Article, Revision
from articles.text import script

from .cutting import cut, with_anchors, with_markers
from .models import Edition


class NotPublished(ValueError):
    """Readers do not see this article, so nobody can be asked to read it."""

    def __init__(self, article_id: int):
        super().__init__(str(article_id))
        self.article_id = article_id


def current_edition(article_id: int) -> Edition:
    """Return the edition of what readers see of an article, and make it where there is none yet.

    Raises NotPublished where they see nothing. Two who make it at once get the same one.
    """
    with recorded([article_id], None, Revision.Kind.BEFORE):
        article = Article.objects.published().filter(pk=article_id).first()
        if article is None:
            raise NotPublished(article_id)
        digest = _sha256(article.title, article.body)
        known = Edition.objects.filter(article=article, sha256=digest).first()
        return known or _make(article, digest)


def _make(article: Article, digest: str) -> Edition:
    revision = article.revisions.filter(is_draft=False).first()
    passages = cut(article.body)
    article.body = with_markers(article.body, passages)  # in memory only
    in_script = {one.script: one for one in article.in_scripts(script.SCRIPTS)}
    hans, hant = in_script[script.HANS], in_script[script.HANT]
    return Edition.objects.create(
        article=article,
        revision=revision,
        title=hans.title,
        title_hant=hant.title,
        body=with_anchors(hans.body),
        body_hant=with_anchors(hant.body),
        sha256=digest,
        passages=[[len(one.text), one.hash] for one in passages],
        chars=sum(len(one.text) for one in passages),
    )


def _sha256(title: str, body: str) -> str:
    """Return the hash of a text as written: of its canonical JSON (RFC 8785) in UTF-8."""
    said = {"body": body, "title": title}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
