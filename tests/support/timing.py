"""What tests know of time: they count work and wait for what comes about. A clock tells who else is
busy too, so it only ends what would never end."""

import sys
import time
from collections.abc import Callable

END = 60
"""Seconds within which everything ends that takes one or a few where all is well."""


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
        work()
    finally:
        sys.setprofile(before)
    return count


def processor_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def is_in_proportion(work: Callable[[int], object]) -> bool:
    """Tell whether eight times the input runs about eight times the lines; by the square it would
    be 64 times. What a pattern does within one line is not counted, so a long input has to end as
    well: by the square the quickest pattern takes a minute, and what is in proportion a second or
    two. Waiting for the processor is not in it."""
    work(100)  # what is made once
    few, many = (lines_run(lambda size=size: work(size)) for size in (2_000, 16_000))
    return many <= 12 * few + 1000 and processor_seconds(lambda: work(300_000)) < 20


def soon(is_so: Callable[[], object]) -> None:
    """Wait until what was set off behind the test's back is so. In a page too: what waits there
    itself evaluates strings when it looks again, which the page's own policy forbids."""
    end = time.monotonic() + 5 * END
    while not is_so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.05)
