# SPDX-License-Identifier: Apache-2.0
"""What real engines do with names for which they read no directory, and that
dtr-trust says the same."""
import json
import os
import types

import pytest

from support import pki
from support.engines import PASSWORD, USER
from support.needs import need
from support.network import tool
from support.product import DOCKER, TRUSTED, UNREACHABLE, Product
from support.servers import TlsRegistry

NAME = "home.odd.test"
LOGIN = ("login", "--username", USER, "--password-stdin")


@pytest.fixture(name="product")
def make_product(machine):
    return Product(machine.host, os.path.join(
        machine.network.etc_docker, "certs.d"))


def consumers(done):
    report, = map(json.loads, done.out.splitlines())
    return {c["consumer"]: c["answer"] for c in report["consumers"]}


def test_a_name_with_a_loopback_address(machine, product):
    """The certificate is for another name: who verifies refuses it."""
    need("skopeo", "ctr")
    network, ca = machine.network, pki.root()
    here = types.SimpleNamespace(registry=machine.host)
    with TlsRegistry(here, ca.leaf("other.odd.test"), ca,
                     address="127.0.0.5"):
        network.name(NAME, "127.0.0.5")
        done = product.run(NAME, "--json")
        said = consumers(done)
        login = machine.docker(*LOGIN, NAME, input=PASSWORD, check=False)
        skopeo = machine.skopeo("list-tags", f"docker://{NAME}/tiny",
                                check=False)
        ctr = machine.ctr("images", "pull", "--hosts-dir",
                          "/etc/docker/certs.d", f"{NAME}/tiny:1",
                          check=False)
    assert done.code == DOCKER, done
    assert login.returncode == 0, login.stderr
    assert said["docker-login"] == said["docker-pull-classic"] == "unverified"
    for consumer, client in (("podman", skopeo), ("containerd", ctr)):
        assert said[consumer] == "refuses"
        assert client.returncode and "x509: " in client.stderr, client.stderr


def test_docker_hub_behind_an_inspecting_proxy(machine, product):
    """docker login and the classic store read nothing for it; Podman and
    skopeo do."""
    need("skopeo")
    network, ca = machine.network, pki.root("Inspecting CA")
    with TlsRegistry(network, ca.leaf(
            "registry-1.docker.io", "index.docker.io", "docker.io"), ca) as server:
        for name in ("registry-1.docker.io", "index.docker.io"):
            network.name(name, server.address)
        done = product.run("docker.io", "--json")
        pull = machine.docker("pull", "docker.io/library/tiny:1", check=False)
        skopeo = machine.skopeo("list-tags", "docker://docker.io/tiny",
                                check=False)
        # Letter for letter: for these the directory is read.
        network.name("docker.io", server.address)
        for name in ("registry-1.docker.io", "docker.io:443"):
            assert consumers(product.run(name, "--json"))[
                "docker-login"] == "accepts"
            login = machine.docker(*LOGIN, name, input=PASSWORD, check=False)
            assert login.returncode == 0, login.stderr
    said = consumers(done)
    assert pull.returncode and "x509: " in pull.stderr, pull.stderr
    assert said["docker-pull-classic"] in ("refuses", "reads-nothing")
    assert said["podman"] == "accepts"
    assert "x509: " not in skopeo.stderr, skopeo.stderr


# The lines of resolv.conf, and the name that has an address.
SEARCHES = {
    "dotted": ("search corp.odd.test", "dotted.corp.odd.test"),
    "second": ("search first.odd.test corp.odd.test",
               "second.corp.odd.test"),
    "ndots": ("search corp.odd.test\\noptions ndots:5",
              "ndots.corp.odd.test"),
    "none": ("search corp.odd.test", "none.other.odd.test"),
}


@pytest.mark.parametrize("case", SEARCHES)
def test_a_name_below_a_search_domain(machine, product, case):
    """dtr-trust finds the registry where Go's resolver does."""
    need("skopeo")
    lines, whole = SEARCHES[case]
    network, ca = machine.network, pki.root()
    name = f"{case}.dc1"
    prefix = ("unshare", "-m", "sh", "-ec", 'cp /etc/resolv.conf "$0"; '
              f'printf "{lines}\\n" >>"$0"; mount --bind "$0" '
              '/etc/resolv.conf; exec "$@"', network.path("search"))
    with TlsRegistry(network, ca.leaf(name), ca) as server:
        network.name(whole.replace(case, name), server.address)
        done = product.run(name, prefix=prefix)
        skopeo = machine.run(*prefix, tool("skopeo"), "list-tags",
                             f"docker://{name}/tiny", check=False)
    is_found = "no such host" not in skopeo.stderr
    assert is_found == (case != "none"), skopeo.stderr
    assert done.code == (TRUSTED if is_found else UNREACHABLE), done
    # Only then: not what a resolver, but what certs.d says of it.
    assert not is_found or "x509: " not in skopeo.stderr, skopeo.stderr
