"""Work that outlives a request: who takes it, who holds it, and how it ends."""

import pytest
from django.contrib.auth.models import User

from articles.curation.bulk import work as bulk_work
from articles.intake import spool, uploads
from articles.models import BulkRun, ImportRun, RunState, SearchVersion
from articles.search import background
from portal import processes
from portal.jobs import Busy, Job, launch
from portal.leases import Leased, Stopped

from ..support.together import together

pytestmark = pytest.mark.django_db

queue: list[Job] = []
"""What a broker would hold for workers elsewhere."""


def put(job: Job, when_dead) -> None:
    queue.append(job)


def refuse(job: Job, when_dead) -> None:
    raise ConnectionRefusedError("the broker is away")


class TestLaunching:
    def test_a_job_is_a_process_of_the_command(self, monkeypatch, settings):
        called = []

        class Process:
            def __init__(self, command, **how):
                called.append((command[1:], how["start_new_session"]))

            def wait(self):
                return 0

        monkeypatch.setattr(processes.subprocess, "Popen", Process)
        launch(Job("bulk_run", "5"))
        assert called == [([str(settings.BASE_DIR / "manage.py"), "bulk_run", "5"], True)]

    def test_what_a_job_says_is_added_to_its_log_or_kept_until_the_next(
        self, monkeypatch, settings, tmp_path
    ):
        def start(words, log, when_dead):
            with log.open("a") as file:
                file.write(words[-1])

        monkeypatch.setattr(processes, "start", start)
        settings.SPOOL_DIR.mkdir()
        for number in "12":
            launch(Job("bulk_run", number))
            launch(Job("import_essays", "--run", number, log=tmp_path / "log"))
        assert (settings.SPOOL_DIR / "bulk_run.log").read_text() == "2"
        assert (tmp_path / "log").read_text() == "12"

    def test_a_broker_takes_the_place_of_processes_by_a_setting(self, settings):
        settings.JOB_LAUNCHER = f"{__name__}.put"
        queue.clear()
        assert background.start()
        assert queue == [Job("rebuild_search")]
        assert background.start()  # somebody is to be at work
        assert len(queue) == 1

    def test_a_job_that_nobody_takes_is_not_at_work(self, settings):
        settings.JOB_LAUNCHER = f"{__name__}.refuse"
        assert not background.start()
        assert not SearchVersion.objects.held().exists()


def start_bulk(user: User) -> tuple[Leased, Job]:
    run = BulkRun.objects.create(action=BulkRun.Action.SUBMIT, total=bulk_work.AT_ONCE + 1)
    bulk_work.start(run, of="asked")
    return run, Job("bulk_run", str(run.pk))


def start_upload(user: User) -> tuple[Leased, Job]:
    run = ImportRun.objects.create(state=RunState.READY)
    place = spool.folder(run)
    place.mkdir(parents=True)
    uploads.start(run, of="ready", to="importing", by=user)
    return run, Job("import_essays", "--run", str(run.pk), log=place / "log")


@pytest.mark.parametrize("start", [start_bulk, start_upload])
class TestWhatTheDeskStarts:
    def test_goes_to_whoever_takes_jobs(self, start, settings):
        settings.JOB_LAUNCHER = f"{__name__}.put"
        queue.clear()
        run, job = start(User.objects.create_superuser("boss"))
        assert queue == [job]
        assert run.is_working

    def test_ends_where_nobody_takes_it(self, start, settings):
        settings.JOB_LAUNCHER = f"{__name__}.refuse"
        run, _job = start(User.objects.create_superuser("boss"))
        assert (run.state, "the broker is away" in run.error) == ("failed", True)
        assert not run.is_working


def bulk_run() -> BulkRun:
    return BulkRun.objects.create(action=BulkRun.Action.SUBMIT)


def upload() -> ImportRun:
    return ImportRun.objects.create(state=RunState.READY)


RUNS = {
    "a bulk change": (bulk_run, "asked", "working"),
    "an upload": (upload, "ready", "importing"),
}
"""What is worked on in the background, the state it waits in, and that it is worked on in."""


@pytest.mark.parametrize("make, waits, works", RUNS.values(), ids=RUNS)
class TestLeases:
    @pytest.fixture
    def run(self, make) -> Leased:
        return make()

    def again(self, run: Leased) -> Leased:
        """Return the row as another process has it."""
        return type(run).objects.get(pk=run.pk)

    def silent(self, run: Leased) -> None:
        type(run).objects.release()

    def test_it_is_claimed_once(self, run, waits, works):
        other = self.again(run)
        assert run.claim(of=waits, to=works)
        assert not other.claim(of=waits, to=works)
        assert not other.claim(of=works, to=works)
        assert (run.state, run.is_working, bool(run.worker)) == (works, True, True)

    def test_signs_of_life_tell_how_far_it_is(self, run, waits, works):
        run.claim(of=waits, to=works)
        run.sign(done=7)
        assert self.again(run).done == 7
        assert self.again(run).is_working

    def test_one_that_nobody_has_heard_from_is_taken_up_by_another(self, run, waits, works):
        run.claim(of=waits, to=works, total=9)
        self.silent(run)
        other = self.again(run)
        assert other.is_interrupted
        assert other.claim(of=works, to=works)
        with pytest.raises(Stopped):
            run.sign(done=5)  # it was only slow, and comes back
        assert not run.end("failed", of=run.WORKING, error="it never mattered")
        standing = self.again(run)
        assert (standing.worker, standing.state, standing.total) == (other.worker, works, 9)

    def test_who_is_asked_to_stop_does_so_at_the_next_sign(self, run, waits, works):
        run.claim(of=waits, to=works)
        assert not self.again(run).ask_to_stop()
        with pytest.raises(Stopped):
            run.sign(done=5)
        assert run.end("cancelled", of=run.WORKING, done=3)
        assert (run.state, run.done, run.is_working) == ("cancelled", 3, False)
        assert run.finished_at

    def test_where_nobody_is_at_work_nobody_is_waited_for(self, run, waits, works):
        assert run.ask_to_stop()
        run.claim(of=waits, to=works)
        self.silent(run)
        assert self.again(run).ask_to_stop()

    def test_a_worker_that_died_is_given_up_at_once_and_no_other(self, run, waits, works):
        run.claim(of=waits, to=works)
        dead = self.again(run)
        run.lose()
        run.refresh_from_db()
        assert run.is_interrupted
        run.claim(of=works, to=works)
        dead.lose()  # told late: another is at work
        assert self.again(run).is_working

    def test_of_two_who_are_sent_by_one_claim_one_begins(self, run, waits, works):
        run.claim(of=waits, to=works)
        first, second = self.again(run), self.again(run)
        first.begin()
        with pytest.raises(Busy) as told:
            second.begin()
        assert 0 < told.value.seconds < 200
        with pytest.raises(Busy):
            self.again(run).begin()  # the message came again
        first.sign(done=1)
        run.lose()  # who sent it knows that it died
        again = self.again(run)
        again.begin()
        again.sign(done=2)
        with pytest.raises(Stopped):
            first.sign(done=3)
        again.end("done", of=run.WORKING)
        with pytest.raises(Stopped):
            self.again(run).begin()

    def test_what_ended_is_not_ended_again(self, run, waits, works):
        run.claim(of=waits, to=works)
        assert run.end("done", of=run.WORKING)
        assert not run.end("failed", of=run.WORKING, error="late")
        assert (run.state, run.error) == ("done", "")

    def test_what_somebody_ended_gives_no_sign_of_life_any_more(self, run, waits, works):
        run.claim(of=waits, to=works)
        assert self.again(run).end("cancelled", of=run.WORKING)
        with pytest.raises(Stopped):
            run.sign(done=5)
        assert (self.again(run).alive_until, self.again(run).done) == (None, 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_a_run_at_once_one_starts_it():
    run = bulk_run()
    one, other = (BulkRun.objects.get(pk=run.pk) for _ in range(2))
    claims = [lambda run=run: run.claim(of="asked", to="working") for run in (one, other)]
    assert sorted(together(*claims)) == [False, True]
