# SPDX-License-Identifier: Apache-2.0
"""Everything that reads certs.d, how to make it pull, and whether it does what
dtr-trust says of it."""
import collections
import os
import re
import subprocess
import sys

from support.bed import CREDENTIALS
from support.engines import PASSWORD, USER
from support.kinds import BASIC, HUB

CRI_PULL = os.path.join(os.path.dirname(__file__), "cri_pull.py")
# Where a consumer may look; whether it does is found out one by one.
TOPS = ("docker", "containers", "containerd")

WORKS, REFUSED = "works", "refused"
NOT_NEEDED, ONCE_REFUSED = "-", "a restart, if it was refused before"
RESTART = "a restart of dockerd"
NOTHING = "nothing that was tried"

# What an engine did: exit code, and the words that say why.
Deed = collections.namedtuple("Deed", "code words")
# One engine and one registry: what dtr-trust said, and what happened.
Row = collections.namedtuple(
    "Row", "kind how version said_before before said_after after helps")


def pull_with_docker(bed, image):
    return bed.run("docker", "pull", image)


def log_in_with_docker(bed, image):
    name = image.partition("/")[0]
    done = bed.run("docker", "login", "--username", USER, "--password-stdin",
                   *([name] if name != HUB[0] else []), input=PASSWORD)
    bed.log_in()
    return done


def build_with_docker(bed, image, *environment):
    with open(os.path.join(bed.build, "Dockerfile"), "w",
              encoding="ascii") as file:
        file.write(f"FROM {image}\nLABEL built=yes\n")
    # Not DOCKER_BUILDKIT=1 in the environment for all: 20.10's own default
    # is the classic builder, which pulls as `docker pull` does.
    return bed.run("env", "DOCKER_BUILDKIT=1", *environment, "docker", "build",
                   "--no-cache", "--progress", "plain", bed.build)


def build_with_file(bed, image):
    """`SSL_CERT_FILE=… docker build`."""
    directory = bed.directory(image.partition("/")[0])
    return build_with_docker(bed, image, f"SSL_CERT_FILE={directory}/ca.crt")


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
    """From 2.1 on it keeps whatever came: a page is no image."""
    images = ("ctr", "--address", bed.containerd(), "images")
    done = bed.run(*images, "pull", "--hosts-dir", "/etc/docker/certs.d",
                   "--user", CREDENTIALS, image)
    if done.returncode == 0 and "manifest" not in bed.run(
            *images, "list", "name==" + image).stdout:
        done.returncode = 1
        done.stderr += "ctr: what came is no manifest, and no error to it\n"
    return done


def pull_with_cri(bed, image, **options):
    return subprocess.run(
        [sys.executable, CRI_PULL, bed.containerd(**options), image, USER,
         PASSWORD], capture_output=True, text=True, check=False)


def pull_as_it_comes(bed, image):
    return pull_with_cri(bed, image, config_path="")


Consumer = collections.namedtuple(
    "Consumer", "name program word pull reads takes", defaults=(None, None))

# By its word in dtr-trust's report; what docker's pull is there depends on its
# image store.
DOCKER_PULL = Consumer("`docker pull`", "dockerd", "docker-pull-{store}",
                       pull_with_docker)
CONSUMERS = [
    Consumer("`docker login`", "dockerd", "docker-login", log_in_with_docker),
    DOCKER_PULL,
    Consumer("`docker build` with BuildKit, `FROM`", "dockerd",
             "docker-build", build_with_docker),
    Consumer("`podman pull`", "podman", "podman", pull_with_podman),
    Consumer("`buildah pull`", "buildah", "podman", pull_with_buildah),
    Consumer("`skopeo inspect`", "skopeo", "podman", pull_with_skopeo),
    Consumer("`ctr images pull`", "containerd", "containerd", pull_with_ctr,
             "its `--hosts-dir`"),
    Consumer("kubelet's pull (CRI)", "containerd", "containerd",
             pull_with_cri, "its `config_path`"),
]
# As installed, containerd reads no certs.d: once is enough to show that.
AS_IT_COMES = Consumer("kubelet's pull (CRI), containerd as it comes",
                       "containerd", "containerd", pull_as_it_comes,
                       "none", "its `config_path`")
# With Docker's own containerd image store only its engine differs.
STORE_CONSUMERS = CONSUMERS[:3]


def consumers_of(bed, kind):
    """Those that BED has, and that are tried with KIND."""
    consumers = STORE_CONSUMERS if bed.containerd_store else [
        *CONSUMERS, *([AS_IT_COMES] if kind is BASIC else [])]
    return [one for one in consumers if bed.has(one.program)]


def last_words(done):
    """The line of what DONE printed that says why, without what differs from
    one run to the next."""
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines()
             if line.strip()]
    own = [line for line in lines if line.startswith("ctr: ")]
    blame = own or [line for line in lines
                    if "rror" in line or "x509" in line]
    words = (blame or lines or [""])[-1]
    words = re.sub(r"r\d+\.bed\.test", "r.bed.test", words)
    words = re.sub(r"tiny\d+", "tiny", words)
    words = re.sub(r"198\.51\.100\.\d+(:\d+->)?", "198.51.100.x", words)
    words = re.sub(r'time="[^"]*"', "", words)
    return words if len(words) <= 300 else words[:297] + "..."


def attempt(bed, consumer, image, pull=None):
    done = (pull or consumer.pull)(bed, image)
    return Deed(done.returncode,
                "" if done.returncode == 0 else last_words(done))


def outcome(deed):
    return WORKS if deed.code == 0 else REFUSED


def agrees(row):
    """Did the engine do what dtr-trust had said? That it reads no directory is
    right where what is installed changes nothing."""
    right = {"accepts": WORKS, "refuses": REFUSED, "unverified": WORKS,
             "reads-nothing": row.before}
    return all(said == "unchecked" or right[said] == did for said, did in (
        (row.said_before, row.before), (row.said_after, row.after)))


def works_now(bed, consumer, kind, pull=None, store=False, restart=False):
    """Does a registry that CONSUMER has never been refused work after one run,
    by PULL, with the CA in the host's STORE too, after a RESTART of dockerd?"""
    case = kind.open(bed)
    bed.say(case.name, options=[*case.options, *case.reach])
    try:
        if store:
            # An engine reads the store at its first look at a certificate.
            attempt(bed, consumer, bed.image(case.repositories))
            bed.trust_store()
        if restart:
            bed.restart_docker()
        return attempt(bed, consumer, bed.image(case.repositories),
                       pull).code == 0
    finally:
        if store:
            bed.forget_store()
        if store and restart:
            bed.restart_docker()


def what_helps(bed, consumer, kind):
    """What makes CONSUMER work that refuses after one run: all that does
    without a restart of dockerd, or else with one."""
    ways = [("`SSL_CERT_FILE`", {"pull": build_with_file})] \
        if consumer.pull is build_with_docker else []
    ways.append(("the host's CA store", {"store": True}))
    for restart in (False, True):
        if restart and works_now(bed, consumer, kind, restart=True):
            return RESTART
        found = [words for words, how in ways
                 if works_now(bed, consumer, kind, restart=restart, **how)]
        if found:
            return " or ".join(found) + (
                " and a restart" if restart else ", no restart")
    return NOTHING


def names_what_helps(view, helps):
    """Does VIEW, what dtr-trust says, name what was found to help, and a
    restart where that needs one?"""
    named = {"SSL_CERT_FILE": "SSL_CERT_FILE", "CA store": "CA store",
             "a restart": "restart", "config_path": "config_path",
             "client.cert": "client.cert"}
    remedy = view["remedy"] or ""
    if helps in (NOT_NEEDED, ONCE_REFUSED):
        return True
    if helps == NOTHING:
        return "or newer" in remedy and not any(
            word in remedy for word in named.values())
    return all((found in helps) <= (word in remedy)
               for found, word in named.items())


def said_of(said, consumer, bed):
    store = "containerd" if bed.containerd_store else "classic"
    return said[consumer.word.format(store=store)]


def to_version(bed, consumer):
    store = " (containerd store)" if bed.containerd_store else ""
    return f"{consumer.program} {bed.version(consumer.program)}{store}"


def what_mends(bed, consumer, kind):
    """Does what is known to help KIND, and is a restart needed too?"""
    case = kind.open(bed)
    bed.say(case.name, options=[*case.options, *case.reach])
    kind.mend(bed, case)
    for words, ready in (("", lambda: None),
                         (" and a restart", bed.restart_docker)):
        ready()
        if attempt(bed, consumer, bed.image(case.repositories)).code == 0:
            return kind.mends + words
    return NOTHING


def helps_after(bed, consumer, kind, refused, deed):
    """What it takes beside the run; REFUSED is an image that was refused
    before it, DEED what became of one that was not."""
    if deed.code == 0:
        return NOT_NEEDED if attempt(bed, consumer, refused).code == 0 \
            else ONCE_REFUSED
    if not kind.has_remedy:
        return NOT_NEEDED
    if kind.mend:
        return what_mends(bed, consumer, kind)
    return consumer.takes or what_helps(bed, consumer, kind)


class Measured:
    """What dtr-trust said of one registry and what CONSUMERS did, before and
    after one run."""

    def __init__(self, bed, kind):
        consumers = consumers_of(bed, kind)
        self.bed, self.kind, self.consumers = bed, kind, consumers
        case = kind.open(bed)
        refused = [bed.image(case.repositories) for _ in consumers]
        self.code_before, self.said_before = bed.say(
            case.name, "--check", options=case.reach)
        self.before = list(map(self.attempt, consumers, refused))
        options = [*case.options, *case.reach]
        self.code, self.said = bed.say(case.name, options=options)
        self.code_after, self.said_after = bed.say(
            case.name, "--check", options=options)
        self.after = [self.attempt(consumer, bed.image(case.repositories))
                      for consumer in consumers]
        # Last, because dockerd is restarted for it.
        self.helps = [helps_after(bed, consumer, kind, image, deed)
                      for consumer, image, deed in zip(
                          consumers, refused, self.after)]

    def attempt(self, consumer, image):
        return attempt(self.bed, consumer, image)

    def view(self, consumer):
        """What the run said of CONSUMER."""
        return said_of(self.said, consumer, self.bed)

    def rows(self):
        for consumer, before, after, helps in zip(
                self.consumers, self.before, self.after, self.helps):
            yield Row(self.kind.title, consumer.name,
                      to_version(self.bed, consumer),
                      said_of(self.said_before, consumer, self.bed)["answer"],
                      outcome(before), self.view(consumer)["answer"],
                      outcome(after), helps)

    def complaints(self):
        """Where dtr-trust was wrong, in words."""
        if (self.code, self.said) != (self.code_after, self.said_after):
            yield f"{self.kind.title}: --check says otherwise than the run"
        for consumer, row in zip(self.consumers, self.rows()):
            if not agrees(row):
                yield f"not as said: {row}"
            if not names_what_helps(self.view(consumer), row.helps):
                yield f"{row}: the remedy is {self.view(consumer)['remedy']!r}"

    def transcript(self):
        """What was said and done, line by line."""
        lines = []
        for title, code, said, deeds in (
                ("dtr-trust --check", self.code_before, self.said_before,
                 self.before),
                ("dtr-trust", self.code, self.said, self.after)):
            lines.append(f"{title}: exit {code}")
            for consumer, deed in zip(self.consumers, deeds):
                view = said_of(said, consumer, self.bed)
                lines += [f"  {consumer.name.replace('`', '')}, "
                          f"{to_version(self.bed, consumer)}",
                          f"    said: {view['answer']}, {view['reason']}",
                          f"    exit {deed.code} {deed.words}".rstrip()]
        return "\n".join(lines) + "\n"


def reads(bed, consumer):
    """The directories in which a ca.crt alone is enough, after a restart of
    dockerd where it takes one."""
    for top in TOPS:
        case = BASIC.open(bed)
        bed.place(top, case.name)
        image = bed.image(case.repositories)
        works = attempt(bed, consumer, image).code == 0
        if not works and consumer.program == "dockerd" and top == TOPS[0]:
            bed.restart_docker()
            works = attempt(bed, consumer, image).code == 0
        if works:
            yield f"`/etc/{top}/certs.d`"
