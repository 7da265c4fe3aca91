# SPDX-License-Identifier: Apache-2.0
"""README's first command: what it shows, and that nothing of it is left."""
import contextlib
import glob
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import pytest

from support import pki
from support.needs import need
from support.network import HANG_SECONDS, Host
from support.product import BINARY, ROOT

DEMO = os.path.join(ROOT, "scripts", "demo")
SHOW = [sys.executable, os.path.join(ROOT, "tests", "tools", "demo.py")]


class Stage:
    """Where a demo runs, so that what it leaves there can be told apart: in a
    network of its own, as others come and go in that of the machine."""

    def __init__(self):
        need("dockerd", "docker", "docker-registry", "ip", "nsenter")
        self.host = Host()
        # Short: the path of a socket has at most 107 bytes.
        self.directory = tempfile.mkdtemp(prefix="demo-")
        self.before = self.elsewhere()

    def start(self, **variables):
        return subprocess.Popen(
            self.host.argv(*SHOW), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
            env={**os.environ, "TMPDIR": self.directory, **variables})

    def elsewhere(self):
        mine = "dtr-trust-bed-" + os.path.basename(self.directory)
        return (set(glob.glob(f"/sys/fs/cgroup/**/{mine}-*", recursive=True))
                | set(self.host.run("ip", "-br", "link").stdout.split("\n")))

    def check_clean(self):
        assert not os.listdir(self.directory)
        assert not self.elsewhere() - self.before
        assert not list(self.processes())

    def processes(self, program=""):
        """The processes that name the directory, or those of PROGRAM."""
        for path in glob.glob("/proc/[0-9]*/cmdline"):
            with contextlib.suppress(OSError), open(path, "rb") as file:
                command = file.read()
                name = os.path.basename(command.split(b"\0")[0]).decode()
                if self.directory.encode() in command and \
                        program in ("", name):
                    yield int(path.split("/")[2])


@pytest.fixture(name="stage")
def make_stage():
    stage = Stage()
    yield stage
    stage.host.close()
    shutil.rmtree(stage.directory, ignore_errors=True)


def test_the_demo_shows_before_and_after_and_leaves_nothing(stage):
    with stage.start() as demo:
        out, err = demo.communicate(timeout=HANG_SECONDS)
    assert demo.returncode == 0, out + err
    first, _, rest = out.partition("docker run --rm -v /etc/docker/certs.d:")
    assert first.count("x509: certificate signed by unknown authority") == 2
    assert "Login Succeeded" in rest
    assert "Downloaded newer image" in rest
    stage.check_clean()
    run = rest.partition("dtr-trust\n")[2].partition("\nAfter:")[0]
    assert " ".join(shape(run)) == " ".join(shape(shown_in_readme()))


def shown_in_readme():
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        text = file.read().partition("\n## What you will see\n")[2]
    return "\n".join(line for line in text.partition("\n## ")[0].splitlines()
                     if line.startswith("    "))


def shape(text):
    """The words of TEXT, but for what differs from registry to registry."""
    for pattern, word in ((r"[0-9a-f]{64}", "HASH"),
                          (r"\d{4}-[\d-]+T[\d:]+Z", "TIME"),
                          (r"\d+\.\d+\.\d+\.\d+:443", "ADDRESS"),
                          (r"dtr\.example\.com|registry\.demo\.test", "NAME"),
                          (r"CN=\w+ CA", "CN")):
        text = re.sub(pattern, word, text)
    return text.split()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("until", ["Before:", "After:"])
def test_an_interrupted_demo_leaves_nothing(stage, number, until):
    with stage.start() as demo:
        while until not in demo.stdout.readline():
            assert demo.poll() is None
        time.sleep(0.1)
        demo.send_signal(number)
        demo.communicate(timeout=HANG_SECONDS)
    assert demo.returncode == 128 + number
    stage.check_clean()


def test_stacks_that_containerd_writes_are_not_left(stage):
    """dockerd asks for them where containerd is late, on a busy machine."""
    with stage.start() as demo:
        while "Before:" not in demo.stdout.readline():
            assert demo.poll() is None
        for pid in stage.processes("containerd"):
            os.kill(pid, signal.SIGUSR1)
        stacks = pathlib.Path(stage.directory)
        while not list(stacks.rglob("containerd.*.stacks.log")):
            assert demo.poll() is None
            time.sleep(0.05)
        demo.send_signal(signal.SIGTERM)
        demo.communicate(timeout=HANG_SECONDS)
    stage.check_clean()


def test_a_failing_demo_says_so_and_leaves_nothing(stage, tmp_path):
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/false\n")
    with stage.start(DTR_TRUST=str(broken),
                     DTR_TRUST_IMAGE=str(tmp_path / "none")) as demo:
        _, err = demo.communicate(timeout=HANG_SECONDS)
    assert demo.returncode == 1
    assert "demo: dtr-trust failed" in err
    stage.check_clean()


@pytest.fixture(name="made")
def make_made(tmp_path):
    """A PATH on which `make` does nothing: all is made, and what others use
    beside this test stays as it is."""
    stub = tmp_path / "make"
    stub.write_text("#!/bin/sh\nexit 0\n")
    stub.chmod(0o755)
    return f"{tmp_path}:/usr/sbin:/usr/bin:/sbin:/bin"


def test_with_a_registry_named_this_machine_trusts_it_by_docker(
        machine, registry, reference, made):
    done = machine.host.run(DEMO, env={
        **machine.environment, "DTR_DOMAIN_NAME": reference,
        "DTR_TIMEOUT": "60s", "PATH": made})
    assert reference in done.stdout
    assert pki.read_pem(os.path.join(
        machine.network.etc_docker, "certs.d", reference, "ca.crt")) == [
            pki.der(registry.anchor.certificate)]


def test_with_a_registry_named_and_no_docker_the_binary_does_it(
        network, serve, made):
    leaf = pki.root().leaf("demo.name.test")
    server = serve(leaf, leaf.issuer)
    registry = network.name("demo.name.test", server.address)
    assert os.path.exists(BINARY)
    done = network.machine.run(DEMO, env={
        "PATH": made, "DTR_DOMAIN_NAME": registry,
        "DOCKER_HOST": "unix:///nonexistent"})
    assert registry in done.stdout
    assert pki.read_pem(os.path.join(
        network.etc_docker, "certs.d", registry, "ca.crt")) == [
            pki.der(leaf.issuer.certificate)]
