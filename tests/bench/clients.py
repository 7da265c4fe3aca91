# SPDX-License-Identifier: Apache-2.0
"""One capture: dtr-trust beside other clients, against one server."""
import glob
import os
import shutil
import subprocess
import sys
import sysconfig

import gauges
from support.network import tool
from support.product import BINARY, ROOT

NAME = "registry.bench.test"
HERE = os.path.dirname(os.path.abspath(__file__))
# Valgrind cannot work in a sealed probe: the same program, not sealed.
UNSEALED = os.path.join(ROOT, "build", "obj", "tests", "bench", "unsealed")
HEAD = ("client", "wall ms", "CPU ms", "M instr.", "largest KiB", "sent",
        "received", "flights", "DNS", "on disk KiB")


def go_client():
    """Built where Go is there (in PATH, or named by GO); else None."""
    go = os.environ.get("GO") or shutil.which("go")
    target = os.path.join(ROOT, "build", "bench", "go-client")
    if not go:
        return None
    os.makedirs(os.path.dirname(target), exist_ok=True)
    subprocess.run(
        [go, "build", "-o", target, "client.go"], cwd=HERE, check=True,
        env={**os.environ, "CGO_ENABLED": "0", "GO111MODULE": "off",
             "GOCACHE": os.path.join(ROOT, "build", "bench", "go-cache")})
    return target


def commands(certs_d):
    """(name, command, what valgrind runs in its place, octets on disk)."""
    ours = [BINARY, "--certs-dir", certs_d, NAME]
    yield ("dtr-trust", ours, [UNSEALED, *ours[1:]], gauges.size_of(BINARY))
    for name, *arguments in (
            ("openssl", "s_client", "-showcerts", "-servername", NAME,
             "-connect", NAME + ":443"),
            ("gnutls-cli", "--print-cert", "--insecure", "--logfile=/dev/null",
             NAME),
            ("curl", "-sk", "-o", "/dev/null", "--write-out", "%{certs}",
             f"https://{NAME}/v2/")):
        command = [tool(name), *arguments]
        yield name, command, command, gauges.size_of(tool(name))
    go = go_client()
    if go:
        yield "Go", [go, certs_d, NAME], None, gauges.size_of(go)
    python = os.path.realpath(sys.executable)
    modules = sum(os.path.getsize(path) for path in glob.glob(os.path.join(
        sysconfig.get_path("stdlib"), "**", "*.py"), recursive=True)
        if "-packages" not in path)
    old = [python, os.path.join(HERE, "old_image.py"), certs_d, NAME]
    yield ("old image's way", old, old, gauges.size_of(python) + modules
           + gauges.size_of(tool("openssl")))


def rows(network, server, runs):
    """For each client the figures that HEAD names."""
    certs_d = network.path("memory", "certs.d")
    empty = f"rm -rf {certs_d}"
    for name, command, counted, size in commands(certs_d):
        wire = gauges.on_the_wire(network, server, command)
        wall, cpu = gauges.times_ms(network, command, runs, empty)
        cost = gauges.whole_run(network, command)
        network.machine.run("sh", "-c", empty)
        count = gauges.instructions(network, counted) if counted else None
        if name == "dtr-trust":  # a run that failed costs little
            network.machine.run("test", "-s", f"{certs_d}/{NAME}/ca.crt")
        yield (name, wall, cpu, count, cost.largest_kib, *wire, size / 1024)
