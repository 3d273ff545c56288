"""Title, authors, date and source: why the importer took them, and what a curator states instead."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from articles.admin.import_fields import REASONS
from articles.importing.draft import Evidence
from articles.importing.edits import Flag
from articles.importing.pipeline import make_draft
from articles.intake import decisions, library
from articles.models import Article, Author, Decision, Source

from ..admin.test_admin import ADMINISTRATOR, EDITOR, LIST, form_of

pytestmark = pytest.mark.django_db

TEXT = "夜班的燈\n作者：劉明\n日期：2020-05-06\n來源：硯州報\n\n夜班的燈亮到天明，工友們把活幹完了才走，年年如此。\n"
EVIDENCE = [
    Evidence("title", "夜班的燈", ("marked", "recurs")),
    Evidence("authors", "劉明", ("label", "surname")),
    Evidence("date", "2020-05-06", ("label",)),
    Evidence("source", "硯州報", ("label", "with-date")),
]
CASES = [
    ("doubtful-title", "title", "夜班裡的燈"),
    ("missing-title", "title", "夜班裡的燈"),
    ("doubtful-author", "authors", "王芳、歐陽修文"),
    ("missing-author", "authors", "王芳"),
    ("doubtful-date", "stated_date", "2021-03"),
    ("missing-date", "stated_date", "2021-03-04"),
    ("upload-date", "stated_date", "2019"),
    ("doubtful-source", "source_name", "硯州工人報"),
    ("missing-source", "source_name", "硯州工人報"),
]
every_kind = pytest.mark.parametrize(("kind", "field", "text"), CASES)


def flag_of(kind: str, *candidates: str) -> Flag:
    return Flag(kind, 0, 0, f"{kind} 存疑。", candidates, blocking=kind.endswith("title"))


def store(flags=(), text=TEXT, evidence=EVIDENCE, **options) -> Article:
    draft = make_draft(text.encode(), "燈.txt")
    draft = replace(draft, flags=list(flags), evidence=list(evidence))
    return library.store(draft, "/燈.txt", "燈.txt", **options).article


def says(article: Article) -> dict:
    article = Article.objects.get(pk=article.pk)
    return {
        "title": article.title,
        "authors": [author.name_hant for author in article.byline],
        "stated_date": (str(article.stated_date), article.date_precision, article.date_is_upload),
        "source_name": article.source_name,
    }


@pytest.fixture
def curator():
    return User.objects.create_user("curator")


def accept(article, text, user) -> Decision:
    flag = Source.objects.get(article=article).flags[0]
    return decisions.accept(article, decisions.token(flag), text, user)


@every_kind
def test_a_candidate_fills_in_its_field_and_nothing_else(kind, field, text, curator):
    article = store([flag_of(kind, "別的", text)])
    before = says(article)
    accept(article, text, curator)
    after = says(article)
    assert {name for name in after if after[name] != before[name]} == {field}
    assert not Source.objects.get().flag_count
    if field == "authors":
        assert after["authors"] == text.split("、")


@every_kind
def test_it_can_be_taken_back(kind, field, text, curator):
    article = store([flag_of(kind, text)])
    before = says(article)
    decision = accept(article, text, curator)
    decisions.take_back(article, decision.pk, curator)
    assert says(article) == before
    assert Source.objects.get().flag_count == 1


@every_kind
def test_what_a_curator_set_by_hand_stays(kind, field, text, curator):
    article = store([flag_of(kind, text)])
    article.title, article.source_name, article.stated_date = "編輯改的", "編輯報", "1999-01-01"
    article.save()
    article.set_authors([Author.objects.create(name_hant="趙力", name="赵力")])
    before = says(article)
    with pytest.raises(decisions.Refused, match="編輯已填"):
        accept(article, text, curator)
    assert says(article) == before


def test_a_line_that_is_no_title_after_all_comes_back(curator):
    text = (
        "大雪封門\n夜班的燈\n\n"
        + "夜班的燈亮到天明，工友們把活幹完了才走，年年如此，不叫苦。\n" * 3
    )
    article = store([flag_of("doubtful-title", "夜班的燈", "別的題目")], text)
    line = article.title
    Source.objects.update(extracted=[line])
    before = article.body
    article.source.refresh_from_db()
    same = accept(article, line, curator)
    assert Article.objects.get().body == before
    decisions.take_back(article, same.pk, curator)
    decision = accept(article, "別的題目", curator)
    body = Article.objects.get().body
    assert body == f"<p>{line}</p>\n{before}"
    decisions.take_back(article, decision.pk, curator)
    assert Article.objects.get().body == before


def test_what_was_looked_at_once_is_looked_at_again_where_the_doubt_is_another(curator):
    flag = flag_of("doubtful-title", "夜班的燈", "燈")
    article = store([flag])
    decisions.settle(article, decisions.token(article.source.flags[0]), curator)
    changed = TEXT.replace("天明", "天亮")
    store([flag], changed, on_conflict="update")
    assert Source.objects.get().blocking_count == 0
    other = replace(flag, candidates=("夜班", "燈"))
    store([other], changed.replace("年年", "月月"), on_conflict="update")
    assert Source.objects.get().blocking_count == 1


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("祁硯舟、鄔雁聲", ["祁硯舟", "鄔雁聲"]),
        ("祁硯舟，鄔雁聲,王芳", ["祁硯舟", "鄔雁聲", "王芳"]),
        ("祁硯舟 鄔雁聲", ["祁硯舟", "鄔雁聲"]),
        ("祁硯舟\u3000歐陽修文  王芳", ["祁硯舟", "歐陽修文", "王芳"]),
        ("祁硯舟/鄔雁聲；王芳", ["祁硯舟", "鄔雁聲", "王芳"]),
        ("祁硯舟和鄔雁聲", ["祁硯舟", "鄔雁聲"]),
        ("祁硯舟、祁硯舟", ["祁硯舟"]),
        ("王 芳", ["王芳"]),
        ("王 芳 李 明", ["王芳", "李明"]),
        ("歐陽 修文", ["歐陽修文"]),
        ("約翰·李", ["約翰·李"]),
        ("約翰·李 王芳", ["約翰·李", "王芳"]),
        ("Mary Smith", ["Mary Smith"]),
        ("李和平", ["李和平"]),
        ("硯州和平里居委會", ["硯州和平里居委會"]),
        ("硯州工會 宣傳處", ["硯州工會 宣傳處"]),
        ("清風明月樓主人", ["清風明月樓主人"]),
    ],
)
def test_several_names_typed_are_several_people(typed, names, curator):
    article = store([flag_of("missing-author")])
    accept(article, typed, curator)
    assert says(article)["authors"] == names


class TestEvidence:
    def test_it_is_kept_and_replaced_with_what_it_is_of(self, monkeypatch):
        article = store()
        kept = Source.objects.get().evidence
        assert kept[0] == {"field": "title", "value": "夜班的燈", "reasons": ["marked", "recurs"]}
        again = [Evidence("title", "夜班的燈", ("agrees",))]
        store(text=TEXT.replace("天明", "天亮"), evidence=again, on_conflict="update")
        assert Source.objects.get(article=article).evidence == [again[0].as_json()]

    def test_a_decision_on_the_text_reads_it_anew(self, monkeypatch, curator):
        article = store(text=TEXT.replace("天明，", "天明,"))
        made = library.draft_of

        def read(*given, **more):
            return replace(made(*given, **more), evidence=EVIDENCE[:1])

        monkeypatch.setattr(library, "draft_of", read)
        decisions.undo_edit(article, decisions.token(article.source.edits[0]), curator)
        assert Source.objects.get().evidence == [EVIDENCE[0].as_json()]

    @pytest.mark.parametrize(
        ("language", "phrase"), [("zh-TW", "以常見姓氏開頭"), ("zh-CN", "以常见姓氏开头")]
    )
    def test_it_stands_beside_its_field_in_words(self, sign_in, language, phrase):
        article = store()
        content = page(sign_in(EDITOR), article, language)
        field = content[content.index('id="field-authors"') :].partition("</div>")[0]
        assert phrase in field
        assert "以常" not in content[content.index('id="field-title"') :].partition("</div>")[0]

    def test_every_reason_has_words(self, sign_in):
        article = store(evidence=[Evidence("title", "夜班的燈", tuple(REASONS))])
        content = page(sign_in(EDITOR), article)
        assert all(f"<span>{phrase}</span>" in content for phrase in REASONS.values())

    @pytest.mark.parametrize(("value", "told"), [("夜班的灯", False), ("夜班之歌", True)])
    def test_what_was_taken_is_told_where_the_article_says_something_else(
        self, sign_in, value, told
    ):
        article = store(evidence=[Evidence("title", value, ("first",))])
        assert (f"<q>{value}</q>" in page(sign_in(EDITOR), article)) is told

    def test_nothing_of_it_is_markup(self, sign_in):
        evil = '<img src=x onerror="alert(1)">'
        article = store([flag_of("doubtful-title", evil)], evidence=[Evidence(evil, evil, (evil,))])
        assert "<img src=x" not in page(sign_in(EDITOR), article)


def page(client, article, language="zh-TW") -> str:
    address = f"/admin/articles/article/{article.pk}/import/"
    return client.get(address, headers={"accept-language": language}).content.decode()


@every_kind
def test_its_flag_offers_candidates_and_a_field(sign_in, kind, field, text):
    article = store([flag_of(kind, "甲說", text)])
    content = page(sign_in(EDITOR), article)
    entry = content[content.index('id="flag-0"') :].partition("</li>")[0]
    assert [f'value="{one}"' in entry for one in ("甲說", text)] == [True, True]
    assert f'href="#field-{field}"' in entry
    assert 'name="text"' in entry
    assert ("須先處理" in entry) is kind.endswith("title")


def test_the_line_of_a_doubtful_title_comes_back_in_the_articles_own_form_too(sign_in):
    line = "夜班的燈"
    article = store([flag_of("doubtful-title", line, "別的題目")])
    assert article.title == line and line not in Source.objects.get().extracted[1:]
    client, before = sign_in(ADMINISTRATOR), article.body

    def send(title: str) -> Article:
        standing = Article.objects.get(pk=article.pk)
        sent = form_of(standing, title=title)
        assert client.post(f"{LIST}{article.pk}/change/", sent).status_code == 302
        return Article.objects.get(pk=article.pk)

    assert send("別的題目").body == f"<p>{line}</p>\n{before}"
    assert article.revisions.latest("number").note == "匯入時當作標題的那一行回到了正文"
    assert Source.objects.get().blocking_count == 0
    assert send("又一個題目").body == f"<p>{line}</p>\n{before}"
    assert send(line).body == before
    assert Source.objects.get().blocking_count == 1
