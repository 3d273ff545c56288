"""What stands beside an article's form: the source of an import with its text, the latest
revisions, and how the article stands."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.http import content_disposition_header

from ..intake.repair_record import EDIT_NAMES
from ..intake.source_view import pieces, visible
from ..intake.spool import shown_name
from ..models import Source
from . import import_review
from .open_flags import FLAGS_BESIDE, open_flags
from .standing import badge

REVISIONS_BESIDE = 8
"""Revisions listed beside the form, the newest first."""

_LONGEST_SOURCE = 300_000
"""Characters of a source shown beside the form; the page of the import shows all of it."""


class BesideForm(admin.ModelAdmin):
    """The tabs beside the form at the desk of articles."""

    def get_urls(self):
        views = {
            "source": self.download_source,
            "source_text": self.source_text,
            "import": self.review_import,
        }
        own = [
            path(
                f"<int:object_id>/{name.replace('_', '-')}/",
                self.admin_site.admin_view(view),
                name=f"articles_article_{name}",
            )
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def render_change_form(self, request, context, *, obj=None, **options):
        context["source_panel"] = obj and self._source_panel(request, obj.pk)
        if obj:
            latest = obj.revisions.select_related("created_by")
            context["side_revisions"] = latest[:REVISIONS_BESIDE]
            context["state_badge"] = badge(obj, getattr(obj, "stood", None))
        return super().render_change_form(request, context, obj=obj, **options)

    def _source_panel(self, request, article_id: int) -> dict | None:
        """Return what the panel beside the form says of the import."""
        if not request.user.has_perm("articles.view_source"):
            return None
        panel = Source.objects.defer("raw", "text", "edits", "written")
        source = panel.filter(article_id=article_id).first()
        if source is None:
            return None
        return {
            "source": source,
            "counts": [
                (EDIT_NAMES.get(kind, kind), count)
                for kind, (count, _) in source.edit_kinds.items()
            ],
            "flags": open_flags(source),
            "more": max(source.flag_count - FLAGS_BESIDE, 0),
        }

    def _source(self, request, object_id: int, *fields: str) -> Source:
        """Return the source of an article, for who may see it."""
        if not request.user.has_perm("articles.view_source"):
            raise PermissionDenied
        if object_id >= 2**63:
            raise Http404
        return get_object_or_404(Source.objects.only(*fields), article_id=object_id)

    def source_text(self, request, object_id: int):
        """Show the text of the source with its edits, a line for each of its own."""
        source = self._source(request, object_id, "text", "edits")
        text = source.text[:_LONGEST_SOURCE]
        edits = [edit for edit in source.edits if edit["end"] <= len(text)]
        lines = [[]]
        for piece in pieces(text, edits, ()):
            if piece.edit is not None:
                after = "" if piece.after == piece.before else visible(piece.after)
                lines[-1].append({"gone": visible(piece.before), "come": after})
                continue
            first, *others = piece.before.split("\n")
            lines[-1].append({"text": first})
            lines += ([{"text": line}] for line in others)
        context = {"lines": lines, "is_cut": len(source.text) > len(text)}
        return TemplateResponse(request, "admin/articles/article/side_text.html", context)

    def review_import(self, request, object_id: int):
        """Show an import's edits and flags, and take decisions on them."""
        return import_review.review(self, request, object_id)

    def download_source(self, request, object_id: int):
        """Send the file as it came, byte for byte."""
        source = self._source(request, object_id, "raw", "file_name")
        response = HttpResponse(bytes(source.raw), content_type="application/octet-stream")
        response.headers["Content-Disposition"] = content_disposition_header(
            True, shown_name(source.file_name)
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
