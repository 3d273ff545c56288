"""The server as the README starts it."""

import http.client
import os
import socket
import subprocess
import sys
from contextlib import ExitStack

import pytest

from portal.patient_worker import MOST_GATHERED, is_whole

from ..support.places import ROOT

MANY = 50
TOO_LONG = 120
"""Seconds after which an answer is taken never to come."""

SLOW = {
    "nothing": b"",
    "half a head": b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "half a form": (
        b"POST /zh-hant/account/sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\na=1"
    ),
}


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        (b"", False),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", False),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", False),
        (b"POST / HTTP/1.1\r\ncontent-length:3\r\n\r\nabc", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", True),
        (b"x" * MOST_GATHERED, True),
    ],
)
def test_when_a_thread_takes_over(said, whole):
    assert is_whole(said) == whole


@pytest.mark.takes_long
def test_nobody_waits_for_whoever_says_nothing_or_says_it_slowly(own_database):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    told = {
        "DATABASE_URL": f"sqlite:///{own_database}", "DEBUG": "on", "SECRET_KEY": "of a test",
        "HTTPS": "off", "WEB_CONCURRENCY": "1", "WEB_THREADS": "2",
    }  # fmt: skip
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "portal.wsgi", "-b", f"127.0.0.1:{port}"],
        cwd=ROOT, env=os.environ | told, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        while "Booting worker" not in (line := server.stderr.readline()):
            assert line, "it does not start"
        with ExitStack() as opened:
            for begun in SLOW.values():
                for _ in range(MANY):
                    slow = socket.create_connection(("127.0.0.1", port))
                    opened.enter_context(slow)
                    slow.sendall(begun)
            for path in ("/healthz", "/zh-hant/", "/zh-hans/articles/"):
                answer = http.client.HTTPConnection("127.0.0.1", port, timeout=TOO_LONG)
                opened.callback(answer.close)
                for _ in range(2):  # and on the connection that was kept
                    answer.request("GET", path)
                    got = answer.getresponse()
                    assert (got.status, bool(got.read())) == (200, True)
            slow.sendall(b"&b=23&")  # the last form is whole at last
            assert slow.recv(12).startswith(b"HTTP/1.1 403")  # without a token
    finally:
        server.terminate()
        server.communicate()
