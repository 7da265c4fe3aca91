# SPDX-License-Identifier: Apache-2.0
"""A user without root, with a Docker engine of his own or Podman: the same run,
with the directory that his engine reads."""
import contextlib
import os

import pytest

from support import pki
from support.engines import DockerRegistry, stop, wait_for
from support.needs import need, need_file
from support.network import Network, children_of, tool
from support.product import BINARY, TRUSTED, UNWRITTEN

NAME = "dtr.bed.test"
IMAGE = NAME + "/tiny:1"
UNKNOWN_AUTHORITY = "x509: certificate signed by unknown authority"
UID = 12345
# Of Debian's docker.io.
ENGINE = "/usr/share/docker.io/contrib/dockerd-rootless.sh"
# Whom /etc/subuid lets have users of his own in a container.
ACCOUNTS = {"passwd": f"bed:x:{UID}:{UID}::/:/bin/sh\n",
            "group": f"bed:x:{UID}:\n", "subuid": "bed:200000:65536\n",
            "subgid": "bed:200000:65536\n"}
HARDENED = ["--read-only", "--cap-drop", "ALL", "--security-opt",
            "no-new-privileges"]


class User:
    """Nobody but himself on a machine of his own, with the image dtr-trust."""

    def __init__(self, network):
        self.network, self.host = network, network.machine
        os.chmod(network.directory, 0o755)
        for path in ("/run", "/dev/shm"):
            self.host.run("mount", "-t", "tmpfs", "tmpfs", path)
        # Everybody may, on a machine with udev.
        self.host.run("sh", "-c", "mount -t tmpfs tmpfs /dev/net && "
                      "mknod -m 666 /dev/net/tun c 10 200")
        for name, line in ACCOUNTS.items():
            self.add_line("/etc/" + name, line)
        self.home, self.runtime = self.folder("home"), self.folder("runtime")
        self.environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": self.home,
            "XDG_RUNTIME_DIR": self.runtime, "TMPDIR": self.folder("tmp"),
            "DOCKER_HOST": f"unix://{self.runtime}/docker.sock",
            "DOCKER_BUILDKIT": "0",
            # In a mount namespace of a test it cannot pivot its root.
            "DOCKERD_ROOTLESS_ROOTLESSKIT_SLIRP4NETNS_SANDBOX": "false"}
        self.context = self.folder("context")
        with open(BINARY, "rb") as file:
            self.put("dtr-trust", file.read())
        self.put("Dockerfile", b"FROM scratch\nCOPY dtr-trust /dtr-trust\n"
                 b"ENV container=dtr-trust\nENTRYPOINT [\"/dtr-trust\"]\n")

    def add_line(self, path, line):
        own = self.network.path(os.path.basename(path))
        with contextlib.suppress(FileNotFoundError), \
                open(path, encoding="utf-8") as file:
            line = file.read() + line
        with open(own, "w", encoding="utf-8") as file:
            file.write(line)
        os.chmod(own, 0o644)
        self.host.run("touch", path)
        self.host.run("mount", "--bind", own, path)

    def folder(self, name):
        path = self.network.path(name)
        os.mkdir(path, 0o700)
        os.chown(path, UID, UID)
        return path

    def put(self, name, content):
        path = os.path.join(self.context, name)
        with open(path, "wb") as file:
            file.write(content)
        os.chmod(path, 0o755)

    def argv(self, *command):
        return ["setpriv", "--reuid", UID, "--regid", UID, "--clear-groups",
                "--", *command]

    def run(self, *command):
        return self.host.run(*self.argv(*command), env=self.environment,
                             check=False)

    @contextlib.contextmanager
    def engine(self):
        """His dockerd."""
        log = self.network.path("engine.log")
        with open(log, "wb") as out:
            process = self.host.start(
                *self.argv(ENGINE, "--storage-driver", "vfs"),
                env=self.environment, stdout=out, stderr=out)
        try:
            wait_for(lambda: self.run(tool("docker"), "version").returncode
                     == 0, process, log)
            yield
        finally:
            for pid in children_of(process):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, 15)
            stop(process)


@pytest.fixture(name="user")
def make_user():
    need("docker-registry", "newuidmap", "setpriv", "slirp4netns", "ip")
    with contextlib.closing(Network(isolate_processes=True)) as network:
        root = pki.root("Bed CA")
        registry = DockerRegistry(network, *root.leaf(NAME).save(
            network.path("leaf"), root), login=False)
        network.name(NAME, registry.address)
        try:
            yield User(network)
        finally:
            registry.close()


def mount(user, *directory):
    path = os.path.join(user.home, ".config", *directory, "certs.d")
    os.makedirs(path)
    for folder in (path, os.path.dirname(path),
                   os.path.dirname(os.path.dirname(path))):
        os.chown(folder, UID, UID)
    return path, ["-v", path + ":/etc/docker/certs.d"]


def refused(done):
    assert done.returncode != 0
    assert UNKNOWN_AUTHORITY in done.stdout + done.stderr


def accepted(done):
    assert done.returncode == TRUSTED, done


def follow_the_story(user, client, path, volume):
    """Refused, made to trust by a container, taken back, again by the binary."""
    def run(*arguments):
        return user.run(*client, *arguments)
    accepted(run("build", "-q", "-t", "dtr-trust", user.context))
    accepted(run("tag", "dtr-trust", IMAGE))
    refused(run("push", IMAGE))
    accepted(run("run", "--rm", *volume, "dtr-trust", NAME))
    accepted(run("push", IMAGE))
    accepted(run("run", "--rm", *volume, "dtr-trust", "--check", NAME))
    done = run("run", "--rm", *volume, "dtr-trust", "--remove", NAME)
    assert "removed" in done.stdout
    refused(run("push", IMAGE))
    accepted(run("run", "--rm", *HARDENED, *volume, "dtr-trust", NAME))
    accepted(run("push", IMAGE))
    accepted(user.run(BINARY, "--certs-dir", path, "--remove", NAME))
    refused(run("push", IMAGE))
    accepted(user.run(BINARY, "--certs-dir", path, NAME))
    accepted(run("push", IMAGE))


def test_rootless_docker_reads_its_users_directory(user):
    need("rootlesskit")
    need_file(ENGINE, "docker.io")
    with user.engine():
        done = user.run(tool("docker"), "info", "-f", "{{.SecurityOptions}}")
        assert "rootless" in done.stdout
        path, volume = mount(user, "docker")
        follow_the_story(user, [tool("docker")], path, volume)
        # And not the host's, where he may write nothing either.
        done = user.run(BINARY, NAME)
        assert done.returncode == UNWRITTEN, done


def test_rootless_podman_reads_its_users_directory(user):
    need("podman")
    path, volume = mount(user, "containers")
    follow_the_story(user, [tool("podman"), "--storage-driver", "vfs",
                            "--cgroup-manager", "cgroupfs",
                            "--events-backend", "none", "--runtime", "runc"],
                     path, volume)
