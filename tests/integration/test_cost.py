# SPDX-License-Identifier: Apache-2.0
"""What a capture costs, in instructions: the same on every machine."""
import os
import re

import pytest

from support import pki
from support.needs import need
from support.network import tool
from support.product import BINARY, ROOT
from support.servers import TlsRegistry

NAME = "registry.cost.test"
# The probe is not sealed in it: valgrind could not work in there.
UNSEALED = os.path.join(ROOT, "build", "obj", "tests", "bench", "unsealed")
CAPTURE_M_MAX = 34
STORE_M_MAX = 3
# 19 and 22 were seen; 120 before a number of mbedTLS's kept its page.
MAPPINGS_MAX = 40
STORE_ROOTS = 140
# Both have more than those of which each signature is checked (16); 1.6 was
# seen, and 14 where it is checked of all.
BUNDLE_SMALL, BUNDLE_LARGE = 20, 120
CERTIFICATE_M_MAX = 3
MOUNT = 'mount --bind "$1" /etc/ssl/certs && shift && exec "$@"'


@pytest.fixture(scope="module", name="server")
def fixture_server(network):
    leaf = pki.root("Cost Root").intermediate("Cost CA").leaf(NAME)
    with TlsRegistry(network, leaf, leaf.issuer) as server:
        network.name(NAME, server.address)
        yield server


def count(network, store, certs_d):
    """Millions of instructions of a first install, in all processes."""
    done = network.machine.run(
        "unshare", "-m", "sh", "-c", MOUNT, "sh", store, tool("valgrind"),
        "--tool=callgrind", "--trace-children=yes",
        "--callgrind-out-file=/dev/null", UNSEALED, "--certs-dir", certs_d,
        "--on-change", "add", NAME, env={"PATH": os.environ["PATH"]},
        check=False)
    assert (certs_d / NAME / "ca.crt").exists(), done.stderr
    return sum(map(int, re.findall(r"Collected : (\d+)", done.stderr))) / 1e6


def test_a_capture_and_a_look_into_the_hosts_store(network, server, tmp_path):
    need("valgrind")
    assert server
    for name in ("none", "store"):
        (tmp_path / name).mkdir()
    with open(tmp_path / "store" / "ca-certificates.crt", "wb") as file:
        for number in range(STORE_ROOTS):
            file.write(pki.pem(pki.root(f"Store {number}").certificate))
    without = count(network, tmp_path / "none", tmp_path / "a")
    with_store = count(network, tmp_path / "store", tmp_path / "b")
    assert without <= CAPTURE_M_MAX
    assert without < with_store <= without + STORE_M_MAX


def test_a_large_bundle_costs_no_signature_checks(network, server, tmp_path):
    """One more certificate of the operator's costs as much as reading it."""
    need("valgrind")
    assert server
    (tmp_path / "none").mkdir()
    cost = []
    for roots in (BUNDLE_SMALL, BUNDLE_LARGE):
        certs_d = tmp_path / str(roots)
        (certs_d / NAME).mkdir(parents=True)
        with open(certs_d / NAME / "corp.crt", "wb") as file:
            for number in range(roots):
                file.write(pki.pem(pki.root(f"Corp {number}").certificate))
        cost.append(count(network, tmp_path / "none", certs_d))
    more = BUNDLE_LARGE - BUNDLE_SMALL
    assert 0 < (cost[1] - cost[0]) / more <= CERTIFICATE_M_MAX


@pytest.mark.parametrize("key", ["ecdsa", "p384"])
def test_a_page_is_not_asked_for_again_and_again(network, key, tmp_path):
    need("strace")
    name, log = f"{key}.cost.test", tmp_path / "trace"
    leaf = pki.root(key=key).intermediate(key=key).leaf(name, key=key)
    with TlsRegistry(network, leaf, leaf.issuer) as server:
        network.name(name, server.address)
        network.machine.run(tool("strace"), "-f", "-qq", "-o", log, "-e",
                            "trace=mmap", BINARY, "--certs-dir", tmp_path,
                            name)
    seen = log.read_text(encoding="ascii", errors="replace")
    assert 0 < len(re.findall(r" mmap\(", seen)) <= MAPPINGS_MAX
