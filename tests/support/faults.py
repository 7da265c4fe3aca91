# SPDX-License-Identifier: Apache-2.0
"""One failing system call after the other, in the installer or its probe.

A point is (process, fault, n): what build/san/tests/support/inject does to the
n-th system call of a run, and what the run and the disk may look like then.
"""
import errno
import os
import re
import shutil
import subprocess

from support import pki
from support.needs import need
from support.product import PROMPT_SECONDS, ROOT, TRUSTED

INJECT = os.path.join(ROOT, "build", "san", "tests", "support", "inject")
NAME = "fault.every.test"
ERRORS = ("EINTR", "ENOMEM", "EIO", "ENOSPC", "EROFS", "EACCES", "EDQUOT",
          "EMFILE", "EAGAIN")
KILL = "SIGKILL"
CANNOT, KILLED = 125, 137
DOCUMENTED = range(6)
LITTER = {".dtr-trust.new", ".dtr-trust.new.d", ".dtr-trust.lock"}
# They have no error, or musl's start has no way to say one.
INFALLIBLE = ("exit_group", "getpid", "getppid", "gettid", "umask",
              "arch_prctl", "set_tid_address", "execve")
RUNS = {
    "first install": ["--on-change", "replace"],
    "replacement": ["--on-change", "replace"],
    "remove": ["--remove"],
    "check": ["--check"],
}


def call_names():
    """Number -> name of this machine's system calls."""
    text = subprocess.run(
        ["gcc", "-E", "-dM", "-include", "sys/syscall.h", "-xc", "/dev/null"],
        capture_output=True, text=True, check=True).stdout
    return {int(number): name for name, number in
            re.findall(r"#define __NR_(\w+) (\d+)\n", text)}


def read_as_docker(directory):
    """The .crt files of DIRECTORY by name; None without DIRECTORY."""
    try:
        names = os.listdir(directory)
    except FileNotFoundError:
        return None
    seen = {}
    for name in names:
        if name.endswith(".crt"):
            with open(os.path.join(directory, name), "rb") as file:
                seen[name] = file.read()
    return seen


class Faults:
    """A kind of run, on a registry of its own, to be broken again and again.

    check(point) gives a list of what was wrong, empty if nothing was.
    """

    def __init__(self, network, product, serve, kind):
        need("gcc")
        self.product, self.kind, self.names = product, kind, call_names()
        self.log = str(network.path("inject.log"))
        roots = [pki.root("First Root"), pki.root("Second Root")]
        chains = [(root.leaf(NAME), root) for root in roots]
        server = serve(*chains[0])
        network.name(NAME, server.address)
        texts = []
        for chain in reversed(chains):
            server.present(*chain)
            done = product.run(NAME, "--on-change", "replace")
            assert done.code == TRUSTED, done
            texts.append(read_as_docker(product.path(NAME)))
        if kind in ("first install", "replacement"):
            server.present(*chains[1])
        self.processes = ["installer"] + ["probe"] * (kind != "remove")
        new, old = texts
        self.before = None if kind == "first install" else old
        self.after = {"first install": new, "replacement": new,
                      "remove": None, "check": old}[kind]

    def prepare(self):
        """Put back what was there at first."""
        for entry in os.listdir(self.product.directory):
            shutil.rmtree(self.product.path(entry))
        for name, text in (self.before or {}).items():
            os.mkdir(self.product.path(NAME))
            with open(self.product.path(NAME, name), "wb") as file:
                file.write(text)

    def run(self, *injection):
        self.prepare()
        return self.product.run(
            NAME, "--timeout", "2s", *RUNS[self.kind],
            prefix=[INJECT, self.log, *map(str, injection)])

    def logged(self):
        with open(self.log, encoding="ascii") as file:
            return [self.names[int(line)] for line in file]

    def calls(self, process):
        """The system calls of PROCESS in a run that is left alone."""
        done = self.run(process, "list", 0)
        if done.code == CANNOT:
            return []
        assert done.code == TRUSTED, done
        calls = self.logged()
        if process == "probe":
            # Behind the seal, the last prctl, a strange call kills.
            calls = calls[:len(calls) - calls[::-1].index("prctl")]
        return calls

    def points(self, process, faults=ERRORS + (KILL,)):
        calls = self.calls(process)
        return [(process, fault, n + 1) for n, call in enumerate(calls)
                for fault in faults if call != "exit_group"
                if fault == KILL or call not in INFALLIBLE]

    def check(self, point):
        process, fault, n = point
        done = self.run(process, "kill" if fault == KILL else
                        getattr(errno, fault), n)
        wrong = self.look(done, process, fault)
        if wrong:
            where = f"{self.kind}: {fault} at {process}'s call {n} " \
                    f"{self.logged()}: "
            wrong = [where + text + f"\n{done}" for text in wrong]
        return wrong

    def look(self, done, process, fault):
        wrong = []
        if process == "installer" and fault == KILL and self.logged():
            expected = [KILLED]
        else:
            expected = DOCUMENTED
        if done.code not in expected:
            wrong.append(f"exit code {done.code}")
        if done.seconds > PROMPT_SECONDS:
            wrong.append(f"{done.seconds} s")
        if done.code not in (TRUSTED, KILLED) and not done.err and \
                not done.out and self.logged() not in (["write"], ["writev"]):
            wrong.append("said nothing")
        return wrong + self.look_at_disk(done)

    def look_at_disk(self, done):
        wrong = []
        seen = read_as_docker(self.product.path(NAME))
        if seen not in (self.before, self.after):
            wrong.append(f"neither old nor new: {seen}")
        if done.code == TRUSTED and seen != self.after:
            wrong.append("exit 0 without doing it")
        said = " ".join(done.err.split())
        if "a ca.crt that was there is as it was" in said and \
                seen != self.before:
            wrong.append("said that it is as it was")
        if "what was to be done was done" in said and seen == self.before:
            wrong.append("said that it was done")
        litter = set(os.listdir(self.product.directory)) - {NAME}
        if seen is not None:
            litter |= set(os.listdir(self.product.path(NAME))) - set(seen)
        if not litter:
            return wrong
        if not litter <= LITTER:
            wrong.append(f"strange files: {litter}")
        self.product.run(NAME, *RUNS[self.kind])
        left = [name for _, directories, files in
                os.walk(self.product.directory)
                for name in directories + files]
        if left != ([NAME, "ca.crt"] if self.after else []):
            wrong.append(f"litter after the next run: {left}")
        return wrong
