# SPDX-License-Identifier: Apache-2.0
"""The DaemonSet's pod on a real kubelet with containerd.

For scripts/kubelet, which names the kubelet in DTR_TRUST_KUBELET, and in
DTR_TRUST_TRANSCRIPT the file that what was seen is added to.
"""
import contextlib
import copy
import json
import os
import re
import textwrap
import time

import pytest

from support import pki
from support.engines import DockerRegistry
from support.kubelet import CERTS_D, KubernetesNode, archive
from support.manifests import rendered
from support.needs import need
from support.network import Network, tool, wait_until
from support.product import BINARY

NAME = "dtr.cluster.test"
WRONG_PIN = "sha256:" + "0" * 64
INDENT = " " * 14


@pytest.fixture(name="node")
def make_node():
    need("containerd", "runc", "docker-registry", "skopeo", "musl-gcc")
    with contextlib.closing(Network(isolate_processes=True)) as network:
        with contextlib.closing(KubernetesNode(
                network, os.environ["DTR_TRUST_KUBELET"])) as node:
            # Under the name that `docker save` gives it.
            node.load(archive(network.path("dtr-trust.tar"),
                              "dtr-trust:latest", BINARY))
            yield node


@pytest.fixture(name="registry")
def make_registry(node):
    network = node.network
    root = pki.root("Cluster CA")
    registry = DockerRegistry(network, *root.leaf(NAME).save(
        network.path("leaf"), root), login=False)
    # The name is in the node's own file alone, no DNS has it.
    hosts = network.path("hosts")
    with open(hosts, "w", encoding="ascii") as file:
        file.write(f"127.0.0.1 localhost\n{registry.address} {NAME}\n")
    node.host.run("mount", "--bind", hosts, "/etc/hosts")
    node.host.run(tool("skopeo"), "copy", "--dest-tls-verify=false",
                  "docker-archive:" + archive(
                      network.path("work.tar"), "work:1", node.pause),
                  f"docker://{registry.address}/work:1")
    registry.pin = "sha256:" + pki.fingerprint(root.certificate)
    yield registry
    registry.close()


def trust_pod(pin, folder="containerd"):
    """The pod of deploy/kubernetes/FOLDER, as kustomize renders it.

    A kubelet without a master has no ConfigMaps, so what is in it is written
    as the container's own variables; and one node need not spread its look.
    """
    objects = {o["kind"]: o for o in rendered(folder)}
    pod = copy.deepcopy(objects["DaemonSet"]["spec"]["template"])
    pod.update(apiVersion="v1", kind="Pod")
    pod["metadata"].update(name="dtr-trust", namespace="dtr-trust")
    values = {**objects["ConfigMap"]["data"], "DTR_DOMAIN_NAME": NAME,
              "DTR_PIN": pin}
    for container in (pod["spec"].get("initContainers", [])
                      + pod["spec"]["containers"]):
        del container["envFrom"]
        container["env"] = [{"name": k, "value": v}
                            for k, v in values.items()]
        container["args"] = [a.replace("--splay=1h", "--splay=0s")
                             for a in container["args"]]
    return pod


def work_pod(name):
    return {"apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": name, "namespace": "default"},
            "spec": {"hostNetwork": True, "containers": [
                {"name": "work", "image": NAME + "/work:1",
                 "imagePullPolicy": "Always"}]}}


def waiting(node, pod):
    return node.container(pod).get("state", {}).get("waiting", {})


def ready(node, pod="dtr-trust"):
    return node.container(pod).get("ready", False)


def on_node(node, *parts):
    """A path below certs.d, seen from outside of the node."""
    return os.path.join(f"/proc/{node.host.pid}/root{CERTS_D}", NAME, *parts)


class Story:
    """What was seen on NODE, each line with its second."""

    def __init__(self, node, title):
        self.node, self.begin = node, time.monotonic()
        self.lines = [title, ""]

    def tell(self, text):
        self.lines.append(f"    {time.monotonic() - self.begin:6.1f} s  {text}")
        print(self.lines[-1])

    def until(self, text, holds, limit):
        """Tell TEXT when HOLDS() is true, which it must be within LIMIT s."""
        assert wait_until(holds, limit), [
            text, *self.node.complaints(), self.node.status("dtr-trust"),
            self.node.logs("dtr-trust")]
        self.tell(text)

    def stays(self, text, holds, seconds):
        """Tell TEXT when HOLDS() has been true for SECONDS."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert holds(), [text, *self.node.complaints(),
                             self.node.status("dtr-trust")]
            time.sleep(1)
        self.tell(text)

    def refused(self, pod):
        """Tell that POD, which is given now, is refused for its certificate."""
        said = []

        def refused_for_its_certificate():
            said.append(waiting(self.node, pod).get("message", ""))
            return "x509" in said[-1]
        self.node.apply(work_pod(pod))
        self.tell(f"the pod {pod} is given to the kubelet")
        assert wait_until(refused_for_its_certificate, 90), said[-1]
        self.quote("it says", said[-1])

    def quote(self, what, text):
        self.tell(what + ":")
        self.lines += textwrap.wrap(text.strip(), 88, initial_indent=INDENT,
                                    subsequent_indent=INDENT,
                                    break_on_hyphens=False)

    def kept(self):
        with open(os.environ.get("DTR_TRUST_TRANSCRIPT", os.devnull), "a",
                  encoding="utf-8") as file:
            file.write("\n".join([*self.lines, "", ""]))


@pytest.fixture(name="story")
def make_story(node, request):
    story = Story(node, request.function.__doc__)
    yield story
    story.kept()


def restarts(node):
    return node.container("dtr-trust")["restartCount"]


def test_a_pod_that_could_not_be_pulled_runs(node, registry, story):
    """A pod that could not be pulled runs, and an outage changes nothing."""
    story.refused("work")
    story.until("work is in ImagePullBackOff", lambda: waiting(
        node, "work").get("reason") == "ImagePullBackOff", 90)
    containerd = node.processes[0].pid

    node.apply(trust_pod(registry.pin))
    begin = time.monotonic()
    story.tell("the pod dtr-trust is given to it")
    story.until("ca.crt is written",
                lambda: os.path.exists(on_node(node, "ca.crt")), 60)
    story.until("dtr-trust is ready", lambda: ready(node), 60)
    assert time.monotonic() - begin < 60
    story.until("work is running", lambda: ready(node, "work"), 330)
    assert node.processes[0].pid == containerd
    assert node.processes[0].poll() is None
    assert restarts(node) == 0
    story.tell("containerd is the process that it was")
    story.quote("the log of dtr-trust", first_line(node))

    # An outage of the registry is no fault of the node.
    registry.process.terminate()
    registry.process.wait()
    story.tell("the registry ends")
    story.stays("dtr-trust was ready all the time since", lambda: ready(node),
                60)
    assert restarts(node) == 0


def first_line(node):
    """What dtr-trust said first, in a few of its words."""
    line = node.logs("dtr-trust").splitlines()[0]
    said = json.loads(line[line.index("{"):])
    return json.dumps({key: said[key] for key in (
        "registry", "state", "reason", "exit", "pins", "anchors", "error")})


def complaint(node):
    """What the kubelet said last of a probe, with a few of dtr-trust's words."""
    said = node.complaints()[-1].partition('message="')[2].replace("\\", "")
    words = re.findall(r'"(?:state|reason|exit)":(?:"[^"]*"|\d+)', said)
    return f"{said.partition('{')[0]}{{{', '.join(words[:3])}}}"


def test_a_node_that_lost_its_ca_is_unready(node, registry, story):
    """What is installed is taken away: unready; put back: ready."""
    node.apply(trust_pod(registry.pin))
    story.tell("the pod dtr-trust is given to the kubelet")
    story.until("dtr-trust is ready", lambda: ready(node), 60)
    os.rename(on_node(node, "ca.crt"), on_node(node, "away"))
    story.tell("ca.crt is taken away")
    story.until("dtr-trust is not ready", lambda: not ready(node), 90)
    story.quote("the kubelet says", complaint(node))
    os.rename(on_node(node, "away"), on_node(node, "ca.crt"))
    story.tell("ca.crt is put back")
    story.until("dtr-trust is ready", lambda: ready(node), 60)
    assert restarts(node) == 0


def test_a_node_that_refuses_is_unready_and_says_why(node, registry, story):
    """A node with a wrong pin is unready, and says why."""
    node.apply(trust_pod(WRONG_PIN))
    story.tell(f"the pod dtr-trust is given with DTR_PIN={WRONG_PIN}")
    assert wait_until(lambda: "refused-pin" in node.logs("dtr-trust"), 60)
    story.quote("its log", first_line(node))

    def running():
        return node.container("dtr-trust").get("state", {}).get("running")
    story.until("it is running", running, 60)
    story.stays("it was running and not ready all the time since",
                lambda: running() and not ready(node), 45)
    assert registry.pin in node.logs("dtr-trust")
    assert not os.path.exists(on_node(node))
    story.quote("the kubelet says", complaint(node))


def test_trust_is_taken_back(node, registry, story):
    """Trust is taken back: its pod is ready, and a pull is refused again."""
    node.apply(trust_pod(registry.pin))
    story.tell("the pod dtr-trust is given to the kubelet")
    story.until("dtr-trust is ready", lambda: ready(node), 60)
    node.apply(work_pod("work"))
    story.until("work is running", lambda: ready(node, "work"), 60)

    node.apply(trust_pod(registry.pin, "remove/containerd"))
    story.tell("the pod of remove/containerd is given in its place")
    story.until("its container remove has ended with 0", lambda: [
        one["state"].get("terminated", {}).get("exitCode") for one in
        node.status("dtr-trust").get("initContainerStatuses", [])] == [0], 60)
    assert not os.path.exists(on_node(node))
    story.until("dtr-trust is ready", lambda: ready(node), 60)
    story.refused("other")
