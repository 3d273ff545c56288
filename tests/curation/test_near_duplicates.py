"""Near duplicates: found whatever was done to the copy, told to the curator, never merged."""

import json
import re
import threading

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, connections

from articles.curation import near_duplicates as near_duplicates_found
from articles.curation.near_duplicates import similar_flags
from articles.curation.publishing import from_bin, to_bin
from articles.importing.pipeline import make_draft
from articles.importing.structure.as_html import from_blocks
from articles.intake import library
from articles.models import Article, Fingerprint, Similarity, Tag
from articles.models import near_duplicates as near_duplicate_rows
from articles.text import html
from articles.text.fingerprints import LEAST, fingerprints, likeness, shingles
from benchmarks import near_duplicates

from ..admin.test_admin import ADMINISTRATOR, EDITOR, REVIEWER, form_of
from ..support.damage import read_essay, to_traditional
from ..support.places import ESSAYS
from ..support.timing import is_in_proportion, lines_run
from ..support.together import TWO_WRITERS, barrier, together
from ..support.variants import notices

LIST = "/admin/articles/article/"
BODY = read_essay("06-secret-ballots.txt").body
OTHER = read_essay("09-safety.txt").body


def body_of(text: str) -> str:
    return "".join(f"<p>{line}</p>" for line in text.split("\n"))


def store(text, name, **options):
    draft = make_draft(
        f"谈谈{name}\n{text}".encode(), f"{name}.txt", vocabulary=Tag.objects.vocabulary()
    )
    return library.store(draft, f"/{name}.txt", f"{name}.txt", **options)


def copy_of(text: str) -> str:
    """Return the text cut, in the other script and retitled."""
    return to_traditional(text[: len(text) // 2])


def test_the_two_style_sheets_of_the_desk_share_no_class():
    """Both are on the page that compares two articles."""
    desk, similar = (
        set(re.findall(r"(?m)^\.([\w-]+)", (settings.BASE_DIR / "static" / name).read_text()))
        for name in ("desk/desk.css", "desk/similar.css")
    )
    assert not desk & similar


class TestTexts:
    def test_fingerprints_stay_the_same_for_years(self):
        """They are stored: a change here needs `rebuild_fingerprints` in the notes of the release."""
        assert fingerprints(BODY)[:3] == [
            -7737997755706427873,
            -6900272363347017426,
            -6413725892965483266,
        ]
        assert len(fingerprints(BODY)) == 32

    def test_script_marks_and_pinyin_make_no_difference(self):
        plain = "工会要到职工中间去，听他们说，替他们办。" * 2 + BODY[:400]
        noisy = to_traditional(plain).replace("會", "會(huì)").replace("，", ",\n　")
        assert fingerprints(noisy) == fingerprints(plain)

    def test_a_line_has_none_and_a_latin_text_has(self):
        assert fingerprints("特此通知。" * 3) == []
        assert fingerprints("工" * (LEAST - 1)) == []
        assert fingerprints("The union goes where its members work. " * 9 + "会") != []

    def test_likeness_of_nothing(self):
        assert not likeness(shingles(""), shingles(BODY)).near
        assert likeness(shingles(BODY), shingles(BODY)).jaccard == 1

    def test_a_signature_takes_a_few_steps_a_letter(self):
        """The benchmark tells how long they take: 2 ms for an essay on two slow cores."""
        fingerprints(BODY)  # what is made once
        assert lines_run(lambda: fingerprints(BODY)) < 6 * len(BODY) + 1000

    def test_a_hostile_text_ends(self):
        assert is_in_proportion(lambda size: fingerprints("工会" * (size // 2)), 100_000)
        assert len(fingerprints("工会" * 800_000)) <= 2


class TestScores:
    """Floors that only rise: `python -m benchmarks.near_duplicates` prints the whole table."""

    def test_every_copy_is_met_and_nearly_every_one_found(self):
        for kind, judged in near_duplicates.positives().items():
            assert all(met for met, *_ in judged), kind
            assert sum(found for _, found, *_ in judged) >= 0.99 * len(judged), kind

    def test_no_other_text_is_taken_for_a_copy(self):
        for kind, judged in near_duplicates.negatives().items():
            assert not any(found for _, found, *_ in judged), kind


@pytest.mark.django_db
class TestImport:
    def test_a_copy_is_stored_and_flagged(self):
        first = store(BODY, "票决").article
        store(OTHER, "安全")
        stored = store(copy_of(BODY), "表决")
        assert stored.outcome == "created"
        pair = Similarity.objects.get()
        assert (pair.article, pair.other) == (first, stored.article)
        assert pair.containment > 0.9
        assert 0.4 < pair.jaccard < 0.6
        (flag,) = stored.similar
        assert f"第 {first.pk} 篇〈谈谈票决〉" in flag.message
        assert not flag.blocking
        assert similar_flags(stored.article.pk) == (flag,)

    def test_the_whole_is_found_by_its_piece(self):
        store(copy_of(BODY), "表决")
        store(BODY, "票决")
        assert Similarity.objects.count() == 1

    def test_exact_twins_are_reported_as_before(self):
        store(BODY, "票决")
        assert store(to_traditional(BODY), "表决").outcome == "duplicate"
        assert not Similarity.objects.exists()

    def test_the_signature_of_the_draft_is_that_of_the_article(self):
        """Made once, in the worker: what is written from it must not differ by a letter."""
        for path in sorted(ESSAYS.iterdir()):
            draft = make_draft(f"题目\n{read_essay(path.name).body}".encode(), path.name)
            assert draft.signature == fingerprints(html.plain_text(from_blocks(draft.blocks)))

    def test_an_update_looks_again(self):
        store(BODY, "票决")
        store(OTHER, "安全")
        assert not Similarity.objects.exists()
        stored = store(f"{copy_of(BODY)}再补一句。", "安全", on_conflict="update")
        assert stored.outcome == "updated"
        assert [flag.kind for flag in stored.similar] == ["near-duplicate"]

    def test_it_costs_few_queries(self, django_assert_max_num_queries):
        store(BODY, "票决")
        draft = make_draft(f"题目\n{OTHER}".encode(), "a.txt", vocabulary=Tag.objects.vocabulary())
        article = Article(title="题目", body=from_blocks(draft.blocks))
        with django_assert_max_num_queries(6):  # article, renditions, savepoint; fingerprints, look
            article.save(signature=draft.signature, with_index=False)

    def test_the_report_tells(self, essays, tmp_path):
        folder = essays({"a.txt": f"谈谈票决\n{BODY}", "b.txt": f"表决\n{copy_of(BODY)}"})
        for options in ({"dry_run": True}, {}):
            report = tmp_path / "report.json"
            call_command("import_essays", str(folder), report=str(report), verbosity=0, **options)
            first, second = json.loads(report.read_text())["files"]
            assert "near-duplicate" not in [flag["kind"] for flag in first["flags"]]
            assert "near-duplicate" in [flag["kind"] for flag in second["flags"]]


@pytest.mark.django_db
class TestIndex:
    def test_a_curators_change_moves_the_fingerprints(self, make_article):
        first = make_article(body=body_of(BODY))
        second = make_article(body=body_of(OTHER), status="draft")
        assert not Similarity.objects.exists()
        second.body = body_of(copy_of(BODY))
        second.save()
        assert set(second.fingerprints.values_list("hash", flat=True)) == set(
            fingerprints(copy_of(BODY))
        )
        assert Similarity.objects.get().partner_of(second.pk) == first.pk
        second.body = body_of(OTHER)
        second.save()
        assert not Similarity.objects.exists()

    def test_a_change_takes_the_flag_away(self):
        store(BODY, "票决")
        article = store(copy_of(BODY), "表决").article
        article.body = body_of(OTHER)
        article.save()
        assert not similar_flags(article.pk)

    def test_a_save_that_leaves_the_text_alone_writes_nothing(self, make_article):
        article = make_article(body=body_of(BODY))
        make_article(body=body_of(copy_of(BODY)))
        found_at = Similarity.objects.get().found_at
        article.title = "别的题目"
        article.save()
        assert Similarity.objects.get().found_at == found_at

    def test_a_dismissal_survives_changes(self, make_article, admin_user):
        first, second = make_article(body=body_of(BODY)), make_article(body=body_of(copy_of(BODY)))
        Similarity.objects.get().dismiss(admin_user)
        for body in (f"{BODY}加一段话在后面。", OTHER):
            first.body = body_of(body)
            first.save()
            assert Similarity.objects.get().dismissed_by == admin_user
        assert not Similarity.objects.of(second.pk).standing().exists()

    def test_it_can_be_made_anew(self, make_article, capsys):
        for text in (BODY, OTHER, copy_of(BODY)):
            make_article(body=body_of(text))
        standing = set(Fingerprint.objects.values_list("hash", "article"))
        Fingerprint.objects.all().delete()
        Similarity.objects.all().delete()
        for _ in range(2):
            call_command("rebuild_fingerprints")
            assert set(Fingerprint.objects.values_list("hash", "article")) == standing
            assert Similarity.objects.count() == 1
        Similarity.objects.all().delete()
        call_command("rebuild_fingerprints")
        assert Similarity.objects.count() == 1

    def test_an_article_goes_with_all_it_left(self, make_article):
        first = make_article(body=body_of(BODY))
        make_article(body=body_of(copy_of(BODY)))
        first.delete()
        assert not Similarity.objects.exists()
        assert Fingerprint.objects.values("article").distinct().count() == 1


def signature_with(rare: list[int]) -> list[int]:
    """Return a signature of which all but `rare` is the form that thousands share."""
    return [*range(32 - len(rare)), *rare]


@pytest.mark.django_db
class TestHotBuckets:
    """A form thousands of notices are written on: few rows read, and the true copy found."""

    @pytest.fixture
    def numbered(self, db):
        def bare(number):
            return Article(
                title=f"{number}", body="", original_script="zh-Hans", dated="2020-01-01"
            )

        made = Article.objects.bulk_create(bare(number) for number in range(300))
        Fingerprint.objects.bulk_create(
            Fingerprint(article=article, hash=value)
            for article in made
            for value in signature_with([article.pk * 1000 + n for n in range(4)])
        )
        return made

    def test_the_rare_fingerprints_decide(self, numbered):
        wanted = numbered[-1].pk
        signature = signature_with([wanted * 1000 + n for n in range(4)])
        found = Fingerprint.objects.candidates(signature, besides=0)
        assert found[0] == wanted
        assert len(found) == near_duplicate_rows.CANDIDATES

    def test_no_bucket_is_read_to_its_end(self, numbered, monkeypatch):
        rows = []

        class Counting(near_duplicate_rows.defaultdict):
            def __getitem__(self, key):
                rows.append(key)
                return super().__getitem__(key)

        signature = signature_with([])
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM articles_fingerprint WHERE hash = 0")
            assert cursor.fetchone()[0] == 300
        monkeypatch.setattr(near_duplicate_rows, "defaultdict", Counting)
        Fingerprint.objects.candidates(signature, besides=0)
        # Each row is appended once, then counted twice (weight, shared).
        assert len(rows) <= 3 * near_duplicate_rows.BUCKET * len(signature)

    def test_notices_on_one_form_are_no_duplicates(self, make_article):
        for text in notices(4):
            make_article(body=body_of(text))
        assert not Similarity.objects.exists()

    def test_a_hundred_copies_do_not_slow_the_next(
        self, make_article, django_assert_max_num_queries
    ):
        for number in range(60):
            make_article(body=body_of(f"{BODY}第{number}次转载，原文如此，不作改动。"))
        assert Similarity.objects.count() <= 60 * near_duplicate_rows.CANDIDATES
        article = Article(title="又一份", body=body_of(f"{BODY}又一份"))
        with django_assert_max_num_queries(10):
            article.save(with_index=False)
        assert Similarity.objects.of(article.pk).count() == near_duplicate_rows.CANDIDATES


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_find_each_other():
    """Each is written while the other is not yet to be seen."""
    drafts = [
        make_draft(f"谈谈票决\n{BODY}".encode(), "a.txt"),
        make_draft(f"表决\n{copy_of(BODY)}".encode(), "b.txt"),
    ]
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    both_written = threading.Barrier(2, timeout=60)
    hold, failed = near_duplicates_found.hold, []

    def hold_together(hashes):
        both_written.wait()  # neither has committed
        hold(hashes)

    def run(draft, name):
        try:
            library.store(draft, f"/{name}", name)
        except Exception as error:  # told in the test's own thread
            failed.append(error)
        finally:
            connections.close_all()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near_duplicates_found, "hold", hold_together)
        threads = [
            threading.Thread(target=run, args=(draft, name))
            for draft, name in zip(drafts, ("a.txt", "b.txt"), strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not failed
    assert Article.objects.count() == 2
    assert Similarity.objects.count() == 1
    assert all(similar_flags(pk) for pk in Article.objects.values_list("pk", flat=True))


@TWO_WRITERS
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("other", ["taken out of the bin", "changed in its form"])
def test_two_that_come_to_be_alike_at_one_moment_are_found(make_article, monkeypatch, other):
    """One is taken out of the bin while the other is, or becomes a copy: neither has committed."""
    first = make_article("票決", body=body_of(BODY))
    to_bin(Article.objects.filter(pk=first.pk), None)
    second = make_article(
        "表決", body=body_of(copy_of(BODY) if other.startswith("taken") else OTHER)
    )
    if other.startswith("taken"):
        to_bin(Article.objects.filter(pk=second.pk), None)
    assert not Similarity.objects.exists()
    both_changed, hold = barrier(2), near_duplicates_found.hold

    def hold_together(hashes):
        both_changed.wait()
        hold(hashes)

    monkeypatch.setattr(near_duplicates_found, "hold", hold_together)

    def change():
        if other.startswith("taken"):
            from_bin(Article.objects.filter(pk=second.pk), None)
        else:
            article = Article.objects.get(pk=second.pk)
            article.body = body_of(copy_of(BODY))
            article.save()

    together(lambda: from_bin(Article.objects.filter(pk=first.pk), None), change)
    assert all(similar_flags(one.pk) for one in (first, second))


@pytest.fixture
def pair(make_article, db):
    first = make_article(
        "无记名票决", body=body_of(BODY), status="draft", authors=["劉明"], tags=["維權"]
    )
    second = make_article("表決", body=body_of(copy_of(BODY)), status="published")
    return first, second


class TestDesk:
    def test_both_forms_lead_to_the_comparison(self, sign_in, pair):
        client = sign_in(EDITOR)
        for article, other in (pair, pair[::-1]):
            content = client.get(f"{LIST}{article.pk}/change/").content.decode()
            assert f"{LIST}{article.pk}/compare/{other.pk}/" in content
            assert "全文相似度" in content

    def test_the_comparison_marks_what_differs(self, sign_in, make_article):
        first = make_article("一", body="<p>工会要到职工中间去，听他们说。</p><p>相同的一段。</p>")
        second = make_article("二", body="<p>工會要去職工中間，聽他們說。</p><p>相同的一段。</p>")
        response = sign_in(EDITOR).get(f"{LIST}{first.pk}/compare/{second.pk}/")
        content = response.content.decode()
        assert "工会要<del>到</del>职工中间<del>去</del>，听他们说。" in content
        assert "工會要<ins>去</ins>職工中間，聽他們說。" in content
        assert content.count("相同的一段。") == 2

    def test_not_a_duplicate(self, sign_in, pair):
        first, second = pair
        address = f"{LIST}{second.pk}/compare/{first.pk}/"
        client = sign_in(EDITOR)
        assert client.get(f"{address}?decision=dismiss").status_code == 200
        assert not Similarity.objects.get().dismissed_at
        response = client.post(address, {"decision": "dismiss"})
        assert response.url == f"{LIST}{second.pk}/change/"
        dismissed = Similarity.objects.get()
        assert dismissed.dismissed_at
        assert str(dismissed.dismissed_by) == f"member of {EDITOR}"
        assert LogEntry.objects.count() == 2
        assert "認為不是重複" in client.get(address).content.decode()
        client.post(address, {"decision": "restore"})
        assert not Similarity.objects.get().dismissed_at

    def test_a_dismissal_takes_the_flag_away(self, sign_in):
        first, second = store(BODY, "票决").article, store(copy_of(BODY), "表决").article
        address = f"{LIST}{second.pk}/compare/{first.pk}/"
        client = sign_in(REVIEWER)
        for decision, count in (("dismiss", 0), ("restore", 1)):
            client.post(address, {"decision": decision})
            assert len(similar_flags(second.pk)) == count
            listed = client.get(f"{LIST}?similar=some").content.decode()
            assert (f"{LIST}{second.pk}/" in listed) == bool(count)

    def test_who_may_see_and_decide(self, sign_in, client, pair):
        first, second = pair
        address = f"{LIST}{first.pk}/compare/{second.pk}/"
        assert client.get(address).status_code == 302
        assert client.post(address).status_code == 302
        stranger = sign_in(None)
        assert stranger.get(address).status_code == 403
        assert stranger.post(address).status_code == 403
        looker = sign_in(REVIEWER)
        group = Group.objects.get(name=REVIEWER)
        group.permissions.set(group.permissions.filter(codename="view_article"))
        assert looker.get(address).status_code == 200
        assert 'name="decision"' not in looker.get(address).content.decode()
        assert looker.post(address).status_code == 403
        assert not Similarity.objects.get().dismissed_at

    @pytest.mark.parametrize("other", ["{own}", "99999", f"{2**63}", f"{10**30}"])
    def test_nothing_to_compare_with(self, sign_in, pair, other):
        own = pair[0].pk
        response = sign_in(EDITOR).get(f"{LIST}{own}/compare/{other.format(own=own)}/")
        assert response.status_code == 404

    def test_two_articles_that_are_no_pair(self, sign_in, make_article):
        first, second = make_article("一"), make_article("二", body=body_of(OTHER))
        client = sign_in(EDITOR)
        address = f"{LIST}{first.pk}/compare/{second.pk}/"
        assert 'name="decision"' not in client.get(address).content.decode()
        assert client.post(address).status_code == 404

    def test_its_queries(self, sign_in, pair, django_assert_max_num_queries):
        first, second = pair
        client = sign_in(EDITOR)
        with django_assert_max_num_queries(10):
            client.get(f"{LIST}{first.pk}/compare/{second.pk}/")

    def test_the_list_can_be_narrowed_to_them(self, sign_in, pair, make_article):
        make_article("另一篇別的", body=body_of(OTHER))
        client = sign_in(EDITOR)
        content = client.get(f"{LIST}?similar=some").content.decode()
        assert "表決" in content
        assert "另一篇別的" not in content
        Similarity.objects.get().dismiss(None)
        assert "表決" not in client.get(f"{LIST}?similar=some").content.decode()

    def test_a_long_list_of_copies_costs_no_more(
        self, sign_in, make_article, django_assert_max_num_queries
    ):
        for number in range(12):
            made = make_article(body=body_of(f"{BODY}第{number}次转载"), status="draft")
        client = sign_in(EDITOR)
        client.get(LIST)
        with django_assert_max_num_queries(18):
            client.get(f"{LIST}{made.pk}/change/")

    def test_deleting_lists_no_fingerprints(self, sign_in, pair):
        client = sign_in(ADMINISTRATOR)
        content = client.get(f"{LIST}{pair[0].pk}/delete/").content.decode()
        assert "文字指紋" not in content
        client.post(f"{LIST}{pair[0].pk}/delete/", {"post": "yes"})
        assert Article.objects.outside_bin().count() == 1

    @pytest.mark.parametrize(("language", "word"), [("zh-TW", "不是重複"), ("zh-CN", "不是重复")])
    def test_in_both_scripts(self, sign_in, pair, language, word):
        first, second = pair
        address = f"{LIST}{first.pk}/compare/{second.pk}/"
        response = sign_in(EDITOR).get(address, headers={"accept-language": language})
        assert word in response.content.decode()

    def test_a_draft_shows_nowhere_in_public(self, client, pair):
        draft, public = pair
        for path in ("/zh-hans/", "/zh-hant/articles/", public.get_absolute_url()):
            content = client.get(path, follow=True).content.decode()
            assert draft.title not in content
            assert "全文相似" not in content

    def test_a_form_keeps_working(self, sign_in, pair):
        draft, _ = pair
        response = sign_in(EDITOR).post(f"{LIST}{draft.pk}/change/", form_of(draft, title="改"))
        assert response.status_code == 302
