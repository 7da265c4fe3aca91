# SPDX-License-Identifier: Apache-2.0
"""--every, --splay and --wait: a process that stays."""
import contextlib
import json
import os
import select
import signal
import subprocess
import time

from support import pki, servers
from support.network import die_with_parent
from support.product import (PROMPT_SECONDS, TRUSTED, UNREACHABLE,
                             USAGE)

NAME = "reg.stay.test"
CHANGED = "refused-changed"


class Staying:
    """A run with --every whose rounds are read one by one."""

    def __init__(self, process):
        self.process = process
        self.rest = b""

    def round(self, seconds=10):
        """What the next round said of the one registry."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self.rest:
            left = max(0, deadline - time.monotonic())
            ready, _, _ = select.select([self.process.stdout], [], [], left)
            assert ready, "no round within its time"
            data = os.read(self.process.stdout.fileno(), 65536)
            assert data, "it ended"
            self.rest += data
        line, _, self.rest = self.rest.partition(b"\n")
        return json.loads(line)

    def end(self, number):
        begin = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(5)
        return code, time.monotonic() - begin

    def peak_kib(self):
        """The most memory that it ever had: what it has now depends on where
        in its round it is."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return int(file.read().split("VmHWM:")[1].split()[0])

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


@contextlib.contextmanager
def staying(product, *arguments, prefix=()):
    # Nobody reads standard error, which would fill a pipe.
    with subprocess.Popen(
            product.command("--json", *arguments, prefix=prefix), env={},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, preexec_fn=die_with_parent) as process:
        try:
            yield Staying(process)
        finally:
            process.kill()


def test_rounds_repeat_until_term_and_end_with_0(network, product, serve):
    root = pki.root()
    network.name(NAME, serve(root.leaf(NAME), root).address)
    with staying(product, "--every", "200ms", NAME) as run:
        assert run.round()["state"] == "installed"
        assert run.round()["state"] == "unchanged"
        assert run.round()["state"] == "unchanged"
        code, seconds = run.end(signal.SIGTERM)
    assert code == TRUSTED
    assert seconds < PROMPT_SECONDS


def test_hup_begins_a_round_at_once(network, product, serve):
    root = pki.root()
    network.name(NAME, serve(root.leaf(NAME), root).address)
    with staying(product, "--every", "1h", NAME) as run:
        run.round()
        for _ in range(3):
            run.process.send_signal(signal.SIGHUP)
            assert run.round(2)["state"] == "unchanged"
        assert run.end(signal.SIGINT)[0] == TRUSTED


def test_a_change_is_refused_and_reported_without_dying(network, product,
                                                        serve):
    root, other = pki.root(), pki.root()
    server = serve(root.leaf(NAME), root)
    network.name(NAME, server.address)
    with staying(product, "--every", "100ms", NAME) as run:
        run.round()
        installed = product.anchors(NAME)
        server.present(other.leaf(NAME), other)
        while run.round()["state"] != CHANGED:
            pass
        assert run.round()["state"] == CHANGED
        assert product.anchors(NAME) == installed
        server.present(root.leaf(NAME), root)
        while run.round()["state"] == CHANGED:
            pass
        assert run.end(signal.SIGTERM)[0] == TRUSTED


def test_a_registry_that_goes_away_is_reported_and_asked_again(
        network, product, serve):
    root = pki.root()
    server = serve(root.leaf(NAME), root)
    network.name(NAME, server.address)
    with staying(product, "--every", "100ms", "--timeout", "2s", NAME) as run:
        run.round()
        server.close()
        while run.round()["state"] != "failed":
            pass
        assert run.round()["state"] == "failed"
        assert run.end(signal.SIGTERM)[0] == TRUSTED


def test_a_stop_ends_a_round_that_is_under_way(network, product):
    with servers.RudeServer(network, servers.stay_silent) as mute:
        network.name(NAME, mute.address)
        with staying(product, "--every", "1h", NAME) as run:
            time.sleep(0.5)
            code, seconds = run.end(signal.SIGTERM)
    assert code == TRUSTED
    assert seconds < PROMPT_SECONDS


def test_splay_delays_and_term_does_not_wait_for_it(network, product, serve):
    root = pki.root()
    network.name(NAME, serve(root.leaf(NAME), root).address)
    with staying(product, "--every", "1h", "--splay", "1h", NAME) as run:
        time.sleep(0.2)
        assert run.end(signal.SIGTERM)[1] < PROMPT_SECONDS
    with staying(product, "--every", "1h", "--splay", "50ms", NAME) as run:
        run.round(5)
        assert run.end(signal.SIGTERM)[0] == TRUSTED


def test_a_stop_works_as_process_1(network, product, serve):
    root = pki.root()
    network.name(NAME, serve(root.leaf(NAME), root).address)
    prefix = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")
    with staying(product, "--every", "1h", NAME, prefix=prefix) as run:
        run.round()
        child = subprocess.run(
            ["pgrep", "-x", "-f", ".*dtr-trust .*--every 1h.*" + NAME],
            capture_output=True, text=True, check=True).stdout.split()
        os.kill(int(child[-1]), signal.SIGTERM)
        assert run.process.wait(5) == TRUSTED


def test_100_rounds_take_no_more_memory_than_3(network, product, serve):
    root = pki.root()
    network.name(NAME, serve(root.leaf(NAME), root).address)
    with staying(product, "--every", "1ms", NAME) as run:
        for _ in range(3):
            run.round()
        before = run.peak_kib(), run.descriptors()
        for _ in range(100):
            run.round()
        # Between two rounds a pipe or two may be open.
        assert run.peak_kib() <= before[0] + 256
        assert run.descriptors() <= before[1] + 4


def test_wait_keeps_trying_until_the_registry_is_up(network, product, serve):
    root = pki.root()
    address = network.address()
    network.name(NAME, address)
    with product.start("--wait", "20s", NAME) as process:
        err = b""
        while b"trying again" not in err and (line := process.stderr.readline()):
            err += line
        serve(root.leaf(NAME), root, address=address)
        out, rest = process.communicate(timeout=20)
    err += rest
    assert process.returncode == TRUSTED, out + err
    assert err.count(b"trying again") == 1, "it is said once"


def test_wait_ends_with_1_when_its_time_is_over(network, product):
    network.name(NAME, network.address())
    done = product.run("--wait", "1s", "--timeout", "1s", NAME)
    assert done.code == UNREACHABLE, done
    assert 1 <= done.seconds < PROMPT_SECONDS, done


def test_what_cannot_be_repeated_is_a_usage_error(product):
    for arguments in (["--every", "1h", "--show"], ["--every", "1h", "--remove"],
                      ["--splay", "1h"],
                      ["--every", "1h", "--ca-file", "-"]):
        done = product.run(*arguments, NAME)
        assert done.code == USAGE, done


def test_what_is_written_again_is_told_again_and_unchanged_is_not(
        network, product, serve):
    root = pki.root()
    network.name(NAME, serve(root.leaf(NAME), root).address)
    process = product.start("--every", "1h", NAME)
    try:
        line = process.stdout.readline()
        assert line.startswith(f"{NAME}: installed".encode()), line
        for _ in range(2):
            # A round that finds all as it was says nothing.
            process.send_signal(signal.SIGHUP)
            # One that has to write again says so each time.
            time.sleep(0.5)
            os.unlink(product.path(NAME, "ca.crt"))
            process.send_signal(signal.SIGHUP)
            while not (line := process.stdout.readline()).startswith(
                    NAME.encode()):
                pass
            assert b": installed" in line, line
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=10)
        assert process.returncode == TRUSTED, err
        assert b"unchanged" not in out, out
    finally:
        process.kill()
        process.communicate()
