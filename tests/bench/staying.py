# SPDX-License-Identifier: Apache-2.0
"""What dtr-trust costs while it stays, and a container's first run."""
import contextlib
import os
import subprocess
import time

from support import pki
from support.engines import DockerRegistry, Machine
from support.network import Network, children_of, die_with_parent
from support.product import BINARY, TRUSTED

HEAD = ("watched s", "Pss KiB", "wake-ups", "CPU ticks")


def fields(pid, name):
    with open(f"/proc/{pid}/{name}", encoding="latin-1") as file:
        return file.read()


def number(text, key):
    return int(text.split(key + ":")[1].split()[0])


def state(pid):
    """Proportional KiB, times it gave up the processor, ticks it used."""
    after_name = fields(pid, "stat").rpartition(")")[2].split()
    return (number(fields(pid, "smaps_rollup"), "Pss"),
            number(fields(pid, "status"), "voluntary_ctxt_switches"),
            int(after_name[11]) + int(after_name[12]))


def row(network, name, seconds):
    """Between two rounds an hour apart."""
    with subprocess.Popen(
            network.machine.argv(BINARY, "--certs-dir",
                                 network.path("memory", "stay"), "--every",
                                 "1h", name), env={}, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, preexec_fn=die_with_parent) as process:
        process.stdout.readline()
        time.sleep(1)
        pid = (children_of(process) or [process.pid])[0]
        _, woken, ticks = state(pid)
        time.sleep(seconds)
        memory, woken_then, ticks_then = state(pid)
        process.terminate()
        os.kill(pid, 15)
    return seconds, memory, woken_then - woken, ticks_then - ticks


def container_ms(times):
    """`docker run` of the main job: (load of the image, first, median)."""
    with contextlib.closing(Network(isolate_processes=True)) as network, \
            contextlib.closing(Machine(network)) as machine:
        leaf = pki.root("Cold Root").leaf("cold.bench.test")
        with contextlib.closing(DockerRegistry(network, *leaf.save(
                network.path("cold"), leaf.issuer))) as registry:
            name = network.name("cold.bench.test", registry.address)
            begin = time.monotonic()
            machine.load_product()
            loaded = time.monotonic() - begin
            subprocess.run(["sync"], check=True)
            with contextlib.suppress(OSError), open(
                    "/proc/sys/vm/drop_caches", "w", encoding="ascii") as file:
                file.write("3")
            took = []
            for _ in range(times + 1):
                done = machine.trust(name)
                if done.code != TRUSTED:
                    raise RuntimeError(f"docker run: {done}")
                took.append(done.seconds)
    return [1000 * value for value in (
        loaded, took[0], sorted(took[1:])[times // 2])]
