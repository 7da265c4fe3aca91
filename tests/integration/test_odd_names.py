# SPDX-License-Identifier: Apache-2.0
"""Names for which not every reader looks into a directory: such with a loopback
address, and Docker Hub's. With real engines: tests/e2e/test_odd_names.py."""
import types

import pytest

from support import pki
from support.product import DOCKER, TRUSTED
from support.reports import report_of
from support.servers import TlsRegistry

NAME = "home.odd.test"
HUB = "registry-1.docker.io"


def answers(report):
    return "".join(c["answer"][0].upper() + (
        "V" if c["answer"] == "unverified" else "")
        for c in report["consumers"])


@pytest.fixture(name="at_home")
def make_at_home(network):
    """at_home(identity, *chain): a server on a loopback address of the
    machine, under NAME."""
    servers = []

    def at_home(identity, *chain, address="127.0.0.5", names=()):
        here = types.SimpleNamespace(registry=network.machine,
                                     address=lambda: address)
        servers.append(TlsRegistry(here, identity, *chain, address=address))
        network.name(NAME, address, *names)
        return servers[-1]
    yield at_home
    for server in servers:
        server.close()


@pytest.mark.parametrize("address", ["127.0.0.5", "::1"])
def test_a_name_with_a_loopback_address_is_not_verified_by_docker(
        product, at_home, address):
    """moby's isSecureIndex looks the name up; the containerd store from 28 on,
    and everybody else, take the name for what it says."""
    ca = pki.root()
    at_home(ca.leaf(NAME), ca, address=address)
    done = product.run(NAME)
    assert done.code == TRUSTED, done
    assert "docker login and Docker's classic store verify nothing" in done.out
    report = report_of(product.run(NAME, "--json"))
    assert "loopback" in report["warnings"]
    assert answers(report) == "UVUVAAUA"
    report = report_of(product.run(NAME, "--json", "--docker", "26.1"))
    assert answers(report) == "UVUVUVUVUA"
    report = report_of(product.run(NAME, "--json", "--docker", "24.0"))
    assert answers(report)[:4] == "UVUV" and answers(report)[4] == "A"


def test_what_is_refused_there_is_not_said_of_docker(product, at_home):
    ca = pki.root()
    at_home(ca.leaf("other.odd.test"), ca)
    done = product.run(NAME)
    assert done.code == DOCKER, done
    assert "NOT INSTALLED: who verifies would refuse it even so" in done.err
    assert "Docker would refuse" not in done.err
    assert "verifies nothing of this server" in done.err
    assert answers(report_of(product.run(NAME, "--json"))) == "UVUVRRRR"


def test_one_loopback_address_among_others_is_enough(
        network, product, at_home, serve):
    ca = pki.root()
    at_home(ca.leaf(NAME), ca)
    there = serve(ca.leaf(NAME), ca)
    for addresses in ([there.address], [there.address, "127.0.0.5"],
                      ["127.0.0.5", there.address]):
        network.name(NAME, *addresses)
        report = report_of(product.run(NAME, "--json"))
        assert ("loopback" in report["warnings"]) == (len(addresses) > 1)


@pytest.fixture(name="hub")
def make_hub(network, serve):
    """What answers for Docker Hub where a proxy inspects TLS."""
    ca = pki.root("Inspecting CA")
    server = serve(ca.leaf("*.docker.io", "docker.io"), ca)
    network.name(HUB, server.address)
    server.anchor = ca
    return server


@pytest.mark.parametrize("name", ["docker.io", "index.docker.io"])
def test_docker_hub_behind_an_inspecting_proxy(product, hub, store, name):
    """Measured on 20.10 and 28.5: the classic store and login read nothing,
    the containerd store does; all ask registry-1.docker.io."""
    public = store(pki.root("Public Root"))
    done = product.run(name, prefix=public)
    assert done.code == TRUSTED, done
    assert "read no directory for Docker Hub" in done.out
    assert "your network inspects TLS" in done.out
    assert "no restart needed" not in done.out
    assert product.anchors(name) == [pki.der(hub.anchor.certificate)]
    assert set(hub.server_names) == {HUB}
    report = report_of(product.run(name, "--json", prefix=public))
    assert answers(report) == "RRAAUA"
    assert {c["reason"] for c in report["consumers"][:2]} == {
        "docker-hub-name"}
    done = product.run(name, "--check", prefix=public)
    assert done.code == TRUSTED and "read no directory" in done.out, done


def test_with_its_port_it_is_asked_by_its_name(network, product, hub):
    """Docker compares letter for letter."""
    network.name("docker.io", hub.address)
    for name in ("docker.io:443", HUB):
        done = product.run(name)
        assert done.code == TRUSTED, done
        assert "no restart needed" in done.out
        assert "your network inspects TLS" in done.out
    assert hub.server_names == ["docker.io", HUB]
    report = report_of(product.run(HUB, "--json"))
    assert answers(report) == "AAAAUA"


def test_the_hosts_store_is_what_covers_it(product, hub, store):
    report = report_of(product.run("docker.io", "--json",
                                   prefix=store(hub.anchor)))
    assert report["state"] == "not-needed"
    assert "public-registry" not in report["warnings"]
    assert answers(report) == "AAAAAA"


@pytest.mark.parametrize("name, is_public", [
    ("ghcr.io", True), ("eu.gcr.io", True), ("me.azurecr.io", True),
    ("quay.io", True), ("evilquay.io", False), ("quay.io.corp.test", False),
    ("registry.corp.test", False)])
def test_other_public_registries(network, product, serve, name, is_public):
    ca = pki.root("Inspecting CA")
    network.name(name, serve(ca.leaf(name), ca).address)
    done = product.run(name)
    assert done.code == TRUSTED, done
    assert ("your network inspects TLS" in done.out) == is_public
    report = report_of(product.run(name, "--json"))
    assert ("public-registry" in report["warnings"]) == is_public
    assert answers(report) == "AAAAUA"
