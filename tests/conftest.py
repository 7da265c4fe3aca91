# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the integration and end-to-end tests (see support/)."""
import contextlib
import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(__file__))

from support import pki  # noqa: E402
from support.engines import DockerRegistry, Machine  # noqa: E402
from support.mounts import with_store  # noqa: E402
from support.needs import need  # noqa: E402
from support.network import Network, tool  # noqa: E402
from support.product import Product  # noqa: E402
from support.roots import enter_root  # noqa: E402
from support.servers import TlsRegistry  # noqa: E402


@pytest.fixture(scope="session", name="network")
def make_network():
    """A registry host and a machine without a Docker engine."""
    need("ip", "nsenter", "unshare")
    network = Network()
    yield network
    network.close()


@pytest.fixture(name="product")
def make_product(network, tmp_path):
    """dtr-trust on the machine, with an empty certs.d of its own."""
    return Product(network.machine, tmp_path / "certs.d")


@pytest.fixture(scope="session", name="machine")
def make_machine():
    """A machine with a Docker engine that has the image dtr-trust.

    Of another Debian release if DTR_TRUST_TEST_ROOT is its root directory.
    """
    need("dockerd", "docker", "docker-registry", "ip", "nsenter")
    network = Network(isolate_processes=True)
    machine = None
    try:
        if "DTR_TRUST_TEST_ROOT" in os.environ:
            enter_root(network, os.environ["DTR_TRUST_TEST_ROOT"])
        machine = Machine(network)
        machine.load_product()
        yield machine
    finally:
        if machine:
            machine.close()
        network.close()


@pytest.fixture(scope="session", name="registry")
def make_registry(machine):
    """docker-registry with a login, under every name in bed.test."""
    network = machine.network
    leaf = pki.root("Bed Root").intermediate("Bed CA").leaf(
        "*.bed.test", "bed.test")
    certificate, key = leaf.save(network.path("registry"), leaf.issuer)
    registry = DockerRegistry(network, certificate, key)
    registry.anchor = leaf.issuer
    yield registry
    registry.close()


@pytest.fixture(name="reference")
def make_reference(machine, registry, request):
    """A registry name that only this test uses."""
    name = "t" + str(abs(hash(request.node.nodeid)) % 10**8) + ".bed.test"
    return machine.network.name(name, registry.address)


@pytest.fixture(name="serve")
def make_serve(network):
    """serve(identity, *chain, **options): a TLS registry for this test."""
    with contextlib.ExitStack() as stack:
        def serve(identity, *chain, **options):
            server = TlsRegistry(network, identity, *chain, **options)
            return stack.enter_context(server)
        yield serve


@pytest.fixture(name="store")
def make_store(tmp_path):
    """store(*identities): a prefix with these as the host's own CA store."""
    def store(*identities):
        return with_store(tmp_path / "ca-certificates.crt", *identities)
    return store


@pytest.fixture(name="accepts")
def make_accepts(network, product):
    """accepts(registry): does Go, as in Docker, trust what is installed?"""
    need("skopeo")

    def accepts(registry):
        done = network.machine.run(
            tool("skopeo"), "list-tags", "--no-creds", "--cert-dir",
            product.path(registry), f"docker://{registry}/tiny",
            check=False, env={"HOME": network.directory})
        if done.returncode and "x509: " not in done.stderr:
            raise AssertionError(done.stderr)
        return done.returncode == 0
    return accepts
