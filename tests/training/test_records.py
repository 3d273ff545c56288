"""Records that nobody changes, seals that show it, and what others check them with."""

import json
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from articles.models import Article, Revision
from training.editions import current_edition
from training.models import Record, RecordKind, Seal
from training.recording import record
from training.sealing import faults, findings, merkle_root, private_key, seal

from ..support.federation import ask, member, path_of, text, unit
from ..support.places import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def who(db):
    return member("甲", unit("紡織廠工會"))


def write(who, count: int) -> None:
    for number in range(count):
        with transaction.atomic():
            record(who, RecordKind.STEP, {"article": number, "title": "走訪"}, by="screen")


def run(sql: str, *values) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


ATTEMPTS = [
    "UPDATE training_record SET by = 'nobody'",
    "UPDATE training_record SET leaf_sha256 = leaf_sha256",
    "DELETE FROM training_record",
    pytest.param(
        "TRUNCATE training_record",
        marks=pytest.mark.skipif(
            connection.vendor == "sqlite", reason="SQLite has no TRUNCATE: its DELETE is refused"
        ),
    ),
    pytest.param(
        "INSERT OR REPLACE INTO training_record SELECT * FROM training_record",
        marks=pytest.mark.skipif(
            connection.vendor != "sqlite", reason="PostgreSQL replaces by an UPDATE, refused too"
        ),
    ),
    pytest.param(
        "INSERT INTO training_record SELECT * FROM training_record ON CONFLICT (uid) "
        "DO UPDATE SET by = 'nobody'",
        marks=pytest.mark.skipif(connection.vendor == "sqlite", reason="PostgreSQL's words"),
    ),
]


@pytest.mark.parametrize("sql", ATTEMPTS)
def test_the_database_refuses_to_change_a_record(who, sql):
    write(who, 1)
    before = list(Record.objects.values())
    with pytest.raises(DatabaseError):
        run(sql)
    assert list(Record.objects.values()) == before


def test_what_was_asked_stays_as_it_was(make_article):
    version = path_of(make_article(body=text(2))).version
    for rows, change in ((version.steps, {"position": 9}), (type(version).objects, {"number": 9})):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)


def test_a_record_stands_in_the_transaction_of_its_fact(who):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(who, RecordKind.STEP, {}, by="screen")
        1 / 0  # noqa: B018
    assert not Record.objects.exists()


# Seals


def test_a_day_is_sealed_once_and_the_next_one_hangs_on_it(who, key):
    assert seal(key) is None
    write(who, 3)
    first = seal(key)
    assert (first.number, first.count, first.previous) == (1, 3, "")
    assert seal(key) is None
    write(who, 2)
    second = seal(key)
    assert (second.count, second.previous) == (2, first.chain)
    assert list(faults()) == []


def test_a_tree_of_any_size_is_that_of_the_standard():
    """RFC 9162, 2.1.1: split at the largest power of two below the size."""
    from hashlib import sha256

    def by_the_standard(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return leaves[0]
        half = 1 << (len(leaves) - 1).bit_length() - 1
        parts = by_the_standard(leaves[:half]) + by_the_standard(leaves[half:])
        return sha256(b"\x01" + parts).digest()

    for size in range(1, 20):
        leaves = [sha256(bytes([one])).digest() for one in range(size)]
        assert merkle_root(leaf.hex() for leaf in leaves) == by_the_standard(leaves).hex()


def without_triggers(sql: str, *values) -> None:
    """Change something as somebody would who may do anything with the database."""
    if connection.vendor == "postgresql":
        run("ALTER TABLE training_record DISABLE TRIGGER USER")
        run(sql, *values)
        run("ALTER TABLE training_record ENABLE TRIGGER USER")
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type='trigger' AND tbl_name=%s",
            ["training_record"],
        )
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(sql, values)
        for _name, created in triggers:
            cursor.execute(created)


def test_one_changed_byte_is_found_and_named(who, key):
    write(who, 4)
    seal(key)
    changed = Record.objects.order_by("pk")[2].pk
    without_triggers("UPDATE training_record SET by = 'Screen' WHERE id = %s", changed)
    told = list(faults())
    assert told[0] == f"record {changed}: what it says is not what was recorded"
    assert any(one.startswith("seal 1:") for one in told)
    with pytest.raises(CommandError):
        call_command("verify_records", verbosity=0)


def test_a_record_taken_out_or_a_leaf_made_to_fit_is_found(who, key):
    write(who, 4)
    seal(key)
    last = Record.objects.order_by("-pk").first()
    without_triggers("DELETE FROM training_record WHERE id = %s", last.pk)
    assert list(faults()) == [
        "seal 1: 4 records were sealed, 3 are there",
        "seal 1: its records are not those that were sealed",
    ]


def test_a_seal_written_anew_is_not_signed(who, key):
    write(who, 2)
    seal(key)
    Seal.objects.update(signature="00" * 64)
    assert list(faults()) == ["seal 1: its signature is not valid"]


def test_an_export_is_checked_without_the_portal(who, key, tmp_path):
    write(who, 5)
    seal(key)
    write(who, 1)
    kept = seal(key).chain
    file = tmp_path / "records.jsonl"
    call_command("verify_records", export=file, verbosity=0)

    def check(*kept: str) -> subprocess.CompletedProcess:
        command = [sys.executable, str(ROOT / "docs" / "verify.py"), str(file), *kept]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    good = check(kept)
    assert (good.returncode, good.stdout) == (0, "6 records and 2 seals hold\n")
    assert check("0" * 64).returncode == 1
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    lines[1]["object"]["title"] = "回訪"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    bad = check()
    assert bad.returncode == 1 and f"record {lines[1]['id']} was changed" in bad.stdout


def test_the_key_is_made_once_and_read_by_its_owner_alone(tmp_path):
    path = tmp_path / "keys" / "seal.key"
    first = private_key(path)
    assert private_key(path).private_bytes_raw() == first.private_bytes_raw()
    assert path.stat().st_mode & 0o077 == 0


# What records cite is kept


def test_revisions_and_articles_that_are_cited_are_not_forgotten(make_article):
    article, free = make_article(body=text(2)), make_article("另一篇", body=text(1))
    ask(free, 1)
    edition = current_edition(article.pk)
    prunable = Revision.objects.prunable(0, timezone.now())
    for number in range(5):
        for one in (article, free):
            Revision.objects.create(
                article=one,
                number=10 + number,
                kind="saved",
                status="published",
                text=edition.revision.text,
                facts={},
                created_at=timezone.now(),
            )
    assert edition.revision_id not in prunable.values_list("pk", flat=True)
    Article.objects.update(deleted_at=timezone.now())
    call_command("empty_bin", days=0, verbosity=0)
    assert list(Article.objects.all()) == [article]


# What is not kept


def test_nothing_tells_how_long_or_when_or_from_where_but_a_record_of_itself():
    kinds = (models.DateTimeField, models.TimeField, models.DurationField)
    names = ("address", "ip", "agent", "browser", "duration", "seconds", "minutes")
    told = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("training").get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, kinds) or field.name.split("_")[0] in names
    }
    assert told == {"Record.at"}


def test_doctor_asks_for_the_key_that_seals_were_made_with(who, settings, tmp_path):
    settings.SEAL_KEY_FILE = tmp_path / "seal.key"
    assert list(findings()) == []
    write(who, 1)
    seal()
    assert [found.level for found in findings()] == ["ok"]
    settings.SEAL_KEY_FILE.unlink()
    [found] = findings()
    assert (found.level, settings.SEAL_KEY_FILE.exists()) == ("note", False)
    assert "put the one back" in found.todo
    private_key()
    [found] = findings()
    assert (found.level, "not what the last seal" in found.said) == ("note", True)
