# SPDX-License-Identifier: Apache-2.0
"""A .crt in which no certificate can be read, by each of its forms: skopeo
(containers/image, with which Docker's classic loader shares Go's reader) passes
over it, ctr (containerd's loader) fails on it, also beside a ca.crt that is
right. No Docker engine is needed."""
import contextlib
import os

import pytest

from support import pki
from support.engines import DockerRegistry, stop, wait_for
from support.needs import need
from support.network import Network, tool
from support.void import FORMS

NAME = "void.bed.test"
UNKNOWN_AUTHORITY = "x509: certificate signed by unknown authority"
# containerd's word, and those of a registry without that image.
NO_CA = "unable to load CA cert"
REACHED = ("not found", "manifest unknown")


class Bed:
    """A registry, and a containerd of its own beside skopeo."""

    def __init__(self, cleanup):
        self.network = cleanup.enter_context(contextlib.closing(
            Network(isolate_processes=True)))
        self.root = pki.root("Bed Root")
        registry = cleanup.enter_context(contextlib.closing(DockerRegistry(
            self.network, *self.root.leaf(NAME).save(
                self.network.path("registry"), self.root), login=False)))
        self.network.name(NAME, registry.address)
        self.host = self.network.machine
        self.host.run("mount", "-t", "tmpfs", "tmpfs", "/run")
        top = self.network.path("containerd")
        os.mkdir(top)
        self.socket = top + "/sock"
        with open(top + "/config.toml", "w", encoding="ascii") as file:
            file.write(f'version = 2\nroot = "{top}/root"\n'
                       f'state = "{top}/state"\n'
                       'disabled_plugins = ["io.containerd.grpc.v1.cri"]\n'
                       f'[grpc]\naddress = "{self.socket}"\n')
        with open(top + "/log", "wb") as log:
            daemon = self.host.start(
                tool("containerd"), "-c", top + "/config.toml", stdout=log,
                stderr=log)
        cleanup.callback(stop, daemon)
        wait_for(lambda: self.ctr("version").returncode == 0, daemon,
                 top + "/log")

    def ctr(self, *arguments):
        return self.host.run(tool("ctr"), "--address", self.socket,
                             "--namespace", "bed", *arguments, check=False)

    def place(self, name, content):
        directory = os.path.join(self.network.etc_docker, "certs.d", NAME)
        os.makedirs(directory, exist_ok=True)
        with open(os.path.join(directory, name), "wb") as file:
            file.write(content)

    def clear(self):
        directory = os.path.join(self.network.etc_docker, "certs.d", NAME)
        for name in os.listdir(directory):
            os.unlink(os.path.join(directory, name))

    def answers(self):
        """What ctr and skopeo say of an image that is not there."""
        pulled = self.ctr("images", "pull", "--hosts-dir",
                          "/etc/docker/certs.d", NAME + "/none:1")
        seen = self.host.run(tool("skopeo"), "inspect",
                             f"docker://{NAME}/none:1", check=False)
        return pulled.stderr, seen.stderr


@pytest.fixture(name="bed", scope="module")
def make_bed():
    need("ctr", "containerd", "skopeo", "docker-registry")
    with contextlib.ExitStack() as cleanup:
        yield Bed(cleanup)


@pytest.mark.parametrize("form", FORMS)
def test_beside_a_right_one_it_stops_containerd_only(bed, form):
    bed.place("ca.crt", pki.pem(bed.root.certificate))
    try:
        for answer in bed.answers():
            assert any(word in answer for word in REACHED), answer
        bed.place("odd.crt", FORMS[form](bed.root.certificate))
        pulled, seen = bed.answers()
        assert NO_CA in pulled and "odd.crt" in pulled
        assert any(word in seen for word in REACHED), seen
    finally:
        bed.clear()


@pytest.mark.parametrize("form", FORMS)
def test_alone_it_helps_nobody(bed, form):
    bed.place("ca.crt", FORMS[form](bed.root.certificate))
    try:
        pulled, seen = bed.answers()
        assert NO_CA in pulled and "ca.crt" in pulled
        assert UNKNOWN_AUTHORITY in seen
    finally:
        bed.clear()
