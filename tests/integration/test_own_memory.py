# SPDX-License-Identifier: Apache-2.0
"""A probe's memory holds its own turn, and nothing of anybody else's.

A probe that waits for a silent server is read through /proc, byte by byte, for
what the installer knew when it started it: other registries' names, files, pins
and reports, the environment, the command line.
"""
import hashlib
import os
import re
import time

import pytest

from support import pki, servers
from support.network import children_of
from support.product import Product

LIVE = 20  # more than run at a time, so that some have been reported before
OWN = "silent.own.test"
OWN_FILE = b"# own-marker-of-a-file\n"
TIMEOUT = "20s"


def readable(pid):
    """All that PID could read of its own memory."""
    with open(f"/proc/{pid}/maps", encoding="ascii") as file:
        areas = [line.split() for line in file]
    with open(f"/proc/{pid}/mem", "rb") as memory:
        for area, rights, *_, in areas:
            first, last = (int(word, 16) for word in area.split("-"))
            if rights[0] != "r" or first >= 1 << 63:
                continue
            memory.seek(first)
            try:
                yield memory.read(last - first)
            except OSError:  # [vvar]
                continue


@pytest.fixture(name="authority", scope="module")
def make_authority():
    return pki.root("CA-of-others")


@pytest.fixture(name="product")
def make_product(network, tmp_path):
    """Beside a daemon.json with a secret in it."""
    product = Product(network.machine, tmp_path / "docker" / "certs.d")
    with open(tmp_path / "docker" / "daemon.json", "w",
              encoding="ascii") as file:
        file.write('{"proxies": {"https-proxy": '
                   '"http://user:marker-of-daemon-json@proxy.test"}}')
    return product


@pytest.fixture(name="content", params=["first", "last"])
def make_content(request, network, product, serve, authority):
    """The memory of the probe of OWN, when all others have been reported. The
    first has the place of the one that read daemon.json."""
    server = serve(authority.leaf("*.live.test"), authority)
    live = network.many("live.test", server.address, LIVE)
    for name, text in [(live[0], b"# other-marker-of-a-file\n"),
                       (OWN, OWN_FILE + pki.pem(authority.certificate))]:
        os.makedirs(product.path(name))
        with open(product.path(name, "mine.crt"), "wb") as file:
            file.write(text)
    asked = [OWN, *live] if request.param == "first" else [*live, OWN]
    with servers.RudeServer(network, servers.stay_silent) as mute:
        network.name(OWN, mute.address)
        installer = product.start(
            *asked, "--timeout", TIMEOUT,
            "--pin", f"{live[1]}=sha256:{'ab' * 32}",
            "--pin", f"{OWN}=sha256:{'cd' * 32}",
            env={"UNUSED": "marker-of-the-environment",
                 "no_proxy": "*", "https_proxy": "http://proxy.own.test"})
        end = time.monotonic() + 15
        while time.monotonic() < end and not (
                mute.accepted and len(children_of(installer)) == 1):
            time.sleep(0.02)
        probe, = children_of(installer)
        content = b"\n".join(readable(probe))
        installer.kill()
        installer.communicate(timeout=10)
    return content


def test_it_holds_its_own_turn_and_no_other(content, product, authority):
    # What has to be there; else the search would find nothing anyhow.
    for own in [OWN.encode(), OWN_FILE, b"\xcd" * 32,
                pki.pem(authority.certificate)[30:90]]:
        assert own in content, own
    for other in [b"live.test", b"other-marker-of-a-file", b"\xab" * 32,
                  b"abababab", b"marker-of-the-environment", b"UNUSED=",
                  b"marker-of-daemon-json",
                  b"CA-of-others", product.directory.encode(),
                  hashlib.sha256(pki.der(authority.certificate))
                  .hexdigest().encode()]:
        found = re.search(re.escape(other), content)
        assert not found, (other, content[found.start() - 80:
                                          found.end() + 80])
