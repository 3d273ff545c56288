"""Libraries of any size, made of real words: to measure how the portal fares when it has grown.

Words come as often as words do, by Zipf's law, and those of union work more often; texts have
sentences and paragraphs and no sense. What is written is what saving such articles would write:
renditions in both scripts, the search index, its lists and terms. Left out are fingerprints
(`rebuild_fingerprints` makes them) and sources.

Words are converted once each, so a text costs no conversion; and an article is made by its number
alone, so any of them can be made anew, in any process.
"""

import json
import lzma
import multiprocessing
import os
import random
import re
import signal
import threading
import time
from array import array
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from django.db import connection, connections, models, transaction
from django.db.models import Max
from django.utils import timezone

from . import script
from .importing import language
from .importing.surnames import SINGLE
from .models import (
    Article,
    Author,
    Authorship,
    Listing,
    Rendition,
    SearchRow,
    SearchVersion,
    Tag,
    TaggedArticle,
)
from .models.article import EXCERPT_LENGTH, DatePrecision, Status
from .names import pinyin_slug
from .search import index, postgres, sqlite
from .search.rows import MOST_TOKENS, Row, position_of
from .search.text import Words, current_words, cut, frequency, pinyin_of, searchable

FIRST = 10_000_001
"""The key of the first article: beyond those of a library it may stand beside."""

MOST = 6_000_000
"""Articles at the most: the order of publication tells keys apart up to 2²⁴."""

AUTHORS, TAGS, YEARS = 500, 100, 15
_CHUNK = 2_000  # articles a transaction
_AT_ONCE = 500  # of them on SQLite
_MANY = 10_000
"""Articles from which it pays to drop indexes and make them again."""

_SHORTEST, _LONGEST = 800, 5_600  # characters, before the last paragraph is filled
_SLOTS = 1 << 20  # of the table words are drawn from: the rarest come once in a million
_ZIPF = 1.08
_PATTERNS = 500  # paragraphs that lend others their lengths and marks

_UNION = re.findall(
    r"\w+",
    """工会 职工 劳动 企业 工作 会员 民主 管理 服务 维权 班组 干部 组织 建设 协商 合同 工资 安全
    培训 代表 监督 技能 创新 竞赛 困难 帮扶 慰问 权益 保障 就业 女职工 提案 公开 基层 调解 法律
    健康 心理 劳模 工匠 入会 厂务公开 集体合同 职代会""",
)
_SMALL = "的了在和是不有要对为把从到也都上中这与让又再能会说来去就以及"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志文海春梅林峰雪梦佳宇浩然子轩"
_NUMBERS = "一二三四五六七八九十"
_UNITS = ("总工会", "工人报社", "工会干部学校", "机床厂工会", "铁路局工会", "医院工会", "教育工会")
_WITNESS = "据{name}在工发〔{year}〕{number}号文件中的说明。"
_TITLES = ("{}{}与{}{}", "{}的{}：{}{}{}", "论{}{}的{}{}", "{}{}{}怎样{}{}", "从{}到{}：{}{}的{}{}")


class NotOurs(Exception):
    """Articles stand where others were to be made."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What texts are made of; each word simplified and, in `hant`, traditional."""

    table: list[str]  # each word as many times as it is common
    hant: dict[str, str]
    long: list[str]  # words of two characters and more, as common as they are, for titles
    patterns: list[list[str]]  # what stands behind each word of a paragraph
    surnames: list[tuple[str, str]]
    given: list[tuple[str, str]]
    length: float  # characters of a word and its mark


@dataclass(frozen=True, slots=True)
class Plan:
    """What all articles of a library share."""

    seed: str
    until: datetime
    authors: list[int]
    tags: list[int]

    @property
    def mark(self) -> str:
        return mark(self.seed)


@dataclass(frozen=True, slots=True)
class Made:
    """One article with all that belongs to it; fields by their columns."""

    article: dict[str, Any]
    renditions: list[dict[str, Any]]
    authors: list[int]
    tags: list[int]
    row: Row


def mark(seed: str) -> str:
    """Return what made articles have for a source, so that nobody takes them for others."""
    return f"make_library {seed}"


def _in_both(words: Iterable[str]) -> dict[str, str]:
    """Return the words that are one in both scripts and for search, with the traditional form."""
    words = list(words)
    hant = script.convert("\n".join(words), script.HANT, script.HANS).split("\n")
    back = script.convert("\n".join(hant), script.HANS, script.HANT).split("\n")
    return {
        word: other
        for word, other, again in zip(words, hant, back, strict=True)
        if word == again == searchable(word) == searchable(other)
    }


def _matched(text: str) -> str:
    """Return `searchable(text)` of a text of these words: only the marks are others."""
    for mark, half in zip("，：；？！", ",:;?!", strict=True):
        text = text.replace(mark, half)
    return text


def _known_words() -> list[str]:
    """Return the words of two to four characters that the word lists tell of."""
    parts = lzma.decompress(language.DATA_FILE.read_bytes()).decode("utf-8").split("\n\n")
    pairs, triples = (
        [line[:size] + char for line in part.split("\n") for char in line[size::2]]
        for size, part in enumerate(parts[1:3], 1)
    )
    after: dict[str, list[str]] = {}
    for triple in triples:
        after.setdefault(triple[:2], []).append(triple[2])
    fours = [triple + char for triple in triples for char in after.get(triple[1:], ())]
    return [word for word in (*pairs, *triples, *fours) if cut(word) == [word]]


@cache
def vocabulary() -> Vocabulary:
    """Return the words texts are made of; a second's work."""
    kept = json.loads(Path(index.__file__).with_name("words.json").read_text("utf-8"))
    domain = [*kept["domain"], *(word for group in kept["synonyms"] for word in group)]
    common = [word for pair in zip(_UNION, _SMALL, strict=False) for word in pair]
    common += _UNION[len(_SMALL) :]
    words = sorted(_known_words(), key=lambda word: (-frequency(word), word))
    for place, word in enumerate(domain):
        words.insert(200 + 60 * place, word)
    hant = _in_both(dict.fromkeys([*common, *words]))
    weights = [1 / (rank + 6) ** _ZIPF for rank in range(len(hant))]
    share = _SLOTS / sum(weights)
    table: list[str] = []
    for word, weight in zip(hant, weights, strict=True):
        table += [word] * max(1, round(weight * share))
    rng = random.Random(0)  # noqa: S311 - texts, no secrets
    patterns = [_pattern(rng) for _ in range(_PATTERNS)]
    marks = sum(len("".join(pattern)) for pattern in patterns) / sum(map(len, patterns))
    return Vocabulary(
        table,
        hant,
        [word for word in table if len(word) > 1],
        patterns,
        sorted(_in_both(sorted(SINGLE)).items()),
        sorted(_in_both(dict.fromkeys(_GIVEN)).items()),
        sum(map(len, table)) / len(table) + marks,
    )


def _pattern(rng: random.Random) -> list[str]:
    """Return what stands behind the words of a paragraph: nothing, or a mark."""
    behind: list[str] = []
    for _ in range(rng.randint(2, 5)):
        for _ in range(rng.randint(1, 4)):
            behind += [""] * rng.randint(2, 7)
            behind.append(rng.choice("，，，，，，、；"))
        behind[-1] = rng.choice("。。。。。。。。。？！")
    return behind


def _name(rng: random.Random, words: Vocabulary) -> tuple[str, str]:
    chars = [rng.choice(words.surnames), *rng.choices(words.given, k=rng.randint(1, 2))]
    return "".join(char for char, _ in chars), "".join(char for _, char in chars)


@cache
def _constants() -> dict[str, str]:
    """Return the traditional forms of what texts are held together with."""
    constants = (*_TITLES, _WITNESS, *_NUMBERS)
    return {text: script.convert(text, script.HANT, script.HANS) for text in constants}


@cache
def _heavier(count: int) -> list[float]:
    """Return summed weights by which the first are taken most often."""
    return list(accumulate(1 / (rank + 1) for rank in range(count)))


def make_article(number: int, plan: Plan, kept: Words) -> Made:
    """Return the article of a number: the same for the same seed, but for its day."""
    words, hant_of = vocabulary(), _constants()
    rng = random.Random(f"{plan.seed}-{number}")  # noqa: S311
    pk = FIRST - 1 + number
    published_at = plan.until - timedelta(seconds=rng.randrange(YEARS * 365 * 86_400))
    authors = _some(rng, plan.authors, rng.randint(1, 3))
    tags = _some(rng, plan.tags, rng.randint(2, 5))
    original = rng.choice(script.SCRIPTS)
    stated = None
    if rng.random() < 0.5:
        stated = published_at.date() - timedelta(days=rng.randrange(700))

    template = rng.choice(_TITLES)
    parts = rng.choices(words.long, k=template.count("{}"))
    parts[rng.randrange(len(parts))] = rng.choice(_UNION[:20] if rng.random() < 0.3 else _UNION)
    title = template.format(*parts)
    title_hant = hant_of[template].format(*map(words.hant.__getitem__, parts))
    blocks = _blocks(rng, words, parts)
    lines = [line for _, line, _ in blocks]
    search_text = _matched("\n".join((title, "", *lines)))
    matched = _matched(title)

    is_hant = original == script.HANT
    article = {
        "id": pk,
        "title": title_hant if is_hant else title,
        "slug": pinyin_slug(title_hant if is_hant else title) or "article",
        "summary": "",
        "body": "\n".join(
            f"<{tag}>{hant if is_hant else hans}</{tag}>" for tag, hans, hant in blocks
        ),
        "stated_date": stated,
        "date_precision": DatePrecision.DAY.value if stated else "",
        "date_is_upload": False,
        "source_name": plan.mark,
        "source_url": "",
        "genre": "",
        "original_script": original,
        "status": Status.PUBLISHED.value,
        "published_at": published_at,
        "search_text": search_text,
        "dated": stated or timezone.localdate(published_at),
        "created_at": published_at,
        "modified_at": published_at,
    }
    renditions = [
        _rendition(pk, script.HANS, title, [(tag, hans) for tag, hans, _ in blocks], plan),
        _rendition(pk, script.HANT, title_hant, [(tag, hant) for tag, _, hant in blocks], plan),
    ]
    facets = (
        *(f"t{tag}" for tag in sorted(tags)),
        *(f"a{author}" for author in sorted(authors)),
        f"y{article['dated'].year}",
    )
    row = Row(
        pk,
        position_of(pk, published_at),
        None,
        matched,
        pinyin_of(matched[:40])[:120],
        facets,
        kept.version,
        kept.tokens(matched),
        kept.tokens(search_text)[:MOST_TOKENS],
    )
    return Made(article, renditions, authors, tags, row)


def _some(rng: random.Random, keys: list[int], count: int) -> list[int]:
    """Return so many different ones, the first of all most often."""
    chosen: dict[int, None] = {}
    while len(chosen) < count:
        chosen[rng.choices(keys, cum_weights=_heavier(len(keys)))[0]] = None
    return list(chosen)


def _blocks(rng: random.Random, words: Vocabulary, said: list[str]) -> list[tuple[str, str, str]]:
    """Return headings and paragraphs: tag, simplified, traditional. `said` are words to say."""
    hant_of, hant_word = _constants(), words.hant.__getitem__
    size = _SHORTEST * (_LONGEST / _SHORTEST) ** rng.random() / words.length
    chosen, needed = [], 0
    while needed < size:
        chosen.append(rng.choice(words.patterns))
        needed += len(chosen[-1])
    headings = min(len(chosen) // 3, len(_NUMBERS))
    drawn = array("I", rng.randbytes(4 * (needed + 4 * headings)))
    table, size = words.table, len(words.table)
    stock = [table[slot * size >> 32] for slot in drawn]
    stock[: len(said) + 1] = ["工会", *said]
    blocks, at = [], 0
    for place, behind in enumerate(chosen):
        if place % 3 == 0 and place // 3 < headings:
            ordinal = _NUMBERS[place // 3]
            part = stock[needed + 4 * (place // 3) :][:4]
            part_hant = "".join(map(hant_word, part))
            blocks.append(("h2", f"{ordinal}、{''.join(part)}", f"{hant_of[ordinal]}、{part_hant}"))
        pieces = behind * 2
        pieces[1::2] = behind
        pieces[0::2] = stock[at : at + len(behind)]
        hans = "".join(pieces)
        pieces[0::2] = map(hant_word, stock[at : at + len(behind)])
        blocks.append(("p", hans, "".join(pieces)))
        at += len(behind)
    name, name_hant = _name(rng, words)
    number, year = rng.randrange(1, 100_000), rng.randrange(1990, 2025)
    tag, hans, hant = blocks[-1]
    hans += _WITNESS.format(name=name, year=year, number=number)
    hant += hant_of[_WITNESS].format(name=name_hant, year=year, number=number)
    blocks[-1] = (tag, hans, hant)
    return blocks


def _rendition(
    pk: int, in_script: str, title: str, blocks: list[tuple[str, str]], plan: Plan
) -> dict[str, Any]:
    outline, body = [], []
    for tag, text in blocks:
        if tag == "p":
            body.append(f"<p>{text}</p>")
        else:
            anchor = f"s{len(outline) + 1}"
            outline.append({"id": anchor, "level": 2, "title": text})
            body.append(f'<h2 id="{anchor}">{text}</h2>')
    excerpt = " ".join(text for _, text in blocks)
    if len(excerpt) > EXCERPT_LENGTH:
        excerpt = f"{excerpt[: EXCERPT_LENGTH - 1]}…"
    return {
        "article_id": pk,
        "script": in_script,
        "title": title,
        "summary": "",
        "excerpt": excerpt,
        "body": "\n".join(body),
        "outline": outline,
        "source_name": plan.mark,
    }


def plan_for(seed: str) -> Plan:
    """Return the plan of a library, its authors and tags made where they are not there yet."""
    words = vocabulary()
    rng = random.Random(f"{seed}-names")  # noqa: S311
    names: dict[str, str] = {}
    while len(names) < AUTHORS:
        name, hant = _name(rng, words)
        names[name] = hant
    authors = [
        Author(name=name, name_hant=hant, slug=f"{pinyin_slug(name)}-m{number}")
        for number, (name, hant) in enumerate(names.items(), 1)
    ]
    for author in authors:
        author.unit = rng.choice(_UNION) + rng.choice(_UNITS)
        author.fill_scripts()
    slugs = [author.slug for author in authors]
    Author.objects.bulk_create(authors, ignore_conflicts=True)
    author_ids = dict(Author.objects.filter(slug__in=slugs).values_list("slug", "pk"))

    standing = list(Tag.objects.exclude(slug__startswith="made-").order_by("slug")[:TAGS])
    known = {tag.name for tag in standing}
    made: dict[str, Tag] = {}
    while len(standing) + len(made) < TAGS:
        name = "".join(rng.choices(words.long[: len(words.long) // 4], k=2))
        if name not in known and name not in made:
            made[name] = Tag(name=name, slug=f"made-{pinyin_slug(name)}")
            made[name].fill_scripts()
    Tag.objects.bulk_create(made.values(), ignore_conflicts=True)
    tag_ids = [tag.pk for tag in standing] + list(
        Tag.objects.filter(name__in=made).order_by("slug").values_list("pk", flat=True)
    )
    until = timezone.now().astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    rng.shuffle(tag_ids)
    return Plan(seed, until, [author_ids[slug] for slug in slugs], tag_ids)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run made, and how long it took without and with what comes after."""

    made: int
    standing: int
    loading: float
    seconds: float


def make(
    count: int,
    seed: str = "1",
    *,
    jobs: int = 1,
    force: bool = False,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Outcome:
    """Make a library of `count` articles, or what is missing of it; raise NotOurs where other
    articles stand, with `force` only where they stand in its place.

    Each chunk is a transaction, so a run that was ended goes on where it was.
    """
    started = time.monotonic()
    others = Article.objects.exclude(source_name=mark(seed))
    if others.filter(pk__gte=FIRST).exists():
        raise NotOurs(
            f"Articles from {FIRST} on were made with another seed, or not made at all. Use that "
            "seed, or a database of its own."
        )
    stand_beside = others.exists()
    if stand_beside and not force:
        raise NotOurs(
            "There are articles in this library that were not made. Make one in a database of its "
            "own, with DATABASE_URL; or beside them, with --force."
        )
    there = set(Article.objects.filter(pk__gte=FIRST).values_list("pk", flat=True))
    chunks = [
        missing
        for start in range(1, count + 1, _CHUNK)
        if (
            missing := [
                number
                for number in range(start, min(start + _CHUNK, count + 1))
                if FIRST - 1 + number not in there
            ]
        )
    ]
    total = sum(map(len, chunks))
    plan = plan_for(seed)
    is_postgres = connection.vendor == "postgresql"
    if is_postgres and total >= _MANY and not stand_beside:
        drop_indexes()
    done = 0
    for made in _chunks_made(chunks, plan, jobs if is_postgres else 1):
        done += made
        tell(done, total)
    loaded = time.monotonic()
    if is_postgres:
        restore_indexes(jobs)
        _settle()
    with connection.cursor() as cursor:
        if not is_postgres:
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")
        elif connection.in_atomic_block:
            cursor.execute("ANALYZE")
        else:  # lists read their index alone only where pages are known to be seen by all
            for table in _tables():
                cursor.execute(f"VACUUM (ANALYZE, PROCESS_TOAST off) {table}")
            cursor.execute("ANALYZE articles_term")
    version, _ = SearchVersion.current()
    if not SearchRow.objects.exclude(version=version).exists():
        SearchVersion.objects.filter(number=version).update(indexed=version)
    ended = time.monotonic()
    return Outcome(total, len(there), loaded - started, ended - started)


def _chunks_made(chunks: list[list[int]], plan: Plan, jobs: int) -> Iterable[int]:
    """Make chunks, in this process or in several; yield the number of articles of each."""
    if jobs == 1 or len(chunks) < 2:
        for chunk in chunks:
            yield _make_chunk(chunk, plan)
        return
    connections.close_all()  # none is shared with a forked process
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), _start_worker) as pool:
        try:
            for future in as_completed([pool.submit(_make_chunk, one, plan) for one in chunks]):
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _start_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End when the parent was killed, which cannot stop its workers: they would wait forever."""
    multiprocessing.parent_process().join()
    os._exit(1)


def _make_chunk(numbers: list[int], plan: Plan) -> int:
    words = current_words()
    with transaction.atomic():
        if connection.vendor == "postgresql":
            _copy_in([make_article(number, plan, words) for number in numbers])
        else:
            for start in range(0, len(numbers), _AT_ONCE):
                some = numbers[start : start + _AT_ONCE]
                _insert([make_article(number, plan, words) for number in some])
    return len(numbers)


def _insert(made: list[Made]) -> None:
    """Write articles through Django: on SQLite."""
    rows = [one.row for one in made]
    Article.objects.bulk_create(Article(**one.article) for one in made)
    Rendition.objects.bulk_create(Rendition(**fields) for one in made for fields in one.renditions)
    for model, values in ((Authorship, _authorships(made)), (TaggedArticle, _taggings(made))):
        model.objects.bulk_create(model(**fields) for fields in values)
    sqlite.write(rows)
    Listing.objects.bulk_create(index.listings(rows))
    index._add_terms({word for row in rows for word in row.tokens})


def _authorships(made: list[Made]) -> list[dict[str, Any]]:
    return [
        {"article_id": one.article["id"], "author_id": author, "position": position}
        for one in made
        for position, author in enumerate(one.authors, 1)
    ]


def _taggings(made: list[Made]) -> list[dict[str, Any]]:
    return [
        {"content_object_id": one.article["id"], "tag_id": tag} for one in made for tag in one.tags
    ]


def _copy_in(made: list[Made]) -> None:
    """Write articles by COPY: on PostgreSQL."""
    with connection.cursor() as cursor:
        # The last chunk may be lost with the server, and is made again then.
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(
            "SELECT set_config(name, 'lz4', true) FROM pg_settings "
            "WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)"
        )
        _copy(cursor, Article, [one.article for one in made])
        for rendition in (fields for one in made for fields in one.renditions):
            rendition["outline"] = json.dumps(rendition["outline"], ensure_ascii=False)
        _copy(cursor, Rendition, [fields for one in made for fields in one.renditions])
        _copy(cursor, Authorship, _authorships(made))
        _copy(cursor, TaggedArticle, _taggings(made))
        _copy(cursor, SearchRow, [_search_row(one.row) for one in made])
        lists = (
            {"facet": facet, "position": one.row.position, "article_id": one.row.article_id}
            for one in made
            for facet in ("", *one.row.facets)
        )
        _copy(cursor, Listing, list(lists))
        index._add_terms({word for one in made for word in one.row.tokens})


def _search_row(row: Row) -> dict[str, Any]:
    return {
        "article_id": row.article_id,
        "position": row.position,
        "title": row.title,
        "pinyin": row.pinyin,
        "facets": " ".join(row.facets),
        "version": row.version,
        "title_words": _tsvector(row.title_tokens),
        "words": _tsvector(postgres.lexemes(row)),
    }


def _tsvector(lexemes: list[str]) -> str:
    text = "\n".join(lexemes).replace("\\", "\\\\").replace("'", "''").replace("\n", "' '")
    return f"'{text}'" if lexemes else ""


def _copy(cursor, model: type[models.Model], rows: list[dict[str, Any]]) -> None:
    """Write rows that have the same columns; keys not given come from the sequence."""
    columns = ", ".join(rows[0])
    text = "\n".join(["\t".join([_field(value) for value in row.values()]) for row in rows])
    with cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
        copy.write(text.encode("utf-8"))


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    text = value if isinstance(value, str) else str(value)
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    return text.replace("\n", "\\n") if "\n" in text else text


def _tables() -> list[str]:
    """Return the tables that grow with the library, the one that takes longest first."""
    grown = (SearchRow, Listing, Article, Rendition, Authorship, TaggedArticle)
    return [model._meta.db_table for model in grown]


_DROPPABLE = """
SELECT conrelid::regclass::text, conname,
    format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
    format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
        pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('f', 'u')
UNION ALL
SELECT indrelid::regclass::text, relname,
    format('DROP INDEX %%I', relname), pg_get_indexdef(indexrelid)
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE indrelid = ANY(%s::regclass[]) AND NOT indisprimary
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype = 'u')
"""
_MARKED = "articles_searchrow"
"""The table whose comment keeps what is to be made again, until it is: a run may be ended."""


def drop_indexes() -> None:
    """Drop what slows writing down; keys of rows and checks stay."""
    if _dropped():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DROPPABLE, [_tables(), _tables()])
        found = cursor.fetchall()
        for *_, drop, _again in found:
            cursor.execute(drop)
        _remember([[table, name, again] for table, name, _, again in found])


def _dropped() -> list[list[str]]:
    """Return table, name and statement of each index and rule that is dropped."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(%s::regclass, 'pg_class')", [_MARKED])
        kept = cursor.fetchone()[0]
    return json.loads(kept) if kept else []


def _remember(dropped: list[list[str]] | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('COMMENT ON TABLE %%s IS %%L', %s::text, %s::text)",
            [_MARKED, json.dumps(dropped) if dropped else None],
        )
        cursor.execute(cursor.fetchone()[0])


def restore_indexes(jobs: int = 1) -> None:
    """Make again what was dropped, by this run or one that was ended; tables side by side."""
    dropped = _dropped()
    if not dropped:
        return
    tables = [[one for one in dropped if one[0] == table] for table in _tables()]
    if jobs == 1 or connection.in_atomic_block:
        for of_table in tables:
            _restore(connection, of_table)
    else:
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(_restore_apart, tables))
    _remember(None)


def _restore_apart(dropped: list[list[str]]) -> None:
    own = connection.copy()
    try:
        _restore(own, dropped)
    finally:
        own.close()


def _restore(own, dropped: Sequence[Sequence[str]]) -> None:
    with own.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'")
        # Indexes first: they look rows up for nothing else.
        for _, name, again in sorted(dropped, key=lambda one: one[2].startswith("ALTER")):
            cursor.execute(
                "SELECT 1 FROM pg_class WHERE relname = %s AND relkind = 'i' "
                "UNION ALL SELECT 1 FROM pg_constraint WHERE conname = %s",
                [name, name],
            )
            if not cursor.fetchone():
                cursor.execute(again)
        cursor.execute("RESET maintenance_work_mem")


def _settle() -> None:
    """Let the next article have the key after the last."""
    last = Article.objects.aggregate(last=Max("pk"))["last"]
    if last:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('articles_article', 'id'), %s)", [last]
            )
