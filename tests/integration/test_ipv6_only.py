# SPDX-License-Identifier: Apache-2.0
"""A machine without any IPv4 address, as nodes of an IPv6-only cluster are."""
import contextlib
import socket
import threading

import pytest

from support import pki
from support.network import NameServer, Network
from support.product import TRUSTED, Product
from support.servers import TlsRegistry

NAME, DOUBLE = "six.test", "double.six.test"


class NameServer6(NameServer):
    """The same by IPv6."""

    def __init__(self, host, address):
        threading.Thread.__init__(self, daemon=True)
        self.names, self.asked, self.address = {}, [], address
        with host.network():
            self.socket = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
            self.socket.bind((address, 53))
        self.start()


@pytest.fixture(name="registry")
def make_registry(tmp_path):
    with contextlib.ExitStack() as stack:
        network = stack.enter_context(contextlib.closing(Network()))
        for device in ("wire", "lo"):
            network.machine.run("ip", "-4", "addr", "flush", "dev", device)
        names = stack.enter_context(contextlib.closing(NameServer6(
            network.registry, network.address(6))))
        with open(network.path("resolv.conf"), "w", encoding="ascii") as file:
            file.write(f"nameserver {names.address}\n")
        address = network.address(6)
        root = pki.root("Six Root")
        server = stack.enter_context(contextlib.closing(TlsRegistry(
            network, root.leaf(NAME, DOUBLE, address), root, address=address)))
        # The second has an address that this machine has no route to, too.
        names.names.update({NAME: [address],
                            DOUBLE: [network.address(), address]})
        server.product = Product(network.machine, tmp_path / "certs.d")
        yield server


def test_registries_are_reached_and_trusted(registry):
    literal = f"[{registry.address}]"
    for name in (NAME, DOUBLE, literal):
        assert registry.product.run(name).code == TRUSTED, name
        done = registry.product.run("--check", name)
        assert done.code == TRUSTED, done
        assert f"{literal}:443" in done.out
