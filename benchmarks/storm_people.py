"""Who is at work in a storm, and all that they do; `storm` sets Django up and lets them go."""

import random
import re
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError
from django.test import Client

from articles.curation import merging, revisions, unmerging
from articles.curation.bulk import choosing, work
from articles.importing.files import collect
from articles.intake import decisions, import_loop
from articles.models import Article, Author, BulkRun, Merge, ReviewRequest, Similarity, Source, Tag

DESK = "/admin/articles/article/"
WORDS = (
    *("工會", "職工", "班組", "走訪", "維權", "協商", "民主", "管理"),
    *("座談", "勞動", "合同", "工資", "安全", "生產", "競賽"),
)
NAMES = ("劉明", "王小明", "李大山", "陳秀英", "張偉", "趙麗", "孫強", "周敏")


def essay(number: int, edition: int = 0) -> str:
    """Return a damaged page: pinyin behind characters, bytes out of step, and words of its own."""
    own = random.Random(number)
    said = "，".join("".join(own.sample(WORDS, 3)) for _ in range(8))
    again = f"第{edition}次又補了一句，說的是{own.choice(WORDS)}。\n" if edition else ""
    return (
        f"谈谈第{number}個{own.choice(WORDS)}問題\n作者：{own.choice(NAMES)} {own.choice(NAMES)}\n"
        "一、走訪\n工會(huì)要到職(zhí)工中間去,聽(tīng)他們說,工會(huì)辦完再問一聲,"
        f"這一年??h工會(huì)好。{said}。\n二、回訪\n辦成的事要回去說，辦不成的更要說。{said}。\n{again}"
    )


class Person:
    """One process: a signed-in member of a group, and what may be done to any article."""

    def __init__(self, number: int, folder: Path):
        self.random = random.Random(time.time_ns() + number)
        self.folder = folder
        self.user = User.objects.get(username=f"curator {number}")
        self.client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
        self.client.force_login(self.user)
        self.done: Counter[str] = Counter()
        self.wrong: list[str] = []

    # What it is done with

    def article(self, **wanted) -> Article | None:
        keys = list(Article.objects.filter(**wanted).values_list("pk", flat=True))
        if not keys:
            return None
        chosen = Article.objects.select_related("draft__text")
        return chosen.filter(pk=self.random.choice(keys)).first()

    def tags(self, count: int) -> list[Tag]:
        return self.random.sample(list(Tag.objects.all()), count)

    def send(self, path: str, data: dict | None = None) -> str:
        answer = self.client.get(path) if data is None else self.client.post(path, data)
        content = b"".join(answer) if answer.streaming else answer.content
        if answer.status_code >= 500:
            error = getattr(answer, "exc_info", None) or [None, None]
            self.wrong.append(f"{answer.status_code} {path}: {error[1]!r}")
        return content.decode("utf-8", "replace")

    # What is done

    def save_the_form(self, **buttons) -> None:
        article = self.article(deleted_at=None)
        path = f"{DESK}{article.pk}/change/"
        page = self.send(path)
        version = re.search(r'name="version" value="([^"]+)"', page)
        if version is None:
            return
        body = article.body.replace("</p>", f"{self.random.choice(WORDS)}。</p>", 1)
        self.send(
            path,
            {
                "title": f"{article.title[:60]}{self.random.choice(WORDS)}",
                **{"summary": "", "body": body, "status": article.status, "note": ""},
                **{"published_at_0": "", "published_at_1": "", "expires_at_0": ""},
                **{"expires_at_1": "", "stated_date": "", "date_precision": ""},
                **{"source_name": "", "source_url": "", "genre": "", "review_note": ""},
                "original_script": "zh-Hant",
                "version": version[1],
                "byline": [one.pk for one in article.byline],
                "tags": [one.pk for one in article.tags.all()] + [self.tags(1)[0].pk],
            }
            | buttons,
        )

    def submit_the_form(self) -> None:
        self.save_the_form(_submit="1")

    def publish_the_form(self) -> None:
        self.save_the_form(_publish="1")

    def _deed_of_a_page(self, name: str, article: Article | None, **data) -> None:
        if article is not None:
            seen = {"version": revisions.version(article)}
            self.send(f"{DESK}{article.pk}/{name}/", seen | data)

    def publish_a_draft(self) -> None:
        self._deed_of_a_page("draft", self.article(draft__isnull=False))

    def discard_a_draft(self) -> None:
        self._deed_of_a_page("discard", self.article(draft__isnull=False))

    def restore_a_revision(self) -> None:
        article = self.article(revisions__isnull=False)
        if article is not None:
            number = self.random.choice(list(article.revisions.values_list("number", flat=True)))
            at_once = {"at_once": "1"} if self.random.random() < 0.5 else {}
            self._deed_of_a_page("restore", article, number=number, **at_once)

    def review(self) -> None:
        asked = ReviewRequest.objects.open().select_related("article").order_by("?").first()
        if asked is None:
            return
        path = f"{DESK}{asked.article_id}/review/"
        page = self.send(path)
        if found := re.search(r'name="token" value="([^"]+)"', page):
            deed = self.random.choice(("approve", "reject", "withdraw"))
            more = {"reason": "再改", "despite_flags": "1"}
            self.send(path, {"do": deed, "token": found[1]} | more)

    def decide_on_an_import(self) -> None:
        keys = list(Source.objects.values_list("pk", flat=True))
        source = Source.objects.filter(pk=self.random.choice(keys)).first()
        if source is None:
            return
        deeds = []
        for flag in source.flags:
            token = decisions.token(flag)
            if flag.get("settled"):
                deeds.append({"action": "take_back", "decision": flag["settled"]})
            elif flag["end"]:
                deeds.append({"action": "accept", "token": token, "text": "。縣"})
                deeds.append({"action": "settle", "token": token})
        deeds += [{"action": "undo", "token": decisions.token(e)} for e in source.edits[:2]]
        if deeds:
            self.send(f"{DESK}{source.article_id}/import/", self.random.choice(deeds))

    def bin_or_restore(self) -> None:
        article = self.article()
        deed = "restore" if article.deleted_at else "bin"
        self.send(f"{DESK}{article.pk}/delete/", {"action": deed})

    def dismiss_a_pair(self) -> None:
        if pair := Similarity.objects.order_by("?").first():
            deed = self.random.choice(("dismiss", "restore"))
            self.send(f"{DESK}{pair.article_id}/compare/{pair.other_id}/", {"decision": deed})

    def _bulk(self, action: str, value=None) -> None:
        keys = list(Article.objects.values_list("pk", flat=True))
        chosen = Article.objects.filter(pk__in=self.random.sample(keys, min(12, len(keys))))
        run = choosing.ask(action, chosen, self.user)
        if value is not None:
            choosing.set_parameters(run, {"value": value})
        self._work(run)

    def _work(self, run: BulkRun) -> None:
        if not self.user.has_perm(choosing.needed(run)):
            return
        work.start(run, of=BulkRun.State.ASKED)
        run.refresh_from_db()
        if run.state == BulkRun.State.FAILED:
            self.wrong.append(f"bulk run {run.action}: {run.error}")
        failed = run.items.filter(outcome="failed").values_list("reason", flat=True)
        self.wrong += [f"bulk item {run.action}: {reason}" for reason in failed]

    def tag_many(self) -> None:
        self._bulk("add_tags", [tag.pk for tag in self.tags(2)])

    def untag_many(self) -> None:
        self._bulk("remove_tags", [tag.pk for tag in self.tags(2)])

    def sign_many(self) -> None:
        authors = list(Author.objects.values_list("pk", flat=True))
        self._bulk("set_authors", [self.random.choice(authors)])

    def publish_many(self) -> None:
        self._bulk("publish")

    def withdraw_many(self) -> None:
        self._bulk("unpublish")

    def undo_many(self) -> None:
        done = BulkRun.objects.filter(state="done", undone_by=None).exclude(action="undo")
        run = done.order_by("?").first()
        if run is not None:
            self._work(choosing.ask_to_undo(run, self.user))

    def merge_some(self) -> None:
        rows = list((Tag if self.random.random() < 0.6 else Author).objects.all())
        if len(rows) < 6:
            return
        survivor, gone = self.random.sample(rows, 2)
        try:
            merging.merge(survivor, [gone], self.user)
        except merging.Refused:
            self.done["merge refused"] += 1

    def take_apart(self) -> None:
        record = Merge.objects.filter(undone_at=None).order_by("?").first()
        if record is None:
            return
        try:
            unmerging.undo(record, self.user)
        except merging.Refused:
            self.done["unmerge refused"] += 1

    def delete_a_tag(self) -> None:
        Tag(name_hant=f"標籤{self.random.randrange(10**6)}").save()
        tag = self.tags(1)[0]
        self.send(f"/admin/articles/tag/{tag.pk}/delete/", {"post": "yes"})

    def import_files(self, *, dry_run: bool = False) -> None:
        numbers = [self.random.randrange(400) for _ in range(3)]
        with tempfile.TemporaryDirectory() as place:
            for number in dict.fromkeys(numbers):
                text = essay(number, self.random.randrange(3))
                (Path(place) / f"{number}.txt").write_text(text, "utf-8")
            files = list(collect([Path(place)], lambda *skipped: None))
            options = import_loop.Options(
                publish=self.random.random() < 0.5,
                on_conflict=self.random.choice(("skip", "update")),
                tags=tuple(self.random.sample(WORDS, 1)),
            )
            vocabulary = Tag.objects.vocabulary()
            for result in import_loop.import_files(
                files, None, options, vocabulary=vocabulary, dry_run=dry_run
            ):
                if result.error:
                    self.wrong.append(f"import: {result.error}")

    def try_an_import(self) -> None:
        self.import_files(dry_run=True)

    def read(self) -> None:
        self.send("/zh-hant/")
        self.send("/zh-hans/search/?q=工会")
        article = self.article(status="published")
        if article is not None:
            self.send(f"/zh-hant/articles/{article.pk}/")

    def keep_order(self) -> None:
        command, *more = self.random.choice(
            [("prune_revisions", "--keep", "3"), ("empty_bin",), ("rebuild_search",)]
        )
        call_command(command, *more, verbosity=0)

    OPERATIONS = (
        *(save_the_form, submit_the_form, publish_the_form, publish_a_draft, discard_a_draft),
        *(restore_a_revision, review, decide_on_an_import, bin_or_restore, dismiss_a_pair),
        *(tag_many, untag_many, sign_many, publish_many, withdraw_many, undo_many),
        *(merge_some, take_apart, delete_a_tag, import_files, try_an_import, read, keep_order),
    )

    def act(self, end: float) -> None:
        while time.time() < end:
            operation = self.random.choice(self.OPERATIONS)
            try:
                operation(self)
            except DatabaseError as error:
                self.wrong.append(f"{operation.__name__}: {type(error).__name__} {error}")
            except Exception:
                told = " ".join(traceback.format_exc(limit=-3).split())
                self.wrong.append(f"{operation.__name__}: {told[-600:]}")
            self.done[operation.__name__] += 1
