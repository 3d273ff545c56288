"""Importers and web workers that are killed leave nothing half done: a few of the hundred that
`python -m benchmarks.kills` kills."""

from functools import partial

import pytest

from benchmarks import kills

from ..support.places import ROOT


@pytest.fixture(autouse=True)
def databases(monkeypatch, own_database):
    """Copy the database of the tests: to migrate one anew would take as long as three kills."""
    made = partial(kills.databases, migrated=own_database)
    monkeypatch.setattr(kills, "databases", made)


@pytest.mark.takes_long
@pytest.mark.same_on_both
def test_whoever_is_killed_leaves_what_can_be_done_again(monkeypatch):
    some = [("articles.source", 1), ("articles.source", kills.ESSAYS), ("commit", 1)]
    monkeypatch.setattr(kills, "IMPORTER", some)
    monkeypatch.setattr(kills, "WEB", ("articles.apianswer", "commit"))
    monkeypatch.setattr(kills, "CHANGE", ("articles.auditentry", "commit"))
    assert kills.main(len(some), 4, None) == []


@pytest.mark.takes_long
@pytest.mark.same_on_both
def test_a_point_that_nobody_comes_to_is_no_kill(tmp_path):
    [folder] = kills.folders(1, tmp_path)
    with kills.databases(ROOT, None) as ours, ours.fresh() as environment:
        found = kills.kill_importer(environment, folder, ("articles.article", kills.ESSAYS + 1))
    assert "nobody came" in found[0]
