"""A correction is added or taken back while an article is being saved: whoever ends first, readers
see the word as it is to be."""

from functools import partial

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from articles.curation import corrections
from articles.models import Article, Rendition, RenditionCorrection

from ..support.together import event, together, until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)

WORD = {"script": "zh-Hant", "phrase": "職工會", "right": "蟻工會"}
CHANGED = {"add": "蟻工會", "delete": "職工會"}


def add() -> None:
    with transaction.atomic():
        made = RenditionCorrection.objects.create(**WORD)
        corrections.follow(corrections.touched(made), [made], pytest.fail)


def delete() -> None:
    with transaction.atomic():
        gone = list(RenditionCorrection.objects.all())
        touched = corrections.touched(*gone)
        RenditionCorrection.objects.all().delete()
        corrections.follow(touched, gone, pytest.fail, gone=True)


@pytest.fixture(params=CHANGED)
def change(request):
    if request.param == "delete":
        RenditionCorrection.objects.create(**WORD)
    return {"add": add, "delete": delete}[request.param], CHANGED[request.param]


def title() -> str:
    return Rendition.objects.get(script="zh-Hant").title


def save(begun=None, go_on=None) -> None:
    with transaction.atomic():
        Article.objects.create(title="职工会", body="<p>一</p>", original_script="zh-Hans")
        if begun:
            begun.set()
            go_on()


def test_while_a_save_has_read_the_corrections_of_before(change):
    act, wanted = change
    begun, done = event(), event()

    def later() -> None:
        begun.wait()
        act()
        done.set()

    # SQLite has one writer at a time: who changes a correction waits for this save at once.
    wait = until_somebody_waits if connection.vendor == "postgresql" else (lambda *_happened: None)
    together(partial(save, begun, partial(wait, done)), later)
    assert title() == wanted


def test_while_the_change_is_not_there_to_be_seen_yet(change):
    act, wanted = change
    begun, done = event(), event()

    def change_it() -> None:
        with transaction.atomic():
            act()
            begun.set()
            if connection.vendor == "postgresql":  # the other one need not wait, and ends first
                done.wait()

    def write() -> None:
        begun.wait()
        save()
        done.set()

    together(change_it, write)
    assert title() == wanted


def test_a_rebuild_waits_for_what_is_being_written():
    begun, done = event(), event()

    def later() -> None:
        begun.wait()
        RenditionCorrection.objects.create(**WORD)
        call_command("rebuild_renditions", verbosity=0)
        done.set()

    wait = until_somebody_waits if connection.vendor == "postgresql" else (lambda *_happened: None)
    together(partial(save, begun, partial(wait, done)), later)
    assert title() == CHANGED["add"]
