#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""One capture beside `openssl s_client -showcerts` and `gnutls-cli`.

All in one run, against one server in a network namespace: wall time
(hyperfine), instructions (callgrind; all processes together), bytes and
flights (how often the client spoke, each but the last a round trip that it
waited for; the TCP handshake is one more). Figures only, never a verdict.
"""
import collections
import contextlib
import json
import os
import re
import select
import socket
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

from support import pki  # noqa: E402
from support.network import Network, tool  # noqa: E402
from support.product import BINARY, ROOT  # noqa: E402
from support.servers import PATIENCE_SECONDS, TlsRegistry  # noqa: E402

NAME = "registry.bench.test"
RUNS = 40
PATH = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}

# Valgrind cannot work in the sealed probe: the same program, not sealed.
UNSEALED = os.path.join(ROOT, "build", "obj", "tests", "bench", "unsealed")


def commands(network):
    return {
        "dtr-trust": [BINARY, "--certs-dir", network.path("memory", "certs.d"),
                      NAME],
        "openssl s_client": [
            tool("openssl"), "s_client", "-showcerts", "-servername", NAME,
            "-connect", NAME + ":443"],
        "gnutls-cli": [
            tool("gnutls-cli"), "--print-cert", "--insecure",
            "--logfile=/dev/null", NAME],
    }


def wall_ms(network, command):
    """Median of RUNS, each a first install (certs.d is emptied before)."""
    result = network.path("hyperfine.json")
    empty = f"rm -rf {network.path('memory', 'certs.d')}"
    network.machine.run(
        tool("hyperfine"), "-N", "--warmup", "3", "--runs", str(RUNS),
        "--prepare", empty, "--ignore-failure", "--export-json",
        result, " ".join(command), env=PATH, timeout=120)
    with open(result, encoding="ascii") as file:
        return json.load(file)["results"][0]["median"] * 1000


def instructions(network, command):
    """In millions, over all processes of COMMAND."""
    if command[0] == BINARY:
        command = [UNSEALED] + command[1:]
    done = network.machine.run(
        tool("valgrind"), "--tool=callgrind", "--callgrind-out-file="
        "/dev/null", *command, env=PATH, check=False, timeout=120)
    return sum(map(int, re.findall(r"Collected : (\d+)",
                                   done.stderr))) / 1e6


class CountingRegistry(TlsRegistry):
    """Counts bytes and flights of the client's TCP stream."""

    def __init__(self, *arguments):
        self.seen = collections.Counter()
        super().__init__(*arguments)

    def handle(self, connection):
        inner, outer = socket.socketpair()
        inner.settimeout(PATIENCE_SECONDS)
        thread = threading.Thread(target=self.answer, args=(inner,))
        thread.start()
        with outer:
            self.pump(connection, outer)
        thread.join()

    def answer(self, inner):
        with inner, contextlib.suppress(OSError):
            super().handle(inner)

    def pump(self, client, server):
        """Pass on what either side says."""
        last = server
        while True:
            ready, _, _ = select.select([client, server], [], [],
                                        PATIENCE_SECONDS)
            for side in ready:
                data = side.recv(65536)
                if not data:
                    return
                (server if side is client else client).sendall(data)
                if side is client:
                    self.seen["sent"] += len(data)
                    self.seen["flights"] += last is server
                else:
                    self.seen["received"] += len(data)
                last = side
            if not ready:
                return


def on_the_wire(network, server, command):
    """Bytes sent and received, flights of the client, DNS queries."""
    server.seen.clear()
    asked = len(network.names.asked)
    network.machine.run(*command, env=PATH, check=False)
    return [server.seen["sent"], server.seen["received"],
            server.seen["flights"], len(network.names.asked) - asked]


HEAD = ["", "ms", "ratio", "M instr", "ratio", "sent", "received",
        "flights", "DNS"]


def main():
    missing = [name for name in ("hyperfine", "valgrind", "openssl",
                                 "gnutls-cli")
               if not os.path.exists(tool(name))]
    if missing:
        sys.exit(f"bench_capture: not installed: {' '.join(missing)}")
    with contextlib.closing(Network()) as network:
        leaf = pki.root("Bench Root").intermediate("Bench CA").leaf(NAME)
        with CountingRegistry(network, leaf, leaf.issuer) as server:
            network.name(NAME, server.address)
            table(network, server)


def table(network, server):
    # Not the disk's fsync is measured, but the programs.
    os.mkdir(network.path("memory"))
    network.machine.run("mount", "-t", "tmpfs", "tmpfs",
                        network.path("memory"))
    print("with this machine's store of public CAs")
    rows(network, server)
    network.machine.run("mount", "-t", "tmpfs", "tmpfs", "/etc/ssl/certs")
    print("without it, as in a container")
    rows(network, server)


def rows(network, server):
    print("{:>17} {:>7} {:>6} {:>8} {:>6} {:>6} {:>9} {:>7} {:>4}"
          .format(*HEAD))
    base = None
    for name, command in commands(network).items():
        wire = on_the_wire(network, server, command)
        wall = wall_ms(network, command)
        count = instructions(network, command)
        base = base or (wall, count)
        print(f"{name:>17} {wall:7.1f} {wall / base[0]:5.1f}x "
              f"{count:8.1f} {count / base[1]:5.1f}x "
              "{:6} {:9} {:7} {:4}".format(*wire), flush=True)


if __name__ == "__main__":
    main()
