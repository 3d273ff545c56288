"""How gunicorn serves the portal. Read where it is started; the environment says what differs.

Pages are work for a processor: a worker for each core, and in each some threads for what waits for
the database. Each thread has a connection to the database of its own.
"""

import os
import shutil
import tempfile
from pathlib import Path

# Each thread keeps its connection for a minute; read by portal/settings.py.
os.environ.setdefault("DATABASE_KEPT_SECONDS", "60")

# Where each worker keeps what it counts, for whoever asks one of them (portal/metrics.py).
_counted = Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR") or tempfile.mkdtemp(prefix="portal-"))
_counted.mkdir(exist_ok=True)
for left in _counted.glob("*.db"):  # by those before this start
    left.unlink()
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_counted)

worker_class = "portal.patient_worker.PatientWorker"
workers = int(os.environ.get("WEB_CONCURRENCY") or len(os.sched_getaffinity(0)))
threads = int(os.environ.get("WEB_THREADS") or 8)

# Dictionaries, tables and pages are loaded once, and workers share that memory.
preload_app = True

# A worker that has grown starts anew, and not all of them at once.
max_requests, max_requests_jitter = 20_000, 4_000

timeout = graceful_timeout = 30
control_socket_disable = True  # nobody asks there, and a service may have no home
keepalive = 75  # longer than a proxy keeps its own, so that it is never this end that hangs up
worker_connections = 2_000
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108


def when_ready(server):
    """Let no worker share a connection to the database."""
    from django.db import connections

    connections.close_all()


def child_exit(server, worker):
    """Let what a worker counted be added up without it."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    """Leave nothing behind in a folder that was made here."""
    if _counted.name.startswith("portal-"):
        shutil.rmtree(_counted, ignore_errors=True)


def worker_exit(server, worker):
    """Tell how often a page was there already."""
    from articles.reading.kept_pages import store

    told = ", ".join(f"{n} {what}" for what, n in sorted(store.counts.items()))
    worker.log.info("Pages of worker %s: %s", worker.pid, told or "none")
