# SPDX-License-Identifier: Apache-2.0
"""Two nodes over ssh: the lines of deploy/README.md, and Ansible."""
import contextlib
import json
import os
import re
import shutil
import tempfile

import pytest

from support import pki
from support.needs import need
from support.network import tool
from support.product import ROOT
from support.swarm import Cluster, authority

DEPLOY = os.path.join(ROOT, "deploy")
NAME = "dtr.fleet.test"
EXAMPLE = ("dtr.example.com", "sha256:18cb642af1a3c04aacdd27dd5304638a"
           "f2aa44da8246dc5078745361c7644476")


class Administrator:
    """Has ssh to two nodes, and a shell beside the registry."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.issuer, self.pin = authority("Fleet CA")
        self.registry = cluster.add_registry(NAME, self.issuer)
        cluster.name(NAME, self.registry.address)
        self.key = cluster.path("ssh-key")
        self.shell("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                   self.key)
        self.nodes = [cluster.add_node() for _ in range(2)]
        for node in self.nodes:
            self.listen(node)
        self.directory = cluster.path("bin")
        os.mkdir(self.directory)
        self.configuration = cluster.path("ssh-config")
        with open(self.configuration, "w", encoding="ascii") as file:
            file.write(f"IdentityFile {self.key}\nUser root\nLogLevel ERROR\n"
                       "StrictHostKeyChecking no\nUserKnownHostsFile "
                       "/dev/null\nControlMaster auto\nControlPersist 20\n"
                       f"ControlPath {cluster.path('ssh-%h')}\n")
        self.script("ssh", f'exec {tool("ssh")} -F {self.configuration} "$@"')

    def shell(self, *command, **options):
        return self.cluster.registry.run(*command, **options)

    def script(self, name, text):
        path = os.path.join(self.directory, name)
        with open(path, "w", encoding="ascii") as file:
            file.write(f"#!/bin/sh\n{text}\n")
        os.chmod(path, 0o755)

    def listen(self, node):
        """sshd on NODE, and its engine where docker looks for one."""
        node.machine.run("ln", "-s", node.path("docker.sock"),
                         "/run/docker.sock")
        node.machine.run("mkdir", "-p", "/run/sshd")
        node.machine.start(
            tool("sshd"), "-D", "-f", "/dev/null", "-h", self.key,
            "-o", f"AuthorizedKeysFile {self.key}.pub", "-o",
            "StrictModes no", "-o", "UsePAM no", "-o", "PidFile none")

    def environment(self):
        return {"PATH": f"{self.directory}:{os.environ['PATH']}",
                "HOME": self.cluster.directory, "LC_ALL": "C.UTF-8",
                "DOCKER_HOST": self.nodes[0].engine.socket,
                "ANSIBLE_SSH_ARGS": f"-F {self.configuration}",
                "ANSIBLE_LOCAL_TEMP": self.cluster.path("ansible"),
                "ANSIBLE_REMOTE_TEMP": self.cluster.path("ansible-remote"),
                "ANSIBLE_PIPELINING": "1", "ANSIBLE_NOCOLOR": "1"}

    def anchors(self):
        """What each node has in ca.crt: [[DER...] or None...]."""
        return [pki.read_pem(path) if os.path.exists(path) else None
                for path in (node.certs_d(NAME, "ca.crt")
                             for node in self.nodes)]

    def trusted(self):
        return [[pki.der(self.issuer.certificate)]] * 2


@pytest.fixture(scope="module", name="fleet")
def make_fleet():
    need("dockerd", "docker", "docker-registry", "sshd", "ssh", "ssh-keygen",
         "ip", "nsenter")
    with contextlib.closing(Cluster()) as cluster:
        yield Administrator(cluster)


@pytest.fixture(name="administrator")
def make_administrator(fleet):
    """With nodes on which nothing is installed."""
    for node in fleet.nodes:
        shutil.rmtree(node.certs_d(), ignore_errors=True)
    return fleet


def loops():
    """The loops over nodes in deploy/README.md, in their order."""
    with open(os.path.join(DEPLOY, "README.md"), encoding="ascii") as file:
        return re.findall(r"^    for node in.*?\n    done[^\n]*", file.read(),
                          re.S | re.M)


def follow(administrator, loop):
    """Run LOOP as it stands, but for names and pin; what it prints."""
    for old, new in zip(EXAMPLE, (NAME, administrator.pin)):
        loop = loop.replace(old, new)
    with tempfile.TemporaryDirectory(
            dir=administrator.cluster.directory) as folder:
        os.symlink(os.path.join(ROOT, "scripts"),
                   os.path.join(folder, "scripts"))
        with open(os.path.join(folder, "nodes"), "w",
                  encoding="ascii") as file:
            file.writelines(n.address + "\n" for n in administrator.nodes)
        done = administrator.shell("sh", "-c", f"cd {folder}\n{loop}",
                                   env=administrator.environment())
    return done.stdout


def test_the_line_of_ssh_its_view_and_the_way_back(administrator):
    install, remove = loops()
    assert all(word in install for word in EXAMPLE) and EXAMPLE[0] in remove
    said = follow(administrator, install)
    assert "2 nodes trust all of theirs, 0 do not" in said, said
    assert administrator.pin in said
    assert administrator.anchors() == administrator.trusted()

    said = follow(administrator, remove)
    assert administrator.anchors() == [None, None], said


class Playbook:
    """A copy of deploy/ansible, changed as its README says."""

    def __init__(self, administrator):
        self.administrator = administrator
        self.folder = tempfile.mkdtemp(dir=administrator.cluster.directory)
        self.reports = os.path.join(self.folder, "reports")
        shutil.copytree(os.path.join(DEPLOY, "ansible"), self.folder,
                        dirs_exist_ok=True)
        os.mkdir(self.reports)
        self.change(EXAMPLE[0], NAME)
        self.change(EXAMPLE[1], administrator.pin)
        with open(os.path.join(self.folder, "nodes"), "w",
                  encoding="ascii") as file:
            file.writelines(
                node.address + " ansible_python_interpreter=/usr/bin/python3 "
                "ansible_become=no\n" for node in administrator.nodes)

    def change(self, old, new):
        path = os.path.join(self.folder, "dtr-trust.yml")
        with open(path, encoding="ascii") as file:
            text = file.read()
        assert old in text
        with open(path, "w", encoding="ascii") as file:
            file.write(text.replace(old, new))

    def run(self, *options):
        """(exit code, {node: {"ok": 2, "changed": 1, ...}})"""
        done = self.administrator.shell(
            "sh", "-c", f'cd {self.folder} && exec {tool("ansible-playbook")} '
            '-i nodes dtr-trust.yml "$@"', "sh", "-e",
            "dtr_trust_reports=" + self.reports, *options,
            env=self.administrator.environment(), check=False)
        print(done.stdout, done.stderr)
        recap = done.stdout.partition("PLAY RECAP")[2].splitlines()[1:]
        return done.returncode, {
            line.split()[0]: {word: int(count) for word, count in
                              re.findall(r"(\w+)=(\d+)", line)}
            for line in recap if line.strip()}

    def states(self):
        """The state in each node's report."""
        return [json.loads(open(os.path.join(self.reports, name),
                                encoding="ascii").read())["state"]
                for name in sorted(os.listdir(self.reports))]


def counts(result, word):
    return [node[word] for node in result.values()]


def test_the_playbook_looks_does_and_does_no_more(administrator):
    need("ansible-playbook")
    playbook = Playbook(administrator)
    code, result = playbook.run("--check")
    assert code == 0 and counts(result, "changed") == [1, 1], result
    assert playbook.states() == ["untrusted"] * 2
    assert administrator.anchors() == [None, None]

    code, result = playbook.run()
    assert code == 0 and counts(result, "changed") == [1, 1], result
    assert administrator.anchors() == administrator.trusted()

    code, result = playbook.run()
    assert code == 0 and counts(result, "changed") == [0, 0], result
    code, result = playbook.run("--check")
    assert code == 0 and counts(result, "changed") == [0, 0], result
    assert playbook.states() == ["trusted"] * 2


def test_the_playbook_takes_trust_back(administrator):
    need("ansible-playbook")
    playbook = Playbook(administrator)
    assert playbook.run()[0] == 0
    remove = ("-e", '{"dtr_trust_remove": true}')
    code, result = playbook.run("--check", *remove)
    assert code == 0 and counts(result, "changed") == [1, 1], result
    assert administrator.anchors() == administrator.trusted()
    code, result = playbook.run(*remove)
    assert code == 0 and counts(result, "changed") == [1, 1], result
    assert administrator.anchors() == [None, None]
    for options in (), ("--check",):
        code, result = playbook.run(*options, *remove)
        assert code == 0 and counts(result, "changed") == [0, 0], result


def test_a_node_that_joins_later_is_done_and_no_other_changed(administrator):
    need("ansible-playbook")
    playbook = Playbook(administrator)
    first, second = (node.address for node in administrator.nodes)
    assert playbook.run("--limit", first)[0] == 0
    assert administrator.anchors() == [administrator.trusted()[0], None]
    code, result = playbook.run()
    assert code == 0 and result[first]["changed"] == 0, result
    assert result[second]["changed"] == 1
    assert administrator.anchors() == administrator.trusted()


def test_what_the_first_node_refuses_no_other_is_asked(administrator):
    need("ansible-playbook")
    playbook = Playbook(administrator)
    playbook.change(administrator.pin, "sha256:" + "0" * 64)
    code, result = playbook.run()
    assert code != 0
    assert counts(result, "failed") == [1], result
    assert playbook.states() == ["refused-pin"]
    assert administrator.anchors() == [None, None]
