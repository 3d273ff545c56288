"""Who may open what, and that nobody sees a name, a number or a count of another subtree."""

import io
import random
import re
from collections import defaultdict
from datetime import date
from itertools import chain

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone
from docx import Document

from articles.models import Article
from training.activation import make_slips
from training.assigning import bring_up_to_date
from training.calendar import address_of, calendar_of
from training.models import Assigned, Look, Member, Membership, Question, Record, Rule, Unit
from training.paper import excuse
from training.tallies import by_unit

from ..support.federation import (
    SENTENCE,
    ask,
    assign,
    in_group,
    member,
    office,
    path_of,
    text,
    unit,
)
from ..support.shelves import shelf

pytestmark = pytest.mark.django_db

VISITORS = ("nobody", "member", "chair", "elsewhere", "編輯", "審核", "培訓", "稽核", "管理員")
TABLE = """
learn           302 200 200 200 403 403 403 403 403
my-records      302 200 200 200 403 403 403 403 403
my-records-export 302 200 200 200 403 403 403 403 403
who-sees        302 200 200 200 403 403 403 403 403
task            302 200 404 404 403 403 403 403 403
kit-document    302 200 404 404 403 403 403 403 403
kit             302 200 404 404 403 403 403 403 403
text            302 200 404 404 403 403 403 403 403
unit            302 404 200 404 404 404 200 200 200
unit-table      302 404 200 404 404 404 200 200 200
unit-slips POST 302 404 200 404 404 404 200 404 200
unit-settle POST 302 404 302 404 404 404 302 404 302
seen POST       302 400 404 404 403 403 403 403 403
check POST      302 302 404 404 403 403 403 403 403
how POST        302 302 404 404 403 403 403 403 403
activate        200 200 200 200 200 200 200 200 200
seal-keys       200 200 200 200 200 200 200 200 200
admin:training_unit_changelist    302 302 302 302 403 403 200 200 200
admin:training_unit_add           302 302 302 302 403 403 200 403 200
admin:training_unit_change        302 302 302 302 403 403 200 200 200
admin:training_member_changelist  302 302 302 302 403 403 200 200 200
admin:training_member_add         302 302 302 302 403 403 200 403 200
admin:training_member_change      302 302 302 302 403 403 200 200 200
admin:training_member_import      302 302 302 302 403 403 200 403 200
admin:training_member_template    302 302 302 302 403 403 200 403 200
admin:training_path_changelist    302 302 302 302 403 403 200 200 200
admin:training_path_add           302 302 302 302 403 403 200 403 403
admin:training_path_change        302 302 302 302 403 403 200 200 200
admin:training_rule_changelist    302 302 302 302 403 403 200 200 200
admin:training_rule_add           302 302 302 302 403 403 200 403 403
admin:training_rule_change        302 302 302 302 403 403 200 200 200
admin:training_rule_standing      302 302 302 302 403 403 200 200 200
admin:training_question_changelist 302 302 302 302 200 200 200 403 200
admin:training_question_change    302 302 302 302 302 302 302 403 302
admin:training_question_at        302 302 302 302 200 200 200 403 200
admin:training_record_changelist  302 302 302 302 403 403 200 200 200
admin:training_record_export      302 302 302 302 403 403 200 200 200
admin:training_record_change      302 302 302 302 403 403 200 200 200
admin:training_seal_changelist    302 302 302 302 403 403 200 200 200
admin:training_look_changelist    302 302 302 302 403 403 200 200 200
"""


@shelf
def rows(make_article) -> dict[str, int]:
    top = unit("示例縣總工會", kind="federation", code="F")
    mill, other = unit("紡織廠工會", top, code="FZ"), unit("機械廠工會", top, code="JX")
    reader = member("讀者甲", mill, user=True)
    office(member("主席乙", mill, user=True), mill)
    office(member("主席丙", other, user=True), other)
    article = make_article(body=text(3))
    ask(article, 1)
    rule = assign(path_of(article), top)
    return {"reader": reader.pk, "mill": mill.pk, "rule": rule.pk, "article": article.pk}


@pytest.fixture
def federation(rows, db):
    kinds = {"reader": Member, "mill": Unit, "rule": Rule, "article": Article}
    return {name: kind.objects.get(pk=rows[name]) for name, kind in kinds.items()}


def visitor(name: str) -> Client:
    client = Client()
    people = {"member": "讀者甲", "chair": "主席乙", "elsewhere": "主席丙"}
    if name in people:
        client.force_login(Member.objects.get(name=people[name]).user)
    elif name != "nobody":
        client.force_login(in_group(name))
    return client


def address(name: str, federation) -> str:
    task = Assigned.objects.get(member=federation["reader"]).pk
    if name in ("task", "kit", "kit-document"):
        return reverse(name, args=[task])
    if name in ("text", "seen", "check", "how"):
        return reverse(name, args=[task, 1])
    if name.startswith("unit"):
        return reverse(name, args=["FZ"])
    if name == "admin:training_question_at":
        return reverse(name, args=[federation["article"].pk])
    if name.endswith("_change"):
        rows = {
            "unit": federation["mill"],
            "member": federation["reader"],
            "path": federation["rule"].version.path,
            "rule": federation["rule"],
            "record": Record.objects.first(),
            "question": federation["article"].questions.get(),
        }
        kind = name.removeprefix("admin:training_").removesuffix("_change")
        return reverse(name, args=[rows[kind].pk])
    return reverse(name)


@pytest.mark.parametrize("line", TABLE.split("\n")[1:-1], ids=lambda line: line.split()[0])
def test_every_address_opens_to_whom_it_is_for(line, federation):
    name, *rest = line.split()
    post = rest[0] == "POST"
    wanted = dict(zip(VISITORS, map(int, rest[1:] if post else rest), strict=True))
    if name == "admin:training_record_change":
        task = Assigned.objects.get(member__name="主席丙")
        excuse(task.pk, "產假", in_group("編輯"))
        User.objects.filter(username="of 編輯").delete()
    got = {}
    for who in VISITORS:
        client = visitor(who)
        place = address(name, federation)
        if post:
            sent = {"do": "excuse", "number": "0" * 3, "reason": "x", "how": "screen"}
            if name == "unit-settle":
                sent["number"] = str(Assigned.objects.get(member=federation["reader"]).pk)
            got[who] = client.post(place, sent).status_code
        else:
            got[who] = client.get(place).status_code
    assert got == wanted


def test_every_address_of_training_stands_in_the_table():
    def names(patterns, prefix=""):
        for one in patterns:
            if hasattr(one, "url_patterns"):
                yield from names(one.url_patterns, prefix)
            elif one.name:
                yield one.name, getattr(one.callback, "__module__", "")

    told = {line.split()[0].removeprefix("admin:") for line in TABLE.strip().splitlines()}
    own = {
        name for name, module in names(get_resolver().url_patterns) if module.startswith("training")
    }
    by_secret = {"training-calendar"}
    assert own - told - by_secret == set()
    desk = {name for name, _ in names(get_resolver().url_patterns) if name.startswith("training_")}
    django = re.compile(r"_(delete|history|autocomplete|view_on_site)$|_(seal|look|question)_")
    assert {name for name in desk - told if not django.search(name)} <= {
        "training_record_add",
        "training_question_add",
    }


def test_in_no_tree_a_chair_sees_anything_of_another_subtree(make_article):
    """Two hundred random trees beside each other, with tasks; in ten all pages are opened."""
    chance, day = random.Random(7), timezone.localdate()
    rule = assign(path_of(make_article(body=text(1))), unit("別處", code="elsewhere"))
    trees = []
    for tree in range(200):
        key = 1_000_000 + 100 * tree  # what others make has small numbers
        grown = [Unit(pk=key, path=f"{key}.", name_hant=f"總{tree}", name="总", code=f"T{tree}")]
        for at in range(chance.randint(4, 9)):
            above, key = chance.choice(grown), key + 1
            one = Unit(pk=key, parent=above, path=f"{above.path}{key}.", code=f"T{tree}-{at}")
            one.name = one.name_hant = f"位{tree}之{at}"
            grown.append(one)
        trees.append(grown)
    units = list(chain.from_iterable(trees))
    Unit.objects.bulk_create(units)
    people = Member.objects.bulk_create(
        Member(name=f"人{one.pk}之{at}", staff_no=f"{one.pk}-{at}", employer=one)
        for one in units
        for at in range(chance.randint(1, 3))
    )
    Membership.objects.bulk_create(
        Membership(member=one, unit_id=one.employer_id, from_on=day) for one in people
    )
    states = [
        ("open", None, ""),
        ("done", day, ""),
        ("excused", None, "病假"),
        ("lapsed", None, ""),
    ]
    tasks = []
    for one in people:
        state, done, why = chance.choice(states)
        tasks.append(
            Assigned(
                rule=rule, member=one, unit_id=one.employer_id, due_on=rule.due_on, step_count=1
            )
        )
        tasks[-1].state, tasks[-1].completed_on, tasks[-1].excuse = state, done, why
    Assigned.objects.bulk_create(tasks)
    people_at, tasks_at = defaultdict(list), defaultdict(list)
    for one, task in zip(people, tasks, strict=True):
        people_at[one.employer_id].append(one)
        tasks_at[task.unit_id].append(task)

    for tree, grown in enumerate(trees):
        of = {one.pk: people_at[one.pk] for one in grown}
        where = chance.choice(grown)
        chair = of[where.pk][0]
        chair.user = User.objects.create(username=f"chair {tree}")
        chair.save(update_fields=["user"])
        office(chair, where)
        own = {one.pk for one in grown if one.path.startswith(where.path)}
        assert set(Member.objects.within(chair.user)) == {who for pk in own for who in of[pk]}
        lines = by_unit(chair.user)
        assert {line.unit.pk for line in lines} == own
        for line in lines:
            under = (one.pk for one in grown if one.path.startswith(line.unit.path))
            below = [task for pk in under for task in tasks_at[pk]]
            counted = [line.total.done, line.total.open, line.total.excused]
            wanted = [
                sum(task.state == of_ for task in below) for of_ in ("done", "open", "excused")
            ]
            assert counted == wanted
        if tree % 20:
            continue
        client = Client()
        client.force_login(chair.user)
        others = [who.name for pk, whose in of.items() if pk not in own for who in whose]
        for one in grown:
            for page in ("unit", "unit-table"):
                answer = client.get(reverse(page, args=[one.code]))
                assert (answer.status_code == 200) == (one.pk in own)
                said = answer.content.decode()
                assert not any(f"{name}<" in said or f"{name}," in said for name in others)


def test_an_office_that_ended_shows_nothing(federation):
    chair = Member.objects.get(name="主席乙")
    day = timezone.localdate() - timezone.timedelta(days=1)
    chair.offices.update(from_on=day, until_on=day)
    assert not Member.objects.within(chair.user).exists()
    chair.offices.update(until_on=timezone.localdate())
    assert not Member.objects.within(chair.user).exists()


def test_an_office_begins_with_the_day_where_the_portal_is(federation, monkeypatch):
    """In Beijing it is tomorrow while the clocks of databases still say today."""
    chair = Member.objects.get(name="主席乙")
    tomorrow = timezone.localdate() + timezone.timedelta(days=1)
    chair.offices.update(from_on=tomorrow)
    assert not Member.objects.within(chair.user).exists()
    monkeypatch.setattr(timezone, "localdate", lambda: tomorrow)
    assert Member.objects.within(chair.user).exists()


def test_an_office_in_a_closed_unit_shows_nothing(federation):
    chair = Member.objects.get(name="主席乙")
    Unit.objects.filter(pk=federation["mill"].pk).update(closed_on=timezone.localdate())
    assert not Member.objects.within(chair.user).exists()
    assert visitor("chair").get(reverse("unit", args=["FZ"])).status_code == 404


def test_who_looks_is_told_to_whom_was_looked_at(federation):
    visitor("chair").get(reverse("unit", args=["FZ"]))
    visitor("chair").get(reverse("unit", args=["FZ"]))
    reader = federation["reader"]
    assert Look.objects.filter(member_uid=reader.uid).count() == 1
    page = visitor("member").get(reverse("who-sees")).content.decode()
    assert "主席乙" in page and "account of 主席乙" in page


def test_who_looks_at_one_record_at_the_desk_is_told_too(federation):
    task = Assigned.objects.get(member=federation["reader"])
    excuse(task.pk, "產假", User.objects.create_superuser("officer"))
    place = reverse("admin:training_record_change", args=[Record.objects.get().pk])
    assert visitor("稽核").get(place).status_code == 200
    assert list(Look.objects.values_list("member_uid", "by")) == [
        (federation["reader"].uid, "of 稽核")
    ]


def test_a_name_brings_no_line_of_its_own_into_a_calendar():
    told = calendar_of("學習", [(1, "課程\rURL:https://elsewhere", date(2026, 1, 1), "/")], "host")
    assert [line for line in told.splitlines() if line.startswith("URL")] == ["URL:/"]


def test_the_calendar_opens_with_its_secret_alone(federation):
    reader = Member.objects.get(name="讀者甲")
    place = address_of(reader)
    page = Client().get(place)
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    lines = page.content.decode().split("\r\n")
    assert "BEGIN:VEVENT" in lines and all(len(line.encode()) <= 75 for line in lines)
    assert Client().get(place[:-1]).status_code == 404
    reader.user.set_password("another")
    reader.user.save()
    assert Client().get(place).status_code == 404


def test_slips_of_a_unit_are_printed_once_with_their_codes(federation):
    page = visitor("chair").post(reverse("unit-slips", args=["FZ"])).content.decode()
    assert "<svg" not in page  # both have accounts
    member("新人", federation["mill"])
    page = visitor("chair").post(reverse("unit-slips", args=["FZ"])).content.decode()
    assert page.count("<svg") == 1 and "新人" in page
    assert make_slips(Member.objects.filter(name="新人"), None)[0].code not in page


def test_a_slip_of_who_holds_an_office_above_is_not_the_chairs_to_print(federation):
    """With it the chair of one unit would see the people of all the others."""
    above = member("縣主席", federation["mill"])
    office(above, Unit.objects.get(code="F"))
    for sent in ({}, {"member": str(above.pk)}, {"member": ["9" * 30, "１"]}):
        page = visitor("chair").post(reverse("unit-slips", args=["FZ"]), sent).content.decode()
        assert "<svg" not in page
    page = visitor("培訓").post(reverse("unit-slips", args=["FZ"])).content.decode()
    assert page.count("<svg") == 1 and "縣主席" in page


def test_a_text_that_was_withdrawn_is_not_shown_in_a_task(federation):
    article = federation["article"]
    type(article).objects.filter(pk=article.pk).update(status="archived")
    client = visitor("member")
    task = Assigned.objects.get(member=federation["reader"]).pk
    assert client.get(reverse("text", args=[task, 1])).status_code == 404
    assert "幹部走訪職工的規矩" not in client.get(reverse("kit", args=[task])).content.decode()


def test_keys_stay_on_the_server(federation):
    client = visitor("member")
    task = Assigned.objects.get(member=federation["reader"]).pk
    page = client.get(reverse("text", args=[task, 1])).content.decode()
    assert "先聽後記" in page and not re.search(r"data-key|checked|correct", page)


def test_the_kit_is_a_word_document_with_texts_questions_and_the_sheet(federation):
    client = Client()
    client.force_login(federation["reader"].user)
    task = Assigned.objects.get(member=federation["reader"]).pk
    answer = client.get(reverse("kit-document", args=[task]))
    assert answer["Cache-Control"] == "private, no-store"
    made = Document(io.BytesIO(answer.content))
    [sheet] = made.tables
    assert [cell.text for cell in sheet.rows[-1].cells] == ["讀者甲（讀者甲）", "登記人", "確認人"]
    said = "\n".join(paragraph.text for paragraph in made.paragraphs)
    assert all(SENTENCE.format(n=n) in said for n in range(3))
    question = Question.objects.get()
    assert question.version.text("stem") in said and said.count("□ ") == 2


def test_the_page_of_a_large_unit_lists_its_own_people(federation, monkeypatch):
    """Six thousand on one page would be 39 MB and 17 seconds of a processor."""
    monkeypatch.setattr("training.views.unit.LISTED", 2)
    own = member("縣幹事", Unit.objects.get(code="F"))
    client = visitor("培訓")
    page = client.get(reverse("unit", args=["F"])).content.decode()
    assert "縣幹事" in page and "讀者甲" not in page and "只列出" in page
    assert set(Look.objects.values_list("member_uid", flat=True)) == {own.uid}
    slips = client.post(reverse("unit-slips", args=["F"])).content.decode()
    assert slips.count("<svg") == 1 and "縣幹事" in slips
    table = client.get(reverse("unit-table", args=["F"])).content.decode()
    assert "讀者甲" in table
    page = client.get(reverse("unit", args=["FZ"])).content.decode()
    assert "讀者甲" in page and "只列出" not in page


def test_a_text_asks_the_database_as_often_whatever_it_asks_the_reader(make_article):
    who = member("甲", unit("紡織廠工會", code="FZ"), user=True)
    client, counts = Client(), []
    client.force_login(who.user)
    for size in (2, 9):
        article = make_article(f"第{size}篇", body=text(size))
        for place in range(1, size + 1):
            ask(article, place)
        task = assign(path_of(article, name=f"課程{size}"), who.unit).assigned.get()
        client.get(reverse("text", args=[task.pk, 1]))
        with CaptureQueriesContext(connection) as asked:
            page = client.get(reverse("text", args=[task.pk, 1])).content.decode()
        counts.append(len(asked))
        assert page.count('class="check"') == size
    assert counts[0] == counts[1]


def test_pages_ask_as_often_whatever_the_size(federation, django_assert_max_num_queries):
    client = visitor("chair")
    for size in (2, 30):
        for number in range(size):
            member(f"多{size}之{number}", federation["mill"])
        bring_up_to_date()
        with django_assert_max_num_queries(24):
            client.get(reverse("unit", args=["FZ"]))
