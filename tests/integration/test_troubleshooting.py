# SPDX-License-Identifier: Apache-2.0
"""docs/troubleshooting.md: each text in it is what a real client says."""
import os
import re
import shutil
import subprocess

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from support import pki
from support.needs import need
from support.network import tool
from support.product import ROOT
from support.redirects import Redirecting, answer
from support.servers import Answering, Challenging, RudeServer

NAME = "trouble.test"
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\0")


def read_entries():
    """{scene: text} of the page."""
    with open(os.path.join(ROOT, "docs", "troubleshooting.md"),
              encoding="ascii") as file:
        return {scene: text for text, scene in re.findall(
            r"^## `(.*)`\n<!-- shown: (\w+) -->$", file.read(), re.M)}


ENTRIES = read_entries()


def constrained(root):
    lower = root.intermediate(extensions=[(x509.NameConstraints(
        [x509.DNSName("other.test")], None), True)])
    return lower.leaf(NAME), lower


# What the server presents; its root is what is installed.
CHAINS = {
    "wrong_name": lambda root: (root.leaf("other.test"),),
    "common_name": lambda root: (pki.Identity(NAME, issuer=root),),
    "expired": lambda root: (root.leaf(NAME, days=-0.5),),
    "not_yet_valid": lambda root: (root.leaf(NAME, start=1),),
    "for_clients": lambda root: (root.leaf(
        NAME, usages=[ExtendedKeyUsageOID.CLIENT_AUTH]),),
    "constrained": constrained,
    "critical": lambda root: (root.leaf(NAME, extensions=[(UNKNOWN, True)]),),
}


@pytest.fixture(name="shows")
def make_shows(network, product):
    """shows(scene, registry): what skopeo says of it with what is installed is
    the text of SCENE."""
    need("skopeo")

    def shows(scene, registry=NAME):
        done = network.machine.run(
            tool("skopeo"), "list-tags", "--no-creds", "--cert-dir",
            product.path(registry), f"docker://{registry}/tiny",
            check=False, env={"HOME": network.directory})
        assert done.returncode != 0, done.stdout
        pattern = ".*".join(map(re.escape, ENTRIES[scene].split("...")))
        said = done.stderr.replace('\\"', '"')
        assert re.search(pattern, said, re.S), said
    return shows


def install(product, root, registry=NAME):
    os.makedirs(product.path(registry))
    with open(product.path(registry, "ca.crt"), "wb") as file:
        file.write(pki.pem(root.certificate))


@pytest.mark.parametrize("scene", CHAINS)
def test_a_certificate_that_docker_refuses(
        network, product, serve, shows, scene):
    root = pki.root()
    network.name(NAME, serve(*CHAINS[scene](root)).address)
    install(product, root)
    shows(scene)


def test_a_chain_that_nothing_here_vouches_for(network, product, serve, shows):
    root = pki.root("Same Name")
    network.name(NAME, serve(root.leaf(NAME), root).address)
    shows("unknown_authority")
    install(product, pki.root("Same Name"))
    shows("namesake")


def test_an_address_that_the_certificate_has_not(
        network, product, serve, shows):
    root = pki.root()
    server = serve(root.leaf(NAME))
    install(product, root, server.address)
    shows("no_address", server.address)


def test_plain_http(network, shows):
    def answer(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")
    with RudeServer(network, answer, port=443) as server:
        network.name(NAME, server.address)
        shows("plain_http")


def test_a_client_certificate_that_is_demanded(
        network, product, serve, shows):
    root = pki.root()
    network.name(NAME, serve(root.leaf(NAME), client_ca=root).address)
    install(product, root)
    shows("client_certificate")


def test_a_registry_that_leads_elsewhere(network, product, serve, shows):
    root = pki.root()
    with Redirecting(network, root.leaf(NAME), root, paths="/.*",
                     to="https://other.trouble.test{path}") as server:
        network.name(NAME, server.address)
        network.name("other.trouble.test", serve(
            pki.self_signed("other.trouble.test")).address)
        install(product, root)
        shows("redirected")
        server.to = "{path}"
        shows("redirect_loop")


AUTH = "auth.trouble.test"


def test_a_token_service(network, product, serve, shows):
    root = pki.root()
    network.name(AUTH, serve(pki.self_signed(AUTH)).address)
    install(product, root)
    with Challenging(network, root.leaf(NAME), root,
                     realm=f"https://{AUTH}/token") as server:
        network.name(NAME, server.address)
        shows("token_service")
        server.challenge = 'Bearer realm="/token",service="reg"'
        shows("no_realm")


def test_what_is_no_registry(network, product, shows):
    root = pki.root()
    install(product, root)
    with Answering(network, root.leaf(NAME), root) as server:
        network.name(NAME, server.address)
        page = {"body": b"<html></html>"}
        server.text = answer("404 Not Found", "Content-Type: text/html", **page)
        shows("no_registry")
        server.text = answer("200 OK", "Content-Type: text/html", **page)
        shows("a_page")
        server.text = b"SSH-2.0-OpenSSH_9.2\r\n"
        shows("not_http")


def test_a_client_certificate_that_is_no_pair(network, product, serve, shows,
                                              tmp_path):
    root = pki.root()
    network.name(NAME, serve(root.leaf(NAME)).address)
    install(product, root)
    certificate, key = root.leaf("client").save(str(tmp_path / "client"))
    shutil.copy(certificate, product.path(NAME, "client.cert"))
    shows("lone_certificate")
    subprocess.run(["openssl", "pkey", "-in", key, "-aes256", "-passout",
                    "pass:x", "-out", product.path(NAME, "client.key")],
                   check=True)
    shows("no_key")
    shutil.copy(root.leaf("other").save(str(tmp_path / "other"))[1],
                product.path(NAME, "client.key"))
    shows("other_key")


def test_nobody_there(network, shows):
    network.name(NAME, network.address())
    shows("refused")
    shows("no_host", "none.trouble.test")


def test_every_entry_of_the_page_is_shown():
    with open(__file__, encoding="ascii") as file:
        text = file.read()
    with open(os.path.join(ROOT, "docs", "troubleshooting.md"),
              encoding="ascii") as page:
        assert len(ENTRIES) == page.read().count("\n## ")
    for scene in ENTRIES:
        assert scene in CHAINS or f'shows("{scene}"' in text, scene
