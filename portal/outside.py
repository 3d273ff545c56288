"""What is seen of the portal from outside: /metrics for Prometheus, and its state at the desk."""

import ipaddress
from collections.abc import Iterator

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from articles.models import Article, BulkRun, ImportRun, Report, Status
from articles.reading.kept_pages import store

from . import metrics
from .health import ILL, TOLD, WELL, findings

_WORK = (("import", ImportRun, "started_at"), ("bulk", BulkRun, "as_of"))
"""Work in the background: its rows, and the column of when it began."""

_NAMES = {
    "database": _("Database"),
    "migrations": _("Migrations"),
    "clock": _("Clock"),
    "second steps": _("Second steps"),
    "replica": _("Replica"),
    "directory": _("Directory of accounts"),
    "cache": _("Cache"),
    "broker": _("Broker"),
    "mail": _("Mail"),
    "backup": _("Backup"),
    "encoding": _("Encoding"),
    "collation": _("Order of words in the database"),
    "disk of uploads": _("Room for uploads"),
    "disk of database": _("Room for the database"),
    "debug": _("Trying out (DEBUG)"),
    "secret key": _("Secret key"),
    "seal key": _("Key of the seals"),
}
"""What `health` looks at, in words of the desk where the word is not the setting's own."""

_LEVELS = {
    WELL: ("published", _("good")),
    TOLD: ("open", _("worth knowing")),
    ILL: ("expired", _("to be seen to")),
}
"""How something stands: the class of its badge, and its words."""


def _held() -> int:
    return Article.objects.exclude(status=Status.PUBLISHED).filter(
        source__blocking_count__gt=0
    ).count()  # fmt: skip


class Library(Collector):
    """What stands in the library, counted when somebody asks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        articles = GaugeMetricFamily("portal_articles", "Articles, by status", labels=["status"])
        for status, count in Article.objects.values_list("status").annotate(Count("pk")):
            articles.add_metric([status], count)
        yield articles
        runs = GaugeMetricFamily(
            "portal_runs", "Imports and bulk changes", labels=["kind", "state"]
        )
        age = GaugeMetricFamily(
            "portal_run_oldest_seconds", "Age of the oldest that is at work", labels=["kind"]
        )
        for kind, model, began_at in _WORK:
            for state, count in model.objects.values_list("state").annotate(Count("pk")):
                runs.add_metric([kind, state], count)
            began = model.objects.filter(state__in=model.WORKING).aggregate(at=Min(began_at))["at"]
            age.add_metric([kind], (timezone.now() - began).total_seconds() if began else 0)
        yield runs
        yield age
        yield GaugeMetricFamily(
            "portal_articles_held", "Articles in hand with blocking flags", value=_held()
        )
        yield GaugeMetricFamily(
            "portal_reports_open",
            "Errors that readers reported",
            value=Report.objects.open().count(),
        )


@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Tell Prometheus: whoever asks from this machine, not by a proxy, or says the token."""
    if not _may_read(request):
        raise Http404
    return HttpResponse(metrics.told([Library()]), content_type=metrics.FORMAT)


def _may_read(request: HttpRequest) -> bool:
    said = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and said:
        return constant_time_compare(said, f"Bearer {settings.METRICS_TOKEN}")
    try:
        is_here = ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    return is_here and "X-Forwarded-For" not in request.headers


def status_page(request: HttpRequest) -> HttpResponse:
    """Show who manages accounts how the portal is: what `doctor` finds soon, and what is done."""
    if not request.user.has_perm("auth.change_user"):
        raise PermissionDenied
    found = list(findings(of_apps=False))
    lines = [(_NAMES.get(one.what, one.what), *_LEVELS[one.level], one) for one in found]
    counted = [
        (Status(status).label, count)
        for status, count in Article.objects.values_list("status").annotate(Count("pk")).order_by()
    ]
    counted += [
        (_("Articles with blocking flags"), _held()),
        (_("Open reports of errors"), Report.objects.open().count()),
    ]
    counted += [
        (name, model.objects.filter(state__in=model.WORKING).count())
        for name, model in ((_("Imports at work"), ImportRun), (_("Bulk changes at work"), BulkRun))
    ]
    counted += [
        (_("Pages kept ready by this process"), store.counts["hits"]),
        (_("Pages made anew by this process"), store.counts["misses"]),
    ]
    context = admin.site.each_context(request) | {
        "title": _("State of the portal"), "lines": lines, "counted": counted,
        "is_well": all(one.level != ILL for one in found),
    }  # fmt: skip
    return render(request, "admin/status.html", context)
