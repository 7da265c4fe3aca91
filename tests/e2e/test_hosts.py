# SPDX-License-Identifier: Apache-2.0
"""deploy/hosts on a machine that systemd runs: its timer, and Quadlet."""
import contextlib
import os
import re
import shutil
import subprocess

import pytest

from support import pki
from support.engines import DockerRegistry
from support.needs import need
from support.network import BLACKHOLE_ADDRESS, Network
from support.product import BINARY, REFUSED, ROOT
from support.swarm import wait_until
from support.systemd import SystemdHost

HOSTS = os.path.join(ROOT, "deploy", "hosts")
NAME, SILENT = "dtr.host.test", "silent.host.test"
UNIT, TIMER = "dtr-trust.service", "dtr-trust.timer"


def shipped(name):
    with open(os.path.join(HOSTS, name), encoding="ascii") as file:
        return file.read()


class Administrator:
    """Has a registry and a host, and installs what deploy/hosts/README says."""

    def __init__(self, network):
        issuer = pki.root("Host CA")
        self.anchor = pki.der(issuer.certificate)
        self.pin = "sha256:" + pki.fingerprint(issuer.certificate)
        self.registry = DockerRegistry(network, *issuer.leaf(NAME).save(
            network.path("leaf"), issuer), login=False)
        network.name(NAME, self.registry.address)
        network.name(SILENT, BLACKHOLE_ADDRESS)
        self.network, self.host = network, SystemdHost(network)
        self.path = os.path.join(network.etc_docker, "certs.d", NAME, "ca.crt")

    def settings(self, pin=None, name=NAME):
        text = shipped("dtr-trust.env").replace("dtr.example.com", name)
        self.host.write("/etc/dtr-trust.env", re.sub(
            r"sha256:\w+", pin or self.pin, text))

    def install(self, folder, *files):
        for file in files:
            self.host.write(f"{folder}/{file}", shipped(file))
        self.host.run("systemctl", "daemon-reload")

    def anchors(self):
        return pki.read_pem(self.path) if os.path.exists(self.path) else None

    def logs(self, unit=UNIT):
        return self.host.run("journalctl", "--no-pager", "-o", "cat", "-u",
                             unit).stdout


@pytest.fixture(scope="module", name="administrator")
def make_administrator():
    need("debootstrap", "docker-registry", "ip", "nsenter", "skopeo")
    with contextlib.closing(Network()) as network:
        administrator = Administrator(network)
        try:
            yield administrator
        finally:
            administrator.host.close()
            administrator.registry.close()


@pytest.fixture(name="service")
def make_service(administrator):
    """The binary and the units in their places, nothing trusted."""
    host = administrator.host
    host.host.run("cp", BINARY, "/usr/local/sbin/dtr-trust")
    administrator.settings()
    administrator.install("/etc/systemd/system", UNIT, TIMER)
    yield administrator
    host.run("systemctl", "disable", "--now", TIMER, UNIT, check=False)
    host.run("systemctl", "reset-failed", UNIT, check=False)
    host.host.run("sh", "-c", "rm -rf /etc/systemd/system/dtr-trust.*")
    host.run("systemctl", "daemon-reload")
    shutil.rmtree(os.path.dirname(os.path.dirname(administrator.path)),
                  ignore_errors=True)


def test_a_host_trusts_when_its_timer_says_so(service):
    """Also one that is made later: it boots with the files in their places."""
    # The same timer, without the minute and the spreading.
    service.host.write(f"/etc/systemd/system/{TIMER}.d/now.conf",
                       "[Timer]\nOnBootSec=\nOnBootSec=1s\n"
                       "RandomizedDelaySec=0\n")
    service.host.run("systemctl", "daemon-reload")
    service.host.run("systemctl", "enable", "--now", TIMER)
    assert wait_until(service.anchors), service.logs()
    assert service.anchors() == [service.anchor]
    assert wait_until(lambda: service.host.show(UNIT, "ActiveState")
                      == "inactive")
    assert service.host.show(UNIT, "Result") == "success"
    assert service.host.show(TIMER, "NextElapseUSecMonotonic") != ""
    assert "installed" in service.logs()


def test_a_wrong_pin_fails_the_unit_and_its_log_says_why(service):
    service.settings("sha256:" + "0" * 64)
    assert service.host.run("systemctl", "start", UNIT,
                            check=False).returncode != 0
    assert service.host.show(UNIT, "Result") == "exit-code"
    assert service.host.show(UNIT, "ExecMainStatus") == str(REFUSED)
    assert service.pin in service.logs()
    assert service.anchors() is None


def test_in_the_unit_a_probe_gives_up_root_all_the_same(service):
    service.settings(name=SILENT)
    service.host.run("systemctl", "start", "--no-block", UNIT)

    def probe():
        done = service.host.run("ps", "-eo", "user:20,args", check=False)
        return [line.split()[0] for line in done.stdout.splitlines()
                if "dtr-trust-probe" in line]
    assert wait_until(probe), service.logs()
    assert probe() == ["nobody"]
    service.host.run("systemctl", "stop", UNIT)


def test_trust_is_taken_back(service):
    service.host.run("systemctl", "start", UNIT)
    assert service.anchors() == [service.anchor]
    service.host.run("systemctl", "disable", "--now", TIMER)
    service.host.run("dtr-trust", "--remove", NAME)
    assert not os.path.exists(os.path.dirname(service.path))


def load_image(administrator):
    """localhost/dtr-trust for the host's Podman."""
    folder = administrator.network.path("image")
    os.mkdir(folder)
    shutil.copy(BINARY, os.path.join(folder, "dtr-trust-linux-amd64"))
    subprocess.run([os.path.join(ROOT, "scripts", "oci"), "--bin", folder,
                    "--created", "1000000000", "--revision", "0" * 40,
                    "--output", folder + "/oci", "amd64"],
                   check=True, capture_output=True)
    # systemd has a /tmp of its own.
    administrator.host.host.run("cp", "-r", folder + "/oci", "/var/image")
    administrator.host.run("podman", "pull", "--quiet", "oci:/var/image")
    image = administrator.host.run("podman", "images", "-q").stdout.strip()
    administrator.host.run("podman", "tag", image, "localhost/dtr-trust")


def test_quadlet_keeps_a_container_that_trusts(administrator):
    host = administrator.host
    # An overlay on an overlay is not to be had everywhere.
    host.write("/etc/containers/storage.conf",
               '[storage]\ndriver = "vfs"\nrunroot = "/run/storage"\n'
               'graphroot = "/var/lib/storage"\n')
    # Controllers that the machine has bound to version 1 are not here.
    host.write("/etc/containers/containers.conf",
               "[containers]\npids_limit = 0\n")
    load_image(administrator)
    administrator.settings()
    host.write("/etc/containers/systemd/dtr-trust.container",
               shipped("dtr-trust.container").replace(
                   "--splay=30m", "--splay=0s"))
    host.run("systemctl", "daemon-reload")
    host.run("systemctl", "start", "dtr-trust", check=False)
    assert wait_until(administrator.anchors), administrator.logs()
    assert administrator.anchors() == [administrator.anchor]
    assert host.show("dtr-trust", "ActiveState") == "active"
    host.run("systemctl", "stop", "dtr-trust")
    assert host.show("dtr-trust", "Result") == "success", administrator.logs()
