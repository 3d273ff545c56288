"""Six processes at once do at random what curators, importers and commands do, for ten minutes.

    DATABASE_URL=postgres://…/storm python -m benchmarks.storm --seconds 600

In an empty database of its own: it migrates it, imports essays and lets go; with `--go-on` in one
that was begun before. Told are how often each
operation was done, refused and failed and how often the log tells of each deed, and then what must
hold: no answer was an error of the server, nobody was told of a deadlock, index and articles agree,
each text is what its last revision says, readers see it where the log says so, the log names what
bulk changes changed, near duplicates and steps of lists are what a look anew finds, and no flag
counts as settled whose decision does not stand. The exit code is 1 where one of these does not.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ.setdefault("SECRET_KEY", "a storm in a database of its own")
os.environ.setdefault("HTTPS", "off")
os.environ.setdefault("LOG_LEVEL", "CRITICAL")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import Group, User  # noqa: E402
from django.core.management import call_command  # noqa: E402

from articles.models import Article, AuditEntry  # noqa: E402

from .storm_damage import what_does_not_hold  # noqa: E402
from .storm_people import Person, essay  # noqa: E402


def begin(articles: int, processes: int, folder: Path, *, go_on: bool) -> None:
    """Fill an empty database, or see that nothing is missing in one that was begun before."""
    call_command("migrate", verbosity=0)
    if is_begun := Article.objects.exists():
        if not go_on:
            raise SystemExit("A storm takes an empty database: this one has articles.")
        if User.objects.filter(username="curator 0").exists():
            return
    groups = itertools.cycle(("編輯", "審核", "管理員"))
    for number, group in zip(range(processes), groups, strict=False):
        user = User.objects.create_user(f"curator {number}", is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        user.is_superuser = group == "管理員"
        user.save()
    if is_begun:
        return
    for number in range(articles):
        (folder / f"{number}.txt").write_text(essay(number), "utf-8")
    call_command("import_essays", str(folder), "--publish", verbosity=0)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=int, default=600)
    options.add_argument("--processes", type=int, default=6)
    options.add_argument("--articles", type=int, default=300)
    options.add_argument("--go-on", action="store_true", help="in a library of an earlier storm")
    options.add_argument("--person", type=int, help=argparse.SUPPRESS)
    asked = options.parse_args()
    settings.SPOOL_DIR = Path(tempfile.gettempdir()) / "storm-spool"
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"]["BACKEND"] = plain  # nothing need be collected
    if asked.person is not None:
        one = Person(asked.person, Path())
        one.act(time.time() + asked.seconds)
        print(json.dumps({"done": one.done, "wrong": one.wrong}, ensure_ascii=False))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        begin(asked.articles, asked.processes, Path(folder), go_on=asked.go_on)
    seconds = str(asked.seconds)
    command = [sys.executable, "-m", "benchmarks.storm", "--seconds", seconds, "--person"]
    people = [
        subprocess.Popen([*command, str(number)], stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own program
        for number in range(asked.processes)
    ]
    done, wrong = Counter(), []
    for person in people:
        said, _ = person.communicate()
        if person.returncode:
            wrong.append(f"a process ended with {person.returncode}")
            continue
        told = json.loads(said.splitlines()[-1])
        done += Counter(told["done"])
        wrong += told["wrong"]
    wrong += what_does_not_hold()
    for name, count in sorted(done.items()):
        print(f"{count:6} {name}")
    logged = Counter(AuditEntry.objects.values_list("action", flat=True))
    print("in the log: " + ", ".join(f"{count} {name}" for name, count in logged.most_common()))
    print(f"{sum(done.values())} operations, {len(wrong)} wrong")
    for line, count in Counter(wrong).most_common(40):
        print(f"{count} × {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
