"""How fast essays come in: through the whole importer into a database, and where the time goes.

    python -m benchmarks.pipeline [essays] [--sqlite] [--clean]

Makes essays of about 3,000 characters out of the short clauses of the starter essays and
tests/corpus, clean ones and ones full of pinyin put in by bytes, and imports them with the
command: with one process and with two. As real essays, they share no more than single words:
clauses are shorter than the shingles near duplicates are found by. Told are essays a second, and
what the processes took of the processor, which other work on the machine troubles less. Then a
sample goes through in this process, and each step tells its share of the processor time.
"""

import json
import multiprocessing
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from pathlib import Path

LENGTH = 3000
_PROCESSES = ("importer", "workers", "PostgreSQL")


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


def timed(folder: Path, jobs: int, postgres: str | None) -> dict[str, float]:
    """Import into a fresh database; return what `--import` tells."""
    name = f"bench_{uuid.uuid4().hex[:8]}"
    if postgres:
        import psycopg

        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        address = postgres.rsplit("/", 1)[0] + "/" + name
    else:
        address = f"sqlite:///{folder.parent / name}.sqlite3"
    # Without DEBUG: Django would keep every query, with the essay in it, and write it out.
    environment = os.environ | {"DATABASE_URL": address, "DEBUG": "off", "SECRET_KEY": "b" * 50}
    try:
        migrate = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(migrate, env=environment, check=True)  # noqa: S603 - our own
        command = [sys.executable, "-m", "benchmarks.pipeline", "--import", folder, str(jobs)]
        told = subprocess.run(  # noqa: S603 - our own
            command, env=environment, check=True, stdout=subprocess.PIPE
        )
        return json.loads(told.stdout)
    finally:
        if postgres:
            with psycopg.connect(postgres, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run_import(folder: str, jobs: str) -> None:
    """Run the command in this process and tell the seconds: on the clock and of the processor.

    The start of this process is not counted, the workers' own start is.
    """
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid if connection.vendor == "postgresql" else 0
    server = f"/proc/{pid}/stat"

    def of_server() -> float:  # where it runs on this machine
        if not pid or not Path(server).exists():
            return 0
        fields = Path(server).read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    clock, own, of_server_before = time.monotonic(), time.process_time(), of_server()
    call_command("import_essays", folder, jobs=int(jobs), verbosity=0)
    told = {
        "seconds": time.monotonic() - clock,
        "importer": time.process_time() - own,
        "PostgreSQL": of_server() - of_server_before,
    }
    for child in multiprocessing.active_children():
        child.join()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    told["workers"] = used.ru_utime + used.ru_stime
    told["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(told))


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


def main(count: int, postgres: str | None, clean_only: bool) -> None:
    for noisy in (False, True)[: 1 if clean_only else 2]:
        made = essays(count, noisy)
        kind = "full of pinyin" if noisy else "clean"
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "essays"
            folder.mkdir()
            for number, text in enumerate(made):
                (folder / f"{number:05}.txt").write_text(text, "utf-8")
            size = sum(map(len, made)) / count
            print(f"{count} essays, {kind}, {size:.0f} characters")
            for jobs in (1, 2):
                told = timed(folder, jobs, postgres)
                parts = {name: 1000 * told[name] / count for name in _PROCESSES}
                each = ", ".join(f"{name} {value:.1f}" for name, value in parts.items())
                print(
                    f"  --jobs {jobs}: {count / told['seconds']:.1f} a second; of the processor "
                    f"{sum(parts.values()):.1f} ms an essay ({each}); {told['memory']:.0f} MB"
                )
        spent = shares(made[:40])
        total = sum(spent.values())
        print(f"  in this process {1000 * total / len(made[:40]):.1f} ms an essay, of which")
        for name, value in spent.most_common(12):
            print(f"    {name:32} {value / total:6.1%}")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    os.environ.setdefault("DEBUG", "on")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    numbers = [int(one) for one in arguments if one.isdecimal()]
    server = os.environ.get("TEST_POSTGRES_URL", "postgres://127.0.0.1:5432/postgres")
    if arguments[:1] == ["--import"]:
        run_import(*arguments[1:])
    else:
        count = numbers[0] if numbers else 400
        main(count, None if "--sqlite" in arguments else server, "--clean" in arguments)
