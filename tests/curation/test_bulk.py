"""Many articles changed at once: shown before, done in batches, reported, undone."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models.signals import pre_delete
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.curation import merging, unmerging
from articles.curation.bulk import changing, choosing, work
from articles.curation.drafts import keep_draft, save
from articles.curation.publishing import to_bin
from articles.curation.revisions import current, state
from articles.models import (
    Article,
    AuditEntry,
    Author,
    BulkItem,
    BulkRun,
    Related,
    Rendition,
    Revision,
    Source,
    Tag,
)
from articles.search import related
from articles.search.rebuild import differences
from portal import processes, transactions

from ..admin.test_admin import ADMINISTRATOR, EDITOR, REVIEWER
from ..portal.test_transactions import transient
from ..support.together import barrier, event, together, until_somebody_waits

pytestmark = pytest.mark.django_db
on_postgres = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"
)

HANT = {"accept-language": "zh-TW"}
LIST = "/admin/articles/article/"


def ask(client, action, articles, query="") -> BulkRun:
    """Choose articles and an action in the list; return the run that waits for confirmation."""
    chosen = {"action": action, "_selected_action": 0, "select_across": "1"}
    if articles != "all":
        keys = [article.pk for article in articles]
        chosen = {"action": action, "_selected_action": keys}
    response = client.post(f"{LIST}{query}", chosen)
    assert response.status_code == 302, response.context["messages"]
    return BulkRun.objects.get(pk=int(response.url.rstrip("/").rpartition("/")[2]))


def page_of(run) -> str:
    return f"{LIST}bulk/{run.pk}/"


def do(client, run, step="confirm", **more) -> BulkRun:
    response = client.post(page_of(run), {"action": step} | more)
    assert response.status_code == 302, response.status_code
    run.refresh_from_db()
    return run


def bulk(client, action, articles, value=None, query="", **more) -> BulkRun:
    run = ask(client, action, articles, query)
    if value is not None:
        run = do(client, run, "choose", value=value, **more)
    return do(client, run)


def outcomes(run) -> dict[int, tuple[str, str]]:
    return {item.number: (item.outcome, item.reason) for item in run.items.all()}


def undo(client, run) -> BulkRun:
    response = client.post(page_of(run), {"action": "undo"})
    return do(client, BulkRun.objects.get(undoes=run, state="asked") if response else None)


@pytest.fixture
def reviewer(sign_in):
    return sign_in(REVIEWER)


@pytest.fixture
def spawned(monkeypatch):
    """Keep runs that would be given to a process of their own."""
    runs = []
    monkeypatch.setattr(work, "spawn", runs.append)
    return runs


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(work, "AT_ONCE", 3)
    monkeypatch.setattr(work, "BATCH", 2)


class TestConfirmation:
    def test_nothing_changes_before_it(self, reviewer, make_article):
        draft = make_article(status="draft")
        run = ask(reviewer, "publish", [draft])
        content = reviewer.get(page_of(run)).content.decode()
        assert draft.title in content
        assert not Article.objects.published().exists()
        assert not AuditEntry.objects.exists()

    def test_it_counts_what_would_become_of_each(self, reviewer, make_article):
        make_article("已發布")
        make_article("草稿", status="draft")
        past = timezone.now() - timezone.timedelta(days=1)
        make_article("過期", status="draft", expires_at=past)
        held = make_article("有標記", status="draft")
        _flag(held)
        run = ask(reviewer, "publish", "all")
        assert run.foreseen["fates"] == {"go": 2, "same": 1, "blocked": 1}
        assert run.foreseen["statuses"] == {"draft": 2}
        assert run.foreseen["expired"] == 1

    def test_blocked_ones_are_published_only_when_asked_for(self, reviewer, make_article):
        held = make_article(status="draft")
        _flag(held)
        run = ask(reviewer, "publish", [held])
        assert run.foreseen["fates"] == {"blocked": 1}
        run = do(reviewer, run, "blocked", include="yes")
        assert run.foreseen["fates"] == {"go": 1}
        do(reviewer, run)
        assert not Article.objects.published().exists()
        do(reviewer, run, despite_flags="yes")
        assert Article.objects.published().get() == held

    def test_titles_are_twenty_and_queries_few(
        self, reviewer, make_article, django_assert_max_num_queries
    ):
        for number in range(25):
            make_article(f"第{number:02}篇", status="draft")
        run = ask(reviewer, "archive", "all")
        with django_assert_max_num_queries(12):
            content = reviewer.get(page_of(run)).content.decode()
        assert sum(f"第{number:02}篇" in content for number in range(25)) == 20

    def test_before_publishing_title_authors_and_date_of_all_are_listed(
        self, reviewer, make_article, django_assert_max_num_queries
    ):
        for number in range(25):
            make_article(f"第{number:02}篇", status="draft", authors=[f"王{number:02}"])
        Article.objects.update(stated_date="2020-05-01", date_precision="month")
        run = ask(reviewer, "publish", "all")
        with django_assert_max_num_queries(14):
            content = reviewer.get(page_of(run)).content.decode()
        for number in range(25):
            assert f"第{number:02}篇" in content and f"王{number:02}</td>" in content
        assert content.count(">2020-05</td>") == 25

    def test_freezing_is_one_statement_and_loads_no_article(
        self, make_article, django_assert_max_num_queries
    ):
        for number in range(12):
            make_article(f"第{number}篇", status="draft")
        user = User.objects.create_superuser("root")
        with django_assert_max_num_queries(8) as queries:
            run = choosing.ask("publish", Article.objects.for_desk(), user)
        assert run.total == run.items.count() == 12
        assert not any("search_text" in query["sql"] for query in queries)

    def test_it_keeps_to_the_filter_that_was_shown(self, reviewer, make_article):
        make_article("甲")
        draft = make_article("乙", status="draft")
        run = ask(reviewer, "archive", "all", query="?status__exact=draft")
        assert [item.article for item in run.items.all()] == [draft]

    def test_it_keeps_to_what_was_searched_for_and_tagged(self, reviewer, make_article):
        wanted = make_article("職代會提案", tags=["維權", "提案"])
        make_article("另一篇", tags=["維權"])
        tag = Tag.objects.named("維權").pk
        query = f"?q=職代會&tagged__tag__id__exact={tag}"
        run = ask(reviewer, "archive", "all", query=query)
        assert [item.article for item in run.items.all()] == [wanted]

    def test_a_parameter_is_asked_for_first(self, reviewer, make_article):
        article = make_article()
        run = ask(reviewer, "set_genre", [article])
        assert do(reviewer, run).state == "asked"  # nothing chosen yet
        response = reviewer.post(page_of(run), {"action": "choose", "value": "novel"})
        assert response.status_code == 200
        assert "errorlist" in response.content.decode()
        run = do(reviewer, run, "choose", value="paper")
        assert do(reviewer, run).state == "done"
        article.refresh_from_db()
        assert article.genre == "paper"

    def test_unconfirmed_runs_are_forgotten(self, reviewer, make_article):
        run = ask(reviewer, "archive", [make_article()])
        BulkRun.objects.update(as_of=timezone.now() - timezone.timedelta(days=2))
        work.sweep()
        assert not BulkRun.objects.filter(pk=run.pk).exists()
        assert reviewer.get(page_of(run)).status_code == 404


class TestChanges:
    @pytest.mark.parametrize(
        ("action", "before", "after"),
        [
            ("submit", "draft", "in_review"),
            ("publish", "draft", "published"),
            ("publish", "archived", "published"),
            ("unpublish", "published", "draft"),
            ("archive", "published", "archived"),
        ],
    )
    def test_statuses_move_and_move_back(self, reviewer, make_article, action, before, after):
        article = make_article(status=before)
        was = Article.objects.values().get()
        run = bulk(reviewer, action, [article])
        article.refresh_from_db()
        assert (run.state, article.status) == ("done", after)
        assert Article.objects.published().exists() == (after == "published")
        assert article.revisions.first().status == after
        assert article.revisions.first().created_by.username == f"member of {REVIEWER}"
        assert undo(reviewer, run).state == "done"
        now = Article.objects.values().get()
        touched = ("modified_at", "modified_by_id")
        assert {k: now[k] for k in now if k not in touched} == {
            k: was[k] for k in was if k not in touched
        }
        assert article.revisions.first().kind == Revision.Kind.RESTORED
        assert not differences()

    def test_tags_are_added_removed_and_come_back(self, reviewer, make_article, client):
        one, other = make_article("甲", tags=["維權"]), make_article("乙")
        tag = Tag.objects.named("提案")
        run = ask(reviewer, "add_tags", [one, other])
        do(reviewer, run, "choose", value=[tag.pk, Tag.objects.named("維權").pk])
        run = do(reviewer, run)
        for article in (one, other):
            assert {str(tag) for tag in article.tags.all()} == {"維權", "提案"}
        assert "乙" in client.get(f"/zh-hant/tags/{tag.slug}/").content.decode()
        undo(reviewer, run)
        assert [str(tag) for tag in one.tags.all()] == ["維權"]
        assert not other.tags.exists()
        run = bulk(reviewer, "remove_tags", [one, other], [Tag.objects.named("維權").pk])
        assert outcomes(run) == {one.pk: ("changed", ""), other.pk: ("left", "same")}
        assert not one.tags.exists()
        undo(reviewer, run)
        assert [str(tag) for tag in one.tags.all()] == ["維權"]
        assert Article.objects.get(pk=one.pk).modified_at == one.modified_at  # labels are no text
        assert not differences()

    def test_authors_take_the_place_of_others_in_their_order(self, reviewer, make_article):
        article = make_article(authors=["劉明", "王芳"])
        new = [Author(name_hant=name) for name in ("李強", "陳靜")]
        for author in new:
            author.save()
        keys = [new[1].pk, new[0].pk]
        run = bulk(reviewer, "set_authors", [article], keys)
        assert list(map(str, article.byline)) == ["陳靜", "李強"]
        again = ask(reviewer, "set_authors", [article])
        assert do(reviewer, again, "choose", value=keys).foreseen["fates"] == {"same": 1}
        undo(reviewer, run)
        assert list(map(str, Article.objects.get().byline)) == ["劉明", "王芳"]
        assert not differences()

    def test_a_source_stands_in_both_scripts(self, reviewer, make_article):
        article = make_article(source_name="舊報")
        run = bulk(reviewer, "set_source", [article], "工人日報")
        names = dict(Rendition.objects.values_list("script", "source_name"))
        assert names == {"zh-Hant": "工人日報", "zh-Hans": "工人日报"}
        undo(reviewer, run)
        assert Rendition.objects.get(script="zh-Hans").source_name == "旧报"
        article.refresh_from_db()
        assert article.source_name == "舊報"

    @pytest.mark.parametrize("action", ["set_source", "set_genre", "set_authors"])
    def test_nothing_is_emptied_but_where_that_is_ticked(self, reviewer, make_article, action):
        article = make_article(source_name="舊報", genre="paper", authors=["劉明"])
        run = ask(reviewer, action, [article])
        nothing = [] if action == "set_authors" else ""
        answer = reviewer.post(page_of(run), {"action": "choose", "value": nothing}, headers=HANT)
        assert "請填寫，或勾選清空" in answer.content.decode()
        do(reviewer, run)
        assert run.state == "asked"
        run = bulk(reviewer, action, [article], nothing, clear="on")
        was, article = article.modified_at, Article.objects.get()
        assert article.modified_at == was
        emptied = {
            "set_source": article.source_name, "set_genre": article.genre, "set_authors": article.byline,
        }  # fmt: skip
        assert not emptied[action]
        assert len([value for value in emptied.values() if value]) == 2

    def test_a_value_and_the_tick_are_one_too_many(self, reviewer, make_article):
        run = ask(reviewer, "set_source", [make_article()])
        data = {"action": "choose", "value": "工人日報", "clear": "on"}
        assert reviewer.post(page_of(run), data).status_code == 200
        assert "value" not in BulkRun.objects.get().parameters

    def test_the_list_tells_what_was_left_out(self, reviewer, make_article):
        articles = [make_article(f"第{number}篇", tags=["維權"]) for number in range(4)]
        articles.append(make_article("已有", tags=["提案"]))
        bulk(reviewer, "add_tags", articles, [Tag.objects.named("提案").pk])
        content = reviewer.get(f"{LIST}bulk/", headers=HANT).content.decode()
        assert "4 / 5" in content
        assert "5 / 5" not in content
        assert '<span class="outcome bulk-left">略過 1</span>' in content
        for _ in range(3):
            bulk(reviewer, "add_tags", articles, [Tag.objects.named("維權").pk])
        with CaptureQueriesContext(connection) as queries:
            reviewer.get(f"{LIST}bulk/")
        assert sum("articles_bulkitem" in query["sql"] for query in queries) == 1

    def test_a_source_can_be_emptied(self, reviewer, make_article):
        article = make_article(source_name="舊報")
        bulk(reviewer, "set_source", [article], "", clear="on")
        article.refresh_from_db()
        assert article.source_name == ""

    def test_renditions_are_what_saving_would_make(self, reviewer, make_article):
        article = make_article(status="draft", source_name="工人日報")
        bulk(reviewer, "publish", [article])
        bulk(reviewer, "set_source", [article], "學習時報")
        made = list(Rendition.objects.order_by("script").values())
        article.refresh_from_db()
        article.make_renditions()
        assert list(Rendition.objects.order_by("script").values()) == made

    def test_a_draft_over_the_live_text_stays(self, reviewer, make_article):
        article = make_article()
        wanted = state(article.pk) | {"title": "改過的題目"}
        keep_draft(article, wanted, User.objects.get())
        run = ask(reviewer, "set_genre", [article])
        run = do(reviewer, run, "choose", value="speech")
        assert run.foreseen["drafts"] == 1
        assert outcomes(do(reviewer, run)) == {article.pk: ("changed", "")}
        article.refresh_from_db()
        assert article.draft.content["title"] == "改過的題目"
        assert article.genre == "speech"

    def test_one_line_of_the_log_has_all_numbers(self, reviewer, make_article, small_batches):
        articles = [make_article(f"第{n}篇", status="draft") for n in range(3)]
        run = bulk(reviewer, "publish", articles)
        entry = AuditEntry.objects.get()
        assert sorted(entry.ids) == [article.pk for article in articles]
        assert (entry.action, entry.user_name) == ("publish", f"member of {REVIEWER}")
        assert entry.before == {"status": {"draft": 3}}
        assert entry.after == {"status": "published"}
        assert run.entry == entry
        assert entry.objects_told_of.count() == 3


class TestLeftOut:
    def test_what_somebody_changed_meanwhile(self, reviewer, make_article):
        one, other = make_article("甲", status="draft"), make_article("乙", status="draft")
        run = ask(reviewer, "publish", [one, other])
        one.title = "甲之二"
        one.save()
        run = do(reviewer, run)
        assert outcomes(run) == {one.pk: ("left", "meanwhile"), other.pk: ("changed", "")}
        content = reviewer.get(page_of(run)).content.decode()
        assert "甲之二" in content
        assert f'href="{LIST}{one.pk}/change/"' in content

    def test_what_was_deleted_meanwhile(self, reviewer, make_article):
        article = make_article(status="draft")
        run = ask(reviewer, "publish", [article])
        pk = article.pk
        article.delete()
        assert outcomes(do(reviewer, run)) == {pk: ("left", "gone")}
        assert reviewer.get(page_of(run)).status_code == 200

    def test_what_was_binned_meanwhile(self, reviewer, make_article):
        article = make_article(status="draft")
        run = ask(reviewer, "publish", [article])
        to_bin(Article.objects.filter(pk=article.pk), None)
        assert outcomes(do(reviewer, run)) == {article.pk: ("left", "binned")}

    def test_what_was_changed_since_is_not_undone(self, reviewer, make_article):
        one, other = make_article("甲", status="draft"), make_article("乙", status="draft")
        run = bulk(reviewer, "publish", [one, other])
        one.refresh_from_db()
        one.title = "甲之二"
        one.save()
        back = undo(reviewer, run)
        assert outcomes(back) == {one.pk: ("left", "meanwhile"), other.pk: ("changed", "")}
        assert Article.objects.published().get() == one

    def test_undone_twice_does_nothing(self, reviewer, make_article):
        run = bulk(reviewer, "publish", [make_article(status="draft")])
        undo(reviewer, run)
        assert set(outcomes(undo(reviewer, run)).values()) == {("left", "meanwhile")}

    def test_an_editor_changes_no_tags_of_what_readers_see(self, sign_in, make_article):
        live, draft = make_article("甲"), make_article("乙", status="draft")
        run = bulk(sign_in(EDITOR), "add_tags", [live, draft], [Tag.objects.named("提案").pk])
        assert outcomes(run) == {live.pk: ("left", "locked"), draft.pk: ("changed", "")}

    def test_one_that_fails_holds_no_other_up(self, reviewer, make_article, monkeypatch):
        articles = [make_article(f"第{n}篇", status="draft") for n in range(3)]
        bad = articles[1].pk
        index = changing.index

        def picky(keys, **how):
            if bad in keys:
                raise ValueError("unreadable words")
            index(keys, **how)

        monkeypatch.setattr(changing, "index", picky)
        run = bulk(reviewer, "set_genre", articles, "paper")
        assert run.state == "done"
        assert [outcome for outcome, _ in outcomes(run).values()].count("changed") == 2
        assert outcomes(run)[bad] == ("failed", "ValueError: unreadable words")
        assert bad not in AuditEntry.objects.get().ids
        assert "unreadable words" in reviewer.get(f"{page_of(run)}?outcome=failed").content.decode()


class TestSeen:
    """What somebody changed since a change was asked for is known by its version, not by clocks."""

    def test_a_draft_kept_over_it_meanwhile(self, reviewer, make_article):
        article = make_article()
        run = ask(reviewer, "archive", [article])
        keep_draft(article, state(article.pk) | {"title": "改過的題目"}, User.objects.get())
        assert outcomes(do(reviewer, run)) == {article.pk: ("left", "meanwhile")}

    def test_by_somebody_whose_clock_is_behind(self, reviewer, make_article):
        article = make_article(status="draft")
        run = ask(reviewer, "publish", [article])
        before = run.as_of - timezone.timedelta(minutes=5)
        Article.objects.filter(pk=article.pk).update(title="改過的題目", modified_at=before)
        assert outcomes(do(reviewer, run)) == {article.pk: ("left", "meanwhile")}

    def test_what_is_kept_without_a_change_is_none(self, reviewer, make_article):
        article = make_article(status="draft")
        run = ask(reviewer, "publish", [article])
        current(article, User.objects.get())  # somebody makes a link to it
        assert outcomes(do(reviewer, run)) == {article.pk: ("changed", "")}

    def test_what_was_changed_before_the_value_was_chosen_is_seen(self, reviewer, make_article):
        article = make_article()
        run = ask(reviewer, "set_genre", [article])
        article.save()
        do(reviewer, run, "choose", value="paper")
        assert outcomes(do(reviewer, run)) == {article.pk: ("changed", "")}

    def test_runs_from_before_versions_were_kept_go_by_the_clock(self, reviewer, make_article):
        one, other = make_article("甲", status="draft"), make_article("乙", status="draft")
        drafted = make_article("丙")
        run = ask(reviewer, "archive", [one, other, drafted])
        run.items.update(base=None, seen=None)
        one.save()
        keep_draft(drafted, state(drafted.pk) | {"title": "改過的題目"}, User.objects.get())
        assert outcomes(do(reviewer, run)) == {
            one.pk: ("left", "meanwhile"),
            other.pk: ("changed", ""),
            drafted.pk: ("left", "meanwhile"),
        }
        run.items.update(seen=None)
        assert outcomes(undo(reviewer, run)) == {other.pk: ("changed", "")}

    @on_postgres
    @pytest.mark.django_db(transaction=True)
    def test_a_change_that_was_made_before_and_committed_after(self, make_article):
        boss, article = User.objects.create_superuser("root"), make_article("舊題", status="draft")
        changed, asked, committed = event(), event(), event()

        def edit():
            with transaction.atomic():
                one = Article.objects.get(pk=article.pk)
                one.title = "新題，還沒有人看過"
                save(one, [], [], boss, Revision.Kind.SAVED)
                changed.set()
                asked.wait()
            committed.set()

        def publish():
            changed.wait()
            run = choosing.ask("publish", Article.objects.filter(pk=article.pk), boss)
            asked.set()
            committed.wait()
            work.start(run, of="asked")
            return outcomes(run)

        assert together(edit, publish)[1] == {article.pk: ("left", "meanwhile")}


class TestMerged:
    """Tags and authors that are merged, or deleted, while a change is asked for or can be undone."""

    @pytest.fixture
    def boss(self, db):
        return User.objects.create_superuser("root")

    def asked(self, action, user, *values) -> BulkRun:
        run = choosing.ask(action, Article.objects.all(), user)
        choosing.set_parameters(run, {"value": [one.pk for one in values]})
        return run

    def done(self, run) -> BulkRun:
        assert work.start(run, of="asked")
        assert run.state == "done"
        return run

    def undone(self, run, user) -> dict:
        return outcomes(self.done(choosing.ask_to_undo(run, user)))

    def people(self, *names) -> list[Author]:
        made = [Author(name_hant=name) for name in names]
        for author in made:
            author.save()
        return made

    def tags(self, article) -> set[str]:
        return {str(tag) for tag in article.tags.all()}

    def test_what_was_asked_before_holds_after(self, boss, make_article):
        article = make_article(tags=["維權"])
        run = self.asked("add_tags", boss, Tag.objects.named("提案"))
        merging.merge(
            Tag.objects.named("集體協商"), [Tag.objects.named(n) for n in ("維權", "提案")], boss
        )
        run = BulkRun.objects.get(pk=run.pk)
        assert choosing.with_fates(run, run.items.all()).get().fate == "same"
        other = make_article("別篇")
        merging.merge(Tag.objects.named("民主管理"), [Tag.objects.named("集體協商")], boss)
        run = self.done(self.asked("add_tags", boss, Tag.objects.named("提案")))
        assert outcomes(run) == {article.pk: ("left", "same"), other.pk: ("changed", "")}
        assert self.tags(other) == {"民主管理"}
        assert changing.described(run).endswith("民主管理")

    def test_authors_that_were_asked_for_before(self, boss, make_article):
        make_article()
        old, new = self.people("王小明", "王曉明")
        run = self.asked("set_authors", boss, old, new)
        merging.merge(new, [old], boss)
        self.done(run)
        assert Article.objects.get().byline == [new]

    def test_what_is_deleted_is_not_put_in(self, boss, make_article):
        article = make_article(authors=["劉明"])
        old, gone = self.people("王小明", "王曉明")
        tags = [Tag.objects.named(name) for name in ("維權", "提案")]
        runs = [
            self.asked("add_tags", boss, *tags),
            self.asked("add_tags", boss, tags[0]),
            self.asked("set_authors", boss, gone),
        ]
        tags[0].delete()
        gone.delete()
        for run in runs:
            run.items.update(base=article.modified_at)
        assert outcomes(self.done(runs[1])) == {article.pk: ("left", "same")}
        assert outcomes(self.done(runs[2])) == {article.pk: ("left", "same")}
        assert outcomes(self.done(runs[0])) == {article.pk: ("changed", "")}
        assert self.tags(article) == {"提案"}
        assert [str(one) for one in Article.objects.get().byline] == ["劉明"]
        assert old.pk

    def test_added_tags_are_taken_away_and_others_stay(self, boss, make_article):
        article = make_article(tags=["維權"])
        run = self.done(self.asked("add_tags", boss, Tag.objects.named("提案")))
        merging.merge(Tag.objects.named("集體協商"), [Tag.objects.named("維權")], boss)
        assert self.undone(run, boss) == {article.pk: ("changed", "")}
        assert self.tags(article) == {"集體協商"}

    def test_an_added_tag_is_taken_away_under_its_new_name(self, boss, make_article):
        article, other = make_article(), make_article("別篇", tags=["集體協商"])
        run = self.done(self.asked("add_tags", boss, Tag.objects.named("提案")))
        merging.merge(Tag.objects.named("集體協商"), [Tag.objects.named("提案")], boss)
        self.undone(run, boss)
        assert self.tags(article) == set()
        assert self.tags(other) == {"集體協商"}  # it had that before

    def test_removed_tags_come_back_as_what_they_are_now(self, boss, make_article):
        article = make_article(tags=["維權", "提案"])
        run = self.done(self.asked("remove_tags", boss, Tag.objects.named("維權")))
        merging.merge(Tag.objects.named("集體協商"), [Tag.objects.named("維權")], boss)
        self.undone(run, boss)
        assert self.tags(article) == {"集體協商", "提案"}

    def test_authors_come_back_as_who_they_are_now(self, boss, make_article):
        make_article(authors=["王小明", "劉明"])
        (new, third) = self.people("王曉明", "李四")
        run = self.done(self.asked("set_authors", boss, third))
        merging.merge(new, list(Author.objects.filter(name_hant="王小明")), boss)
        self.undone(run, boss)
        assert [str(one) for one in Article.objects.get().byline] == ["王曉明", "劉明"]

    def test_a_merge_that_is_taken_apart_between_is_no_matter(self, boss, make_article):
        article = make_article(tags=["維權"], authors=["王小明"])
        (new,) = self.people("王曉明")
        of_tags = merging.merge(Tag.objects.named("集體協商"), [Tag.objects.named("維權")], boss)
        of_authors = merging.merge(new, list(Author.objects.filter(name_hant="王小明")), boss)
        added = self.done(self.asked("add_tags", boss, Tag.objects.named("提案")))
        unmerging.undo(of_tags, boss)
        unmerging.undo(of_authors, boss)
        assert self.undone(added, boss) == {article.pk: ("changed", "")}
        assert self.tags(article) == {"維權"}
        assert [str(one) for one in Article.objects.get().byline] == ["王小明"]
        assert not differences()

    def test_what_was_kept_under_a_survivor_comes_back_as_its_own(self, boss, make_article):
        make_article(tags=["維權"], authors=["王小明", "劉明"])
        new, third = self.people("王曉明", "李四")
        merges = [
            merging.merge(Tag.objects.named("集體協商"), [Tag.objects.named("維權")], boss),
            merging.merge(Tag.objects.named("提案"), [Tag.objects.named("集體協商")], boss),
            merging.merge(new, list(Author.objects.filter(name_hant="王小明")), boss),
        ]
        signed = self.done(self.asked("set_authors", boss, third))
        untagged = self.done(self.asked("remove_tags", boss, Tag.objects.named("提案")))
        for merge in merges[::-1]:
            unmerging.undo(merge, boss)
        self.undone(untagged, boss)
        article = Article.objects.get()
        assert self.tags(article) == {"維權"}
        signed.items.update(stamp=article.modified_at, seen=article.revisions.first().number)
        self.undone(signed, boss)
        assert [str(one) for one in Article.objects.get().byline] == ["王小明", "劉明"]

    def test_what_is_merged_while_it_is_being_chosen(self, reviewer, boss, make_article):
        article = make_article()
        run = ask(reviewer, "add_tags", [article])
        chosen = Tag.objects.named("提案").pk
        merging.merge(Tag.objects.named("集體協商"), [Tag.objects.named("提案")], boss)
        do(reviewer, run, "choose", value=[chosen])
        merging.merge(Tag.objects.named("維權"), [Tag.objects.named("集體協商")], boss)
        assert "維權</option>" in reviewer.get(page_of(run), headers=HANT).content.decode()
        do(reviewer, run)
        assert self.tags(article) == {"維權"}

    def test_what_somebody_changed_before_the_merge_is_still_left_out(self, boss, make_article):
        article = make_article(tags=["維權"])
        asked = self.asked("set_genre", boss)
        choosing.set_parameters(asked, {"value": "paper"})
        done = self.done(self.asked("add_tags", boss, Tag.objects.named("提案")))
        article = Article.objects.get()
        article.title = "改過的題目"
        article.save()
        merging.merge(Tag.objects.named("集體協商"), [Tag.objects.named("維權")], boss)
        assert outcomes(self.done(asked)) == {article.pk: ("left", "meanwhile")}
        assert self.undone(done, boss) == {article.pk: ("left", "meanwhile")}

    @pytest.mark.parametrize("action", ["add_tags", "remove_tags"])
    def test_runs_that_kept_whole_lists_are_undone_too(self, boss, make_article, action):
        article = make_article(tags=["維權"])
        wanted = [Tag.objects.named(name) for name in ("維權", "提案")]
        run = self.done(self.asked(action, boss, *wanted))
        run.items.update(before={"tags": [wanted[0].pk]})
        self.undone(run, boss)
        assert self.tags(article) == {"維權"}


class TestOwnWork:
    """Where everything is looked at by somebody else."""

    @pytest.fixture
    def reviewer(self, reviewer, settings):
        settings.REVIEW_BY_ANOTHER = True
        Group.objects.get(name=REVIEWER).permissions.remove(
            Permission.objects.get(codename="publish_unreviewed")
        )
        return reviewer

    def test_a_reviewer_undoes_the_publication_they_just_did(self, reviewer, make_article):
        article = make_article(status="draft")
        run = bulk(reviewer, "publish", [article])
        assert Article.objects.published().exists()
        assert outcomes(undo(reviewer, run)) == {article.pk: ("changed", "")}
        assert not Article.objects.published().exists()

    def test_who_submitted_does_not_publish(self, reviewer, make_article, settings):
        article = make_article(status="draft")
        bulk(reviewer, "submit", [article])
        article = Article.objects.get()
        article.title = "別人改過的題目"
        other = User.objects.create_user("別人")
        save(article, [], [], other, Revision.Kind.SAVED)
        run = ask(reviewer, "publish", [article])
        assert run.foreseen["fates"] == {"own": 1}
        assert outcomes(do(reviewer, run)) == {article.pk: ("left", "own")}
        settings.REVIEW_BY_ANOTHER = False
        run = bulk(reviewer, "publish", [article])
        assert outcomes(run) == {article.pk: ("changed", "")}


class TestTransientErrors:
    @pytest.fixture
    def failing(self, monkeypatch):
        """Return a function that lets what is done to a batch fail, at the times that are told."""
        monkeypatch.setattr(transactions, "_PAUSE", 0)

        def at(*times, error=transient):
            do_batch, calls = changing._do, []

            def done(*args):
                do_batch(*args)
                calls.append(args)
                if len(calls) in times:
                    raise error()

            monkeypatch.setattr(changing, "_do", done)

        return at

    @pytest.fixture
    def six(self, make_article, monkeypatch):
        monkeypatch.setattr(work, "BATCH", 2)
        return [make_article(f"第{number}篇") for number in range(6)]

    def told(self) -> list[int]:
        """Return what the line of the log tells of, by its own list and by its index."""
        entry = AuditEntry.objects.get()
        assert sorted(entry.ids) == sorted(entry.objects_told_of.values_list("number", flat=True))
        return sorted(entry.ids)

    def test_a_run_goes_on_after_one(self, reviewer, six, failing):
        failing(2)
        run = bulk(reviewer, "set_genre", six, "paper")
        assert (run.state, run.done) == ("done", 6)
        assert set(outcomes(run).values()) == {("changed", "")}
        assert self.told() == [article.pk for article in six]

    def test_a_run_that_failed_is_taken_up_again(self, reviewer, six, failing, monkeypatch):
        failing(*range(2, 2 + transactions.TRIES))
        run = bulk(reviewer, "set_genre", six, "paper")
        assert (run.state, run.done) == ("failed", 2)
        assert [outcome for outcome, _ in outcomes(run).values()].count("waiting") == 4
        content = reviewer.get(page_of(run), headers=HANT).content.decode()
        assert 'value="resume"' in content
        do(reviewer, run, "resume")
        assert (run.state, run.done, run.error) == ("done", 6, "")
        assert self.told() == [article.pk for article in six]
        assert 'value="resume"' not in reviewer.get(page_of(run)).content.decode()
        assert not work.start(run, of="failed")

    @pytest.mark.parametrize(
        ("kept", "told"),
        [
            (work.NOT_ALLOWED, "確認這次變更的人已沒有這項權限。"),
            (f"{work.NOT_STARTED}: no such file", "工作沒能開始：no such file"),
            ("ValueError: odd", "這不該發生，請告訴管理員：ValueError: odd"),
        ],
    )
    def test_why_a_run_failed_is_said_in_the_language_of_the_desk(self, reviewer, six, kept, told):
        run = bulk(reviewer, "set_genre", six, "paper")
        BulkRun.objects.update(state="failed", error=kept)
        content = reviewer.get(page_of(run), headers=HANT).content.decode()
        assert f"之前已完成的保留。{told}" in content

    def test_a_run_that_failed_at_its_end_has_nothing_to_take_up(self, reviewer, six):
        run = bulk(reviewer, "set_genre", six, "paper")
        BulkRun.objects.update(state="failed")
        assert not work.start(run, of="failed")

    def test_the_line_tells_what_was_changed_where_a_batch_failed_late(
        self, reviewer, six, monkeypatch
    ):
        log, bad = changing._log, six[3].pk

        def broken(run, chosen, *more):
            entry = log(run, chosen, *more)
            if bad in chosen:
                raise ValueError("it cannot be kept")
            return entry

        monkeypatch.setattr(changing, "_log", broken)
        run = bulk(reviewer, "set_genre", six, "paper")
        assert outcomes(run)[bad] == ("failed", "ValueError: it cannot be kept")
        assert self.told() == [article.pk for article in six if article.pk != bad]
        assert run.done == 6

    def test_what_somebody_else_wrote_first_is_met_again(self, reviewer, six, failing):
        failing(1, 3, error=lambda: IntegrityError("it is there"))
        run = bulk(reviewer, "set_genre", six, "paper")
        assert set(outcomes(run).values()) == {("changed", "")}


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_two_curators_publish_lots_that_are_worth_reading_after_each_other(
    make_article, monkeypatch
):
    """Each relates its own to the other's: rows that both write."""
    one, two, three, four = (make_article(f"第{number}篇").pk for number in range(4))
    near = {one: {three: 0.5}, four: {two: 0.5}, two: {four: 0.5}, three: {one: 0.5}}
    both_began = barrier(2)

    def found(articles):
        both_began.wait()
        return {one: near[one] for one in articles}

    def publish(*articles):
        def act():
            with transaction.atomic():
                related.relate(articles)

        return act

    monkeypatch.setattr(related, "_found", found)
    together(publish(one, four), publish(two, three))
    assert Related.objects.filter(article__in=near).count() == 4


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_a_run_is_confirmed_while_old_ones_are_forgotten(make_article):
    boss, article = User.objects.create_superuser("root"), make_article()
    run = choosing.ask("archive", Article.objects.all(), boss)
    BulkRun.objects.update(as_of=timezone.now() - timezone.timedelta(days=2))
    deleting, confirmed = event(), event()

    def held(sender, instance, **kwargs):
        deleting.set()
        until_somebody_waits(confirmed)

    def confirm():
        deleting.wait()
        started = work.start(BulkRun.objects.get(pk=run.pk), of="asked")
        confirmed.set()
        return started

    pre_delete.connect(held, sender=BulkRun)
    try:
        _swept, started = together(work.sweep, confirm)
    finally:
        pre_delete.disconnect(held, sender=BulkRun)
    assert started == BulkRun.objects.filter(pk=run.pk).exists()
    assert started == (Article.objects.get(pk=article.pk).status == "archived")


class TestPermissions:
    @pytest.mark.parametrize(
        ("group", "allowed"),
        [
            (EDITOR, {"submit", "add_tags", "remove_tags", "set_authors", "set_genre", "set_source", "bin"}),
            (REVIEWER, {"submit", "publish", "unpublish", "archive", "add_tags", "remove_tags", "set_authors", "set_genre", "set_source", "bin"}),
            (None, set()),
        ],
    )  # fmt: skip
    def test_actions_that_are_offered(self, sign_in, make_article, group, allowed):
        article, client = make_article(), sign_in(group)
        for action in BulkRun.Action.values:
            data = {"action": action, "_selected_action": [article.pk]}
            response = client.post(LIST, data)
            started = response.status_code == 302 and "/bulk/" in response.url
            assert started == (action in allowed), action

    def test_only_who_chose_confirms(self, sign_in, reviewer, make_article):
        run = ask(reviewer, "publish", [make_article(status="draft")])
        other = sign_in(ADMINISTRATOR)
        assert other.get(page_of(run)).status_code == 200
        assert other.post(page_of(run), {"action": "confirm"}).status_code == 403

    def test_an_editor_confirms_and_undoes_no_publishing(self, sign_in, reviewer, make_article):
        run = bulk(reviewer, "publish", [make_article(status="draft")])
        editor = sign_in(EDITOR)
        assert editor.get(page_of(run)).status_code == 200
        for step in ("confirm", "undo", "resume", "cancel"):
            assert editor.post(page_of(run), {"action": step}).status_code == 403

    @pytest.mark.parametrize("tail", ["bulk/", "bulk/{pk}/", "bulk/{pk}/progress/"])
    def test_strangers_see_nothing(self, client, sign_in, reviewer, make_article, tail):
        run = ask(reviewer, "publish", [make_article(status="draft")])
        address = LIST + tail.format(pk=run.pk)
        assert client.get(address).status_code == 302
        assert sign_in(None).get(address).status_code == 403

    def test_no_run_has_a_number_like_that(self, reviewer):
        for number in (10**9, 2**70):
            assert reviewer.get(f"{LIST}bulk/{number}/").status_code == 404

    def test_steps_that_do_not_fit_change_nothing(self, reviewer, make_article):
        run = ask(reviewer, "publish", [make_article(status="draft")])
        for step in ("undo", "resume", "eat", ""):
            do(reviewer, run, step)
        assert run.state == "asked"
        assert not Article.objects.published().exists()

    def test_who_lost_the_right_meanwhile_changes_nothing(self, reviewer, make_article):
        run = ask(reviewer, "publish", [make_article(status="draft")])
        User.objects.get(username=f"member of {REVIEWER}").groups.clear()
        run.state = "working"
        run.save()
        work.work(BulkRun.objects.get(pk=run.pk))
        run.refresh_from_db()
        assert run.state == "failed"
        assert not Article.objects.published().exists()


class TestInBackground:
    @pytest.fixture
    def many(self, make_article, small_batches):
        return [make_article(f"第{n}篇", status="draft") for n in range(5)]

    def test_a_large_run_is_left_to_a_process(self, reviewer, many, spawned):
        run = bulk(reviewer, "publish", many)
        assert [run] == spawned
        assert run.state == "working"
        content = reviewer.get(page_of(run)).content.decode()
        assert '<progress value="0" max="5"' in content
        assert '<meta http-equiv="refresh"' in content
        told = reviewer.get(f"{page_of(run)}progress/").json()
        assert told == {"state": "working", "done": 0, "total": 5}
        call_command("bulk_run", run.pk, verbosity=0)
        assert Article.objects.published().count() == 5
        assert reviewer.get(f"{page_of(run)}progress/").json()["state"] == "done"
        assert len(AuditEntry.objects.get().ids) == 5
        assert not differences()

    def test_it_goes_on_where_it_was_killed(self, reviewer, many, spawned, monkeypatch):
        run = bulk(reviewer, "publish", many)
        real, calls = work.change, []

        def killed(run, keys):
            calls.append(keys)
            if len(calls) == 2:
                raise KeyboardInterrupt
            real(run, keys)

        monkeypatch.setattr(work, "change", killed)
        with pytest.raises(KeyboardInterrupt):
            work.work(BulkRun.objects.get(pk=run.pk))
        monkeypatch.undo()
        monkeypatch.setattr(work, "AT_ONCE", 0)
        monkeypatch.setattr(work, "spawn", lambda run: work.work(run))
        run.refresh_from_db()
        assert (run.state, run.done) == ("working", 2)
        assert Article.objects.published().count() == 2
        assert not work.start(run, of="working")  # it gave a sign of life just now
        BulkRun.objects.update(alive_until=timezone.now() - timezone.timedelta(seconds=1))
        assert "errornote" in reviewer.get(page_of(run)).content.decode()
        do(reviewer, run, "resume")
        assert (run.state, run.done) == ("done", 5)
        assert sorted(AuditEntry.objects.get().ids) == [article.pk for article in many]

    def test_cancelled_after_a_batch(self, reviewer, many, spawned):
        run = bulk(reviewer, "publish", many)
        real = work.BATCH

        def cancel_soon(done, total):
            do(reviewer, run, "cancel")

        work.work(BulkRun.objects.get(pk=run.pk), cancel_soon)
        run.refresh_from_db()
        assert (run.state, run.done) == ("cancelled", real)
        assert Article.objects.published().count() == real
        undo(reviewer, run)
        assert not Article.objects.published().exists()

    def test_two_do_not_work_at_one_run(self, reviewer, many, spawned):
        run = bulk(reviewer, "publish", many)
        first = BulkRun.objects.get(pk=run.pk)
        BulkRun.objects.update(worker="another")
        work.work(first)
        run.refresh_from_db()
        assert run.state == "working"
        assert not Article.objects.published().exists()

    def test_a_process_that_cannot_start_says_so(self, reviewer, many, monkeypatch):
        def fail(*_args):
            raise OSError("no processes left")

        monkeypatch.setattr(processes, "start", fail)
        run = bulk(reviewer, "publish", many)
        assert run.state == "failed"
        assert "no processes left" in reviewer.get(page_of(run)).content.decode()

    def test_the_command_takes_only_what_was_confirmed(self, reviewer, many):
        run = ask(reviewer, "publish", many)
        with pytest.raises(CommandError):
            call_command("bulk_run", run.pk)

    def test_result_pages_take_few_queries(
        self, reviewer, many, spawned, django_assert_max_num_queries
    ):
        run = bulk(reviewer, "publish", many)
        call_command("bulk_run", run.pk, verbosity=0)
        with django_assert_max_num_queries(12):
            reviewer.get(page_of(run))
        with django_assert_max_num_queries(8):
            reviewer.get(f"{LIST}bulk/")


def test_two_thousand_articles(reviewer, make_article, spawned):
    """What was made by loading straight into the tables is changed like any other."""
    make_article()
    model = Article.objects.values().get()
    del model["id"]
    copies = (Article(**model | {"title": f"第{n}篇", "status": "draft"}) for n in range(1999))
    Article.objects.bulk_create(copies, batch_size=500)
    run = bulk(reviewer, "archive", "all")
    assert (run.total, run.state) == (2000, "working")
    call_command("bulk_run", run.pk, verbosity=0)
    assert set(Article.objects.values_list("status", flat=True)) == {"archived"}
    assert len(AuditEntry.objects.get().ids) == 2000
    assert BulkItem.objects.filter(outcome="changed").count() == 2000
    assert Revision.objects.count() == 4000  # what was there before is kept too
    assert not differences()


def _flag(article, kind="lost-text") -> Source:
    flag = {"kind": kind, "start": 1, "end": 2, "message": "缺", "candidates": [], "blocking": True}
    source = Source(
        article=article, raw=b"", sha256=f"{article.pk}", text_key=f"{article.pk}",
        origin=f"{article.pk}", file_name="a.txt", encoding="utf-8", text="走訪", flags=[flag],
        written={"title": article.title},
    )  # fmt: skip
    source.tally()
    source.save()
    return source
