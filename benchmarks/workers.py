"""What a second worker is worth: essays a second by way of a broker, with one worker and with two.

    python -m benchmarks.workers [essays] [--rounds N] [--quota PERCENT]
                                                           (DATABASE_URL, CELERY_BROKER_URL)

The clean essays of `benchmarks.importing` are imported with `import_essays --queue`, each time into
a fresh database of the server of DATABASE_URL. The workers are started and have imported something
before the clock is: what is timed is the command, from its start until the last essay stands.
Rounds with one worker and with two take turns. On a machine that others use too, the clock tells of
them as well: so the processor's time that the busiest worker took from then on is told besides, by
which the work was shared. With --quota each worker has so much of a core and no more, as on a
machine of its own (Linux, as root), and database and broker have the rest: then the clock tells
what another machine is worth.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path

from kombu import Connection

from .importing import HERE, Databases, databases, essays
from .page_servers import family
from .quotas import quota

_PATIENCE = 600  # seconds for a worker to be ready


@contextmanager
def worker(environment: dict, log: Path, percent: int | None) -> Iterator[subprocess.Popen]:
    """Run a worker that is ready for work, with so much of a core if told."""
    words = ["-A", "portal", "worker", "--concurrency=1", "--without-gossip", "--without-mingle"]
    words += [f"--hostname={uuid.uuid4().hex}@%h", "--loglevel=INFO"]
    with (
        quota(percent) if percent else nullcontext() as place,
        log.open("wb") as output,
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "celery", *words],
            cwd=HERE,
            env=environment,
            stdout=output,
            stderr=output,
        ) as process,
    ):
        if place:
            place.write_text(str(process.pid))
        end = time.monotonic() + _PATIENCE
        while b" ready." not in log.read_bytes():
            if process.poll() is not None or time.monotonic() > end:
                sys.exit(log.read_text())
            time.sleep(0.2)
        yield process
        process.send_signal(signal.SIGTERM)


def processor_seconds(process: subprocess.Popen) -> float:
    """Return what a worker, its processes and those that have ended have used until now."""
    ticks = 0
    for pid in family(process.pid):
        with suppress(OSError):  # it has just ended, and its parent has what it used
            after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, after_name[11:15]))  # its own, and that of its children
    return ticks / os.sysconf("SC_CLK_TCK")


def measure(folder: Path, count: int, made: Databases, percent: int | None) -> dict:
    """Import the folder with as many workers; return seconds, and the busiest worker's of them."""
    queue = {"CELERY_QUEUE": f"benchmark_{uuid.uuid4().hex}"}
    with made.fresh() as environment, tempfile.TemporaryDirectory() as logs:
        environment = environment | queue
        command = [sys.executable, "manage.py", "import_essays", "--queue"]
        run = [*command, "-v0", str(folder)]
        with ExitStack() as stack:
            workers = [
                stack.enter_context(worker(environment, Path(logs) / str(number), percent))
                for number in range(count)
            ]
            # The first of all loads dictionaries: each worker has done one before.
            subprocess.run(  # noqa: S603 - our own program
                [*command, "-v0", str(folder.with_name("warm"))],
                cwd=HERE,
                env=environment,
                check=True,
            )
            before = [processor_seconds(one) for one in workers]
            started = time.monotonic()
            subprocess.run(run, cwd=HERE, env=environment, check=True)  # noqa: S603 - our own program
            seconds = time.monotonic() - started
            used = [
                processor_seconds(one) - then for one, then in zip(workers, before, strict=True)
            ]
        with Connection(environment["CELERY_BROKER_URL"]) as broker:
            broker.default_channel.queue_delete(environment["CELERY_QUEUE"])
    return {"workers": count, "seconds": round(seconds, 2), "cpu": [round(x, 2) for x in used]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("essays", nargs="?", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quota", type=int, metavar="PERCENT", help="of a core for each worker")
    asked = parser.parse_args()
    postgres, found = os.environ["DATABASE_URL"], {1: [], 2: []}
    with tempfile.TemporaryDirectory() as place, databases(HERE, postgres) as made:
        folder = Path(place)
        folder, warm = (folder / name for name in ("all", "warm"))
        for one in (folder, warm):
            one.mkdir()
        texts = essays(asked.essays + 40, noisy=False)
        for number, text in enumerate(texts):
            inside = warm if number >= asked.essays else folder
            (inside / f"{number:05}.txt").write_text(text, "utf-8")
        for _round in range(asked.rounds):
            for count in found:
                told = measure(folder, count, made, asked.quota)
                found[count].append(told)
                print(json.dumps(told), flush=True)
    one, two = (statistics.median(x["seconds"] for x in found[count]) for count in (1, 2))
    busy = [statistics.median(max(x["cpu"]) for x in found[count]) for count in (1, 2)]
    print(
        f"one worker {asked.essays / one:.1f} essays/s, two {asked.essays / two:.1f}: "
        f"{one / two:.2f} ×; by the processor's time of the busiest {busy[0] / busy[1]:.2f} ×",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
