"""The words search comes with, and that what curators made of them wins."""

import pytest
from django.apps import apps

from articles.models import DomainWord, SuppliedWords, Synonym
from articles.search.find import find
from articles.search.query import parse
from articles.search.supplied import ONE_WAY, SAME, WORD, Supplied, supplied, take
from articles.search.words import current_words
from articles.text.script import searchable

pytestmark = pytest.mark.django_db


def model(name):
    return apps.get_model("articles", name)


@pytest.fixture
def nothing(db):
    SuppliedWords.objects.all().delete()
    Synonym.objects.all().delete()
    DomainWord.objects.all().delete()


ROWS = [
    Supplied(SAME, "测试甲、测试乙", "one"),
    Supplied(SAME, "测试丙、测试丁", "two"),
    Supplied(ONE_WAY, "测试戊、测试己", "part of it"),
    Supplied(WORD, "测试庚", "a word"),
]
NEWER = [
    Supplied(SAME, "测试甲、测试乙、测试辛", "one more"),
    Supplied(SAME, "测试丙、测试丁、测试壬", "two more"),
    Supplied(ONE_WAY, "测试戊、测试己、测试癸", "parts of it"),
    Supplied(WORD, "测试庚", "a word"),
]


def kept() -> set[str]:
    return set(Synonym.objects.values_list("words", flat=True))


class TestTheFile:
    def test_it_has_enough_groups_each_with_a_reason(self):
        rows = supplied()
        assert sum(row.kind in (SAME, ONE_WAY) for row in rows) >= 150
        assert {row.kind for row in rows} == {SAME, ONE_WAY, WORD}
        assert all(row.reason.strip() for row in rows)
        assert len({row.key for row in rows}) == len(rows)

    def test_its_words_are_kept_as_curators_words_are(self):
        for row in supplied():
            assert row.words == searchable(row.words)
            if row.kind == WORD:
                DomainWord(word=row.words).clean()
            else:
                Synonym(words=row.words).clean()

    def test_no_word_stands_in_two_groups_of_the_same(self):
        words = [word for row in supplied() if row.kind == SAME for word in row.members]
        assert len(set(words)) == len(words)

    def test_what_is_in_it_was_taken(self):
        """A file that changed needs a migration that takes it, as 0036 does."""
        standing = dict(SuppliedWords.objects.values_list("key", "words"))
        assert standing == {row.key: row.words for row in supplied()}


class TestTaking:
    def test_what_nobody_changed_follows_the_file(self, nothing):
        assert take(model, ROWS) == 4
        assert take(model, ROWS) == 0
        assert take(model, NEWER) == 3
        assert kept() == {row.words for row in NEWER[:3]}
        assert Synonym.objects.get(one_way=True).words == NEWER[2].words

    def test_what_a_curator_changed_or_deleted_stays_so(self, nothing):
        take(model, ROWS)
        mine = Synonym.objects.get(words=ROWS[0].words)
        mine.words = "测试甲、我的词"
        mine.save()
        Synonym.objects.get(words=ROWS[1].words).delete()
        DomainWord.objects.get().delete()
        take(model, NEWER)
        assert kept() == {"测试甲、我的词", NEWER[2].words}
        assert not DomainWord.objects.exists()

    def test_what_left_the_file_goes_but_not_what_a_curator_made_of_it(self, nothing):
        take(model, ROWS)
        mine = Synonym.objects.get(words=ROWS[0].words)
        mine.words = "测试甲、我的词"
        mine.save()
        take(model, [])
        assert kept() == {"测试甲、我的词"}
        assert not SuppliedWords.objects.exists()

    def test_the_first_words_are_taken_over_and_a_curators_kept(self, nothing):
        """As a library of before finds them: one as it came, one changed, one deleted."""
        Synonym(words="教代会、教职工代表大会").save()
        Synonym(words="全总、中华全国总工会、总工会").save()
        rows = [
            Supplied(SAME, "教代会、教职工代表大会、教职代会", "short form"),
            Supplied(SAME, "全总、中华全国总工会、全国总工会", "short form"),
            Supplied(SAME, "经审会、经费审查委员会、经审", "short form"),
        ]
        take(model, rows)
        assert kept() == {rows[0].words, "全总、中华全国总工会、总工会"}


@pytest.mark.parametrize(
    ("said", "law"),
    [
        ("炒鱿鱼", "解除劳动合同"),
        ("加班費", "延长工作时间报酬"),
        ("工伤", "職業傷害"),
        ("试岗", "试用期"),
        ("調崗", "變更工作崗位"),
        ("鐘點工", "非全日制用工"),
        ("扣身份证", "扣押证件"),
        ("断缴", "中断缴费"),
        ("合同到期", "劳动合同期满"),
        ("退工單", "離職證明"),
        ("辞呈", "辞职"),
        ("過勞", "过度劳动"),
        ("切結書", "承诺书"),
        ("照肺", "胸片"),
    ],
)
def test_what_members_say_and_what_the_law_says_find_each_other(db, said, law):
    for one, other in ((said, law), (law, said)):
        (unit,) = parse(one, current_words()).units
        assert searchable(other) in unit.strings


def test_one_way_finds_the_part_and_not_back(make_article):
    Synonym(words="五件套、床单枕套", one_way=True).save()
    whole = make_article("五件套怎样买", body="<p>五件套。</p>")
    part = make_article("床单枕套怎样洗", body="<p>床单枕套。</p>")
    assert set(find("五件套").article_ids) == {whole.pk, part.pk}
    assert find("床单枕套").article_ids == [part.pk]
