"""What the officer's table costs: so many rules, asked of so many members, counted by unit.

    DATABASE_URL=postgres://… python -m benchmarks.training [--members 6000] [--rules 40]

Run it on a database of its own, migrated and without a roster, and drop that afterwards. Told is
the CPU of this process and, with PostgreSQL, of the server that works for it, in milliseconds;
beside it, in the same rounds, what the database takes to count the tasks once.
"""

import argparse
import json
import os
import random
import statistics
import time
from datetime import date, timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from training.models import (  # noqa: E402
    Assigned,
    AssignedState,
    Member,
    Membership,
    PathVersion,
    Rule,
    Unit,
)
from training.models import Path as TrainingPath  # noqa: E402
from training.tallies import by_unit  # noqa: E402
from training.tree import plant  # noqa: E402

ROUNDS = 20
DISTRICTS, UNITS_EACH = 8, 14


def make(members: int, rules: int) -> list[Rule]:
    """Make a federation of 121 units, and a task of each rule for each member."""
    day, chance = date(2026, 1, 5), random.Random(1)
    top = plant(Unit(name="示例县总工会", code="B", kind="federation"))
    grassroots = []
    for district in range(DISTRICTS):
        above = plant(Unit(name=f"第{district}片", code=f"B{district}", parent=top))
        for number in range(UNITS_EACH):
            code = f"B{district}-{number}"
            grassroots.append(plant(Unit(name=f"单位{code}", code=code, parent=above)))
    people = Member.objects.bulk_create(
        [
            Member(name=f"人{n}", staff_no=str(n), employer=grassroots[n % len(grassroots)])
            for n in range(members)
        ],
        batch_size=1000,
    )
    Membership.objects.bulk_create(
        [Membership(member=one, unit=one.employer, from_on=day) for one in people], batch_size=1000
    )
    path = TrainingPath(slug="benchmark", name="新任工会干部")
    path.save()
    version = PathVersion.objects.create(path=path, number=1, made_on=day)
    made = []
    for _ in range(rules):
        rule = Rule.objects.create(version=version, opens_on=day, due_on=day + timedelta(days=90))
        Assigned.objects.bulk_create(
            [
                Assigned(
                    rule=rule,
                    member=one,
                    unit_id=one.employer_id,
                    due_on=rule.due_on,
                    step_count=6,
                    **chance.choice(
                        (
                            {"state": AssignedState.OPEN},
                            {"state": AssignedState.DONE, "completed_on": day},
                            {"state": AssignedState.EXCUSED, "excuse": "病假"},
                        )
                    ),
                )
                for one in people
            ],
            batch_size=1000,
        )
        made.append(rule)
    return made


def cpu(server: int | None) -> float:
    """Return the milliseconds of CPU this process and its database server have had."""
    own = time.process_time() * 1000
    if server is None:
        return own
    return own + int(Path(f"/proc/{server}/schedstat").read_text().split()[0]) / 1e6


def measure(ask, server: int | None) -> float:
    before = cpu(server)
    ask()
    return cpu(server) - before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=6000)
    parser.add_argument("--rules", type=int, default=40)
    options = parser.parse_args()
    if Unit.objects.exists():
        raise SystemExit("There is a roster here: run this on a database of its own.")
    with transaction.atomic():
        rules = make(options.members, options.rules)
    user = User.objects.create(username="benchmark", is_superuser=True, is_staff=True)
    server = None
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE training_assigned")
            cursor.execute("SET max_parallel_workers_per_gather = 0")  # else others work for it too
            cursor.execute("SELECT pg_backend_pid()")
            server = cursor.fetchone()[0]
    asked = {
        "by unit, all rules": lambda: by_unit(user, rules),
        "by unit, one rule": lambda: by_unit(user, rules[:1]),
        "tasks counted once": lambda: Assigned.objects.count(),
    }
    taken = {name: [] for name in asked}
    for _ in range(ROUNDS):
        for name, ask in asked.items():
            taken[name].append(measure(ask, server))
    for name, ask in asked.items():
        with CaptureQueriesContext(connection) as queries:
            ask()
        said = {
            "what": name,
            "members": options.members,
            "rules": options.rules,
            "database": connection.vendor,
            "queries": len(queries),
            "cpu_ms": round(statistics.median(taken[name]), 1),
        }
        print(json.dumps(said, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
