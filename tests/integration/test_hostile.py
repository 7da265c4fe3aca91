# SPDX-License-Identifier: Apache-2.0
"""Servers that are broken or hostile: bounded, said clearly, no file."""
import re

import pytest

from support import pki, servers
from support.product import (PROMPT_SECONDS, REFUSED, TRUSTED,
                             UNREACHABLE)

TIMEOUT_SECONDS = 2

# What the server does -> what the operator must be able to read.
CASES = {
    "silent": (servers.stay_silent, r"time|deadline|within"),
    "closes": (servers.close_at_once, r"clos|end"),
    "reset": (servers.reset, r"reset|clos"),
    "garbage": (servers.send_garbage, r"TLS"),
    "ssh": (servers.greet_as_ssh, r"TLS"),
    "plain http": (servers.answer_plain_http, r"HTTP"),
    "endless warnings": (servers.warn_for_ever, r"."),
    "endless change cipher": (servers.change_cipher_for_ever, r"."),
    "endless empty records": (servers.empty_records_for_ever, r"."),
    "huge handshake": (servers.announce_huge_handshake, r"."),
    "huge record": (servers.announce_huge_record, r"."),
    "drip of a handshake": (
        servers.drip(servers.record(22, b"\x02\x00\x00\x56" + bytes(86))),
        r"time|deadline|within"),
    "handshake failure": (servers.alert(40), r"handshake"),
    "wrong version": (servers.alert(70), r"version"),
    "unknown name": (servers.alert(112), r"name"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_bad_server_is_a_bounded_failure_without_a_file(
        network, product, case):
    misbehave, said = CASES[case]
    with servers.RudeServer(network, misbehave) as server:
        registry = network.name("rude.bad.test", server.address)
        done = product.run(registry, "--timeout", f"{TIMEOUT_SECONDS}s")
    assert done.code == UNREACHABLE, done
    assert done.seconds < TIMEOUT_SECONDS + 1.5, done
    assert registry in done.err
    assert re.search(said, done.err, re.IGNORECASE), done
    assert not product.installed(registry)


@pytest.mark.parametrize("case", ["silent", "garbage", "endless warnings"])
def test_a_bad_server_leaves_what_is_installed_alone(
        network, product, serve, case):
    root = pki.root()
    good = serve(root.leaf("turns.bad.test"), root)
    registry = network.name("turns.bad.test", good.address)
    assert product.run(registry).code == TRUSTED
    before = product.snapshot()
    with servers.RudeServer(network, CASES[case][0]) as server:
        network.name(registry, server.address)
        done = product.run(registry, "--timeout", "1s")
    assert done.code == UNREACHABLE, done
    assert product.snapshot() == before


def test_a_drip_of_a_real_chain_is_cut_at_the_deadline(network, product):
    """Each byte is fine, so only the total deadline can stop it."""
    hello = servers.record(22, b"\x02\x00\x00\x26\x03\x03" + bytes(32)
                           + b"\x00\xc0\x2b\x00")
    with servers.RudeServer(network, servers.drip(hello, 0.4)) as server:
        registry = network.name("drip.bad.test", server.address)
        done = product.run(registry, "--timeout", "1s")
    assert done.code == UNREACHABLE, done
    assert done.seconds < PROMPT_SECONDS, done


def test_a_chain_without_proof_of_its_key_is_not_installed(network, product):
    """Certificates are public: anyone can send those of somebody else."""
    root = pki.root()
    leaf = root.leaf("claim.bad.test")
    with servers.RudeServer(network, servers.claim(leaf, root)) as server:
        registry = network.name("claim.bad.test", server.address)
        done = product.run(registry, "--timeout", f"{TIMEOUT_SECONDS}s")
    assert done.code in (UNREACHABLE, REFUSED), done
    assert registry in done.err
    assert not product.installed(registry)
