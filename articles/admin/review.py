"""Review at the desk: what is submitted beside what readers see, comments, and the decision."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from ..curation import drafts, reviews, revisions
from ..curation.publishing import Held
from ..models import Article, ReviewComment, ReviewRequest
from ..text import html
from ..text.keys import is_key
from .contents import FIELD_NAMES, shown
from .history import LIVE, ArticleHistory, compared
from .over_flags import ask, confirmed
from .standing import flags_left, told_published

_LATEST = 10
"""Requests of an article that were decided, listed below the open one."""

_APART = ("title", "summary", "body", "status", "date_precision")
"""What the whole text of a first publication does not list among its facts."""


class ArticleReview(ArticleHistory):
    """Requests for review at the desk of articles."""

    def get_urls(self):
        return [self.page("review", self.review_view), *super().get_urls()]

    def render_change_form(self, request, context, *, obj=None, **options):
        if obj is not None:
            asked = ReviewRequest.objects.filter(article=obj.pk).order_by("-pk")
            context["review"] = asked.select_related("submitted_by", "decided_by").first()
            remarks = self._comments(obj, obj.body) if getattr(obj, "has_remarks", True) else []
            context["review_comments"] = remarks
        return super().render_change_form(request, context, obj=obj, **options)

    def review_view(self, request, object_id: int):
        """Show what is submitted, and take the decision on it."""
        article = self._article(request, object_id)
        asked = article.review_requests.open().select_related("submitted_by", "revision").first()
        if request.method == "POST" and "beside" in request.POST:
            return self._take_remark(request, article)
        if request.method == "POST":
            return self._take_decision(request, article)
        may_change = self.has_change_permission(request, article)
        context = {
            "asked": asked,
            "may_change": may_change,
            "comments": self._comments(article),
            "past": article.review_requests.exclude(state=ReviewRequest.State.OPEN)
            .select_related("submitted_by", "decided_by")
            .order_by("-pk")[:_LATEST],
        }
        if asked:
            own = reviews.is_own_work(article, asked, request.user)
            may_publish = may_change and self.has_publish_permission(request)
            context |= {
                "token": reviews.token(article, asked),
                "flags_left": flags_left(article),
                "is_own": own,
                "is_mine": asked.submitted_by_id == request.user.pk,
                "may_decide": may_publish,
                "may_approve": may_publish and not own,
                "later": self._later(article, asked),
                **self._text(request, article),
            }
        title = _("Review of %(title)s") % {"title": article}
        context = self._context(request, article, title, **context)
        return TemplateResponse(request, "admin/articles/article/review.html", context)

    def _later(self, article: Article, asked: ReviewRequest):
        """Return the revision that came after what was submitted."""
        newest = article.draft
        if newest is None:
            standing = article.revisions.filter(is_draft=False).select_related("created_by")
            newest = standing.first()
        return newest if newest and asked.revision_id not in (None, newest.pk) else None

    def _text(self, request, article: Article) -> dict:
        """Return what is submitted: beside what there is, or whole where there is nothing yet."""
        if article.draft_id:
            left = self._side(request, article, LIVE)
            right = self._side(request, article, str(article.draft.number))
            found = drafts.with_changes_below(article)
            right["content"] = found.content | {"status": left["content"]["status"]}
            both = [FIELD_NAMES[name] for name in found.both]
            return {"overtaken": article.overtaken, "both": both, **compared(left, right)}
        content = revisions.state(article.pk)
        about = [
            {"name": name, "value": shown(field, content)}
            for field, name in FIELD_NAMES.items()
            if field not in _APART and content[field]
        ]
        return {"whole": content, "about": about}

    def _comments(self, article: Article, body: str | None = None) -> list[ReviewComment]:
        """Return what is unresolved; `is_gone` where the passage is in the text no more."""
        found, text = ReviewComment.objects.threads_of(article.pk), None
        for comment in found:
            if text is None:
                body = drafts.working_copy(article)["body"] if body is None else body
                text = _bare(html.plain_text(body))
            comment.is_gone = bool(comment.quote) and _bare(comment.quote) not in text
        return found

    def _take_decision(self, request, article: Article):
        sent, user = request.POST, request.user
        done, told = sent.get("do"), ""
        home = redirect("admin:articles_article_review", article.pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        if done in ("approve", "reject") and not self.has_publish_permission(request):
            raise PermissionDenied
        try:
            match done:
                case "approve":
                    self._approve(request, article)
                    home = redirect("admin:articles_article_change", article.pk)
                case "reject":
                    if not (why := sent.get("reason", "").strip()):
                        raise reviews.Refused(_("Say why you send it back."))
                    reviews.send_back(article, user, sent.get("token", ""), why)
                    told = _("Sent back. Who submitted it sees the reason on their start page.")
                case "withdraw":
                    reviews.withdraw(article, user, sent.get("token", ""))
                    told = _("Withdrawn: it is a draft again.")
                    home = redirect("admin:articles_article_change", article.pk)
                case _other:
                    told = self._remark(request, article)
        except Held as held:
            return ask(self, request, article, held, back=request.path)
        except (reviews.Refused, drafts.Overtaken) as refused:
            self.message_user(request, refused.args[0], messages.ERROR)
            return home
        if done == "approve":
            self._tell_approved(request, article)
        else:
            self.message_user(request, told, messages.SUCCESS)
        return home

    def _approve(self, request, article: Article) -> None:
        seen, over = request.POST.get("token", ""), confirmed(request)
        lost = reviews.approve(article, request.user, seen, over)
        self._tell_lost(request, lost)

    def _tell_approved(self, request, article: Article) -> None:
        article = Article.objects.get(pk=article.pk)
        told = _("Approved and published.")
        if not article.is_public:
            told = f"{_('Approved.')} {told_published(article)}"
        self.tell_published(request, article, told)

    def _take_remark(self, request, article: Article) -> JsonResponse:
        """Take what is said in the form, and return what is said of the text by then: nothing that
        is being written there is sent or left."""
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        error = ""
        try:
            self._remark(request, article)
        except reviews.Refused as refused:
            error = str(refused.args[0])
        comments = self._comments(article)
        context = {"comments": comments, "may_change": True, "beside": True}
        listed = render_to_string("admin/articles/article/review_comments.html", context, request)
        return JsonResponse({"list": listed, "count": len(comments), "error": error})

    def _remark(self, request, article: Article):
        """Keep a comment, an answer to one, or take one down; return what is told of it."""
        sent, number = request.POST, request.POST.get("comment", "")
        note = sent.get("note", "").strip()[:1000]
        match sent.get("do"):
            case "comment" | "answer" if not note:
                raise reviews.Refused(_("Write what you have to say on the passage."))
            case "comment":
                reviews.comment(article, request.user, sent.get("quote", "").strip()[:500], note)
                return _("The comment is kept.")
            case "answer" if is_key(number):
                reviews.comment(article, request.user, "", note, int(number))
                return _("The comment is kept.")
            case "resolve-comment":
                if not is_key(number) or not reviews.resolve(article, request.user, int(number)):
                    raise reviews.Refused(_("The comment was resolved already."))
                return _("The comment is resolved.")
        raise reviews.Refused(_("No such decision."))


def _bare(text: str) -> str:
    return "".join(text.split())
