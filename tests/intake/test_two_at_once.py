"""Imports while others work: two at once, and curators who delete, merge, bin and confirm."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import OperationalError, connection, transaction
from django.db.models.query import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.curation import near_duplicates
from articles.curation.publishing import to_bin
from articles.importing.pipeline import make_draft
from articles.intake import (
    authors_and_tags,
    before_import,
    import_loop,
    library,
    spool,
    uploads,
    written,
)
from articles.models import (
    Article,
    AuditEntry,
    Author,
    AuthorAlias,
    ImportRun,
    RunFile,
    RunState,
    Similarity,
    Source,
    Tag,
)

from ..admin.test_admin import REVIEWER
from ..curation.test_near_duplicates import BODY, copy_of
from ..portal.test_transactions import transient
from ..support.timing import soon
from ..support.together import barrier, event, together
from .test_dry_run import ON_POSTGRES, files_of
from .test_import_essays import essay
from .test_uploads import UPLOAD, act, checked, page_of, send, started, work  # noqa: F401

BY = essay(1).replace("\n", "\n作者：王小明\n", 1)
AFTER_A_DAY = timedelta(days=1, hours=1)


def store(text, origin="/a.txt", **options):
    draft = make_draft(text.encode(), "a.txt", vocabulary=Tag.objects.vocabulary())
    return library.store(draft, origin, "a.txt", **options)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees one moment
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


@pytest.fixture
def client(sign_in):
    return sign_in(REVIEWER)


class Once:
    """Lets something happen after a function's first call, and then no more."""

    def __init__(self, real, deed):
        self.real, self.deed, self.calls = real, deed, 0

    def __call__(self, *args, **kwargs):
        found = self.real(*args, **kwargs)
        self.calls += 1
        if self.calls == 1:
            self.deed()
        return found


@ON_POSTGRES
@pytest.mark.django_db(transaction=True)
class TestTwoImports:
    @pytest.mark.parametrize("at_the_desk", [False, True])
    def test_find_each_others_near_duplicates(self, essays, at_the_desk, monkeypatch):
        """Each is written while the other is not yet to be seen."""
        texts = [f"谈谈票决\n{BODY}", f"表决\n{copy_of(BODY)}"]
        files = [files_of(essays({f"{n}.txt": text}, f"of {n}")) for n, text in enumerate(texts)]
        both_written = barrier(2)
        hold = near_duplicates.hold

        def hold_together(hashes):
            both_written.wait()  # neither has committed
            hold(hashes)

        monkeypatch.setattr(near_duplicates, "hold", hold_together)

        def take(some):
            return lambda: list(
                import_loop.import_files(
                    some,
                    None,
                    import_loop.Options(),
                    vocabulary=Tag.objects.vocabulary(),
                    on_stored=(lambda result: None) if at_the_desk else None,
                )
            )

        together(*map(take, files))
        assert Article.objects.count() == 2
        assert Similarity.objects.count() == 1

    def test_of_the_same_new_authors_and_tags_wait_for_each_other(self, monkeypatch, caplog):
        """Named in the other order: neither is ended by the database and has to begin again."""
        texts = [
            essay(1).replace("\n", "\n作者：王小明 李大山\n", 1),
            essay(2).replace("\n", "\n作者：李大山 王小明\n", 1),
        ]
        named, first_of_both = authors_and_tags.author_named, []

        def one_by_one(name, unit=""):
            author = named(name, unit)
            first_of_both.append(name)
            # Until the other has its first author too, or waits for the one made here.
            soon(lambda: len(first_of_both) > 1 or somebody_waits())
            return author

        monkeypatch.setattr(written, "author_named", one_by_one)
        caplog.set_level("INFO", "portal.transactions")
        stored = together(
            *(
                lambda text=text, n=n, tags=tags: store(text, f"/{n}.txt", tags=tags)
                for n, (text, tags) in enumerate(
                    zip(texts, [("新甲", "新乙"), ("新乙", "新甲")], strict=True)
                )
            )
        )
        assert [one.outcome for one in stored] == ["created", "created"]
        assert sorted(author.name for author in Author.objects.all()) == ["李大山", "王小明"]
        assert "deadlock" not in caplog.text

    def test_a_file_that_goes_to_the_bin_meanwhile_is_not_updated(self):
        """The update waits for the article; then it lies in the bin."""
        article, curator = store(essay(1)).article, User.objects.create_user("curator")
        binned = event()

        def throw_away():
            with transaction.atomic():
                to_bin(Article.objects.filter(pk=article.pk), curator)
                binned.set()
                soon(somebody_waits)

        def update():
            binned.wait()
            return store(essay(2), on_conflict="update")

        stored = together(throw_away, update)[1]
        assert (stored.outcome, "recycle bin" in stored.note) == ("unchanged", True)
        assert "第1点" in Article.objects.get().title

    @pytest.mark.parametrize("text", [essay(2), essay(1).replace("，", ",")])
    def test_an_update_locks_the_article_before_its_source(self, text):
        """Also where nothing but its marks have changed."""
        store(essay(1))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert store(text, on_conflict="update", tags=("新標籤",)).outcome == "updated"
        locks = [q["sql"] for q in queries if " FOR " in q["sql"] and "UPDATE" in q["sql"]]
        tables = [sql.partition('FROM "')[2].partition('"')[0] for sql in locks]
        assert tables[:2] == ["articles_article", "articles_source"]
        assert locks[1].endswith('FOR NO KEY UPDATE OF "articles_source"')


@pytest.mark.django_db(transaction=True)
class TestMeanwhile:
    """What a curator does while a file is stored."""

    @pytest.fixture
    def client(self, sign_in):
        return sign_in(None, is_superuser=True)

    @ON_POSTGRES
    @pytest.mark.usefixtures("started")
    def test_a_tag_is_deleted(self, client, monkeypatch):
        """Between being found and being given to the article."""
        Tag(name_hant="工會走訪").save()
        run = checked(client, {f"{n}.txt": essay(n) for n in range(3)}, tags="工會走訪")
        act(client, run, "confirm")
        delete = Once(
            library.tags_named,
            lambda: together(lambda: Tag.objects.get(name_hant="工會走訪").delete()),
        )
        monkeypatch.setattr(library, "tags_named", delete)
        work(run)
        assert (run.state, run.totals["created"]) == ("done", 3)
        assert Tag.objects.get(name_hant="工會走訪").tagged.count() == 3

    def test_a_tag_of_the_vocabulary_is_deleted(self):
        """The import knew it when it began; nobody asked for it by name."""
        tag = Tag(name="第1点")
        tag.save()
        draft = make_draft(essay(1).encode(), "a.txt", vocabulary=Tag.objects.vocabulary())
        assert draft.tags == [tag.name]
        Tag.objects.get(pk=tag.pk).delete()
        article = library.store(draft, "/a.txt", "a.txt").article
        assert not article.tags.exists()
        assert not Tag.objects.filter(name=tag.name).exists()

    @ON_POSTGRES
    @pytest.mark.usefixtures("started")
    def test_an_author_is_merged_into_another(self, client, monkeypatch):
        Author(name="王小明").save()
        other = Author(name="王晓明")
        other.save()

        def merge():
            Author.objects.get(name="王小明").delete()
            AuthorAlias(author=other, name="王小明").save()

        run = checked(client, {"a.txt": BY})
        act(client, run, "confirm")
        merging = Once(written.author_named, lambda: together(merge))
        monkeypatch.setattr(written, "author_named", merging)
        work(run)
        assert (run.state, run.totals["created"]) == ("done", 1)
        assert Article.objects.get().byline == [other]

    @pytest.mark.usefixtures("started")
    def test_the_database_ends_a_transaction(self, client, monkeypatch):
        """That file is stored again, as if nothing had been: it is on record once."""
        run = checked(client, {f"{n}.txt": essay(n) for n in range(3)})
        act(client, run, "confirm")
        row, errors = before_import.row_of, [transient(), transient()]

        def busy(result, *args):
            if errors and RunFile.objects.filter(is_imported=True).count() == 1:
                raise errors.pop()
            return row(result, *args)

        monkeypatch.setattr(before_import, "row_of", busy)
        work(run)
        assert not errors
        assert (run.state, run.totals["created"], run.totals["failed"]) == ("done", 3, 0)
        assert Source.objects.count() == Article.objects.count() == 3

    @pytest.mark.usefixtures("started")
    def test_who_brought_the_files_is_deleted(self, client, monkeypatch):
        """Somebody else has confirmed them: they come in without who brought them."""
        run = checked(client, {f"{n}.txt": essay(n) for n in range(2)})
        other = Client()
        other.force_login(User.objects.create_superuser("other"))
        act(other, run, "confirm")
        row = Once(before_import.row_of, lambda: User.objects.filter(pk=run.started_by_id).delete())
        monkeypatch.setattr(before_import, "row_of", row)
        work(run)
        assert (run.state, run.totals["created"]) == ("done", 2)
        assert {article.created_by for article in Article.objects.all()} == {None}


@pytest.mark.django_db
@pytest.mark.usefixtures("started")
class TestAfterAFailure:
    @pytest.fixture
    def failed(self, client, monkeypatch):
        """A run that failed for good at its third file."""
        run = checked(client, {f"{n}.txt": essay(n) for n in range(5)})
        act(client, run, "confirm")
        row = before_import.row_of

        def stop(result, *args):
            if RunFile.objects.filter(is_imported=True).count() == 2:
                raise OperationalError("server closed the connection unexpectedly")
            return row(result, *args)

        monkeypatch.setattr(before_import, "row_of", stop)
        with pytest.raises(OperationalError):
            work(run)
        monkeypatch.setattr(before_import, "row_of", row)
        run.refresh_from_db()
        return run

    def test_a_curator_goes_on_with_it(self, client, failed, spool_folder):
        assert (failed.state, failed.totals["created"]) == ("failed", 2)
        page = page_of(client, failed)
        assert 'value="resume"' in page
        assert 'value="cancel"' in page
        assert "server closed" not in page  # in the desk's own words
        act(client, failed, "resume")
        failed.refresh_from_db()
        assert (failed.state, failed.error, failed.finished_at) == ("importing", "", None)
        work(failed)
        assert (failed.state, failed.totals["created"]) == ("done", 5)
        assert Article.objects.count() == 5
        assert not list(spool_folder.iterdir())
        notes = AuditEntry.objects.filter(action="import").order_by("pk")
        assert [entry.after["created"] for entry in notes] == [2, 5]

    def test_a_curator_gives_it_up(self, client, failed, spool_folder):
        act(client, failed, "cancel")
        failed.refresh_from_db()
        assert failed.state == "cancelled"
        assert not list(spool_folder.iterdir())
        act(client, failed, "resume")
        failed.refresh_from_db()
        assert failed.state == "cancelled"

    def test_nobody_comes_back_to_it_for_a_day(self, client, failed, spool_folder):
        client.get(UPLOAD)
        assert spool.is_kept(failed)
        ImportRun.objects.update(finished_at=timezone.now() - AFTER_A_DAY)
        client.get(UPLOAD)
        failed.refresh_from_db()
        assert (failed.state, list(spool_folder.iterdir())) == ("failed", [])
        assert 'value="resume"' not in page_of(client, failed)
        act(client, failed, "resume")
        failed.refresh_from_db()
        assert failed.state == "failed"

    def test_a_check_that_failed_is_done_again(self, client, monkeypatch):
        assert send(client, {"a.txt": essay(1)}).status_code == 302
        run = ImportRun.objects.get()
        with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
            patch.setattr("articles.models.tag.TagQuerySet.vocabulary", lambda tags: 1 / 0)
            work(run)
        ImportRun.objects.update(started_at=timezone.now() - AFTER_A_DAY)
        act(client, run, "resume")
        work(run)
        assert (run.state, run.totals["created"]) == ("ready", 1)
        client.get(UPLOAD)  # nobody has had a day to confirm it
        act(client, run, "confirm")
        assert work(run).state == "done"


@pytest.mark.django_db
@pytest.mark.usefixtures("started")
class TestWhoHasTheRun:
    def test_one_just_confirmed_is_not_swept_away(self, client, monkeypatch):
        """Whoever sweeps has read that it waits, a day old; then it is confirmed."""
        run = checked(client, {"a.txt": essay(1)})
        ImportRun.objects.update(started_at=timezone.now() - AFTER_A_DAY)
        read = Once(QuerySet.in_bulk, lambda: act(client, run, "confirm"))
        monkeypatch.setattr(QuerySet, "in_bulk", lambda *args, **how: read(*args, **how))
        client.get(UPLOAD)
        assert read.calls
        assert work(run).state == "done"
        assert Article.objects.count() == 1

    def test_one_interrupted_late_can_still_be_taken_up(self, client):
        """It was confirmed after most of a day, and its process died."""
        run = checked(client, {"a.txt": essay(1)})
        act(client, run, "confirm")
        a_minute_ago = timezone.now() - timedelta(minutes=1)
        ImportRun.objects.update(started_at=timezone.now() - AFTER_A_DAY, alive_until=a_minute_ago)
        client.get(UPLOAD)
        act(client, run, "resume")
        assert work(run).state == "done"

    def test_a_process_given_up_for_dead_stores_nothing_more(self, client, monkeypatch):
        """It was silent for too long between two files."""
        run = checked(client, {f"{n}.txt": essay(n) for n in range(3)})
        act(client, run, "confirm")
        put = import_loop._stored

        def late(*args, **how):
            if Source.objects.count() == 1:
                ImportRun.objects.update(alive_until=timezone.now() - timedelta(seconds=1))
                act(client, run, "resume")
            return put(*args, **how)

        with monkeypatch.context() as patch:
            patch.setattr(import_loop, "_stored", late)
            work(run)
        assert run.state == "importing"
        assert Source.objects.count() == RunFile.objects.filter(is_imported=True).count() == 1
        work(run)
        assert (run.state, run.totals["created"], run.totals["unchanged"]) == ("done", 3, 0)

    def test_two_uploads_of_one_name_both_become_articles(self, client, monkeypatch):
        """The second has read which names are known before the first is there."""
        one, other = (checked(client, {"1.txt": essay(n)}) for n in range(2))
        for run in (one, other):
            act(client, run, "confirm")
        first = Once(spool.files_of, lambda: work(other))
        monkeypatch.setattr(spool, "files_of", first)
        work(one)
        assert (one.totals["created"], other.totals["created"]) == (1, 1)
        assert Article.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("started")
class TestRightsLostMeanwhile:
    @pytest.fixture
    def curator(self, client):
        return User.objects.get(pk=client.session["_auth_user_id"])

    def lose(self, name: str) -> None:
        permission = Permission.objects.get(codename=name, content_type__app_label="articles")
        Group.objects.get(name=REVIEWER).permissions.remove(permission)

    @pytest.mark.parametrize("right", ["publish_article", "add_importrun"])
    def test_between_confirming_and_the_work(self, client, sign_in, right):
        run = checked(client, {"a.txt": essay(1)}, publish="on")
        act(client, run, "confirm")
        self.lose(right)
        work(run)
        assert run.state == RunState.FAILED
        assert not Article.objects.exists()
        boss = sign_in(None, is_superuser=True)
        assert "may no longer" not in page_of(boss, run)  # in the desk's own words
        assert act(client, run, "resume").status_code == 403
        act(boss, run, "resume")
        assert work(run).state == "done"
        assert Article.objects.published().count() == 1

    def test_while_it_works(self, client, monkeypatch):
        monkeypatch.setattr(uploads, "_BETWEEN_SIGNS", 0)
        run = checked(client, {f"{n}.txt": essay(n) for n in range(4)}, publish="on")
        act(client, run, "confirm")
        row = Once(before_import.row_of, lambda: self.lose("publish_article"))
        monkeypatch.setattr(before_import, "row_of", row)
        work(run)
        assert (run.state, run.totals["created"]) == ("failed", 1)
        assert Article.objects.count() == 1

    def test_of_one_who_was_dismissed(self, client, curator):
        run = checked(client, {"a.txt": essay(1)})
        act(client, run, "confirm")
        User.objects.filter(pk=curator.pk).update(is_active=False)
        work(run)
        assert (run.state, Article.objects.count()) == ("failed", 0)

    def test_not_of_the_one_who_only_brought_the_files(self, client, curator, sign_in):
        run = checked(client, {"a.txt": essay(1)})
        act(sign_in(None, is_superuser=True), run, "confirm")
        User.objects.filter(pk=curator.pk).update(is_active=False)
        assert work(run).state == "done"


@pytest.mark.django_db
def test_new_authors_and_tags_are_made_in_the_order_of_their_names():
    """So that no two imports hold what the other waits for."""
    text = essay(1).replace("\n", "\n作者：趙六 錢七 孫八\n", 1)
    with CaptureQueriesContext(connection) as queries:
        article = store(text, tags=("丙標籤", "甲標籤", "乙標籤")).article
    written = [q["sql"] for q in queries if q["sql"].startswith("INSERT INTO")]
    wanted = ["丙标签", "乙标签", "甲标签", "孙八", "赵六", "钱七"]
    made = [
        name
        for sql in written
        if sql.startswith(('INSERT INTO "articles_tag"', 'INSERT INTO "articles_author"'))
        for name in wanted
        if f"'{name}'" in sql
    ]
    assert made == wanted
    assert [author.name for author in article.byline] == ["赵六", "钱七", "孙八"]
