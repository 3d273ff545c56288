"""The recycle bin at the desk of articles: nothing is deleted at once."""

from datetime import timedelta
from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from portal.person_names import person_name
from portal.transactions import retried

from ..curation.audit import audit
from ..curation.policy import Deed, may
from ..curation.publishing import from_bin, to_bin
from ..models import Article
from ..models.article_queries import KEPT_IN_BIN
from ..models.revision import in_cited
from ..text.keys import is_key


class BinFilter(admin.SimpleListFilter):
    """The list shows what is not in the bin, or what is."""

    title = _("recycle bin")
    parameter_name = "bin"

    def lookups(self, request, model_admin):
        return [("yes", _("in the recycle bin"))]

    def queryset(self, request, queryset):
        return queryset.in_bin() if self.value() == "yes" else queryset.outside_bin()

    def choices(self, changelist):
        everything, *others = super().choices(changelist)
        return [everything | {"display": _("not in the recycle bin")}, *others]


class RecycleBin(admin.ModelAdmin):
    """Deleting moves to the bin; those who may delete do so for good from there."""

    def shows_bin(self, request) -> bool:
        return request.GET.get(BinFilter.parameter_name) == "yes"

    def has_purge_permission(self, request) -> bool:
        return may(request.user, Deed.PURGE)

    def has_change_permission(self, request, obj=None):
        """What lies in the bin is restored before it is changed."""
        in_bin = obj is not None and obj.deleted_at is not None
        return not in_bin and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Let those move to the bin who may change: it takes nothing away for good."""
        if obj is None:
            return super().has_change_permission(request)
        return self.may_recycle(request, obj) and obj.deleted_at is None

    def may_recycle(self, request, article) -> bool:
        """Tell whether the user may move an article to the bin, or out of it."""
        allowed = super().has_change_permission(request, article)
        return allowed and may(request.user, Deed.RECYCLE, article)

    def get_list_display(self, request):
        shown = super().get_list_display(request)
        return [*shown, "binned"] if self.shows_bin(request) else shown

    @admin.display(description=_("in the recycle bin since"), ordering="deleted_at")
    def binned(self, article):
        left = KEPT_IN_BIN - (timezone.now() - article.deleted_at).days
        who = person_name(article.deleted_by) if article.deleted_by else "–"
        days = _("%(n)d days left") % {"n": left} if left > 0 else _("overdue")
        since = f"{timezone.localtime(article.deleted_at):%Y-%m-%d %H:%M}"
        return format_html("{} {}<br><small>{}</small>", since, who, days)

    def changelist_view(self, request, extra_context=None):
        context = {"may_see_bin": self.has_change_permission(request)}
        if self.shows_bin(request):
            before = timezone.now() - timedelta(days=KEPT_IN_BIN)
            context |= {
                "shows_bin": True,
                "title": _("Recycle bin"),
                "overdue": Article.objects.in_bin_since(before).count(),
                "kept_days": KEPT_IN_BIN,
                "may_purge": self.has_purge_permission(request),
            }
        return super().changelist_view(request, context | (extra_context or {}))

    def delete_view(self, request, object_id, extra_context=None):
        """Ask, and move an article to the bin; of one there, restore it or delete it for good."""
        known = is_key(object_id)
        articles = Article.objects.select_related("deleted_by").defer("body", "search_text")
        article = articles.filter(pk=object_id).first() if known else None
        if article is None:
            raise Http404
        may_purge = self.has_purge_permission(request) and article.deleted_at is not None
        may_recycle = self.may_recycle(request, article)
        if not (may_purge or may_recycle):
            raise PermissionDenied
        if request.method == "POST":
            return self._recycle(request, article, may_recycle, may_purge)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Recycle bin") if article.deleted_at else _("Move to the recycle bin"),
            "opts": self.opts,
            "media": self.media,
            "article": article,
            "is_seen": article.is_public,
            "may_recycle": may_recycle,
            "may_purge": may_purge,
            "kept_days": KEPT_IN_BIN,
        }
        return TemplateResponse(request, "admin/articles/article/bin.html", context)

    def _do(self, request, one: QuerySet[Article], wanted: str) -> bool:
        """Do it where it may be done with the article as it stands when nobody else changes it;
        tell whether it was not so already."""
        one.lock()
        article = one.defer("body", "search_text").first()
        if article is None:
            raise Http404
        if wanted != "purge" and not self.may_recycle(request, article):
            raise PermissionDenied
        if wanted == "purge" and article.deleted_at:
            if one.filter(in_cited()).exists():
                return False
            audit(request.user, "purge", article, before={"title": article.title})
            one.delete()
            return True
        deed = {"restore": from_bin, "bin": to_bin}.get(wanted)
        done = bool(deed and deed(one, request.user))
        if done:
            audit(request.user, wanted, article)
        return done

    def _recycle(self, request, article, may_recycle: bool, may_purge: bool):
        wanted = request.POST.get("action", "bin")
        if not (may_purge if wanted == "purge" else may_recycle):
            raise PermissionDenied
        one = Article.objects.filter(pk=article.pk)
        told = _("It was so already; nothing was done.")
        if wanted == "purge" and one.filter(in_cited()).exists():
            told = _("Training cites “%(title)s”: it stays in the recycle bin.")
        done = retried(partial(self._do, request, one, wanted))
        if done:
            told = {
                "bin": _("“%(title)s” is in the recycle bin and can be restored from there."),
                "restore": _("“%(title)s” is restored, as it was."),
                "purge": _("“%(title)s” is deleted for good."),
            }[wanted]
        told = told % {"title": article.title}
        self.message_user(request, told, messages.SUCCESS if done else messages.WARNING)
        if wanted == "restore":
            return redirect("admin:articles_article_change", article.pk)
        return redirect("admin:articles_article_changelist")
