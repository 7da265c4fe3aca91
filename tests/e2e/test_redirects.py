# SPDX-License-Identifier: Apache-2.0
"""What real engines do where /v2/, or all that a registry is asked for, leads
elsewhere: it is never other than what dtr-trust says of them."""
import json
import os

import pytest

from support import pki
from support.engines import PASSWORD, USER
from support.needs import need
from support.product import DOCKER, TRUSTED, Product
from support.redirects import PlainRegistry, Redirecting

CREDENTIALS = f"{USER}:{PASSWORD}"
OTHER = "other.bed.test"
EVERYTHING, V2 = "/.*", "/v2/"


def docker_login(machine, name):
    return machine.docker("login", "--username", USER, "--password-stdin",
                          name, input=PASSWORD, check=False)


def docker_pull(machine, name):
    return machine.docker("pull", f"{name}/tiny:1", check=False)


def ctr_pull(machine, name):
    """containerd's own, which the containerd store and BuildKit have too."""
    return machine.ctr("images", "pull", "--hosts-dir", "/etc/docker/certs.d",
                       "--user", CREDENTIALS, f"{name}/tiny:1", check=False)


def podman_login(machine, name):
    return machine.podman("login", "--username", USER, "--password-stdin",
                          name, input=PASSWORD, check=False)


def podman_pull(machine, name):
    return machine.podman("pull", "--creds", CREDENTIALS, f"{name}/tiny:1",
                          check=False)


# The consumer that dtr-trust speaks of -> how it is asked.
CLIENTS = {"docker-login": [docker_login],
           "docker-pull-classic": [docker_pull],
           "containerd": [ctr_pull],
           "podman": [podman_login, podman_pull]}


@pytest.fixture(scope="module", name="filled")
def make_filled(machine, registry):
    """The registry behind all of these, with an image in it."""
    need("skopeo", "podman", "ctr")
    network = machine.network
    network.name(OTHER, registry.address)
    archive = network.path("payload.tar")
    machine.docker("save", "-o", archive, machine.payload)
    machine.skopeo("copy", "--dest-tls-verify=false", "--dest-creds",
                   CREDENTIALS, "docker-archive:" + archive,
                   f"docker://{OTHER}/tiny:1")
    return registry


# What leads where, whether that is covered -> the exit code, and what goes
# through: login, classic pull, containerd, Podman's login and pull.
CASES = {
    "all, covered": (EVERYTHING, "https://other.bed.test{path}", True,
                     TRUSTED, "yyynn"),
    "/v2/, covered": (V2, "https://other.bed.test{path}", True,
                      TRUSTED, "ynyny"),
    "all, not covered": (EVERYTHING, "https://other.bed.test{path}", False,
                         DOCKER, "nnnnn"),
    "/v2/, not covered": (V2, "https://other.bed.test{path}", False,
                          DOCKER, "nnynn"),
    "/v2/ to itself": (V2, "{path}", True, DOCKER, "nnynn"),
    "/v2/ to a login": (V2, "/users/sign_in", True, TRUSTED, "nnynn"),
    "/v2/ to plain http": (V2, "http://plain.bed.test/v2/", True, TRUSTED,
                           "ynyyn"),
}


@pytest.fixture(name="front")
def make_front(machine, filled, request):
    """front(paths, to): a registry under a name of its own, with its CA."""
    servers = []

    def front(paths, to):
        name = f"f{abs(hash(request.node.nodeid)) % 10**8}.front.test"
        root = pki.root("Front Root")
        server = Redirecting(machine.network, root.leaf(name), root, to=to,
                             paths=paths, backend=filled.address)
        servers.append(server)
        machine.network.name(name, server.address)
        return name, root
    yield front
    for server in servers:
        server.close()


@pytest.mark.parametrize("case", CASES)
def test_engines_do_what_is_said_of_them(machine, filled, front, case,
                                         tmp_path):
    paths, to, covered, code, through = CASES[case]
    name, root = front(paths, to)
    file = tmp_path / "ca.pem"
    file.write_bytes(pki.pem(root.certificate) + (
        pki.pem(filled.anchor.certificate) if covered else b""))
    product = Product(machine.host, os.path.join(
        machine.network.etc_docker, "certs.d"))
    with PlainRegistry(machine.network) as plain:
        machine.network.name("plain.bed.test", plain.address)
        done = product.run(name, "--json", "--ca-file", file)
        said = {c["consumer"]: c["answer"] for c in json.loads(
            done.out.splitlines()[-1])["consumers"]}
        found = {consumer: [ask(machine, name).returncode == 0
                            for ask in asks]
                 for consumer, asks in CLIENTS.items()}
    assert done.code == code, done
    assert "".join("ny"[goes] for consumer in found
                   for goes in found[consumer]) == through
    for consumer, goes in found.items():
        if said[consumer] == "accepts":
            assert all(goes), (consumer, said)
        elif said[consumer] == "refuses":
            assert not any(goes), (consumer, said)
