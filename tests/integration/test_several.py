# SPDX-License-Identifier: Apache-2.0
"""Many registries at once, deadlines, and what a dead one costs."""
import os
import re
import time

import pytest

from support import pki, servers
from support.network import BLACKHOLE_ADDRESS
from support.product import ROOT, TRUSTED, UNREACHABLE


@pytest.fixture(scope="module", name="authority")
def make_authority():
    return pki.root("Several Root")


def live_names(network, serve, authority, count):
    server = serve(authority.leaf("*.live.test"), authority)
    return [network.name(f"r{n}.live.test", server.address)
            for n in range(count)]


def probes_max():
    with open(os.path.join(ROOT, "src", "common", "limits.h"),
              encoding="ascii") as file:
        return int(re.search(r"#define PROBES_MAX\s+(\d+)",
                             file.read()).group(1))


def test_a_dead_registry_neither_delays_nor_fails_the_others(
        network, product, serve, authority):
    live = live_names(network, serve, authority, 3)
    hole = network.name("hole.dead.test", BLACKHOLE_ADDRESS)
    begin = time.time()
    with servers.RudeServer(network, servers.stay_silent) as mute:
        silent = network.name("silent.dead.test", mute.address)
        done = product.run(hole, silent, *live, "--timeout", "3s")

    assert done.code == UNREACHABLE, done
    assert done.seconds < 4.5, done
    for registry in live:
        written = os.stat(product.path(registry, "ca.crt")).st_mtime
        assert written - begin < 1.5, done
    for registry in (hole, silent):
        assert registry in done.err
        assert not product.installed(registry)


def test_there_are_never_more_probes_than_the_limit(network, product):
    limit = probes_max()
    with servers.RudeServer(network, servers.stay_silent) as mute:
        names = [network.name(f"s{n}.mute.test", mute.address)
                 for n in range(2 * limit + 1)]
        done = product.run(*names, "--timeout", "1s")
    assert done.code == UNREACHABLE, done
    assert mute.accepted == 2 * limit + 1
    assert 1 < mute.most_open <= limit
    assert 2.9 < done.seconds < 6, done


@pytest.mark.parametrize("how", ["flag", "variable"])
def test_the_timeout_is_kept(network, product, how):
    registry = network.name("hole.dead.test", BLACKHOLE_ADDRESS)
    if how == "flag":
        done = product.run(registry, "--timeout", "500ms",
                           env={"DTR_TIMEOUT": "20s"})
    else:
        done = product.run(registry, env={"DTR_TIMEOUT": "500ms"})
    assert done.code == UNREACHABLE, done
    assert 0.4 < done.seconds < 1.5, done


def test_a_refused_connection_fails_at_once(network, product):
    registry = network.name("closed.dead.test", network.address())
    done = product.run(registry)
    assert done.code == UNREACHABLE, done
    assert done.seconds < 2, done
    assert "refused" in done.err


def test_the_second_address_of_a_name_is_tried(
        network, product, serve, authority):
    server = serve(authority.leaf("multi.live.test"), authority)
    registry = network.name("multi.live.test", network.address(),
                            server.address)
    done = product.run(registry, "--timeout", "5s")
    assert done.code == TRUSTED, done


def test_silence_of_the_name_server_is_bounded(network, product):
    """The answer is lost: the socket is there, nobody replies."""
    answer = network.names.answer
    network.names.answer = lambda query: b""
    try:
        done = product.run("lost.dead.test", "--timeout", "2s")
    finally:
        network.names.answer = answer
    assert done.code == UNREACHABLE, done
    assert done.seconds < 3.5, done


def test_every_registry_has_its_line_in_the_order_given(
        network, product, serve, authority):
    live = live_names(network, serve, authority, 20)
    done = product.run(*live)
    assert done.code == TRUSTED, done
    first = [line.split()[0].rstrip(":") for line in done.out.splitlines()
             if line and not line[0].isspace()]
    assert sorted(first) == sorted(live)
