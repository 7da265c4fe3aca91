# SPDX-License-Identifier: Apache-2.0
"""The DaemonSet: its form against Kubernetes' own types, and a real run.

No Kubernetes runs here. Podman's `kube play` runs the pod as a node would
hold it; a Podman older than 5 knows no DaemonSet and gets its pod alone.
"""
import copy
import json
import os
import re

import pytest

from support import pki
from support.engines import PASSWORD, USER
from support.manifests import rendered, with_component, yaml
from support.needs import need
from support.network import wait_until

TYPES = {"Namespace": "V1Namespace", "ConfigMap": "V1ConfigMap",
         "DaemonSet": "V1DaemonSet", "ResourceQuota": "V1ResourceQuota"}


FOLDERS = ["base", "containerd", "k3s", "rke2"]
EVERY = FOLDERS + ["remove/" + folder for folder in FOLDERS]


def of_kind(objects, kind):
    return next(o for o in objects if o["kind"] == kind)


@pytest.mark.parametrize("folder", EVERY)
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
    target = of_kind(rendered("base"), "DaemonSet")
    wrong = copy.deepcopy(target)
    pod = wrong["spec"]["template"]["spec"]
    pod["hostNetworks"] = pod.pop("hostNetwork")

    class Answer:
        data = json.dumps(wrong)
    reader = client.ApiClient()
    assert reader.sanitize_for_serialization(
        reader.deserialize(Answer, "V1DaemonSet")) != wrong


DIRECTORIES = {
    "base": "/etc/docker/certs.d",
    "containerd": "/etc/containerd/certs.d",
    "k3s": "/var/lib/rancher/k3s/agent/etc/containerd/certs.d",
    "rke2": "/var/lib/rancher/rke2/agent/etc/containerd/certs.d"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_kinds_of_nodes_differ_in_the_directory_alone(folder):
    def text(of):
        # A ConfigMap of another content has another hash in its name.
        return re.sub(r"dtr-trust-[a-z0-9]{10}\b", "dtr-trust", json.dumps(
            sorted(rendered(of), key=lambda o: o["kind"])))
    path = DIRECTORIES[folder]
    assert text(folder).replace(f'"DTR_CERTS_DIR": "{path}", ', "").replace(
        path, DIRECTORIES["base"]) == text("base")
    assert text(folder).count(path) == (2 if folder == "base" else 3)


def test_what_is_mounted_is_certs_d_itself():
    pod = pod_spec(of_kind(rendered("base"), "DaemonSet"))
    volume, = pod["volumes"]
    assert volume["hostPath"] == {"path": DIRECTORIES["base"],
                                  "type": "DirectoryOrCreate"}


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
        machine.podman("kube", "play", path)
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


def on_node(objects, directory):
    """Let the one volume of the pod be DIRECTORY."""
    for target in objects:
        if target["kind"] in ("DaemonSet", "Pod"):
            volume, = pod_spec(target)["volumes"]
            volume["hostPath"]["path"] = directory


def playable(machine, folder, reference, **data):
    """The objects of FOLDER for REFERENCE, that this Podman can play."""
    return adapt(machine, rendered(folder), reference, **data)


def adapt(machine, objects, reference, **data):
    """The same of OBJECTS."""
    version = machine.podman("version", "-f", "{{.Client.Version}}").stdout
    for target in sorted(objects, key=lambda o: o["kind"]):
        if target["kind"] == "ConfigMap":
            if "DTR_DOMAIN_NAME" in target["data"]:
                target["data"].update(DTR_DOMAIN_NAME=reference, **data)
            yield target
        elif target["kind"] == "DaemonSet":
            # One node: it need not wait for others' sake.
            arguments = pod_spec(target)["containers"][0]["args"]
            arguments[:] = [a.replace("--splay=1h", "--splay=0s")
                            for a in arguments]
            # Podman 4.3 fails to remove one of the kind "once" at its end.
            target["spec"]["template"]["metadata"]["annotations"] = {
                "io.podman.annotations.init.container.type": "always"}
            yield target if int(version.split(".")[0]) >= 5 \
                else pod_of(target)


def test_a_node_trusts_and_its_probe_says_so(
        machine, registry, reference, play):
    probes = pod_spec(of_kind(rendered("base"), "DaemonSet"))["containers"][0]
    container = play(playable(
        machine, "base", reference, DTR_PIN="sha256:" + pki.fingerprint(
            registry.anchor.certificate)))
    path = os.path.join(machine.network.etc_docker, "certs.d", reference,
                        "ca.crt")
    assert wait_until(lambda: os.path.exists(path))
    assert pki.read_pem(path) == [pki.der(registry.anchor.certificate)]
    for probe in ("startupProbe", "readinessProbe"):
        command = probes[probe]["exec"]["command"]
        done = machine.podman("exec", container, *command, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    assert '"state":"present"' in done.stdout
    machine.docker("login", "--username", USER, "--password-stdin", reference,
                   input=PASSWORD)

    # It ends when told: killed in the end, its code would be another.
    machine.podman("stop", "--time", "60", container)
    assert machine.podman("inspect", "-f", "{{.State.ExitCode}}", container
                          ).stdout.strip() == "0"


def test_a_containerd_node_gets_the_file_where_its_config_path_is(
        machine, registry, reference, play):
    objects = list(playable(machine, "containerd", reference))
    node = machine.network.path("etc-containerd")
    on_node(objects, node)
    play(objects)
    path = os.path.join(node, reference, "ca.crt")
    assert wait_until(lambda: os.path.exists(path))
    assert pki.read_pem(path) == [pki.der(registry.anchor.certificate)]


@pytest.mark.parametrize("component, name, volume", [
    ("ca-file", "ca.pem", "ca"), ("registries", "registries", "registries")])
@pytest.mark.parametrize("folder", EVERY)
def test_a_file_more_leaves_the_rest_as_it_is(folder, component, name, volume):
    objects = with_component(component, name, b"what it says\n", folder)
    file = next(o for o in objects if name in o.get("data", {}))
    assert file["data"] == {name: "what it says\n"}
    with_file, plain = (pod_spec(of_kind(o, "DaemonSet"))
                        for o in (objects, rendered(folder)))
    assert with_file["volumes"] == plain["volumes"] + [
        {"name": volume, "configMap": {"name": file["metadata"]["name"]}}]
    for kind in "containers", "initContainers":
        for ours, theirs in zip(with_file.get(kind, []), plain.get(kind, [])):
            assert ours["volumeMounts"] == theirs["volumeMounts"] + [
                {"name": volume, "mountPath": "/" + volume, "readOnly": True}]


def test_the_cas_own_file_is_installed_from_a_configmap(
        machine, registry, reference, play):
    pem = pki.pem(registry.anchor.certificate)
    container = play(adapt(machine, with_component(
        "ca-file", "ca.pem", pem, "base"), reference))
    path = os.path.join(machine.network.etc_docker, "certs.d", reference,
                        "ca.crt")
    assert wait_until(lambda: os.path.exists(path)), machine.podman(
        "logs", container).stdout
    assert pki.read_pem(path) == [pki.der(registry.anchor.certificate)]
    for offline in ([], ["--offline"]):
        machine.podman("exec", container, "/dtr-trust", "--check", *offline)


def test_a_list_of_registries_is_read_from_a_configmap(
        machine, registry, reference, play):
    names = [reference, machine.network.name("l" + reference,
                                             registry.address)]
    pin = "sha256:" + pki.fingerprint(registry.anchor.certificate)
    content = "".join(f"{name} {pin} # of the bed\n" for name in names).encode()
    paths = [os.path.join(machine.network.etc_docker, "certs.d", name)
             for name in names]

    def with_list(folder):
        return adapt(machine, with_component("registries", "registries",
                                             content, folder), "")
    container = play(with_list("base"))
    assert wait_until(lambda: all(map(os.path.exists, paths)))
    for offline in ([], ["--offline"]):
        assert wait_until(lambda offline=offline: machine.podman(
            "exec", container, "/dtr-trust", "--check", *offline,
            check=False).returncode == 0)
    machine.podman("pod", "rm", "--all", "--force", "--time", "1")

    play(with_list("remove/base"))
    assert wait_until(lambda: not any(map(os.path.exists, paths)))


def test_a_node_that_refuses_stays_and_is_not_ready(
        machine, reference, play):
    container = play(playable(machine, "base", reference,
                              DTR_PIN="sha256:" + "0" * 64))
    assert wait_until(lambda: "refused-pin" in machine.podman(
        "logs", container).stdout)
    for offline in ([], ["--offline"]):
        assert machine.podman("exec", container, "/dtr-trust", "--check",
                              *offline, check=False).returncode != 0
    assert machine.podman("inspect", "-f", "{{.State.Running}}", container
                          ).stdout.strip() == "true"


@pytest.mark.parametrize("folder", FOLDERS)
def test_taking_back_is_done_where_it_was_installed(folder):
    """And nothing asks then whether there is trust, but whether it is gone."""
    installs = pod_spec(of_kind(rendered(folder), "DaemonSet"))
    removes = pod_spec(of_kind(rendered("remove/" + folder), "DaemonSet"))
    assert removes["volumes"] == installs["volumes"]
    for container in removes["initContainers"] + removes["containers"]:
        for word in ("image", "volumeMounts", "envFrom", "securityContext"):
            assert container[word] == installs["containers"][0][word]
        assert not [word for word in container if word.endswith("Probe")]
    assert [c["args"] for c in removes["initContainers"]] == [["--remove"]]


def test_trust_is_taken_back_from_a_node(machine, registry, reference, play):
    pin = "sha256:" + pki.fingerprint(registry.anchor.certificate)
    play(playable(machine, "base", reference, DTR_PIN=pin))
    path = os.path.join(machine.network.etc_docker, "certs.d", reference)
    assert wait_until(lambda: os.path.exists(path))
    machine.podman("pod", "rm", "--all", "--force", "--time", "1")

    container = play(playable(machine, "remove/base", reference, DTR_PIN=pin))
    assert wait_until(lambda: not os.path.exists(path))
    assert machine.podman("inspect", "-f", "{{.State.Running}}", container
                          ).stdout.strip() == "true"
