# SPDX-License-Identifier: Apache-2.0
"""What one command costs: time, instructions, memory, octets, flights."""
import collections
import contextlib
import glob
import json
import os
import re
import select
import socket
import subprocess
import threading
import time

from support.network import tool
from support.servers import PATIENCE_SECONDS, TlsRegistry

PATH = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
SAMPLE_SECONDS = 0.05


def times_ms(network, command, runs, empty):
    """Wall and processor time, the medians and means of RUNS.

    EMPTY is run before each, untimed: every run is a first one.
    """
    result = network.path("hyperfine.json")
    network.machine.run(
        tool("hyperfine"), "-N", "--warmup", "3", "--runs", runs,
        "--prepare", empty, "--ignore-failure", "--export-json", result,
        " ".join(command), env=PATH, timeout=600)
    with open(result, encoding="ascii") as file:
        seen = json.load(file)["results"][0]
    return seen["median"] * 1000, (seen["user"] + seen["system"]) * 1000


def instructions(network, command):
    """In millions, over all processes of COMMAND."""
    done = network.machine.run(
        tool("valgrind"), "--tool=callgrind", "--trace-children=yes",
        "--callgrind-out-file=/dev/null", *command, env=PATH, check=False,
        timeout=300)
    return sum(map(int, re.findall(r"Collected : (\d+)", done.stderr))) / 1e6


def memory_of(session):
    """Proportional memory of all processes in SESSION, in KiB."""
    total = 0
    for path in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            with open(path, encoding="latin-1") as file:
                if int(file.read().rpartition(")")[2].split()[3]) != session:
                    continue
            with open(path[:-4] + "smaps_rollup", encoding="ascii") as file:
                total += sum(int(line.split()[1]) for line in file
                             if line.startswith("Pss:"))
    return total


Cost = collections.namedtuple("Cost", "seconds cpu_seconds largest_kib all_kib")


def whole_run(network, command):
    """The Cost of COMMAND, with all its processes; their sum is sampled."""
    peak, log = 0, []
    begin = time.monotonic()
    with subprocess.Popen(
            network.machine.argv(tool("time"), "-f", "%U %S %M", *command),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, start_new_session=True,
            env=PATH) as process:
        os.set_blocking(process.stderr.fileno(), False)
        while process.poll() is None:
            peak = max(peak, memory_of(process.pid))
            log += process.stderr.readlines()
            time.sleep(SAMPLE_SECONDS)
        seconds = time.monotonic() - begin
        log += process.stderr.readlines()
    user, system, largest = log[-1].split()
    return Cost(seconds, float(user) + float(system), int(largest), peak)


class CountingRegistry(TlsRegistry):
    """Counts octets and flights of the client's TCP stream."""

    def __init__(self, *arguments):
        self.seen = collections.Counter()
        super().__init__(*arguments)

    def handle(self, connection):
        inner, outer = socket.socketpair()
        inner.settimeout(PATIENCE_SECONDS)
        # As Go's and nginx's servers have it: else the ticket's delayed
        # acknowledgement holds the answer for 40 ms.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
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
    """Octets sent and received, flights of the client, DNS queries.

    Each flight but the last is a round trip that the client waited for; the
    handshake of TCP is one more.
    """
    server.seen.clear()
    asked = len(network.names.asked)
    network.machine.run(*command, env=PATH, check=False)
    return [server.seen["sent"], server.seen["received"],
            server.seen["flights"], len(network.names.asked) - asked]


def size_of(program):
    """Octets of PROGRAM and the libraries that it loads."""
    loaded = subprocess.run([tool("ldd"), program], capture_output=True,
                            text=True, check=False).stdout
    return sum(os.path.getsize(path) for path in
               {program, *re.findall(r"(/\S+) \(0x", loaded)})
