"""Collections: what readers see of them, who may do what, and how they come with the starter essays."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from articles.models import Article, Collection, CollectionItem

from ..support.places import SEEDS

pytestmark = pytest.mark.django_db

DESK = "/admin/articles/collection/"
EDITOR, REVIEWER, ADMINISTRATOR = "編輯", "審核", "管理員"


@pytest.fixture
def collect(db):
    """Return a function that makes a collection, published unless told otherwise."""

    def make(name="新任幹部入門", articles=(), **fields):
        collection = Collection(**{"name_hant": name, "status": "published"} | fields)
        collection.save()
        for position, article in enumerate(articles, 1):
            CollectionItem.objects.create(
                collection=collection, article=article, position=position, note_hant="為什麼讀"
            )
        return collection

    return make


@pytest.fixture
def mixed(make_article, collect):
    """A collection of four articles, the second a draft, put in another order than they came."""
    articles = [make_article(f"第{n}篇", authors=["劉明"]) for n in (1, 3, 4)]
    draft = make_article("不可告人的草稿", status="draft")
    return collect(articles=[articles[0], draft, articles[2], articles[1]])


class TestReaders:
    def test_the_page_shows_public_articles_in_the_curators_order(self, client, mixed):
        content = client.get(mixed.get_absolute_url()).content.decode()
        places = [content.index(f"第{n}篇") for n in (1, 4, 3)]
        assert places == sorted(places)
        assert "不可告人" not in content
        assert "3 篇文章" in content
        assert f"?in=c{mixed.pk}" in content

    def test_both_scripts_are_filled_in(self, client, collect, make_article):
        made = collect(
            articles=[make_article()],
            summary_hant="從職工中來。",
            introduction_hant="<p>聽<strong>職</strong>工說。</p><script>x</script>",
        )
        content = client.get(f"/zh-hans/collections/{made.slug}/").content.decode()
        for text in (
            "新任干部入门",
            "从职工中来。",
            "<p>听<strong>职</strong>工说。</p>",
            "为什么读",
        ):
            assert text in content
        assert "<script>x" not in content
        assert made.slug == "xin-ren-gan-bu-ru-men"

    def test_an_empty_paragraph_is_no_introduction(self, collect):
        assert collect(introduction="<p></p>").introduction_hant == ""

    @pytest.mark.parametrize("state", ["draft", "empty", "only drafts", "later"])
    def test_what_is_not_public_is_nowhere(self, client, collect, make_article, state):
        public = make_article()
        articles = {"empty": [], "only drafts": [make_article(status="draft")]}.get(state, [public])
        made = collect("祕密的專題", articles, status="draft" if state == "draft" else "published")
        if state == "later":
            later = timezone.now() + timedelta(days=1)
            Collection.objects.update(published_at=later)
        for path in ("", "collections/"):
            assert "祕密的專題" not in client.get(f"/zh-hant/{path}").content.decode()
        assert client.get(made.get_absolute_url()).status_code == 404
        assert client.get("/zh-hant/collections/祕密的專題/").status_code == 404
        assert not Collection.objects.published().exists()

    def test_a_name_leads_to_the_page(self, client, mixed):
        for name in ("新任幹部入門", "新任干部入门"):
            response = client.get(f"/zh-hant/collections/{name}/")
            assert (response.status_code, response.url) == (301, mixed.get_absolute_url())

    @pytest.mark.parametrize("slug", ["nope", "%00", "長" * 91])
    def test_what_there_is_not_is_not_found(self, client, mixed, slug):
        assert client.get(f"/zh-hant/collections/{slug}/").status_code == 404

    def test_an_empty_list_says_so(self, client):
        assert 'class="empty"' in client.get("/zh-hant/collections/").content.decode()

    def test_the_home_page_shows_the_newest_featured_one(self, client, collect, make_article):
        articles = [make_article(f"第{n}篇") for n in range(6)]
        collect(
            "較早的推薦", articles, is_featured=True, published_at=timezone.now() - timedelta(3)
        )
        collect("推薦的", articles, is_featured=True, published_at=timezone.now() - timedelta(2))
        collect("最新的", articles)
        collect("草稿裡的", articles, is_featured=True, status="draft")
        content = client.get("/zh-hant/").content.decode()
        lead, shelves = content.split('class="shelves"')
        assert "推薦的</a>" in lead and "讀這 6 篇" in lead
        assert not any(name in lead for name in ("較早的推薦", "最新的"))
        assert "較早的推薦" in shelves and "最新的" in shelves and "推薦的</a>" not in shelves
        assert "草稿裡的" not in content


class TestAround:
    def test_it_steps_over_what_readers_do_not_see(self, mixed):
        with translation.override("zh-hant"):
            first, last = mixed.public_article_ids()[0], mixed.public_article_ids()[-1]
            middle = mixed.around(mixed.public_article_ids()[1])
            assert (middle.position, middle.total) == (2, 3)
            assert (middle.previous.article_id, middle.next.article_id) == (first, last)
            assert middle.next.title == "第3篇"
            assert middle.next.url.endswith(f"?in=c{mixed.pk}")
            assert mixed.around(first).previous is None
            assert mixed.around(last).next is None

    def test_an_article_that_is_not_there_has_no_place(self, mixed, make_article):
        draft = Article.objects.get(title="不可告人的草稿")
        assert mixed.around(draft.pk) is mixed.around(make_article().pk) is None

    def test_it_takes_one_query(self, mixed, django_assert_num_queries):
        with django_assert_num_queries(1):
            mixed.around(1)


@pytest.mark.parametrize("page", ["", "collections/", "ITS"])
def test_pages_take_few_queries_however_many_articles(client, make_article, collect, page):
    taken = []
    for n in range(2):
        made = collect(f"專題{n}", [make_article(authors=["劉明"]) for _ in range(2 + 8 * n)])
        cache.clear()
        with CaptureQueriesContext(connection) as caught:
            client.get(made.get_absolute_url() if page == "ITS" else f"/zh-hant/{page}")
        taken.append(len(caught))
    assert taken[0] == taken[1] <= 12  # three of them are versions


def form_of(collection=None, items=(), **changes) -> dict:
    """Return what the form sends; `items` are (key, position, article) of each row."""
    data = {
        "name": "", "name_hant": "", "summary": "", "summary_hant": "", "introduction": "", "introduction_hant": "",
        "status": "draft", "slug": "",
        "items-TOTAL_FORMS": str(len(items)), "items-INITIAL_FORMS": str(sum(1 for key, *_ in items if key)),
    }  # fmt: skip
    for at, (key, position, article) in enumerate(items):
        data |= {
            f"items-{at}-id": key or "",
            f"items-{at}-collection": collection.pk if collection else "",
            f"items-{at}-position": position,
            f"items-{at}-article": article,
            f"items-{at}-note": "",
            f"items-{at}-note_hant": "",
        }
    if collection:
        for name in ("name", "name_hant", "summary", "summary_hant", "introduction", "introduction_hant", "status"):  # fmt: skip
            data[name] = getattr(collection, name)
    return data | changes


class TestDesk:
    def test_an_editor_drafts_and_a_reviewer_publishes(self, sign_in, client, make_article):
        article = make_article()
        editor, reviewer = sign_in(EDITOR), sign_in(REVIEWER)
        data = form_of(name_hant="入門", items=[("", "", article.pk)])
        refused = editor.post(f"{DESK}add/", data | {"status": "published"})
        assert refused.status_code == 200
        assert not Collection.objects.exists()
        assert editor.post(f"{DESK}add/", data | {"is_featured": "on"}).status_code == 302
        made = Collection.objects.get()
        assert (made.status, made.is_featured) == ("draft", False)
        item = made.items.get()
        rows = [(item.pk, 1, article.pk)]
        assert editor.get(f"{DESK}{made.pk}/change/").status_code == 200
        sent = form_of(made, rows, status="published", is_featured="on")
        assert reviewer.post(f"{DESK}{made.pk}/change/", sent).status_code == 302
        made.refresh_from_db()
        assert made.is_featured
        assert client.get(made.get_absolute_url()).status_code == 200
        sent = form_of(made, rows, name_hant="改")
        assert editor.post(f"{DESK}{made.pk}/change/", sent).status_code == 403

    @pytest.mark.parametrize(
        ("group", "marks"), [(EDITOR, "✓✓✓–"), (REVIEWER, "✓✓✓–"), (ADMINISTRATOR, "✓✓✓✓"), (None, "––––")]
    )  # fmt: skip
    def test_each_group_reaches_what_it_should(self, sign_in, mixed, group, marks):
        client = sign_in(group)
        pages = (DESK, f"{DESK}{mixed.pk}/change/", f"{DESK}{mixed.pk}/preview/", f"{DESK}{mixed.pk}/delete/")  # fmt: skip
        codes = [client.get(page).status_code for page in pages]
        assert set(codes) <= {200, 403}
        assert "".join("✓" if code == 200 else "–" for code in codes) == marks

    def test_a_preview_is_for_the_desk_only_and_marks_what_is_left_out(
        self, client, sign_in, mixed, collect, make_article
    ):
        draft = collect("未發布", [make_article("還是草稿", status="draft")], status="draft")
        for made in (mixed, draft):
            assert client.get(f"{DESK}{made.pk}/preview/").status_code == 302
        content = sign_in(EDITOR).get(f"{DESK}{draft.pk}/preview/").content.decode()
        assert "還是草稿" in content
        assert "未公開" in content
        assert 'content="noindex"' in content
        assert sign_in(REVIEWER).get(f"{DESK}99999999/preview/").status_code == 404

    def test_the_form_tells_what_readers_do_not_see(self, sign_in, mixed):
        headers = {"accept-language": "zh-TW"}
        content = (
            sign_in(REVIEWER).get(f"{DESK}{mixed.pk}/change/", headers=headers).content.decode()
        )
        assert content.count("不顯示") == 1
        assert content.count(">看得到<") == 3

    def test_numbers_say_the_order(self, sign_in, collect, make_article):
        articles = [make_article(f"第{n}篇") for n in range(3)]
        made = collect(articles=articles[:2], status="draft")
        keys = [item.pk for item in made.items.all()]
        rows = [(keys[0], 20, articles[0].pk), (keys[1], 10, articles[1].pk), ("", "", articles[2].pk)]  # fmt: skip
        assert (
            sign_in(EDITOR).post(f"{DESK}{made.pk}/change/", form_of(made, rows)).status_code == 302
        )
        assert made.public_article_ids() == [articles[n].pk for n in (1, 0, 2)]
        assert [item.position for item in made.items.all()] == [1, 2, 3]

    def test_the_other_script_follows_a_change_but_not_a_correction(self, sign_in, collect):
        made = collect(summary_hant="聽職工說", introduction_hant="<p>聽</p>", status="draft")
        editor = sign_in(EDITOR)
        changed = form_of(made, summary_hant="聽會員說", introduction_hant="<p>聽會員</p>")
        editor.post(f"{DESK}{made.pk}/change/", changed)
        made.refresh_from_db()
        assert (made.summary, made.introduction) == ("听会员说", "<p>听会员</p>")
        editor.post(
            f"{DESK}{made.pk}/change/", form_of(made, summary="自己写的", summary_hant="另寫")
        )
        made.refresh_from_db()
        editor.post(f"{DESK}{made.pk}/change/", form_of(made, summary_hant="又改了"))
        made.refresh_from_db()
        assert (made.summary, made.summary_hant) == ("自己写的", "又改了")

    def test_a_collection_needs_a_name(self, sign_in):
        assert sign_in(EDITOR).post(f"{DESK}add/", form_of()).status_code == 200
        assert not Collection.objects.exists()

    def test_an_article_stands_once(self, mixed):
        with pytest.raises(IntegrityError), transaction.atomic():
            item = mixed.items.first()
            CollectionItem.objects.create(collection=mixed, article_id=item.article_id)


class TestStarterCollections:
    PATH = SEEDS / "collections.json"

    def test_they_come_once_and_with_their_articles(self, client):
        call_command("import_essays", str(SEEDS), "--publish", verbosity=0)
        for _ in range(2):
            call_command("import_collections", str(self.PATH), "--publish", verbosity=0)
        described = json.loads(self.PATH.read_text("utf-8"))
        assert Collection.objects.published().count() == len(described) == 3
        for one in described:
            made = Collection.objects.get(name_hant=one["name"])
            assert made.items.count() == len(one["articles"])
            assert len(made.public_article_ids()) >= 4

    def test_what_a_curator_changed_stays(self, make_article, capsys):
        call_command("import_collections", str(self.PATH), verbosity=0)
        assert "18-new-officers-first-90-days.txt is not in the library" in capsys.readouterr().err
        made = Collection.objects.first()
        assert made.status == "draft"
        made.summary_hant = "改過"
        made.save()
        call_command("import_collections", str(self.PATH), "--publish", verbosity=0)
        made.refresh_from_db()
        assert (made.summary_hant, made.status) == ("改過", "draft")

    @pytest.mark.parametrize("content", ["", "[", '[{"name": "甲"}]', "[1]"])
    def test_a_wrong_file_changes_nothing(self, tmp_path, content):
        path = tmp_path / "collections.json"
        path.write_text(content)
        with pytest.raises(CommandError):
            call_command("import_collections", str(path), verbosity=0)
        assert not Collection.objects.exists()
