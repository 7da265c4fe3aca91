# SPDX-License-Identifier: Apache-2.0
"""A server that sends as much as fits, and a directory that holds as much:
what is written loses nothing of what was installed, and what cannot be listed
whole is an error, not a shorter list."""
import json
import os

import pytest

from support import pki
from support.product import REFUSED, TRUSTED, UNREACHABLE
from support.servers import Challenging

NAME = "reg.flood.test"
AUTH = "auth.flood.test"
SENT = 512


@pytest.fixture(name="fillers", scope="module")
def make_fillers():
    """CAs of nobody, to send and to install."""
    key = pki.make_key()
    return [pki.root(f"CA {i}", reuse_key=key) for i in range(1200)]


@pytest.fixture(name="old")
def make_old():
    return pki.root("Old Root")


@pytest.fixture(name="new")
def make_new():
    return pki.root("New Root")


def chain_of(root, name, fillers):
    """LEAF and ROOT with SENT certificates in all, the root last: whoever
    lists only the first ones does not come to it."""
    return [root.leaf(name), *fillers[:SENT - 2], root]


def ders(*identities):
    return {pki.der(i.certificate) for i in identities}


def anchors(product):
    """Also those of other hands, with their own line ends."""
    with open(product.path(NAME, "ca.crt"), "rb") as file:
        content = file.read().replace(b"\r\n", b"\n")
    path = os.path.join(product.directory, "read")
    with open(path, "wb") as file:
        file.write(content)
    try:
        return pki.read_pem(path)
    finally:
        os.unlink(path)


def ask(product, *options):
    """With time for a slow machine: much is compared here."""
    return product.run(NAME, "--timeout", "100s", *options)


def one(done):
    return json.loads(done.out.splitlines()[0])


class Directory:
    """The registry's, with our anchor, and two files of other hands."""

    def __init__(self, product, server, network, old, fillers):
        self.product = product
        os.makedirs(product.path(NAME))
        self.above = b"# mine\r\n" + pki.pem(
            *(i.certificate for i in fillers[600:603])).replace(
                b"\n", b"\r\n") + b"and more"
        self.corp = b"# corp\n" + pki.pem(fillers[700].certificate)
        self.write("ca.crt", self.above)
        self.write("corp.crt", self.corp)
        server.present(old.leaf(NAME), old)
        done = ask(product, "--pin", "sha256:" + pki.fingerprint(
            old.certificate))
        assert done.code == TRUSTED, done
        self.theirs = ders(*fillers[600:603])

    def write(self, name, content):
        with open(self.product.path(NAME, name), "wb") as file:
            file.write(content)

    def read(self, name="ca.crt"):
        with open(self.product.path(NAME, name), "rb") as file:
            return file.read()

    def check_kept(self, *ours):
        """Text of others is there to the byte; of ours there is OURS."""
        assert self.read().startswith(self.above)
        assert self.read("corp.crt") == self.corp
        found = anchors(self.product)
        assert len(found) == len(set(found))
        assert set(found) == self.theirs | ders(*ours)


@pytest.fixture(name="server")
def make_server(network, serve, old):
    server = serve(old.leaf(NAME), old)
    network.name(NAME, server.address)
    return server


@pytest.fixture(name="directory")
def make_directory(network, product, server, old, fillers):
    return Directory(product, server, network, old, fillers)


@pytest.mark.parametrize("how", ["pin", "add", "file"])
def test_a_full_chain_loses_nothing(product, server, directory, old, new,
                                    fillers, tmp_path, how):
    server.present(*chain_of(new, NAME, fillers))
    path = tmp_path / "new.pem"
    path.write_bytes(pki.pem(new.certificate))
    options = {"pin": ["--pin", "sha256:" + pki.fingerprint(new.certificate)],
               "add": ["--on-change", "add"],
               "file": ["--ca-file", str(path)]}[how]
    refused = ask(product, "--json")
    assert refused.code == REFUSED, refused
    directory.check_kept(old)
    done = ask(product, "--json", *options)
    assert done.code == TRUSTED, done
    assert one(done)["state"] == "added"
    assert len(one(done)["chain"]) == SENT
    assert len(one(done)["installed"]) == 5
    directory.check_kept(old, new)
    # And again: nothing comes twice.
    before = directory.read()
    assert ask(product, *options).code == TRUSTED
    assert directory.read() == before
    assert ask(product, "--check").code == TRUSTED


def test_a_full_chain_that_replaces_leaves_what_others_have(
        product, server, directory, new, fillers):
    server.present(*chain_of(new, NAME, fillers))
    done = ask(product, "--on-change", "replace")
    assert done.code == TRUSTED, done
    directory.check_kept(new)


@pytest.mark.parametrize("how", ["trust", "pin"])
def test_a_full_chain_of_a_token_service_loses_nothing(
        network, product, serve, server, directory, old, new, fillers, how):
    auth = serve(*chain_of(new, AUTH, fillers))
    network.name(AUTH, auth.address)
    options = {"trust": ["--trust-token-host"],
               "pin": ["--pin", f"{AUTH}=sha256:" + pki.fingerprint(
                   new.certificate), "--pin", f"{NAME}=sha256:"
                       + pki.fingerprint(old.certificate)]}[how]
    with Challenging(network, old.leaf(NAME), old,
                     realm=f"https://{AUTH}/token") as challenging:
        network.name(NAME, challenging.address)
        done = ask(product, "--json", *options)
        states = [json.loads(line)["state"] for line in done.out.splitlines()]
        assert states == ["unchanged", "added"], done
        directory.check_kept(old, new)
        before = directory.read()
        done = ask(product, "--json", *options)
        assert directory.read() == before, done


def test_a_full_chain_beside_a_full_directory(product, server, old, new,
                                              fillers):
    """700 of another hand, and 512 sent: all are listed, all stay."""
    os.makedirs(product.path(NAME))
    above = pki.pem(*(i.certificate for i in fillers[500:1200]))
    with open(product.path(NAME, "ca.crt"), "wb") as file:
        file.write(above)
    server.present(*chain_of(new, NAME, fillers))
    done = ask(product, "--json", "--on-change", "add")
    assert done.code == TRUSTED, done
    assert len(one(done)["installed"]) == 700
    with open(product.path(NAME, "ca.crt"), "rb") as file:
        assert file.read().startswith(above)
    assert set(product.anchors(NAME)) == ders(new, *fillers[500:1200])


@pytest.mark.parametrize("options", [
    [], ["--on-change", "add"], ["--on-change", "replace"], ["--pin"],
    ["--check"]], ids=" ".join)
def test_what_cannot_be_listed_whole_is_an_error(product, server, new, old,
                                                 fillers, options):
    os.makedirs(product.path(NAME))
    files = {"ca.crt": fillers[:550], "corp.crt": fillers[550:1100]}
    for name, identities in files.items():
        with open(product.path(NAME, name), "wb") as file:
            file.write(pki.pem(*(i.certificate for i in identities)))
    before = product.snapshot()
    if options == ["--pin"]:
        options = ["--pin", "sha256:" + pki.fingerprint(new.certificate)]
    server.present(*chain_of(new, NAME, fillers))
    done = ask(product, "--json", *options)
    assert done.code == UNREACHABLE, done
    assert (one(done)["state"], one(done)["reason"]) == ("failed", "limit")
    assert product.snapshot() == before
