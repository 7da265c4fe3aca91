# SPDX-License-Identifier: Apache-2.0
"""What deploy/hosts is for: a host with systemd, and a registry for it."""
import json
import os
import re
import shutil
import subprocess

from support import pki
from support.engines import DockerRegistry
from support.kubelet import archive
from support.network import BLACKHOLE_ADDRESS
from support.product import BINARY, ROOT
from support.systemd import SystemdHost

HOSTS = os.path.join(ROOT, "deploy", "hosts")
NAME, SILENT = "dtr.host.test", "silent.host.test"


def shipped(name):
    with open(os.path.join(HOSTS, name), encoding="ascii") as file:
        return file.read()


class Administrator:
    """Has a registry and a host, and installs what deploy/hosts/README says.

    PREPARE(self) is called before the host boots; it may write its files.
    """

    def __init__(self, network, prepare=lambda administrator: None):
        issuer = pki.root("Host CA")
        self.anchor = pki.der(issuer.certificate)
        self.pin = "sha256:" + pki.fingerprint(issuer.certificate)
        self.registry = DockerRegistry(network, *issuer.leaf(NAME).save(
            network.path("leaf"), issuer), login=False)
        network.name(NAME, self.registry.address)
        network.name(SILENT, BLACKHOLE_ADDRESS)
        self.network = network
        self.path = os.path.join(network.etc_docker, "certs.d", NAME, "ca.crt")

        def before_boot(host):
            self.host = host
            prepare(self)
        self.host = SystemdHost(network, before_boot)

    def changed(self, text, pin=None, name=NAME, colon=":"):
        """TEXT with the registry and the pin that README says to change."""
        text = text.replace("dtr.example.com", name)
        return re.sub(r"sha256" + colon + r"\w+",
                      (pin or self.pin).replace(":", colon), text)

    def settings(self, **changes):
        self.host.write("/etc/dtr-trust.env",
                        self.changed(shipped("dtr-trust.env"), **changes))

    def install(self, folder, *files):
        for file in files:
            self.host.write(f"{folder}/{file}", shipped(file))
        self.host.run("systemctl", "daemon-reload")

    def anchors(self):
        return pki.read_pem(self.path) if os.path.exists(self.path) else None

    def take_back(self, program):
        """By the README's command that begins with PROGRAM."""
        command = next(line.strip() for line in shipped(
            "README.md").splitlines() if line.startswith(f"    {program} "))
        self.host.run(*self.changed(command).split())
        assert not os.path.exists(os.path.dirname(self.path))

    def logs(self, unit="dtr-trust.service"):
        return self.host.run("journalctl", "--no-pager", "-o", "cat", "-u",
                             unit).stdout

    def provide_docker(self):
        """Before it boots: its Docker works here, and has the image once it
        is up, as a machine's own image may."""
        with open(os.path.join(self.network.etc_docker, "daemon.json"), "w",
                  encoding="ascii") as file:
            # An overlay on an overlay is not to be had everywhere.
            json.dump({"storage-driver": "vfs", "bridge": "none",
                       "iptables": False, "ip6tables": False}, file)
        self.host.host.run("cp", archive(
            self.network.path("dtr-trust.tar"), "dtr-trust:latest", BINARY),
            "/var/dtr-trust.tar")
        self.host.write("/etc/systemd/system/image.service", """[Unit]
Requires=docker.service
After=docker.service
Before=cloud-final.service dtr-trust-docker.service
[Service]
Type=oneshot
ExecStart=/usr/bin/docker load --input /var/dtr-trust.tar
[Install]
WantedBy=multi-user.target
""")
        self.host.host.run("systemctl", "enable", "docker", "image")

    def provide_podman(self):
        """Its Podman works here."""
        self.host.write("/etc/containers/storage.conf",
                        '[storage]\ndriver = "vfs"\nrunroot = "/run/storage"\n'
                        'graphroot = "/var/lib/storage"\n')
        # Controllers that the machine has bound to version 1 are not here.
        self.host.write("/etc/containers/containers.conf",
                        "[containers]\npids_limit = 0\n"
                        # Without D-Bus systemd makes no cgroups for it.
                        '[engine]\ncgroup_manager = "cgroupfs"\n')

    def load_into_podman(self, run=None):
        """localhost/dtr-trust for the host's Podman, which RUN runs: its own
        systemd, or before it boots whoever prepares it."""
        run = run or self.host.run
        self.provide_podman()
        folder = self.network.path("image")
        os.mkdir(folder)
        shutil.copy(BINARY, os.path.join(folder, "dtr-trust-linux-amd64"))
        subprocess.run([os.path.join(ROOT, "scripts", "oci"), "--bin", folder,
                        "--created", "1000000000", "--revision", "0" * 40,
                        "--output", folder + "/oci", "amd64"],
                       check=True, capture_output=True)
        # systemd has a /tmp of its own.
        self.host.host.run("cp", "-r", folder + "/oci", "/var/image")
        run("podman", "pull", "--quiet", "oci:/var/image")
        image = run("podman", "images", "-q").stdout.strip()
        run("podman", "tag", image, "localhost/dtr-trust")
