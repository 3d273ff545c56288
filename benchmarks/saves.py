"""What a save at the desk costs: queries, and processor time of whole requests.

    DATABASE_URL=postgres://…/library python -m benchmarks.saves
    DATABASE_URL=… python -m benchmarks.saves --other ../before --others postgres://…/before

On a library made by `make_library`, of which it changes the text of three articles: of imported
ones, if there are. `--other` is a checkout with an environment in `.venv`, and `--others` a library
made there: both are measured in turns, a save here and one there, so what else the machine does
weighs on both; told is the median of the ratios. The database's own processor time is not in it:
that is in the queries.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

KINDS = {
    "draft": "a draft over a text readers see",
    "publish": "a text readers see, at once",
    "save": "a text nobody has released",
}


def measured() -> None:
    """Save once of each kind for each line read; write how many milliseconds each took, and with
    `queries` for a line, which queries it made."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    os.environ.setdefault("HTTPS", "off")
    django.setup()
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.db import connection
    from django.db.models import F
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from lxml import html

    from articles.models import Article

    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"]["BACKEND"] = plain  # nothing need be collected
    user, _ = User.objects.get_or_create(
        username="benchmark", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    articles = Article.objects.order_by(F("source").asc(nulls_last=True), "pk")
    keys = list(articles.values_list("pk", flat=True)[: len(KINDS)])
    Article.objects.filter(pk=keys[-1]).update(status="draft")

    def save(kind: str, key: int, number: int, *, told: bool):
        form = f"/admin/articles/article/{key}/change/"
        page = html.fromstring(client.get(form).content.decode())
        sent: dict = {}
        for name, value in page.get_element_by_id("article_form").form_values():
            sent.setdefault(name, []).append(value)
        body = sent["body"][0].replace("</p>", f"第{number}次改了這一段。</p>", 1)
        sent |= {"body": body, "_publish" if kind == "publish" else "_save": "1"}
        with CaptureQueriesContext(connection) as captured:
            connection.force_debug_cursor = told
            start = time.process_time()
            response = client.post(form, sent)
            taken = 1000 * (time.process_time() - start)
        if response.status_code != 302:
            raise SystemExit(f"The form was not saved: {response.status_code}")
        return [query["sql"] for query in captured.captured_queries] if told else taken

    for number, line in enumerate(sys.stdin):
        told = line.strip() == "queries"
        each = {
            kind: save(kind, key, number, told=told) for kind, key in zip(KINDS, keys, strict=True)
        }
        print(json.dumps(each, ensure_ascii=False), flush=True)


class Side:
    """A checkout with its library, in a process of its own."""

    def __init__(self, checkout: Path, database: str):
        self._process = subprocess.Popen(  # noqa: S603 - this module, by that checkout's Python
            [checkout / ".venv/bin/python", "-P", Path(__file__).resolve(), "--measured"],
            cwd=checkout,
            env=os.environ | {"DATABASE_URL": database, "PYTHONPATH": str(checkout)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, line: str = "") -> dict:
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--other", type=Path, help="a checkout to compare with")
    options.add_argument("--others", help="the DATABASE_URL of its library")
    options.add_argument("--times", type=int, default=20)
    options.add_argument("--queries", action="store_true", help="write them out")
    options.add_argument("--measured", action="store_true", help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.measured:
        measured()
        return
    sides = [Side(Path.cwd(), os.environ.get("DATABASE_URL", "sqlite:///db.sqlite3"))]
    if asked.other:
        sides.append(Side(asked.other.resolve(), asked.others))
    for side in sides:
        side.ask()  # the first reads dictionaries
    queries = [side.ask("queries") for side in sides]
    taken = [[side.ask() for side in sides] for _ in range(asked.times)]
    for kind, name in KINDS.items():
        told = [
            f"{statistics.median(each[n][kind] for each in taken):.0f} ms of processor time, "
            f"{len(queries[n][kind])} queries"
            for n in range(len(sides))
        ]
        if asked.other:
            ratio = statistics.median(here[kind] / there[kind] for here, there in taken)
            told.append(f"{ratio:.2f} of the other's time")
        print(f"{name}: {'; '.join(told)}")
        if asked.queries:
            for n in range(len(sides)):
                print(*(f"  {n} {sql[:200]}" for sql in queries[n][kind]), sep="\n")


if __name__ == "__main__":
    main()
