# SPDX-License-Identifier: Apache-2.0
"""dtr-trust as the tests run it, and what is in certs.d afterwards."""
import copy
import os
import re
import shlex
import stat
import subprocess
import time

from support import pki
from support.network import die_with_parent

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BINARY = os.environ.get("DTR_TRUST", os.path.join(ROOT, "build", "dtr-trust"))
# The TLS client by itself; `make coverage` has one whose lines are counted.
CLIENTS = os.environ.get("DTR_TRUST_CLIENTS", os.path.join(
    ROOT, "build", "san", "tests", "support", "clients"))

TRUSTED, UNREACHABLE, USAGE, REFUSED, UNWRITTEN, DOCKER = range(6)

# What does not wait is done by then, on a busy machine too; what waits for its
# deadline, of 20 seconds by default, is not.
PROMPT_SECONDS = 10


def read(path):
    """The text of PATH in this project."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read()


def option_rows():
    """(flag, variable, argument, kind) of each option, as the table has it."""
    done = subprocess.run(
        [os.path.join(ROOT, "build/san/tests/support/print_options")],
        check=True, capture_output=True, text=True)
    return [line.split("\t") for line in done.stdout.splitlines()]


class Outcome:
    """What one run printed, returned and took."""

    def __init__(self, code, out, err, seconds):
        self.code, self.out, self.err = code, out, err
        self.seconds = seconds

    def commands(self):
        """The arguments of each command that it tells the operator to run."""
        text = re.sub(r" \\\n +", " ", self.out + self.err)
        return [shlex.split(line)[1:] for line in re.findall(
            r"^  (dtr-trust .*)$", text, re.MULTILINE)]

    def __repr__(self):
        return (f"exit {self.code} after {self.seconds:.2f} s\n"
                f"--- stdout\n{self.out}--- stderr\n{self.err}---")


class Product:
    """The native binary on HOST with its certs.d at DIRECTORY."""

    LIMIT_SECONDS = 120

    def __init__(self, host, directory):
        self.host = host
        self.directory = str(directory)
        os.makedirs(self.directory, exist_ok=True)

    def at(self, directory):
        """The same with DIRECTORY for its certs.d, which is not made."""
        other = copy.copy(self)
        other.directory = str(directory)
        return other

    def command(self, *arguments, prefix=()):
        return self.host.argv(*prefix, BINARY, "--certs-dir",
                              self.directory, *arguments)

    def start(self, *arguments, prefix=(), env=None,
              stdin=subprocess.DEVNULL):
        return subprocess.Popen(
            self.command(*arguments, prefix=prefix), env=env or {},
            stdin=stdin, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, preexec_fn=die_with_parent)

    def run(self, *arguments, **options):
        begin = time.monotonic()
        with self.start(*arguments, **options) as process:
            try:
                out, err = process.communicate(timeout=self.LIMIT_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return Outcome(process.returncode, unfold(out.decode("ascii")),
                       unfold(err.decode("ascii")), time.monotonic() - begin)

    def path(self, *parts):
        return os.path.join(self.directory, *parts)

    def anchors(self, registry):
        """DER of what is installed for REGISTRY."""
        return pki.read_pem(self.path(registry, "ca.crt"))

    def installed(self, registry):
        return os.path.lexists(self.path(registry))

    def snapshot(self):
        return snapshot(self.directory)


def block(identity):
    """A certificate as dtr-trust writes it into its own part of a ca.crt."""
    certificate = identity.certificate
    begin, end = (moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in (
        certificate.not_valid_before, certificate.not_valid_after))
    return (f"# subject: {certificate.subject.rfc4514_string()}\n"
            f"# fingerprint: sha256:{pki.fingerprint(certificate)}\n"
            f"# valid: {begin} to {end}\n").encode() + pki.pem(certificate)


def unfold(text):
    """TEXT with each sentence in one line: how they are broken is the matter
    of tests of its own, what they say is that of all others."""
    return re.sub(r"\n {17,18}(?=\S)", " ", text)


def snapshot(top):
    """Everything below TOP: kind, mode, inode, times and content."""
    seen = {}
    for directory, names, files in os.walk(top):
        for path in [directory] + [os.path.join(directory, name)
                                   for name in [*names, *files]]:
            status = os.lstat(path)
            content = None
            if stat.S_ISREG(status.st_mode):
                with open(path, "rb") as file:
                    content = file.read()
            elif stat.S_ISLNK(status.st_mode):
                content = os.readlink(path)
            seen[os.path.relpath(path, top)] = (
                status.st_mode, status.st_ino, status.st_mtime_ns,
                status.st_uid, content)
    return seen
