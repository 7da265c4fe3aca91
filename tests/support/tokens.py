# SPDX-License-Identifier: Apache-2.0
"""A token service, as Harbor, GitLab and Docker Trusted Registry have one, and
registries that send their clients to it."""
import base64
import contextlib
import json
import re
import socket
import ssl
import time
import urllib.parse

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from support import pki
from support.engines import PASSWORD, USER, DockerRegistry
from support.servers import TlsRegistry

SERVICE, ISSUER = "bed registry", "bed issuer"
AUTH_PORT = 5001


def encode(data):
    """base64url without padding, as JWS wants it (RFC 7515)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def read_request(tls):
    """A whole request: its head, and as much body as it announces."""
    request = b""
    while b"\r\n\r\n" not in request:
        data = tls.recv(65536)
        if not data or len(request) > 65536:
            return request.decode("latin-1")
        request += data
    head, _, body = request.partition(b"\r\n\r\n")
    wanted = re.search(rb"(?i)\ncontent-length: *(\d+)", head)
    while wanted and len(body) < min(int(wanted[1]), 65536):
        data = tls.recv(65536)
        if not data:
            break
        body += data
    return (head + b"\r\n\r\n" + body).decode("latin-1")


def is_known(method, head, query):
    """Docker's login and classic store ask by GET with Basic credentials,
    containerd by POST with a form first (OAuth 2 in the distribution spec)."""
    if method == "POST":
        return (query.get("username"), query.get("password")) == (
            [USER], [PASSWORD])
    basic = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    return "authorization: basic " + basic.lower() in head.lower()


class TokenService(TlsRegistry):
    """Gives out what distribution's token specification describes."""

    def __init__(self, network, identity, *chain, signer, **options):
        self.signer = signer
        super().__init__(network, identity, *chain, **options)

    def sign(self, claims):
        header = {"typ": "JWT", "alg": "ES256", "x5c": [base64.b64encode(
            pki.der(self.signer.certificate)).decode()]}
        signed = b".".join(encode(json.dumps(part).encode())
                           for part in (header, claims))
        r, s = utils.decode_dss_signature(
            self.signer.key.sign(signed, ec.ECDSA(hashes.SHA256())))
        return (signed + b"." + encode(
            r.to_bytes(32, "big") + s.to_bytes(32, "big"))).decode()

    def grant(self, query):
        access = []
        for scope in " ".join(query.get("scope", [])).split():
            kind, name, actions = scope.split(":")
            access.append({"type": kind, "name": name,
                           "actions": actions.split(",")})
        now = int(time.time())
        token = self.sign({
            "iss": ISSUER, "sub": USER, "aud": SERVICE, "iat": now,
            "nbf": now - 60, "exp": now + 300, "jti": str(now),
            "access": access})
        # The first name is for GET, the second for POST (OAuth 2).
        return {"token": token, "access_token": token, "expires_in": 300,
                "scope": " ".join(query.get("scope", []))}

    def reply(self, tls):
        self.answer(tls, read_request(tls))

    def answer(self, tls, request):
        head, _, form = request.partition("\r\n\r\n")
        method, target, _ = head.split(" ", 2)
        target = urllib.parse.urlsplit(target)
        self.requests.append(f"{method} {target.path}")
        query = urllib.parse.parse_qs(form if method == "POST"
                                      else target.query)
        if target.path == "/token" and is_known(method, head, query):
            status, body = "200 OK", self.grant(query)
        else:
            status, body = "401 Unauthorized", {}
        body = json.dumps(body).encode()
        tls.sendall(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n"
                    "Content-Type: application/json\r\nConnection: close"
                    "\r\n\r\n".encode() + body)


class FrontDoor(TokenService):
    """One port for both, as Harbor has it: its own /token, all else from the
    registry BEHIND."""

    def __init__(self, network, *identities, behind, **options):
        self.host, self.behind = network.registry, behind
        super().__init__(network, *identities, **options)

    def answer(self, tls, request):
        if request.split(" ", 2)[1].startswith("/token"):
            super().answer(tls, request)
            return
        with self.host.network():
            there = socket.create_connection(
                (self.behind.address, self.behind.port), 10)
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with context.wrap_socket(there) as there:
            there.sendall(request.replace(
                "\r\n", "\r\nConnection: close\r\n", 1).encode("latin-1"))
            while data := there.recv(65536):
                tls.sendall(data)
        with contextlib.suppress(OSError):
            tls.unwrap()


def registry_with_tokens(network, identity, signer, realm, **options):
    """docker-registry with IDENTITY that sends everybody to REALM."""
    stem = f"token-{abs(hash(realm)) % 10**8}"
    certificate, key = identity.save(network.path(stem), identity.issuer)
    bundle, _ = signer.save(network.path(stem + "-signer"))
    return DockerRegistry(network, certificate, key, auth=(
        f"{{token: {{realm: '{realm}', service: {SERVICE}, "
        f"issuer: {ISSUER}, rootcertbundle: {bundle}}}}}"), **options)
