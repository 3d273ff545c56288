"""What a page costs, beside what Django, nginx and Wagtail cost.

    DATABASE_URL=postgres://… python -m benchmarks.pages [--rounds N] [--json FILE] [--wagtail]

Measured is the time of a processor, of the server's processes and of its connections at the
database, by the kernel's own accounting (/proc/PID/task/*/schedstat): other work on the machine
makes it uneven, but is not counted in. Each server has one worker and one connection. Rounds are
interleaved: in each every page of every server is asked for some times, and told is the median of
the rounds. The library is that of DATABASE_URL, best one that `manage.py make_library` made.

--wagtail   makes an environment and a database (the library's name and `_wagtail`) with a small
            Wagtail site of the same articles, and measures that too: minutes, the first time
--json      writes a line for each page of each server

Without PostgreSQL there is no database to be accounted for: SQLite works in the server.
"""

import argparse
import json
import os
import statistics
import sys
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from .page_servers import Server, gunicorn, nginx_with, served

TIMES = 20
"""Requests of one page in a round."""

QUIET = {"LOG_LEVEL": "ERROR", "HTTPS": "off", "DEBUG": "off", "ALLOWED_HOSTS": "*"}


def addresses() -> dict[str, str]:
    """Return the pages that are asked for, chosen out of the library."""
    from articles.models import Article
    from articles.search.lists import counts

    listed = counts()
    some = Article.objects.published().newest_first()[min(50, listed[""] - 1)]
    last = -(-listed[""] // 20)
    words = sampled()
    found = {
        "article": f"articles/{some.pk}-{some.slug}/",
        "list, page 1": "articles/",
        f"list, page {min(400, last)}": f"articles/?page={min(400, last)}",
        "a tag": f"tags/{some.tags.first().slug}/" if some.tags.exists() else "",
        "an author": f"authors/{some.byline[0].slug}/" if some.byline else "",
        "all authors": "authors/",
        "feed": "feeds/latest.rss",
        "home": "",
        **{name: f"search/?q={quote(word)}" for name, word in words.items()},
        "suggestion": f"search/suggest?q={quote(words['search: everywhere'][:1])}",
    }
    return {name: f"/zh-hant/{path}" for name, path in found.items() if path or name == "home"}


def sampled() -> dict[str, str]:
    """Return words to look for: one that stands everywhere, one in about a tenth, and a phrase."""
    from .sampling import sample

    found = sample()
    return {
        "search: everywhere": found.everywhere[0],
        "search: of 15 %": found.fifteen_percent[0],
        "search: a phrase": f'"{found.phrases[0]}"',
    }


class Round:
    """The milliseconds of each page of each server, round by round."""

    def __init__(self):
        self.taken: dict[tuple[str, str], list[tuple[float, float]]] = {}
        self.sizes: dict[tuple[str, str], int] = {}

    def ask(self, server: Server, column: str, page: str, path: str, **headers: str) -> None:
        for _ in range(2):
            status, _told, body = server.get(path, **headers)
        if status not in (200, 304):
            raise SystemExit(f"{server.name} answers {status} at {path}")
        before = server.milliseconds()
        for _ in range(TIMES):
            server.get(path, **headers)
        own, database = (
            (after - begun) / TIMES
            for after, begun in zip(server.milliseconds(), before, strict=True)
        )
        self.taken.setdefault((column, page), []).append((own, database))
        self.sizes[column, page] = len(body)

    def lines(self) -> list[dict]:
        return [
            {
                "server": column,
                "page": page,
                "ms": round(statistics.median(own + database for own, database in taken), 2),
                "own": round(statistics.median(own for own, _ in taken), 2),
                "database": round(statistics.median(database for _, database in taken), 2),
                "bytes": self.sizes[column, page],
                "rounds": len(taken),
            }
            for (column, page), taken in self.taken.items()
        ]


def table(lines: list[dict]) -> str:
    """Return a Markdown table: a line for each page, a column for each server."""
    columns = list(dict.fromkeys(line["server"] for line in lines))
    pages = list(dict.fromkeys(line["page"] for line in lines))
    ms = {(line["server"], line["page"]): line["ms"] for line in lines}
    out = [f"| ms of CPU | {' | '.join(columns)} |", f"|---|{'--:|' * len(columns)}"]
    for page in pages:
        cells = (f"{ms[one, page]:.2f}" if (one, page) in ms else "–" for one in columns)
        out.append(f"| {page} | {' | '.join(cells)} |")
    return "\n".join(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--wagtail", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("SECRET_KEY", "of a benchmark that nobody else can reach, long enough")
    os.environ |= QUIET | {"DJANGO_SETTINGS_MODULE": "portal.settings", "PAGE_CACHE": "off"}
    import django

    django.setup()
    database = os.environ.get("DATABASE_URL", "")
    pages = addresses()
    with ExitStack() as running:

        def serve(name: str, application: str, first: str, **told: str) -> Server:
            command = gunicorn(application)
            up = served(name, *command, told=told, first=first, database=database)
            return running.enter_context(up)

        bare = serve("bare view", "benchmarks.bare_view", "/zh-hant/ok/")
        behind = serve(
            "middleware", "benchmarks.bare_view", "/zh-hant/ok/", BEHIND="portal.settings"
        )
        made = serve("made", "portal.wsgi", "/healthz", PAGE_CACHE="off")
        kept = serve("kept", "portal.wsgi", "/healthz", PAGE_CACHE="on")
        article = pages["article"]
        files = {"article": kept.get(article)[2]}
        nginx = running.enter_context(nginx_with(files))
        theirs = []
        if options.wagtail:
            from .wagtail_site.running import wagtail

            theirs = running.enter_context(wagtail(database, pages))
        measured = Round()
        for _ in range(options.rounds):
            measured.ask(bare, "Django", "a view that says ok", "/zh-hant/ok/")
            measured.ask(behind, "made", "a view that says ok", "/zh-hant/ok/")
            for page, path in pages.items():
                measured.ask(made, "made", page, path)
                if not page.startswith("search"):
                    measured.ask(kept, "kept", page, path)
                    etag = kept.get(path)[1]["etag"]
                    known = {"If-None-Match": etag}
                    measured.ask(kept, "304", page, path, **known)
            if nginx:
                measured.ask(nginx, "nginx", "article", "/article.html")
            for server, column, asked in theirs:
                for page, path in asked.items():
                    measured.ask(server, column, page, path)
            print(".", end="", file=sys.stderr, flush=True)
    lines = measured.lines()
    print(f"\n{table(lines)}")
    if options.json:
        options.json.write_text("".join(f"{json.dumps(line)}\n" for line in lines))


if __name__ == "__main__":
    main()
