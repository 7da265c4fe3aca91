# SPDX-License-Identifier: Apache-2.0
"""Everything that reads certs.d: how to make it pull, and what one run of
dtr-trust does to it."""
import base64
import collections
import contextlib
import functools
import json
import os
import re
import signal
import subprocess
import sys

from support import pki
from support.engines import (PASSWORD, USER, DockerRegistry, Machine, stop,
                             wait_for)
from support.network import Network, children_of, tool
from support.product import TRUSTED
from support.roots import enter_root
from support.tokens import AUTH_PORT, TokenService, registry_with_tokens

UNKNOWN_AUTHORITY = "x509: certificate signed by unknown authority"
CREDENTIALS = f"{USER}:{PASSWORD}"
# Where a consumer may look; whether it does is found out one by one.
DIRECTORIES = ("/etc/docker/certs.d", "/etc/containers/certs.d",
               "/etc/containerd/certs.d")
CRI_PULL = os.path.join(os.path.dirname(__file__), "cri_pull.py")

Row = collections.namedtuple("Row", "how version restart reads")
TokenRow = collections.namedtuple("TokenRow", "how version place after remedy")
# Where the token service may be, seen from the registry.
OTHER_NAME, OTHER_PORT = "another name", "another port of its name"
PLACES = (OTHER_NAME, OTHER_PORT)
TRUST_TOKENS = ("-e", "DTR_TRUST_TOKEN_HOST=1")
RESTART = "**of dockerd**"
ONCE_REFUSED = "only if a build was refused before"


class Bed:
    """One Debian release with its engines, and a registry beside it."""

    def __init__(self, root="/", containerd_store=False):
        self.cleanup = contextlib.ExitStack()
        self.logins = {}
        try:
            self.set_up(root, containerd_store)
        except BaseException:
            self.close()
            raise

    def set_up(self, root, containerd_store):
        enter = self.cleanup.enter_context
        network = enter(contextlib.closing(Network(isolate_processes=True)))
        leaf = pki.root("Bed Root").intermediate("Bed CA").leaf("*.bed.test")
        self.leaf = leaf
        self.anchor = leaf.issuer
        self.signer = pki.self_signed("bed signer")
        self.registry = enter(contextlib.closing(DockerRegistry(
            network, *leaf.save(network.path("registry"), leaf.issuer))))
        enter_root(network, root)
        configuration = network.path("daemon.json")
        with open(configuration, "w", encoding="ascii") as file:
            json.dump({"features": {
                "containerd-snapshotter": containerd_store}}, file)
        self.machine = enter(contextlib.closing(
            Machine(network, ("--config-file", configuration))))
        self.machine.load_product()
        self.network = network
        self.build = network.path("build")
        os.mkdir(self.build)
        self.containerd = None
        self.cleanup.callback(self.stop_containerd)
        self.push()

    def push(self):
        """Put the image into the registry, around certs.d."""
        archive = self.network.path("payload.tar")
        self.machine.docker("save", "-o", archive, self.machine.payload)
        name = self.network.name("push.bed.test", self.registry.address)
        self.machine.skopeo(
            "copy", "--dest-tls-verify=false", "--dest-creds", CREDENTIALS,
            "docker-archive:" + archive, f"docker://{name}/tiny:1")

    def serve_tokens(self, address, name):
        """A registry at ADDRESS, its token service on another port there, and
        called NAME, all under the bed's one CA."""
        self.cleanup.enter_context(TokenService(
            self.network, self.leaf, self.anchor, address=address,
            port=AUTH_PORT, signer=self.signer))
        self.cleanup.enter_context(contextlib.closing(registry_with_tokens(
            self.network, self.leaf, self.signer,
            f"https://{name}:{AUTH_PORT}/token", address=address,
            storage=self.registry)))
        return address

    @functools.cached_property
    def token_address(self):
        """One registry whose token service is auth.bed.test."""
        address = self.network.address()
        self.network.name("auth.bed.test", address)
        return self.serve_tokens(address, "auth.bed.test")

    def fresh(self, place=None):
        """A registry name that nothing has seen, and docker logged in. With
        PLACE its logins go to a token service there."""
        name = f"r{len(self.logins) + 1}.bed.test"
        if place == OTHER_NAME:
            address = self.token_address
        elif place == OTHER_PORT:
            address = self.serve_tokens(self.network.address(), name)
        else:
            address = self.registry.address
        self.network.name(name, address)
        self.logins[name] = {"auth": base64.b64encode(
            CREDENTIALS.encode()).decode()}
        os.makedirs(os.path.join(self.machine.home, ".docker"), exist_ok=True)
        with open(os.path.join(self.machine.home, ".docker", "config.json"),
                  "w", encoding="ascii") as file:
            json.dump({"auths": self.logins}, file)
        return name

    def run(self, *command, **options):
        return self.machine.run(*command, check=False, timeout=60, **options)

    def start_containerd(self):
        """A containerd of its own: the one of dockerd has no CRI."""
        path = functools.partial(self.network.path, "containerd")
        if not os.path.exists(path()):
            os.mkdir(path())
        version = int(self.version("containerd").split(".", 1)[0])
        plugin, config = ("io.containerd.grpc.v1.cri", 2) if version < 2 \
            else ("io.containerd.cri.v1.images", 3)
        with open(path("config.toml"), "w", encoding="ascii") as file:
            file.write(f"version = {config}\n"
                       f'root = "{path("root")}"\n'
                       f'state = "{path("state")}"\n'
                       f'[grpc]\naddress = "{path("sock")}"\n'
                       f"[plugins.'{plugin}'.registry]\n"
                       'config_path = "/etc/docker/certs.d"\n')
        with open(path("log"), "wb") as log:
            self.containerd = self.machine.host.start(
                tool("containerd"), "-c", path("config.toml"),
                env=self.machine.environment, stdout=log, stderr=log)
        wait_for(lambda: self.run(
            tool("ctr"), "--address", path("sock"), "version"
            ).returncode == 0, self.containerd, path("log"))

    def stop_containerd(self):
        if self.containerd and self.containerd.poll() is None:
            os.kill(children_of(self.containerd)[0], signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.containerd.wait(10)
            stop(self.containerd)

    def version(self, program):
        if program == "dockerd":
            text = self.machine.docker(
                "version", "-f", "{{.Server.Version}}").stdout
        else:
            text = self.run(program, "--version").stdout
        return re.search(r"\d+\.\d+", text).group()

    def place(self, directory, name):
        """Install the anchor by hand, in DIRECTORY alone."""
        target = f"{directory}/{name}"
        self.machine.run("mkdir", "-p", target)
        self.machine.run("tee", target + "/ca.crt",
                         input=pki.pem(self.anchor.certificate).decode())

    def close(self):
        self.cleanup.close()


def pull_with_docker(bed, image):
    return bed.run("docker", "pull", image)


def build_with_docker(bed, image, *environment):
    with open(os.path.join(bed.build, "Dockerfile"), "w",
              encoding="ascii") as file:
        file.write(f"FROM {image}\nLABEL built=yes\n")
    # Not DOCKER_BUILDKIT=1 in the environment for all: 20.10's own default
    # is the classic builder, which pulls as `docker pull` does.
    return bed.run("env", "DOCKER_BUILDKIT=1", *environment, "docker", "build",
                   "--no-cache", "--progress", "plain", bed.build)


def pull_with_podman(bed, image):
    return bed.machine.podman("pull", "--creds", CREDENTIALS, image,
                              check=False)


def pull_with_buildah(bed, image):
    network = bed.network
    return bed.run("buildah", "--root", network.path("buildah"), "--runroot",
                   network.path("buildah-run"), "--storage-driver", "vfs",
                   "pull", "--creds", CREDENTIALS, image)


def pull_with_skopeo(bed, image):
    return bed.run("skopeo", "inspect", "--creds", CREDENTIALS,
                   "docker://" + image)


def pull_with_ctr(bed, image):
    return bed.run("ctr", "--address", bed.network.path("containerd", "sock"),
                   "images", "pull", "--hosts-dir", "/etc/docker/certs.d",
                   "--user", CREDENTIALS, image)


def pull_with_cri(bed, image):
    return subprocess.run(
        [sys.executable, CRI_PULL, bed.network.path("containerd", "sock"),
         image, USER, PASSWORD], capture_output=True, text=True, check=False)


def restart_docker(bed):
    bed.machine.stop_daemon()
    bed.machine.start_daemon()


Consumer = collections.namedtuple(
    "Consumer", "name program pull restart reads", defaults=(None, None))

CONSUMERS = [
    Consumer("`docker pull`", "dockerd", pull_with_docker, restart_docker),
    Consumer("`docker build` with BuildKit, `FROM`", "dockerd",
             build_with_docker, restart_docker),
    Consumer("`podman pull`", "podman", pull_with_podman),
    Consumer("`buildah pull`", "buildah", pull_with_buildah),
    Consumer("`skopeo inspect`", "skopeo", pull_with_skopeo),
    Consumer("`ctr images pull`", "containerd", pull_with_ctr,
             reads="its `--hosts-dir`"),
    Consumer("kubelet's pull (CRI)", "containerd", pull_with_cri,
             reads="its `config_path`"),
]
# With Docker's own containerd image store only its engine differs.
STORE_CONSUMERS = CONSUMERS[:2]


def words(done):
    return done.stdout + done.stderr


def refuses(done):
    if done.returncode == 0:
        return False
    if UNKNOWN_AUTHORITY not in words(done):
        raise AssertionError(words(done))
    return True


def restart_needed(bed, consumer, name):
    """What it takes after dtr-trust has run for NAME, which was refused."""
    if not refuses(consumer.pull(bed, name + "/tiny:1")):
        return "no"
    new = bed.fresh()
    trust(bed, new)
    if not refuses(consumer.pull(bed, new + "/tiny:1")):
        return ONCE_REFUSED
    consumer.restart(bed)
    if not refuses(consumer.pull(bed, name + "/tiny:1")):
        return RESTART
    raise AssertionError(f"{consumer}: refuses after a restart too")


def reads(bed, consumer, restart):
    """The directories in which a ca.crt alone is enough."""
    for directory in DIRECTORIES:
        name = bed.fresh()
        bed.place(directory, name)
        if restart == RESTART:
            consumer.restart(bed)
        if not refuses(consumer.pull(bed, name + "/tiny:1")):
            yield f"`{directory}`"


def trust(bed, name, options=()):
    done = bed.machine.trust(name, options=options)
    if done.code != TRUSTED:
        raise AssertionError(done)


def measure(bed, consumer, store=""):
    """What CONSUMER does before and after one run of dtr-trust."""
    if consumer.program == "containerd" and not bed.containerd:
        bed.start_containerd()
    name = bed.fresh()
    if not refuses(consumer.pull(bed, name + "/tiny:1")):
        raise AssertionError(f"{consumer}: works before")
    trust(bed, name)
    restart = restart_needed(bed, consumer, name)
    return Row(consumer.name,
               f"{consumer.program} {bed.version(consumer.program)}{store}",
               restart, consumer.reads or ", ".join(
                   reads(bed, consumer, restart)))


def trust_store(bed):
    """The CA into the host's own store, as Debian has it."""
    bed.machine.run("mkdir", "-p", "/usr/local/share/ca-certificates")
    bed.machine.run("tee", "/usr/local/share/ca-certificates/bed.crt",
                    input=pki.pem(bed.anchor.certificate).decode())
    bed.machine.run("update-ca-certificates")


def forget_store(bed):
    bed.machine.run("rm", "-f", "/usr/local/share/ca-certificates/bed.crt")
    bed.machine.run("update-ca-certificates", "--fresh")


def build_with_file(bed, image):
    """`SSL_CERT_FILE=… docker build`."""
    name = image.split("/")[0]
    return build_with_docker(
        bed, image, f"SSL_CERT_FILE=/etc/docker/certs.d/{name}/ca.crt")


def remedy_for(bed, consumer, place):
    """What makes CONSUMER pull although it refuses with the CA in certs.d: the
    least that was found to do. Each try has a registry of its own, because
    BuildKit remembers a refusal."""
    def helps(pull, restart):
        name = bed.fresh(place)
        trust(bed, name, TRUST_TOKENS)
        if restart:
            consumer.restart(bed)
        return pull(bed, name + "/tiny:1").returncode == 0

    ways = [(consumer.pull, "the host's CA store")]
    if consumer.pull is build_with_docker:
        ways.insert(0, (build_with_file, "`SSL_CERT_FILE`"))
    try:
        for restart in (False, True):
            for pull, words in ways:
                if pull is consumer.pull:
                    trust_store(bed)
                if helps(pull, restart):
                    return words + (" and a restart" if restart
                                    else ", no restart")
                if pull is consumer.pull:
                    forget_store(bed)
        return "none"
    finally:
        forget_store(bed)
        consumer.restart(bed)


def measure_tokens(bed, consumer, place, store=""):
    """What CONSUMER does with a registry whose token service is at PLACE, under
    the same CA, before and after one run of dtr-trust."""
    if consumer.program == "containerd" and not bed.containerd:
        bed.start_containerd()
    name = bed.fresh(place)
    image = name + "/tiny:1"
    if not refuses(consumer.pull(bed, image)):
        raise AssertionError(f"{consumer}: works before")
    trust(bed, name, TRUST_TOKENS)
    refused = refuses(consumer.pull(bed, image))
    return TokenRow(consumer.name,
                    f"{consumer.program} {bed.version(consumer.program)}{store}",
                    place, "**refused**" if refused else "works",
                    remedy_for(bed, consumer, place) if refused else "-")


HEAD = ("Works after one run | Versions | Restart needed | Reads",
        "--- | --- | --- | ---")


def to_table(rows):
    """ROWS as Markdown, those that differ in the version alone as one."""
    versions = collections.defaultdict(list)
    order = [consumer.name for consumer in CONSUMERS]
    for row in sorted(rows, key=lambda row: order.index(row.how)):
        versions[row.how, row.restart, row.reads].append(row.version)
    lines = [f"{how} | {', '.join(seen)} | {restart} | {where}"
             for (how, restart, where), seen in versions.items()]
    return "".join(f"| {line} |\n" for line in (*HEAD, *lines))


TOKEN_HEAD = ("Token service on | How | Versions | After one run | What helps",
              "--- | --- | --- | --- | ---")


def to_token_table(rows):
    versions = collections.defaultdict(list)
    for row in rows:
        versions[row.place, row.how, row.after, row.remedy].append(row.version)
    lines = [f"{place} | {how} | {', '.join(seen)} | {after} | {remedy}"
             for (place, how, after, remedy), seen in sorted(versions.items())]
    return "".join(f"| {line} |\n" for line in (*TOKEN_HEAD, *lines))


def from_table(text):
    """The rows that to_table has made TEXT of."""
    for line in text.splitlines():
        cells = line.strip("| ").split(" | ")
        if len(cells) == 4 and line[2:-2] not in HEAD:
            how, versions, restart, where = cells
            for version in versions.split(", "):
                yield Row(how, version, restart, where)


def from_token_table(text):
    """The rows that to_token_table has made TEXT of."""
    for line in text.splitlines():
        cells = line.strip("| ").split(" | ")
        if len(cells) == 5 and line[2:-2] not in TOKEN_HEAD:
            place, how, versions, after, remedy = cells
            for version in versions.split(", "):
                yield TokenRow(how, version, place, after, remedy)
