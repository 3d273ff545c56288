"""Processes that have a part of a core and no more, as if on a machine of their own (cgroups)."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_GROUPS = Path("/sys/fs/cgroup")
_PERIOD = 100_000  # microseconds within which a quota is counted


@contextmanager
def quota(percent: int) -> Iterator[Path]:
    """Give the file that takes the number of a process, which then has, with all it starts, so much
    of a core. What else runs on the machine does not come before it."""
    is_old = (_GROUPS / "cpu").is_dir()
    above = _GROUPS / "cpu" if is_old else _GROUPS
    if not is_old:
        (above / "cgroup.subtree_control").write_text("+cpu")
    group = above / f"benchmark_{uuid.uuid4().hex[:8]}"
    group.mkdir()
    try:
        part = percent * _PERIOD // 100
        if is_old:
            (group / "cpu.cfs_period_us").write_text(str(_PERIOD))
            (group / "cpu.cfs_quota_us").write_text(str(part))
            (group / "cpu.shares").write_text("200000")
        else:
            (group / "cpu.max").write_text(f"{part} {_PERIOD}")
            (group / "cpu.weight").write_text("10000")
        yield group / "cgroup.procs"
    finally:
        for _ in range(100):  # the last of its processes may be about to end
            with suppress(OSError):
                group.rmdir()
                break
            time.sleep(0.1)
