"""A small federation: units, members, a path and who is asked to read it."""

from datetime import date, timedelta

from django.contrib.auth.models import Group, User
from django.utils import timezone

from training.assigning import bring_up_to_date
from training.cutting import cut
from training.models import (
    Member,
    Membership,
    Office,
    Path,
    PathItem,
    PathStatus,
    Question,
    QuestionKind,
    QuestionVersion,
    Rule,
    Unit,
)
from training.paths import make_version
from training.roster.plan import employer_of
from training.tree import plant

SENTENCE = (
    "第{n}條講的是工會幹部走訪職工的規矩，先聽後記，再約定哪一天回話，回話不能過夜，"
    "辦不到的也要說明緣由，把名字和日子寫在本子上，下一回見面先翻開這一頁，從上一回說到哪裡接著說下去"
)
"""A sentence that is a passage by itself."""


def text(paragraphs: int = 4, *, changed: frozenset[int] = frozenset()) -> str:
    """Return a body of as many paragraphs, each of them one passage; some say more, from 0."""
    return "".join(
        f"<p>{SENTENCE.format(n=at)}{'，另有新規定' if at in changed else ''}。</p>"
        for at in range(paragraphs)
    )


def unit(name: str, parent: Unit | None = None, kind: str = "grassroots", code: str = "") -> Unit:
    return plant(Unit(name_hant=name, parent=parent, kind=kind, code=code or name[:20]))


def member(name: str, of: Unit, number: str = "", user: bool = False, on: date | None = None):
    """Put a member on the roster, with an account if one is wanted."""
    row = Member.objects.create(
        name=name,
        staff_no=number or name,
        employer=employer_of(of, Unit.objects.in_bulk()),
        user=User.objects.create_user(f"account of {name}") if user else None,
    )
    Membership.objects.create(member=row, unit=of, from_on=on or timezone.localdate())
    return row


def office(of: Member, where: Unit, role: str = "chair", on: date | None = None) -> Office:
    return Office.objects.create(
        member=of, unit=where, role=role, from_on=on or timezone.localdate()
    )


def ask(article, place: int, key: int = 1, stem: str = "", **fields) -> Question:
    """Ask something about a passage of an article, approved."""
    passage = cut(article.body)[place - 1]
    question = Question.objects.create(article=article, passage_hash=passage.hash, state="approved")
    version = QuestionVersion(
        question=question,
        number=1,
        kind=QuestionKind.TRUE_FALSE,
        stem_hant=stem or f"第{place}段說要先聽後記。",
        key=key,
        made_on=timezone.localdate(),
        **fields,
    )
    version.clean()
    version.save()
    return question


def path_of(*articles, name: str = "新任工會幹部") -> Path:
    path = Path.objects.create(name_hant=name, status=PathStatus.OPEN)
    for position, article in enumerate(articles, 1):
        PathItem.objects.create(path=path, article=article, position=position)
    make_version(path, None)
    return path


def assign(path: Path, *units: Unit, days: int = 30, **fields) -> Rule:
    """Assign a path to units from today on, and give out the tasks."""
    today = timezone.localdate()
    fields = {"opens_on": today, "due_on": today + timedelta(days=days)} | fields
    rule = Rule.objects.create(version=path.version, **fields)
    rule.units.set(units)
    bring_up_to_date([rule])
    return rule


def in_group(name: str) -> User:
    user = User.objects.create_user(f"of {name}", is_staff=True)
    user.groups.add(Group.objects.get(name=name))
    return user
