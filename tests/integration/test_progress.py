# SPDX-License-Identifier: Apache-2.0
"""What a terminal sees while it waits, and what stays on it."""
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios

import pytest

from support import pki
from support.network import BLACKHOLE_ADDRESS
from support.product import UNREACHABLE

LONG = "dead." + "a" * 40 + ".progress.test"


@pytest.fixture(name="names")
def make_names(network, serve):
    """One that is dead, two that live."""
    root = pki.root("Progress Root")
    server = serve(root.leaf("*.progress.test"), root)
    return [network.name(LONG, BLACKHOLE_ADDRESS),
            network.name("one.progress.test", server.address),
            network.name("two.progress.test", server.address)]


def watch(product, *arguments, columns=80, env=None):
    """(exit code, all that a terminal of COLUMNS got)."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ,
                struct.pack("HHHH", 24, columns, 0, 0))
    seen = b""
    with subprocess.Popen(
            product.command(*arguments), stdin=subprocess.DEVNULL,
            stdout=slave, stderr=slave, env=env or {}) as process:
        os.close(slave)
        try:
            while data := os.read(master, 65536):
                seen += data
        except OSError:  # the other side is closed
            pass
    os.close(master)
    return process.returncode, seen.decode("ascii").replace("\r\n", "\n")


def shown(text):
    """What stays on the screen of TEXT, line by line: a carriage return goes
    to the line's begin, ESC [ K takes what is behind the cursor."""
    lines = []
    for line in re.sub("\x1b\\[[01]m", "", text).split("\n"):
        cells, at = [], 0
        for part in re.findall("\x1b\\[K|\r|[^\x1b\r]", line):
            if part == "\r":
                at = 0
            elif part == "\x1b[K":
                del cells[at:]
            else:
                cells[at:at + 1] = part
                at += 1
        lines.append("".join(cells))
    return lines


def progress(text):
    """Each line of progress in TEXT."""
    return re.findall("\r([^\r\n\x1b]+)\x1b\\[K", text)


def test_it_says_how_many_and_who_is_waited_for(product, names):
    code, text = watch(product, *names, "--timeout", "4s")
    assert code == UNREACHABLE, text
    said = progress(text)
    assert any(line.startswith("2 of 3 done; waiting for " + LONG[:40])
               for line in said), said
    # Nothing of it stays, and every real line begins where a line begins.
    assert not [line for line in shown(text) if " done" in line], text
    for line in shown(text):
        assert not re.search(r"done.*dtr-trust:", line)
    assert f"dtr-trust: {LONG}: no answer in time" in " ".join(
        " ".join(shown(text)).split())
    assert "3 registries: 2 trusted, 1 not reached" in shown(text)


def test_one_registry_is_waited_for_by_name(product, names):
    _, text = watch(product, names[0], "--timeout", "3s")
    assert any(re.fullmatch(f"waiting for {LONG}, [12] s", line)
               for line in progress(text)), text


def test_a_pause_before_the_next_try_is_said(product, network):
    dead = network.name("refused.progress.test", network.address())
    _, text = watch(product, dead, "--wait", "2s")
    assert "asked again in 1 s" in progress(text), text
    assert not [line for line in shown(text) if "asked again" in line]


@pytest.mark.parametrize("columns", [20, 79, 80])
def test_it_is_one_line_on_a_narrow_terminal(product, names, columns):
    _, text = watch(product, names[0], names[1], "--timeout", "3s",
                    columns=columns)
    said = progress(text)
    assert said and max(map(len, said)) <= columns - 1, said


@pytest.mark.parametrize("env, arguments", [
    ({"NO_COLOR": "1"}, []), ({"TERM": "dumb"}, []), ({}, ["--json"]),
    ({}, ["--quiet"])])
def test_who_does_not_want_it_gets_nothing_of_it(
        product, names, env, arguments):
    _, text = watch(product, *names, "--timeout", "3s", *arguments, env=env)
    assert "waiting" not in text and " done" not in text, text
    if arguments != ["--quiet"]:
        assert "\x1b" not in text


def test_a_pipe_gets_nothing_of_it(product, names):
    done = product.run(*names, "--timeout", "3s")
    assert "waiting for " + LONG not in done.out + done.err
    assert "\x1b" not in done.out + done.err and "\r" not in done.err
