"""Whether search is slower than in an earlier checkout: both asked the same, in turns.

    DATABASE_URL=postgres://… python -m benchmarks.search_paired REVISION [--of URL] [--times N]

REVISION is a commit of this repository, of which a checkout is made for the time being; both read
the library of DATABASE_URL, or the earlier one that of `--of`, where its tables are others. Each
query of `benchmarks.search`, some questions and each beginning are asked here and there and there
and here, in a process of each: what else the machine does weighs on both. Told are milliseconds of
whole requests, p50 and p95, processor time of the process alone, and the median of the ratios.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .page_servers import ROOT

_ASKING = """
import json, os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
import django
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
django.setup()
import logging
logging.disable()
from django.test import Client
client = Client(SERVER_NAME="127.0.0.1")
for line in sys.stdin:
    path, asked = json.loads(line)
    wall, own = time.perf_counter(), time.process_time()
    status = client.get(path, {"q": asked}).status_code
    took = 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - own), status
    print("told", json.dumps(took), flush=True)
"""


class Side:
    """A checkout that is asked, in a process of its own."""

    def __init__(self, checkout: Path, database: str):
        told = {"DATABASE_URL": database, "PAGE_CACHE": "off", "PYTHONPATH": str(checkout)}
        self._process = subprocess.Popen(  # noqa: S603 - git, by arguments
            [sys.executable, "-W", "ignore", "-P", "-c", _ASKING],
            cwd=checkout, env=os.environ | told, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def ask(self, path: str, text: str) -> tuple[float, float]:
        """Return the milliseconds a request takes, and those of a processor."""
        self._process.stdin.write(f"{json.dumps([path, text])}\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith("told "):
                took, own, status = json.loads(line.removeprefix("told "))
                if status != 200:
                    raise SystemExit(f"{status} where “{text}” is asked at {path}")
                return took, own
        raise SystemExit("A side has ended: see what it says above.")

    def end(self) -> None:
        self._process.stdin.close()
        self._process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("revision")
    parser.add_argument("--of", metavar="URL", help="the library of the earlier checkout")
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    os.environ |= {"DEBUG": "off", "HTTPS": "off", "LOG_LEVEL": "CRITICAL"}
    os.environ.setdefault("SECRET_KEY", "of a benchmark that nobody else can reach, long enough")
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    import django

    django.setup()
    from .sampling import beginnings, queries, questions, sample
    from .search import percentile

    known, database = sample(), os.environ["DATABASE_URL"]
    kinds = {
        "search": ("/zh-hant/search/", [q for group in queries(known).values() for q in group]),
        "questions": ("/zh-hant/search/", questions(known)),
        "suggestions": (
            "/zh-hant/search/suggest",
            [q for group in beginnings(known).values() for q in group],
        ),
    }
    git = ["git", "-C", str(ROOT), "worktree"]
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder) / "earlier"
        made = [*git, "add", "--detach", str(checkout), options.revision]
        subprocess.run(made, check=True, capture_output=True)  # noqa: S603 - git, by arguments
        try:
            sides = [Side(ROOT, database), Side(checkout, options.of or database)]
            print("| | p50 ms | p95 ms | earlier: p50 | p95 | own CPU | earlier | ratio |")
            print("|---|--:|--:|--:|--:|--:|--:|--:|", flush=True)
            for kind, (path, asked) in kinds.items():
                for side in sides:
                    side.ask(path, asked[0])  # what is loaded at the first request
                taken = []
                for turn in range(options.times):
                    for text in asked:
                        order = sides if turn % 2 else sides[::-1]
                        both = [side.ask(path, text) for side in order]
                        taken.append(both if turn % 2 else both[::-1])
                here, there = ([one[n][0] for one in taken] for n in (0, 1))
                own = [statistics.median(one[n][1] for one in taken) for n in (0, 1)]
                ratio = statistics.median(one[0][1] / one[1][1] for one in taken)
                told = (percentile(values, share) for values in (here, there) for share in (50, 95))
                cells = " | ".join(f"{one:.1f}" for one in (*told, *own))
                print(f"| {kind} | {cells} | {ratio:.2f} |", flush=True)
            for side in sides:
                side.end()
        finally:
            gone = [*git, "remove", "--force", str(checkout)]
            subprocess.run(gone, check=True, capture_output=True)  # noqa: S603 - git, by arguments


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"\n{time.monotonic() - started:.0f} s")
