"""What an article's page weighs on its way to a phone."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

pytestmark = pytest.mark.django_db

MOST = 40 * 1024


def test_an_articles_page_stays_below_its_budget(client, make_article):
    paragraphs = "".join(
        f"<h2>第{n}節</h2><p>{'工會要到職工中間去，聽他們說，辦完再問一聲。' * 8}</p>"
        for n in range(9)
    )
    article = make_article("工會要走進班組", authors=["劉明"], tags=["維權"], body=paragraphs)
    page = client.get(article.url_in("zh-Hant"), headers={"accept-encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    html = gzip.decompress(page.content).decode()
    needed = set(re.findall(r'(?:href|src)="/static/([\w./-]+\.(?:css|js))"', html))
    assert {
        f"reading/{name}" for name in ("portal.css", "reading.js", "own.js", "portal.js")
    } == needed
    files = [gzip.compress(Path(finders.find(name)).read_bytes()) for name in needed]
    assert len(page.content) + sum(map(len, files)) <= MOST
    scripts = re.findall(r"<script[^>]*src=[^>]*>", html)
    # None holds up what is read of the page; what sets its colours is waited for before it is painted.
    assert all('type="module"' in one or " async " in one for one in scripts)
