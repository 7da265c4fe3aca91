# SPDX-License-Identifier: Apache-2.0
"""Registries on the machine itself, by each name that it may have there; see
kinds.py. dtr-trust is run in the network of the host, and so asks that one."""
import contextlib

from support.kind import Case, Kind
from support.nginx import Nginx

FIRST_PORT = 5443


def at(name, address="127.0.0.1"):
    """A registry NAME on a port of its own; "{}" is a name in the DNS."""
    def open_it(bed):
        port = FIRST_PORT + len(bed.logins)
        host = name.format(f"l{port}")
        if host != name:
            bed.network.name(host, address)
        leaf = bed.anchor.leaf(host.strip("[]"), "localhost")
        bed.cleanup.enter_context(contextlib.closing(Nginx(
            bed.network, leaf, bed.anchor, behind=bed.registry,
            host=bed.machine.host, address=address, port=port)))
        registry = f"{host}:{port}"
        bed.log_in(registry)
        return Case(registry, registry, reach=("--network", "host"))
    return open_it


LOOPBACK = [
    Kind("localhost", "localhost", at("localhost"), True),
    Kind("loopback-address", "127.0.0.1", at("127.0.0.1"), True),
    Kind("loopback-other", "127.3.2.1", at("127.3.2.1", "127.3.2.1"), True),
    Kind("loopback-name", "a name with the address 127.0.0.1",
         at("{}.bed.test"), True),
]
