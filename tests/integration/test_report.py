# SPDX-License-Identifier: Apache-2.0
"""What a person sees: one stream, commands that work, lines that fit."""
import os
import pty
import subprocess

import pytest

from support import pki
from support.product import (DOCKER, REFUSED, TRUSTED, UNREACHABLE,
                             UNWRITTEN)

NAME = "reg.report.test"


@pytest.fixture(name="root")
def make_root():
    return pki.root("Report Root")


@pytest.fixture(name="server")
def make_server(network, serve, root):
    server = serve(root.leaf("*.report.test"), root)
    network.name(NAME, server.address)
    return server


def raw(product, *arguments, **options):
    """Both streams as they are, not unfolded."""
    done = subprocess.run(product.command(*arguments), capture_output=True,
                          text=True, check=False, env={}, **options)
    return done.stdout, done.stderr


def test_a_first_use_ends_with_the_command_for_other_nodes(
        product, server, root):
    done = product.run(NAME)
    assert done.code == TRUSTED and not done.err, done
    command, = done.commands()
    assert command[-2:] == ["--pin", "sha256:" + pki.fingerprint(
        root.certificate)]
    # Measured by scripts/consumers: BuildKit remembers what it was refused.
    assert "an image whose build was refused before stays" in done.out
    assert product.run(*command, "--require-pin").code == TRUSTED


def test_nothing_mounted_has_the_command_of_its_own_way(product, server):
    done = product.run(NAME, env={"container": "dtr-trust"})
    assert done.code == UNWRITTEN, done
    assert "docker run -v /etc/docker/certs.d:" in done.err
    done = product.at("/dev/null/certs.d").run(NAME)
    assert done.code == UNWRITTEN and "docker run" not in done.err, done


@pytest.mark.parametrize("word", ["lxc", "podman", "oci", "systemd-nspawn", ""])
def test_another_container_is_no_image_of_ours(product, server, word):
    """Docker in it has its certs.d on the container's own disk."""
    done = product.run(NAME, env={"container": word})
    assert done.code == TRUSTED, done
    assert [line[:2] for line in done.commands()] == [
        ["--certs-dir", product.directory]]


def test_a_missing_pin_is_refused_with_the_line_that_has_it(
        product, server, root):
    done = product.run(NAME, "--require-pin")
    assert done.code == REFUSED and not done.out, done
    command, = done.commands()
    assert product.run(*command, "--require-pin").code == TRUSTED


def test_no_line_is_wider_than_a_terminal_but_for_a_path(
        product, server, network, serve):
    network.name("dead.report.test", network.address())
    other = pki.root("Another Root")
    wrong = serve(other.leaf("x.test"), other)
    network.name("wrong.report.test", wrong.address)
    os.makedirs(product.path("way.report.test", "ca.crt"))
    network.name("way.report.test", server.address)
    streams = [stream for arguments in (
        (NAME, "--show"), (NAME, "--require-pin"), (NAME,), (NAME,),
        ("dead.report.test",), ("wrong.report.test",), ("way.report.test",),
        (NAME, "--check"), (NAME, "--check", "--offline"),
        (NAME, "--pin", "0" * 64), (NAME, "--remove"))
        for stream in raw(product, *arguments)]
    for line in "".join(streams).splitlines():
        assert len(line) <= 79 or product.directory in line, line
        assert "\x1b" not in line


def test_several_end_with_their_sum(network, product, server):
    network.name("dead.report.test", network.address())
    other = network.name("two.report.test", server.address)
    done = product.run(NAME, other, "dead.report.test")
    assert done.code == UNREACHABLE
    assert done.out.splitlines()[-1] == \
        "3 registries: 2 trusted, 1 not reached"


def test_quiet_says_nothing_of_what_is_as_it_was(product, server, root):
    pin = "--pin=" + pki.fingerprint(root.certificate)
    assert "installed" in product.run(NAME, pin, "--quiet").out
    done = product.run(NAME, pin, "--quiet")
    assert (done.code, done.out, done.err) == (TRUSTED, "", ""), done


@pytest.mark.parametrize("env, bold", [({}, True), ({"NO_COLOR": "1"}, False)])
def test_only_a_terminal_gets_bold_words(product, server, env, bold):
    master, slave = pty.openpty()
    with subprocess.Popen(product.command(NAME), stdin=subprocess.DEVNULL,
                          stdout=slave, stderr=slave, env=env) as process:
        os.close(slave)
        seen = b""
        try:
            while data := os.read(master, 4096):
                seen += data
        except OSError:  # the other side is closed
            pass
    os.close(master)
    assert process.returncode == TRUSTED, seen
    assert (b"\x1b[1minstalled" in seen) == bold, seen


def test_what_is_not_installed_is_not_shown_as_if_it_were(
        product, network, serve):
    """A first use that would not work: no file, no anchor, and no memory."""
    other = pki.root("Another Root")
    server = serve(other.leaf("x.test"), other)
    network.name("wrong.report.test", server.address)
    done = product.run("wrong.report.test")
    assert done.code == DOCKER, done
    assert "unchanged    nothing was written" in done.err
    assert "offered " in done.err and "ca.crt" not in done.err
    assert not product.installed("wrong.report.test")


def test_a_missed_pin_has_the_command_that_shows_the_right_one(
        product, server):
    done = product.run(NAME, "--pin", "0" * 64)
    assert done.code == REFUSED, done
    command, = done.commands()
    assert "--show" in command and NAME in command
    assert product.run(*command).code == TRUSTED


def test_check_of_a_new_node_ends_with_what_installs_it(product, server):
    done = product.run(NAME, "--check")
    assert done.code == DOCKER and "offered " in done.err, done
    command, = done.commands()
    assert product.run(*command, "--require-pin").code == TRUSTED
    assert "next " not in product.run(NAME, "--check").out


def test_how_long_a_certificate_lasts_that_is_not_installed_is_not_said(
        product, network, serve):
    server = serve(pki.self_signed("default.test"))
    network.name("lb.report.test", server.address)
    done = product.run("lb.report.test")
    assert done.code == DOCKER and "NOT INSTALLED" in done.err, done
    assert "is renewed" not in done.err and "ends on" not in done.err
