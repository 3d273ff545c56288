"""What an operator sees of the portal from outside: lines of the log, metrics, mail, a page of its state."""

import json
import logging
import re
import socket
import threading

import pytest
from django.test import RequestFactory
from django.utils.translation import override

from articles.models import ImportRun
from portal import metrics, outside, request_ids
from portal.health import WELL, Finding, Told
from portal.seldom import SeldomSaid

from ..support import servers

ADMINISTRATOR, EDITOR = "管理員", "編輯"


def value(text: str, name: str) -> float:
    """Return the sum of all lines of a metric whose labels begin so."""
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name))


@pytest.mark.takes_long
def test_two_processes_are_counted_as_one_and_their_lines_are_json(own_database, tmp_path):
    told = {
        "WEB_CONCURRENCY": "2", "LOG_FORMAT": "json", "LOG_REQUESTS": "on",
        "METRICS_TOKEN": "said by Prometheus", "BEHIND_PROXY": "on",
    }  # fmt: skip
    with servers.portal(DATABASE_URL=f"sqlite:///{own_database}", **told) as visitor:
        for _ in range(20):
            named = visitor.get("/zh-hant/articles/", **{"X-Request-ID": "told-by-a-proxy"})
            assert named.headers["X-Request-ID"] == "told-by-a-proxy"
        assert visitor.get("/zh-hant/nowhere/").status == 404
        text = visitor.get("/metrics").text
        pages = 'portal_requests_total{method="GET",page='
        assert value(text, f'{pages}"articles"') + value(text, f'{pages}"kept"') == 20
        assert value(text, f'{pages}"none",status="404"') == 1
        assert value(text, 'portal_request_seconds_count{page="kept"') >= 1
        assert value(text, 'portal_kept_pages_total{outcome="hits"}') >= 1
        assert value(text, 'portal_articles{status="published"}') == 0
        by_proxy = {"X-Forwarded-For": "127.0.0.1"}
        assert visitor.get("/metrics", **by_proxy).status == 404
        assert visitor.get("/metrics", **by_proxy, Authorization="Bearer else").status == 404
        good = {"Authorization": "Bearer said by Prometheus"}
        assert visitor.get("/metrics", **by_proxy, **good).status == 200
        visitor.server.stop()
    lines = [json.loads(line) for line in visitor.server.said if line.startswith('{"time"')]
    asked = [line for line in lines if line["logger"] == "portal.requests"]
    assert [line["request"] for line in asked].count("told-by-a-proxy") == 20
    assert re.fullmatch(r"GET /zh-hant/articles/ 200 \d+ ms", asked[0]["message"])


class TestLines:
    def line(self, **extra) -> dict:
        record = logging.LogRecord(
            "a", logging.ERROR, "f", 1, "工會 %s", ("x",), extra.pop("exc", None)
        )
        return json.loads(request_ids.AsJson().format(record))

    def test_a_line_says_what_happened_and_to_which_request(self):
        token = request_ids.current.set("abc")
        try:
            told = self.line()
        finally:
            request_ids.current.reset(token)
        assert (told["level"], told["message"], told["request"]) == ("ERROR", "工會 x", "abc")

    def test_an_error_is_one_line_too(self):
        try:
            raise ValueError("甲\n乙")
        except ValueError as error:
            told = self.line(exc=(type(error), error, error.__traceback__))
        assert "ValueError: 甲" in told["error"]

    @pytest.mark.parametrize("given", ["", "x", "a" * 65, "a\nb12345678", "<script>alert</script>"])
    def test_what_is_no_name_is_not_taken_for_one(self, settings, given):
        settings.BEHIND_PROXY = True
        answer = request_ids.name_requests(lambda request: outside.HttpResponse())(
            RequestFactory().get("/", headers={"X-Request-ID": given})
        )
        assert re.fullmatch("[0-9a-f]{32}", answer["X-Request-ID"])


@pytest.mark.parametrize(
    ("address", "headers", "allowed"),
    [
        ("127.0.0.1", {}, True),
        ("::1", {}, True),
        ("203.0.113.5", {}, False),
        ("", {}, False),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.5"}, False),
        ("203.0.113.5", {"Authorization": "Bearer right"}, True),
        ("203.0.113.5", {"Authorization": "Bearer wrong"}, False),
        ("203.0.113.5", {"Authorization": "Bearer "}, False),
    ],
)
def test_who_may_read_metrics(settings, address, headers, allowed):
    settings.METRICS_TOKEN = "right"
    request = RequestFactory().get("/metrics", headers=headers, REMOTE_ADDR=address)
    assert outside._may_read(request) == allowed


def test_without_a_token_nobody_says_it(settings):
    settings.METRICS_TOKEN = ""
    request = RequestFactory().get(
        "/metrics", headers={"Authorization": "Bearer "}, REMOTE_ADDR="203.0.113.5"
    )
    assert not outside._may_read(request)


@pytest.mark.django_db
def test_no_secret_is_told_to_prometheus(make_article, client):
    make_article("秘而不宣", status="draft")
    make_article("公開的一篇")
    ImportRun.objects.create()
    text = metrics.told([outside.Library()]).decode()
    assert value(text, 'portal_articles{status="draft"}') == 1
    assert value(text, 'portal_runs{kind="import",state="done"}') == 1
    assert "秘而不宣" not in text
    assert client.get("/metrics").status_code == 200


def mail_server(taken: list[str]) -> int:
    """Take mail on a port of this machine, as simply as it goes; return the port."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            connection, _ = listening.accept()
            with connection, connection.makefile("rwb") as talk:

                def say(what: str, talk=talk) -> None:
                    talk.write(f"{what}\r\n".encode())
                    talk.flush()

                say("220 here")
                for line in talk:
                    word = line.strip().upper()
                    if word == b"DATA":
                        say("354 go on")
                        said = iter(talk.readline, b".\r\n")
                        taken.append(b"".join(said).decode())
                    if word == b"QUIT":
                        say("221 bye")
                        break
                    say("250 well")

    threading.Thread(target=serve, daemon=True).start()
    return listening.getsockname()[1]


@pytest.mark.takes_long
def test_an_error_goes_by_mail_and_the_next_of_the_same_minute_does_not(tmp_path):
    taken: list[str] = []
    program = "import logging; [logging.getLogger('x').error('it broke') for _ in range(5)]"
    servers.manage(
        "shell", "-v0", "-c", program, SECRET_KEY="x", ERROR_MAIL_TO="operator@example.org",
        EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(mail_server(taken)), EMAIL_FROM="room@example.org",
    )  # fmt: skip
    assert len(taken) == 1
    assert "To: operator@example.org" in taken[0]
    assert "Subject: [reading room] ERROR: it broke" in taken[0]
    assert SeldomSaid().filter(None)


@pytest.mark.django_db
class TestStatePage:
    ADDRESS = "/admin/status/"

    def test_it_is_for_who_manages_accounts(self, sign_in):
        assert sign_in(EDITOR).get(self.ADDRESS).status_code == 403
        assert sign_in(ADMINISTRATOR).get(self.ADDRESS).status_code == 200

    def test_it_says_how_things_are_in_the_language_of_the_desk(self, admin_client, make_article):
        make_article()
        page = admin_client.get(self.ADDRESS).content.decode()
        assert "系統狀態" in page
        assert "資料庫遷移" in page
        assert '<span class="badge published">良好</span>' in page
        assert "<style" not in page
        table = re.search("<tbody>.*?</tbody>", page, re.DOTALL)[0]
        lines = re.findall("<td>([^<]*)(?:<br><small>([^<]*)</small>)?</td>", table)
        said = {one for line in lines for one in line if one}
        plain = {one for one in said if not re.search("[\u4e00-\u9fff]", one)}
        assert all(re.match("SQLite|PostgreSQL|UTF8|C", one) for one in plain), plain

    def test_what_is_said_to_a_machine_stays_in_english(self, settings):
        with override("zh-hant"):
            told = Told("%(free)d GB left at %(place)s", free=7, place="/srv")
            found = Finding("disk", WELL, told, "make room")
            assert str(found) == "ok   disk: 7 GB left at /srv – make room"
            assert (found.said_here, found.todo_here) == ("/srv 尚餘 7 GB", "請騰出空間")

    def test_the_start_page_leads_there(self, admin_client):
        assert self.ADDRESS in admin_client.get("/admin/").content.decode()
