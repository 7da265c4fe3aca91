#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""1,000 registries in one run beside `xargs -P 16 openssl s_client`.

One docker-registry answers for all names; of them some are dead (packets get
no answer, or a server says nothing) and some are slow. Wall time, the largest
process, and the proportional memory of all processes at its highest (sampled).
Figures only, never a verdict.
"""
import contextlib
import glob
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

from support import pki  # noqa: E402
from support.engines import DockerRegistry  # noqa: E402
from support.network import BLACKHOLE_ADDRESS, Network, tool  # noqa: E402
from support.product import BINARY  # noqa: E402
from support.servers import RudeServer, TlsRegistry, stay_silent  # noqa: E402

COUNT, TIMEOUT_SECONDS, SLOW_SECONDS = 1000, 5, 1
SAMPLE_SECONDS = 0.05
# How many of them get no answer, get silence, are slow.
MIXES = {"all live": (0, 0, 0), "12 dead, 20 slow": (6, 6, 20),
         "100 dead, 50 slow": (50, 50, 50)}
OPENSSL = (f"exec timeout {TIMEOUT_SECONDS} {tool('openssl')} s_client "
           "-showcerts -servername {} -connect {}:443 </dev/null "
           ">DIR/{}.pem 2>/dev/null")


class SlowRegistry(TlsRegistry):
    def handle(self, connection):
        time.sleep(SLOW_SECONDS)
        super().handle(connection)


def memory_kib(session):
    """Proportional memory of all processes in SESSION."""
    total = 0
    for path in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            with open(path, encoding="latin-1") as file:
                if int(file.read().rpartition(")")[2].split()[3]) != session:
                    continue
            with open(path[:-4] + "smaps_rollup", encoding="ascii") as file:
                total += sum(int(line.split()[1]) for line in file
                             if line.startswith("Pss:"))
    return total


def measure(network, command):
    """Seconds, KiB of the largest process, KiB of all at the peak."""
    peak = 0
    begin = time.monotonic()
    with subprocess.Popen(
            network.machine.argv(tool("time"), "-f", "%M", *command),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, start_new_session=True,
            env={"PATH": "/usr/bin:/bin"}) as process:
        log = []
        os.set_blocking(process.stderr.fileno(), False)
        while process.poll() is None:
            peak = max(peak, memory_kib(process.pid))
            log += process.stderr.readlines()
            time.sleep(SAMPLE_SECONDS)
        seconds = time.monotonic() - begin
        log += process.stderr.readlines()
    return seconds, int(log[-1]), peak


def commands(network, names):
    """What is measured: (label, command, how many it got)."""
    certs_d, folder = network.path("certs.d"), network.path("pem")
    for path in (certs_d, folder):
        shutil.rmtree(path, ignore_errors=True)
        os.mkdir(path)
    yield ("dtr-trust", [
        BINARY, "--certs-dir", certs_d, "--timeout", f"{TIMEOUT_SECONDS}s",
        ",".join(names)], lambda: len(glob.glob(certs_d + "/*/ca.crt")))
    with open(network.path("names"), "w", encoding="ascii") as file:
        file.writelines(name + "\n" for name in names)
    yield ("xargs -P 16 openssl", [
        tool("xargs"), "-a", network.path("names"), "-P", "16", "-I", "{}",
        "sh", "-c", OPENSSL.replace("DIR", folder)],
        lambda: sum(os.path.getsize(path) > 1000
                    for path in glob.glob(folder + "/*.pem")))


def main():
    leaf = pki.root("Many Root").intermediate("Many CA").leaf("*.many.test")
    print("{:>19} {:>20} {:>7} {:>7} {:>12} {:>10}".format(
        "", "", "got", "s", "largest MiB", "all MiB"))
    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        network = enter(contextlib.closing(Network()))
        live = enter(contextlib.closing(DockerRegistry(
            network, *leaf.save(network.path("live"), leaf.issuer),
            login=False)))
        slow = enter(SlowRegistry(network, leaf, leaf.issuer))
        mute = enter(RudeServer(network, stay_silent))
        for mix, (unanswered, silent, late) in MIXES.items():
            dead = [BLACKHOLE_ADDRESS] * unanswered + [mute.address] * silent
            where = dead + [slow.address] * late
            where += [live.address] * (COUNT - len(where))
            # Spread evenly, as in an operator's list.
            names = [network.name(f"r{n}.many.test", where[n * 7 % COUNT])
                     for n in range(COUNT)]
            for label, command, got in commands(network, names):
                seconds, largest, peak = measure(network, command)
                print(f"{mix:>19} {label:>20} {got():7} {seconds:7.1f} "
                      f"{largest / 1024:12.1f} {peak / 1024:10.1f}",
                      flush=True)


if __name__ == "__main__":
    main()
