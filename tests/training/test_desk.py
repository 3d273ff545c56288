"""Training at the desk: rosters, paths, rules, questions, how far units are, records."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from articles.models import AuditEntry
from training.models import (
    Assigned,
    Look,
    Member,
    Office,
    Path,
    Question,
    Record,
    Rule,
    Unit,
)
from training.paper import excuse

from ..support.federation import ask, assign, in_group, member, office, path_of, text, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def top(db) -> Unit:
    return unit("示例縣總工會", kind="federation", code="F")


@pytest.fixture
def desk(db):
    def of(group: str) -> Client:
        client = Client()
        client.force_login(in_group(group))
        return client

    return of


def page_of(response) -> str:
    assert response.status_code == 200, response.headers
    return response.content.decode()


# Rosters

ROSTER = "姓名,工号,单位\n甲,1,紡織廠工會\n乙,1E+3,紡織廠工會\n丙,3,新車間\n"


def test_a_roster_is_looked_at_then_answered_then_taken_in(top, desk):
    mill = unit("紡織廠工會", top)
    client, place = desk("培訓"), reverse("admin:training_member_import")
    page = page_of(client.post(place, {"file": SimpleUploadedFile("a.csv", ROSTER.encode())}))
    assert "1E+3" in page and "answer-4" in page and not Member.objects.exists()
    done = client.post(place, {"take-in": "1", "answer-4": "new-unit"}, follow=True)
    assert {str(one.unit) for one in Member.objects.all()} == {"紡織廠工會", "新車間"}
    assert Member.objects.get(name="甲").unit == mill and "新增 2 人" in page_of(done)
    page = page_of(client.post(place, {"take-in": "1"}))  # the file was used
    assert Member.objects.count() == 2 and "請先選擇檔案" in page


def test_an_empty_roster_is_filled_in_and_taken_in(top, desk):
    """Numbers keep their zeros, and the units there are can be chosen by their whole names."""
    unit("細紗車間", unit("紡織廠工會", top), "branch")
    client = desk("培訓")
    made = client.get(reverse("admin:training_member_template")).content
    book = CalamineWorkbook.from_filelike(BytesIO(made))
    [heads] = book.get_sheet_by_index(0).to_python()
    assert heads == ["姓名", "工號", "單位", "手機", "職務", "入會日期"]
    chosen = [row[0] for row in book.get_sheet_by_name("lists").to_python()]
    top, mill = "示例縣總工會", "示例縣總工會/紡織廠工會"
    assert chosen == [top, mill, f"{mill}/細紗車間"]
    with ZipFile(BytesIO(made)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        styles = parts.read("xl/styles.xml").decode()
    assert "lists!$A$1:$A$3" in sheet and re.search('formatCode="@"|numFmtId="49"', styles)
    filled = f"{','.join(heads)}\n甲,0012,{chosen[2]},,培訓員,\n".encode()
    file = SimpleUploadedFile("roster.csv", filled)
    place = reverse("admin:training_member_import")
    client.post(place, {"file": file})
    client.post(place, {"take-in": "1"})
    who = Member.objects.get()
    assert (who.name, who.staff_no, str(who.unit)) == ("甲", "0012", "細紗車間")
    assert who.offices.get().role == "trainer"


def test_a_unit_that_is_not_there_is_asked_about_once_for_all_its_rows(top, desk):
    """Six thousand people of 120 unions not yet made are 120 questions."""
    lines = [f"某{number},{number},{'甲乙'[number % 2]}廠工會" for number in range(1, 1301)]
    data = "\n".join(["姓名,工号,单位", *lines]).encode()
    client, place = desk("培訓"), reverse("admin:training_member_import")
    page = page_of(client.post(place, {"file": SimpleUploadedFile("a.csv", data)}))
    assert page.count('<select name="answer-') == 2 and "× 650" in page
    assert len(client.session["roster"]["rows"]) < 40_000  # it is read and written at every page
    answers = {"answer-2": "new-unit", "answer-3": "leave-out"}
    more = {f"answer-m{number}": "stays" for number in range(1200)}
    assert client.post(place, {"take-in": "1"} | answers | more).status_code == 302
    assert Unit.objects.count() == 2 and Member.objects.count() == 650


def test_lists_ask_as_often_whatever_their_size(top, desk, make_article):
    article = make_article(body=text(2))
    client, counts = desk("培訓"), []
    for size in (1, 5):
        for number in range(size):
            assign(path_of(article, name=f"課程{size}之{number}"), top)
            ask(article, 1)
        for kind in ("rule", "path", "question"):
            with CaptureQueriesContext(connection) as asked:
                page_of(client.get(reverse(f"admin:training_{kind}_changelist")))
            counts.append(len(asked))
        with CaptureQueriesContext(connection) as asked:
            page_of(client.get(reverse("admin:training_question_at", args=[article.pk])))
        counts.append(len(asked))
    assert counts[:4] == counts[4:]


def test_the_list_of_units_counts_those_below_too(top, desk):
    mill = unit("紡織廠工會", top)
    for name, where in (("甲", top), ("乙", mill), ("丙", unit("細紗車間", mill, "branch"))):
        member(name, where)
    page = page_of(desk("培訓").get(reverse("admin:training_unit_changelist")))
    assert re.findall(r'field-member_count">(\d+)', page) == ["3", "2", "1"]


def test_who_is_said_to_have_left_holds_and_belongs_to_nothing(top, desk):
    who = member("甲", top)
    office(who, top)
    before = timezone.localdate() - timezone.timedelta(days=400)  # before they came, by mistake
    form = {"name": "甲", "staff_no": "甲", "employer": top.pk, "unit": top.pk, "left_on": before}
    place = reverse("admin:training_member_change", args=[who.pk])
    assert desk("培訓").post(place, form).status_code == 302
    assert not who.memberships.filter(until_on=None) and not who.offices.filter(until_on=None)
    assert Member.objects.get().left_on == before


@pytest.mark.parametrize("data", [b"", b"\xff\xff\xff", "姓名,单位\n甲,乙".encode()])
def test_what_is_no_roster_is_told_at_the_desk(data, desk):
    file = SimpleUploadedFile("a.csv", data)
    page = page_of(desk("培訓").post(reverse("admin:training_member_import"), {"file": file}))
    assert "errornote" in page or 'class="error"' in page


def test_an_account_is_another_persons_by_nobody_who_does_not_see_to_accounts(top, desk):
    who, other = member("甲", top, user=True), member("乙", top, user=True)
    place = reverse("admin:training_member_change", args=[who.pk])
    form = {"name": "甲", "staff_no": "甲", "employer": top.pk, "unit": top.pk, "user": ""}
    accounts = {one.pk: one.user_id for one in (who, other)}
    assert desk("培訓").post(place, form).status_code == 302
    assert dict(Member.objects.values_list("pk", "user")) == accounts


def test_the_code_of_a_unit_may_stand_in_an_address(top):
    for code in ("A/1", "..", "A 1", "A?b"):
        with pytest.raises(ValidationError):
            Unit(name_hant="分會", code=code).full_clean(exclude=["path"])
    Unit(name_hant="分會", code="紡-1_b").full_clean(exclude=["path"])


def test_a_member_moves_by_the_form_and_the_past_stays(top, desk):
    mill, other = unit("紡織廠工會", top), unit("機械廠工會", top)
    who = member("甲", mill)
    form = {
        "name": "甲",
        "staff_no": "甲",
        "employer": mill.pk,
        "unit": other.pk,
        "phone": "",
        "joined_on": "",
        "left_on": "",
        "user": "",
    }
    desk("培訓").post(reverse("admin:training_member_change", args=[who.pk]), form)
    assert Member.objects.get().unit == other
    assert who.memberships.filter(unit=mill, until_on=timezone.localdate()).exists()


# Units


def unit_form(**fields) -> dict:
    inline = {f"offices-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    return {"name_hant": "", "name": "", "parent": "", "closed_on": ""} | inline | fields


def test_units_are_planted_and_moved_by_their_form(top, desk):
    client = desk("管理員")
    form = unit_form(name_hant="紡織廠工會", parent=top.pk, kind="grassroots", code="FZ")
    client.post(reverse("admin:training_unit_add"), form)
    mill = Unit.objects.get(code="FZ")
    assert (mill.name, mill.path) == ("纺织厂工会", f"{top.path}{mill.pk}.")
    other = unit("城關鎮總工會", top, "district", code="CG")
    address = reverse("admin:training_unit_change", args=[mill.pk])
    client.post(address, form | {"parent": other.pk})
    mill.refresh_from_db()
    assert mill.path == f"{other.path}{mill.pk}."
    form = unit_form(name_hant="城關鎮總工會", parent=mill.pk, kind="district", code="CG")
    page = client.post(reverse("admin:training_unit_change", args=[other.pk]), form)
    assert "單位不能隸屬於自己" in page_of(page)


# Paths and rules


def path_form(*articles, **fields) -> dict:
    form = {
        "name_hant": "新任工會幹部",
        "name": "",
        "summary_hant": "",
        "summary": "",
        "level": "new",
        "hours": "",
        "collection": "",
        "status": "open",
        "items-TOTAL_FORMS": len(articles),
        "items-INITIAL_FORMS": 0,
        "items-MIN_NUM_FORMS": 0,
        "items-MAX_NUM_FORMS": 1000,
    }
    for number, article in enumerate(articles):
        form |= {f"items-{number}-article": article.pk, f"items-{number}-required": "on"}
    return form | fields


def test_a_path_becomes_a_version_when_readers_see_its_texts(make_article, desk):
    client, place = desk("培訓"), reverse("admin:training_path_add")
    draft = make_article("草稿", status="draft")
    page = page_of(client.post(place, path_form(make_article(), draft), follow=True))
    path = Path.objects.get()
    assert path.version is None and "草稿" in page
    type(draft).objects.filter(pk=draft.pk).update(status="published", published_at=timezone.now())
    kept = [*path.items.order_by("pk")]
    form = path_form(*(one.article for one in kept)) | {"items-INITIAL_FORMS": 2}
    for number, item in enumerate(kept):
        form |= {f"items-{number}-id": item.pk, f"items-{number}-path": path.pk}
    client.post(reverse("admin:training_path_change", args=[path.pk]), form)
    assert [step.position for step in path.version.steps.all()] == [1, 2]


def test_a_rule_says_whom_it_concerns_and_is_saved_when_that_is_seen(top, make_article, desk):
    member("甲", unit("紡織廠工會", top))
    member("乙", top)
    path = path_of(make_article(body=text(2)))
    today = timezone.localdate()
    form = {
        "version": path.version.pk,
        "units": [top.pk],
        "opens_on": today,
        "due_on": today,
        "due_days": "",
        "repeat_months": "",
        "note": "",
    }
    client, place = desk("培訓"), reverse("admin:training_rule_add")
    page = page_of(client.post(place, form))
    assert "今天涉及 2 個單位的 2 人" in page and not Rule.objects.exists()
    client.post(place, form | {"_confirmed": "1"})
    assert Assigned.objects.count() == 2
    assert AuditEntry.objects.filter(action="add", kind="training.rule").exists()
    wrong = client.post(place, form | {"due_on": "", "_confirmed": "1"})
    assert "請填截止日" in page_of(wrong)
    action = {"action": "cancel_rules", "_selected_action": [Rule.objects.get().pk]}
    client.post(reverse("admin:training_rule_changelist"), action)
    assert set(Assigned.objects.values_list("state", flat=True)) == {"lapsed"}


def test_how_far_units_are_stands_in_a_table_and_in_a_file(top, make_article, desk):
    mill = unit("=紡織廠", top, code="FZ")
    member("甲", mill)
    rule = assign(path_of(make_article(body=text(2))), top)
    rule.assigned.update(state="done", completed_on=timezone.localdate())
    member("乙", unit("機械廠", top))
    assign(rule.version.path, top)
    client, place = desk("稽核"), reverse("admin:training_rule_standing")
    page = page_of(client.get(place))
    assert page.count('class="bar"') == 5 and "1 / 1" in page and "0 / 2" in page
    assert page_of(client.get(place, {"unit": mill.pk, "depth": "9"})).count("<tr>") == 2
    table = client.get(place, {"format": "csv"}).content.decode()
    assert table.startswith("\ufeff") and "\n'=紡織廠,FZ,0,1,0,1,0,0" in table


# Questions


def written(**fields) -> dict:
    return {
        "do": "save",
        "passage": "1",
        "kind": "single",
        "stem": "先做哪一步？",
        "note": "",
    } | fields


def test_a_question_is_written_beside_its_passage_and_approved_by_another(make_article, desk):
    article = make_article(body=text(2))
    place = reverse("admin:training_question_at", args=[article.pk])
    writer, checker = desk("編輯"), desk("審核")
    for wrong in ("", "甲\n乙", "*甲", "*甲\n*乙", "*甲\n甲"):
        assert writer.post(place, written(options=wrong)).status_code == 200
    assert not Question.objects.exists()
    writer.post(place, written(options="*先核對考勤\n拍桌子"))
    question = Question.objects.get()
    version = question.version
    assert (version.key, version.options[0]) == (0, ["先核对考勤", "先核對考勤"])
    assert (version.stem, question.state) == ("先做哪一步？", "draft")
    approve = {"question": question.pk, "do": "approve", "version": version.pk}
    assert writer.post(place, approve).status_code == 403
    checker.post(place, approve)
    assert Question.objects.get().state == "approved"
    checker.post(place, written(question=question.pk, kind="truefalse", is_true="0"))
    question = Question.objects.get()
    assert (question.version.number, question.state) == (2, "draft")
    assert checker.post(place, approve).status_code == 403  # now it is their own
    page = page_of(desk("培訓").get(place))
    assert f'name="version" value="{question.version.pk}"' not in page  # who does not write
    client = Client()
    client.force_login(User.objects.create_superuser("third"))
    page = page_of(client.post(place, approve, follow=True))  # what was looked at was another
    assert Question.objects.get().state == "draft" and "warning" in page
    client.post(place, approve | {"version": question.version.pk})
    assert Question.objects.get().state == "approved"
    writer.post(place, {"question": question.pk, "do": "retire"})
    assert Question.objects.get().state == "retired"


# Records


def test_records_are_looked_at_found_by_name_and_noted(top, make_article, desk):
    who = member("甲", top)
    excuse(
        assign(path_of(make_article(body=text(2))), top).assigned.get().pk, "產假", in_group("培訓")
    )
    client = desk("稽核")
    page = page_of(client.get(reverse("admin:training_record_changelist"), {"q": "甲"}))
    assert "新任工會幹部" in page and "甲" in page
    assert not page_of(
        client.get(reverse("admin:training_record_changelist"), {"q": "沒有的人"})
    ).count("新任工會幹部")
    told = Record.objects.get()
    assert told.member_uid == who.uid
    lines = b"".join(client.get(reverse("admin:training_record_export")).streaming_content)
    assert lines.count(b"\n") == 1
    page = page_of(client.get(reverse("admin:training_record_change", args=[told.pk])))
    assert ">甲</div>" in page and "None" not in page
    labels = [label.strip() for label in re.findall(r"<label>([^<]+)</label>", page)]
    assert len(labels) == 12 and not [one for one in labels if re.fullmatch("[A-Za-z0-9 :]+", one)]


def test_a_record_says_its_rule_and_result_in_words(top, make_article, desk):
    member("甲", top)
    excuse(
        assign(path_of(make_article(body=text(2))), top).assigned.get().pk, "產假", in_group("培訓")
    )
    key = Record.objects.earliest("pk").pk
    page = page_of(desk("稽核").get(reverse("admin:training_record_change", args=[key])))
    assert "理由：產假" in page and "號規則" in page and "號路徑" in page
    assert "due_on" not in page and "{&#x27;" not in page and "{&quot;" not in page


def test_looks_are_told_by_name_in_the_language_of_who_reads_them(top, desk):
    who = member("甲", top)
    for why in ("unit F", "unit F csv", "records", "編輯台的學習記錄"):
        Look.objects.create(member_uid=who.uid, by="主席乙", why=why, on=timezone.localdate())
    client = desk("稽核")
    client.cookies["desk_language"] = "zh-hans"
    page = page_of(client.get(reverse("admin:training_look_changelist"), {"q": "甲"}))
    assert page.count("编辑台的学习记录") == 2 and "“示例县总工会”的表格" in page
    assert str(who.uid) not in page and page.count(">甲<") == 4
    assert "主席乙" not in page_of(
        client.get(reverse("admin:training_look_changelist"), {"q": "丙"})
    )


def test_a_question_is_shown_and_rewritten_in_the_script_of_the_desk(make_article, desk):
    """What was not touched keeps both its scripts, whichever of them it was looked at in."""
    article = make_article(body=text(2))
    place = reverse("admin:training_question_at", args=[article.pk])
    client = desk("編輯")
    client.post(place, written(stem="誰發鬆糕？", note="看註腳。", options="*幹事乾媽\n皇后後面"))
    first = Question.objects.get().version
    client.cookies["desk_language"] = "zh-hans"
    page = page_of(client.get(place, {"edit": first.question_id}))
    assert first.options[0][0] in page and first.options[0][1] not in page
    assert first.note in page and first.note_hant not in page
    again = written(
        question=first.question_id,
        stem="谁做松糕？",
        note=first.note,
        options="\n".join([f"*{first.options[0][0]}", "松树"]),
    )
    client.post(place, again)
    version = Question.objects.get().version
    assert version.number == 2 and version.options[0] == first.options[0]
    assert version.note_hant == first.note_hant and version.options[1][0] == "松树"


def test_a_refused_form_of_the_desk_leads_back_to_the_desk(desk):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(pk=desk("稽核").session["_auth_user_id"]))
    answer = client.post(reverse("admin:training_record_changelist"))
    assert answer.status_code == 403
    assert f'href="{reverse("admin:index")}"' in answer.content.decode()


# What nobody means

ODD = ("甲\0乙", "9" * 30, "-1", "1' OR 1=1", "")


@pytest.mark.parametrize("value", ODD)
def test_odd_values_break_nothing(value, top, make_article):
    article = make_article(body=text(2))
    chief = Client()
    chief.force_login(in_group("培訓"))
    places = [
        f"{reverse('admin:training_rule_standing')}?unit={{}}&rule={{}}&depth={{}}",
        f"{reverse('admin:training_question_at', args=[article.pk])}?passage={{}}&edit={{}}",
        *(
            f"{reverse(f'admin:training_{model._meta.model_name}_changelist')}?q={{}}&p={{}}"
            for model in admin.site._registry
            if model._meta.app_label == "training"
        ),
    ]
    for place in places:
        response = chief.get(place.replace("{}", value))
        assert response.status_code in (200, 302, 400, 404), place
    reader = member("甲", top, user=True)
    office(reader, top)
    task = assign(path_of(article), top).assigned.get()
    client = Client()
    client.force_login(reader.user)
    for name, sent in (
        ("seen", {"passages": value, "token": value}),
        ("check", {"question": value, "answer": value}),
        ("how", {"how": value}),
    ):
        response = client.post(reverse(name, args=[task.pk, 1]), sent)
        assert response.status_code in (302, 400)
    settle = client.post(reverse("unit-settle", args=["F"]), {"do": "paper", "number": value})
    assert settle.status_code in (400, 404)
    assert client.get(reverse("unit", args=["F"]), {"rule": value}).status_code in (200, 404)
    slips = client.post(reverse("unit-slips", args=["F"]), {"member": [value]})
    assert slips.status_code == 200
    for sent in ({"number": value, "code": value}, {"number": "1", "code": "A", "password": value}):
        assert client.post(reverse("activate"), sent).status_code in (200, 403)
    assert Office.objects.count() == 1
