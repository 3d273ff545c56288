"""Rosters as offices keep them: taken in without a guess, and again without a change."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import xlsxwriter
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from articles.models import AuditEntry
from training import tree
from training.activation import ALPHABET, DAYS, TRIES, Refused, activate, make_slips, member_of
from training.models import Activation, Member, Membership, Office, Unit
from training.roster import spreadsheet
from training.roster.plan import Outcome, compare
from training.roster.take_in import take_in

from ..support.federation import member, unit

pytestmark = pytest.mark.django_db

HEAD = "姓名,工号,单位,手机,职务,入会日期\n"


def rows(*lines: str, name: str = "roster.csv") -> list[spreadsheet.Row]:
    return spreadsheet.read((HEAD + "\n".join(lines)).encode("utf-8-sig"), name)


@pytest.fixture
def two_mills(db) -> tuple[Unit, Unit]:
    top = unit("示例縣總工會", kind="federation", code="F")
    return unit("第一紡織廠工會", top, code="A"), unit("第二機械廠工會", top, code="B")


def outcomes(found) -> dict[str, str]:
    return {item.key: item.fault or item.outcome for item in found.items}


def test_each_row_is_taken_in_refused_or_asked_about(two_mills):
    found = rows(
        "测试甲,000123,第一纺织厂工会,13800000001,主席,2021-3-5",
        "测试乙,000124,第一纺织厂工会,,委员,2022/11/01",
        "测试 丙,1.25E+02,第一纺织厂工会/细纱车间,13800000003,,",
        "欧阳测试,000126,第二机械厂工会,１３８００００００４４,,",
        "测试甲,000123,第二机械厂工会,13800000001,,",
        ",000127,第二机械厂工会,,,",
        "测试丁·买买提,000128,不存在的工会,,,",
        "测试㛃,000129,第二机械厂工会,13800000009,,",
        "測試戊,000130,第二機械廠工會,電話見簿,,",
        "測試己,000131,第二機械廠工會,,,三月五日",
        "測試庚,000129,第二機械廠工會,,,",
    )
    assert outcomes(compare(found)) == {
        "2": Outcome.NEW,
        "3": Outcome.NEW,
        "4": "broken-number",
        "5": Outcome.NEW,
        "6": Outcome.ASK_MOVE,
        "7": "no-name",
        "8": Outcome.ASK_UNIT,
        "9": Outcome.NEW,
        "10": "not-a-phone",
        "11": "not-a-date",
        "12": "twice",
    }
    done = take_in(found, {}, None)
    assert (done.new, len(done.not_taken)) == (4, 7)
    names = Member.objects.order_by("staff_no").values_list("name", "phone", "joined_on")
    assert list(names) == [
        ("测试甲", "13800000001", date(2021, 3, 5)),
        ("测试乙", "", date(2022, 11, 1)),
        ("欧阳测试", "13800000044", None),
        ("测试㛃", "13800000009", None),
    ]
    assert Office.objects.get().member.name == "测试甲"  # 委员 gives no right
    assert not User.objects.exists()
    assert AuditEntry.objects.get().after["new"] == 4


def test_taken_in_again_it_changes_nothing(two_mills):
    found = rows(*(f"成員{n},{1000 + n},第一紡織廠工會,,," for n in range(20)))
    take_in(found, {}, None)
    before = list(Member.objects.values())
    done = take_in(found, {}, None)
    assert (done.new, done.changed, done.moved, done.left, done.untouched) == (0, 0, 0, 0, 20)
    assert list(Member.objects.values()) == before
    assert AuditEntry.objects.count() == 1


def test_a_comparison_asks_as_often_whatever_the_size(two_mills, django_assert_num_queries):
    for size in (2, 60):
        found = rows(*(f"成員{n},{1000 + n},第一紡織廠工會,,," for n in range(size)))
        take_in(found, {}, None)
        with django_assert_num_queries(3):
            compare(found)


def test_moves_leavers_and_homonyms_are_asked_about_and_the_past_stays(two_mills):
    first, second = two_mills
    yesterday = timezone.localdate() - timedelta(days=1)
    take_in(
        rows(
            *("甲,1,第一紡織廠工會,,,", "乙,2,第一紡織廠工會,,,", "丙,3,第一紡織廠工會,,,"),
            *("丁,4,第二機械廠工會,,,", "戊,5,第二機械廠工會,,,"),
        ),
        {},
        None,
        on=yesterday,
    )
    again = rows(
        "甲,1,第二機械廠工會,,,",  # moved to another employer
        "己,2,第一紡織廠工會,,,",  # the number of 乙
        "丁,4,第二機械廠工會,,,",
        "丁,1,第一紡織廠工會,,,",  # a number that was 甲's
    )
    asked = outcomes(compare(again))
    left = {f"m{one.pk}" for one in Member.objects.filter(name__in=["丙", "戊"])}
    assert asked["2"] == Outcome.ASK_MOVE
    assert asked["3"] == asked["5"] == Outcome.ASK_PERSON
    assert {key for key, one in asked.items() if one == Outcome.ASK_LEFT} == left
    done = take_in(again, {}, None)  # nothing is answered: nothing of it is done
    assert (done.new, done.changed, done.moved, done.left) == (0, 0, 0, 0)
    gone = f"m{Member.objects.get(name='戊').pk}"
    done = take_in(again, {"2": "move", "3": "other-person", gone: "left"}, None)
    assert (done.new, done.moved, done.left) == (1, 1, 2)
    moved = Member.objects.get(name="甲")
    assert (moved.unit, moved.unit_on(yesterday)) == (second, first)
    assert Member.objects.get(name="乙").left_on and Member.objects.get(name="己").unit == first
    assert Member.objects.get(name="丙").unit == first


def test_a_unit_that_is_not_there_is_made_where_it_is_wanted(two_mills):
    found = rows("甲,1,第一紡織廠工會/細紗車間/甲班,,,", "乙,2,第一紡織廠工會/細紗車間,,,")
    done = take_in(found, {"2": "new-unit", "3": "new-unit"}, None)
    assert (done.units, done.new) == (2, 2)
    team = Member.objects.get(name="甲").unit
    assert [team.parent.name_hant, team.parent.parent.code] == ["細紗車間", "A"]
    assert Member.objects.get(name="甲").employer.code == "A"


def test_the_same_file_as_a_spreadsheet_and_in_an_old_encoding(two_mills):
    lines = [["員工花名冊"], ["姓 名", "工號", "所屬單位"], ["甲", "007", "第一紡織廠工會"]]
    lines += [["乙", 8, "第一紡織廠工會"], ["丙", 12.5, "第一紡織廠工會"]]
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        for number, line in enumerate(lines):
            page.write_row(number, 0, line)
    found = spreadsheet.read(out.getvalue(), "名冊.xlsx")
    assert [(one.number, one.name, one.staff_no, one.fault) for one in found] == [
        (3, "甲", "007", ""),
        (4, "乙", "8", "lost-zeros"),
        (5, "丙", "12.5", "broken-number"),
    ]
    old = spreadsheet.read((HEAD + "甲,1,第一紡織廠工會,,,").encode("gb18030"), "a.csv")
    assert old[0].unit == ("第一紡織廠工會",)


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"\x00\xff\xfe", "a.xlsx", "not-a-sheet"),
        ("姓名,单位\n甲,乙".encode(), "a.csv", "no-header"),
        (HEAD.encode(), "a.csv", "no-rows"),
        (b"\xff\xff\xff", "a.csv", "not-text"),
        (b"a," * 20_000_000, "a.csv", "too-large"),
    ],
)
def test_what_is_no_roster_is_told_as_that(data, name, code):
    with pytest.raises(spreadsheet.Unreadable) as told:
        spreadsheet.read(data, name)
    assert told.value.code == code


# The tree


def test_a_unit_moves_with_all_below_it_and_never_below_itself(two_mills):
    first, second = two_mills
    shop = unit("細紗車間", first, "branch")
    team = unit("甲班", shop, "team")
    tree.move(shop, second)
    team.refresh_from_db()
    assert team.path == f"{second.path}{shop.pk}.{team.pk}."
    assert list(Unit.objects.below(second)) == [second, shop, team]
    with pytest.raises(ValidationError):
        tree.move(second, team)


# Slips


def test_a_slip_opens_one_account_once(two_mills):
    who = member("甲", two_mills[0], "0012")
    (slip,) = make_slips(Member.objects.filter(pk=who.pk), None)
    assert len(slip.code) == 10 and set(slip.code) <= set(ALPHABET)
    assert slip.code not in Activation.objects.get().code_sha256
    user = activate(slip.number, f" {slip.code[:5].lower()}-{slip.code[5:]} ", "讀書會在週三晚上")
    assert (user.username, user.member) == ("A-0012", who)
    with pytest.raises(Refused):
        member_of(slip.number, slip.code)


def test_who_opens_an_account_at_a_shared_device_says_so(two_mills, client):
    who = member("甲", two_mills[0], "0012")
    (slip,) = make_slips(Member.objects.filter(pk=who.pk), None)
    sent = {"number": slip.number, "code": slip.code, "shared": "on"}
    sent |= dict.fromkeys(("password", "again"), "讀書會在週三晚上")
    assert client.post(reverse("activate"), sent).status_code == 302
    assert client.session["shared"] and client.session.get_expiry_age() == 600


def test_wrong_codes_lock_the_slip_and_nothing_else(two_mills):
    first, other = (member(name, two_mills[0]) for name in "甲乙")
    one, two = make_slips(Member.objects.order_by("pk"), None)
    for _ in range(TRIES):
        with pytest.raises(Refused):
            member_of(one.number, "AAAAAAAAAA")
    with pytest.raises(Refused):
        member_of(one.number, one.code)
    assert member_of(two.number, two.code) == other
    (anew,) = make_slips(Member.objects.filter(pk=first.pk), None)
    assert member_of(anew.number, anew.code) == first


def test_an_old_slip_and_that_of_who_left_are_of_no_use(two_mills):
    who = member("甲", two_mills[0])
    (slip,) = make_slips(Member.objects.all(), None)
    Activation.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refused):
        member_of(slip.number, slip.code)
    Activation.objects.update(expires_on=timezone.localdate() + timedelta(days=DAYS))
    Member.objects.filter(pk=who.pk).update(left_on=timezone.localdate())
    with pytest.raises(Refused):
        member_of(slip.number, slip.code)


def test_a_member_belongs_to_one_unit_at_a_time(two_mills):
    who = member("甲", two_mills[0])
    with pytest.raises(Exception, match=r"belongs_to_one_unit|UNIQUE"):
        Membership.objects.create(member=who, unit=two_mills[1], from_on=timezone.localdate())


def test_a_name_to_sign_in_with_that_is_taken_is_another_one(db):
    who = member("甲", unit("紡織廠工會", code="FZ"), "1")
    User.objects.create_user("fz-1")
    (slip,) = make_slips(Member.objects.all(), None)
    assert activate(slip.number, slip.code, "讀書會在週三晚上").username == f"FZ-1-{who.pk}"


def test_a_slip_opens_nothing_once_the_desk_gave_an_account(db):
    who = member("甲", unit("紡織廠工會", code="FZ"), "1")
    (slip,) = make_slips(Member.objects.all(), None)
    who.user = User.objects.create_user("given")
    who.save()
    with pytest.raises(Refused):
        activate(slip.number, slip.code, "讀書會在週三晚上")
    assert Member.objects.get().user == who.user


def test_who_moved_to_another_employer_is_not_asked_about_again(db):
    mill, other = unit("紡織廠工會", code="FZ"), unit("機械廠工會", code="JX")
    who = member("甲", mill, "7")
    moved = rows("甲,7,機械廠工會,,,")
    (item,) = compare(moved).of(Outcome.ASK_MOVE)
    take_in(moved, {item.key: "move"}, None)
    who.refresh_from_db()
    assert (who.unit, who.employer) == (other, other)
    assert compare(moved).counts == {Outcome.SAME: 1}


def test_who_belonged_to_a_unit_that_is_closed_is_asked_to_move(db):
    mill = unit("紡織廠工會", code="FZ")
    closed = unit("細紗車間", mill, "branch", "X")
    member("甲", closed, "7")
    Unit.objects.filter(pk=closed.pk).update(closed_on=timezone.localdate())
    (item,) = compare(rows("甲,7,紡織廠工會,,,")).of(Outcome.ASK_MOVE)
    done = take_in(rows("甲,7,紡織廠工會,,,"), {item.key: "move"}, None)
    assert (done.moved, Member.objects.get().unit) == (1, mill)


def test_a_head_of_a_workshop_is_no_chair(db):
    unit("紡織廠工會", code="FZ")
    take_in(rows("甲,7,紡織廠工會,,主任,", "乙,8,紡織廠工會,,工会主席,"), {}, None)
    assert [one.member.name for one in Office.objects.all()] == ["乙"]
