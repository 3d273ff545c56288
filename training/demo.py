"""A made-up federation to try training out with: units, members, a path with questions, a rule."""

import json
from datetime import timedelta
from itertools import count, product
from pathlib import Path as FilePath

from django.db import transaction
from django.utils import timezone

from articles.models import Article, Collection
from articles.text import script

from .assigning import bring_up_to_date
from .cutting import cut
from .models import (
    Member,
    Membership,
    Office,
    OfficeRole,
    Path,
    PathItem,
    PathStatus,
    Question,
    QuestionKind,
    QuestionState,
    QuestionVersion,
    Rule,
    Unit,
)
from .paths import make_version
from .roster.plan import employer_of
from .tree import plant

MEMBERS = 60
DAYS = 30
"""Days until the demo path is due."""


def put_in(file: FilePath) -> Rule | None:
    """Put the demo in, once; return its rule, or None where it is there already."""
    told = json.loads(file.read_text("utf-8"))
    if Unit.objects.exists():
        return None
    with transaction.atomic():
        units = _units(told["units"])
        _members(told, units)
        articles = {
            name: Article.objects.get(source__file_name=name)
            for name in dict.fromkeys(one["file"] for one in told["questions"])
        }
        for question in told["questions"]:
            _ask(articles[question["file"]], question)
        path = _path(told["path"])
        PathItem.objects.bulk_create(
            PathItem(path=path, article=article, position=position)
            for position, article in enumerate(articles.values(), 1)
        )
        version = make_version(path, None)
        today = timezone.localdate()
        rule = Rule.objects.create(
            version=version, opens_on=today, due_on=today + timedelta(days=DAYS)
        )
        rule.units.set([one for one in units.values() if one.parent_id is None])
    bring_up_to_date([rule])
    return rule


def _units(told: list[dict]) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for one in told:
        parent = units.get(one.get("below", ""))
        unit = Unit(name_hant=one["name"], kind=one["kind"], code=one["code"], parent=parent)
        units[one["code"]] = plant(unit)
    return units


def _members(told: dict, units: dict[str, Unit]) -> None:
    """Spread members over the units that have any, the first of each its chair."""
    today = timezone.localdate()
    names = (surname + given for given, surname in product(told["given"], told["surnames"]))
    homes = [one for one in units.values() if one.kind in ("grassroots", "branch")]
    homes.insert(0, units["QS"])
    numbers = count(1001)
    chairs = set()
    every = Unit.objects.in_bulk()
    for at in range(MEMBERS):
        home = homes[0] if at == 0 else homes[1 + at % (len(homes) - 1)]
        member = Member.objects.create(
            name=next(names), staff_no=str(next(numbers)), employer=employer_of(home, every)
        )
        Membership.objects.create(member=member, unit=home, from_on=today)
        if home.code not in chairs:
            chairs.add(home.code)
            Office.objects.create(member=member, unit=home, role=OfficeRole.CHAIR, from_on=today)


def _path(told: dict) -> Path:
    return Path.objects.create(
        name_hant=told["name"],
        summary_hant=told["summary"],
        level=told["level"],
        hours=told["hours"],
        status=PathStatus.OPEN,
        collection=Collection.objects.named(told["collection"]).first(),
    )


def _ask(article: Article, told: dict) -> None:
    words = script.fold(told["in"])
    passage = next(one for one in cut(article.body) if words in script.fold(one.text))
    question = Question.objects.create(
        article=article, passage_hash=passage.hash, state=QuestionState.APPROVED
    )
    options = [
        [script.convert(one, script.HANS, script.HANT), one] for one in told.get("options", [])
    ]
    version = QuestionVersion(
        question=question,
        number=1,
        kind=QuestionKind.SINGLE if options else QuestionKind.TRUE_FALSE,
        stem_hant=told["stem"],
        note_hant=told["note"],
        options=options,
        key=told["key"],
        made_on=timezone.localdate(),
    )
    version.clean()
    version.save()
