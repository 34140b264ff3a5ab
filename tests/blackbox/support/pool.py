"""A user pool of a few lines, as far as a back end sees one: it publishes keys, and its tokens are signed with them.

So tests can make tokens that no pool would give out. The real pool is tested by tests of its own.
"""

import base64
import functools
import http.server
import json
import threading
import time
import uuid

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _json(value):
    return base64url(json.dumps(value, separators=(",", ":")).encode())


@functools.cache
def _pair(number):
    """To make one takes a second of a busy machine."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Key:
    """A key of an id of its own. Those with the same number share the pair."""

    def __init__(self, number=0):
        self.private = _pair(number)
        self.id = base64url(uuid.uuid4().bytes)

    def jwk(self):
        numbers = self.private.public_key().public_numbers()
        return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.id, "e": base64url(numbers.e.to_bytes(3, "big")),
                "n": base64url(numbers.n.to_bytes(256, "big"))}

    def sign(self, text):
        return self.private.sign(text, padding.PKCS1v15(), hashes.SHA256())


class Pool:
    """Serves its keys on a port of its own until it is closed."""

    def __init__(self, pool_id="us-east-1_TestPool1", client_id="1example23456789abcdefghij"):
        self.id, self.client_id = pool_id, client_id
        self.keys = [Key()]
        self.fetches = 0
        self.fetched = threading.Condition()
        pool = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                known = self.path == f"/{pool.id}/.well-known/jwks.json"
                body = json.dumps({"keys": [key.jwk() for key in pool.keys]}).encode() if known else b"{}"
                self.send_response(200 if known else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                with pool.fetched:
                    pool.fetches += known
                    pool.fetched.notify_all()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def claims(self, sub, /, **changed):
        now = int(time.time())
        claims = {"sub": sub, "iss": f"https://cognito-idp.us-east-1.amazonaws.com/{self.id}", "client_id": self.client_id,
                  "token_use": "access", "scope": "aws.cognito.signin.user.admin", "auth_time": now, "iat": now,
                  "exp": now + 3600, "jti": str(uuid.uuid4()), "username": sub, **changed}
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, sub, /, key=None, header=None, **changed):
        """A token as the pool would give it, but for what is changed; a claim of None is left out."""
        key = key or self.keys[0]
        text = _json({"kid": key.id, "alg": "RS256", **(header or {})}) + "." + _json(self.claims(sub, **changed))
        return text + "." + base64url(key.sign(text.encode()))
