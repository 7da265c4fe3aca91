# SPDX-License-Identifier: Apache-2.0
"""certs.d is renamed, replaced, mounted over or taken away while a registry is
asked: nothing is called installed, trusted or removed that who reads its path
does not find so."""
import json
import os
import shutil
import signal
import time

import pytest

from support import pki, servers
from support.needs import need
from support.network import children_of, open_files, wait_until
from support.product import PROMPT_SECONDS, TRUSTED, UNWRITTEN, snapshot

NAME = "reg.swapped.test"
AUTH = "auth.swapped.test"


class Meddler(servers.TlsRegistry):
    """Does something before it answers."""

    def __init__(self, *arguments):
        self.meddle = lambda: None
        super().__init__(*arguments)

    def handle(self, connection):
        self.meddle()
        super().handle(connection)


@pytest.fixture(name="root")
def make_root():
    return pki.root("Swapped Root")


@pytest.fixture(name="server")
def make_server(network, root):
    with Meddler(network, root.leaf(NAME), root) as server:
        network.name(NAME, server.address)
        yield server


def aside(product):
    os.rename(product.directory, product.directory + ".old")


def replaced(product):
    aside(product)
    os.mkdir(product.directory)


def deleted(product):
    shutil.rmtree(product.directory)


def linked_elsewhere(product):
    replaced(product)
    os.rename(product.directory, product.directory + ".other")
    os.symlink(product.directory + ".other", product.directory)


def mounted_over(product):
    product.host.run("mount", "-t", "tmpfs", "tmpfs", product.directory)


def unmounted(product):
    product.host.run("umount", "--lazy", product.directory)


CHANGES = [aside, replaced, deleted, linked_elsewhere, mounted_over, unmounted]


@pytest.mark.parametrize("change", CHANGES, ids=lambda c: c.__name__)
@pytest.mark.parametrize("mode", ["install", "check"])
def test_what_is_elsewhere_is_not_called_installed(product, server, change,
                                                   mode):
    if change is unmounted:
        mounted_over(product)
    arguments = []
    if mode == "check":
        assert product.run(NAME).code == TRUSTED
        arguments = ["--check"]
    server.meddle = lambda: change(product)
    try:
        done = product.run("--json", *arguments, NAME)
        after = {**snapshot(product.directory),
                 **snapshot(product.directory + ".old")}
    finally:
        if change is mounted_over:
            unmounted(product)
    report = json.loads(done.out)
    assert done.code == report["exit"] == UNWRITTEN, done
    assert report["state"] == "failed"
    assert report["reason"] == "changed-meanwhile"
    # Deleted, it leads nowhere.
    assert report["error"]["detail"] == (
        f"{product.directory} leads elsewhere than when this run began, or "
        "nowhere")
    if mode == "install":
        assert not [name for name in after if name.endswith("ca.crt")]


def test_the_same_directory_by_another_way_is_the_same(product, server):
    """Renamed, and linked from where it was: who reads the path finds it."""
    def change():
        aside(product)
        os.symlink(product.directory + ".old", product.directory)
    server.meddle = change
    assert product.run(NAME).code == TRUSTED
    assert product.installed(NAME)


def test_one_of_two_directories_costs_its_own(product, server, tmp_path):
    other = product.at(tmp_path / "other")
    os.mkdir(other.directory)

    def change():
        if os.path.exists(product.directory + ".old"):
            return
        replaced(product)
    server.meddle = change
    done = product.run("--certs-dir", other.directory, NAME)
    assert done.code == UNWRITTEN, done
    assert other.installed(NAME) and not product.installed(NAME)


@pytest.mark.parametrize("mode", ["install", "check"])
def test_a_token_service_is_not_called_covered_by_what_is_elsewhere(
        network, product, root, mode):
    with Meddler(network, root.leaf(AUTH), root) as auth, servers.Challenging(
            network, root.leaf(NAME), root,
            realm=f"https://{AUTH}/token") as server:
        network.name(AUTH, auth.address)
        network.name(NAME, server.address)
        arguments = []
        if mode == "check":
            assert product.run(NAME).code == TRUSTED
            arguments = ["--check"]
        auth.meddle = lambda: replaced(product)
        done = product.run("--json", *arguments, NAME)
    registry, service = map(json.loads, done.out.splitlines())
    assert done.code == service["exit"] == UNWRITTEN, done
    assert registry["exit"] == TRUSTED
    assert service["token_service"] == AUTH
    assert service["reason"] == "changed-meanwhile"
    assert service["docker"] is service["consumers"] is None


def test_it_is_not_called_as_it_was(product, server):
    """Others have deleted it: what is known is that this run has not."""
    assert product.run(NAME).code == TRUSTED
    server.meddle = lambda: deleted(product)
    done = product.run(NAME)
    assert done.code == UNWRITTEN, done
    assert "unchanged    this run has changed no ca.crt" in done.err
    assert "as it was" not in done.err


def test_nothing_is_called_removed_that_is_there(product, server):
    """--remove waits for another writer's lock, and certs.d is another then."""
    assert product.run(NAME).code == TRUSTED
    lock = product.path(".dtr-trust.lock")
    holder = product.host.start("flock", lock, "sh", "-c",
                                "echo up; exec sleep infinity",
                                stdout=-1)
    try:
        assert holder.stdout.readline() == b"up\n"
        os.chmod(lock, 0o600)
        removal = product.start("--remove", NAME)
        assert wait_until(lambda: product.directory in open_files(
            removal.pid), PROMPT_SECONDS)
        copy = product.directory + ".copy"
        shutil.copytree(product.directory, copy)
        aside(product)
        os.rename(copy, product.directory)
        holder.kill()
        out, err = removal.communicate()
    finally:
        holder.kill()
    assert removal.returncode == UNWRITTEN, (out, err)
    assert product.installed(NAME)


def test_nothing_is_called_removed_that_came_meanwhile(product, server):
    """Stopped while the disk syncs that the registry's directory is gone."""
    need("strace")
    assert product.run(NAME).code == TRUSTED
    copy = product.directory + ".copy"
    shutil.copytree(product.directory, copy)
    removal = product.start("--remove", NAME, prefix=[
        "strace", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e",
        "inject=fsync:signal=SIGSTOP:when=1"])
    try:
        assert wait_until(lambda: not product.installed(NAME),
                          PROMPT_SECONDS, 0.02)
        aside(product)
        os.rename(copy, product.directory)
        # Until it has been stopped, that does nothing.
        while removal.poll() is None:
            for pid in children_of(removal):
                os.kill(pid, signal.SIGCONT)
            time.sleep(0.02)
    finally:
        removal.kill()
    out, err = (b" ".join(text.split()) for text in removal.communicate())
    assert product.installed(NAME)
    assert removal.returncode == UNWRITTEN, (out, err)
    assert not out
    assert b"elsewhere than when this run began, or nowhere" in err
    assert b"look before you run it again" in err
