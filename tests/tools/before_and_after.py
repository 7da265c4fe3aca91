# SPDX-License-Identifier: Apache-2.0
"""Twenty situations as an operator meets them, with two binaries, as Markdown.

    before_and_after.py OLD NEW
"""
import contextlib
import hashlib
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

from cryptography.hazmat.primitives import serialization  # noqa: E402

from support import pki, servers  # noqa: E402
from support.network import Network  # noqa: E402

DIRECTORY = "/etc/docker/certs.d"
# Each run has its own directory there, in mounts of its own.
IN_MOUNTS = ["unshare", "--mount", "sh", "-c",
             "mount -t tmpfs none /etc/docker && mkdir {1} && "
             "mount --bind {0} {1} && {2} && exec \"$@\"", "sh"]
HEAD = """# Twenty situations, before and now

What a person at a terminal of 80 columns sees of version 0.1.0 and of this one, in
the same situation each: a real server, a certs.d of its own, one run. Written by
`scripts/before-and-after`; fingerprints, times, ports and addresses are replaced.
"""


class Place:
    """A network with one registry host, and certs.d for each run."""

    def __init__(self, network, stack, top):
        self.network, self.stack, self.top = network, stack, top
        self.root = pki.root("Example Root")
        self.count = 0

    def name(self, label, *chain, server=None):
        """LABEL.example.test, which presents CHAIN; by default one leaf."""
        name = label + ".example.test"
        if server is None:
            chain = chain or (self.root.leaf(name), self.root)
            server = self.stack.enter_context(
                servers.TlsRegistry(self.network, *chain))
        self.network.name(name, server.address)
        return name

    def directory(self):
        self.count += 1
        path = os.path.join(self.top, str(self.count))
        os.mkdir(path)
        return path

    def run(self, binary, directory, arguments, env=None, mount="bind"):
        also = f"mount -o remount,bind,ro {DIRECTORY}" \
            if mount == "read-only" else "true"
        prefix = [] if mount == "none" else [
            word.format(directory, DIRECTORY, also) for word in IN_MOUNTS]
        return subprocess.run(
            self.network.machine.argv(*prefix, binary, *arguments),
            env={"PATH": os.environ["PATH"], **(env or {})},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False, timeout=60)

    def file(self, name, content):
        path = os.path.join(self.top, name)
        with open(path, "wb") as file:
            file.write(content)
        return path


def prepare_with(place, binary, *arguments):
    """A certs.d in which BINARY has done something before."""
    def prepare(directory):
        place.run(binary, directory, arguments)
    return prepare


def situations(place, new):
    """(title, arguments, options): options are env, mount, prepare."""
    plain = place.name("registry")
    pin = "sha256:" + pki.fingerprint(place.root.certificate)
    yield "A first use", [plain], {}
    yield "The same again", [plain], {
        "prepare": prepare_with(place, new, plain)}
    other = pki.root("Other Root")
    changed = place.name("changed", other.leaf("changed.example.test"), other)

    def install_first_root(directory):
        os.mkdir(os.path.join(directory, changed))
        with open(os.path.join(directory, changed, "ca.crt"), "wb") as file:
            file.write(pki.pem(place.root.certificate))
    yield "The registry has another CA", [changed], {
        "prepare": install_first_root}
    yield "A pin that is the hash of a public key", [
        plain, "--pin", "sha256:" + key_hash(place.root.certificate)], {}
    yield "A pin is required, and none is given", [plain, "--require-pin"], {}
    yield "A misspelt option", [plain, "--ca-fiel", "ca.pem"], {}
    yield "A misspelt variable for a pin", [plain], {"env": {"DTR_PINS": pin}}
    yield "An image in the registry's place", [plain + "/team/app:1.2"], {}
    yield "A pasted URL with a password", [
        "https://admin:hunter2@" + plain + "/"], {}
    yield "An env file's quotes around the name", [], {
        "env": {"DTR_DOMAIN_NAME": f'"{plain}"\n'}}
    yield "The registry is down", [
        place.name("down", server=Closed(place.network))], {}
    plain_http = place.stack.enter_context(servers.RudeServer(
        place.network, servers.answer_plain_http))
    yield "Plain HTTP on the port", [
        place.name("http", server=plain_http)], {}
    yield "A default certificate of another name", [place.name(
        "wrong", place.root.leaf("ingress.local"), place.root)], {}
    yield "A certificate that has ended", [place.name(
        "ended", place.root.leaf("ended.example.test", days=-1),
        place.root)], {}
    yield "A private key for a CA file", [
        plain, "--ca-file", place.file(
            "server.key", b"-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n"
            b"-----END PRIVATE KEY-----\n")], {}
    yield "docker run -v made a directory of ca.crt", [plain], {
        "prepare": lambda directory: os.makedirs(
            os.path.join(directory, plain, "ca.crt"))}
    yield "Nothing is mounted, in the image", [plain], {
        "env": {"container": "dtr-trust"}, "mount": "none"}
    yield "certs.d is mounted read-only", [plain], {
        "mount": "read-only"}
    yield "Two registries, one of them down", [plain, "down.example.test"], {}
    yield "A file of other hands, and what we wrote is taken back", [
        plain, "--remove"], {"prepare": both_hands(place, new, plain)}


def key_hash(certificate):
    """What kubeadm and curl pin: the SHA-256 of the public key."""
    return hashlib.sha256(certificate.public_key().public_bytes(
        serialization.Encoding.DER,
        serialization.PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def both_hands(place, binary, name):
    def prepare(directory):
        os.mkdir(os.path.join(directory, name))
        path = os.path.join(directory, name, "ca.crt")
        with open(path, "wb") as file:
            file.write(b"# ours\n" + pki.pem(pki.root("Theirs").certificate))
        place.run(binary, directory, [
            name, "--pin", pki.fingerprint(place.root.certificate)])
    return prepare


class Closed:
    """An address at which nobody listens."""

    def __init__(self, network):
        self.address = network.address()


def settled(text, directory, place):
    """TEXT without what differs from one run of this script to the next."""
    seen = {}

    def number(match):
        return f"{seen.setdefault(match[0], len(seen) + 1):064x}"
    text = text.replace(directory, DIRECTORY).replace(place.top, "/root")
    text = re.sub(r"\b[0-9a-f]{64}\b", number, text)
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2026-11-26T00:00:00Z",
                  text)
    text = re.sub(r"198\.51\.100\.\d+", "198.51.100.7", text)
    return text.rstrip()


def shown(arguments, env, place, directory):
    words = [f"{name}={value!r}" if re.search(r"[\s\"]", value)
             else f"{name}={value}" for name, value in env.items()]
    words += ["dtr-trust", *arguments]
    return settled(" ".join(words), directory, place)


def tell(place, title, number, binaries, arguments, options):
    env = options.get("env", {})
    print(f"\n## {number}. {title}\n")
    for label, binary in binaries:
        directory = place.directory()
        options.get("prepare", lambda _: None)(directory)
        done = place.run(binary, directory, arguments, env,
                         options.get("mount", "bind"))
        if label == binaries[0][0]:
            print(f"    {shown(arguments, env, place, directory)}\n")
        print(f"{label}: exit code {done.returncode}\n\n```text")
        print(settled(done.stdout, directory, place))
        print("```\n" if label == binaries[0][0] else "```")


def main():
    old, new = (os.path.abspath(path) for path in sys.argv[1:3])
    binaries = [("0.1.0", old), ("Now", new)]
    print(HEAD, end="")
    os.makedirs(os.path.dirname(DIRECTORY), exist_ok=True)
    with contextlib.ExitStack() as stack:
        network = Network()
        stack.callback(network.close)
        top = stack.enter_context(tempfile.TemporaryDirectory())
        place = Place(network, stack, top)
        for number, (title, arguments, options) in enumerate(
                situations(place, new), 1):
            tell(place, title, number, binaries, arguments, options)


if __name__ == "__main__":
    main()
