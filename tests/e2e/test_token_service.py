# SPDX-License-Identifier: Apache-2.0
"""A real registry with token authentication, whose token service stands under
another name, port and CA: Docker verifies it with the registry's directory."""
import json
import os

import pytest

from support import pki
from support.engines import PASSWORD, USER
from support.kinds_mutual import CLIENT_CA, good_pair
from support.needs import need
from support.product import DOCKER, TRUSTED, snapshot
from support.tokens import AUTH_PORT, TokenService, registry_with_tokens

UNKNOWN_AUTHORITY = "x509: certificate signed by unknown authority"


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
    registry = registry_with_tokens(network, leaf, service.signer,
                              f"https://auth.bed.test:{AUTH_PORT}/token")
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
    assert done.code == DOCKER, done
    assert f"auth.bed.test:{AUTH_PORT}" in done.out + done.err
    assert "--trust-token-host" in done.out + done.err
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
    assert machine.trust(name).code == DOCKER
    # It is no registry, and is told so; what a pin names is there all the same.
    assert machine.trust(f"auth.bed.test:{AUTH_PORT}", options=[
        "-e", "DTR_PIN=sha256:" + pki.fingerprint(
            service.anchor.certificate)]).code == DOCKER
    assert installed(machine, f"auth.bed.test:{AUTH_PORT}") == [
        pki.der(service.anchor.certificate)]
    refused_at_the_token_service(login(machine, name))


@pytest.mark.parametrize("client", ["podman", "skopeo"])
def test_other_clients_follow_the_same_rule(
        machine, token_registry, service, name, client):
    need(client)
    assert machine.trust(name).code == DOCKER
    refused_at_the_token_service(login(machine, name, client))
    assert machine.trust(name, options=[
        "-e", "DTR_TRUST_TOKEN_HOST=1"]).code == TRUSTED
    accepted(login(machine, name, client))


GUARDED, REALM_GUARDED = "guarded.bed.test", f"guarded.bed.test:{AUTH_PORT}"


@pytest.fixture(scope="module", name="guarded")
def make_guarded(machine, service):
    """A registry under the CA of its token service, which wants a client
    certificate."""
    network = machine.network
    leaf = service.anchor.leaf(GUARDED, "*.guard.bed.test")
    registry = registry_with_tokens(network, leaf, service.signer,
                                    f"https://{REALM_GUARDED}/token")
    with TokenService(network, leaf, service.anchor, port=AUTH_PORT,
                      signer=service.signer, client_ca=CLIENT_CA) as guarded:
        network.name(GUARDED, guarded.address)
        yield registry
    registry.close()


def put_pair(machine, directory):
    for file, end in zip(good_pair().save(machine.network.path("pair")),
                         ("cert", "key")):
        with open(file, "rb") as source, open(os.path.join(
                directory, "client." + end), "wb") as target:
            target.write(source.read())


@pytest.mark.parametrize("client", ["docker", "podman", "skopeo"])
def test_one_that_wants_a_client_certificate(machine, guarded, client):
    """It is shown the registry's own pair: without one nobody logs in."""
    need(client)
    name = machine.network.name(f"{client}.guard.bed.test", guarded.address)
    words = {"docker": "docker-login"}.get(client, "podman")

    def said():
        done = machine.trust(name, options=["-e", "DTR_OUTPUT=json"])
        views = json.loads(done.out.splitlines()[-1])["consumers"]
        view, = [view for view in views if view["consumer"] == words]
        return done.code, view["answer"], view["reason"]
    assert said() == (DOCKER, "refuses", "client-certificate")
    done = login(machine, name, client)
    # "tls: ..." or a reset: by then the server may have closed.
    assert done.returncode and REALM_GUARDED in done.stdout + done.stderr
    put_pair(machine, os.path.join(
        machine.network.etc_docker, "certs.d", name))
    assert said() == (TRUSTED, "unchecked", "client-pair")
    accepted(login(machine, name, client))
