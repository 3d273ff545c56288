"""From the slip to the record, on a phone in a real browser; and what is left behind for the next."""

import re

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import expect

from training.activation import make_slips
from training.cutting import cut
from training.models import Edition, Member, Record, Seen
from training.paper import enter

from ..browser.test_accessibility import violations_at
from ..support.browser import NEEDS_BROWSER, PHONE
from ..support.federation import ask, assign, member, office, path_of, unit
from ..support.timing import soon

pytestmark = NEEDS_BROWSER

PASSAGE = "工會幹部走訪職工，先聽後記，再約定哪一天回話，回話不能過夜，辦不到的也要說明緣由，把名字和日子寫在本子上"
BODY = "".join(f"<p>第{n}段。{PASSAGE}，{PASSAGE[:30]}。</p>" for n in range(6))


@pytest.fixture
def reader(live_server, make_article):
    article = make_article(body=BODY)
    mill = unit("紡織廠工會", unit("縣總工會", kind="federation", code="F"), code="FZ")
    who = member("甲", mill, "0012")
    ask(article, 2, key=1, stem="先聽後記，對不對？")
    ask(article, 2, key=0, stem="回話可以過夜，對不對？")
    assign(path_of(article), mill)
    return who


def shown(page) -> set[int]:
    """Return which passages the server knows to have been on the screen."""
    row = Seen.objects.filter(member__name="甲").first()
    return row.numbers if row else set()


def advance(page, seconds: int) -> None:
    """Let so much time go by for the page."""
    for _ in range(seconds):
        page.clock.run_for(1000)


@pytest.mark.parametrize("prefix", ["zh-hant", "zh-hans"])
def test_slip_account_task_reading_checks_record(reader, visit, prefix, monkeypatch):
    monkeypatch.setattr("training.shown.PACE", 10**6)  # the page's clock is the one that is tried
    (slip,) = make_slips(Member.objects.all(), None)
    page = visit(f"/{prefix}/activate/?n={slip.number}#{slip.code}", own=True)
    page.click("main button.main")
    expect(page.locator(".user-name")).to_have_text("FZ-0012")
    page.fill("[name=password]", "讀書會在週三的晚上")
    page.fill("[name=again]", "讀書會在週三的晚上")
    page.click("main button.main")
    page.wait_for_url(re.compile("/learn/$"))
    page.clock.install()
    page.click(".tasks a.button")
    page.click("main a.button.main")
    page.wait_for_selector(".training .body")
    count = len(cut(BODY))
    # Left open, only what is on the screen counts; gone through at once, nothing does.
    advance(page, 60)
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    soon(lambda: 0 < len(shown(page)) < count)
    before = shown(page)
    page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    assert shown(page) == before
    # Hidden, the clock stands.
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => true, configurable: true});"
        "Object.defineProperty(document, 'visibilityState', {get: () => 'hidden', configurable: true})"
    )
    page.evaluate("document.querySelector('#p3').scrollIntoView({behavior: 'instant'})")
    advance(page, 30)
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    assert shown(page) == before
    page.evaluate("delete document.hidden; delete document.visibilityState")
    # Read to the end.
    for number in range(1, count + 1):
        page.evaluate(
            f"document.querySelector('#p{number}').scrollIntoView({{behavior: 'instant'}})"
        )
        advance(page, 12)
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    soon(lambda: shown(page) == set(range(1, count + 1)))
    assert not Record.objects.exists()
    page.reload()
    # A wrong answer leads back to the passage, and another question comes.
    form = page.locator(".check")
    first = form.locator("legend").text_content()
    right = "对" if prefix == "zh-hans" else "對"
    wrong = "错" if prefix == "zh-hans" else "錯"
    is_first = "先" in first
    form.locator(f"label:has-text('{wrong if is_first else right}') input").check()
    form.locator("button").click()
    page.wait_for_url(re.compile("wrong="))
    expect(page).to_have_url(re.compile("#p2$"))
    expect(page.locator(".check legend")).not_to_have_text(first)
    answer = right if not is_first else wrong
    page.locator(f".check label:has-text('{answer}') input").check()
    page.locator(".check button").click()
    page.wait_for_selector(".said[role=status] >> nth=1")
    assert [one.kind for one in Record.objects.all()] == ["step", "path"]
    step = Record.objects.first()
    assert step.result == {"how": "screen", "passages": count, "checks": 1}
    assert step.object["sha256"] and step.object["revision"] == 1
    assert Member.objects.get(name="甲").assigned.get().state == "done"


def test_axe_finds_nothing_on_any_page(reader, visit):
    account = User.objects.create_superuser("chair")
    Member.objects.filter(pk=reader.pk).update(user=account)
    reader.refresh_from_db()
    office(reader, reader.unit)
    enter(member("乙", reader.unit), [Edition.objects.get()], account)
    task = reader.assigned.get().pk
    article = Edition.objects.get().article_id
    page = visit("/zh-hant/learn/", PHONE, account)
    names = ("changelist", "add")
    paths = [
        *("/zh-hant/learn/", f"/zh-hant/learn/a/{task}/", f"/zh-hans/learn/a/{task}/1/"),
        *(f"/zh-hant/learn/a/{task}/kit/", "/zh-hant/learn/records/", "/zh-hans/unit/FZ/"),
        *("/zh-hant/learn/records/who-sees/", "/zh-hant/activate/?n=1"),
        *(reverse(f"admin:training_{one}_changelist") for one in ("unit", "member", "question")),
        *(reverse(f"admin:training_{one}_{kind}") for one in ("path", "rule") for kind in names),
        *(reverse(f"admin:training_{one}") for one in ("member_import", "rule_standing")),
        reverse("admin:training_question_at", args=[article]) + "?passage=1",
    ]
    found = violations_at(page, paths)
    assert not found, "\n".join(found)


def test_at_a_shared_device_nothing_is_left_for_the_next(reader, visit, make_article):
    User.objects.create_user("tablet", password="pass word")
    article = make_article("另一篇", body=BODY)
    page = visit("/zh-hant/account/sign-in/", own=True)
    page.fill("[name=username]", "tablet")
    page.fill("[name=password]", "pass word")
    page.check("[name=shared]")
    page.clock.install()
    page.click("main button.main")
    page.wait_for_url(re.compile("/mine/"))
    page.goto(article.get_absolute_url())
    page.wait_for_selector("html[data-ready]")
    page.click("[popovertarget=looks]")
    page.click("[data-set=size][data-to=large]")
    expect(page.locator("html")).to_have_attribute("data-size", "large")
    advance(page, 20)
    page.goto(reverse("mine"))
    page.wait_for_selector("html[data-leave=shared]")
    page.click("[data-sign-out] button")
    page.wait_for_url(lambda address: "/mine/" not in address)
    kept = "[Object.keys(localStorage), Object.keys(sessionStorage)]"
    soon(lambda: page.evaluate(kept) == [["text-size"], []])
    assert "tablet" not in page.content()


def test_at_a_shared_device_ten_minutes_without_a_touch_end_it(reader, visit):
    User.objects.create_user("tablet", password="pass word")
    page = visit("/zh-hant/account/sign-in/", own=True)
    page.clock.install()
    page.fill("[name=username]", "tablet")
    page.fill("[name=password]", "pass word")
    page.check("[name=shared]")
    page.click("main button.main")
    page.wait_for_url(re.compile("/mine/"))
    page.wait_for_selector("html[data-leave=shared]")
    page.clock.fast_forward(599_000)
    assert "/mine/" in page.url
    page.clock.fast_forward(2_000)
    page.wait_for_url(re.compile(r"/zh-hant/$"))
    cookie = next(one for one in page.context.cookies() if one["name"] == "sessionid")
    assert cookie["expires"] > 0
