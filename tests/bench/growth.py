# SPDX-License-Identifier: Apache-2.0
"""Many registries in one run, beside `xargs -P 16 openssl s_client`.

One docker-registry answers for all names; some may be dead (packets get no
answer, or a server says nothing) and some slow.
"""
import contextlib
import glob
import os
import time

import gauges
from support import pki
from support.engines import DockerRegistry
from support.network import BLACKHOLE_ADDRESS, tool
from support.product import BINARY
from support.servers import RudeServer, TlsRegistry, stay_silent

TIMEOUT_SECONDS, SLOW_SECONDS = 5, 1
HEAD = ("registries", "dead", "slow", "client", "got", "wall s", "CPU s",
        "largest MiB", "all MiB")
OPENSSL = (f"exec timeout {TIMEOUT_SECONDS} {tool('openssl')} s_client "
           "-showcerts -servername {} -connect {}:443 </dev/null "
           ">DIR/{}.pem 2>/dev/null")


class SlowRegistry(TlsRegistry):
    def handle(self, connection):
        time.sleep(SLOW_SECONDS)
        super().handle(connection)


def commands(network, names):
    """(client, command, how many it got)."""
    certs_d, folder = network.path("memory", "many"), network.path(
        "memory", "pem")
    for path in (certs_d, folder):
        network.machine.run("rm", "-rf", path)
        network.machine.run("mkdir", path)
    inside = f"/proc/{network.machine.pid}/root"
    with open(network.path("names"), "w", encoding="ascii") as file:
        file.writelines(name + "\n" for name in names)
    # A list of 4,096 names is longer than one argument may be.
    yield ("dtr-trust", [BINARY, "--certs-dir", certs_d, "--timeout",
                         f"{TIMEOUT_SECONDS}s", *names],
           lambda: len(glob.glob(f"{inside}{certs_d}/*/ca.crt")))
    yield ("xargs openssl", [
        tool("xargs"), "-a", network.path("names"), "-P", "16", "-I", "{}",
        "sh", "-c", OPENSSL.replace("DIR", folder)],
        lambda: sum(os.path.getsize(path) > 1000
                    for path in glob.glob(f"{inside}{folder}/*.pem")))


def rows(network, plan):
    """For each (count, dead, slow) of PLAN and each client, as HEAD says."""
    leaf = pki.root("Many Root").intermediate("Many CA").leaf("*.many.test")
    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        live = enter(contextlib.closing(DockerRegistry(
            network, *leaf.save(network.path("live"), leaf.issuer),
            login=False)))
        slow = enter(SlowRegistry(network, leaf, leaf.issuer))
        mute = enter(RudeServer(network, stay_silent))
        for count, dead, late in plan:
            where = [BLACKHOLE_ADDRESS] * (dead - dead // 2)
            where += [mute.address] * (dead // 2) + [slow.address] * late
            where += [live.address] * (count - len(where))
            # Spread evenly, as in an operator's list.
            names = [network.name(f"r{n}.many.test", where[n * 7 % count])
                     for n in range(count)]
            for client, command, got in commands(network, names):
                cost = gauges.whole_run(network, command)
                yield (count, dead, late, client, got(), cost.seconds,
                       cost.cpu_seconds, cost.largest_kib / 1024,
                       cost.all_kib / 1024)
