# SPDX-License-Identifier: Apache-2.0
"""The DaemonSet's pod on a real kubelet with containerd.

For scripts/kubelet, which names the kubelet in DTR_TRUST_KUBELET and writes
down what was measured.
"""
import contextlib
import copy
import os
import time

import pytest

from support import pki
from support.engines import DockerRegistry
from support.kubelet import CERTS_D, KubernetesNode, archive
from support.manifests import rendered
from support.needs import need
from support.network import Network, tool
from support.product import BINARY
from support.swarm import wait_until

NAME = "dtr.cluster.test"
WRONG_PIN = "sha256:" + "0" * 64


@pytest.fixture(name="node")
def make_node():
    need("containerd", "runc", "docker-registry", "skopeo", "musl-gcc")
    with contextlib.closing(Network(isolate_processes=True)) as network:
        with contextlib.closing(KubernetesNode(
                network, os.environ["DTR_TRUST_KUBELET"])) as node:
            node.load(archive(network.path("dtr-trust.tar"),
                              "docker.io/library/dtr-trust:latest", BINARY))
            yield node


@pytest.fixture(name="registry")
def make_registry(node):
    network = node.network
    root = pki.root("Cluster CA")
    registry = DockerRegistry(network, *root.leaf(NAME).save(
        network.path("leaf"), root), login=False)
    network.name(NAME, registry.address)
    node.host.run(tool("skopeo"), "copy", "--dest-tls-verify=false",
                  "docker-archive:" + archive(
                      network.path("work.tar"), "work:1", node.pause),
                  f"docker://{registry.address}/work:1")
    registry.pin = "sha256:" + pki.fingerprint(root.certificate)
    yield registry
    registry.close()


def trust_pod(pin):
    """The pod of deploy/kubernetes/containerd, as kustomize renders it.

    A kubelet without a master has no ConfigMaps, so what is in it is written
    as the container's own variables; and one node need not spread its look.
    """
    objects = {o["kind"]: o for o in rendered("containerd")}
    pod = copy.deepcopy(objects["DaemonSet"]["spec"]["template"])
    pod.update(apiVersion="v1", kind="Pod")
    pod["metadata"].update(name="dtr-trust", namespace="dtr-trust")
    container = pod["spec"]["containers"][0]
    del container["envFrom"]
    values = {**objects["ConfigMap"]["data"], "DTR_DOMAIN_NAME": NAME,
              "DTR_PIN": pin}
    container["env"] = [{"name": k, "value": v} for k, v in values.items()]
    container["args"] = [a.replace("--splay=1h", "--splay=0s")
                         for a in container["args"]]
    return pod


def work_pod(name="work"):
    return {"apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name, "namespace": "default"},
            "spec": {"hostNetwork": True, "containers": [
                {"name": "work", "image": NAME + "/work:1",
                 "imagePullPolicy": "Always"}]}}


def waiting(node, pod):
    return node.container(pod).get("state", {}).get("waiting", {})


def ready(node, pod):
    return node.container(pod).get("ready", False)


def seconds_until(holds, limit, node):
    begin = time.monotonic()
    assert wait_until(holds, limit), [
        *node.complaints(), node.status("dtr-trust"), node.logs("dtr-trust")]
    return time.monotonic() - begin


def test_a_pod_that_could_not_be_pulled_runs(node, registry):
    refused = []

    def refused_for_its_certificate():
        refused.append(waiting(node, "work").get("message", ""))
        return "x509" in refused[-1]
    node.apply(work_pod())
    assert wait_until(refused_for_its_certificate, 90), refused[-1]
    assert wait_until(lambda: waiting(node, "work").get("reason")
                      == "ImagePullBackOff", 90)
    containerd = node.processes[0].pid

    begin = time.monotonic()
    node.apply(trust_pod(registry.pin))
    path = f"/proc/{node.host.pid}/root{CERTS_D}/{NAME}/ca.crt"
    installed = seconds_until(lambda: os.path.exists(path), 60, node)
    until_ready = seconds_until(lambda: ready(node, "dtr-trust"), 60, node)
    assert until_ready < 60
    assert wait_until(lambda: ready(node, "work"), 330)
    print(f"installed after {installed:.1f} s, its pod ready "
          f"{until_ready:.1f} s later, the other pod running "
          f"{time.monotonic() - begin:.1f} s after dtr-trust's was applied")
    assert node.processes[0].pid == containerd
    assert node.processes[0].poll() is None
    assert node.container("dtr-trust")["restartCount"] == 0

    # An outage of the registry is no fault of the node.
    registry.process.terminate()
    registry.process.wait()
    time.sleep(25)
    assert ready(node, "dtr-trust")


def test_a_node_that_refuses_is_unready_and_says_why(node, registry):
    node.apply(trust_pod(WRONG_PIN))
    assert wait_until(lambda: "refused-pin" in node.logs("dtr-trust"), 60)
    time.sleep(15)
    status = node.container("dtr-trust")
    assert status["state"].get("running") and not status["ready"]
    assert registry.pin in node.logs("dtr-trust")
