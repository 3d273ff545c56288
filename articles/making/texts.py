"""One made article: its text out of real words, and all that saving it would write."""

import json
import lzma
import random
import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from django.utils import timezone

from ..importing.lexicon import language
from ..importing.lexicon.surnames import SINGLE
from ..models import (
    Author,
    DatePrecision,
    Genre,
    Status,
    Tag,
)
from ..models.excerpt import beginning
from ..search import index
from ..search.rows import MOST_TOKENS, Row, position_of
from ..search.words import Words, cut, frequency, pinyin_of
from ..text import script
from ..text.names import name_key, pinyin_slug
from ..text.script import searchable

FIRST = 10_000_001
"""The key of the first article: beyond those of a library it may stand beside."""


AUTHORS, TAGS, YEARS = 500, 100, 15
_STRAYING = 30
"""Days by which an article may be published earlier or later than its number would have it."""

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
    count: int
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
    rng = random.Random(f"{plan.seed}-{number}")  # noqa: S311 - no secrets
    pk = FIRST - 1 + number
    published_at = _published(number, plan, rng)
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
        "genre": ("", *Genre.values)[number % (len(Genre) + 1)],
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
        *index.facets_of(article["dated"], article["genre"]),
    )
    row = Row(
        pk,
        position_of(pk, published_at),
        None,
        matched,
        pinyin_of(matched[:40])[:120],
        facets,
        article["dated"],
        kept.version,
        kept.tokens(matched),
        kept.tokens(search_text)[:MOST_TOKENS],
    )
    return Made(article, renditions, authors, tags, row)


def _published(number: int, plan: Plan, rng: random.Random) -> datetime:
    """Return when an article was published: about in the order of their numbers, as a library
    grows, some weeks earlier or later."""
    days = YEARS * 365
    at = days * number / plan.count + rng.uniform(-_STRAYING, _STRAYING)
    return plan.until - timedelta(seconds=int((days - min(max(at, 0), days)) * 86_400))


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
    excerpt = beginning("\n".join(text for tag, text in blocks if tag == "p"))
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


def plan_for(seed: str, count: int) -> Plan:
    """Return the plan of a library of so many articles, its authors and tags made where they are
    not there yet."""
    words = vocabulary()
    rng = random.Random(f"{seed}-names")  # noqa: S311 - no secrets
    names: dict[str, str] = {}
    while len(names) < AUTHORS:
        name, hant = _name(rng, words)
        names[name] = hant
    authors = [
        Author(name=name, name_hant=hant, slug=f"{pinyin_slug(name)}-m{number}", key=name_key(name))
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
    return Plan(seed, count, until, [author_ids[slug] for slug in slugs], tag_ids)
