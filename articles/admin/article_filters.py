"""What the list of articles can be narrowed to."""

import re

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Max, Min
from django.utils.translation import gettext_lazy as _

from ..curation import desk
from ..models import Article, ImportRun, Tag, TaggedArticle
from ..models.source import of_run
from ..text.keys import is_key


class FlaggedFilter(admin.SimpleListFilter):
    title = _("import flags")
    parameter_name = "flags"

    def lookups(self, request, model_admin):
        return [("some", _("with flags")), ("none", _("without flags")), ("own", _("written here"))]

    def queryset(self, request, queryset):
        if self.value() == "some":
            return queryset.filter(source__flag_count__gt=0)
        if self.value() == "none":
            return queryset.filter(source__flag_count=0)
        if self.value() == "own":
            return queryset.filter(source__isnull=True)
        return queryset


class RunFilter(admin.SimpleListFilter):
    """The articles one run of the importer brought: the page of the run leads there."""

    title = _("import run")
    parameter_name = "run"

    def lookups(self, request, model_admin):
        run = ImportRun.objects.filter(pk=self._number(request)).first()
        return [(str(run.pk), str(run))] if run else []

    def queryset(self, request, queryset):
        run = self._number(request)
        return queryset.filter(of_run(run, "source__")) if run else queryset

    @staticmethod
    def _number(request) -> int | None:
        value = request.GET.get("run", "")
        return int(value) if is_key(value) else None


class DeskFilter(admin.SimpleListFilter):
    """The lists of the start page, whole."""

    title = _("to do")
    parameter_name = "desk"

    def lookups(self, request, model_admin):
        may_publish = model_admin.has_publish_permission(request)
        return [(name, title) for name, title in desk.LISTS if may_publish or name != desk.WAITING]

    def queryset(self, request, queryset):
        wanted = self.value()
        chosen = wanted in dict(self.lookup_choices)
        return desk.chosen(queryset, wanted, request.user) if chosen else queryset


class TagFilter(admin.SimpleListFilter):
    """The tags there are. The articles of one are asked for by their keys: where Django joins the
    tables, it sorts by all columns lest an article come twice, once to count and once to show."""

    title = _("tag")
    parameter_name = "tagged__tag__id__exact"

    def lookups(self, request, model_admin):
        return [(str(tag.pk), str(tag)) for tag in Tag.objects.all()]

    def queryset(self, request, queryset):
        tag = self.value()
        if tag is None:
            return queryset
        if not is_key(tag):
            raise IncorrectLookupParameters(tag)
        tagged = TaggedArticle.objects.filter(tag=int(tag))
        return queryset.filter(pk__in=tagged.values("content_object"))


class YearFilter(admin.SimpleListFilter):
    """The years of the archive, from the first to the last there is."""

    title = _("filed under")
    parameter_name = "year"

    def lookups(self, request, model_admin):
        ends = Article.objects.order_by().aggregate(first=Min("dated"), last=Max("dated"))
        if ends["first"] is None:
            return []
        years = range(ends["last"].year, ends["first"].year - 1, -1)
        return [(str(year), str(year)) for year in years]

    def queryset(self, request, queryset):
        year = self.value() or ""
        return queryset.dated(int(year)) if re.fullmatch("(19|20)[0-9]{2}", year) else queryset
