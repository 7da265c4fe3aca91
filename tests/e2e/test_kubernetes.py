# SPDX-License-Identifier: Apache-2.0
"""The DaemonSet: its form against Kubernetes' own types, and a real run.

No Kubernetes runs here. Podman's `kube play` runs the pod as a node would
hold it; a Podman older than 5 knows no DaemonSet and gets its pod alone.
"""
import copy
import json
import os
import re
import shutil
import subprocess
import time

import pytest

from support import pki
from support.engines import PASSWORD, USER
from support.needs import need
from support.product import ROOT
from support.swarm import wait_until

yaml = pytest.importorskip("yaml")
KUBERNETES = os.path.join(ROOT, "deploy", "kubernetes")
TYPES = {"Namespace": "V1Namespace", "ConfigMap": "V1ConfigMap",
         "DaemonSet": "V1DaemonSet"}


def load(*path):
    with open(os.path.join(KUBERNETES, *path), encoding="ascii") as file:
        return yaml.safe_load(file)


def replace(document, path, value):
    """What `op: replace` of RFC 6902 does."""
    *parents, last = [int(key) if key.isdigit() else key
                      for key in path.strip("/").split("/")]
    for key in parents:
        document = document[key]
    assert last in document
    document[last] = value


def rendered(folder):
    """FOLDER as kustomize gives it, but for the hash in a name."""
    plan = load(folder, "kustomization.yaml")
    objects = []
    for resource in plan["resources"]:
        objects += [load(folder, resource)] if resource.endswith(".yaml") \
            else rendered(os.path.basename(resource))
    for generated in plan["configMapGenerator"]:
        data = dict(text.split("=", 1) for text in generated["literals"])
        if generated.get("behavior") == "merge":
            next(o for o in objects if o["kind"] == "ConfigMap"
                 )["data"].update(data)
        else:
            objects.append({"apiVersion": "v1", "kind": "ConfigMap", "data":
                            data, "metadata": {"name": generated["name"]}})
    for patch in plan.get("patches", ()):
        for step in yaml.safe_load(patch["patch"]):
            assert step["op"] == "replace"
            for target in objects:
                if target["kind"] == patch["target"]["kind"]:
                    replace(target, step["path"], step["value"])
    for target in objects:
        if target["kind"] != "Namespace":
            target["metadata"]["namespace"] = plan["namespace"]
    return objects


@pytest.mark.parametrize("folder", ["base", "containerd"])
def test_kubernetes_own_types_take_every_field(folder):
    client = pytest.importorskip("kubernetes").client
    reader = client.ApiClient()
    for target in rendered(folder):
        class Answer:
            data = json.dumps(target)
        typed = reader.deserialize(Answer, TYPES[target["kind"]])
        # A field that the type does not know is gone afterwards.
        assert reader.sanitize_for_serialization(typed) == target


def test_a_misspelt_field_is_seen():
    client = pytest.importorskip("kubernetes").client
    target = next(o for o in rendered("base") if o["kind"] == "DaemonSet")
    wrong = copy.deepcopy(target)
    pod = wrong["spec"]["template"]["spec"]
    pod["hostNetworks"] = pod.pop("hostNetwork")

    class Answer:
        data = json.dumps(wrong)
    reader = client.ApiClient()
    assert reader.sanitize_for_serialization(
        reader.deserialize(Answer, "V1DaemonSet")) != wrong


@pytest.mark.parametrize("folder", ["base", "containerd"])
def test_kustomize_renders_the_same(folder):
    """With a kubectl that knows `patches`; the types above need none."""
    if not shutil.which("kubectl"):
        return  # not a skip: no package of it fits every machine
    done = subprocess.run(
        ["kubectl", "kustomize", os.path.join(KUBERNETES, folder)],
        capture_output=True, text=True, check=True)
    seen = yaml.safe_load_all(re.sub(r"(name: dtr-trust)-[a-z0-9]{10}\b",
                                     r"\1", done.stdout))
    assert sorted(seen, key=lambda o: o["kind"]) == sorted(
        rendered(folder), key=lambda o: o["kind"])


def test_the_two_kinds_of_nodes_differ_in_the_directory_alone():
    texts = [json.dumps(sorted(rendered(folder), key=lambda o: o["kind"]))
             for folder in ("base", "containerd")]
    assert texts[1].replace("/etc/containerd", "/etc/docker").replace(
        ', "DTR_CERTS_DIR": "/etc/docker/certs.d"', "") == texts[0]


@pytest.fixture(name="play")
def make_play(machine):
    """play(objects): run them; the name of the container with dtr-trust."""
    need("podman", "catatonit")
    archive = machine.network.path("dtr-trust.tar")
    if not os.path.exists(archive):
        machine.docker("save", "-o", archive, "dtr-trust")
        machine.podman("load", "-i", archive)
    path = machine.network.path("play.yaml")

    def play(objects):
        with open(path, "w", encoding="ascii") as file:
            yaml.safe_dump_all(objects, file)
        machine.podman("kube", "play", path, timeout=60)
        names = machine.podman("ps", "--format", "{{.Names}}").stdout.split()
        return next(name for name in names if name.endswith("-dtr-trust"))
    yield play
    machine.podman("pod", "rm", "--all", "--force", "--time", "1")


def pod_spec(target):
    """Of a DaemonSet or a Pod."""
    return target["spec"].get("template", target)["spec"]


def pod_of(daemonset):
    template = daemonset["spec"]["template"]
    template["metadata"]["name"] = daemonset["metadata"]["name"]
    return {"apiVersion": "v1", "kind": "Pod", **template}


def playable(machine, folder, reference, **data):
    """The objects of FOLDER for REFERENCE, that this Podman can play."""
    version = machine.podman("version", "-f", "{{.Client.Version}}").stdout
    for target in rendered(folder):
        if target["kind"] == "ConfigMap":
            target["data"].update(DTR_DOMAIN_NAME=reference, **data)
            yield target
        elif target["kind"] == "DaemonSet":
            # One node: it need not wait for others' sake.
            arguments = pod_spec(target)["containers"][0]["args"]
            arguments[arguments.index("--splay=1h")] = "--splay=0s"
            yield target if int(version.split(".")[0]) >= 5 \
                else pod_of(target)


def test_a_node_trusts_and_its_probe_says_so(
        machine, registry, reference, play):
    probe = pod_spec(rendered("base")[1])["containers"][0]["readinessProbe"]
    container = play(playable(
        machine, "base", reference, DTR_PIN="sha256:" + pki.fingerprint(
            registry.anchor.certificate)))
    path = os.path.join(machine.network.etc_docker, "certs.d", reference,
                        "ca.crt")
    assert wait_until(lambda: os.path.exists(path))
    assert pki.read_pem(path) == [pki.der(registry.anchor.certificate)]
    done = machine.podman("exec", container, *probe["exec"]["command"],
                          check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    machine.docker("login", "--username", USER, "--password-stdin", reference,
                   input=PASSWORD)

    begin = time.monotonic()
    machine.podman("stop", "--time", "15", container, timeout=30)
    assert time.monotonic() - begin < 10
    assert machine.podman("inspect", "-f", "{{.State.ExitCode}}", container
                          ).stdout.strip() == "0"


def test_a_containerd_node_gets_the_file_where_its_config_path_is(
        machine, registry, reference, play):
    objects = list(playable(machine, "containerd", reference))
    node = machine.network.path("etc-containerd")
    replace(pod_spec(objects[0]), "/volumes/0/hostPath/path", node)
    play(objects)
    path = os.path.join(node, "certs.d", reference, "ca.crt")
    assert wait_until(lambda: os.path.exists(path))
    assert pki.read_pem(path) == [pki.der(registry.anchor.certificate)]


def test_a_node_that_refuses_stays_and_is_not_ready(
        machine, reference, play):
    container = play(playable(machine, "base", reference,
                              DTR_PIN="sha256:" + "0" * 64))
    assert wait_until(lambda: "refused-pin" in machine.podman(
        "logs", container).stdout)
    assert machine.podman("exec", container, "/dtr-trust", "--check",
                          check=False).returncode != 0
    assert machine.podman("inspect", "-f", "{{.State.Running}}", container
                          ).stdout.strip() == "true"
