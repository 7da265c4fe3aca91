# SPDX-License-Identifier: Apache-2.0
"""README's commands as they stand, but for names and pin, with a real engine; and
a run for each of its exit codes."""
import re

import pytest

from support import pki
from support.engines import DockerRegistry
from support.product import BINARY, read

PIN = ("sha256:18cb642af1a3c04aacdd27dd5304638a"
       "f2aa44da8246dc5078745361c7644476")
LIST = "/etc/dtr-trust/registries"
# A run that stays is told to end when it is ready to hear it.
TELL = r""" & until grep -Eq '^Sig(Cgt|Blk):.*[4-7c-f]...$' /proc/$!/status
do sleep 0.1; done; kill $!; wait $!"""


def blocks():
    """The lines of README's blocks, each command as one."""
    return re.findall(r"^    (?! )(.*)$", read("README.md").replace("\\\n", ""),
                      re.M)


def commands():
    return [re.sub(r"\s+# .*", "", line) for line in blocks()
            if line.startswith(("docker run ", "dtr-trust "))]


@pytest.fixture(scope="module", name="pin")
def make_pin(registry):
    return "sha256:" + pki.fingerprint(registry.anchor.certificate)


@pytest.fixture(name="follow")
def make_follow(machine, registry, reference, pin, tmp_path):
    """follow(command): run it where dtr-trust is installed; its outcome."""
    (tmp_path / "ca.pem").write_bytes(pki.pem(registry.anchor.certificate))
    (tmp_path / "dtr-trust").symlink_to(BINARY)
    mirror = machine.network.name("m" + reference, registry.address)

    def changed(text):
        for old, new in ((PIN, pin), ("mirror.example.com", mirror),
                         ("dtr.example.com", reference), ("…", reference),
                         (LIST, str(tmp_path / "list"))):
            text = text.replace(old, new)
        return text
    entries = [line for line in blocks() if re.match(r"\S+\s+sha256:", line)]
    (tmp_path / "list").write_text(changed("\n".join(entries) + "\n"))

    def follow(command):
        tell = TELL if " --every " in command else ""
        return machine.run("sh", "-c", f"cd {tmp_path}; PATH={tmp_path}:$PATH; "
                           + changed(command) + tell, check=False)
    return follow


def test_each_command_does_its_work(machine, registry, follow):
    network = machine.network
    leaf = registry.anchor.leaf("*.bed.test")
    second = DockerRegistry(
        network, *leaf.save(network.path("second"), registry.anchor),
        address=registry.address, port=5000, storage=registry)
    try:
        seen = commands()
        assert len(seen) >= 11
        for command in seen:
            done = follow(command)
            assert done.returncode == 0, (command, done)
    finally:
        second.close()


def code_rows():
    return [int(code) for code in re.findall(r"^\| (\d) \| ", read("README.md"),
                                             re.M)]


def test_each_exit_code_is_given_by_a_run(machine, registry, reference, follow):
    network = machine.network
    expired = registry.anchor.leaf("*.bed.test", start=-20, days=-10)
    other = DockerRegistry(network, *expired.save(
        network.path("expired"), registry.anchor), storage=registry)
    network.name("expired" + reference, other.address)
    run = "docker run --rm -v /etc/docker/certs.d:/etc/docker/certs.d"
    try:
        ways = {
            0: f"{run} dtr-trust dtr.example.com",
            1: f"{run} dtr-trust nobody-{reference}",
            2: f"{run} dtr-trust --pim {PIN} dtr.example.com",
            3: f"{run} dtr-trust --pin sha256:{'0' * 64} dtr.example.com",
            4: f"{run}:ro dtr-trust 0dtr.example.com",
            5: f"{run} dtr-trust expired{reference}"}
        network.name("0" + reference, registry.address)
        assert list(ways) == code_rows()
        assert {code: follow(way).returncode for code, way in ways.items()} == {
            code: code for code in ways}
    finally:
        other.close()
