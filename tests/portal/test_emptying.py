"""How the tests' own database is emptied: nothing but what `migrate` makes is left in it."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from ..support import emptying
from ..support.shelves import store_article

pytestmark = pytest.mark.django_db(transaction=True)


def empty() -> None:
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False)


def left() -> tuple[set[str], dict[str, list[tuple]]]:
    """Return which tables have rows, and the rows of those that Django fills."""
    names = connection.introspection.django_table_names(only_existing=True)
    quoted = [connection.ops.quote_name(name) for name in names]
    with connection.cursor() as cursor:
        filled = emptying._filled(cursor, quoted)
    kinds = sorted(ContentType.objects.values_list("app_label", "model"))
    told = "content_type__app_label", "content_type__model", "codename", "name"
    return filled, {"kinds": kinds, "permissions": sorted(Permission.objects.values_list(*told))}


def test_what_is_put_back_is_what_django_makes():
    emptying._made.clear()
    empty()
    made = left()
    store_article(authors=["魏知衡"], tags=[])
    Group.objects.create(name="a group").permissions.set(Permission.objects.all()[:3])
    User.objects.create_user("somebody").user_permissions.set(Permission.objects.all()[:3])
    ContentType.objects.all()[:1].get().delete()
    Permission.objects.create(
        codename="more", name="more", content_type=ContentType.objects.get_for_model(Group)
    )
    empty()
    assert left() == made
    assert ContentType.objects.get_for_model(Group) == ContentType.objects.get(model="group")
    new = ContentType.objects.create(app_label="none", model="none")
    assert ContentType.objects.latest("pk") == new


def test_the_database_of_another_server_is_another(monkeypatch):
    empty()
    monkeypatch.setattr(emptying, "_made", {("sqlite", "other", "", ""): []})
    empty()
    assert Permission.objects.exists()
