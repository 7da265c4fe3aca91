# SPDX-License-Identifier: Apache-2.0
"""Exit code 4: one cause and one command each, by what the kernel says."""
import json
import os
import re
import subprocess

import pytest

from support import pki
from support.needs import need
from support.product import TRUSTED, UNWRITTEN

NAME = "reg.unwritable.test"
# As many files as the survey reads, and one more.
MANY = 33


@pytest.fixture(name="root")
def make_root():
    return pki.root("Unwritable Root")


@pytest.fixture(name="scene")
def make_scene(network, product, serve, root, tmp_path):
    scene = Scene(network, product, tmp_path)
    server = serve(root.leaf(NAME), root)
    network.name(NAME, server.address)
    yield scene
    for undo in reversed(scene.undo):
        network.machine.run(*undo, check=False)


class Scene:
    """A certs.d that cannot be written, and how it is asked to."""

    def __init__(self, network, product, tmp_path):
        self.network, self.product, self.tmp_path = network, product, tmp_path
        self.name, self.prefix, self.undo = NAME, [], []
        self.mounted = False

    def mount(self, *arguments):
        self.network.machine.run("mount", *arguments)
        self.undo.append(["umount", "--lazy", arguments[-1]])

    def path(self, *parts):
        return self.product.path(self.name, *parts)

    def make(self, text=b"-----BEGIN CERTIFICATE-----\n"):
        os.mkdir(self.path())
        with open(self.path("ca.crt"), "wb") as file:
            file.write(text)

    def fail_call(self, call, error):
        need("strace")
        self.prefix = ["strace", "-f", "-o", "/dev/null", "-e",
                       f"trace={call}", "-e", f"inject={call}:error={error}"]

    def run(self, *arguments, env=None):
        return self.product.run(self.name, *arguments, prefix=self.prefix,
                                env=env)


def not_mounted(scene):
    scene.product = scene.product.at(scene.tmp_path / "none" / "certs.d")


def root_in_way(scene):
    os.rmdir(scene.product.directory)
    with open(scene.product.directory, "wb"):
        pass


def read_only(scene):
    scene.mount("--bind", scene.product.directory, scene.product.directory)
    scene.network.machine.run("mount", "-o", "remount,bind,ro",
                              scene.product.directory)


def file_is_directory(scene):
    os.makedirs(scene.path("ca.crt"))


def directory_is_file(scene):
    with open(scene.path(), "wb"):
        pass


def link(scene):
    os.symlink(scene.tmp_path, scene.path())


def no_file(scene):
    os.mkdir(scene.path())
    os.mkfifo(scene.path("ca.crt"))


def file_mounted(scene):
    scene.make()
    copy = scene.tmp_path / "copy"
    copy.write_bytes(b"# mine\n")
    scene.mount("--bind", str(copy), scene.path("ca.crt"))


def not_root(scene):
    os.chmod(scene.tmp_path, 0o755)
    scene.prefix = ["setpriv", "--reuid=65533", "--regid=65533",
                    "--clear-groups"]
    # The way to it must be open, or it is not even found.
    path = scene.tmp_path
    while path != path.parent:
        os.chmod(path, os.stat(path).st_mode | 0o055)
        path = path.parent


def not_owner(scene):
    os.chown(scene.product.directory, 1000, 1000)
    scene.prefix = ["setpriv", "--bounding-set=-dac_override",
                    "--inh-caps=-dac_override"]


def user_namespace(scene):
    os.chown(scene.product.directory, 1000, 1000)
    scene.prefix = ["unshare", "--user", "--map-root-user"]


def no_colon(scene):
    scene.name = NAME + ":443"
    scene.fail_call("mkdirat", "EINVAL")


def quota(scene):
    scene.fail_call("mkdirat", "EDQUOT")


def full(scene):
    scene.mount("-t", "tmpfs", "-o", "nr_inodes=2", "tmpfs",
                scene.product.directory)
    scene.network.machine.run("touch", scene.product.path("filler"))


def immutable(scene):
    scene.make(b"")
    done = subprocess.run(["chattr", "+i", scene.path("ca.crt")],
                          capture_output=True, check=False)
    scene.undo.append(["chattr", "-i", scene.path("ca.crt")])
    if done.returncode:
        pytest.skip("this file system has no immutable files")


def descriptors(scene):
    scene.prefix = ["sh", "-c", 'ulimit -n 8 && exec "$@"', "sh"]


def limit(scene):
    os.mkdir(scene.path())
    for number in range(MANY):
        with open(scene.path(f"{number}.crt"), "wb"):
            pass


# The command outside the image, and in it; {d} is certs.d, {r} the directory.
COMMANDS = {
    not_mounted: ("mkdir -p {d}", "docker run -v /etc/docker/certs.d:{d}"),
    root_in_way: ("ls -ld {d}", "ls -ld {d} on the host"),
    read_only: ("mount -o remount,rw $(findmnt -no TARGET -T {d})",
                "docker run -v /etc/docker/certs.d:{d}"),
    file_is_directory: ("rmdir {r}/ca.crt", "on the host: rmdir {r}/ca.crt"),
    directory_is_file: ("mv {r} {r}.old", "mv {r} {r}.old"),
    link: ("the link: ls -ld {r} {r}/ca.crt", "the link: ls -ld {r}"),
    no_file: ("rm {r}/ca.crt", "rm {r}/ca.crt"),
    file_mounted: ("umount {r}/ca.crt",
                   "docker run -v /etc/docker/certs.d:{d}"),
    not_root: ("sudo dtr-trust", "docker run --user 0"),
    not_owner: ("stat -c %U {d}", "--cap-add DAC_OVERRIDE"),
    user_namespace: ("run it outside", "docker run --userns=host"),
    no_colon: ("keep certs.d on a local one", "keep certs.d on a local one"),
    quota: ("quota -s; df -h {d}", "quota -s; df -h {d}"),
    full: ("df -h {d}; df -i {d}", "df -h {d}; df -i {d}"),
    immutable: ("chattr -ia {d} {r} {r}/ca.crt", "{r} {r}/ca.crt"),
    descriptors: ("ulimit -n 64", "--ulimit nofile=64"),
    limit: ("ls -la {r}", "ls -la {r}"),
}


@pytest.mark.parametrize("cause", COMMANDS, ids=lambda c: c.__name__)
def test_each_has_its_word_and_its_command(scene, cause):
    cause(scene)
    done = scene.run("--on-change", "replace")
    assert done.code == UNWRITTEN, done
    text = " ".join(done.err.split())
    where = {"d": scene.product.directory, "r": scene.path()}
    assert COMMANDS[cause][0].format(**where) in text, done
    assert "docker run" not in text or "docker run -v makes" in text, done
    assert " unchanged " in text and not done.out, done

    done = scene.run("--on-change", "replace", "--json")
    report = json.loads(done.out)
    assert report["reason"] == cause.__name__.replace("_", "-"), done
    assert done.code == report["exit"] == UNWRITTEN

    if cause not in (not_mounted, root_in_way, read_only):
        scene.mount("--bind", scene.product.directory,
                    scene.product.directory)
    done = scene.run("--on-change", "replace", "--json",
                     env={"container": "dtr-trust"})
    report = json.loads(done.out)
    if report["reason"] == cause.__name__.replace("_", "-"):
        assert COMMANDS[cause][1].format(**where) in report["error"]["next"]


def test_a_path_with_a_blank_stays_one_word_of_the_command(scene):
    scene.product = scene.product.at(scene.tmp_path / "no such" / "certs.d")
    done = scene.run()
    assert done.code == UNWRITTEN, done
    text = " ".join(done.err.split())
    assert f"mkdir -p '{scene.product.directory}'" in text, done


@pytest.mark.parametrize("name, mount", [
    ("certs.d", "-v /etc/docker:{}"),
    ("certs", "-v /etc/docker/certs.d:{}/certs")])
def test_what_it_says_to_mount_is_what_docker_reads(scene, name, mount):
    """Mounted at its parent, /.../certs would be made as /etc/docker/certs."""
    parent = scene.tmp_path / "none"
    parent.mkdir()
    (parent / name).mkdir()
    scene.product = scene.product.at(parent / name)
    done = scene.run(env={"container": "dtr-trust"})
    assert done.code == UNWRITTEN, done
    text = " ".join(done.err.split())
    assert text.endswith("where it is not there yet, "
                         + mount.format(parent)), done


@pytest.mark.parametrize("place", ["", NAME])
def test_append_only_is_mended_by_its_command(scene, place):
    """Files can be made there and not taken away: what is left is cleared by
    the next run."""
    if place:
        scene.make(b"# mine\n")
    directory = scene.product.path(place)
    if subprocess.run(["chattr", "+a", directory], check=False).returncode:
        pytest.skip("this file system has no append-only files")
    scene.undo.append(["chattr", "-a", directory])
    done = scene.run("--on-change", "replace")
    assert done.code == UNWRITTEN, done
    again = scene.run("--on-change", "replace")
    assert again.code == UNWRITTEN and "append-only" in again.err, again
    command, = re.findall(r"host: (chattr .*)$", done.err, re.M)
    scene.network.machine.run(*command.split(), check=False)
    assert scene.run("--on-change", "replace").code == TRUSTED
    assert not [name for name in os.listdir(scene.product.directory)
                if name.startswith(".")]


@pytest.mark.parametrize("make", [True, False])
def test_the_file_system_is_mended_by_its_command(scene, make):
    """It is mounted above certs.d, as a root file system is, and certs.d may
    not have been made yet."""
    disk = scene.tmp_path / "disk"
    disk.mkdir()
    scene.mount("-t", "tmpfs", "tmpfs", str(disk))
    scene.network.machine.run("mkdir", "-p",
                              disk / "certs.d" if make else disk)
    scene.network.machine.run("mount", "-o", "remount,ro", str(disk))
    scene.product = scene.product.at(disk / "certs.d")
    done = scene.run()
    assert done.code == UNWRITTEN, done
    command, = re.findall(r"writable: (mount .*)$", done.err, re.M)
    scene.network.machine.run("sh", "-c", command)
    assert scene.run().code == TRUSTED


def test_where_certs_d_may_not_be_made_its_parent_is_named(scene):
    parent = scene.tmp_path / "docker"
    parent.mkdir()
    if subprocess.run(["chattr", "+i", parent], check=False).returncode:
        pytest.skip("this file system has no immutable files")
    scene.undo.append(["chattr", "-i", parent])
    scene.product = scene.product.at(parent / "certs.d")
    done = scene.run()
    assert done.code == UNWRITTEN, done
    command, = re.findall(r"host: (chattr .*)$", done.err, re.M)
    scene.network.machine.run(*command.split(), check=False)
    assert scene.run().code == TRUSTED


def test_who_owns_it_is_not_told_to_run_as_its_owner(scene):
    """The owner has taken the right to write from himself."""
    os.chown(scene.product.directory, 65533, 65533)
    not_root(scene)
    os.chmod(scene.product.directory, 0o555)
    done = scene.run()
    assert done.code == UNWRITTEN, done
    assert "next run it as root: sudo dtr-trust ..." in " ".join(
        done.err.split()), done


def test_a_link_is_not_to_be_moved_away(scene):
    """Docker follows it: what it leads to is what is to be named, or put in
    its place."""
    target = scene.product.directory
    scene.product = scene.product.at(scene.tmp_path / "link")
    os.symlink(target, scene.product.directory)
    done = scene.run()
    assert done.code == UNWRITTEN, done
    assert "of a link give what it leads to as --certs-dir, a file move " \
        "away: ls -ld" in " ".join(done.err.split()), done
    scene.product = scene.product.at(os.path.realpath(
        scene.product.directory))
    (scene.tmp_path / "its-own").mkdir()
    os.symlink(scene.tmp_path / "its-own", scene.path())
    done = scene.run()
    assert done.code == UNWRITTEN, done
    assert "--certs-dir" not in done.err.partition(" next ")[2], done
    assert "next put what it leads to in the place of the link: ls -ld" in \
        " ".join(done.err.split()), done
    os.unlink(scene.path())
    os.rename(scene.tmp_path / "its-own", scene.path())
    assert scene.run().code == TRUSTED


def test_a_limit_of_the_whole_machine_is_none_of_this_process(scene):
    scene.fail_call("mkdirat", "ENFILE")
    done = scene.run()
    assert done.code == UNWRITTEN, done
    assert "open files in system" in done.err and "ulimit" not in done.err


@pytest.mark.parametrize("cause", [file_is_directory, directory_is_file, link,
                                   no_file, limit], ids=lambda c: c.__name__)
def test_a_path_of_the_container_is_not_called_the_hosts(scene, cause):
    """certs.d may be mounted from anywhere."""
    cause(scene)
    scene.mount("--bind", scene.product.directory, scene.product.directory)
    done = scene.run(env={"container": "dtr-trust"})
    assert done.code == UNWRITTEN, done
    assert "next (paths as the container names them) " in " ".join(
        done.err.split()), done


def test_every_cause_has_its_test():
    """busy is test_busy.py's, denied (SELinux) and changed-meanwhile are of
    tests/unit: no kernel here makes the one, the other needs a race."""
    with open(os.path.join(os.path.dirname(__file__), "..", "..", "src",
                           "installer", "report", "failure.c"),
              encoding="ascii") as file:
        words = set(re.findall(r'\[CAUSE_\w+\] = "([a-z-]+)"', file.read()))
    assert words - {"store", "busy", "denied", "changed-meanwhile"} == {
        cause.__name__.replace("_", "-") for cause in COMMANDS}


def test_what_is_in_the_way_and_holds_it_already_is_fine(scene):
    """Nothing needs to be written: read-only is no failure then."""
    assert scene.run().code == TRUSTED
    read_only(scene)
    assert scene.run().code == TRUSTED
