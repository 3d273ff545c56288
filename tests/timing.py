"""Whether work grows with its input, told by counting: a clock tells who else is busy too."""

import sys
import time
from collections.abc import Callable

END = 60
"""Processor seconds within which a page ends that is done in one where all is well."""


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


def processor_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def is_in_proportion(work: Callable[[int], object]) -> bool:
    """Tell whether eight times the input runs about eight times the lines; by the square it would
    be 64 times. What a pattern does within one line is not counted, so a long input has to end as
    well: by the square it would take minutes."""
    work(100)  # what is made once
    few, many = (lines_run(lambda size=size: work(size)) for size in (4_000, 32_000))
    return many <= 12 * few + 1000 and processor_seconds(lambda: work(600_000)) < END
