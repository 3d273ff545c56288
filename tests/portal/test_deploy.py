"""The samples in `deploy/`: what they say is what the README says, and a proxy serves by them."""

import configparser
import os
import re
import stat
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ..support import servers
from ..support.places import ROOT
from .test_project import run

DEPLOY = ROOT / "deploy"
HOST = "books.example.org"
MIGRATE, SERVE = "manage.py migrate", "gunicorn portal.wsgi"


def unit(name: str) -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str
    read.read_string((DEPLOY / name).read_text("utf-8"))
    return read


def test_all_ways_to_serve_it_are_the_two_commands_of_the_readme():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f".venv/bin/python {MIGRATE}\n" in readme
    assert f".venv/bin/{SERVE}\n" in readme
    service = unit("reading-room.service")["Service"]
    assert service["ExecStart"].endswith(f".venv/bin/{SERVE}")
    assert f"{MIGRATE} --check" in service["ExecStartPre"]
    assert '[".venv/bin/gunicorn", "portal.wsgi"]' in (DEPLOY / "Containerfile").read_text("utf-8")
    told = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    assert " ".join(told["portal"]["command"]).endswith(SERVE)
    assert " ".join(told["migrate"]["command"]).endswith(MIGRATE)
    assert told["portal"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_the_image_has_programs_that_copy_the_database_beside_it():
    """Debian says of which PostgreSQL its programs are; they copy no database of a later one."""
    containerfile = (DEPLOY / "Containerfile").read_text("utf-8")
    assert "postgresql-client" in containerfile
    [debian] = re.findall(r"^ARG BASE=\S+:3\.11-slim-(\w+)$", containerfile, re.MULTILINE)
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    server = int(services["database"]["image"].rpartition(":")[2])
    assert server <= {"bookworm": 15, "trixie": 17}[debian]


def test_the_portal_in_a_container_writes_to_its_volume_alone():
    containerfile = (DEPLOY / "Containerfile").read_text("utf-8")
    [volume] = re.findall(r"^VOLUME (\S+)$", containerfile, re.MULTILINE)
    assert f"DATABASE_URL=sqlite:///{volume}/" in containerfile
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    for name in ("migrate", "portal"):
        told = services[name]
        assert (told["read_only"], told["cap_drop"]) == (True, ["ALL"]), name
        assert told["volumes"] == [f"kept:{volume}"], name


def test_what_is_done_daily_are_commands_and_all_of_those_the_readme_names():
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = {path.stem for path in ROOT.glob("*/management/commands/*.py")} | {"clearsessions"}
    lines = (DEPLOY / "reading-room-daily.service").read_text("utf-8")
    done = set(re.findall(r"^ExecStart=.* manage\.py (\w+)$", lines, re.MULTILINE))
    assert done <= commands
    told = re.findall(r"^\| (.*?) \|.*?for cron, daily", readme, re.MULTILINE)
    assert told
    assert {re.search(r"`(\w+)", row)[1] for row in told} <= done


def test_every_setting_of_the_sample_is_one():
    settings = (ROOT / "portal" / "settings.py").read_text("utf-8")
    sample = (DEPLOY / "reading-room.env.example").read_text("utf-8")
    for name in re.findall(r"^(\w+)=", sample, re.MULTILINE):
        assert f'"{name}"' in settings, name


@pytest.mark.parametrize(("told", "said"), [({}, "False False"), ({"HSTS_SUBDOMAINS": "on", "HSTS_PRELOAD": "on"}, "True True")])  # fmt: skip
def test_other_hosts_of_the_domain_are_bound_where_that_was_asked_for(told, said):
    program = (
        "from portal import settings as s; "
        "print(s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD, s.SECURE_HSTS_SECONDS > 0)"
    )
    assert run(program, SECRET_KEY="x", **told).stdout == f"{said} True\n"


def certificate(folder) -> None:
    """Write a certificate that nobody signed but who has its key, and the key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@contextmanager
def nginx(folder, portal_port: str):
    """Serve by the sample: only places and ports are altered. Gives the port of TLS, and the other."""
    program = servers.program("nginx")
    certificate(folder)
    secure, plain = servers.free_port(), servers.free_port()
    sample = (DEPLOY / "nginx.conf").read_text("utf-8")
    for what, instead in (
        (r"listen \[::\].*", ""),
        (r"listen 443 ", f"listen 127.0.0.1:{secure} "),
        (r"listen 80;", f"listen 127.0.0.1:{plain};"),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{portal_port}"),
        (r"/etc/ssl/reading-room", str(folder)),
        (r"/var/cache/nginx/reading-room", str(folder / "kept")),
    ):
        sample, count = re.subn(what, instead, sample)
        assert count, what
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{'user root;' if os.geteuid() == 0 else ''}daemon off;pid {folder}/pid;\n"
        f"error_log stderr notice;events {{}}\nhttp {{ access_log off;\n{temporary}{sample} }}\n"
    )
    command = [program, "-c", str(folder / "nginx.conf"), "-e", "stderr", "-p", str(folder)]
    with servers.Server(command, "start worker process ") as server:
        yield servers.Visitor(f"https://127.0.0.1:{secure}", server), plain


@pytest.mark.takes_long
def test_a_proxy_by_the_sample_serves_the_portal(own_database, tmp_path):
    told = {"HTTPS": "on", "BEHIND_PROXY": "on", "ALLOWED_HOSTS": HOST}
    with servers.portal(DATABASE_URL=f"sqlite:///{own_database}", **told) as portal:
        port = portal.address.rpartition(":")[2]
        with nginx(tmp_path, port) as (visitor, plain):
            at_host = {"Host": HOST, "Referer": f"https://{HOST}/"}
            page = visitor.get("/zh-hant/articles/", **at_host)
            assert (page.status, page.headers["X-Proxy-Cache"]) == (200, "MISS")
            assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
            assert visitor.get("/zh-hant/articles/", **at_host).headers["X-Proxy-Cache"] == "HIT"
            smaller = visitor.get("/zh-hant/articles/", **at_host, **{"Accept-Encoding": "br"})
            assert smaller.headers["X-Proxy-Cache"] == "MISS", "a copy for each encoding"
            assert smaller.headers["Content-Encoding"] == "br"
            assert len(smaller.raw) < len(page.raw)

            form = visitor.get("/zh-hant/account/sign-in/", **at_host)
            assert (form.status, form.headers["X-Proxy-Cache"]) == (200, None)
            for hidden in ("/readyz", "/metrics"):
                assert visitor.get(hidden, **at_host).status == 404
            assert portal.get("/readyz").text == "ok\n"

            guess = {"username": "chair", "password": "wrong"}
            statuses = [
                visitor.post(
                    "/zh-hant/account/sign-in/", guess, **at_host,
                    **{"X-Forwarded-For": f"203.0.113.{n}"},
                ).status
                for n in range(6)
            ]  # fmt: skip
            assert statuses == [200] * 5 + [429], "what a visitor claims is no address"

            unsafe = servers.Visitor(f"http://127.0.0.1:{plain}", visitor.server)
            with pytest.raises(OSError):  # it is sent to the host of the sample, which is nowhere
                unsafe.get("/zh-hant/")
    assert stat.S_IMODE((DEPLOY / "nginx.conf").stat().st_mode) == 0o644
