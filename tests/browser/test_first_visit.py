"""A first visit over a slow line: what has to come before anything is seen, and that nothing moves when
the rest comes. How long that takes is measured by `benchmarks.first_visit`."""

import gzip
import io
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

from articles.curation import pictures
from benchmarks.first_visit import WATCH, slow_line

from ..support.browser import DESK, NEEDS_BROWSER, PHONE
from ..support.timing import soon

pytestmark = NEEDS_BROWSER

MOST = 21 * 1024
"""Bytes on the wire before a page is seen: the page itself, its styles and what sets its colours. On
1.6 Mbit/s they take 0.11 s, and three ways there and back 0.45."""

WITHIN = {"reading/portal.css", "reading/portal.js"}

SEEN = """async () => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const told = performance.getEntriesByType("resource");
    return {
        shift: window.seen.shift,
        page: performance.getEntriesByType("navigation")[0].encodedBodySize,
        blocking: told.filter((one) => one.renderBlockingStatus === "blocking").map((one) => one.name),
    };
}"""


@pytest.mark.parametrize(
    ("name", "viewport"),
    [("article", PHONE), ("article", DESK), ("", PHONE), ("articles/", PHONE)],
    ids=["article, 390", "article, 1280", "home", "list"],
)
def test_little_comes_before_a_page_is_seen_and_nothing_moves_it(
    browser, live_server, starter, settings, tmp_path, name, viewport
):
    settings.MEDIA_ROOT = tmp_path
    drawn = io.BytesIO()
    Image.linear_gradient("L").resize((1200, 800)).save(drawn, "PNG")
    starter.cover = pictures.keep(drawn.getvalue(), "a.png", None)
    starter.save()
    path = starter.url_in("zh-Hant") if name == "article" else f"/zh-hant/{name}"
    context = browser.new_context(viewport=viewport)
    page = context.new_page()
    slow_line(context.new_cdp_session(page))
    page.add_init_script(WATCH)
    page.goto(f"{live_server.url}{path}", wait_until="networkidle")
    soon(lambda: page.evaluate("window.seen.paint > 0"))
    seen = page.evaluate(SEEN)
    if name == "article":
        assert page.evaluate("document.querySelector('.head-picture').complete")
    context.close()
    assert seen["shift"] == 0
    files = {urlsplit(one).path.removeprefix("/static/") for one in seen["blocking"]}
    assert files <= WITHIN
    sizes = [len(gzip.compress(Path(finders.find(one)).read_bytes())) for one in files]
    assert seen["page"] + sum(sizes) <= MOST, (seen["page"], sizes)
