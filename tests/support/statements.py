"""Which statements each test alone sends to the database, as `-p tests.support.statements` prints them.

A function of tests with none sends what others send too: what is left out on PostgreSQL was chosen so.
That says nothing of values, which a database may order or refuse in its own way.
"""

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest
from django.db import connections

_PLAIN = (
    (re.compile(r"(SAVEPOINT) \S+"), r"\1"),
    (re.compile(r"\b\d+\b"), "%s"),
    (re.compile(r"%s(?:, %s)+"), "%s"),
    (re.compile(r"\(%s\)(?:, \(%s\))+"), "(%s)"),
)
"""What is not of a statement's shape: names of savepoints, numbers, and how many values there are."""

_sent: defaultdict[str, set[str]] = defaultdict(set)


def shape(statement: object) -> str:
    text = str(statement)
    for pattern, instead in _PLAIN:
        text = pattern.sub(instead, text)
    return text


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item) -> Iterator:
    sent = _sent[item.nodeid.partition("[")[0]]

    def note(execute, sql, params, many, context):
        sent.add(shape(sql))
        return execute(sql, params, many, context)

    connection = connections["default"]
    connection.execute_wrappers.append(note)
    try:
        return (yield)
    finally:
        connection.execute_wrappers.remove(note)


def pytest_terminal_summary(terminalreporter) -> None:
    senders: defaultdict[str, set[str]] = defaultdict(set)
    for test, shapes in _sent.items():
        for one in shapes:
            senders[one].add(test)
    for test, shapes in _sent.items():
        alone = sum(len(senders[one]) == 1 for one in shapes)
        terminalreporter.write_line(f"{alone:4} of {len(shapes):4} statements alone: {test}")
