"""What tests know of time: they count work and wait for what comes about. A clock tells who else is
busy too, so it only ends what would never end."""

import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

END = 60
"""Seconds within which everything ends that takes one or a few where all is well."""


@contextmanager
def without_garbage() -> Iterator[None]:
    """Let nobody look for garbage inside: it is that of all tests before, and Hypothesis has Python
    run whenever somebody looks."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def lines_run(work: Callable[[], object]) -> int:
    """Return how many lines of Python the work runs, each as often as it does."""
    count = 0

    def note(frame, event, arg):
        nonlocal count
        count += event == "line"
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        with without_garbage():
            work()
    finally:
        sys.settrace(before)
    return count


def calls_made(work: Callable[[], object]) -> int:
    """Return how many functions the work calls, those written in C among them."""
    count = 0

    def note(frame, event, arg):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        with without_garbage():
            work()
    finally:
        sys.setprofile(before)
    return count


def processor_seconds(work: Callable[[], object]) -> float:
    """Return how long a processor was at work in this thread: others of the process do their own."""
    with without_garbage():
        start = time.thread_time()
        work()
        return time.thread_time() - start


def is_in_proportion(work: Callable[[int], object], size: int = 10_000) -> bool:
    """Tell whether the work grows as the input does, and not by its square. Lines of Python are
    counted, of little and four times that. What a pattern does within one line is not in that, so
    of much and an eighth of it the processor's time is compared, the best of three of both, which
    something else may disturb: how fast the machine is falls out. What takes less than an eighth
    of a second of so much is fast enough whatever it is in proportion to."""
    work(100)  # what is made once
    few, many = (lines_run(lambda of=of: work(of)) for of in (1_000, 4_000))
    if many > 6 * few + 250:
        return False
    much = processor_seconds(lambda: work(8 * size))
    if much <= 0.125:
        return True
    allowed = 24 * min(processor_seconds(lambda: work(size)) for _ in range(3))
    again = (processor_seconds(lambda: work(8 * size)) for _ in range(2))
    return much <= allowed or any(one <= allowed for one in again)


def soon(is_so: Callable[[], object]) -> None:
    """Wait until what was set off behind the test's back is so. In a page too: what waits there
    itself evaluates strings when it looks again, which the page's own policy forbids."""
    end = time.monotonic() + 5 * END
    while not is_so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)
