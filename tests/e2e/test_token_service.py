# SPDX-License-Identifier: Apache-2.0
"""A real registry with token authentication, whose token service stands under
another name, port and CA: Docker verifies it with the registry's directory."""
import base64
import json
import os
import time
import urllib.parse

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from support import pki
from support.engines import PASSWORD, USER, DockerRegistry
from support.needs import need
from support.product import TRUSTED, snapshot
from support.servers import TlsRegistry

SERVICE, ISSUER = "bed registry", "bed issuer"
AUTH_PORT = 5001
UNKNOWN_AUTHORITY = "x509: certificate signed by unknown authority"


def encode(data):
    """base64url without padding, as JWS wants it (RFC 7515)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


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
        for scope in query.get("scope", []):
            kind, name, actions = scope.split(":")
            access.append({"type": kind, "name": name,
                           "actions": actions.split(",")})
        now = int(time.time())
        return {"token": self.sign({
            "iss": ISSUER, "sub": USER, "aud": SERVICE, "iat": now,
            "nbf": now - 60, "exp": now + 300, "jti": str(now),
            "access": access})}

    def reply(self, tls):
        request = tls.recv(65536).decode("latin-1")
        target = urllib.parse.urlsplit(request.split(" ")[1])
        self.requests.append(request.split(" ")[1])
        user = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        known = "authorization: basic " + user.lower() in request.lower()
        if target.path == "/token" and known:
            status, body = "200 OK", self.grant(
                urllib.parse.parse_qs(target.query))
        else:
            status, body = "401 Unauthorized", {}
        body = json.dumps(body).encode()
        tls.sendall(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n"
                    "Content-Type: application/json\r\nConnection: close"
                    "\r\n\r\n".encode() + body)


@pytest.fixture(scope="module", name="service")
def make_service(machine):
    network = machine.network
    leaf = pki.root("Token Root").leaf("auth.bed.test")
    signer = pki.self_signed("bed signer")
    with TokenService(network, leaf, leaf.issuer, port=AUTH_PORT,
                      signer=signer) as service:
        network.name("auth.bed.test", service.address)
        service.anchor = leaf.issuer
        yield service


@pytest.fixture(scope="module", name="token_registry")
def make_token_registry(machine, service):
    network = machine.network
    leaf = pki.root("Registry Root").leaf("*.token.bed.test")
    certificate, key = leaf.save(network.path("token-registry"), leaf.issuer)
    bundle, _ = service.signer.save(network.path("token-signer"))
    registry = DockerRegistry(network, certificate, key, auth=(
        f"{{token: {{realm: 'https://auth.bed.test:{AUTH_PORT}/token', "
        f"service: {SERVICE}, issuer: {ISSUER}, rootcertbundle: {bundle}}}}}"))
    registry.anchor = leaf.issuer
    yield registry
    registry.close()


@pytest.fixture(name="name")
def make_name(machine, token_registry, request):
    number = abs(hash(request.node.nodeid)) % 10**8
    return machine.network.name(f"t{number}.token.bed.test",
                                token_registry.address)


@pytest.fixture(name="image")
def make_image(machine, name):
    image = f"{name}/tiny:1"
    machine.docker("tag", machine.payload, image)
    yield image
    machine.docker("rmi", "-f", image, check=False)


def login(machine, name, client="docker"):
    return getattr(machine, client)(
        "login", "--username", USER, "--password-stdin", name,
        input=PASSWORD, check=False)


def refused_at_the_token_service(done):
    assert done.returncode != 0
    text = done.stdout + done.stderr
    assert UNKNOWN_AUTHORITY in text
    assert f"auth.bed.test:{AUTH_PORT}" in text


def accepted(done):
    assert done.returncode == 0, done.stdout + done.stderr


def installed(machine, name):
    return sorted(pki.read_pem(os.path.join(
        machine.network.etc_docker, "certs.d", name, "ca.crt")))


def pin(identity):
    return "sha256:" + pki.fingerprint(identity.certificate)


@pytest.mark.parametrize("how", ["--trust-token-host", "pins"])
def test_docker_logs_in_and_pulls_only_after_the_service_is_trusted(
        machine, token_registry, service, name, image, how):
    done = machine.trust(name)
    assert done.code == TRUSTED, done
    assert f"auth.bed.test:{AUTH_PORT}" in done.out
    assert "--trust-token-host" in done.err
    assert installed(machine, name) == [
        pki.der(token_registry.anchor.certificate)]
    refused_at_the_token_service(login(machine, name))
    refused_at_the_token_service(machine.docker("pull", image, check=False))

    options = ["-e", "DTR_TRUST_TOKEN_HOST=1"] if how != "pins" else [
        "-e", f"DTR_PIN={pin(token_registry.anchor)} {pin(service.anchor)}"]
    done = machine.trust(name, options=options)

    assert done.code == TRUSTED, done
    assert installed(machine, name) == sorted([
        pki.der(token_registry.anchor.certificate),
        pki.der(service.anchor.certificate)])
    accepted(login(machine, name))
    accepted(machine.docker("push", image, check=False))
    machine.docker("rmi", image)
    accepted(machine.docker("pull", image, check=False))

    directory = os.path.join(machine.network.etc_docker, "certs.d", name)
    before = snapshot(directory)
    done = machine.trust(name, options=options)
    assert done.code == TRUSTED and done.out.count("unchanged") == 2, done
    assert snapshot(directory) == before


def test_a_directory_of_the_services_own_name_does_not_help(
        machine, token_registry, service, name):
    """What users expect and Docker does not do (moby#8045)."""
    assert machine.trust(name).code == TRUSTED
    assert machine.trust(f"auth.bed.test:{AUTH_PORT}").code == TRUSTED
    refused_at_the_token_service(login(machine, name))


@pytest.mark.parametrize("client", ["podman", "skopeo"])
def test_other_clients_follow_the_same_rule(
        machine, token_registry, service, name, client):
    need(client)
    assert machine.trust(name).code == TRUSTED
    refused_at_the_token_service(login(machine, name, client))
    assert machine.trust(name, options=[
        "-e", "DTR_TRUST_TOKEN_HOST=1"]).code == TRUSTED
    accepted(login(machine, name, client))
