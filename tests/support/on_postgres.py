"""Run the suite on PostgreSQL: `python -m tests.support.on_postgres [pytest arguments]`.

What needs no database is left out, and so are the browser's journeys: a page looks the same whatever
it was read from. So is what is marked `same_on_both` or named in `SAME`: tests of how a page shows
rows, or of files before they reach the database, where what is asked of PostgreSQL other tests ask
here too. Whatever finds, counts, orders, locks, refuses or commits is run.

Skips with its reason where no server answers at TEST_POSTGRES_URL, and fails there in CI.
"""

import os
import sys

import psycopg
import pytest

SAME = {
    "admin/test_admin.py::TestForm::test_queries": "queries are as many there",
    "admin/test_admin.py::TestList::test_it_never_reads": "columns that Django asks for",
    "admin/test_admin.py::TestList::test_its_queries": "queries are as many there",
    "admin/test_admin.py::TestPermissions": "permissions, which all pages of the desk ask alike",
    "admin/test_corrections.py::TestApplied::test_beside": "renditions, from text to text",
    "admin/test_corrections.py::TestApplied::test_ever": "renditions",
    "admin/test_corrections.py::TestApplied::test_never": "renditions",
    "admin/test_corrections.py::TestApplied::test_other": "renditions",
    "admin/test_corrections.py::TestApplied::test_the_longest": "renditions",
    "admin/test_corrections.py::TestReports": "a link in a form",
    "admin/test_queue.py::test_steps_take": "queries are as many there",
    "admin/test_search_words.py::TestArticleForm": "a form and what it says of wrong times",
    "admin/test_search_words.py::TestPermissions": "permissions",
    "admin/test_search_words.py::TestWords::test_the_pages": "words of pages",
    "admin/test_search_words.py::TestWords::test_what": "words of pages, and queries, as many there",
    "admin/test_vocabulary.py::TestLists::test_their_queries": "queries are as many there",
    "admin/test_vocabulary.py::TestMerging::test_another_choice": "a preview; test_merge.py merges",
    "admin/test_vocabulary.py::TestMerging::test_hostile": "markup",
    "admin/test_vocabulary.py::TestMerging::test_nothing": "what is refused before anything is asked",
    "admin/test_vocabulary.py::TestMerging::test_one_alone": "what is refused before anything is asked",
    "admin/test_vocabulary.py::TestMerging::test_the_button": "a preview",
    "admin/test_vocabulary.py::TestMerging::test_the_page": "queries are as many there",
    "admin/test_vocabulary.py::TestPermissions": "permissions",
    "admin/test_vocabulary.py::TestSplitting": "what was typed is cut into names",
    "admin/test_vocabulary.py::TestSuggestions": "keywords held against a vocabulary in memory",
    "browser/": "what a page weighs and how it looks, whatever it was read from",
    "curation/test_audit.py::TestLines::test_a_body": "texts, compared in memory",
    "curation/test_audit.py::TestLines::test_every_desk": "classes",
    "curation/test_audit.py::TestLines::test_of": "texts, compared in memory",
    "curation/test_audit.py::TestLines::test_what_is": "texts, cut in memory",
    "curation/test_audit.py::TestLines::test_where": "texts, compared in memory",
    "curation/test_audit.py::TestReading::test_queries": "queries are as many there",
    "curation/test_audit.py::TestReading::test_text": "markup",
    "curation/test_audit.py::TestReading::test_who": "permissions",
    "curation/test_audit.py::TestTable::test_it_is_in": "words of a table",
    "curation/test_audit.py::TestTable::test_no_cell": "cells of a table",
    "curation/test_audit.py::TestTable::test_other": "cells of a table",
    "curation/test_bin.py::TestDesk::test_queries": "queries are as many there",
    "curation/test_bin.py::TestOutOfSight::test_no_public_page": "what is public test_leaks.py asks here",
    "curation/test_bin.py::TestPermissions": "permissions",
    "curation/test_bulk.py::TestConfirmation::test_titles": "queries are as many there",
    "curation/test_bulk.py::TestInBackground::test_result_pages": "queries are as many there",
    "curation/test_bulk.py::TestPermissions": "permissions",
    "curation/test_conflicts.py::TestPresence": "kept in the cache",
    "curation/test_conflicts.py::test_a_form_without": "versions, compared in memory",
    "curation/test_conflicts.py::test_a_live": "a form and what it says; test_drafts.py meets others here",
    "curation/test_conflicts.py::test_a_version": "versions, compared in memory",
    "curation/test_conflicts.py::test_the_browser": "what a page answers",
    "curation/test_conflicts.py::test_two_drafts": "a form and what it says",
    "curation/test_conflicts.py::test_what": "a form and what it says",
    "curation/test_conflicts.py::test_who_changed": "paragraphs, compared in memory",
    "curation/test_merge.py::TestTags::test_its_queries": "queries are as many there",
    "curation/test_over_flags.py::test_a_first": "forms that ask, and what was typed into them",
    "curation/test_over_flags.py::test_a_flag_that": "forms that ask",
    "curation/test_over_flags.py::test_passages": "a permission",
    "curation/test_over_flags.py::test_so_does": "forms that ask",
    "curation/test_over_flags.py::test_what_is_settled": "flags, looked through in memory",
    "curation/test_over_flags.py::test_what_was_typed": "forms that ask",
    "curation/test_over_flags.py::test_who_may_not": "a permission",
    "curation/test_policy.py": "permissions",
    "curation/test_review.py::TestComments": "a thread of remarks as a page",
    "curation/test_review.py::TestOwnWork": "permissions",
    "curation/test_review.py::TestStartPage::test_who": "permissions",
    "curation/test_review.py::TestStartPage::test_without": "words of a page",
    "curation/test_review.py::TestThePage": "one request and its text, as a page",
    "curation/test_review.py::TestTheRevisions": "revisions, which the other tests make, as pages",
    "curation/test_review.py::TestWhoMayWhat": "permissions",
    "curation/test_review.py::test_an_empty_list": "words of a page",
    "curation/test_review.py::test_each_field": "words of a form",
    "curation/test_revisions.py::TestDraftOverLive": "forms over a draft; test_drafts.py keeps and publishes drafts here",
    "curation/test_revisions.py::TestEveryChange::test_it_is_seen": "states, compared in memory",
    "curation/test_revisions.py::TestPages": "revisions, which the other tests make and read, as pages",
    "curation/test_revisions.py::TestRestore::test_what_is_no_revision": "what an address may say",
    "curation/test_revisions.py::test_signs_of": "markup",
    "intake/test_answers.py": "which flags a text answers, told from the text; decisions are stored here",
    "intake/test_bulk_decisions.py::test_its_queries": "queries are as many there",
    "intake/test_decisions.py": "texts, changed in memory; test_sequences.py and bulk decisions store them here",
    "intake/test_fields_by_hand.py": "what is typed and offered; decisions are stored here by others",
    "intake/test_import_essays.py::TestImporting::test_a_forced": "files before they reach the database",
    "intake/test_import_essays.py::TestImporting::test_a_missing": "files before they reach the database",
    "intake/test_import_essays.py::TestImporting::test_a_report": "files that are written",
    "intake/test_import_essays.py::TestImporting::test_files": "files before they reach the database",
    "intake/test_import_essays.py::TestImporting::test_quiet": "what the command says",
    "intake/test_import_essays.py::TestImporting::test_values": "what the command is told",
    "intake/test_import_review.py::TestDeciding::test_a_date": "a form; decisions are stored here",
    "intake/test_import_review.py::TestDeciding::test_nobody": "where a form leads",
    "intake/test_import_review.py::TestDeciding::test_odd": "what an address may say",
    "intake/test_import_review.py::TestDeciding::test_the_button": "words of a button",
    "intake/test_sequences.py::TestAnyOrder": "steps each of which the sequences by name take here",
    "intake/test_uploads.py::TestPermissions": "permissions",
    "intake/test_uploads.py::TestUploading::test_queries": "queries are as many there",
    "portal/test_desk_shell.py::test_everybody": "permissions",
    "portal/test_odd_values.py::test_every_desk": "classes",
    "portal/test_project.py": "files of the project",
    "reading/test_collections.py::TestDesk::test_each_group": "permissions",
    "reading/test_collections.py::test_pages_take_few": "queries are as many there",
    "reading/test_exports.py": "files made of an article that was read",
    "reading/test_feeds.py::TestRules::test_atom": "markup",
    "reading/test_feeds.py::TestRules::test_json": "markup",
    "reading/test_feeds.py::TestRules::test_queries": "queries are as many there",
    "reading/test_feeds.py::TestRules::test_rss": "markup",
    "reading/test_feeds.py::test_a_hostile": "markup",
    "reading/test_feeds.py::test_an_empty": "markup",
    "reading/test_feeds.py::test_names": "markup",
    "reading/test_feeds.py::test_pages": "markup",
    "reading/test_feeds.py::test_who": "headers",
    "reading/test_gaps.py": "marks in a body",
    "reading/test_kept_pages.py::TestTheStore": "kept in memory",
    "reading/test_kept_pages.py::TestValidators": "headers",
    "reading/test_kept_pages.py::TestWhatIsKept": "headers and cookies of pages kept in memory",
    "reading/test_machines.py::test": "what a page says to machines",
    "reading/test_own.py::TestCaching": "headers and cookies of pages that others read here",
    "reading/test_own.py::TestGuessing": "counted in the cache",
    "reading/test_own.py::TestHint": "a cookie beside that of the session",
    "reading/test_own.py::TestReadings::test_what_is_no": "what is refused before anything is asked",
    "reading/test_own.py::TestSigningIn": "forms and where they lead; sessions are Django's",
    "reading/test_own.py::test_readers_pages": "where a page leads",
    "reading/test_pages.py::TestErrors": "pages without rows",
    "reading/test_pages.py::TestScriptChoice": "cookies and headers",
    "reading/test_pages.py::test_every_page": "queries are as many there",
    "reading/test_pages.py::test_the_policy": "a header",
    "reading/test_preview.py": "one article as a page; links are looked up by their key",
    "reading/test_reading.py::test": "markup",
    "reading/test_reports.py::TestFlood": "counted in the cache",
    "reading/test_reports.py::TestForm::test_bad": "what is refused before anything is asked",
    "reading/test_reports.py::TestForm::test_either": "a form",
    "reading/test_reports.py::TestQueue::test_who": "permissions",
    "search/test_lists.py::TestPageBar": "numbers of pages",
    "search/test_lists.py::test_no_page": "queries are as many there",
}
"""Beginnings of tests' names, and what they are about. What these write and look up is written and
looked up in the tests that are run; `python -m tests.support.on_postgres -p tests.support.statements`
tells which statements a test alone has sent."""

RUN = (
    "curation/test_revisions.py::TestDraftOverLive::test_a_draft_can",
    "curation/test_revisions.py::TestDraftOverLive::test_readers",
    "intake/test_decisions.py::TestImportedAgain::test_decisions",
    "intake/test_decisions.py::test_every",
    "intake/test_decisions.py::test_of_many",
    "intake/test_fields_by_hand.py::test_it_can",
)
"""Of what `SAME` names, what sends a statement or meets a constraint that others do not."""

_SAME, _RUN = (tuple(f"tests/{name}" for name in names) for names in (SAME, RUN))


def pytest_collection_modifyitems(config, items):
    """Keep what asks the database; this module is pytest's plugin too, in each of its processes."""
    asks = {"db", "transactional_db", "django_db_setup"}
    kept, left = [], []
    for item in items:
        uses = set(getattr(item, "fixturenames", ()))
        is_asking = item.get_closest_marker("django_db") or uses & asks
        is_the_same = "browser" in uses or item.get_closest_marker("same_on_both")
        is_the_same = is_the_same or (
            item.nodeid.startswith(_SAME) and not item.nodeid.startswith(_RUN)
        )
        (kept if is_asking and not is_the_same else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


def main() -> int:
    address = os.environ.get("TEST_POSTGRES_URL", "postgres://127.0.0.1:5432/postgres")
    try:
        psycopg.connect(address, connect_timeout=30).close()
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        print(f"No PostgreSQL at TEST_POSTGRES_URL ({reason}): its tests", end=" ")
        print("must run in CI." if os.environ.get("CI") else "are skipped.")
        return 1 if os.environ.get("CI") else 0
    os.environ["DATABASE_URL"] = address
    # What a test has written need not survive the machine.
    os.environ.setdefault("PGOPTIONS", "-c synchronous_commit=off")
    return pytest.main(["-p", "tests.support.on_postgres", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
