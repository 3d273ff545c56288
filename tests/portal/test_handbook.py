"""The officers' handbook: ten pages with their pictures, in both scripts, also at the desk."""

import re

import polib
import pytest

from docs import simplified
from docs.take_handbook import PAGES, SCRIPTS

from ..support.places import ROOT

HANDBOOK = (ROOT / "docs" / "handbook.zh.md").read_text("utf-8")


def test_it_has_ten_pages_each_with_its_picture():
    pages = re.split(r"^## ", HANDBOOK, flags=re.MULTILINE)[1:]
    shown = [
        re.findall(r"!\[[^\]]+\]\(screenshots/handbook-(\w+)-zh-hant-desk\.jpg\)", p) for p in pages
    ]
    assert [len(one) for one in shown] == [1] * 10
    assert {one[0] for one in shown} == set(PAGES)
    for name in PAGES:
        for script in SCRIPTS:
            assert (ROOT / "docs" / "screenshots" / f"handbook-{name}-{script}-desk.jpg").is_file()


NO_LABELS = {"缺作者、缺日期", "新任工會幹部入門", "會費", "工會經費", "一函兩書", "勞動法律監督"}
"""What stands in quotation marks or bold and is the name of no button: kinds, a collection, tags."""


def test_what_it_names_stands_at_the_desk_by_that_name():
    said = set()
    for stem in ("django", "djangojs"):
        for entry in polib.pofile(ROOT / f"locale/zh_Hant/LC_MESSAGES/{stem}.po"):
            said |= {entry.msgstr.rstrip("…"), *entry.msgstr_plural.values()}
    named = {a or b for a, b in re.findall(r"「([^」]+)」|\*\*([^*]+)\*\*", HANDBOOK)}
    assert named - NO_LABELS <= said


@pytest.mark.parametrize("written", simplified.DOCUMENTS, ids=lambda path: path.name)
def test_the_simplified_documents_are_what_is_made_of_the_traditional_ones(written):
    made = simplified.DOCUMENTS[written].read_text("utf-8")
    assert made == simplified.simplified(written.read_text("utf-8")), "python -m docs.simplified"


@pytest.mark.django_db
@pytest.mark.same_on_both
@pytest.mark.parametrize(
    ("language", "title"),
    [("zh-hans", "工会干部手册"), ("zh-hant", "工會幹部手冊"), ("en", "工會幹部手冊")],
)
def test_the_desk_shows_it_in_its_script(admin_client, client, language, title):
    admin_client.cookies["desk_language"] = language
    assert 'href="/admin/handbook/"' in admin_client.get("/admin/").content.decode()
    content = admin_client.get("/admin/handbook/").content.decode()
    assert title in content
    pictures = re.findall(r'src="(/admin/handbook/[^"]+)"', content)
    assert len(pictures) == 10
    assert content.count('<h2 id="page-') == 10
    answer = admin_client.get(pictures[0])
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"
    assert admin_client.get("/admin/handbook/nothing-here.jpg").status_code == 404
    assert client.get("/admin/handbook/").status_code == 302
