# SPDX-License-Identifier: Apache-2.0
"""What real engines do with a registry whose images are there, but whose /v2/
is answered by something else: never other than what dtr-trust says of them."""
import contextlib
import json
import os

import pytest

from support import pki
from support.engines import PASSWORD, USER, DockerRegistry
from support.needs import need
from support.product import DOCKER, TRUSTED, Product
from support.redirects import Redirecting, answer
from support.tokens import read_request

API = "Docker-Distribution-Api-Version: registry/2.0"
REALM = 'WWW-Authenticate: Bearer realm="/token"'
BASIC = 'WWW-Authenticate: Basic realm="x"'
NAME, ANSWERED = "odd.answers.test", "tiny"
CREDENTIALS = f"{USER}:{PASSWORD}"


class Fronting(Redirecting):
    """Answers /v2/ by itself, and hands on everything else."""

    text = b""

    def reply(self, tls):
        request = read_request(tls)
        if request.split(" ", 2)[1] == "/v2/":
            tls.sendall(self.text)
        else:
            self.hand_on(request, tls)
        with contextlib.suppress(OSError):
            tls.unwrap()


def login(machine):
    return machine.docker("login", "--username", USER, "--password-stdin",
                          NAME, input=PASSWORD, check=False)


def pull(machine):
    machine.docker("rmi", "-f", f"{NAME}/{ANSWERED}:1", check=False)
    machine.docker("logout", NAME, check=False)
    return machine.docker("pull", f"{NAME}/{ANSWERED}:1", check=False)


def ctr(machine):
    return machine.ctr("images", "pull", "--hosts-dir", "/etc/docker/certs.d",
                       f"{NAME}/{ANSWERED}:1", check=False)


def podman(machine):
    return machine.podman("pull", "--creds", CREDENTIALS,
                          f"{NAME}/{ANSWERED}:1", check=False)


CLIENTS = {"docker-login": login, "docker-pull-classic": pull,
           "containerd": ctr, "podman": podman}
# What answers, the exit code of a run that is pinned, and who goes through.
CASES = {
    "404": (answer("404 Not Found"), DOCKER, "nyyn"),
    "403": (answer("403 Forbidden"), DOCKER, "nyyn"),
    "502": (answer("502 Bad Gateway"), DOCKER, "nyyn"),
    "no challenge": (answer("401 Unauthorized", API), DOCKER, "nyyy"),
    "a page": (answer("200 OK", "Content-Type: text/html", body=b"<html>"),
               DOCKER, "yyyy"),
    "another protocol": (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n"
        b"Connection: Upgrade\r\n\r\n" + answer("200 OK", API, body=b"{}"),
        DOCKER, "nyyn"),
    "no realm": (answer("401 Unauthorized", API, REALM), DOCKER, "nnyn"),
    "name and password, then no realm": (
        answer("401 Unauthorized", API, BASIC, REALM), DOCKER, "nnyy"),
    "no realm, then name and password": (
        answer("401 Unauthorized", API, REALM, BASIC), DOCKER, "nnyn"),
    "a registry": (answer("200 OK", API, body=b"{}"), TRUSTED, "yyyy"),
}


@pytest.fixture(scope="module", name="front")
def make_front(machine, registry):
    """In front of an image for everybody."""
    need("skopeo", "podman", "ctr")
    network = machine.network
    anchor = pki.root("Answers Root")
    leaf = anchor.leaf(NAME)
    with contextlib.closing(DockerRegistry(
            network, *leaf.save(network.path("answers"), anchor),
            login=False, storage=registry)) as behind:
        archive = network.path("answers.tar")
        machine.docker("save", "-o", archive, machine.payload)
        machine.skopeo("copy", "--dest-tls-verify=false",
                       "docker-archive:" + archive,
                       f"docker://{behind.address}:443/{ANSWERED}:1")
        with Fronting(network, leaf, anchor, to="",
                      backend=behind.address) as server:
            server.anchor = anchor
            network.name(NAME, server.address)
            yield server


@pytest.mark.parametrize("case", CASES)
def test_engines_do_what_is_said_of_them(machine, front, case):
    front.text, code, through = CASES[case]
    product = Product(machine.host, os.path.join(
        machine.network.etc_docker, "certs.d"))
    done = product.run(NAME, "--json", "--pin", "sha256:" + pki.fingerprint(
        front.anchor.certificate))
    assert done.code == code, done
    said = {c["consumer"]: c["answer"]
            for c in json.loads(done.out)["consumers"]}
    found = {name: ask(machine).returncode == 0
             for name, ask in CLIENTS.items()}
    assert "".join("ny"[goes] for goes in found.values()) == through, found
    for name, goes in found.items():
        assert said[name] == "unchecked" or \
            goes == (said[name] == "accepts"), (name, said)
