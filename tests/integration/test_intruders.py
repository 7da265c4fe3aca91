# SPDX-License-Identifier: Apache-2.0
"""What somebody may have left where the program works, and the state in which
it may be started: nothing outside is touched, nothing hangs, and ca.crt is the
old one or the new one."""
import json
import os
import re
import signal
import socket
import stat

import pytest

from support import pki
from support.network import wait_until
from support.product import TRUSTED, UNREACHABLE, UNWRITTEN, USAGE, snapshot

NAME = "reg.intruder.test"
# All that a run with these tests' servers takes, on a slow machine too.
PROMPT_SECONDS = 15


@pytest.fixture(name="root")
def make_root():
    return pki.root("Intruder Root")


@pytest.fixture(name="server")
def make_server(network, serve, root):
    server = serve(root.leaf(NAME), root)
    network.name(NAME, server.address)
    return server


def fifo(path, _outside):
    os.mkfifo(path)


def listening(path, _outside):
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path)


def folder(path, _outside):
    os.mkdir(path)


def full_folder(path, _outside):
    os.mkdir(path)
    with open(os.path.join(path, "kept"), "w", encoding="ascii") as file:
        file.write("kept")


def link(path, outside):
    os.symlink(outside / "victim", path)


def link_to_nothing(path, outside):
    os.symlink(outside / "nothing", path)


def link_to_a_folder(path, outside):
    os.symlink(outside, path)


def second_name(path, outside):
    os.link(outside / "victim", path)


def device(path, _outside):
    os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 5))


THINGS = [fifo, listening, folder, full_folder, link, link_to_nothing,
          link_to_a_folder, second_name, device]
# The names under which the writer works.
PLACES = [".dtr-trust.lock", ".dtr-trust.new.d", NAME + "/.dtr-trust.new",
          NAME + "/ca.crt.aside-1"]


@pytest.mark.parametrize("thing", THINGS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("place", PLACES)
def test_what_stands_under_the_writers_names(product, server, root, tmp_path,
                                             place, thing):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "victim").write_text("precious")
    void = b"<html>\n"
    if "/" in place:
        os.mkdir(product.path(NAME))
        with open(product.path(NAME, "ca.crt"), "wb") as file:
            file.write(void)
    thing(product.path(place), outside)
    before = snapshot(outside)

    done = product.run(NAME)

    assert done.seconds < PROMPT_SECONDS, done
    assert done.code in (TRUSTED, UNWRITTEN), done
    # A second name is taken away, not written through.
    after = snapshot(outside)
    assert {k: v[4] for k, v in after.items()} == {
        k: v[4] for k, v in before.items()}
    if done.code == TRUSTED:
        assert product.anchors(NAME) == [pki.der(root.certificate)]
    else:
        assert NAME in done.err
        if "/" in place:
            with open(product.path(NAME, "ca.crt"), "rb") as file:
                assert file.read() == void
    if thing is full_folder:
        with open(product.path(place, "kept"), encoding="ascii") as file:
            assert file.read() == "kept"


PAINT = "a\x1b[2Kb\n{}: trusted\r\u202e\xff\t\"\\.crt"


def test_a_name_paints_nothing(product, server):
    """Of a file that is named because of what it holds."""
    os.mkdir(product.path(NAME))
    raw = PAINT.format(NAME).encode("utf-8").replace(b"\xc3\xbf", b"\xff")
    with open(os.path.join(product.path(NAME).encode(), raw), "wb"):
        pass
    told = product.run(NAME)
    assert told.code == TRUSTED, told
    for text in (told.out, told.err):
        assert re.fullmatch(r"[\x20-\x7e\n]*", text), told
    line, = [line for line in told.out.splitlines() if "not read" in line]
    assert r"a\x1b[2Kb\x0a" in line and line.endswith(": empty")
    one = json.loads(product.run(NAME, "--json").out)
    assert [f["kind"] for f in one["void_files"]] == ["empty"]
    assert one["void_files"][0]["file"].startswith(r"a\x1b[2Kb\x0a" + NAME)


STARTS = {
    "no descriptor": ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "-"],
    "no input": ["sh", "-c", 'exec "$@" <&-', "-"],
    "no output": ["sh", "-c", 'exec "$@" >&-', "-"],
    "no error output": ["sh", "-c", 'exec "$@" 2>&-', "-"],
    "output to a full disk": ["sh", "-c", 'exec "$@" >/dev/full', "-"],
    "signals ignored": ["env", "--ignore-signal"],
    "signals blocked": ["env", "--block-signal"],
    "no default for children": ["env", "--ignore-signal=CHLD"],
    "umask 0777": ["sh", "-c", 'umask 0777; exec "$@"', "-"],
    "umask 0": ["sh", "-c", 'umask 0; exec "$@"', "-"],
}


@pytest.mark.parametrize("start", STARTS)
def test_however_it_is_started(product, server, root, start):
    """What is printed goes into no file that the run opens."""
    done = product.run(NAME, prefix=STARTS[start])
    assert done.code == TRUSTED and done.seconds < PROMPT_SECONDS, done
    assert product.anchors(NAME) == [pki.der(root.certificate)]
    with open(product.path(NAME, "ca.crt"), encoding="ascii") as file:
        assert "installed" not in file.read()
    assert stat.S_IMODE(os.stat(product.path(NAME)).st_mode) == 0o755
    assert stat.S_IMODE(os.stat(product.path(
        NAME, "ca.crt")).st_mode) == 0o644


@pytest.mark.parametrize("start", ["signals ignored", "signals blocked"])
def test_it_is_told_to_stop_whatever_it_inherits(product, server, start):
    installer = product.start(NAME, "--every", "1h", prefix=STARTS[start])
    wait_until(lambda: product.installed(NAME), PROMPT_SECONDS)
    installer.send_signal(signal.SIGTERM)
    _, err = installer.communicate(timeout=PROMPT_SECONDS)
    assert installer.returncode == TRUSTED, err


@pytest.mark.parametrize("option", ["--registries", "--ca-file"])
@pytest.mark.parametrize("path", ["/dev/zero", "/dev/full", "/dev/urandom"])
def test_a_file_without_end(product, server, option, path):
    arguments = [option, path] + ([NAME] if option == "--ca-file" else [])
    done = product.run(*arguments)
    assert done.code == USAGE and done.seconds < PROMPT_SECONDS, done
    assert path in done.err, done
    assert not product.installed(NAME)


def write_list(tmp_path, lines):
    path = tmp_path / "list"
    path.write_text("".join(line + "\n" for line in lines))
    return str(path)


PIN = "sha256:" + "ab" * 32


@pytest.mark.parametrize("lines", [
    [f"r{i}.intruder.test" for i in range(4097)],
    [f"r{i}.intruder.test {PIN} {PIN[:-1]}c {PIN[:-1]}d"
     for i in range(2731)],
    [NAME + f" {PIN}" * 65],
    ["#" * (2 << 20)],
    [NAME + " " * (2 << 20)],
], ids=["registries", "pins", "pins of one", "a comment", "blanks"])
def test_a_list_that_is_too_long(product, server, tmp_path, lines):
    done = product.run("--registries", write_list(tmp_path, lines))
    assert done.code == USAGE and done.seconds < PROMPT_SECONDS, done
    assert not os.listdir(product.directory)


def test_one_name_many_times_is_one_registry(product, server, tmp_path):
    path = write_list(tmp_path, [NAME] * 50_000)
    done = product.run("--registries", path)
    assert done.code in (TRUSTED, USAGE), done
    assert server.accepted <= 1
    assert done.seconds < PROMPT_SECONDS
    assert UNREACHABLE != done.code
