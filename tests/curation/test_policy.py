"""Who may do what with an article: the table, and that every way to readers asks it."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.utils import timezone

from articles.curation import drafts, revisions
from articles.curation.bulk import choosing, work
from articles.curation.desk import sections
from articles.curation.policy import Deed, may
from articles.curation.publishing import move
from articles.intake.decisions import token
from articles.intake.uploads import may_run
from articles.models import Article, Collection, ImportRun, Source, Tag
from articles.models.article_queries import ArticleQuerySet

from ..admin.test_admin import ADMINISTRATOR, EDITOR, REVIEWER
from ..intake.test_decisions import TEXT, store
from ..reading.test_collections import form_of as collection_form

pytestmark = pytest.mark.django_db

# E an editor, R a reviewer, r a reviewer without `publish_unreviewed`, A an administrator, - nobody;
# own: changed last by who asks; with REVIEW_BY_ANOTHER on.
TABLE = """
edit            draft     own    E R r A
edit            published other  E R r A
write           draft     own    E R r A
write           draft     other  E R r A
write           published own    . R . A
write           published other  . R . A
write           archived  other  . R . A
publish         draft     own    . R . A
publish         draft     other  . R r A
publish         published own    . R . A
publish         published other  . R r A
publish_unseen  draft     own    . R . A
publish_unseen  published other  . R . A
withdraw        published own    . R r A
withdraw        published other  . R r A
recycle         draft     own    E R r A
recycle         published other  . R r A
purge           draft     own    . . . A
"""
ROLES = {"E": EDITOR, "R": REVIEWER, "r": REVIEWER, "A": ADMINISTRATOR}


@pytest.fixture
def users(db):
    """Return a user for each role, asked anew for permissions."""
    found = {}
    for letter, group in ROLES.items():
        found[letter] = User.objects.create_user(f"user {letter}", is_staff=True)
        found[letter].groups.add(Group.objects.get(name=group))
    without = Permission.objects.get(codename="publish_unreviewed")
    found["r"].groups.clear()
    kept = Group.objects.get(name=REVIEWER).permissions.exclude(pk=without.pk)
    found["r"].user_permissions.set(kept)
    return found


def rows():
    for line in TABLE.strip().splitlines():
        deed, status, whose, *letters = line.split()
        yield pytest.param(deed, status, whose, letters, id=f"{deed} {status} {whose}")


@pytest.mark.parametrize(("deed", "status", "whose", "allowed"), list(rows()))
def test_the_table(users, make_article, deed, status, whose, allowed):
    article = make_article(status="published" if status == "archived" else status)
    if status == "archived":
        Article.objects.update(status="archived")
    for letter, user in users.items():
        somebody = user if whose == "own" else User.objects.exclude(pk=user.pk).first()
        Article.objects.update(modified_by=somebody)
        now = Article.objects.get(pk=article.pk)
        assert may(user, Deed[deed.upper()], now) == (letter in allowed), letter


def test_a_stranger_may_do_nothing(make_article):
    stranger = User.objects.create_user("stranger")
    article = make_article(status="draft")
    assert not [deed for deed in Deed if may(stranger, deed, article)]


def test_where_nobody_reviews_who_may_publish_publishes_what_they_wrote(users, settings):
    settings.REVIEW_BY_ANOTHER = False
    assert may(users["r"], Deed.PUBLISH_UNSEEN)
    assert not may(users["E"], Deed.PUBLISH_UNSEEN)


DOORS = """
rename    tag        seen      . R . A
rename    author     seen      . R . A
rename    tag        unseen    E R r A
rename    author     unseen    E R r A
change    collection published . R . A
feature   collection published . R . A
fill      collection published . R . A
withdraw  collection published . R r A
publish   collection draft     . R . A
change    collection draft     E R r A
fill      collection draft     E R r A
"""
"""What stands beside articles has no draft and no review: what is typed, readers see."""


def doors():
    for line in DOORS.strip().splitlines():
        deed, what, state, *letters = line.split()
        yield pytest.param(deed, what, state, letters, id=f"{deed} {what} {state}")


@pytest.mark.parametrize(("deed", "what", "state", "allowed"), list(doors()))
def test_what_stands_beside_articles(users, client, make_article, deed, what, state, allowed):
    article = make_article(
        tags=["維權"], authors=["劉明"], status="draft" if state == "unseen" else "published"
    )
    for letter, user in users.items():
        if what == "collection":
            row = Collection(name_hant="入門", status=state)
            row.save()
            items = [("", 1, article.pk)] if deed == "fill" else []
            changes = {
                "change": {"name_hant": "改", "name": "改"},
                "feature": {"is_featured": "on"},
                "publish": {"status": "published"},
                "withdraw": {"status": "draft"},
                "fill": {},
            }[deed]
            sent = collection_form(row, items, **changes)
        else:
            row = article.byline[0] if what == "author" else article.tags.get()
            sent = {
                "name": f"改{letter}", "name_hant": f"改{letter}", "group": "duty", "slug": row.slug,
                "aliases-TOTAL_FORMS": "0", "aliases-INITIAL_FORMS": "0",
            }  # fmt: skip
        before = told(row)
        client.force_login(user)
        client.post(f"/admin/articles/{what}/{row.pk}/change/", sent)
        assert (told(type(row).objects.get(pk=row.pk)) != before) == (letter in allowed), letter


def told(row) -> list:
    """Return what readers are told by a row."""
    items = row.items.values_list("article", flat=True) if isinstance(row, Collection) else ()
    names = ("name_hant", "name", "status", "is_featured")
    return [*items, *(getattr(row, name, None) for name in names)]


def test_the_lists_of_the_start_page(users):
    lists = {
        letter: {one.whole.rpartition("=")[2] for one in sections(user)}
        for letter, user in users.items()
    }
    of_all = {"back", "approved", "mine", "flagged"}
    of_who_publishes = {"waiting", "scheduled", "expiring"}
    for letter, found in lists.items():
        assert of_all <= found
        assert of_who_publishes & found == (of_who_publishes if letter != "E" else set()), letter
    assert not sections(User.objects.create_user("stranger"))


class TestWaysToReaders:
    """A reviewer who has to have everything reviewed, at every door."""

    @pytest.fixture
    def client(self, users, client):
        client.force_login(users["r"])
        return client

    def test_a_decision_on_an_import_is_not_taken_on_what_readers_see(self, client):
        article = store(TEXT).article
        move(Article.objects.all(), "published", None)
        source = Source.objects.get()
        before = (Article.objects.get().body, source.edits)
        sent = {"action": "undo", "token": token(source.edits[0])}
        address = f"/admin/articles/article/{article.pk}/import/"
        assert client.post(address, sent).status_code == 403
        assert (Article.objects.get().body, Source.objects.get().edits) == before

    def test_a_draft_of_their_own_is_not_published(self, client, users, make_article):
        live = make_article("讀者看的")
        drafts.keep_draft(live, revisions.state(live.pk) | {"title": "自己寫的"}, users["r"])
        seen = revisions.version(Article.objects.get())
        address = f"/admin/articles/article/{live.pk}/draft/"
        assert client.post(address, {"version": seen}).status_code == 403
        assert Article.objects.get().title == "讀者看的"

    def test_tags_given_to_many_leave_out_what_readers_see(self, client, users, make_article):
        live, draft = make_article("讀者看的"), make_article("草稿", status="draft")
        tag = Tag.objects.named("維權")
        run = choosing.ask("add_tags", Article.objects.all(), users["r"])
        choosing.set_parameters(run, {"value": [tag.pk]})
        work.start(run, of="asked")
        assert tag not in Article.objects.get(pk=live.pk).tags.all()
        assert tag in Article.objects.get(pk=draft.pk).tags.all()

    def test_an_upload_publishes_nothing_and_updates_nothing_readers_see(self, client, users):
        page = client.get("/admin/articles/importrun/upload/").content.decode()
        assert 'name="publish"' not in page
        assert 'value="update"' not in page
        options = {"publish": True, "on_conflict": "skip"}
        run = ImportRun(started_by=users["r"], options=options)
        assert not may_run(users["r"], run)
        assert may_run(users["R"], run)


def test_what_may_be_done_is_asked_under_the_lock(make_article, sign_in, monkeypatch):
    """Published after it was asked for: whoever may not touch that moves it nowhere."""
    editor = sign_in(EDITOR)
    for path, sent in (("delete", {"action": "bin"}), ("import", {"action": "settle"})):
        article = make_article("甲", status="draft")
        Source.objects.create(article=article, origin=path, sha256=path, text_key=path)
        address = f"/admin/articles/article/{article.pk}/{path}/"
        assert editor.get(address).status_code == 200
        lock = ArticleQuerySet.lock

        def publish_first(rows, article=article, lock=lock):
            Article.objects.filter(pk=article.pk).update(
                status="published", published_at=timezone.now()
            )
            return lock(rows)

        with monkeypatch.context() as patch:
            patch.setattr(ArticleQuerySet, "lock", publish_first)
            answer = editor.post(address, sent)
        assert answer.status_code == 403, path
        article.refresh_from_db()
        assert article.deleted_at is None
