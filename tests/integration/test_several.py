# SPDX-License-Identifier: Apache-2.0
"""Many registries at once, deadlines, and what a dead one costs."""
import json
import os
import re
import signal
import time

import pytest

from support import pki, servers
from support.network import (BLACKHOLE_ADDRESS, children_of, is_running,
                             wait_until)
from support.product import PROMPT_SECONDS, ROOT, TRUSTED, UNREACHABLE


@pytest.fixture(scope="module", name="authority")
def make_authority():
    return pki.root("Several Root")


def live_names(network, serve, authority, count):
    server = serve(authority.leaf("*.live.test"), authority)
    return network.many("live.test", server.address, count)


def limit(name):
    with open(os.path.join(ROOT, "src", "common", "limits.h"),
              encoding="ascii") as file:
        return int(re.search(rf"#define {name}\s+(\d+)",
                             file.read()).group(1))


def test_a_dead_registry_neither_delays_nor_fails_the_others(
        network, product, serve, authority):
    live = live_names(network, serve, authority, 3)
    hole = network.name("hole.dead.test", BLACKHOLE_ADDRESS)
    begin = time.time()
    with servers.RudeServer(network, servers.stay_silent) as mute:
        silent = network.name("silent.dead.test", mute.address)
        done = product.run(hole, silent, *live, "--timeout", "5s")

    assert done.code == UNREACHABLE, done
    assert done.seconds < 10, "one deadline, not two"
    for registry in live:
        written = os.stat(product.path(registry, "ca.crt")).st_mtime
        assert written - begin < 5, done
    for registry in (hole, silent):
        assert registry in done.err
        assert not product.installed(registry)


def test_those_that_wait_make_room_up_to_the_limit(network, product):
    young, most = limit("PROBES_YOUNG_MAX"), limit("PROBES_MAX")
    seen, count = 0, 5 * young
    with servers.RudeServer(network, servers.stay_silent) as mute:
        names = network.many("mute.test", mute.address, count)
        begin = time.monotonic()
        installer = product.start(*names, "--timeout", "4s")
        while installer.poll() is None:
            running = len(children_of(installer))
            # A busy machine may be late to start them, not early.
            second = int(time.monotonic() - begin) + 1
            assert running <= min(most, second * young)
            seen = max(seen, running)
            time.sleep(0.002)
        installer.communicate()
    assert installer.returncode == UNREACHABLE
    assert mute.accepted == count
    assert young < seen <= most


def test_a_hundred_dead_cost_three_deadlines(
        network, product, serve, authority):
    """Not seven, as with sixteen places for the dead and the living."""
    live = live_names(network, serve, authority, 200)
    dead = network.many("dead.test", BLACKHOLE_ADDRESS, 100)
    names = [name for three in zip(dead, live[::2], live[1::2])
             for name in three]
    done = product.run("--json", "--timeout", "3s", *names)
    assert done.code == UNREACHABLE, done
    for name in names:
        assert product.installed(name) == (name in live), name
    assert done.seconds < 5 * 3.5, done.seconds


@pytest.mark.parametrize("how", ["flag", "variable"])
def test_the_timeout_is_kept(network, product, how):
    registry = network.name("hole.dead.test", BLACKHOLE_ADDRESS)
    if how == "flag":
        done = product.run(registry, "--timeout", "500ms",
                           env={"DTR_TIMEOUT": "20s"})
    else:
        done = product.run(registry, env={"DTR_TIMEOUT": "500ms"})
    assert done.code == UNREACHABLE, done
    assert 0.4 < done.seconds < PROMPT_SECONDS, done


def test_a_refused_connection_fails_at_once(network, product):
    registry = network.name("closed.dead.test", network.address())
    done = product.run(registry)
    assert done.code == UNREACHABLE, done
    assert done.seconds < PROMPT_SECONDS, done
    assert "refused" in done.err


def test_the_second_address_of_a_name_is_tried(
        network, product, serve, authority):
    server = serve(authority.leaf("multi.live.test"), authority)
    registry = network.name("multi.live.test", network.address(),
                            server.address)
    done = product.run(registry, "--timeout", "5s")
    assert done.code == TRUSTED, done


@pytest.fixture(name="waiting")
def make_waiting(network, product):
    """start(timeout): (installer, its probe), waiting for a silent server."""
    with servers.RudeServer(network, servers.stay_silent) as mute:
        registry = network.name("waiting.dead.test", mute.address)

        def start(timeout):
            installer = product.start(registry, "--timeout", timeout)
            wait_until(lambda: mute.accepted, 5, 0.01)
            return installer, children_of(installer)[0]
        yield start


def test_a_probe_that_stands_still_is_killed_at_the_deadline(waiting):
    installer, probe = waiting("1s")
    os.kill(probe, signal.SIGSTOP)
    _, err = installer.communicate(timeout=PROMPT_SECONDS)
    assert installer.returncode == UNREACHABLE, err
    assert b"waiting.dead.test" in err
    assert not is_running(probe)


def test_a_probe_does_not_outlive_its_installer(waiting):
    installer, probe = waiting("30s")
    installer.kill()
    installer.communicate(timeout=PROMPT_SECONDS)
    assert wait_until(lambda: not is_running(probe), PROMPT_SECONDS)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_installer_ends_at_once_when_told(waiting, number):
    installer, probe = waiting("30s")
    installer.send_signal(number)
    installer.communicate(timeout=PROMPT_SECONDS)
    assert installer.returncode not in (TRUSTED, None)
    assert not is_running(probe)


def test_silence_of_the_name_server_is_bounded(network, product):
    """The answer is lost: the socket is there, nobody replies."""
    answer = network.names.answer
    network.names.answer = lambda query: b""
    try:
        done = product.run("lost.dead.test", "--timeout", "2s")
    finally:
        network.names.answer = answer
    assert done.code == UNREACHABLE, done
    assert done.seconds < PROMPT_SECONDS, done


def first_words(text):
    """Whom the reports of TEXT are about, in their order."""
    return [line.split()[0].rstrip(":") for line in text.splitlines()
            if line and not line[0].isspace()]


def test_every_registry_has_its_line_in_the_order_given(
        network, product, serve, authority):
    """Nobody waits for one that takes more than a second; here none does,
    unless the machine is busy with something else."""
    live = live_names(network, serve, authority, 20)
    product.run(*live)
    for _ in range(10):
        done = product.run("--json", *live)
        text = product.run(*live)
        if max(done.seconds, text.seconds) < 1:
            break
    else:
        pytest.skip("20 registries take longer than a second each time")
    assert [json.loads(line)["registry"]
            for line in done.out.splitlines()] == live
    assert first_words(text.out) == [*live, "20"]


def test_one_that_is_dead_holds_up_no_report(
        network, product, serve, authority):
    live = live_names(network, serve, authority, 3)
    hole = network.name("hole.dead.test", BLACKHOLE_ADDRESS)
    process = product.start(hole, *live, "--json", "--timeout", "40s")
    try:
        said = [json.loads(process.stdout.readline())["registry"]
                for _ in live]
        # It is still waited for.
        assert sorted(said) == sorted(live) and process.poll() is None
    finally:
        process.kill()
        process.communicate()
