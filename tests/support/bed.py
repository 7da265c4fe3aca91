# SPDX-License-Identifier: Apache-2.0
"""One machine with engines of one release, and registries of every kind beside
it, all under one CA: what dtr-trust says there, and what the engines need."""
import base64
import contextlib
import functools
import itertools
import json
import os
import re
import shutil
import signal
import subprocess

from support import pki
from support.engines import (PASSWORD, USER, DockerRegistry, Machine, stop,
                             wait_for)
from support.network import Network, children_of, tool
from support.product import USAGE
from support.roots import enter_root

CREDENTIALS = f"{USER}:{PASSWORD}"
CERTS_D = "/etc/docker/certs.d"
STORE_FILE = "/usr/local/share/ca-certificates/bed.crt"
ENTRY = {"auth": base64.b64encode(CREDENTIALS.encode()).decode()}


def stop_containerd(process):
    # nsenter passes no signal on.
    for pid in children_of(process):
        os.kill(pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)
    stop(process)


class Bed:
    """One Debian release with its engines, and a registry beside it."""

    def __init__(self, root="/", containerd_store=False):
        self.cleanup = contextlib.ExitStack()
        self.logins, self.versions, self.containerds = {}, {}, {}
        self.images = 0
        self.containerd_store = containerd_store
        try:
            self.set_up(root, containerd_store)
        except BaseException:
            self.close()
            raise

    def set_up(self, root, containerd_store):
        enter = self.cleanup.enter_context
        network = enter(contextlib.closing(Network(isolate_processes=True)))
        self.network = network
        self.leaf = pki.root("Bed Root").intermediate("Bed CA").leaf(
            "*.bed.test")
        self.anchor = self.leaf.issuer
        self.signer = pki.self_signed("bed signer")
        self.registry = enter(contextlib.closing(DockerRegistry(
            network, *self.leaf.save(network.path("registry"), self.anchor))))
        enter_root(network, root)
        self.write_settings()
        self.machine = enter(contextlib.closing(Machine(network)))
        self.machine.load_product()
        self.release = self.version("dockerd")
        self.build = network.path("build")
        os.mkdir(self.build)
        self.push(self.machine.payload, "tiny")

    def write_settings(self, **more):
        """daemon.json, with MORE in it; it counts from a restart on."""
        with open(os.path.join(self.network.etc_docker, "daemon.json"), "w",
                  encoding="ascii") as file:
            json.dump({"features": {
                "containerd-snapshotter": self.containerd_store}, **more},
                file)

    def push(self, image, repository):
        """Put IMAGE into the registry, with this machine's own skopeo: the
        root may have none."""
        archive = self.network.path(repository + ".tar")
        self.machine.docker("save", "-o", archive, image)
        self.network.registry.run(
            tool("skopeo"), "copy", "--dest-tls-verify=false", "--dest-creds",
            CREDENTIALS, "docker-archive:" + archive,
            f"docker://{self.registry.address}:{self.registry.port}/"
            f"{repository}:1")

    def has(self, program):
        return self.machine.run("sh", "-c", f"command -v {program}",
                                check=False).returncode == 0

    def image(self, repositories):
        """An image below REPOSITORIES (host, or host and a folder) of which no
        engine has heard: a copy of the one in the registry's storage."""
        self.images += 1
        folder = repositories.partition("/")[2]
        top = os.path.join(self.registry.storage, "docker", "registry", "v2",
                           "repositories")
        repository = os.path.join(folder, f"tiny{self.images}")
        shutil.copytree(os.path.join(top, "tiny"),
                        os.path.join(top, repository))
        return f"{repositories}/tiny{self.images}:1"

    def log_in(self, *names):
        """Have docker's client know the credentials for NAMES."""
        self.logins.update({name: ENTRY for name in names})
        directory = os.path.join(self.machine.home, ".docker")
        os.makedirs(directory, exist_ok=True)
        with open(os.path.join(directory, "config.json"), "w",
                  encoding="ascii") as file:
            json.dump({"auths": self.logins}, file)

    def run(self, *command, **options):
        return self.machine.run(*command, check=False, **options)

    def containerd(self, config_path=CERTS_D):
        """The socket of a containerd of its own, because that of dockerd has
        no CRI; with the one setting that README names, or ("") as it comes."""
        if config_path not in self.containerds:
            top = self.network.path(f"containerd{len(self.containerds)}")
            os.mkdir(top)
            self.containerds[config_path] = os.path.join(top, "sock")
            self.start_containerd(top, self.containerds[config_path],
                                  config_path)
        return self.containerds[config_path]

    def start_containerd(self, top, socket, config_path):
        version = int(self.version("containerd").split(".", 1)[0])
        plugin, config = ("io.containerd.grpc.v1.cri", 2) if version < 2 \
            else ("io.containerd.cri.v1.images", 3)
        text = (f"version = {config}\nroot = \"{top}/root\"\n"
                f'state = "{top}/state"\n[grpc]\naddress = "{socket}"\n')
        if config_path:
            text += (f"[plugins.'{plugin}'.registry]\n"
                     f'config_path = "{config_path}"\n')
        with open(top + "/config.toml", "w", encoding="ascii") as file:
            file.write(text)
        with open(top + "/log", "wb") as log:
            process = self.machine.host.start(
                tool("containerd"), "-c", top + "/config.toml",
                env=self.machine.environment, stdout=log, stderr=log)
        self.cleanup.callback(stop_containerd, process)
        wait_for(lambda: self.run(
            tool("ctr"), "--address", socket, "version").returncode == 0,
            process, top + "/log")

    def restart_docker(self):
        self.machine.stop_daemon()
        self.machine.start_daemon()

    def version(self, program):
        if program not in self.versions:
            text = self.machine.docker(
                "version", "-f", "{{.Server.Version}}").stdout \
                if program == "dockerd" \
                else self.run(program, "--version").stdout
            self.versions[program] = re.search(r"\d+\.\d+", text).group()
        return self.versions[program]

    @functools.cached_property
    def words_of_release(self):
        """The options that tell dtr-trust which Docker runs here: none where
        it does not know that release yet."""
        run = functools.partial(self.machine.docker, "run", "--rm",
                                "dtr-trust", check=False)
        store = "containerd" if self.containerd_store else "classic"
        words = ["--docker", self.release, "--docker-store", store]
        return [word for word in (words[:2], words[2:]) if run(
            *word, "--check", "--offline", "none.test").returncode != USAGE]

    def say(self, name, *arguments, options=()):
        """What dtr-trust says of NAME: its exit code, and the readers of
        certs.d by their words."""
        done = self.machine.trust(name, options=options, arguments=[
            *arguments, "--json", *itertools.chain(*self.words_of_release)])
        reports = [json.loads(line) for line in done.out.splitlines()]
        said = [report["consumers"] for report in reports
                if report["consumers"]]
        if not said:
            raise AssertionError(done)
        return done.code, {one["consumer"]: one for one in said[-1]}

    def directory(self, name, top="docker"):
        return f"/etc/{top}/certs.d/{name}"

    def place(self, top, name):
        """Install the anchor by hand, in the directory of TOP alone."""
        target = self.directory(name, top)
        self.machine.run("mkdir", "-p", target)
        self.machine.run("tee", target + "/ca.crt",
                         input=pki.pem(self.anchor.certificate).decode())

    def forget(self, name):
        """Has anything been installed for NAME? Then it goes."""
        path = os.path.join(self.network.etc_docker, "certs.d", name)
        if not os.path.isdir(path):
            return False
        shutil.rmtree(path)
        return True

    def trust_store(self):
        """The CA into the host's own store, as Debian has it."""
        self.machine.run("mkdir", "-p", os.path.dirname(STORE_FILE))
        self.machine.run("tee", STORE_FILE,
                         input=pki.pem(self.anchor.certificate).decode())
        self.machine.run("update-ca-certificates")

    def forget_store(self):
        self.machine.run("rm", "-f", STORE_FILE)
        self.machine.run("update-ca-certificates", "--fresh")

    def close(self):
        self.cleanup.close()
