"""What curators work on as readers would see it, and links to it for people without an account."""

from functools import partial

from csp.constants import SELF
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from portal.transactions import retried

from ..curation import drafts, revisions
from ..models import Article, PreviewLink
from ..reading.views.preview import page, within_own_pages
from ..text import html, script
from ..text.keys import is_key
from ..text.names import current_script
from .review import ArticleReview

WIDTHS = {"phone": pgettext_lazy("width of a screen", "phone"), "desktop": _("desktop")}

TYPED = ("title", "summary", "body")
"""What the page beside the form shows as it is typed; all else as it was saved last."""


class _NotShared(Exception):
    """Nothing was done; the message says why."""


class ArticlePreview(ArticleReview):
    """Previews at the desk of articles."""

    def get_urls(self):
        views = [
            self.page("preview", self.preview_view),
            self.page("preview_page", self.preview_page_view, retries=False),  # it saves nothing
        ]
        return [*views, *super().get_urls()]

    def render_change_form(self, request, context, **options):
        """Let the form show the page beside the text."""
        response = super().render_change_form(request, context, **options)
        response._csp_update = {"frame-src": [SELF]}
        return response

    def preview_view(self, request, object_id: int):
        """Show the page in a frame, as wide as a phone or a desk; make links to it, end them."""
        article = self._article(request, object_id)
        may_share = self.has_change_permission(request, article)
        if request.method == "POST":
            if not may_share:
                raise PermissionDenied
            return self._share(request, article)
        chosen = _script(request)
        width = request.GET.get("width")
        links = list(article.preview_links.live().select_related("created_by", "revision"))
        for link in links:
            with override(link.revision.facts["original_script"].lower()):
                address = f"{reverse('preview')}#link={link.token}"
            link.address = request.build_absolute_uri(address)
        context = self._context(
            request,
            article,
            _("Preview of %(title)s") % {"title": _title(article)},
            chosen=chosen,
            scripts=[(script.HANT, "繁體"), (script.HANS, "简体")],
            width=width if width in WIDTHS else "desktop",
            widths=WIDTHS.items(),
            links=links,
            may_share=may_share,
            days=PreviewLink.DAYS,
            usual=PreviewLink.USUAL,
            version=revisions.version(article),
        )
        response = TemplateResponse(request, "admin/articles/article/preview.html", context)
        response._csp_update = {"frame-src": [SELF]}
        return response

    def preview_page_view(self, request, object_id: int):
        """Show the page itself, for the frame: what is kept, or what is sent, which is kept nowhere
        and shown to who may write it."""
        is_sent = request.method == "POST"
        article = self._article(request, object_id, to_change=is_sent)
        shown = drafts.working_copy(article)
        if is_sent:
            shown = shown | {name: request.POST.get(name, shown[name]) for name in TYPED}
            shown["body"] = html.sanitise(shown["body"])
        seen = article.is_public and ("another" if article.draft_id else "text")
        return within_own_pages(page(request, article, shown, _script(request), seen=seen))

    def _share(self, request, article: Article):
        ends = request.POST.get("do") == "revoke-link"
        act = self._revoke if ends else self._make_link
        try:
            told, level = retried(partial(act, request, article)), messages.SUCCESS
        except (_NotShared, drafts.Overtaken) as error:
            told, level = error.args[0], messages.WARNING
        self.message_user(request, told, level)
        return redirect(request.get_full_path())  # with the script and the width chosen

    def _revoke(self, request, article: Article) -> str:
        number = request.POST.get("link", "")
        live = article.preview_links.live()
        if not is_key(number) or not live.filter(pk=number).update(
            revoked_at=timezone.now(), revoked_by=request.user
        ):
            raise _NotShared(_("The link had ended already."))
        self.log_change(request, article, "", "revoke-link")
        return _("The link is ended: it opens nothing any more.")

    def _make_link(self, request, article: Article) -> str:
        """Make a link to what was looked at, and nothing that somebody saved since."""
        sent, user = request.POST, request.user
        if (days := sent.get("days", "")) not in map(str, PreviewLink.DAYS):
            raise _NotShared(_("Choose for how long."))
        note = sent.get("note", "").strip()[:200]
        with drafts.as_seen(article, sent.get("version", "")) as standing:
            PreviewLink.objects.create(
                article=standing,
                revision=revisions.current(standing, user),
                note=note,
                created_by=user,
                expires_at=PreviewLink.until(int(days)),
            )
            self.log_change(request, standing, note, "make-link")
        return _("The link is made. Copy it from the list below.")


def _title(article: Article) -> str:
    return article.draft.text.text["title"] if article.draft_id else article.title


def _script(request) -> str:
    """Return the script asked for, or else that of the desk."""
    asked = request.GET.get("script")
    return asked if asked in script.SCRIPTS else current_script()
