# SPDX-License-Identifier: Apache-2.0
"""The file is the old one or the new one, whatever happens to the writer."""
import collections
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import stat
import subprocess

import pytest

from support import pki
from support.needs import need
from support.product import (PROMPT_SECONDS, REFUSED, TRUSTED, UNREACHABLE,
                             UNWRITTEN, snapshot)
from support.race import Race

NAME = "disk.write.test"


@pytest.fixture(scope="module", name="roots")
def make_roots():
    return pki.root("First Root"), pki.root("Second Root")


@pytest.fixture(name="server")
def make_server(network, serve, roots):
    """A registry under the first of the roots."""
    server = serve(roots[0].leaf(NAME), roots[0])
    network.name(NAME, server.address)
    return server


@pytest.fixture(name="mount")
def make_mount(network):
    """mount(*arguments): on the machine only, for this test."""
    with contextlib.ExitStack() as stack:
        def mount(*arguments):
            network.machine.run("mount", *arguments)
            if "remount" not in " ".join(arguments):
                stack.callback(network.machine.run, "umount", "--lazy",
                               arguments[-1])
        yield mount


def der(*identities):
    return [pki.der(i.certificate) for i in identities]


def only_the_file(product):
    return sorted(product.snapshot()) == sorted([".", NAME, NAME + "/ca.crt"])


@pytest.mark.parametrize("umask", ["000", "077", "777"])
@pytest.mark.parametrize("missing", [False, True])
def test_modes_do_not_depend_on_the_umask(product, server, umask, missing):
    """certs.d's own, where it is missing: who is not root reads it too."""
    if missing:
        os.rmdir(product.directory)
    done = product.run(NAME, prefix=[
        "sh", "-c", f'umask {umask}; exec "$@"', "sh"])
    assert done.code == TRUSTED, done
    modes = {path: stat.S_IMODE(seen[0])
             for path, seen in product.snapshot().items()}
    assert modes == {".": 0o755, NAME: 0o755, NAME + "/ca.crt": 0o644}


def test_the_same_input_gives_the_same_bytes(product, server):
    texts = set()
    for _ in range(2):
        assert product.run(NAME).code == TRUSTED
        with open(product.path(NAME, "ca.crt"), "rb") as file:
            texts.add(file.read())
        os.unlink(product.path(NAME, "ca.crt"))
    assert len(texts) == 1


def link_the_host_directory(product, outside):
    os.symlink(outside, product.path(NAME))


def link_to_a_sibling(product, _outside):
    os.mkdir(product.path("sibling.write.test"))
    os.symlink("sibling.write.test", product.path(NAME))


def link_the_file(product, outside):
    os.mkdir(product.path(NAME))
    os.symlink(outside / "victim", product.path(NAME, "ca.crt"))


def link_the_file_to_nothing(product, outside):
    os.mkdir(product.path(NAME))
    os.symlink(outside / "nothing", product.path(NAME, "ca.crt"))


def fifo_in_place(product, _outside):
    os.mkdir(product.path(NAME))
    os.mkfifo(product.path(NAME, "ca.crt"))


def directory_in_place(product, _outside):
    os.makedirs(product.path(NAME, "ca.crt"))


def file_for_the_host_directory(product, _outside):
    with open(product.path(NAME), "w", encoding="ascii"):
        pass


@pytest.mark.parametrize("obstacle", [
    link_the_host_directory, link_to_a_sibling, link_the_file,
    link_the_file_to_nothing, fifo_in_place, directory_in_place,
    file_for_the_host_directory])
def test_what_stands_in_the_way_is_not_followed_and_not_replaced(
        product, server, tmp_path, obstacle):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "victim").write_text("precious")
    obstacle(product, outside)
    before = product.snapshot(), snapshot(outside)

    done = product.run(NAME, "--on-change", "replace")

    assert done.code == UNWRITTEN, done
    assert done.seconds < PROMPT_SECONDS
    assert NAME in done.err
    assert (product.snapshot(), snapshot(outside)) == before


@pytest.mark.parametrize("call, error, word", [
    ("fsync", "EINVAL", "unsynced"), ("flock", "ENOLCK", "unlocked")])
def test_what_a_file_system_lacks_is_a_warning_of_each_write(
        product, server, call, error, word):
    need("strace")
    prefix = ["strace", "-f", "-o", "/dev/null", "-e", f"trace={call}",
              "-e", f"inject={call}:error={error}"]
    for arguments, told in [([], True), ([], False), (["--remove"], True)]:
        done = product.run(NAME, "--json", *arguments, prefix=prefix)
        assert done.code == TRUSTED, done
        assert (word in json.loads(done.out)["warnings"]) == told, done
    done = product.run(NAME, prefix=prefix)
    assert done.code == TRUSTED, done
    assert {"unsynced": "may be gone after a power cut",
            "unlocked": "let no other dtr-trust write"}[word] in done.out, done


def test_a_read_only_file_system_is_an_error(product, server, mount):
    mount("--bind", product.directory, product.directory)
    mount("-o", "remount,bind,ro", product.directory)
    done = product.run(NAME)
    assert done.code == UNWRITTEN, done
    assert "ead-only" in done.err
    assert not os.listdir(product.directory)


@pytest.mark.parametrize("what", ["blocks", "inodes"])
def test_a_full_disk_is_an_error_and_leaves_nothing(
        network, product, server, mount, what):
    options = "size=4k" if what == "blocks" else "nr_inodes=2"
    mount("-t", "tmpfs", "-o", options, "tmpfs", product.directory)
    if what == "blocks":
        network.machine.run("sh", "-c", "head -c 4096 /dev/zero >" +
                            product.path("filler"))
        filled = ["filler"]
    else:
        network.machine.run("touch", product.path("filler"))
        filled = ["filler"]

    done = product.run(NAME)

    assert done.code == UNWRITTEN, done
    assert "space" in done.err
    left = network.machine.run("ls", "-A", product.directory).stdout.split()
    assert left == filled


def test_a_full_disk_keeps_the_old_file(
        network, product, server, mount, roots):
    mount("-t", "tmpfs", "-o", "size=8k", "tmpfs", product.directory)
    assert product.run(NAME).code == TRUSTED
    network.machine.run("sh", "-c", "head -c 4096 /dev/zero >" +
                        product.path("filler"))
    listing = ["find", product.directory, "-type", "f", "-exec",
               "sha256sum", "{}", "+"]
    before = network.machine.run(*listing).stdout
    server.present(roots[1].leaf(NAME), roots[1])
    done = product.run(NAME, "--on-change", "replace")
    assert done.code == UNWRITTEN, done
    assert network.machine.run(*listing).stdout == before


def test_a_missing_directory_is_made_where_its_parent_is(product, server):
    """As with /etc/docker mounted on a node that has no certs.d yet."""
    os.rmdir(product.directory)
    done = product.run(NAME)
    assert done.code == TRUSTED, done
    assert stat.S_IMODE(os.stat(product.directory).st_mode) == 0o755
    assert only_the_file(product)


def test_a_missing_parent_is_an_error_that_shows_the_mount(product, server):
    os.rmdir(product.directory)
    product.directory += "/below"
    done = product.run(NAME)
    assert done.code == UNWRITTEN, done
    assert f"mkdir -p {product.directory}" in done.err
    assert " -v " not in done.err and "docker run" not in done.err
    assert not os.path.exists(os.path.dirname(product.directory))


def test_a_file_of_other_hands_is_left_alone(product, server):
    os.makedirs(product.path("_default"))
    os.makedirs(product.path(NAME))
    for name in ("hosts.toml", "client.cert", "client.key", "notes.txt"):
        with open(product.path(NAME, name), "w", encoding="ascii") as file:
            file.write(name)
    before = product.snapshot()
    assert product.run(NAME).code == TRUSTED
    after = product.snapshot()
    for path, seen in before.items():
        if stat.S_ISREG(seen[0]):
            assert after[path] == seen
    assert set(after) == set(before) | {NAME + "/ca.crt"}


def test_what_is_written_is_a_new_file(product, server, roots, tmp_path):
    """As SECURITY.md says: the text of others stays, all else is the old
    file's, and so are its other names."""
    os.mkdir(product.path(NAME))
    old = b"# mine\n" + pki.pem(roots[1].certificate)
    with open(product.path(NAME, "ca.crt"), "wb") as file:
        file.write(old)
    os.chown(product.path(NAME, "ca.crt"), 1000, 1000)
    os.chmod(product.path(NAME, "ca.crt"), 0o640)
    os.link(product.path(NAME, "ca.crt"), tmp_path / "linked")
    done = product.run("--on-change", "add", NAME)
    assert done.code == TRUSTED, done
    new, kept = os.stat(product.path(NAME, "ca.crt")), os.stat(
        tmp_path / "linked")
    assert (stat.S_IMODE(new.st_mode), new.st_uid, new.st_nlink) == (
        0o644, os.getuid(), 1)
    assert (stat.S_IMODE(kept.st_mode), kept.st_uid) == (0o640, 1000)
    assert (tmp_path / "linked").read_bytes() == old
    with open(product.path(NAME, "ca.crt"), "rb") as file:
        assert file.read().startswith(old)


def test_two_installers_at_once_write_one_file(product, server, roots):
    for _ in range(10):
        both = [product.start(NAME) for _ in range(2)]
        for process in both:
            _, err = process.communicate(timeout=20)
            assert process.returncode == TRUSTED, err
    assert product.anchors(NAME) == der(roots[0])
    assert only_the_file(product)


def test_a_user_who_locks_the_directory_is_in_nobodys_way(
        network, product, server):
    """flock(1) needs no more than to read certs.d, which all may."""
    os.chmod(product.directory, 0o755)
    for path in [product.directory, *pathlib.Path(product.directory).parents]:
        os.chmod(path, os.stat(path).st_mode | 0o011)
    holder = network.machine.start(
        "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
        "flock", product.directory, "sh", "-c", "echo held; exec sleep 60",
        stdout=subprocess.PIPE)
    try:
        assert holder.stdout.readline().strip() in ("held", b"held")
        done = product.run(NAME)
        assert done.code == TRUSTED, done
        assert done.seconds < PROMPT_SECONDS
        assert only_the_file(product)
    finally:
        holder.kill()
        holder.wait()


ROUNDS = 100


def read_as_docker(directory):
    """The .crt files of DIRECTORY, as one text; None without DIRECTORY."""
    try:
        names = os.listdir(directory)
    except FileNotFoundError:
        return None
    text = b""
    for name in names:
        if name.endswith(".crt"):
            with open(os.path.join(directory, name), "rb") as file:
                text += file.read()
    return text


def test_a_reader_never_sees_a_torn_or_missing_file(product, server, roots):
    """Two installers replace each other's file while a reader looks."""
    race = Race(product, server, NAME, [(r.leaf(NAME), r) for r in roots])
    race.run(ROUNDS)
    race.check()
    assert only_the_file(product)


class Trace:
    """System calls of the installer itself, without its probes."""

    def __init__(self, product, arguments, log):
        need("strace")
        self.product, self.arguments, self.log = product, arguments, log

    def points(self, after="."):
        """(call, its how-manieth) of one run, in order, from AFTER on."""
        done = self.run()
        assert done.code == TRUSTED, done
        with open(self.log, encoding="utf-8", errors="replace") as file:
            calls = re.findall(r"^(\w+)\(", file.read(), re.MULTILINE)
        count, points = collections.Counter(), []
        for call in calls:
            count[call] += 1
            points.append((call, count[call]))
        start = next(n for n, call in enumerate(calls) if re.search(after, call))
        return [p for p in points[start:]
                if p[0] not in ("execve", "exit_group")]

    def run(self, *injection):
        return self.product.run(*self.arguments, prefix=[
            "strace", "-o", self.log, *injection])


class Scene:
    """A directory before a run, and what it may hold after a broken one."""

    def __init__(self, product, server, roots, replacing):
        self.product, self.server, self.roots = product, server, roots
        self.replacing = replacing
        self.chains = [(root.leaf(NAME), root) for root in roots]
        self.old = None
        if replacing:
            self.server.present(*self.chains[0])
            assert self.product.run(NAME).code == TRUSTED
            self.old = read_as_docker(product.path(NAME))
        self.server.present(*self.chains[1 if self.replacing else 0])

    def prepare(self):
        """Put back what was there at first."""
        shutil.rmtree(self.product.path(NAME), ignore_errors=True)
        if self.replacing:
            os.mkdir(self.product.path(NAME))
            with open(self.product.path(NAME, "ca.crt"), "wb") as file:
                file.write(self.old)

    def check_old_or_new(self, new):
        assert read_as_docker(self.product.path(NAME)) in (self.old, new)

    def check_next_run_clears_up(self, new):
        done = self.product.run(NAME, "--on-change", "replace")
        assert done.code == TRUSTED, done
        assert read_as_docker(self.product.path(NAME)) == new
        assert only_the_file(self.product), self.product.snapshot()


@pytest.fixture(name="scene", params=[False, True],
                ids=["first install", "replacement"])
def make_scene(product, server, roots, request):
    return Scene(product, server, roots, request.param)


@pytest.mark.parametrize("first", [True, False],
                         ids=["first install", "replacement"])
def test_the_data_is_on_disk_before_the_name_and_the_name_before_success(
        product, server, roots, tmp_path, first):
    if not first:
        assert product.run(NAME).code == TRUSTED
        server.present(roots[1].leaf(NAME), roots[1])
    log = str(tmp_path / "trace")
    trace = Trace(product, [NAME, "--on-change", "replace"], log)
    assert trace.run("-y", "-e", "trace=fsync,fdatasync,/rename,write,writev"
                     ).code == TRUSTED
    with open(log, encoding="utf-8", errors="replace") as file:
        steps = re.findall(r"^(\w+)\((\d+)<([^>]*)>", file.read(),
                           re.MULTILINE)
    calls = [call for call, _, _ in steps]
    report = next(n for n, step in enumerate(steps) if step[1] == "1")
    name = next(n for n, call in enumerate(calls) if "rename" in call)
    data = calls.index("write")
    assert ("fsync", *steps[data][1:]) in steps[data:name], steps
    assert ("fsync", *steps[name][1:]) in steps[name:report], steps


def test_a_kill_at_any_system_call_leaves_old_or_new(
        product, scene, tmp_path):
    trace = Trace(product, [NAME, "--on-change", "replace"],
                  str(tmp_path / "trace"))
    points = trace.points(after="fork|clone")
    new = read_as_docker(product.path(NAME))
    kills = 0
    for call, when in points:
        scene.prepare()
        done = trace.run("-e", f"inject={call}:signal=SIGKILL:when={when}")
        kills += done.code == -signal.SIGKILL
        scene.check_old_or_new(new)
        scene.check_next_run_clears_up(new)
    # How often it polls is up to the network.
    assert kills > 0.9 * len(points) > 40


STORE_CALLS = ("openat2", "openat", "mkdir", "mkdirat", "write", "writev",
               "pwrite64", "fsync", "fdatasync", "rename", "renameat",
               "renameat2", "fchmod", "fchmodat", "chmod", "flock", "unlink",
               "unlinkat", "link", "linkat", "statx", "fstat", "newfstatat",
               "getdents64", "read", "pread64", "ftruncate")


@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_a_failing_system_call_leaves_old_or_new_and_says_so(
        product, scene, tmp_path, error):
    trace = Trace(product, [NAME, "--on-change", "replace"],
                  str(tmp_path / "trace"))
    points = [p for p in trace.points() if p[0] in STORE_CALLS]
    new = read_as_docker(product.path(NAME))
    failed = 0
    for call, when in points:
        scene.prepare()
        done = trace.run("-e", f"inject={call}:error={error}:when={when}")
        assert done.code in (TRUSTED, UNREACHABLE, REFUSED, UNWRITTEN), \
            (call, when, done)
        scene.check_old_or_new(new)
        if done.code == TRUSTED:
            assert read_as_docker(product.path(NAME)) == new, \
                (call, when, done)
        else:
            failed += 1
            assert done.err, (call, when)
        scene.check_next_run_clears_up(new)
    assert failed > 5
