# SPDX-License-Identifier: Apache-2.0
"""A hundred registries in one run, some of them slow, some dead."""
import json
import time

from support import pki, servers
from support.network import BLACKHOLE_ADDRESS
from support.product import UNREACHABLE

TIMEOUT_SECONDS, SLOW_SECONDS = 3, 1


class SlowRegistry(servers.TlsRegistry):
    def handle(self, connection):
        time.sleep(SLOW_SECONDS)
        super().handle(connection)


def test_a_hundred_take_no_longer_than_the_slowest(network, product, serve):
    root = pki.root("Many Root")
    leaf = root.leaf("*.many.test")
    live = serve(leaf, root)
    with SlowRegistry(network, leaf, root) as slow, servers.RudeServer(
            network, servers.stay_silent) as mute:
        where = [live.address] * 88 + [slow.address] * 4 + [
            mute.address] * 3 + [BLACKHOLE_ADDRESS] * 3 + [network.address()]
        names = [network.name(f"r{n}.many.test", address)
                 for n, address in enumerate(where)] + ["none.many.test"]
        # The dead first: they hold their places while the others go on.
        names.reverse()
        done = product.run("--json", "--timeout", f"{TIMEOUT_SECONDS}s",
                           *names)

    assert done.code == UNREACHABLE, done
    assert TIMEOUT_SECONDS <= done.seconds < TIMEOUT_SECONDS + 3, done.seconds
    reports = {report["registry"]: report for report in map(
        json.loads, done.out.splitlines())}
    assert set(reports) == set(names)
    for name in names:
        trusted = name in names[8:]
        assert reports[name]["state"] == (
            "installed" if trusted else "failed"), reports[name]
        assert product.installed(name) == trusted
    assert product.anchors("r0.many.test") == [pki.der(root.certificate)]
