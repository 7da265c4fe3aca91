# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the integration and end-to-end tests (see support/)."""
import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(__file__))

from support import pki  # noqa: E402
from support.engines import DockerRegistry, Machine  # noqa: E402
from support.needs import need  # noqa: E402
from support.network import Network  # noqa: E402
from support.product import Product  # noqa: E402


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
    """A machine with a Docker engine that has the image dtr-trust."""
    need("dockerd", "docker", "docker-registry", "ip", "nsenter")
    network = Network(isolate_processes=True)
    machine = None
    try:
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
