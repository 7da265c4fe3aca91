# SPDX-License-Identifier: Apache-2.0
"""Servers that want a client certificate, with and without a pair in the
directory, beside skopeo with that same directory. The key is nobody's business
here, so whether the pair will do "cannot be told": neither accepts nor
refuses."""
import os
import ssl

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from support import pki
from support.needs import need
from support.network import tool
from support.product import DOCKER, TRUSTED
from support.redirects import answer
from support.reports import answers as letters, report_of
from support.servers import TlsRegistry

NAME = "mutual.client.test"
V12, V13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


class Optional(TlsRegistry):
    """Asks for a certificate, and without one answers 400, as nginx does with
    ssl_verify_client on."""

    def present(self, identity, *chain, **tls):
        super().present(identity, *chain, **tls)
        self.context.verify_mode = ssl.CERT_OPTIONAL

    def reply(self, tls):
        if tls.getpeercert():
            super().reply(tls)
        else:
            tls.recv(4096)
            tls.sendall(answer("400 Bad Request", "Content-Type: text/html"))


SERVERS = {"TLS 1.2": (TlsRegistry, V12), "TLS 1.3": (TlsRegistry, V13),
           "400": (Optional, V13), "400, TLS 1.2": (Optional, V12)}


@pytest.fixture(name="ca")
def make_ca():
    return pki.root("Registry CA")


@pytest.fixture(name="server", params=SERVERS)
def make_server(network, ca, request):
    kind, version = SERVERS[request.param]
    with kind(network, ca.leaf(NAME), ca, client_ca=ca, minimum=version,
              maximum=version) as server:
        network.name(NAME, server.address)
        yield server


def client(issuer):
    return issuer.leaf("client", usages=[ExtendedKeyUsageOID.CLIENT_AUTH])


@pytest.fixture(name="put_pair")
def make_put_pair(product, tmp_path):
    """put_pair(identity, other): its certificate, and the key of OTHER."""
    def put_pair(identity, other=None):
        for index, one in enumerate((identity, other or identity)):
            file = one.save(str(tmp_path / "client"))[index]
            os.replace(file, product.path(
                NAME, ("client.cert", "client.key")[index]))
    return put_pair


@pytest.fixture(name="goes_through")
def make_goes_through(network, product):
    def goes_through():
        need("skopeo")
        return network.machine.run(
            tool("skopeo"), "list-tags", "--no-creds", "--cert-dir",
            product.path(NAME), f"docker://{NAME}/tiny", check=False,
            env={"HOME": network.directory}).returncode == 0
    return goes_through


def answers(report):
    return {c["answer"] for c in report["consumers"]}


def reasons(report):
    return {c["reason"] for c in report["consumers"]}


def test_without_a_pair_it_is_refused(product, server, ca, goes_through):
    """The CA is needed all the same, and is installed."""
    done = product.run(NAME)
    assert done.code == DOCKER, done
    assert "client.cert" in done.err and "accepts it" not in done.err
    assert product.anchors(NAME) == [pki.der(ca.certificate)]
    assert not goes_through()
    report = report_of(product.run(NAME, "--json"))
    assert answers(report) == {"refuses"}
    assert reasons(report) == {"client-certificate"}


STATUSES = {
    "400": ("400 Bad Request", "RRRRRR", "client-certificate"),
    "403": ("403 Forbidden", "RUUUUR", "client-certificate"),
    "502": ("502 Bad Gateway", "RUUUUR", "not-a-registry"),
}


@pytest.mark.parametrize("status", STATUSES)
def test_not_every_status_is_for_want_of_a_pair(product, network, ca, status):
    """It asks, and answers /v2/ without one: run with dockerd 28.5, which gets
    an image that is there all the same, and where nothing runs behind it no
    pair helps."""
    text, said, reason = STATUSES[status]
    with Optional(network, ca.leaf(NAME), ca, client_ca=ca) as server:
        network.name(NAME, server.address)
        server.reply = lambda tls: (tls.recv(4096), tls.sendall(answer(text)))
        done = product.run(NAME, "--json", "--pin",
                           "sha256:" + pki.fingerprint(ca.certificate))
    assert done.code == DOCKER, done
    report = report_of(done)
    assert letters(report) == said
    assert {c["reason"] for c in report["consumers"]
            if c["answer"] == "refuses"} == {reason}


PAIRS = {
    "the right one": (lambda ca: (client(ca), None), True),
    "of another CA": (lambda ca: (client(pki.root()), None), False),
    "with another's key": (lambda ca: (client(ca), client(ca)), False),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_with_a_pair_it_cannot_be_told(product, server, ca, put_pair,
                                       goes_through, pair):
    make, works = PAIRS[pair]
    assert product.run(NAME).code == DOCKER
    put_pair(*make(ca))
    assert goes_through() == works
    before = product.snapshot()
    done = product.run(NAME, "--check")
    assert done.code == TRUSTED, done
    assert "accepts it" not in done.out and "refuses" not in done.out
    assert "no private key is read" in done.out
    report = report_of(product.run(NAME, "--json", "--check"))
    assert report["state"] == "trusted"
    # Of its own certificate it is known where the handshake went on.
    assert report["docker"] is None or (
        isinstance(server, Optional) and report["docker"]["accepts"])
    assert answers(report) == {"unchecked"}
    assert reasons(report) == {"client-pair"}
    assert product.run(NAME).code == TRUSTED
    assert product.snapshot() == before


def test_a_pair_that_nobody_asks_for_is_loaded_all_the_same(
        network, product, serve, ca, put_pair, goes_through):
    """Docker fails where it is none, before it says a word."""
    network.name(NAME, serve(ca.leaf(NAME), ca).address)
    assert product.run(NAME).code == TRUSTED
    for make, goes in ((lambda: put_pair(client(ca)), True),
                       (lambda: put_pair(client(ca), client(ca)), False)):
        make()
        assert goes_through() == goes
        report = report_of(product.run(NAME, "--json"))
        assert (report["exit"], answers(report)) == (TRUSTED, {"unchecked"})


def test_another_cause_stays_one(network, product, server, ca, put_pair,
                                 goes_through):
    """A pair mends no certificate of the server's."""
    assert product.run(NAME).code == DOCKER
    put_pair(client(ca))
    server.present(ca.leaf("other.client.test"), ca, client_ca=ca)
    assert not goes_through()
    report = report_of(product.run(NAME, "--json", "--check"))
    assert report["exit"] == DOCKER
    assert answers(report) == {"refuses"}
    assert reasons(report) == {"certificate"}


def test_the_key_is_not_opened(product, server, ca, put_pair):
    """Not by the installer, not by a probe: it may be unreadable."""
    assert product.run(NAME).code == DOCKER
    put_pair(client(ca))
    trace = product.path("..", "trace")
    need("strace")
    product.run(NAME, prefix=["strace", "-f", "-qq", "-o", trace, "-e",
                              "trace=open,openat,openat2"])
    with open(trace, encoding="latin-1") as file:
        text = file.read()
    assert "ca.crt" in text
    assert "client.key" not in text and "client.cert" not in text
