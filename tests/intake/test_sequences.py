"""Eighteen orders in which decisions, drafts, updates, hands and undos come upon one article.

After every deed the record fits the text, no word of a curator is gone that nobody took back, what
stands in no deed's way stands as it did, and no damage passes for settled.
"""

from copy import deepcopy
from functools import cache

import pytest
from django.contrib.auth.models import User
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from articles.curation import drafts, merging, publishing, revisions
from articles.curation.bulk import changing, choosing
from articles.curation.publishing import Held
from articles.importing.edits import Edit, Flag, apply
from articles.importing.pipeline import make_draft
from articles.importing.repairs.byteshift import step as byteshift
from articles.intake import decisions, library
from articles.intake.authors_and_tags import author_named
from articles.models import Article, BulkRun, Decision, ImportRun, Revision, Source, Status, Tag

pytestmark = pytest.mark.django_db

LOST, WORD = "??h", "老班長"
TEXT = (
    "夜班的燈\n作者：劉明\n日期：2020-05-06\n\n"
    "夜班的燈亮到天明，工友們把活幹完了才走，年年如此。\n"
    "庫房的鑰匙由??h保管，三把鎖換了兩把。\n"
    "到了年底點一回數，帳和東西對得上，人人心裡都踏實，這是老規矩了。\n"
    "後來廠裡添了新的規矩，進出都登記,丟東西的事再也沒有聽說過。\n"
)
CHANGED = TEXT.replace("點一回數", "點兩回數")
MENDED = TEXT.replace(LOST, "保管員")
STANDS = ("工友們把活幹完了才走", "後來廠裡添了新的規矩")
"""What no deed touches."""

ANSWERS = {Decision.Action.ACCEPT, Decision.Action.FORM, Decision.Action.TABLE}


@pytest.fixture(autouse=True)
def in_doubt(monkeypatch):
    monkeypatch.setattr(byteshift, "_CERTAIN_GUESS", float("inf"))


@cache
def _made(text: str):
    return make_draft(text.encode(), "燈.txt")


def draft_of(text: str):
    draft = deepcopy(_made(text))
    at = text.find(LOST)
    draft.flags = [Flag("missing-source", 0, 0, "看")]
    if at >= 0:
        draft.flags.append(Flag("lost-text", at, at + 3, "看", (WORD,), blocking=True))
    return draft


class Story:
    """One article, and what is done to it one after the other."""

    def __init__(self, publish: bool = False):
        number = User.objects.count()
        self.curator = User.objects.create_superuser(f"curator {number}")
        self.words: set[str] = set()  # of curators, which have to stand somewhere
        self.pk = 0
        stored = self.store(TEXT)
        assert stored.outcome == "created"
        self.pk = stored.article.pk
        if publish:
            self.publish(over=True)

    def store(self, text, **options):
        run = ImportRun.objects.create(started_by=self.curator)
        stored = library.store(draft_of(text), "/燈.txt", "燈.txt", run=run, **options)
        self.looked_at()
        return stored

    # What stands

    @property
    def article(self) -> Article:
        return Article.objects.select_related("draft__text").get(pk=self.pk)

    @property
    def source(self) -> Source:
        return Source.objects.get(article=self.pk)

    @property
    def draft(self) -> str:
        draft = self.article.draft
        return draft.content["body"] if draft else ""

    @property
    def is_open(self) -> bool:
        return bool(self.source.blocking_count)

    def flag(self, kind="lost-text") -> str:
        flag = next(one for one in self.source.flags if one["kind"] == kind)
        return decisions.token(flag)

    def over(self) -> list[str]:
        return [f"{self.pk}/{decisions.token(flag)}" for _n, flag in self.source.open_flags()]

    def looked_at(self) -> None:
        """Look whether all holds that has to hold at any time."""
        if not self.pk:
            return
        article, source = self.article, self.source
        clean = apply(source.text, [Edit(**edit) for edit in source.edits])
        bodies = [article.body, self.draft]
        for body in filter(None, bodies):
            assert all(body.count(words) == 1 for words in STANDS), body
        assert all(words in clean for words in STANDS)
        assert all(any(word in body for body in bodies) for word in self.words), self.words
        standing = {one.pk: one for one in source.decisions.standing()}
        for flag in source.flags:
            decision = standing.get(flag.get("settled"))
            assert decision or not flag.get("settled"), "settled by nothing that stands"
            if decision and decision.action in ANSWERS and flag["kind"] == "lost-text":
                assert any(LOST not in body for body in bodies if body), "damage that is settled"
        counted = source.blocking_count, source.flag_count
        source.tally()
        assert counted == (source.blocking_count, source.flag_count)

    # Deeds

    def decide(self, text=WORD):
        decision = decisions.accept(self.article, self.flag(), text, self.curator)
        self.words.add(text)
        self.looked_at()
        return decision

    def leave(self, kind="lost-text"):
        decisions.settle(self.article, self.flag(kind), self.curator)
        self.looked_at()

    def take_back(self, over=()):
        decision = self.source.decisions.standing().last()
        self.words.discard(decision.text)
        decisions.take_back(self.article, decision.pk, self.curator, over)
        self.looked_at()

    def undo_comma(self):
        edit = next(one for one in self.source.edits if one["kind"] == "punctuation")
        decisions.undo_edit(self.article, decisions.token(edit), self.curator)
        self.looked_at()

    def hand(self, old, new, over=False, **fields):
        """Change the body, and other fields, in the form, and apply it at once: it shows the draft
        where there is one."""
        article = self.article
        shown = drafts.working_copy(article)
        revisions.fill(article, shown)
        authors, tags, _gone = revisions.people(shown)
        assert old in article.body
        article.body = article.body.replace(old, new)
        for name, value in fields.items():
            setattr(article, name, value)
        confirmed = self.over() if over else ()
        drafts.save(article, authors, tags, self.curator, Revision.Kind.SAVED, over=confirmed)
        if new:
            self.words.add(new)
        self.looked_at()

    def begin_draft(self, old="年年如此", new="年年這樣"):
        wanted = drafts.working_copy(self.article)
        assert old in wanted["body"]
        wanted = wanted | {"body": wanted["body"].replace(old, new)}
        drafts.keep_draft(self.article, wanted, self.curator)
        self.words -= {old}
        self.words.add(new)
        self.looked_at()

    def publish_draft(self, over=()):
        drafts.publish_draft(self.article, self.curator, self.seen(), over=over)
        self.looked_at()

    def discard(self, *words):
        self.words -= set(words)
        drafts.discard_draft(self.article, self.curator, self.seen())
        self.looked_at()

    def seen(self) -> str:
        return revisions.version(self.article)

    def publish(self, over=False):
        confirmed = self.over() if over else ()
        one = Article.objects.filter(pk=self.pk)
        publishing.move(one, Status.PUBLISHED, self.curator, over=confirmed)
        self.looked_at()

    def update(self, text=CHANGED):
        return self.store(text, on_conflict=library.UPDATE)

    def to_bin(self):
        publishing.to_bin(Article.objects.filter(pk=self.pk), self.curator)
        self.looked_at()

    def from_bin(self):
        publishing.from_bin(Article.objects.filter(pk=self.pk), self.curator)
        self.looked_at()

    def restore(self, number, over=(), lost=()):
        self.words -= set(lost)
        revision = self.article.revisions.get(number=number)
        how = {"at_once": True, "over": over}
        drafts.restore(self.article, revision, self.curator, self.seen(), **how)
        self.looked_at()

    def merge_author(self) -> str:
        other = author_named("劉明明")
        [signed] = self.article.byline
        merging.merge(other, [signed], self.curator)
        self.looked_at()
        return other.name_hant

    def tag_many(self, name="夜班") -> BulkRun:
        tag = Tag.objects.named(name) or Tag.objects.create(name=name)
        chosen = Article.objects.filter(pk=self.pk)
        run = choosing.ask("add_tags", chosen, self.curator, {"value": [tag.pk]})
        changing.change(run, list(run.items.values_list("pk", flat=True)))
        self.looked_at()
        return run


class TestEighteenSequences:
    def test_01_a_draft_then_a_decision_then_the_draft_applied(self):
        story = Story(publish=True)
        story.begin_draft()
        story.decide()
        story.publish_draft()
        body = story.article.body
        assert (WORD in body, "年年這樣" in body, LOST in body) == (True, True, False)
        assert not story.is_open

    def test_02_a_decision_then_a_draft_then_the_decision_taken_back_below_it(self):
        story = Story()
        story.decide()
        story.publish()
        story.begin_draft()
        with pytest.raises(Held):
            decisions.take_back(story.article, Decision.objects.get().pk, story.curator)
        story.looked_at()
        flag = next(one for one in story.source.flags if one["kind"] == "lost-text")
        story.take_back([f"{story.pk}/{decisions.token(flag)}"])
        assert LOST in story.article.body
        with pytest.raises(Held):
            story.publish_draft()
        story.publish_draft(story.over())
        assert "年年這樣" in story.article.body
        assert story.is_open

    def test_03_an_update_under_a_draft(self):
        story = Story(publish=True)
        story.begin_draft()
        story.update(MENDED)
        assert "年年這樣" in story.draft
        story.publish_draft(story.over())
        assert "年年這樣" in story.article.body
        assert "保管員" in story.article.body
        assert not story.is_open

    def test_04_a_damaged_update_leaves_the_live_text_and_is_decided_in_its_draft(self):
        story = Story()
        story.decide()
        story.publish()
        worse = TEXT.replace("帳和東西", "帳和\ufffd西").replace("三把鎖", "四把鎖")
        stored = story.update(worse)
        assert stored.article.status == Status.PUBLISHED
        assert WORD in story.article.body

    def test_05_a_hand_edit_then_an_update_then_its_draft_applied(self):
        story = Story()
        story.decide()
        story.publish()
        story.hand("三把鎖", "六把鎖")
        story.update()
        assert "點兩回數" not in story.article.body
        assert "點兩回數" in story.draft
        story.publish_draft()
        body = story.article.body
        assert all(words in body for words in (WORD, "六把鎖", "點兩回數"))

    def test_06_a_decision_outlives_an_update_and_can_be_taken_back_after_it(self):
        story = Story()
        story.decide()
        story.update()
        assert (WORD in story.article.body, "點兩回數" in story.article.body) == (True, True)
        story.take_back()
        assert LOST in story.article.body
        assert story.is_open

    def test_07_a_decision_whose_place_an_update_has_mended_is_told_as_lost(self):
        story = Story()
        story.decide()
        story.words.clear()
        stored = story.update(MENDED)
        assert "1 decisions of curators" in stored.note
        assert "保管員" in story.article.body
        assert Decision.objects.get().lost_at

    def test_08_a_hand_edit_then_a_decision_in_its_line_then_both_stand(self):
        story = Story()
        story.hand("換了兩把", "換了三把")
        story.decide()
        body = story.article.body
        assert all(words in body for words in (WORD, "換了三把"))
        story.take_back()
        assert "換了三把" in story.article.body
        assert LOST in story.article.body

    def test_09_damage_repaired_by_hand_then_an_older_revision_then_decided(self):
        story = Story()
        story.hand(LOST, "保管的人")
        assert not story.is_open
        story.restore(1, lost=["保管的人"])
        assert story.is_open
        story.decide()
        assert not story.is_open

    def test_10_decided_then_restored_at_once_over_a_live_text(self):
        story = Story()
        story.decide()
        story.publish()
        flag = next(one for one in story.source.flags if one["kind"] == "lost-text")
        with pytest.raises(Held):
            story.restore(1, lost=[WORD])
        story.words.add(WORD)
        story.looked_at()
        story.restore(1, [f"{story.pk}/{decisions.token(flag)}"], lost=[WORD])
        assert story.is_open
        assert LOST in story.article.body

    def test_11_into_the_bin_an_update_out_of_it_and_the_update_again(self):
        story = Story()
        story.decide()
        story.to_bin()
        stored = story.update()
        assert (stored.outcome, "recycle bin" in stored.note) == ("unchanged", True)
        story.from_bin()
        assert "點一回數" in story.article.body
        assert story.update().outcome == "updated"
        assert WORD in story.article.body

    def test_12_authors_merged_then_an_update_then_the_same_file_again(self):
        story = Story()
        story.merge_author()
        story.update()
        assert [one.name_hant for one in story.article.byline] == ["劉明明"]
        assert story.update().outcome == "unchanged"

    def test_13_a_tag_given_to_many_under_a_draft_stays_when_it_is_applied(self):
        story = Story()
        story.decide()
        story.publish()
        story.begin_draft()
        story.tag_many()
        story.publish_draft()
        assert "夜班" in {tag.name_hant for tag in story.article.tags.all()}
        story.update()
        assert "夜班" in {tag.name_hant for tag in story.article.tags.all()}

    def test_14_a_draft_discarded_that_was_an_update_then_the_update_by_another_file(self):
        story = Story()
        story.decide()
        story.publish()
        story.hand("三把鎖", "六把鎖")
        story.update()
        story.discard()
        assert not story.draft
        again = CHANGED.replace("點兩回數", "點三回數")
        story.update(again)
        assert "六把鎖" in story.article.body
        assert "點三回數" in story.draft

    def test_15_an_edit_undone_then_an_update_then_decided(self):
        story = Story()
        assert "登記，丟" in story.article.body
        story.undo_comma()
        assert "登記,丟" in story.article.body
        story.update()
        assert "登記,丟" in story.article.body
        story.decide()
        assert all(words in story.article.body for words in ("登記,丟", WORD, "點兩回數"))

    def test_16_left_as_it_is_then_repaired_by_hand_then_by_an_update(self):
        story = Story()
        story.leave()
        assert not story.is_open
        story.hand(LOST, "保管的人")
        story.update()
        assert "保管的人" in story.article.body
        assert "點兩回數" in story.draft
        assert not story.is_open

    def test_17_the_script_changed_then_decided_then_updated_by_the_other_script(self):
        story = Story()
        story.hand("三把鎖", "六把鎖", original_script="zh-Hans")
        story.decide()
        assert story.article.original_script == "zh-Hans"
        assert WORD in story.article.renditions.get(script="zh-Hant").body
        story.update()
        assert story.article.original_script == "zh-Hans"
        assert "六把鎖" in story.article.body

    def test_18_two_drafts_over_one_another_a_decision_between_and_one_published(self):
        story = Story(publish=True)
        story.begin_draft()
        story.decide()
        story.begin_draft("年年這樣", "歲歲這樣")
        assert WORD in story.draft
        story.publish_draft()
        body = story.article.body
        assert all(words in body for words in (WORD, "歲歲這樣"))
        assert not story.is_open


class Decisions(RuleBasedStateMachine):
    """Any deeds in any order: `looked_at` says what has to hold after each."""

    def __init__(self):
        super().__init__()
        Article.objects.all().delete()  # of the example before
        self.story = Story()
        self.number = 0

    def again(self) -> int:
        self.number += 1
        return self.number

    @precondition(lambda self: self.story.is_open)
    @rule(by_hand=st.booleans())
    def answer(self, by_hand):
        text = f"保管人{self.again()}號"
        try:
            if by_hand and drafts.working_copy(self.story.article)["body"].count(LOST) == 1:
                self.story.hand(LOST, text, over=True)
            else:
                self.story.decide(text)
        except decisions.Refused:
            self.story.looked_at()

    @rule()
    def take_back(self):
        story = self.story
        last = story.source.decisions.standing().last()
        if last is None or last.action == Decision.Action.FORM:
            return
        words = set(story.words)
        try:
            story.take_back(_of_flags(story))
        except decisions.Refused:
            story.words = words
            story.looked_at()

    @rule()
    def draft(self):
        text = drafts.working_copy(self.story.article)["body"]
        old = next(words for words in ("如此", *(f"這樣{n}次" for n in range(99))) if words in text)
        self.story.begin_draft(f"年年{old}", f"年年這樣{self.again()}次")

    @precondition(lambda self: self.story.draft)
    @rule()
    def publish_draft(self):
        try:
            self.story.publish_draft(_of_flags(self.story))
        except drafts.Overtaken:
            self.story.looked_at()

    @rule(mended=st.booleans())
    def update(self, mended):
        text = TEXT.replace("點一回數", f"點{'二三'[self.again() % 2]}回數")
        words = set(self.story.words)
        told = text.replace(LOST, "保管員") if mended else text
        before = set(self.story.source.decisions.standing())
        self.story.words = {word for word in words if not word.startswith("保管人")}
        self.story.update(told)
        kept = set(self.story.source.decisions.standing())
        lost = {one.text for one in before - kept}
        body = self.story.article.body + self.story.draft
        self.story.words |= {word for word in words - lost if word in body or not mended}
        self.story.looked_at()

    @rule()
    def hand(self):
        body = drafts.working_copy(self.story.article)["body"]
        old = next(words for words in ("事再也", *(f"事{n}年" for n in range(99))) if words in body)
        self.story.words.discard(old)
        self.story.hand(old, f"事{self.again()}年", over=True)

    @rule()
    def publish(self):
        self.story.publish(over=True)

    @rule()
    def bin_and_back(self):
        self.story.to_bin()
        self.story.from_bin()

    @rule()
    def tag(self):
        self.story.tag_many()

    @invariant()
    def all_holds(self):
        self.story.looked_at()


def _of_flags(story: Story) -> list[str]:
    """Return what confirms any flag of an article, settled or not."""
    return [f"{story.pk}/{decisions.token(flag)}" for flag in story.source.flags]


class TestAnyOrder(Decisions.TestCase, TestCase):
    settings = settings(max_examples=4, stateful_step_count=8, deadline=None)
