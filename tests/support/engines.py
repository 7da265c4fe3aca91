# SPDX-License-Identifier: Apache-2.0
"""The real parts: docker-registry, dockerd, Podman, skopeo and ctr.

All of them run on the two hosts of a test network, with every file that they
write inside the network's directory.
"""
import contextlib
import glob
import io
import os
import signal
import subprocess
import tarfile
import tempfile
import time

from support.network import CONTAINERS, children_of, tool
from support.product import BINARY, ROOT, Outcome, unfold

# What `make image` saves. Without it, or where the binary is newer, the image
# is made around the binary.
IMAGE = os.environ.get("DTR_TRUST_IMAGE",
                       os.path.join(ROOT, "build", "image.tar"))
USER, PASSWORD = "tester", "correct-horse"
PASSWORD_BCRYPT = ("$2b$04$acu/oVpHlm/V.G5i3G0Mw.J"
                   "g7zFMi72DM6eWqzDqfNGtctUgMJw7C")
# Bounds a hang, on a busy machine too.
START_SECONDS = 120


def wait_for(ready, process, log):
    """Wait until READY() holds; show LOG if PROCESS ends or time is up."""
    end = time.monotonic() + START_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            with open(log, encoding="utf-8", errors="replace") as file:
                raise RuntimeError(f"did not start: {log}\n{file.read()}")
        time.sleep(0.05)


def stop(process, seconds=10):
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def is_newer(path, other):
    return os.path.exists(path) and \
        os.stat(path).st_mtime > os.stat(other).st_mtime


class DockerRegistry:
    """`docker-registry serve` with its own TLS, and a login if LOGIN.

    AUTH is its configuration of another kind of login; STORAGE another
    registry, whose images it serves too; CLIENT_CA a file with the CAs of
    which it wants a client certificate.
    """

    def __init__(self, network, certificate, key, address=None, port=443,
                 login=True, auth=None, storage=None, client_ca=None):
        self.network = network
        self.address = address or network.address()
        self.port = port
        stem = network.path(f"registry-{self.address}-{port}")
        self.storage = storage.storage if storage else stem + ".d"
        os.makedirs(self.storage, exist_ok=True)
        lines = ["version: 0.1", "log: {level: info}",
                 f"storage: {{filesystem: {{rootdirectory: {self.storage}}}}}",
                 f"http: {{addr: '{self.address}:{port}', secret: x, "
                 f"tls: {{certificate: {certificate}, key: {key}"
                 + (f", clientcas: [{client_ca}]" if client_ca else "") + "}}"]
        if auth:
            lines.append(f"auth: {auth}")
        elif login:
            with open(stem + ".users", "w", encoding="ascii") as file:
                file.write(f"{USER}:{PASSWORD_BCRYPT}\n")
            lines.append(f"auth: {{htpasswd: {{realm: bed, "
                         f"path: {stem}.users}}}}")
        with open(stem + ".yml", "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")
        self.log = stem + ".log"
        with open(self.log, "wb") as log:
            self.process = network.registry.start(
                tool("docker-registry"), "serve", stem + ".yml",
                stdout=log, stderr=log)
        wait_for(lambda: network.answers(self.port, self.address),
                 self.process, self.log)

    def close(self):
        stop(self.process)


class Machine:
    """The network's machine with a Docker engine and the other clients."""

    payload = "payload:1"

    def __init__(self, network, options=()):
        self.network = network
        self.host = network.machine
        self.options = options
        self.socket = "unix://" + network.path("docker.sock")
        # Named for the directory too, so that whoever gave one can tell what
        # is left of his.
        self.cgroup = (f"dtr-trust-bed-{os.path.basename(tempfile.gettempdir())}"
                       f"-{self.host.pid}")
        self.log = network.path("dockerd.log")
        self.home = network.path("home")
        os.mkdir(self.home)
        # containerd writes its stacks there when it is asked to.
        self.temporary = network.path("tmp")
        os.mkdir(self.temporary)
        authorizations = network.path("auth.json")
        with open(authorizations, "w", encoding="ascii") as file:
            file.write("{}")
        self.environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": self.home,
            "DOCKER_HOST": self.socket, "DOCKER_BUILDKIT": "0",
            "REGISTRY_AUTH_FILE": authorizations, "TMPDIR": self.temporary}
        self.daemon = None
        try:
            # The daemons' own /run: sockets, locks and DNS of nobody else.
            # Podman's locks are in /dev/shm, all of them numbered from 0.
            for path in ("/run", "/dev/shm"):
                self.host.run("mount", "-t", "tmpfs", "tmpfs", path)
            self.host.run("mkdir", "/run/lock")
            self.host.run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward")
            self.start_daemon()
        except BaseException:
            self.close()
            raise

    def start_daemon(self):
        network = self.network
        with open(self.log, "wb") as log:
            self.daemon = self.host.start(
                tool("dockerd"), "--data-root", network.path("docker"),
                "--exec-root", network.path("exec"), "-H", self.socket,
                "--pidfile", network.path("docker.pid"),
                "--iptables=false", "--ip-masq=false",
                "--bip", CONTAINERS + ".1/24",
                "--cgroup-parent", self.cgroup, *self.options,
                env={**os.environ, "TMPDIR": self.temporary},
                stdout=log, stderr=log)
        wait_for(lambda: self.docker("version", check=False).returncode == 0,
                 self.daemon, self.log)

    def run(self, *command, **options):
        return self.host.run(*command, env=self.environment, **options)

    def docker(self, *arguments, **options):
        return self.run(tool("docker"), *arguments, **options)

    def podman(self, *arguments, **options):
        return self.run(
            tool("podman"), "--root", self.network.path("podman"),
            "--runroot", self.network.path("podman-run"),
            "--storage-driver", "vfs", "--cgroup-manager", "cgroupfs",
            "--events-backend", "none", "--runtime", "runc", *arguments,
            **options)

    def skopeo(self, *arguments, **options):
        return self.run(tool("skopeo"), *arguments, **options)

    def ctr(self, *arguments, **options):
        """ctr on the containerd that dockerd has started."""
        return self.run(
            tool("ctr"), "--address",
            self.network.path("exec", "containerd", "containerd.sock"),
            "--namespace", "bed", *arguments, **options)

    def import_image(self, name, entries, *changes):
        """An image NAME with ENTRIES ({path: (mode, bytes)}), offline."""
        archive = self.network.path("import.tar")
        with tarfile.open(archive, "w") as tar:
            for path, (mode, content) in entries.items():
                entry = tarfile.TarInfo(path)
                entry.mode, entry.size = mode, len(content)
                tar.addfile(entry, io.BytesIO(content))
        options = [o for change in changes for o in ("-c", change)]
        self.docker("import", *options, archive, name)
        os.unlink(archive)

    def load_product(self):
        """Have the image dtr-trust, and a small one to push and pull."""
        if os.path.exists(IMAGE) and not is_newer(BINARY, IMAGE):
            with open(IMAGE, "rb") as file:
                self.docker("load", stdin=file)
        else:
            with open(BINARY, "rb") as file:
                self.import_image("dtr-trust", {"dtr-trust": (
                    0o755, file.read())}, 'ENTRYPOINT ["/dtr-trust"]',
                    "ENV container=dtr-trust")
        self.import_image(self.payload, {"payload": (0o644, b"hello")})

    def trust(self, registries, mount="/etc/docker/certs.d:"
              "/etc/docker/certs.d", options=(), arguments=()):
        """The run that README shows, for REGISTRIES."""
        mounts = ["-v", mount] if mount else []
        begin = time.monotonic()
        done = self.docker("run", "--rm", *mounts, *options, "-e",
                           "DTR_DOMAIN_NAME=" + registries, "dtr-trust",
                           *arguments,
                           check=False)
        return Outcome(done.returncode, unfold(done.stdout),
                       unfold(done.stderr), time.monotonic() - begin)

    def stop_daemon(self):
        # nsenter passes no signal on: tell dockerd itself, then wait.
        if self.daemon:
            for pid in children_of(self.daemon):
                os.kill(pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.daemon.wait(START_SECONDS)

    def remove_cgroups(self):
        tops = glob.glob("/sys/fs/cgroup/**/" + self.cgroup, recursive=True)
        for top in tops:
            for directory, _, _ in os.walk(top, topdown=False):
                with contextlib.suppress(OSError):
                    os.rmdir(directory)
        return not any(os.path.exists(top) for top in tops)

    def close(self):
        self.stop_daemon()
        # A cgroup can be removed only when nothing runs in it any more, and
        # the last processes may still be dying.
        deadline = time.monotonic() + 5
        while not self.remove_cgroups() and time.monotonic() < deadline:
            time.sleep(0.05)
