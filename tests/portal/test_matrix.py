"""Who may open what at the desk: every address, for every kind of visitor."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from articles.curation import drafts, merging, revisions
from articles.curation.audit import audit
from articles.models import (
    ApiToken,
    Article,
    AuditEntry,
    Author,
    Collection,
    DomainWord,
    ImportRun,
    Picture,
    RenditionCorrection,
    Report,
    SearchLog,
    SiteLine,
    SitePage,
    Synonym,
    Tag,
)

from ..admin.test_admin import ADMINISTRATOR, EDITOR, REVIEWER, store_imported
from ..curation.test_bulk import ask
from ..support.shelves import shelf

pytestmark = pytest.mark.django_db

GROUPS = (EDITOR, REVIEWER, ADMINISTRATOR, None)
TABLE = """
index 200 200 200 200
code 302 302 302 302
code_device 200 200 200 200
sessions 200 200 200 200
handbook 200 200 200 200
handbook_picture 200 200 200 200
status 403 403 200 403
find 200 200 200 200
password_change 200 200 200 200
password_change_done 200 200 200 200
autocomplete 200 200 200 403
articles_apitoken_changelist 403 403 200 403
articles_apitoken_add 403 403 200 403
articles_apitoken_history 403 302 302 403
articles_apitoken_delete 403 403 403 403
articles_apitoken_change 403 403 200 403
articles_article_source 200 200 200 403
articles_article_import 200 200 200 403
articles_article_source_text 200 200 200 403
articles_article_autosave 405 405 405 403
articles_article_autosave_new 405 405 405 403
articles_article_paste 405 405 405 403
articles_article_links 200 200 200 403
articles_article_bulk_list 200 200 200 403
articles_article_overdue 403 403 403 403
articles_article_bulk 200 200 200 403
articles_article_bulk_progress 200 200 200 403
articles_article_preview 200 200 200 403
articles_article_preview_page 200 200 200 403
articles_article_review 200 200 200 403
articles_article_diff 404 404 404 403
articles_article_restore 404 404 404 403
articles_article_draft 200 200 200 403
articles_article_discard 200 200 200 403
articles_article_presence 405 405 405 403
articles_article_compare 200 200 200 403
articles_article_queue 200 200 200 403
articles_article_queue_step 403 403 403 403
articles_article_queue_many 403 403 403 403
articles_article_queue_alive 403 403 403 403
articles_article_changelist 200 200 200 403
articles_article_add 200 200 200 403
articles_article_history 200 200 200 403
articles_article_delete 200 200 200 403
articles_article_change 200 200 200 403
articles_collection_preview 200 200 200 403
articles_collection_pick 200 200 200 403
articles_collection_changelist 200 200 200 403
articles_collection_add 200 200 200 403
articles_collection_history 200 302 302 403
articles_collection_delete 403 403 200 403
articles_collection_change 200 200 200 403
articles_log_csv 403 200 200 403
articles_auditentry_changelist 403 200 200 403
articles_auditentry_add 403 403 403 403
articles_auditentry_history 403 200 200 403
articles_auditentry_delete 403 403 403 403
articles_auditentry_change 403 200 200 403
articles_merge_undo 200 200 200 403
articles_merge_changelist 200 200 200 403
articles_merge_add 403 403 403 403
articles_merge_history 200 200 200 403
articles_merge_delete 403 403 403 403
articles_merge_change 200 200 200 403
articles_picture_upload 405 405 405 403
articles_picture_choose 200 200 200 403
articles_picture_changelist 200 200 200 403
articles_picture_add 200 200 200 403
articles_picture_history 200 302 302 403
articles_picture_delete 403 200 200 403
articles_picture_change 200 200 200 403
articles_report_correct 403 403 403 403
articles_report_changelist 200 200 200 403
articles_report_add 403 403 403 403
articles_report_history 200 302 302 403
articles_report_delete 403 403 200 403
articles_report_change 200 200 200 403
articles_importrun_upload 403 200 200 403
articles_importrun_progress 200 200 200 403
articles_importrun_act 403 403 403 403
articles_importrun_kind 403 403 403 403
articles_importrun_table 403 403 403 403
articles_importrun_changelist 200 200 200 403
articles_importrun_add 403 403 403 403
articles_importrun_history 200 200 200 403
articles_importrun_delete 403 403 403 403
articles_importrun_change 200 200 200 403
articles_domainword_rebuild 403 403 403 403
articles_domainword_progress 403 200 200 403
articles_domainword_changelist 403 200 200 403
articles_domainword_add 403 200 200 403
articles_domainword_history 403 302 302 403
articles_domainword_delete 403 200 200 403
articles_domainword_change 403 200 200 403
articles_renditioncorrection_changelist 403 200 200 403
articles_renditioncorrection_add 403 200 200 403
articles_renditioncorrection_history 403 302 302 403
articles_renditioncorrection_delete 403 200 200 403
articles_renditioncorrection_change 403 200 200 403
articles_siteline_changelist 403 200 200 403
articles_siteline_add 403 200 200 403
articles_siteline_history 403 302 302 403
articles_siteline_delete 403 200 200 403
articles_siteline_change 403 200 200 403
articles_synonym_rebuild 403 403 403 403
articles_synonym_progress 403 200 200 403
articles_synonym_changelist 403 200 200 403
articles_synonym_add 403 200 200 403
articles_synonym_history 403 302 302 403
articles_synonym_delete 403 200 200 403
articles_synonym_change 403 200 200 403
articles_sitepage_changelist 403 200 200 403
articles_sitepage_add 403 403 403 403
articles_sitepage_history 403 302 302 403
articles_sitepage_delete 403 403 403 403
articles_sitepage_change 403 200 200 403
articles_searchlog_changelist 403 200 200 403
articles_searchlog_add 403 403 403 403
articles_searchlog_history 403 200 200 403
articles_searchlog_delete 403 403 403 403
articles_searchlog_change 403 200 200 403
auth_user_password_change 403 403 200 403
auth_user_changelist 403 403 200 403
auth_user_add 403 403 200 403
auth_user_history 403 302 302 403
auth_user_delete 403 403 200 403
auth_user_change 403 403 200 403
auth_group_changelist 403 403 200 403
auth_group_add 403 403 403 403
auth_group_history 403 302 302 403
auth_group_delete 403 403 403 403
auth_group_change 403 403 200 403
articles_tag_merge 403 403 404 403
articles_tag_changelist 200 200 200 403
articles_tag_add 200 200 200 403
articles_tag_history 200 302 302 403
articles_tag_delete 403 403 200 403
articles_tag_change 200 200 200 403
articles_author_merge 403 403 404 403
articles_author_changelist 200 200 200 403
articles_author_add 200 200 200 403
articles_author_history 200 302 302 403
articles_author_delete 403 403 200 403
articles_author_change 200 200 200 403
app_list 200 200 200 404
"""
"""What an editor, a reviewer, an administrator and staff in no group are answered at each address:
403 is "not yours", or for everyone that only a button leads there (405 too), 302 leads on, 404 is that
nothing was chosen."""

OPEN_TO_ALL = {"login", "logout", "jsi18n", "language", "sign_on", "sign_on_back"}


def addresses(patterns=None, before: str = "/admin/", training: bool = False):
    """Yield the name and the pattern of every address at the library's desk; those of training,
    whose table is its own, if asked."""
    for pattern in patterns or admin.site.urls[0]:
        route = before + str(pattern.pattern)
        if not isinstance(pattern, URLPattern):
            yield from addresses(pattern.url_patterns, route, training)
        elif pattern.name and pattern.name.startswith("training_") == training:
            yield pattern.name, route


def one_of_everything(make_article) -> dict[str, int]:
    """Store one of everything the desk keeps; return their keys by the names of their models."""
    imported = store_imported()
    somebody = User.objects.create_user("somebody")
    live = make_article("公開的一篇", authors=["王芳"], tags=["維權"])
    wanted = revisions.content(live, live.byline, live.tags.all()) | {"title": "改過的題目"}
    drafts.keep_draft(live, wanted, somebody)
    chief = Client()
    chief.force_login(User.objects.create_superuser("chief"))
    run = ask(chief, "submit", [imported])
    collection = Collection(name_hant="專題")
    collection.save()
    word = DomainWord(word="厂务公开")
    word.save()
    synonym = Synonym(words="职代会，职工代表大会")
    synonym.save()
    correction = RenditionCorrection.objects.create(script="zh-Hant", phrase="甲乙", right="甲丙")
    line = SiteLine.objects.create(line="本站製作維護", key="本站制作维护")
    spare = [Tag(name=name) for name in ("甲乙", "丙丁")]
    for tag in spare:
        tag.save()
    merge = merging.merge(spare[0], [spare[1]], somebody)
    audit(somebody, "change", live)
    return {
        "apitoken": ApiToken.objects.create(name="x", owner=somebody, digest="x", expires_at=timezone.now()).pk,
        "article": imported.pk, "live": live.pk, "collection": collection.pk, "bulk": run.pk,
        "auditentry": AuditEntry.objects.first().pk, "merge": merge.pk, "importrun": ImportRun.objects.create().pk,
        "report": Report.objects.create(article=live, kind="other", note="x").pk,
        "renditioncorrection": correction.pk, "domainword": word.pk, "synonym": synonym.pk, "sitepage": SitePage.objects.get_or_create(key="about")[0].pk, "siteline": line.pk, "tag": Tag.objects.get(slug="weiquan").pk,
        "author": Author.objects.get(name_hant="王芳").pk, "user": somebody.pk,
        "searchlog": SearchLog.objects.create(day=timezone.localdate(), query="x", hits=1).pk,
        "picture": Picture.objects.create(key="0" * 32, name="a.jpg", width=9, height=9, size=9).pk,
        "group": Group.objects.get(name=EDITOR).pk,
    }  # fmt: skip


@shelf
def rows(make_article) -> dict[str, int]:
    return one_of_everything(make_article)


def filled(name: str, route: str, rows: dict[str, int]) -> str:
    model = route.split("/")[3] if route.count("/") > 3 else ""
    if name in ("articles_article_draft", "articles_article_discard"):
        model = "live"
    article = ContentType.objects.get_for_model(Article).pk
    route = route.replace("<path:content_type_id>", str(article))
    route = route.replace("<int:other_id>", str(rows["live"]))
    route = route.replace("<int:number>", str(rows["bulk"]))
    route = re.sub(r"\^\(\?P<app_label>[^)]+\)/\$", "articles/", route)
    route = re.sub("<[^>]+>", str(rows.get(model, rows["article"])), route)
    if name == "handbook_picture":
        return "/admin/handbook/desk-zh-hant-desk.jpg"
    if name == "autocomplete":
        route += "?app_label=articles&model_name=article&field_name=tags&term=維"
    return route


def expected() -> dict[str, list[int]]:
    lines = (line.split() for line in TABLE.strip().splitlines())
    return {name: [int(code) for code in codes] for name, *codes in lines}


def test_the_table_has_every_address():
    assert set(expected()) == {name for name, _ in addresses()} - OPEN_TO_ALL


@pytest.mark.same_on_both
@pytest.mark.parametrize("group", GROUPS)
def test_each_group_is_answered_as_intended(sign_in, rows, group):
    client = sign_in(group)
    place = GROUPS.index(group)
    answers = {
        name: client.get(filled(name, route, rows)).status_code
        for name, route in addresses()
        if name not in OPEN_TO_ALL
    }
    wanted = {name: codes[place] for name, codes in expected().items()}
    assert {n: c for n, c in answers.items() if c != wanted.get(n)} == {}, answers


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_number_no_database_takes_is_answered_as_an_unknown_one(sign_in, rows, method):
    client = sign_in(ADMINISTRATOR, is_superuser=True)

    def answer(name: str, route: str, number: str) -> tuple[int, str]:
        response = getattr(client, method)(filled(name, route, dict.fromkeys(rows, number)))
        assert response.status_code < 500, name
        return response.status_code, response.get("Location", "").replace(number, "")

    numbered = {
        name: route
        for name, route in addresses()
        # A history leads to the list, or to the lines of the log about what may have been deleted.
        if "object_id" in route and not name.endswith("_history")
    }
    assert len(numbered) > 30
    for name, route in numbered.items():
        assert answer(name, route, "9" * 30) == answer(name, route, "9" * 15), name


@pytest.mark.same_on_both
@pytest.mark.parametrize("kind", ["stranger", "reader"])
def test_nobody_else_gets_further_than_to_sign_in(rows, kind):
    client = Client()
    if kind == "reader":
        client.force_login(User.objects.create_user("reader"))
    before = LogEntry.objects.count()
    for name, route in addresses():
        if name in OPEN_TO_ALL:
            continue
        for response in (
            client.get(filled(name, route, rows)),
            client.post(filled(name, route, rows)),
        ):
            assert response.status_code == 302, name
            assert response.url.startswith("/admin/login/"), name
    assert LogEntry.objects.count() == before
