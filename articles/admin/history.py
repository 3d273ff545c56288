"""What an article said: its revisions, two of them side by side, drafts, and who else is at it."""

from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, Window
from django.db.models.functions import Lag
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import escape, format_html
from django.utils.translation import gettext_lazy as _

from ..curation import drafts, reviews, revisions
from ..curation.conflicts import By, Conflict, hinted
from ..curation.policy import RELEASED
from ..curation.publishing import Held
from ..models import Article, Revision, Source
from ..text import html
from ..text.keys import is_key
from .audited import VIEW_LOG, as_one, log_of
from .contents import FIELD_NAMES, body_rows, facts, groups, shown
from .over_flags import ask, confirmed
from .presence import forget_presence, note_presence, present
from .standing import BADGES, flags_left, page_of, seen_or_not, told_published

LIVE = "live"
"""The article's row, among the numbers of revisions."""


_AT_ONCE = 50


class ArticleHistory(admin.ModelAdmin):
    """Revisions and drafts at the desk of articles."""

    class Media:
        css = {"all": ["desk/similar.css", "desk/revisions.css", "desk/review.css"]}

    def get_urls(self):
        return [
            self.page("diff", self.diff_view),
            self.page("restore", self.restore_view),
            self.page("draft", self.draft_view),
            self.page("discard", self.discard_view),
            self.page("presence", self.presence_view, retries=False),
            *super().get_urls(),
        ]

    def page(self, name: str, view, *, retries: bool = True):
        """Return the address of one more page of an article; what is sent to it is done in one
        transaction, and again where a transient error ended that."""

        def shown(request, **which):
            act = partial(view, request, **which)
            return as_one(request, act) if retries and request.method == "POST" else act()

        return path(
            f"<int:object_id>/{name}/",
            self.admin_site.admin_view(shown),
            name=f"articles_article_{name}",
        )

    # Beside the form: made where it is shown, and not when it is saved

    def render_change_form(self, request, context, *, obj=None, **options):
        context["noted_by"] = request.user.pk
        context["present"] = present(obj.pk, request.user) if obj else []
        form = context["adminform"].form
        may_publish = self.may_publish_own(request)
        released = getattr(form, "released", False)
        context |= {"may_publish": may_publish, "released": released}
        if stood := getattr(form.instance, "stood", None):
            context |= {"seen_or_not": seen_or_not(stood), "seen": stood.name == "seen"}
        context["show_save_and_add_another"] = False
        if getattr(form, "conflict", None):
            context["conflict"] = self._conflict(form)
        return super().render_change_form(request, context, obj=obj, **options)

    def _conflict(self, form) -> dict:
        """Return what the form shows of two texts that got in each other's way."""
        conflict: Conflict = form.conflict
        newest = form.instance.revisions.select_related("created_by").first()
        rows = body_rows(conflict.theirs["body"], conflict.mine["body"])
        base = conflict.base and html.signed_text(conflict.base["body"])
        return {
            "newest": newest,
            "facts": [
                {
                    "name": FIELD_NAMES[name],
                    "values": [shown(name, conflict.theirs), shown(name, conflict.mine)],
                    "who": by.label,
                    "taken": by == By.THEM,
                }
                for name, by in conflict.fields.items()
                if name != "body"
            ],
            "body": conflict.fields.get("body"),
            "body_taken": conflict.fields.get("body") == By.THEM,
            "langs": [conflict.theirs["original_script"], conflict.mine["original_script"]],
            "groups": groups(hinted(rows, base)),
        }

    def presence_view(self, request, object_id: int):
        """Note that the user has the form open, or has left it; tell who else has, the version now
        saved, and whether the article lies in the recycle bin, where nobody changes it."""
        article = self._article(request, object_id)
        in_bin = article.deleted_at is not None
        if not (in_bin or self.has_change_permission(request, article)):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if in_bin or "leave" in request.POST:
            forget_presence(article, request.user)
        else:
            note_presence(article, request.user)
        told = {
            "others": [] if in_bin else present(article.pk, request.user),
            "version": revisions.version(article),
            "binned": in_bin,
        }
        return JsonResponse(told)

    # The revisions

    def history_view(self, request, object_id, extra_context=None):
        """List what was saved, by whom and when; any two can be compared."""
        if not is_key(object_id):
            return redirect("admin:articles_article_changelist")
        article = self._article(request, int(object_id))
        before = Window(Lag("status"), order_by=F("number").asc())
        rows = article.revisions.select_related("created_by").annotate(before=before)
        page = self.get_paginator(request, rows, _AT_ONCE).get_page(request.GET.get("p"))
        standing = article.revisions.filter(is_draft=False).first()
        first = article.revisions.last()
        source = Source.objects.filter(article=article).only("file_name", "imported_at").first()
        reviews.tell_apart(article, page.object_list)
        for revision in page:
            revision.is_live = revision == standing
            revision.is_waiting = revision.pk == article.draft_id
            revision.is_first = revision == first
        context = self._context(
            request,
            article,
            _("Revisions of %(title)s") % {"title": article},
            page_obj=page,
            source=source,
            standing=standing,
            stands=BADGES.get(article.standing.name, article.get_status_display()),
            may_change=self.has_change_permission(request, article),
            log=log_of(Article, article.pk) if request.user.has_perm(VIEW_LOG) else "",
        )
        return TemplateResponse(request, "admin/articles/article/revisions.html", context)

    def diff_view(self, request, object_id: int):
        """Show two states of an article side by side, the older one left."""
        article = self._article(request, object_id)
        old, new = request.GET.get("old", ""), request.GET.get("new", LIVE)
        if old == f"before-{new}":
            old = self._before(article, new)
        if is_key(old) and is_key(new) and int(old) > int(new):
            old, new = new, old
        left, right = self._side(request, article, old), self._side(request, article, new)
        title = _("Compare two revisions")
        context = self._context(request, article, title, **compared(left, right))
        return TemplateResponse(request, "admin/articles/article/diff.html", context)

    def restore_view(self, request, object_id: int):
        """Ask, and let the article say again what it said in a revision."""
        article = self._article(request, object_id, to_change=True)
        number = request.POST.get("number") or request.GET.get("number") or ""
        revision = self._revision(article, number)
        released = article.status in RELEASED
        may_publish = self.may_publish_own(request)
        token = revisions.version(article)
        if request.method == "POST":
            at_once = "at_once" in request.POST
            if at_once and released and not may_publish:
                raise PermissionDenied
            return self._restore(request, article, revision, at_once)
        as_draft = released and (article.draft_id or not may_publish)
        now = article.draft.number if as_draft and article.draft_id else LIVE
        left, right = self._side(request, article, str(now)), _side_of(revision, article)
        for name in revisions.KEPT_BY_RESTORE:
            right["content"][name] = left["content"][name]
        context = self._context(
            request,
            article,
            _("Restore revision %(number)d") % {"number": revision.number},
            revision=revision,
            released=released,
            may_publish=may_publish,
            version=token,
            **compared(left, right),
        )
        return TemplateResponse(request, "admin/articles/article/restore.html", context)

    def _restore(self, request, article, revision, at_once: bool):
        note = request.POST.get("note", "").strip() or str(
            _("Revision %(number)d again") % {"number": revision.number}
        )
        seen = request.POST.get("version", "")
        try:
            done = drafts.restore(
                *(article, revision, request.user, seen, note),
                at_once=at_once,
                over=confirmed(request),
            )
        except Held as held:
            back = f"{request.path}?number={revision.number}"
            return ask(self, request, article, held, back=back, do=_("Restore all the same"))
        except drafts.Overtaken as error:
            self.message_user(request, error.args[0], messages.ERROR)
            return redirect(f"{request.path}?number={revision.number}")
        if done.changed:
            told = _("Revision %(number)d is restored.") % {"number": revision.number}
            self.message_user(request, told, messages.SUCCESS)
        else:
            told = _("The article says that already: nothing was saved.")
            self.message_user(request, told, messages.WARNING)
        self._tell_lost(request, done.lost)
        return redirect("admin:articles_article_change", article.pk)

    # The draft

    def draft_view(self, request, object_id: int):
        """Show the draft beside what readers see; publish it."""
        article = self._article(request, object_id)
        if article.draft is None:
            self.message_user(request, _("There is no draft any more."), messages.WARNING)
            return redirect("admin:articles_article_change", article.pk)
        may_publish = self.may_publish_as_it_is(request, article)
        token = revisions.version(article)
        if request.method == "POST":
            if not (may_publish and self.has_change_permission(request, article)):
                raise PermissionDenied
            try:
                seen, over = request.POST.get("version", ""), confirmed(request)
                lost = drafts.publish_draft(article, request.user, seen, over=over)
            except Held as held:
                return ask(self, request, article, held, back=request.path)
            except drafts.Overtaken as error:
                self.message_user(request, error.args[0], messages.ERROR)
                return redirect(request.path)
            article = Article.objects.get(pk=article.pk)
            self.tell_published(request, article, told_published(article))
            self._tell_lost(request, lost)
            return redirect("admin:articles_article_change", article.pk)
        found = drafts.with_changes_below(article)
        left, right = self._side(request, article, LIVE), _side_of(article.draft, article)
        right["content"] = found.content | {"status": left["content"]["status"]}
        context = self._context(
            request,
            article,
            _("Draft over the text readers see"),
            draft=article.draft,
            overtaken=article.overtaken,
            both=[FIELD_NAMES[name] for name in found.both],
            may_publish=may_publish and not found.both,
            may_change=self.has_change_permission(request, article),
            version=token,
            **compared(left, right),
        )
        return TemplateResponse(request, "admin/articles/article/draft.html", context)

    def discard_view(self, request, object_id: int):
        """Ask, and let the draft go."""
        article = self._article(request, object_id, to_change=True)
        if article.draft is None:
            self.message_user(request, _("There is no draft any more."), messages.WARNING)
            return redirect("admin:articles_article_change", article.pk)
        token = revisions.version(article)
        if request.method == "POST":
            try:
                drafts.discard_draft(article, request.user, request.POST.get("version", ""))
            except drafts.Overtaken as error:
                self.message_user(request, error.args[0], messages.ERROR)
                return redirect(request.path)
            told = _("The draft is discarded. It stays among the revisions.")
            self.message_user(request, told, messages.SUCCESS)
            return redirect("admin:articles_article_change", article.pk)
        context = self._context(
            request, article, _("Discard the draft"), draft=article.draft, version=token
        )
        return TemplateResponse(request, "admin/articles/article/discard.html", context)

    # What the views share

    def _article(self, request, object_id: int, *, to_change: bool = False) -> Article:
        """Return an article the user may see, or change if asked."""
        articles = Article.objects.select_related("draft__text", "draft__created_by")
        article = articles.filter(pk=object_id).first() if object_id < 2**63 else None
        if article is None:
            raise Http404
        may = self.has_change_permission if to_change else self.has_view_permission
        if not may(request, article):
            raise PermissionDenied
        return article

    def _revision(self, article: Article, number: str) -> Revision:
        if not (number.isascii() and number.isdigit() and len(number) < 9):
            raise Http404
        found = article.revisions.select_related("text", "created_by").filter(number=int(number))
        revision = found.first()
        if revision is None:
            raise Http404
        return revision

    def _before(self, article: Article, number: str) -> str:
        """Return what a revision came out of: of a draft the one before; of others the one before
        that stood."""
        revision = self._revision(article, number)
        earlier = article.revisions.filter(number__lt=revision.number)
        if not revision.is_draft:
            earlier = earlier.filter(is_draft=False)
        before = earlier.values_list("number", flat=True).first()
        if before is None:
            raise Http404
        return str(before)

    def _side(self, request, article: Article, which: str) -> dict:
        """Return one side of a comparison: a revision, the source it was imported from, or what
        the article says now."""
        if which == LIVE:
            label = _("what readers see") if article.is_public else _("what stands now")
            return {"label": label, "content": revisions.state(article.pk), "at": None}
        if which == "0":
            return self._source_side(request, article)
        return _side_of(self._revision(article, which), article)

    def _source_side(self, request, article: Article) -> dict:
        if not request.user.has_perm("articles.view_source"):
            raise PermissionDenied
        source = Source.objects.filter(article=article).only("text", "file_name").first()
        if source is None:
            raise Http404
        lines = (f"<p>{escape(line.strip())}</p>" for line in source.text.split("\n"))
        bare = revisions.state(article.pk) | {"body": "\n".join(lines)}
        return {"label": _("0 · source of the import"), "content": bare, "at": None, "bare": True}

    def _context(self, request, article: Article, title, **more) -> dict:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "media": self.media,
            "article": article,
            "has_view_permission": True,
            **more,
        }

    def tell_published(self, request, article: Article, told: str) -> None:
        """Say that an article was published, and what of its import nobody has looked at."""
        message = format_html("{} {}", told, page_of(article))
        self.message_user(request, message, messages.SUCCESS)
        if left := flags_left(article):
            self.message_user(request, left, messages.WARNING)

    def _tell_lost(self, request, lost: list[str]) -> None:
        if lost:
            told = _("There are no more, and were left out: %(names)s")
            self.message_user(request, told % {"names": "、".join(lost)}, messages.WARNING)


def _side_of(revision: Revision, article: Article) -> dict:
    return {
        "label": _("revision %(number)d") % {"number": revision.number},
        "content": dict(revision.content),
        "at": revision,
    }


def compared(left: dict, right: dict) -> dict:
    """Return what pages show of two sides."""
    one, other = left["content"], right["content"]
    rows = body_rows(one["body"], other["body"])
    bare = left.get("bare") or right.get("bare")
    return {
        "left": left,
        "right": right,
        "langs": [one["original_script"], other["original_script"]],
        "facts": [] if bare else facts(one, other),
        "groups": groups(rows),
        "only_markup": one["body"] != other["body"] and all(row.equal for row in rows),
        "is_same": revisions.same(one, other),
    }
