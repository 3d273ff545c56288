"""A provider of sign-in by OpenID Connect, as the standard has them: discovery, codes with PKCE, signed
tokens. Whoever is sent there has signed in already, as `claims` says."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "portal", "a secret of both"


class Provider:
    """What it says of who comes; `spoil` changes a token before it is signed, `key` signs it."""

    def __init__(self):
        self.key = RSAKey.generate_key(2048, parameters={"kid": "1"})
        self.published = self.key
        self.claims: dict = {"sub": "7", "preferred_username": "wang"}
        self.spoil: dict = {}
        self.codes: dict[str, dict] = {}
        self.issuer = ""

    def discovery(self) -> dict:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Return where whoever was sent here is sent back to."""
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, said: dict[str, str], authorization: str) -> tuple[int, dict]:
        """Give a token for a code, once, to the client that knows its secret and its verifier."""
        told = base64.b64decode(authorization.partition(" ")[2]).decode()
        asked = self.codes.pop(said.get("code", ""), None)
        digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if told != f"{CLIENT}:{SECRET}" or not asked or asked["code_challenge"] != proof:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60}
        claims |= {"nonce": asked["nonce"]} | self.claims | self.spoil
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": signed}


@contextmanager
def provider() -> Iterator[Provider]:
    """Run one on this machine."""
    it = Provider()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, status: int, said: dict | None = None, **headers: str) -> None:
            body = json.dumps(said).encode() if said is not None else b""
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            at = urlsplit(self.path)
            if at.path == "/.well-known/openid-configuration":
                self.answer(200, it.discovery())
            elif at.path == "/keys":
                self.answer(200, {"keys": [it.published.as_dict(private=False)]})
            elif at.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(at.query).items()}
                self.answer(302, Location=it.authorize(asked))
            else:
                self.answer(404)

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            said = {name: values[0] for name, values in parse_qs(body).items()}
            self.answer(*it.token(said, self.headers.get("Authorization", "")))

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    it.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield it
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
