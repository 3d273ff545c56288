"""How fast essays come in: through the whole importer into a database, and where the time goes.

    python -m benchmarks.pipeline [essays] [--sqlite]

Makes essays of about 3,000 characters out of the starter essays and tests/corpus (every text of
the mix in an order of its own, so that no two are near duplicates), clean ones and ones full of
pinyin put in by bytes, and imports them with the command: with one process and with two. Then a
sample goes through in this process, and each step tells its share of the processor time.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from pathlib import Path

LENGTH = 3000


def essays(count: int, noisy: bool) -> list[str]:
    """Return essays in traditional characters, each with a title and an author."""
    from articles.importing.gbk import damage
    from tests.damage import keys_of, to_traditional
    from tests.scoring import OTHER, UNION, texts

    sentences = [
        sentence + "。"
        for field in (*UNION, *OTHER)
        for text in texts(field)
        for sentence in text.replace("\n", "").split("。")
        if 8 < len(sentence) < 120 and sentence.count("“") == sentence.count("”")
    ]
    made = []
    for number in range(count):
        rng = random.Random(number)
        lines, line, size = [], "", 0
        while size < LENGTH:
            line += rng.choice(sentences)
            if len(line) > 200:
                lines.append(line)
                size, line = size + len(line), ""
        body = to_traditional("\n".join(lines))
        if noisy:
            body = damage(body.replace("\n", "\r\n"), keys_of(body, 54)).replace("\r\n", "\n")
        made.append(f"第{number}篇工會文章\n作者：王芳\n{body}")
    return made


def timed(folder: Path, jobs: int, postgres: str | None) -> float:
    """Return the seconds of an import into a fresh database, without starting up."""
    name = f"bench_{uuid.uuid4().hex[:8]}"
    if postgres:
        import psycopg

        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        address = postgres.rsplit("/", 1)[0] + "/" + name
    else:
        address = f"sqlite:///{folder.parent / name}.sqlite3"
    environment = os.environ | {"DATABASE_URL": address, "DEBUG": "on"}
    manage = [sys.executable, "manage.py"]
    try:
        subprocess.run([*manage, "migrate", "-v0"], env=environment, check=True)
        report = folder.parent / "report.json"
        command = [*manage, "import_essays", folder, "--jobs", str(jobs), "-v0"]
        subprocess.run([*command, "--report", report], env=environment, check=True)
        return json.loads(report.read_text("utf-8"))["seconds"]
    finally:
        if postgres:
            with psycopg.connect(postgres, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def shares(texts: list[str]) -> Counter:
    """Return the processor seconds of each step over the texts."""
    from articles import html, script
    from articles.importing.edits import Record
    from articles.importing.pipeline import draft_of, make_draft
    from articles.importing.readers import read
    from articles.importing.repairs import REPAIRS, run

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
        markup = step("markup", lambda d=draft: html.sanitise(html.from_blocks(d.blocks)))
        step(
            "OpenCC for the other script",
            lambda m=markup: html.map_text(m, lambda t: script.convert(t, script.HANS)),
        )
    return spent


def main(count: int, postgres: str | None) -> None:
    for noisy in (False, True):
        made = essays(count, noisy)
        kind = "full of pinyin" if noisy else "clean"
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "essays"
            folder.mkdir()
            for number, text in enumerate(made):
                (folder / f"{number:05}.txt").write_text(text, "utf-8")
            seconds = {jobs: timed(folder, jobs, postgres) for jobs in (1, 2)}
            shutil.rmtree(folder)
        size = sum(map(len, made)) / count
        rates = ", ".join(f"--jobs {jobs}: {count / s:.1f} a second" for jobs, s in seconds.items())
        print(f"{count} essays, {kind}, {size:.0f} characters: {rates}")
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
    main(numbers[0] if numbers else 400, None if "--sqlite" in arguments else server)
