#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""dtr-trust beside other clients, all in one run on one machine.

    bench.py [--short] FOLDER

Writes FOLDER/benchmark.md and two plots beside it. Figures, never a verdict:
ratios within one run, instructions and octets count; times do where the
machine has nothing else to do.
"""
import contextlib
import datetime
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tarfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

import clients  # noqa: E402
import gauges  # noqa: E402
import growth  # noqa: E402
import staying  # noqa: E402
import svg  # noqa: E402
from support import pki  # noqa: E402
from support.network import Network, tool  # noqa: E402
from support.product import BINARY, ROOT  # noqa: E402

# (registries, dead, slow)
PLAN = [(1, 0, 0), (10, 0, 0), (100, 0, 0), (1000, 0, 0), (4096, 0, 0),
        (300, 100, 0), (1000, 100, 0), (1000, 0, 150), (1000, 100, 50)]
SHORT_PLAN = [(1, 0, 0), (10, 0, 0), (12, 4, 2)]

TEXT = """# Benchmark

Measured on {date} by `make bench`: {machine}. Load average before: {load}.
{versions}.

Each table is one run. `largest` is the resident memory of the largest process,
`all` the proportional memory of all processes at its highest, sampled every
{sample:.0f} ms. Figures in the same table can be compared; times of another
machine cannot.

## One capture

An ECDSA P-256 chain of two certificates over TLS 1.3, certs.d in memory and
empty. Instructions by callgrind over all processes (dtr-trust not sealed, for
valgrind cannot work in there). A flight is one turn of the client to speak:
each but the last is a round trip that it waited for; TCP's own is one more.
`on disk`: the program and what it loads.

![Instructions of one capture](benchmark-clients.svg)

Without the host's store of CAs, as in a container:

{without}

With it in sight:

{with_store}

## Many registries

One docker-registry on the same machine answers for all names. Half of the dead
ones swallow packets, half accept and say nothing; slow ones wait {slow} s. The
deadline is {timeout} s. `got`: chains that were captured.

![Seconds over registries](benchmark-growth.svg)

{growth}

## Staying

With `--every 1h`, between two rounds:

{staying}

## The image

{image}
"""


def cell(value):
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:.1f}" if value < 1000 else f"{value:.0f}"
    return str(value)


def table(head, rows):
    lines = [head, ["---"] * len(head), *(map(cell, row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def first_line(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).split("\n")[0].strip()


def machine():
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
        model = re.search(r"^model name\s*: (.*)$", file.read(), re.M)
    with open("/proc/meminfo", encoding="ascii") as file:
        memory = int(re.search(r"MemTotal: +(\d+)", file.read()).group(1))
    with open("/etc/os-release", encoding="utf-8") as file:
        release = re.search(r'^PRETTY_NAME="(.*)"', file.read(), re.M)
    return (f"{os.cpu_count()} cores of "
            f"{model.group(1) if model else platform.machine()}, "
            f"{memory / 2**20:.1f} GiB, Linux {platform.release()}, "
            f"{release.group(1)}")


def versions():
    seen = [first_line(BINARY, "--version"),
            first_line(tool("openssl"), "version"),
            first_line(tool("gnutls-cli"), "--version"),
            " ".join(first_line(tool("curl"), "--version").split()[:2]),
            "Python " + platform.python_version()]
    go = os.environ.get("GO") or shutil.which("go")
    return "; ".join(seen + ([first_line(go, "version")] if go else []))


def size_in_image(path):
    """Octets of the one file in the one layer of `docker save`'s PATH."""
    with tarfile.open(path) as saved:
        manifest = json.load(saved.extractfile("manifest.json"))[0]
        with tarfile.open(
                fileobj=saved.extractfile(manifest["Layers"][0])) as layer:
            return layer.getmember("dtr-trust").size


def image(short):
    path = os.path.join(ROOT, "build", "image.tar")
    said = [f"The binary that was measured has {os.path.getsize(BINARY)} "
            "bytes."]
    if os.path.exists(path):
        said.append(f"That of the image, which is all in it, has "
                    f"{size_in_image(path)} bytes (a newer musl, packed "
                    "relocations).")
    if shutil.which(tool("dockerd")) and shutil.which(tool("docker")):
        load, first, median = staying.container_ms(2 if short else 9)
        said.append(f"With Docker: {load:.0f} ms to load the image, "
                    f"{first:.0f} ms for the first `docker run` after the "
                    f"caches were dropped, {median:.0f} ms (median) for each "
                    "one after.")
    else:
        said.append("No Docker engine here: no container was timed.")
    return "\n".join(said)


def captures(network, runs):
    """Rows without the host's store, then with it."""
    leaf = pki.root("Bench Root").intermediate("Bench CA").leaf(clients.NAME)
    with gauges.CountingRegistry(network, leaf, leaf.issuer) as server:
        network.name(clients.NAME, server.address)
        with_store = list(clients.rows(network, server, runs))
        network.machine.run("mount", "-t", "tmpfs", "tmpfs", "/etc/ssl/certs")
        return (list(clients.rows(network, server, runs)), with_store,
                staying.row(network, clients.NAME, 2 if runs < 10 else 20))


def plots(folder, without, many):
    rows = [(row[0], row[3], f"{row[3]:.1f} M") for row in without if row[3]]
    series = [(client, [(row[0], row[5]) for row in many
                        if row[3] == client and not row[1] and not row[2]])
              for client in dict.fromkeys(row[3] for row in many)]
    for name, content in (
            ("clients", svg.bars("Instructions of one capture", rows)),
            ("growth", svg.lines("Wall time of one run", "registries",
                                 "seconds", series))):
        path = os.path.join(folder, f"benchmark-{name}.svg")
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)


def main():
    short = "--short" in sys.argv
    folder = sys.argv[-1]
    missing = [name for name in (
        "hyperfine", "valgrind", "openssl", "gnutls-cli", "curl", "time",
        "docker-registry") if not os.path.exists(tool(name))]
    if missing:
        sys.exit(f"bench: not installed: {' '.join(missing)}")
    load = statistics.mean(os.getloadavg()[:1])
    os.makedirs(folder, exist_ok=True)
    with contextlib.closing(Network()) as network:
        # Not the disk's fsync is measured, but the programs.
        os.mkdir(network.path("memory"))
        network.machine.run("mount", "-t", "tmpfs", "tmpfs",
                            network.path("memory"))
        without, with_store, stay = captures(network, 4 if short else 40)
        print(table(clients.HEAD, without), flush=True)
        many = []
        for row in growth.rows(network, SHORT_PLAN if short else PLAN):
            print(*map(cell, row), flush=True)
            many.append(row)
    plots(folder, without, many)
    with open(os.path.join(folder, "benchmark.md"), "w",
              encoding="utf-8") as file:
        file.write(TEXT.format(
            date=datetime.date.today(), machine=machine(),
            load=f"{load:.1f}", versions=versions(),
            sample=1000 * gauges.SAMPLE_SECONDS,
            without=table(clients.HEAD, without),
            with_store=table(clients.HEAD, with_store),
            slow=growth.SLOW_SECONDS, timeout=growth.TIMEOUT_SECONDS,
            growth=table(growth.HEAD, many),
            staying=table(staying.HEAD, [stay]), image=image(short)))
    print(f"bench: {folder}/benchmark.md")


if __name__ == "__main__":
    main()
