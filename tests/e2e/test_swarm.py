# SPDX-License-Identifier: Apache-2.0
"""A Swarm of three nodes made to trust by the commands of its README."""
import contextlib
import os
import subprocess

import pytest

from support import pki
from support.needs import need
from support.network import wait_until
from support.product import ROOT
from support.swarm import Cluster, authority

SWARM = os.path.join(ROOT, "deploy", "swarm")
NAME = "dtr.fleet.test"
IMAGE = NAME + "/tiny:1"
EXAMPLE_PIN = ("sha256:18cb642af1a3c04aacdd27dd5304638a"
               "f2aa44da8246dc5078745361c7644476")
JOB, FILE_JOB, REMOVE_JOB = "dtr-trust", "dtr-trust-file", "dtr-trust-remove"


def documented(start):
    """The command in the README that begins with START."""
    with open(os.path.join(SWARM, "README.md"), encoding="ascii") as file:
        text = file.read().replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines()]
    return next(line for line in lines if line.startswith(start))


def run(node, start, pin="", **changes):
    """Run that command on NODE as it stands, but for names and pin."""
    command = documented(start).replace("dtr.example.com", NAME)
    for old, new in {EXAMPLE_PIN: pin, **changes}.items():
        command = command.replace(old, new)
    print("$", command)
    done = node.engine.run("sh", "-c", f"cd {SWARM} && {command}")
    return done.stdout + done.stderr


def tasks(node, service):
    """The newest task of each node: {node's id: (state, error)}."""
    rows = node.docker(
        "service", "ps", "--no-trunc", "--format",
        "{{.Name}}|{{.CurrentState}}|{{.Error}}", service).stdout.split("\n")
    newest = {}
    for row in filter(None, rows):
        name, state, error = row.split("|")
        newest.setdefault(name.rpartition(".")[2],
                          (state.split()[0], error))
    return newest


def ended(node, service, count):
    """The tasks, when all COUNT of them have ended."""
    def all_have():
        seen.update(tasks(node, service))
        return len(seen) == count and all(
            state in ("Complete", "Failed") for state, _ in seen.values())
    seen = {}
    assert wait_until(all_have), node.docker(
        "service", "ps", "--no-trunc", service).stdout
    return seen


def run_job(node, *arguments, count, service=JOB, **options):
    """Run the command; when its tasks have ended, each node's error."""
    before = set(node.docker("service", "ps", "-q", service,
                             check=False).stdout.split())
    run(node, *arguments, **options)
    assert wait_until(lambda: len(set(node.docker(
        "service", "ps", "-q", service).stdout.split()) - before) == count)
    seen = ended(node, service, count)
    print(seen)
    return {node: error for node, (_, error) in seen.items()}


@pytest.fixture(name="cluster")
def make_cluster():
    need("dockerd", "docker", "docker-registry", "ip", "nsenter")
    with contextlib.closing(Cluster()) as cluster:
        yield cluster


@pytest.fixture(name="authorities")
def make_authorities(cluster):
    """Two CAs with their pins; a registry of the first answers to NAME."""
    both = [authority("Old CA"), authority("New CA")]
    cluster.registries = [cluster.add_registry(NAME, issuer)
                          for issuer, _ in both]
    cluster.name(NAME, cluster.registries[0].address)
    return both


def push(cluster, node):
    """Put the image into both registries, around certs.d."""
    archive = node.path("payload.tar")
    node.docker("save", "-o", archive, node.engine.payload)
    for registry in cluster.registries:
        node.engine.skopeo(
            "copy", "--dest-tls-verify=false", "docker-archive:" + archive,
            f"docker://{registry.address}/tiny:1")


def plant(node, issuer):
    os.makedirs(node.certs_d(NAME))
    with open(node.certs_d(NAME, "ca.crt"), "wb") as file:
        file.write(pki.pem(issuer.certificate))


def anchors(node):
    return pki.read_pem(node.certs_d(NAME, "ca.crt"))


def test_a_fleet_from_its_first_job_to_a_new_ca(cluster, authorities):
    (old, old_pin), (new, new_pin) = authorities
    first, second = cluster.add_node(), cluster.add_node()
    first.start_swarm()
    second.join(first)
    push(cluster, first)
    stranger = pki.root("Stranger")
    plant(second, stranger)
    assert not os.path.exists(first.certs_d())
    assert not first.pulls(IMAGE) and not second.pulls(IMAGE)

    # No pin yet: the node with a conflicting file refuses, and says so.
    errors = run_job(first, "docker service create --detach --name dtr-trust ",
                     count=2)
    assert errors == {first.id(): "",
                      second.id(): '"task: non-zero exit (3)"'}
    assert anchors(first) == [pki.der(old.certificate)]
    assert anchors(second) == [pki.der(stranger.certificate)]
    assert first.pulls(IMAGE) and not second.pulls(IMAGE)
    assert "CERTIFICATE HAS CHANGED" in first.docker(
        "service", "logs", JOB).stderr

    # The pin speaks for the registry.
    errors = run_job(first, "docker service update --detach --env-add",
                     old_pin, count=2)
    assert set(errors.values()) == {""}
    assert second.pulls(IMAGE)

    # A node that joins later.
    third = cluster.add_node()
    third.join(first)
    assert not third.pulls(IMAGE)
    errors = run_job(first, "docker service update --detach --force", count=3)
    assert set(errors.values()) == {""} and third.id() in errors
    assert anchors(third) == [pki.der(old.certificate)]
    assert third.pulls(IMAGE)

    # The registry changes its CA.
    cluster.name(NAME, cluster.registries[1].address)
    assert not any(node.pulls(IMAGE) for node in cluster.nodes)
    errors = run_job(first, "docker service update --detach --env-add",
                     new_pin, count=3)
    assert set(errors.values()) == {""}
    assert all(node.pulls(IMAGE) for node in cluster.nodes)
    assert sorted(anchors(third)) == sorted(
        [pki.der(old.certificate), pki.der(new.certificate)])


def test_the_cas_own_file_and_the_staying_form(cluster, authorities):
    (old, _), (_, new_pin) = authorities
    first, second = cluster.add_node(), cluster.add_node()
    first.start_swarm()
    push(cluster, first)
    ca_file = first.path("ca.pem")
    with open(ca_file, "wb") as file:
        file.write(pki.pem(old.certificate))
    run(first, "docker config create", **{"ca.pem": ca_file})
    errors = run_job(first, "docker service create --detach --name "
                     + FILE_JOB, count=1, service=FILE_JOB)
    assert errors == {first.id(): ""}
    assert first.pulls(IMAGE)

    # With the new pin, before the registry has changed: refused, and alive.
    deploy = "DTR_DOMAIN_NAME=dtr.example.com DTR_PIN="
    run(first, deploy, new_pin, **{"DTR_DOMAIN": "DTR_SPLAY=0s DTR_EVERY=1s "
                                   "DTR_DOMAIN"})
    assert wait_until(lambda: '"state":"refused-pin"' in first.docker(
        "service", "logs", "--raw", "dtr_trust").stdout)
    assert tasks(first, "dtr_trust")[first.id()][0] == "Running"

    # A node that joins later, and then the change: both follow by themselves.
    second.join(first)
    cluster.name(NAME, cluster.registries[1].address)
    assert wait_until(lambda: first.pulls(IMAGE) and second.pulls(IMAGE))
    assert wait_until(lambda: tasks(first, "dtr_trust") == {
        node.id(): ("Running", "") for node in cluster.nodes})
    view = subprocess.run(
        [os.path.join(ROOT, "scripts", "fleet-report")], input=run(
            first, "docker service logs dtr_trust",
            **{" | scripts/fleet-report": ""}),
        capture_output=True, text=True, check=True).stdout
    assert new_pin in view and "0 do not" in view

    # A node that is drained keeps what it has, and comes back to its task.
    for availability, state in (("drain", "Shutdown"), ("active", "Running")):
        first.docker("node", "update", "--availability", availability,
                     second.id())
        assert wait_until(lambda state=state: tasks(first, "dtr_trust")[
            second.id()][0] == state)
        assert second.pulls(IMAGE)

    # A wrong pin reaches one node, and both keep what they have.
    before = set()

    def refusing():
        lines = first.docker("service", "logs", "dtr_trust").stdout
        return {line.split("|")[0] for line in lines.splitlines()
                if "refused-pin" in line} - before
    before |= refusing()
    run(first, deploy, "sha256:" + "0" * 64,
        **{"DTR_DOMAIN": "DTR_SPLAY=0s DTR_EVERY=1s DTR_DOMAIN"})
    assert wait_until(refusing)
    assert len(refusing()) == 1
    assert first.pulls(IMAGE) and second.pulls(IMAGE)

    # And all of it is taken back, from every node.
    run(first, "docker stack rm dtr")
    assert wait_until(lambda: not any(node.docker(
        "ps", "-q", "--filter", "name=dtr_trust").stdout
        for node in cluster.nodes))
    errors = run_job(first, "docker service create --detach --name "
                     + REMOVE_JOB, count=2, service=REMOVE_JOB)
    assert set(errors.values()) == {""}
    assert not any(os.path.exists(node.certs_d(NAME))
                   for node in cluster.nodes)
    assert not first.pulls(IMAGE) and not second.pulls(IMAGE)
