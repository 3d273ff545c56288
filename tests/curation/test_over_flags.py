"""Nothing damaged goes out by accident: each way to publish asks first, and names what it asks."""

import re
from dataclasses import replace

import pytest
from django.contrib.auth.models import Group, Permission, User

from articles.curation import drafts, publishing, revisions
from articles.curation.bulk import choosing
from articles.importing.edits import Flag
from articles.importing.pipeline import make_draft
from articles.intake import decisions, library
from articles.models import Article, AuditEntry, Source

from ..admin.test_admin import EDITOR, LIST, REVIEWER, form_of
from .test_bulk import _flag, ask, do, outcomes, undo
from .test_bulk import page_of as bulk_page

pytestmark = pytest.mark.django_db

KINDS = {"lost-text": "缺字", "doubtful-title": "標題存疑"}


@pytest.fixture
def reviewer(sign_in):
    return sign_in(REVIEWER)


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def held(make_article, kind):
    """An article nobody has published, whose import has a blocking flag."""
    article = make_article("夜班的燈", status="draft")
    _flag(article, kind)
    return article


@pytest.fixture
def live(make_article, kind):
    """An article readers see, with a flag that was found since, and a draft over it."""
    article = make_article("夜班的燈")
    wanted = revisions.state(article.pk) | {"source_name": "硯州報"}
    drafts.keep_draft(article, wanted, User.objects.create_user("writer"))
    _flag(article, kind)
    return Article.objects.select_related("draft").get(pk=article.pk)


def seen(article) -> str:
    return revisions.version(Article.objects.select_related("draft").get(pk=article.pk))


def by_button(client, article, **more):
    article = Article.objects.get(pk=article.pk)
    sent = form_of(article, _publish="1", source_name="硯州報") | more
    return client.post(f"{LIST}{article.pk}/change/", sent)


def by_status(client, article, **more):
    return client.post(
        f"{LIST}{article.pk}/change/", form_of(article, status="published", _save="1") | more
    )


def by_draft(client, article, **more):
    return client.post(f"{LIST}{article.pk}/draft/", {"version": seen(article)} | more)


def by_restoring(client, article, **more):
    first = article.revisions.filter(is_draft=False).last()
    Article.objects.filter(pk=article.pk).update(title="改過", draft=None)
    sent = {"number": first.number, "version": seen(article), "at_once": "yes"} | more
    return client.post(f"{LIST}{article.pk}/restore/", sent)


def by_approving(client, article, **more):
    if article.status == "draft":
        Article.objects.filter(pk=article.pk).update(status="in_review")
        article.review_requests.get_or_create(
            state="open", defaults={"submitted_by": User.objects.get_or_create(username="w")[0]}
        )
    page = client.get(f"{LIST}{article.pk}/review/").content.decode()
    token = re.search(r'name="token" value="([^"]+)"', page)[1]
    return client.post(f"{LIST}{article.pk}/review/", {"do": "approve", "token": token} | more)


def asked(response) -> list[str]:
    """Return the flags a page asks about, and is sent back with."""
    assert response.status_code == 200, response.get("Location")
    return re.findall(r'name="over" value="([^"]+)"', response.content.decode())


@pytest.mark.parametrize("publish", [by_button, by_status, by_approving])
def test_a_first_publication_asks_names_the_flag_and_is_logged(reviewer, held, kind, publish):
    response = publish(reviewer, held)
    over = asked(response)
    content = response.content.decode()
    assert KINDS[kind] in content
    assert f"{LIST}{held.pk}/import/?flag=0#place-0" in content
    assert not Article.objects.published().exists()
    assert not AuditEntry.objects.filter(action__in=["publish", "change", "approve"]).exists()
    assert publish(reviewer, held, over=over).status_code == 302
    assert Article.objects.published().get() == held
    assert AuditEntry.objects.first().after["over_flags"] == {kind: 1}
    line = sign_in_boss(reviewer).get(
        f"/admin/articles/auditentry/{AuditEntry.objects.first().pk}/change/"
    )
    assert f"{KINDS[kind]} 1" in line.content.decode()


def sign_in_boss(client):
    client.force_login(User.objects.create_superuser("boss"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-TW"
    return client


@pytest.mark.parametrize("publish", [by_button, by_draft, by_restoring])
def test_so_does_what_takes_the_place_of_what_readers_see(reviewer, live, kind, publish):
    before = live.renditions.get(script="zh-Hant").title
    over = asked(publish(reviewer, live))
    assert live.renditions.get(script="zh-Hant").title == before
    assert publish(reviewer, live, over=over).status_code == 302
    assert AuditEntry.objects.first().after["over_flags"] == {kind: 1}


@pytest.mark.parametrize("settled", [True, False])
def test_what_is_settled_holds_nothing_back(reviewer, held, settled):
    if settled:
        decisions.settle(held, decisions.token(held.source.flags[0]), None)
    else:
        held.source.flags[0]["blocking"] = False
        held.source.tally()
        held.source.save()
    assert by_button(reviewer, held).status_code == 302
    assert Article.objects.published().exists()
    assert "over_flags" not in AuditEntry.objects.first().after


def test_a_flag_that_was_not_shown_is_asked_about_again(reviewer, held):
    over = asked(by_button(reviewer, held))
    source = Source.objects.get()
    source.flags.append(source.flags[0] | {"message": "另一處"})
    source.tally()
    source.save()
    assert len(asked(by_button(reviewer, held, over=over))) == 2
    assert not Article.objects.published().exists()


def test_what_was_typed_is_sent_along_and_can_be_gone_back_to(reviewer, held):
    body = '<p>「夜班」<strong>亮</strong>到天明</p>\n<p>"二" &amp; 三</p>'
    response = by_button(reviewer, held, body=body, summary="甲\r\n乙")
    sent = dict(response.context["sent"])
    assert (sent["body"], sent["summary"]) == (body, "甲\r\n乙")
    assert "csrfmiddlewaretoken" not in sent
    form = reviewer.post(response.context["address"], sent | {"_back": "1"})
    assert form.status_code == 200
    assert form.context["adminform"].form["source_name"].value() == "硯州報"
    assert 'class="errornote"' not in form.content.decode()
    assert Article.objects.get().source_name == ""


class TestMany:
    def test_the_page_names_which_has_which(self, reviewer, held, kind, make_article):
        sound = make_article("無事", status="draft")
        run = ask(reviewer, "publish", [held, sound])
        content = reviewer.get(bulk_page(run)).content.decode()
        named = content[content.index('class="desk-flags"') :].partition("</ul>")[0]
        assert held.title in named
        assert KINDS[kind] in named
        assert sound.title not in named

    def test_it_is_confirmed_once_more_and_logged(self, reviewer, held, kind):
        run = do(reviewer, ask(reviewer, "publish", [held]), "blocked", include="yes")
        do(reviewer, run)
        assert run.state == "asked"
        do(reviewer, run, despite_flags="yes")
        assert Article.objects.published().get() == held
        assert run.entry.after["over_flags"] == {f"《{held.title}》 {held.pk}": {kind: 1}}
        undo(reviewer, run)  # which publishes nothing, and asks for nothing
        assert not Article.objects.published().exists()

    def test_a_flag_found_since_leaves_it_out(self, reviewer, held):
        run = do(reviewer, ask(reviewer, "publish", [held]), "blocked", include="yes")
        source = Source.objects.get()
        source.flags.append(source.flags[0] | {"message": "另一處"})
        source.tally()
        source.save()
        do(reviewer, run, despite_flags="yes")
        assert outcomes(run) == {held.pk: ("left", "blocked")}
        assert not Article.objects.published().exists()

    def test_nobody_publishes_more_than_can_be_looked_at(self, reviewer, held, monkeypatch):
        monkeypatch.setattr(choosing, "MOST_OVER", 0)
        run = ask(reviewer, "publish", [held])
        assert 'name="include"' not in reviewer.get(bulk_page(run)).content.decode()
        do(reviewer, run, "blocked", include="yes")
        assert "over" not in run.parameters

    @pytest.mark.parametrize("action", ["unpublish", "archive"])
    def test_taking_back_what_hid_a_text_publishes_it(self, reviewer, make_article, kind, action):
        article = make_article()
        run = do(reviewer, ask(reviewer, action, [article]))
        _flag(article, kind)
        undoing = undo(reviewer, run)
        assert outcomes(undoing) == {article.pk: ("left", "blocked")}
        assert not Article.objects.published().exists()

    def test_after_being_asked_it_does(self, reviewer, make_article, kind):
        article = make_article()
        run = do(reviewer, ask(reviewer, "unpublish", [article]))
        _flag(article, kind)
        reviewer.post(bulk_page(run), {"action": "undo"})
        undoing = do(reviewer, run.undone_by.get(), "blocked", include="yes")
        do(reviewer, undoing, despite_flags="yes")
        assert Article.objects.published().get() == article


def test_a_service_that_asks_for_nothing_publishes_nothing(held):
    with pytest.raises(publishing.Held):
        publishing.move(Article.objects.all(), "published", None)
    assert not Article.objects.published().exists()


def test_a_decision_taken_back_puts_nothing_damaged_before_readers(reviewer, held, kind):
    token = decisions.token(held.source.flags[0])
    decision = decisions.settle(held, token, None)
    publishing.move(Article.objects.all(), "published", None)
    address = f"{LIST}{held.pk}/import/"
    sent = {"action": "take_back", "decision": decision.pk}
    over = asked(reviewer.post(address, sent))
    assert Source.objects.get().blocking_count == 0
    assert reviewer.post(address, sent | {"over": over}).status_code == 302
    assert Source.objects.get().blocking_count == 1
    assert AuditEntry.objects.first().after["over_flags"] == {kind: 1}


TEXT = (
    "夜班的燈\n作者：劉明\n日期：2020-05-06\n\n夜班的燈亮到天明，工友們把活幹完了才走，年年如此。\n"
)
DOUBT = Flag("doubtful-title", 0, 0, "標題存疑。", ("夜班的燈", "燈", "夜"), blocking=True)


def imported(text=TEXT, flags=(), **options):
    draft = make_draft(text.encode(), "燈.txt")
    draft = replace(draft, flags=[*draft.flags, *flags])
    return library.store(draft, "/燈.txt", "燈.txt", **options).article


@pytest.mark.parametrize("flag", [DOUBT, Flag("lost-text", 40, 42, "缺字", blocking=True)])
def test_the_importer_publishes_nothing_that_is_held(flag):
    assert imported(flags=[flag], publish=True).status == "draft"
    assert imported(TEXT.replace("天明", "天亮").replace("夜班", "早班"), on_conflict="new",
                    publish=True).status == "published"  # fmt: skip


@pytest.mark.parametrize(
    ("kept", "flag", "beside"),
    [
        ("", DOUBT, True),
        ("title", DOUBT, False),
        ("body", DOUBT, True),
        ("body", replace(DOUBT, kind="lost-text"), True),
        ("title", replace(DOUBT, kind="lost-text"), True),
        ("", replace(DOUBT, kind="doubtful-author", blocking=False), False),
    ],
)
def test_an_update_that_is_damaged_lies_over_what_readers_see(kept, flag, beside):
    article = imported(publish=True)
    if kept:
        setattr(article, kept, "<p>編輯改的</p>")
        article.save()
    again = imported(TEXT.replace("天明", "天亮"), [flag], on_conflict="update")
    assert (again.pk, again.status, again.draft is not None) == (article.pk, "published", beside)
    assert ("天亮" in again.body) is not beside


def test_passages_of_the_source_are_for_those_who_may_see_it(reviewer, held):
    Source.objects.update(text="班燈光")
    assert "<mark>燈</mark>" in by_button(reviewer, held).content.decode()
    may_see = Permission.objects.get(codename="view_source")
    Group.objects.get(name=REVIEWER).permissions.remove(may_see)
    content = by_button(reviewer, held).content.decode()
    assert "<mark>" not in content
    assert 'name="over"' in content


def test_who_may_not_publish_is_not_asked(sign_in, held):
    assert by_button(sign_in(EDITOR), held).status_code in (302, 403)
    assert not Article.objects.published().exists()
