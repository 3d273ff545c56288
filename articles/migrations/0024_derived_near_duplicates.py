"""Flags of near duplicates are derived from the pairs, and no longer kept with the sources.

One that a curator had settled becomes a dismissal of the pair. Sources are changed one at a time,
each under its lock, so that nobody waits; run again it changes nothing.
"""

import re
from collections import Counter

from django.db import migrations, transaction
from django.db.models import Q

KIND = "near-duplicate"
_OTHER = re.compile(r"與第 (\d+) 篇")


def derive(apps, schema_editor):
    Source = apps.get_model("articles", "Source")
    flagged = Source.objects.filter(flag_kinds__has_key=KIND) | Source.objects.filter(
        decisions__finding__kind=KIND
    )
    for pk in sorted(set(flagged.values_list("pk", flat=True))):
        with transaction.atomic():
            source = Source.objects.select_for_update().only("flags", "article_id").get(pk=pk)
            for flag in source.flags:
                if flag["kind"] == KIND and flag.get("settled"):
                    _dismiss(apps, source, flag)
            source.flags = [flag for flag in source.flags if flag["kind"] != KIND]
            opened = [flag for flag in source.flags if not flag.get("settled")]
            source.flag_kinds = Counter(flag["kind"] for flag in opened)
            source.flag_count = len(opened)
            source.save(update_fields=["flags", "flag_kinds", "flag_count"])


def _dismiss(apps, source, flag):
    found = _OTHER.search(flag["message"])
    decision = apps.get_model("articles", "Decision").objects.filter(pk=flag["settled"]).first()
    if not found or decision is None:
        return
    low, high = sorted((source.article_id, int(found[1])))
    pairs = apps.get_model("articles", "Similarity").objects
    pairs.filter(Q(article=low, other=high), dismissed_at=None).update(
        dismissed_at=decision.at, dismissed_by=decision.by
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("articles", "0023_revision_base")]

    operations = [migrations.RunPython(derive, migrations.RunPython.noop)]
