"""What benchmarks.search asks: queries, beginnings and lists drawn from the library it measures."""

import math
import random
import re
from collections import Counter
from dataclasses import dataclass, field

LAST_PAGE, PER_PAGE = 5000, 20
_READ = 2_000  # articles whose words are counted
_NOWHERE = ("饕餮狴犴貔貅", "zzqxj")


@dataclass
class Sample:
    """Words by how common they are, and names, out of the library itself."""

    rare: list[str]
    one_percent: list[str]
    fifteen_percent: list[str]
    everywhere: list[str]
    phrases: list[str]
    titles: list[str]
    authors: list[tuple[int, str, str]] = field(default_factory=list)  # key, name, slug
    tags: list[tuple[int, str, str]] = field(default_factory=list)


def sample() -> Sample:
    """Read some articles, evenly spread, and count the words they have."""
    from articles.models import Article, Author, Tag
    from articles.search.words import HAN, current_words, cut

    words = current_words()
    rng = random.Random(1)
    pks = list(Article.objects.published().order_by("pk").values_list("pk", flat=True))
    if not pks:
        raise SystemExit("There are no articles: make some with manage.py make_library.")
    pks = sorted(rng.sample(pks, min(_READ, len(pks))))
    counts: Counter[str] = Counter()
    phrases, titles = [], []
    for start in range(0, len(pks), 200):
        some = Article.objects.filter(pk__in=pks[start : start + 200]).order_by("pk")
        for title, text in some.values_list("title", "search_text"):
            counts.update(
                word for word in words.tokens(text) if len(word) > 1 and all(map(HAN.match, word))
            )
            titles.append(title)
            clause = rng.choice(re.findall(r"[\u4e00-\u9fff]{8,}", text) or [title])
            in_order = cut(clause)
            phrases.append("".join(in_order[:3])[:12])

    def near(share: float, count: int) -> list[str]:
        """Return words of about this share, a chosen few of the nearest."""
        wanted = share * len(pks)
        by_distance = sorted(counts, key=lambda word: (abs(counts[word] - wanted), word))
        return rng.sample(by_distance[: 3 * count], count)

    once = sorted(word for word, count in counts.items() if count == 1)
    return Sample(
        _rarest(rng.sample(once, min(40, len(once))))[:8],
        near(0.01, 12),
        near(0.15, 12),
        [word for word, _ in counts.most_common(6)],
        rng.sample(phrases, min(8, len(phrases))),
        rng.sample(titles, min(8, len(titles))),
        _used(Author, "a"),
        _used(Tag, "t"),
    )


def _rarest(words: list[str]) -> list[str]:
    from articles.search.engine import engine
    from articles.search.query import parse
    from articles.search.words import current_words

    kept = current_words()
    return sorted(words, key=lambda word: engine().find(parse(word, kept), 1000).total)


def _used(model, letter: str) -> list[tuple[int, str, str]]:
    """Return those with most articles first."""
    from django.db.models import Count

    from articles.models import Listing

    listed = Listing.objects.filter(facet__startswith=letter).values("facet")
    order = listed.annotate(count=Count("pk")).order_by("-count", "facet")[:20]
    keys = [int(one["facet"][1:]) for one in order]
    named = model.objects.in_bulk(keys)
    return [(key, named[key].name, named[key].slug) for key in keys]


def queries(known: Sample) -> dict[str, list[str]]:
    """Return the 40 queries by their kind."""
    from articles.search.words import pinyin_of

    one, fifteen, rng = known.one_percent, known.fifteen_percent, random.Random(2)
    named = [
        f"{word} author:{rng.choice(known.authors)[1]}"
        for word in (fifteen[9], known.everywhere[0])
    ]
    named += [f"{word} tag:{rng.choice(known.tags)[1]}" for word in (one[10], fifteen[10])]
    author, tag = rng.choice(known.authors)[1], rng.choice(known.tags)[1]
    return {
        "a rare word": known.rare[:5],
        "a word of 1 %": one[:6],
        "a word of 15 %": fifteen[:6],
        "a word everywhere": known.everywhere[:3],
        "two common words": [
            f"{known.everywhere[0]} {fifteen[6]}",
            f"{fifteen[6]} {fifteen[7]}",
            f"{fifteen[8]} {one[6]}",
            f"{known.everywhere[1]} {known.everywhere[2]}",
            f"{one[7]} {one[8]}",
            f"{known.everywhere[3]} {one[9]}",
        ],
        "a phrase": [f"“{phrase}”" for phrase in known.phrases[:4]],
        "author: and tag:": [*named, f"{known.everywhere[0]} author:{author} tag:{tag}"],
        "no hit": list(_NOWHERE),
        "pinyin": ["gonghui", pinyin_of(one[11]), pinyin_of(fifteen[11])],
    }


def odd(known: Sample) -> dict[str, list[str]]:
    """Return queries nobody should have to think of, by what is odd about them."""
    everywhere, fifteen, rng = known.everywhere, known.fifteen_percent, random.Random(3)
    words = [*everywhere, *fifteen, *known.one_percent]
    return {
        "10,000 characters": ["".join(rng.choices(words, k=5_000))[:10_000], "x" * 10_000],
        "a hundred words": [" ".join(rng.choices(words, k=100)), "工 " * 100],
        "single characters": ["工", "的", "一", "工 会", "工 会 职 代 法 人"],
        "common ones left out": [
            f"{fifteen[0]} -{everywhere[0]} -{everywhere[1]}",
            f"{everywhere[0]} -{everywhere[1]}",
            f"{everywhere[0]} -“{known.phrases[0]}”",
            f"tag:{known.tags[0][1]} -{everywhere[0]}",
        ],
        "only marks": ["，。！？；：", "“”", '"""', "%_\\", "(((", "- -- ---"],
        "control characters": ["\x00\x01\x1f", "\u202e工会\u202c", "e\u0301\u0301"],
        "SQL and operators": [
            "'; DROP TABLE articles_article; --",
            "' OR 1=1",
            'NEAR("a" "b", 2)',
            "工会 & | ! :*",
            "title : 工会",
        ],
        "other writing": ["😀👨‍👩‍👧", "שלום עולם", "𠀀𠀁", "㎡ﬁ", "壹" * 90],
    }


def questions(known: Sample) -> list[str]:
    """Return questions about words of the library, some about more than any text has."""
    one, fifteen, rare = known.one_percent, known.fifteen_percent, known.rare
    return [
        f"怎么做好{fifteen[0]}",
        f"什么是{one[0]}",
        f"{fifteen[1]}和{fifteen[2]}有什么区别",
        f"{one[1]}可以{fifteen[3]}吗",
        f"{known.everywhere[0]}的{fifteen[4]}应该怎么办",
        f"{rare[0]}出了问题找谁",
        f"{one[2]}不够{one[3]}怎么办",
        f"{rare[1]}和{rare[2]}哪个好",
        f"请问{one[4]}{one[5]}多少天",
        f"{rare[3]}{fifteen[5]}{one[6]}怎么写",
    ]


def beginnings(known: Sample) -> dict[str, list[str]]:
    """Return 20 beginnings of what a reader may be typing."""
    from articles.search.words import pinyin_of

    return {
        "Chinese": [
            *("工", "职", "工会"),
            *(word[:2] for word in known.fifteen_percent[:2]),
            *(title[:length] for title, length in zip(known.titles, (2, 4, 6), strict=False)),
            known.authors[0][1],
            known.tags[0][1],
        ],
        "pinyin": [
            *("g", "gong", "gonghui", "zhi"),
            *(pinyin_of(word)[:4] for word in known.one_percent[:2]),
            *(pinyin_of(title[:4]) for title in known.titles[3:5]),
            pinyin_of(known.authors[0][1]),
            pinyin_of(known.tags[0][1]),
        ],
    }


def lists(known: Sample) -> dict[str, list[dict]]:
    """Return the queries of lists."""
    from articles.models import Listing

    years = Listing.objects.filter(facet__startswith="y").order_by("-facet")
    years = sorted(set(years.values_list("facet", flat=True)))
    year = years[len(years) // 2]
    filters = {
        "all": ({}, ""),
        "of a tag": ({"tag": known.tags[0][2]}, f"t{known.tags[0][0]}"),
        "of an author": ({"author": known.authors[0][2]}, f"a{known.authors[0][0]}"),
        "of a year": ({"year": year[1:]}, year),
    }
    found = {}
    for kind, (query, facet) in filters.items():
        pages = math.ceil(Listing.objects.filter(facet=facet).count() / PER_PAGE)
        for page in dict.fromkeys([1, max(1, min(pages, LAST_PAGE))]):
            found[f"{kind}, page {page}"] = [query | {"page": page}]
    return found
