"""Two portals beside each other, as two machines of one library: what they share is PostgreSQL and
Redis, and nothing else. Whoever is sent to the one and then to the other does not notice."""

import signal

import pytest

from ..support import servers
from ..support.places import MEASURED

PASSWORD = "把話聽完再去辦 2026"
MAKE = (
    "from django.contrib.auth.models import User; "
    f"User.objects.create_superuser('curator', password='{PASSWORD}')"
)
FIND = (
    "from articles.models import Article; "
    "print(*(f'{one.pk} {one.url_in(\"zh-Hant\")}' for one in Article.objects.all()), sep=chr(10))"
)
LIST = "/zh-hant/articles/"


@pytest.fixture(scope="module")
def nodes(tmp_path_factory):
    """Start both over a library of three essays; yield a visitor at each and where an article is."""
    folder = tmp_path_factory.mktemp("nodes")
    with servers.postgres() as (_, database):
        cache, redis = servers.redis(folder)
        told = {"DATABASE_URL": database, "SECRET_KEY": "of a test", "CACHE_URL": redis}
        said = servers.manage_all(
            ["migrate", "-v0"],
            ["import_essays", "-v0", "--publish", *map(str, MEASURED[:3])],
            ["shell", "-v0", "-c", f"{MAKE}; {FIND}"],
            **told,
        )
        with cache, servers.portal(**told) as one, servers.portal(**told) as other:
            yield one, other, [line.split() for line in said.splitlines()]


def signed_in(node: servers.Visitor) -> servers.Visitor:
    """Return somebody new who signed in at a node."""
    somebody = servers.Visitor(node.address, node.server)
    answer = somebody.post("/admin/login/", {"username": "curator", "password": PASSWORD})
    assert answer.status == 200 and somebody.get("/admin/").status == 200
    return somebody


def is_in(visitor: servers.Visitor) -> bool:
    """Tell whether the desk opens, and does not ask who it is."""
    return 'name="password"' not in visitor.get("/admin/").text


@pytest.mark.takes_long
def test_a_session_of_one_is_good_at_the_other_and_ends_at_both(nodes):
    one, other, _ = nodes
    here = signed_in(one)
    there = here.at(other)
    assert is_in(there)
    assert is_in(here)
    there.post("/admin/sessions/", {}, to="/admin/logout/")
    assert not is_in(here) and not is_in(there)


@pytest.mark.takes_long
def test_what_is_withdrawn_at_one_is_gone_from_both_at_once(nodes):
    one, other, [(key, page), (_, stays), *_] = nodes
    readers = [servers.Visitor(node.address, node.server) for node in (one, other)]
    for _ in range(2):  # the second time it is a page that was kept
        for reader in readers:
            assert [reader.get(path).status for path in (page, stays, LIST)] == [200] * 3
            assert page in reader.get(LIST).text
    editor = signed_in(one)
    answer = editor.post(f"/admin/articles/article/{key}/delete/", {"post": "yes"})
    assert answer.status == 200
    for reader in readers:
        assert reader.get(page).status in (404, 410)
        assert page not in reader.get(LIST).text
        assert reader.get(stays).status == 200


@pytest.mark.takes_long
def test_guesses_at_both_are_counted_together(nodes):
    one, other, _ = nodes
    guess = {"username": "somebody", "password": "guess"}
    asked = [servers.Visitor(node.address, node.server) for node in (one, other)]
    answers = [asked[n % 2].post("/admin/login/", guess).status for n in range(6)]
    assert answers == [200] * 5 + [429]


@pytest.mark.takes_long
def test_one_may_die_and_the_other_goes_on_with_its_sessions(nodes):
    one, other, [_, (_, page), *_] = nodes
    here = signed_in(one)
    one.server.stop(signal.SIGKILL)
    there = here.at(other)
    assert is_in(there) and there.get(page).status == 200
    assert other.get("/readyz").text == "ok\n"
    one.server.start()
    assert is_in(here)
