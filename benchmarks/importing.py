"""What an import costs: CPU per essay, essays a second, memory and start-up, before and after.

    python -m benchmarks.importing [essays] [--rounds N] [--against FOLDER]
                                [--sqlite] [--clean] [--shares]

takes some minutes as it stands, and one on a small setting: `12 --rounds 1`.

Essays of about 3,000 characters, made out of the short clauses of the starter essays and
tests/corpus, are imported with the command: clean ones and ones full of pinyin put in by bytes,
with one process and with two, each into a fresh database of the server of DATABASE_URL; of the
noisy ones, which cost more, a fifth as many. As real essays, they share no more than single words:
clauses are shorter than the shingles near duplicates are found by. CPU is what the kernel accounts
for: the command with its workers, and the backend of PostgreSQL, which other work on the machine
troubles less than the clock; what a run of one essay takes is left out of it, for that is the
start. Start-up is the command for one file, with its modules and tables compiled. FOLDER is another
checkout of the project: the two take turns, round by round, and medians are told. What that one
needs besides goes into PYTHONPATH.

Each measurement is a line of JSON on standard output; the table comes in the end, on standard
error. `--shares` tells besides what each step of the pipeline takes of it, in this process.
"""

import argparse
import json
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
LENGTH = 3000
_FEWER = 5  # times as many clean essays as noisy ones
_EVERY = 0.5  # seconds between two looks at a running import


def essays(count: int, noisy: bool) -> list[str]:
    """Return essays in traditional characters, each with a title and an author."""
    from articles.importing.repairs.byteshift.gbk import damage
    from articles.text import script
    from articles.text.fingerprints import SHINGLE
    from tests.support.damage import keys_of, to_traditional
    from tests.support.scoring import OTHER, UNION, texts

    clauses = sorted(
        {
            clause
            for field in (*UNION, *OTHER)
            for text in texts(field)
            for clause in re.findall(r"[\u4e00-\u9fff]+", text)
            if 2 < len(clause) < SHINGLE
        }
    )
    made = []
    for number in range(count):
        rng = random.Random(number)
        lines, size = [], 0
        while size < LENGTH:
            sentences = ("，".join(rng.sample(clauses, rng.randint(2, 6))) for _ in range(10))
            lines.append("。".join(sentences) + "。")
            size += len(lines[-1])
        body = "\n".join(lines)
        if not noisy:
            body = script.convert(body, script.HANT, script.HANS)
        else:
            body = to_traditional(body)
            body = damage(body.replace("\n", "\r\n"), keys_of(body, 54)).replace("\r\n", "\n")
        made.append(f"第{number}篇工會文章\n作者：王芳\n{body}")
    return made


class Databases:
    """The databases of a checkout: migrated once, and copied for each measurement. `migrated` is a
    file of SQLite's that is so already."""

    def __init__(
        self, checkout: Path, postgres: str | None, scratch: Path, migrated: Path | None = None
    ):
        self.checkout, self._postgres, self._scratch = checkout, postgres, scratch
        self._pattern = self._create()
        if migrated:
            shutil.copy(migrated, scratch / self._pattern)
            return
        command = [sys.executable, "manage.py", "migrate", "-v0"]
        environment = self._environment(self._pattern)
        subprocess.run(command, cwd=checkout, env=environment, check=True)  # noqa: S603 - our own program

    def _create(self, pattern: str = "") -> str:
        name = f"bench_{uuid.uuid4().hex[:8]}"
        if self._postgres:
            self._order(f"CREATE DATABASE {name}" + f" TEMPLATE {pattern}" * bool(pattern))
        elif pattern:
            shutil.copy(self._scratch / pattern, self._scratch / name)
        return name

    def _order(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self._postgres, autocommit=True) as connection:
            connection.execute(statement)

    def _environment(self, name: str) -> dict[str, str]:
        address = f"sqlite:///{self._scratch}/{name}"
        if self._postgres:
            address = self._postgres.rsplit("/", 1)[0] + "/" + name
        # Without DEBUG: Django would keep every query, with the essay in it.
        given = {"DATABASE_URL": address, "DEBUG": "off", "SECRET_KEY": "b" * 50}
        path = os.pathsep.join(filter(None, [str(self.checkout), os.environ.get("PYTHONPATH")]))
        environment = os.environ | given | {"PYTHONPATH": path}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # no server compiles its modules each time
        return environment

    @contextmanager
    def fresh(self) -> Iterator[dict[str, str]]:
        """Yield the environment of the checkout with an empty database of its own."""
        name = self._create(self._pattern)
        try:
            yield self._environment(name)
        finally:
            self._drop(name)

    def _drop(self, name: str) -> None:
        if self._postgres:
            self._order(f"DROP DATABASE {name} WITH (FORCE)")
        else:
            (self._scratch / name).unlink()

    def close(self) -> None:
        """Drop what the others were copied from."""
        self._drop(self._pattern)


@contextmanager
def databases(
    checkout: Path, postgres: str | None, migrated: Path | None = None
) -> Iterator[Databases]:
    """Yield databases of a checkout that are gone with the last of them."""
    with tempfile.TemporaryDirectory() as scratch:
        made = Databases(checkout, postgres, Path(scratch), migrated)
        try:
            yield made
        finally:
            made.close()


class _Watch(threading.Thread):
    """Looks at a process and its children while they run: the memory of all at once, in MB."""

    def __init__(self, pid: int):
        super().__init__(daemon=True)
        self.pid, self.peak, self.over = pid, 0.0, threading.Event()

    def run(self) -> None:
        while not self.over.wait(_EVERY):
            self.peak = max(self.peak, sum(map(_memory, _family(self.pid))))


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in _family(int(child)))]


def _memory(pid: int) -> float:
    """Return the proportional share of a process in MB: what several share is counted once."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1]) / 1024


def _backends(postgres: str, database: str) -> float:
    """Return the CPU seconds of the server processes that serve a database, where they run here."""
    import psycopg

    query = "SELECT pid FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(postgres) as connection:
        pids = [pid for (pid,) in connection.execute(query, [database])]
    return sum(map(_seconds, pids))


def _seconds(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return 0.0


def measured(
    databases: Databases, folder: Path, jobs: int, postgres: str | None
) -> dict[str, float]:
    """Run the command in a checkout; return seconds, CPU seconds and the peak of its memory."""
    checkout = databases.checkout
    with databases.fresh() as environment:
        # This file, with the project of the checkout: -P keeps what lies beside it out of the way.
        command = [sys.executable, "-P", __file__, "--run", folder, str(jobs)]
        started = resource.getrusage(resource.RUSAGE_CHILDREN)
        clock = time.monotonic()
        running = subprocess.Popen(  # noqa: S603 - our own
            command, cwd=checkout, env=environment, stdout=subprocess.PIPE, stdin=subprocess.PIPE
        )
        watch = _Watch(running.pid)
        watch.start()
        told = json.loads(running.stdout.readline())  # its backend waits for the look at it
        name = environment["DATABASE_URL"].rsplit("/", 1)[1]
        server = _backends(postgres, name) if postgres else 0.0
        running.communicate(b"\n")
        watch.over.set()
        if running.returncode:
            raise SystemExit("The import failed.")
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = ended.ru_utime + ended.ru_stime - started.ru_utime - started.ru_stime
        whole = time.monotonic() - clock
        return told | {"whole": whole, "cpu": cpu, "server": server, "memory": watch.peak}


def run_import(folder: str, jobs: str) -> None:
    """Run the command in this process, tell its seconds, and wait to be looked at."""
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    connection.ensure_connection()
    clock = time.monotonic()
    call_command("import_essays", folder, jobs=int(jobs), verbosity=0)
    print(json.dumps({"seconds": time.monotonic() - clock}), flush=True)
    sys.stdin.readline()


def started(databases: Databases, file: Path) -> float:
    """Return the CPU seconds of the command for a single file, as it is typed."""
    checkout = databases.checkout
    with databases.fresh() as environment:
        command = [sys.executable, "manage.py", "import_essays", file, "-v0"]
        once = [*command, "--dry-run"]  # compiles what it is made of
        subprocess.run(once, cwd=checkout, env=environment, check=True)  # noqa: S603 - our own program
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, cwd=checkout, env=environment, check=True)  # noqa: S603 - our own program
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def shares(texts: list[str]) -> Counter:
    """Return the processor seconds of each step over the texts."""
    from articles.importing.edits import Record
    from articles.importing.pipeline import draft_of, make_draft
    from articles.importing.readers import read
    from articles.importing.repairs import REPAIRS, run
    from articles.importing.structure.as_html import from_blocks
    from articles.text import html, script

    make_draft(texts[0].encode(), "a.txt")  # tables are loaded
    spent: Counter = Counter()

    def step(name, work):
        started = time.process_time()
        result = work()
        spent[name] += time.process_time() - started
        return result

    for text in texts:
        source = step("read", lambda text=text: read(text.encode(), "a.txt"))
        record = Record(source.text)
        for repair in REPAIRS:
            step(repair.name, lambda repair=repair, record=record: run(record, [repair]))
        draft = step("metadata, outline, tags", lambda r=record, s=source: draft_of(r, s))
        markup = step("markup", lambda d=draft: html.sanitise(from_blocks(d.blocks)))
        step(
            "OpenCC for the other script",
            lambda m=markup: html.map_text(m, lambda t: script.convert(t, script.HANS)),
        )
    return spent


def tell_shares(made: list[str], kind: str) -> None:
    spent = shares(made[:40])
    total = sum(spent.values())
    print(f"\n{kind}: {1000 * total / len(made[:40]):.1f} ms in this process", file=sys.stderr)
    for name, value in spent.most_common(12):
        print(f"    {name:32} {value / total:6.1%}", file=sys.stderr)


def main(asked: argparse.Namespace, postgres: str | None) -> None:
    checkouts = {"here": HERE} | ({"against": asked.against} if asked.against else {})
    found: dict[tuple[str, str], dict[str, list[float]]] = {}

    def note(kind: str, what: str, which: str, value: float) -> None:
        told = {"kind": kind, "what": what, "checkout": which, "value": round(value, 3)}
        print(json.dumps(told), flush=True)
        found.setdefault((kind, what), {}).setdefault(which, []).append(value)

    def look(kind: str, folder: Path, which: str, databases: Databases) -> None:
        count = len(list(folder.iterdir()))
        if kind == "clean":
            note("one file", "CPU s", which, started(databases, folder / "00000.txt"))
        for jobs in (1, 2):
            one = measured(databases, folder / "00000.txt", jobs, postgres)
            told = measured(databases, folder, jobs, postgres)
            of = f"--jobs {jobs}"
            note(kind, f"{of}: essays/s", which, count / told["seconds"])
            cpu, server = (1000 * (told[by] - one[by]) / (count - 1) for by in ("cpu", "server"))
            note(kind, f"{of}: CPU ms an essay", which, cpu)
            note(kind, f"{of}: PostgreSQL's ms besides", which, server)
            note(kind, f"{of}: peak memory, MB", which, told["memory"])

    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        made = {"clean": essays(asked.essays, False)}
        if not asked.clean:
            made["noisy"] = essays(max(2, asked.essays // _FEWER), True)
        for kind, texts in made.items():
            (Path(scratch) / kind).mkdir()
            for number, text in enumerate(texts):
                (Path(scratch) / kind / f"{number:05}.txt").write_text(text, "utf-8")
        databases = {}
        for which, checkout in checkouts.items():
            databases[which] = Databases(checkout, postgres, Path(scratch))
            stack.callback(databases[which].close)
        for turn in range(asked.rounds):
            for kind in made:
                for which in list(checkouts)[:: 1 if turn % 2 else -1]:
                    look(kind, Path(scratch) / kind, which, databases[which])
        for kind, texts in made.items():
            if asked.shares:
                tell_shares(texts, kind)
    print(f"\n{'':44}{''.join(f'{which:>10}' for which in checkouts)}", file=sys.stderr)
    for (kind, what), values in found.items():
        medians = [statistics.median(values[which]) for which in checkouts]
        told = "".join(f"{value:10.1f}" for value in medians)
        print(f"{kind + ', ' + what:44}{told}", file=sys.stderr)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("essays", type=int, nargs="?", default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--against", type=Path, metavar="FOLDER")
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--clean", action="store_true")
    parser.add_argument("--shares", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    os.environ.setdefault("DEBUG", "on")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if sys.argv[1:2] == ["--run"]:
        run_import(*sys.argv[2:])
    else:
        asked = arguments()
        address = os.environ.get("DATABASE_URL", "postgres://127.0.0.1:5432/postgres")
        main(asked, None if asked.sqlite else address)
