# SPDX-License-Identifier: Apache-2.0
"""The first boot of a machine that cloud-init or Ignition sets up: the files
of deploy/hosts are given to those tools, and all else happens by itself."""
import contextlib
import json
import os
import re
import urllib.parse

import pytest

from support.hosts import NAME, Administrator, shipped
from support.needs import need
from support.network import Network, wait_until
from support.systemd import LOGIN_PATH

IGNITION = "/usr/lib/dracut/modules.d/30ignition/ignition"


@pytest.fixture(name="boot")
def make_boot():
    """boot(prepare): the administrator of a host that has booted."""
    need("debootstrap", "docker-registry", "ip", "nsenter", "skopeo")
    with contextlib.ExitStack() as stack:
        def boot(prepare):
            network = stack.enter_context(contextlib.closing(Network()))
            administrator = Administrator(network, prepare)
            stack.callback(administrator.registry.close)
            stack.callback(administrator.host.close)
            return administrator
        yield boot


def set_up_by_cloud_init(administrator):
    """What a cloud gives to its machine (the data source NoCloud)."""
    administrator.provide_docker()
    seed = "/var/lib/cloud/seed/nocloud"
    administrator.host.write(seed + "/meta-data", "instance-id: first\n")
    administrator.host.write(seed + "/user-data", administrator.changed(
        shipped("cloud-init.yml")))


def test_cloud_init_makes_a_new_machine_trust(boot):
    administrator = boot(set_up_by_cloud_init)
    said = administrator.host.run("cloud-init", "status", "--wait", "--long",
                                  check=False).stdout
    output = administrator.host.run("cat", "/var/log/cloud-init-output.log",
                                    check=False).stdout
    assert re.search(r"^status: done$", said, re.M), said + output
    assert administrator.anchors() == [administrator.anchor], output
    assert f"{NAME}: installed" in output
    administrator.take_back("docker")


def set_up_by_ignition(administrator, name):
    """Its own program writes the files, as it does before the first boot."""
    host = administrator.host
    # It labels what it has written, as Fedora CoreOS needs it; Debian does not.
    host.write("/etc/selinux/config", "SELINUXTYPE=none\n")
    host.host.run("ln", "-s", "/usr/bin/true", "/usr/local/sbin/setfiles")
    # One machine need not wait for others' sake.
    host.write("/var/ignition.json", re.sub(
        r"--splay(=|%3D)30m", r"--splay\g<1>0s", administrator.changed(
            shipped(name), colon="%3A")))
    for stage in ("fetch", "files"):
        host.host.run(IGNITION, "--platform=file", f"--stage={stage}",
                      "--root=/", "--config-cache=/var/ignition.cache",
                      "--log-to-stdout",
                      env={"PATH": LOGIN_PATH,
                           "IGNITION_CONFIG_FILE": "/var/ignition.json"})


def on_docker(administrator):
    administrator.provide_docker()
    set_up_by_ignition(administrator, "ignition-docker.json")
    # What it enables is a preset, which systemd obeys in a first boot. That
    # would also ask at the console for what this machine lacks.
    administrator.host.host.run("systemctl", "preset", "dtr-trust-docker")


def on_podman(administrator):
    administrator.load_into_podman(administrator.host.host.run)
    set_up_by_ignition(administrator, "ignition.json")


@pytest.mark.parametrize("prepare, unit, program", [
    (on_docker, "dtr-trust-docker", "docker"),
    (on_podman, "dtr-trust", "podman")])
def test_ignition_makes_a_new_machine_trust(boot, prepare, unit, program):
    administrator = boot(prepare)
    assert wait_until(administrator.anchors, 90), administrator.logs(unit)
    assert administrator.anchors() == [administrator.anchor]
    assert administrator.host.show(unit, "ActiveState") == "active"
    administrator.host.run("systemctl", "stop", unit)
    assert administrator.host.show(unit, "Result") == "success", \
        administrator.logs(unit)
    administrator.take_back(program)


def test_ignitions_files_are_those_beside_it():
    podman, docker = (json.loads(shipped(name)) for name in (
        "ignition.json", "ignition-docker.json"))
    texts = {file["path"].rpartition("/")[2]: urllib.parse.unquote(
        file["contents"]["source"].removeprefix("data:,"))
        for file in podman["storage"]["files"] + docker["storage"]["files"]}
    texts.update((unit["name"], unit["contents"])
                 for unit in docker["systemd"]["units"])
    assert set(texts) == {"dtr-trust.env", "dtr-trust.container",
                          "dtr-trust-docker.service"}
    assert texts == {name: shipped(name) for name in texts}


def compose(administrator, *arguments):
    return administrator.host.run("docker", "compose", "-f",
                                  "/srv/compose.yml", *arguments)


def health(administrator):
    return administrator.host.run(
        "docker", "inspect", "-f", "{{.State.Health.Status}}",
        "dtr-trust").stdout.strip()


def test_compose_keeps_a_container_whose_health_is_the_trust(boot):
    administrator = boot(lambda it: it.provide_docker())
    # One machine need not wait for others' sake, nor a test a minute.
    administrator.host.write("/srv/compose.yml", shipped("compose.yml").replace(
        "splay=30m", "splay=0s").replace("interval: 1m", "interval: 1s"))
    administrator.host.write("/srv/dtr-trust.env", administrator.changed(
        shipped("dtr-trust.env")))
    assert wait_until(lambda: administrator.host.run(
        "docker", "image", "inspect", "dtr-trust", check=False).returncode == 0)
    compose(administrator, "up", "--detach")
    assert wait_until(administrator.anchors)
    assert administrator.anchors() == [administrator.anchor]
    assert wait_until(lambda: health(administrator) == "healthy")
    # Taken away by somebody, which the next look would put back.
    os.unlink(administrator.path)
    assert wait_until(lambda: health(administrator) == "unhealthy")
    compose(administrator, "restart")
    assert wait_until(lambda: health(administrator) == "healthy")
    assert administrator.anchors() == [administrator.anchor]
    compose(administrator, "down")
    administrator.take_back("docker")
