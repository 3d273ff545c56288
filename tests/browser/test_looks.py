"""How a page looks where the browser is old, the screen small, or a reader chose."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.core.management import call_command
from playwright.sync_api import Error, expect

from articles.models import Collection
from articles.text import html

from ..support.browser import DESK, NEEDS_BROWSER, PHONE
from ..support.places import SEEDS
from ..support.timing import soon

pytestmark = NEEDS_BROWSER

STYLES = ("reading/portal.css", "training/training.css")
NEW = r"@layer|light-dark\(|:has\(|@container|:is\(|:where\(|\(width [<>]|(?:margin|padding)-(?:block|inline)|inset:"
"""What Chromium before 105 does not know, and what it would leave a page bare without."""


@pytest.fixture
def collection(starter):
    path = SEEDS / "collections.json"
    call_command("import_collections", str(path), "--publish", verbosity=0)
    return Collection.objects.get(is_featured=True)


LOOKS = """() => {
    const style = (of) => getComputedStyle(document.querySelector(of));
    const body = document.querySelector(".body").getBoundingClientRect();
    return {
        paper: style("body").backgroundColor, ink: style("body").color,
        accent: style(".brand").color, indent: style(".body p").textIndent,
        serif: style("h1").fontFamily, left: Math.round(body.left), width: Math.round(body.width),
        wide: document.documentElement.scrollWidth,
    };
}"""


def without_supports(css: str) -> str:
    """Return a stylesheet as a browser reads it that knows nothing of what @supports asks for."""
    plain, at = "", 0
    for found in re.finditer(r"^@supports [^{]*\{", css, re.M):
        if found.start() < at:
            continue
        plain += css[at : found.start()]
        depth, at = 1, found.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(css[at], 0)
            at += 1
    return plain + css[at:]


@pytest.mark.parametrize("name", STYLES)
def test_what_older_browsers_lack_stands_apart(name):
    css = Path(finders.find(name)).read_text("utf-8")
    plain = re.sub(r"/\*.*?\*/", "", without_supports(css), flags=re.S)
    assert re.findall(NEW, plain) == []


@pytest.mark.parametrize("name", STYLES)
def test_what_opens_has_one_sign_in_older_browsers_too(name):
    """Chromium before 89 draws its triangle beside ours, whatever list-style says."""
    css = Path(finders.find(name)).read_text("utf-8")
    drawn = set(re.findall(r"^\s*([^{}\n]*summary)::before \{", css, re.M))
    hidden = ",".join(re.findall(r"([^{}\n]*)::-webkit-details-marker \{ display: none", css))
    assert not [one for one in drawn if one.partition("[open]")[0].split()[0] not in hidden]


def old(page):
    """Let a page be read by a browser without popovers and without what @supports asks for."""

    def styles(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=without_supports(answer.text()))

    def pages(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r" popover(?=[ >])", "", answer.text()))

    page.route("**/*.css", styles)
    page.route(re.compile(r"/zh-han[st]/[^.]*$"), pages)


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["390", "1280"])
def test_an_old_browser_shows_the_same_page(visit, starter, viewport):
    page = visit(starter.url_in("zh-Hant"), viewport, own=True)
    now = page.evaluate(LOOKS)
    old(page)
    page.goto(starter.url_in("zh-Hant"))
    assert page.evaluate(LOOKS) == now
    assert now["paper"] == "rgb(251, 249, 245)"
    expect(page.get_by_role("link", name="標籤")).to_be_visible()
    expect(page.get_by_role("combobox")).to_be_visible()
    expect(page.get_by_role("button", name="分享")).to_be_hidden()  # it would open nothing
    page.locator(".outline a[href='#s4']").click()
    page.wait_for_url("**#s4")


def test_the_text_begins_on_a_phones_first_screen(visit, starter):
    page = visit(starter.url_in("zh-Hant"), PHONE)
    top, masthead, bar = page.evaluate(
        """() => [".body", ".masthead", ".tools"].map((one) => {
            const { top, bottom, height } = document.querySelector(one).getBoundingClientRect();
            return one === ".body" ? top : one === ".masthead" ? height : bottom;
        })"""
    )
    assert top < PHONE["height"] * 0.75
    assert masthead < 64  # one row
    assert bar == PHONE["height"]  # stays below the text
    page.evaluate("scrollTo(0, 2000)")
    expect(page.get_by_role("button", name="目錄")).to_be_in_viewport()


def test_a_table_is_not_read_downwards_on_a_phone(visit, make_article):
    rows = "".join(
        f"<tr><td><p>{one}</p></td>{'<td><p>看本省條例，單位制度可以更高，不能更低</p></td>' * 3}</tr>"
        for one in ("產檢", "護理假、育兒假")
    )
    article = make_article("假怎麼請", body=f"<p>先看表。</p><table><tbody>{rows}</tbody></table>")
    page = visit(article.get_absolute_url(), PHONE)
    narrowest, letter, align = page.evaluate(
        """() => {
            const cells = [...document.querySelectorAll(".body td p")];
            const style = getComputedStyle(cells[0]);
            return [Math.min(...cells.map((one) => one.clientWidth)), parseFloat(style.fontSize), style.textAlign];
        }"""
    )
    assert narrowest >= 3.9 * letter
    assert align == "start"
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_phone_shows_the_months_that_have_something(visit, starter):
    page = visit("/zh-hant/archive/", PHONE)
    expect(page.locator(".year a").first).to_be_visible()
    assert page.locator(".year > span:visible").count() == 0
    page.set_viewport_size(DESK)
    expect(page.locator(".year > span").first).to_be_visible()


def test_tags_of_a_list_begin_a_line_on_a_phone(visit, starter):
    page = visit("/zh-hant/articles/", PHONE)
    starts, before = page.evaluate(
        """() => {
            const items = [...document.querySelectorAll(".item .facts")].filter((one) => one.querySelector(".tagged"));
            const at = (one) => one.getBoundingClientRect();
            return [
                items.map((one) => at(one.querySelector(".tagged a")).left - at(one).left),
                items.map((one) => at(one.querySelector(".tagged")).top - at(one.querySelector(".tagged").previousElementSibling).bottom),
            ];
        }"""
    )
    assert starts
    assert not any(round(one) for one in starts)
    assert min(before) >= 0


def test_a_shelf_ends_with_what_it_shows(visit, collection):
    page = visit("/zh-hant/", PHONE)
    rooms = page.evaluate(
        """() => [...document.querySelectorAll(".shelves li")].map((one) =>
            one.getBoundingClientRect().bottom - parseFloat(getComputedStyle(one).paddingBottom)
            - Math.max(...[...one.children].map((part) => part.getBoundingClientRect().bottom)))"""
    )
    assert rooms
    assert max(rooms) < 3


def test_a_box_to_tick_stands_before_its_words(visit, db):
    page = visit("/zh-hant/account/sign-in/", PHONE)
    box = page.get_by_role("checkbox").bounding_box()
    words = page.get_by_text("這是共用的裝置").first.bounding_box()
    assert box["x"] + box["width"] <= words["x"]
    assert words["y"] <= box["y"] + box["height"] / 2 <= words["y"] + words["height"]


def test_a_theme_is_chosen_once_for_all_pages(visit, starter):
    page = visit(starter.url_in("zh-Hant"), PHONE, color_scheme="light", own=True)
    paper = "getComputedStyle(document.body).backgroundColor"
    seen = {page.evaluate(paper)}
    for name in ("護眼", "深色"):
        page.get_by_role("button", name="文字樣式").click()
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
        seen.add(page.evaluate(paper))
        page.keyboard.press("Escape")
    assert len(seen) == 3
    page.goto("/zh-hans/articles/")
    assert page.evaluate(paper) == "rgb(22, 23, 26)"
    page.goto(starter.url_in("zh-Hant"))
    page.get_by_role("button", name="文字樣式").click()
    expect(page.get_by_role("button", name="深色")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="行距寬").click()
    page.get_by_role("button", name="宋體").click()
    expect(page.get_by_role("button", name="宋體")).to_have_attribute("aria-pressed", "true")
    leading, family = page.evaluate(
        """() => { const { lineHeight, fontSize, fontFamily } = getComputedStyle(document.querySelector(".body p"));
        return [parseFloat(lineHeight) / parseFloat(fontSize), fontFamily]; }"""
    )
    assert leading == pytest.approx(2.2, abs=0.05)
    assert "Serif" in family


def test_the_script_is_switched_from_the_bar_at_the_same_place(visit, starter):
    page = visit(starter.url_in("zh-Hant") + "#s4", PHONE)
    page.wait_for_selector(":root[data-ready]")
    page.locator("[data-switch]").click()
    page.wait_for_url("**/zh-hans/**#s4")
    page.wait_for_selector(":root[data-ready]")
    place = "document.querySelector('#s4').getBoundingClientRect().top"
    soon(lambda: 0 <= page.evaluate(place) < PHONE["height"] / 2)


def test_the_page_is_shared_as_a_code_to_be_read_off(visit, starter, live_server):
    page = visit(starter.url_in("zh-Hant"), PHONE)
    page.get_by_role("button", name="分享").click()
    code = page.get_by_role("img", name="本頁的 QR Code")
    expect(code).to_be_visible()
    soon(lambda: code.evaluate("(one) => one.complete && one.naturalWidth > 0"))
    answer = page.request.get(code.get_attribute("src"))
    assert answer.headers["content-type"] == "image/svg+xml"


def test_a_collection_is_kept_for_offline_until_it_is_removed(visit, collection):
    page = visit(collection.get_absolute_url(), PHONE, own=True)
    page.get_by_role("button", name="留著離線讀").click()
    kept = page.get_by_role("button", name="已留在這台裝置上")
    expect(kept).to_be_visible()
    first = page.locator(".course h2 a").first
    title, address = first.inner_text(), first.get_attribute("href")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()  # the worker takes over
    soon(lambda: page.evaluate("navigator.serviceWorker.controller !== null"))
    page.context.set_offline(True)
    page.goto(address)
    expect(page.locator("h1")).to_have_text(title)
    page.goto(collection.get_absolute_url())
    page.context.set_offline(False)
    page.get_by_role("button", name="已留在這台裝置上").click()
    expect(page.get_by_role("button", name="留著離線讀")).to_be_visible()
    soon(lambda: page.evaluate("caches.keys()") == [])


VOICES = """
const lasting = { spoken: [], silenced: 0, then: null };
window.lasting = lasting;
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
speechSynthesis.getVoices = () => ["en-US", "zh-CN", "zh-TW"].map((lang) => ({ lang, name: lang }));
speechSynthesis.speak = (words) => {
  lasting.spoken.push([words.lang, words.text]);
  lasting.then = words.onend;
};
speechSynthesis.cancel = () => { lasting.silenced += 1; };
"""
"""What stands for the voices of a device, which a browser without sound has none of."""


@pytest.mark.parametrize(
    ("script", "voice", "start", "stop"),
    [("zh-Hant", "zh-TW", "朗讀", "停止朗讀"), ("zh-Hans", "zh-CN", "朗读", "停止朗读")],
)
def test_the_text_is_read_aloud_paragraph_by_paragraph(visit, starter, script, voice, start, stop):
    page = visit(starter.url_in(script), PHONE, own=True)
    page.add_init_script(VOICES)
    page.reload()
    page.wait_for_selector(":root[data-ready]")
    page.locator("[popovertarget=looks]").click()
    page.get_by_role("button", name=start, exact=True).click()
    expect(page.get_by_role("button", name=stop)).to_be_visible()
    for _ in range(3):
        page.evaluate("lasting.then()")  # that paragraph is at its end
    told = page.evaluate("lasting.spoken")
    shown = html.plain_text(starter.renditions.get(script=script).body).split("\n")
    assert [text for _lang, text in told] == shown[:4]
    assert {lang for lang, _text in told} == {voice}
    silenced = page.evaluate("lasting.silenced")
    page.get_by_role("button", name=stop).click()
    soon(lambda: page.evaluate("lasting.silenced") == silenced + 1)
    page.evaluate("lasting.then()")  # a device may still say so
    assert len(page.evaluate("lasting.spoken")) == 4
    expect(page.get_by_role("button", name=start, exact=True)).to_be_visible()


def test_without_a_voice_nothing_is_offered_to_be_read_aloud(visit, starter):
    page = visit(starter.url_in("zh-Hant"), PHONE, own=True)
    page.add_init_script("speechSynthesis.getVoices = () => []")
    page.reload()
    page.wait_for_selector(":root[data-ready]")
    page.locator("[popovertarget=looks]").click()
    expect(page.get_by_role("button", name="標準字級")).to_be_visible()
    expect(page.get_by_role("button", name="朗讀", exact=True)).to_be_hidden()


def test_what_is_kept_for_offline_goes_at_sign_out(visit, collection):
    reader = User.objects.create_user("reader", password="open sesame")
    page = visit(collection.get_absolute_url(), PHONE, reader, own=True)
    page.get_by_role("button", name="留著離線讀").click()
    expect(page.get_by_role("button", name="已留在這台裝置上")).to_be_visible()
    address = page.locator(".course h2 a").first.get_attribute("href")
    page.goto("/zh-hant/mine/")
    page.get_by_role("button", name="登出").click()
    page.wait_for_url(lambda address: "mine" not in address)
    soon(lambda: page.evaluate("caches.keys()") == [])
    soon(
        lambda: (
            page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)")
            == 0
        )
    )
    page.context.set_offline(True)
    with pytest.raises(Error):
        page.goto(address)
