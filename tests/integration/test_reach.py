# SPDX-License-Identifier: Apache-2.0
"""Names with several addresses, some of which lead nowhere."""
from support import pki
from support.network import BLACKHOLE_ADDRESS, CONTAINERS
from support.product import PROMPT_SECONDS, TRUSTED, UNREACHABLE

NAME = "reg.reach.test"


def test_a_silent_address_costs_a_quarter_of_a_second(network, product,
                                                      serve):
    root = pki.root()
    registry = serve(root.leaf(NAME), root)
    network.name(NAME, BLACKHOLE_ADDRESS, registry.address)
    done = product.run(NAME)
    assert done.code == TRUSTED, done
    assert done.seconds < PROMPT_SECONDS, done


def test_a_family_that_nobody_listens_on_costs_nothing(network, product,
                                                       serve):
    root = pki.root()
    registry = serve(root.leaf(NAME), root)
    network.name(NAME, network.address(6), registry.address)
    done = product.run(NAME)
    assert done.code == TRUSTED, done
    assert done.seconds < PROMPT_SECONDS, done


def test_silence_on_every_address_is_said_at_the_deadline(network, product):
    network.name(NAME, BLACKHOLE_ADDRESS)
    done = product.run(NAME, "--timeout", "1s")
    assert done.code == UNREACHABLE, done
    assert f"no answer from {BLACKHOLE_ADDRESS}:443" in done.err, done
    assert 1 <= done.seconds < PROMPT_SECONDS, done


def test_every_address_is_named_with_its_reason(network, product):
    nowhere = f"{CONTAINERS}.77"
    network.machine.run("ip", "route", "add", "unreachable", nowhere)
    closed = [network.address(), network.address()]
    network.name(NAME, nowhere, *closed)
    done = product.run(NAME)
    network.machine.run("ip", "route", "del", "unreachable", nowhere)
    assert done.code == UNREACHABLE, done
    assert f"no route to {nowhere}:443" in done.err, done
    refused = done.err.split("refused by ")[1].split(";")[0].split('"')[0]
    assert set(refused.split(", ")) == {f"{a}:443" for a in closed}, done
