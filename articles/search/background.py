"""A rebuild of the index that the desk starts, to be done in the background as imports are."""

from portal import jobs

from ..models import SearchVersion

JOB = jobs.Job("rebuild_search")


def start() -> bool:
    """Start a rebuild, unless one is at work; tell whether it could be started.

    Two at once would do no harm, only the work twice.
    """
    SearchVersion.objects.get_or_create()  # a database that was flushed has lost it
    if not SearchVersion.objects.free().sign():
        return True  # somebody else was quicker
    try:
        jobs.launch(JOB, SearchVersion.objects.release)
    except OSError:
        SearchVersion.objects.release()
        return False
    return True
