# SPDX-License-Identifier: Apache-2.0
"""A node of Kubernetes without its masters: containerd and a real kubelet.

Pods are static, given as files; all that the two write is below the network's
directory, in a tmpfs or in namespaces that end with the test.
"""
import hashlib
import io
import json
import os
import signal
import subprocess
import tarfile

from support.engines import stop, wait_for
from support.network import children_of, tool

PAUSE = "docker.io/library/pause:1"
CERTS_D = "/etc/containerd/certs.d"


def archive(path, name, binary):
    """An image NAME that is the file BINARY, as `docker save` writes it."""
    layer = io.BytesIO()
    with open(binary, "rb") as file, tarfile.open(fileobj=layer,
                                                  mode="w") as tar:
        entry = tarfile.TarInfo(os.path.basename(binary))
        entry.mode, entry.size = 0o755, os.path.getsize(binary)
        tar.addfile(entry, file)
    layer = layer.getvalue()
    config = json.dumps({
        "architecture": "amd64", "os": "linux",
        "config": {"Entrypoint": ["/" + os.path.basename(binary)],
                   "Env": ["container=dtr-trust"]},
        "rootfs": {"type": "layers", "diff_ids": [
            "sha256:" + hashlib.sha256(layer).hexdigest()]}}).encode()
    manifest = json.dumps([{"Config": "config.json", "RepoTags": [name],
                            "Layers": ["layer.tar"]}]).encode()
    with tarfile.open(path, "w") as tar:
        for part, data in (("manifest.json", manifest), ("layer.tar", layer),
                           ("config.json", config)):
            entry = tarfile.TarInfo(part)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return path


class KubernetesNode:
    """The machine of NETWORK; BINARY is the kubelet."""

    def __init__(self, network, binary):
        self.network, self.host, self.binary = network, network.machine, binary
        self.pods_folder = network.path("manifests")
        os.mkdir(self.pods_folder)
        self.processes = []
        os.makedirs("/etc/containerd", exist_ok=True)
        for folder in ("/run", "/var/log", "/etc/containerd"):
            self.host.run("mount", "-t", "tmpfs", "tmpfs", folder)
        self.start_containerd()
        pause = network.path("pause")
        subprocess.run(["musl-gcc", "-static", "-xc", "-", "-o", pause],
                       input=b"#include <unistd.h>\n"
                       b"int main(void) { for (;;) pause(); }\n", check=True)
        self.pause = pause
        self.load(archive(network.path("pause.tar"), PAUSE, pause))
        self.start_kubelet()

    def start(self, name, ready, *command):
        log = self.network.path(name + ".log")
        with open(log, "wb") as file:
            process = self.host.start(*command, stdout=file, stderr=file)
        self.processes.append(process)
        wait_for(ready, process, log)

    def start_containerd(self):
        path = self.network.path
        with open(path("containerd.toml"), "w", encoding="ascii") as file:
            file.write(f"""version = 2
root = "{path("containerd")}"
state = "/run/containerd"
[grpc]
address = "/run/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "{PAUSE}"
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".registry]
config_path = "{CERTS_D}"
""")
        self.start("containerd", lambda: self.ctr(
            "version", check=False).returncode == 0,
            tool("containerd"), "-c", path("containerd.toml"))

    def ctr(self, *arguments, **options):
        return self.host.run(tool("ctr"), "--address", "/run/containerd.sock",
                             "--namespace", "k8s.io", *arguments, **options)

    def load(self, path):
        self.ctr("images", "import", path)

    def start_kubelet(self):
        with open(self.network.path("kubelet.yml"), "w",
                  encoding="ascii") as file:
            file.write(f"""apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
staticPodPath: {self.pods_folder}
fileCheckFrequency: 1s
failSwapOn: false
cgroupDriver: cgroupfs
cgroupRoot: /
address: 127.0.0.1
readOnlyPort: 10255
authentication: {{anonymous: {{enabled: true}}, webhook: {{enabled: false}}}}
authorization: {{mode: AlwaysAllow}}
evictionHard: {{imagefs.available: "0%", nodefs.available: "0%"}}
""")
        self.start("kubelet", lambda: self.get("/healthz") == "ok",
                   self.binary, "--config", self.network.path("kubelet.yml"),
                   "--root-dir", self.network.path("kubelet"), "--cert-dir",
                   self.network.path("kubelet-pki"), "--hostname-override",
                   "node", "--container-runtime", "remote",
                   "--container-runtime-endpoint",
                   "unix:///run/containerd.sock", "-v", "3")

    def get(self, path):
        return self.host.run("curl", "-s", "--max-time", "5",
                             "http://127.0.0.1:10255" + path,
                             check=False).stdout

    def apply(self, pod):
        """A pod as an API object; a new one of its name replaces it."""
        path = os.path.join(self.pods_folder, pod["metadata"]["name"])
        with open(path + ".part", "w", encoding="ascii") as file:
            json.dump(pod, file)
        os.rename(path + ".part", path + ".json")

    def status(self, name):
        """{} or the pod's status."""
        for pod in json.loads(self.get("/pods") or "{}").get("items") or []:
            if pod["metadata"]["name"] == name + "-node":
                return pod.get("status", {})
        return {}

    def container(self, name):
        """{} or the status of the pod's only container."""
        return (self.status(name).get("containerStatuses") or [{}])[0]

    def logs(self, name):
        return self.host.run("sh", "-c", f"cat /var/log/pods/*_{name}-node_*"
                             "/*/*.log", check=False).stdout

    def complaints(self):
        """What the kubelet says of probes that fail."""
        with open(self.network.path("kubelet.log"), encoding="utf-8",
                  errors="replace") as file:
            return [line for line in file if 'reason="Unhealthy"' in line][-2:]

    def close(self):
        for process in reversed(self.processes):
            for pid in children_of(process):
                os.kill(pid, signal.SIGTERM)
            stop(process)
