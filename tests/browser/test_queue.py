"""The work queue in a real browser: by keys alone, in several hands, with and without a server."""

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from articles.importing.pipeline import make_draft
from articles.intake import library
from articles.models import Article, Decision, ImportRun, Look, Source, Status

from ..support.browser import DESK, NEEDS_BROWSER, PHONE, width_at
from ..support.field_scoring import same
from ..support.pages import hand_made
from .test_accessibility import LOOKS, violations_in

pytestmark = NEEDS_BROWSER

PAGES = 20
MOST_KEYS, MOST_LOADS = 2.0, 0.2
"""Clicks and keys for each page beyond what is typed, and loads of a page: issue 19."""

QUEUE = "/admin/articles/article/queue/?run={}"


@pytest.fixture
def run(live_server):
    """A run of labelled pages; `truth` tells what a perfect import would make of each."""
    made = ImportRun.objects.create()
    made.truth = {}
    essays = [page for page in hand_made() if page.essay]
    for page in essays[::11][:PAGES]:
        draft = make_draft(page.text.encode(), f"{page.name}.txt")
        stored = library.store(draft, f"/in/{page.name}.txt", f"{page.name}.txt", run=made)
        made.truth[stored.article.pk] = page
    return made


class Hand:
    """Somebody at the keyboard, whose keys and loads are counted; what is typed is not."""

    def __init__(self, page):
        self.page, self.keys, self.loads = page, 0, 0
        page.on("request", self._count)

    def _count(self, request) -> None:
        self.loads += request.is_navigation_request() and request.frame == self.page.main_frame

    @property
    def at(self) -> int | None:
        number = self.page.locator("#q-pane").get_attribute("data-pk")
        return int(number) if number else None

    def send(self, key: str) -> None:
        """Press a key that sends something, and wait for what comes back."""
        self.keys += 1
        with self.page.expect_response(re.compile("/queue/(?!alive/)")):
            self.page.keyboard.press(key)
        expect(self.page.locator("#queue:not(.busy)")).to_be_attached()

    def write(self, key: str, text: str) -> None:
        self.keys += 1
        self.page.keyboard.press(key)
        self.page.keyboard.insert_text(text)
        self.send("Enter")

    def said(self, field: str) -> str:
        return self.page.locator(f"#q-{field}").input_value()


def test_a_run_is_looked_through_by_keys(visit, run):
    curator = User.objects.create_superuser("王芳")
    hand = Hand(visit("about:blank", DESK, curator, locale="zh-TW"))
    hand.page.goto(QUEUE.format(run.pk))
    seen = 0
    while at := hand.at:
        seen += 1
        truth = run.truth[at]
        rights = truth.right["title"] or truth.allowed["title"]
        card = hand.page.locator(".q-card:has(#q-title)")
        if "open" in card.get_attribute("class"):
            chips = card.locator(".q-chip").evaluate_all("all => all.map(one => one.value)")
            right = [n for n, chip in enumerate(chips, 1) if any(same(chip, one) for one in rights)]
            if right:
                hand.send(str(right[0]))
            elif rights:
                hand.write("e", rights[0])
            else:
                hand.send("l")
        elif rights and not any(same(hand.said("title"), one) for one in rights):
            hand.write("t", rights[0])
        authors = truth.right["authors"]
        if authors and not any(same(hand.said("authors"), one) for one in authors):
            hand.write("a", authors[0])
        while hand.page.locator(".q-card.holds").count():
            hand.send("l")
        hand.send("Shift+Enter" if rights else "Enter")
        assert hand.at != at, hand.page.locator("#q-notice").text_content()
        assert seen <= PAGES
    expect(hand.page.locator("#q-pane h2")).to_have_text("全部看完了。")
    assert (seen, hand.loads) == (len(run.truth), 1)
    assert hand.keys / seen <= MOST_KEYS and hand.loads / seen <= MOST_LOADS, hand.keys / seen
    published = Article.objects.published().filter(pk__in=run.truth)
    assert published.count() >= PAGES / 2
    for article in published:
        truth = run.truth[article.pk]
        assert any(
            same(article.title, one) for one in truth.right["title"] + truth.allowed["title"]
        )
    hand.send("u")  # and the last one is undone, by one key
    expect(hand.page.locator("#q-progress b")).to_have_text("1")


def test_two_curators_and_a_browser_that_is_closed(visit, run):
    """Nothing is lost and nothing done twice, and who comes again goes on where it was left."""
    people = [User.objects.create_superuser(name) for name in ("小王", "老劉")]
    first, second = (Hand(visit(QUEUE.format(run.pk), DESK, one, locale="zh-TW")) for one in people)
    assert first.at != second.at
    expect(second.page.locator(f"#q-row-{first.at} .q-who")).to_have_text("小王")
    both = first.at
    second.page.locator(f"#q-row-{both} a").click()
    expect(second.page.locator(f"#q-pane[data-pk='{both}']")).to_be_attached()
    expect(second.page.locator(".q-claimed")).to_have_text("小王正在看")
    first.write("t", "小王定的題目")
    second.write("t", "老劉打的題目")
    expect(second.page.locator("#q-notice [role=alert]")).not_to_be_empty()
    expect(second.page.locator("#q-pane h2")).to_have_text("小王定的題目")  # what stands now
    expect(second.page.locator("#q-title")).to_have_value("老劉打的題目")  # what was typed
    assert Article.objects.get(pk=both).title == "小王定的題目"
    second.page.keyboard.press("Escape")
    second.page.close()
    made = Decision.objects.count()
    again = Hand(visit(QUEUE.format(run.pk), DESK, people[1], locale="zh-TW"))
    assert again.at and again.at != first.at and Decision.objects.count() == made
    while first.page.locator(".q-card.holds").count():
        first.send("l")
    first.send("Enter")
    assert Look.objects.filter(done_at__isnull=False).count() == 1
    assert Article.objects.get(pk=both).title == "小王定的題目"


def test_what_could_not_be_sent_is_kept_and_sent_again(visit, run):
    curator = User.objects.create_superuser("王芳")
    hand = Hand(visit(QUEUE.format(run.pk), DESK, curator, locale="zh-TW"))
    at = hand.at
    hand.page.route("**/queue/step/", lambda route: route.abort())
    hand.page.keyboard.press("t")
    hand.page.keyboard.insert_text("斷線時打的題目")
    hand.page.keyboard.press("Enter")
    expect(hand.page.locator("#q-notice [role=alert]")).to_contain_text("沒有送出去")
    expect(hand.page.locator("#q-title")).to_have_value("斷線時打的題目")
    hand.page.unroute("**/queue/step/")
    hand.send("Enter")
    assert hand.at == at and Article.objects.get(pk=at).title == "斷線時打的題目"
    assert Decision.objects.count() == 1


def test_the_queue_is_for_everybody_and_fits_a_phone(visit, run):
    """Axe finds nothing; the list is a drawer on a phone, and all is done by touch there."""
    curator = User.objects.create_superuser("王芳")
    page = visit(QUEUE.format(run.pk), DESK, curator, locale="zh-TW")
    found = violations_in(LOOKS, page)
    assert width_at(page, PHONE) <= PHONE["width"]
    expect(page.locator("#q-rows")).to_be_hidden()
    page.get_by_role("button", name="清單").click()
    expect(page.locator("#q-rows")).to_be_visible()
    found += violations_in([(PHONE, "light")], page)
    last = page.locator("#q-rows > li.left").last
    number = int(last.get_attribute("data-pk"))
    last.locator("a").click()
    expect(page.locator(f"#q-pane[data-pk='{number}']")).to_be_attached()
    expect(page.locator("#q-rows")).to_be_hidden()
    page.get_by_role("button", name="發布，下一篇").click()
    expect(page.locator("#q-notice [role=status]")).to_contain_text("已發布")
    assert Article.objects.get(pk=number).status == Status.PUBLISHED
    page.get_by_role("button", name="清單").click()
    page.locator("#q-pills a", has_text="缺日期").click()
    expect(page.locator("#q-pills [aria-current]")).to_contain_text("缺日期")
    page.get_by_role("button", name="清單").click()
    page.locator(".q-many button").first.click()
    expect(page.locator("#q-notice [role=status]")).to_contain_text("保持原樣")
    assert not Source.objects.filter(flag_kinds__has_key="missing-date").exists()
    assert not found, "\n".join(found)
