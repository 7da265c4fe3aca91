# SPDX-License-Identifier: Apache-2.0
"""Several machines on one wire with a registry: the nodes of a Swarm."""
import os
import shutil
import subprocess
import tempfile

from support import pki
from support.engines import DockerRegistry, Machine
from support.network import (DNS_ADDRESS, NETWORK, Host, NameServer,
                             Network)

REGISTRY_ADDRESSES = [f"{NETWORK}.3", f"{NETWORK}.4"]
FIRST_NODE = 100
# Every network of every engine, out of the documentation addresses.
ENGINE_OPTIONS = ("--bip", "203.0.113.1/26", "--default-address-pool",
                  "base=203.0.113.64/26,size=28")
SWARM_POOL = ["--default-addr-pool", "203.0.113.128/25",
              "--default-addr-pool-mask-length", "27"]


class Node(Network):
    """One more machine on the cluster's bridge, with a Docker engine."""

    def __init__(self, cluster, number):
        self.cluster = cluster
        self.number = number
        self.address = f"{NETWORK}.{FIRST_NODE + number}"
        super().__init__(isolate_processes=True)

    def set_up(self, isolate_processes):
        self.directory = self.cluster.path(f"node{self.number}")
        os.mkdir(self.directory)
        self.registry = self.cluster.registry
        self.machine = Host(isolate_processes)
        self.cleanup.callback(self.machine.close)
        self.connect()
        self.give_machine_its_own_files()
        self.engine = Machine(self, ENGINE_OPTIONS)
        self.cleanup.callback(self.engine.close)
        self.engine.load_product()
        self.docker = self.engine.docker

    def connect(self):
        port = f"node{self.number}"
        subprocess.run(
            ["ip", "link", "add", port, "netns", str(self.registry.pid),
             "type", "veth", "peer", "name", "wire", "netns",
             str(self.machine.pid)], check=True)
        self.registry.run("ip", "link", "set", port, "master", "switch", "up")
        self.machine.run("ip", "-batch", "-", input=(
            f"addr add {self.address}/24 dev wire\nlink set wire up\n"))

    def id(self):
        return self.docker("info", "-f", "{{.Swarm.NodeID}}").stdout.strip()

    def start_swarm(self):
        self.docker("swarm", "init", "--advertise-addr", self.address,
                    "--listen-addr", self.address, *SWARM_POOL)

    def join(self, manager):
        token = manager.docker("swarm", "join-token", "-q", "worker").stdout
        self.docker("swarm", "join", "--advertise-addr", self.address,
                    "--listen-addr", self.address, "--token", token.strip(),
                    manager.address + ":2377")

    def certs_d(self, *parts):
        return os.path.join(self.etc_docker, "certs.d", *parts)

    def pulls(self, image):
        """Does the engine get IMAGE from the registry, not from its store?"""
        self.docker("rmi", "-f", image, check=False)
        return self.docker("pull", image, check=False).returncode == 0


class Cluster(Network):
    """The bridge with DNS and registries on it; nodes come one by one."""

    def set_up(self, isolate_processes):
        self.nodes = []
        self.directory = tempfile.mkdtemp(prefix="dtr-trust-fleet-")
        self.cleanup.callback(shutil.rmtree, self.directory,
                              ignore_errors=True)
        self.registry = Host()
        self.cleanup.callback(self.registry.close)
        # An address of its own: it would take another with each new port.
        self.registry.run("ip", "-batch", "-", input="".join(
            ["link add switch address 02:00:00:00:00:01 type bridge\n",
             "link set switch up\n"]
            + [f"addr add {address}/24 dev switch\n"
               for address in [DNS_ADDRESS, *REGISTRY_ADDRESSES]]))
        self.addresses = iter(REGISTRY_ADDRESSES)
        self.names = NameServer(self.registry, DNS_ADDRESS)
        self.cleanup.callback(self.names.close)

    def add_registry(self, name, issuer):
        """A registry at the next address that calls itself NAME."""
        address = next(self.addresses)
        leaf = issuer.leaf(name)
        registry = DockerRegistry(
            self, *leaf.save(self.path("at-" + address), issuer),
            address=address, login=False)
        self.cleanup.callback(registry.close)
        return registry

    def add_node(self):
        node = Node(self, len(self.nodes))
        self.cleanup.callback(node.close)
        self.nodes.append(node)
        return node


def authority(subject):
    """An issuer with the pin that names it."""
    issuer = pki.root(subject)
    return issuer, "sha256:" + pki.fingerprint(issuer.certificate)
