"""Search finds what readers want, pinned: these figures may only get better."""

import pytest

from articles import script
from articles.search.find import find
from tests import judged


@pytest.fixture(scope="module")
def library(django_db_setup, django_db_blocker):
    """Load the library once for all tests of this module."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield judged.load()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def score(library):
    return judged.score(library)


@pytest.mark.django_db
def test_report(score, capsys):
    print(judged.report(score))
