"""Two people at the same moment: what one records, the other neither loses nor doubles."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.auth.models import User
from django.db import transaction

from training import finishing, paper, sealing
from training.editions import current_edition
from training.models import Assigned, Member, Record, RecordKind, Seal
from training.recording import record

from ..support.federation import assign, member, path_of, text, unit
from ..support.together import TWO_WRITERS, event, together, until_somebody_waits

pytestmark = [TWO_WRITERS, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def who(transactional_db) -> Member:
    return member("甲", unit("紡織廠工會", code="FZ"), user=True)


def test_two_who_seal_seal_one_after_the_other(who, monkeypatch):
    with transaction.atomic():
        record(who, RecordKind.STEP, {"title": "走訪"}, by="screen")
    key, sealing_now, sealed = Ed25519PrivateKey.generate(), event(), event()
    root_of = sealing.merkle_root

    def held(leaves):
        sealing_now.set()
        until_somebody_waits(sealed)
        return root_of(leaves)

    monkeypatch.setattr(sealing, "merkle_root", held)

    def second():
        sealing_now.wait()
        done = sealing.seal(key)
        sealed.set()
        return done

    first, nothing = together(lambda: sealing.seal(key), second)
    assert (first.count, nothing, Seal.objects.count()) == (1, None, 1)


def test_who_is_excused_while_they_finish_is_done(who, make_article, monkeypatch):
    article = make_article(body=text(2))
    task = assign(path_of(article), who.unit).assigned.get()
    edition, officer = current_edition(article.pk), User.objects.create_superuser("officer")
    finishing_now, excused = event(), event()
    settle = finishing.settle

    def held(*args, **kwargs):
        finishing_now.set()
        until_somebody_waits(excused)
        return settle(*args, **kwargs)

    monkeypatch.setattr(finishing, "settle", held)

    def finish():
        with transaction.atomic():
            Member.objects.select_for_update(of=("self",)).get(pk=who.pk)
            return bool(finishing.finish(who, edition, RecordKind.STEP, {}, by="screen"))

    def excuse():
        finishing_now.wait()
        done = paper.excuse(task.pk, "產假", officer)
        excused.set()
        return done

    assert together(finish, excuse) == [True, False]
    assert Assigned.objects.get().state == "done"
    assert list(Record.objects.values_list("kind", flat=True)) == ["step", "path"]
