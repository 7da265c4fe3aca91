# SPDX-License-Identifier: Apache-2.0
"""The OCI layout of scripts/oci, as users look at it, load it and run it."""
import json
import os
import shutil
import subprocess

import pytest

from support.needs import need
from support.product import BINARY, ROOT, TRUSTED


def version():
    with open(os.path.join(ROOT, "VERSION"), encoding="ascii") as file:
        return file.read().strip()


@pytest.fixture(scope="module", name="layout")
def make_layout(machine):
    """oci:PATH:VERSION of two platforms; the other's binary is this one's."""
    need("skopeo")
    path = machine.network.path("layout")
    os.mkdir(path)
    for arch in ("amd64", "s390x"):
        shutil.copy(BINARY, os.path.join(path, "dtr-trust-linux-" + arch))
    subprocess.run([os.path.join(ROOT, "scripts", "oci"), "--bin", path,
                    "--created", "1000000000", "--revision", "0" * 40,
                    "--output", path + "/oci", "s390x", "amd64"],
                   check=True, capture_output=True)
    return f"oci:{path}/oci:{version()}"


def test_skopeo_sees_each_platform(machine, layout):
    index = json.loads(machine.skopeo("inspect", "--raw", layout).stdout)
    assert [m["platform"]["architecture"] for m in index["manifests"]] == [
        "s390x", "amd64"]
    for arch in ("amd64", "s390x"):
        seen = json.loads(machine.skopeo(
            "--override-arch", arch, "inspect", layout).stdout)
        assert seen["Architecture"] == arch
        assert seen["Created"] == "2001-09-09T01:46:40Z"
        assert seen["Labels"]["org.opencontainers.image.version"] == version()


def test_docker_gets_it_from_skopeo_and_runs_it(machine, layout, reference):
    name = "dtr-trust:layout"
    machine.skopeo("copy", "--dest-daemon-host", machine.socket, layout,
                   "docker-daemon:" + name)
    runs_and_installs(machine, name, reference)


def test_docker_loads_what_skopeo_saved(machine, layout, reference):
    archive = machine.network.path("layout.tar")
    name = "dtr-trust:saved"
    machine.skopeo("copy", layout, f"docker-archive:{archive}:{name}")
    machine.docker("load", "-i", archive)
    runs_and_installs(machine, name, reference)


def runs_and_installs(machine, name, reference):
    """The image NAME says its version and does the main job."""
    said = machine.docker("run", "--rm", name, "--version").stdout
    assert said.startswith(f"dtr-trust {version()} ")
    done = machine.docker(
        "run", "--rm", "-v", "/etc/docker/certs.d:/etc/docker/certs.d", "-e",
        "DTR_DOMAIN_NAME=" + reference, name, check=False)
    assert done.returncode == TRUSTED, done.stdout + done.stderr
    machine.docker("rmi", "--force", name)


def test_podman_loads_and_runs_it(machine, layout):
    need("podman")
    archive = machine.network.path("layout.oci.tar")
    machine.skopeo("copy", layout, f"oci-archive:{archive}:dtr-trust:oci")
    machine.podman("load", "--quiet", "-i", archive)
    said = machine.podman("run", "--rm", "--network", "none",
                          "localhost/dtr-trust:oci", "--version").stdout
    assert said.startswith(f"dtr-trust {version()} ")
    machine.podman("rmi", "--force", "localhost/dtr-trust:oci")
