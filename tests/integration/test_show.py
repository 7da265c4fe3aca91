# SPDX-License-Identifier: Apache-2.0
"""--show: the whole chain for a person to compare, and a line to paste."""
import hashlib
import re
import shlex

import pytest
from cryptography import x509

from support import pki
from support.product import TRUSTED, UNREACHABLE

NAME = "show.show.test"
NAMES = [NAME, "*.other.show.test", "198.51.100.77", "2001:db8::77"]


@pytest.fixture(scope="module", name="leaf", params=["ecdsa", "rsa"])
def make_leaf(request):
    root = pki.root("Show Root", key=request.param, days=3000)
    ca = root.intermediate("Show CA", key=request.param, days=1000)
    return ca.leaf(*NAMES, key=request.param)


@pytest.fixture(name="server")
def make_server(network, serve, leaf):
    server = serve(leaf, leaf.issuer, leaf.issuer.issuer)
    network.name(NAME, server.address)
    return server


def blocks(out):
    """The parts of OUT that begin with `[N] subject`."""
    return re.split(r"^    \[\d+\] subject", out, flags=re.MULTILINE)[1:]


def test_every_certificate_is_described(product, server, leaf):
    before = product.snapshot()
    done = product.run(NAME, "--show")
    assert done.code == TRUSTED, done
    assert product.snapshot() == before
    assert done.out.startswith(f"{NAME}: ")
    chain = [leaf, leaf.issuer, leaf.issuer.issuer]
    shown = blocks(done.out)
    assert len(shown) == len(chain)
    kind = "RSA" if "rsa" in type(leaf.key).__name__.lower() else "ECDSA"
    for text, identity, grade in zip(
            shown, chain, ("leaf", "intermediate", "root")):
        certificate = identity.certificate
        assert pki.fingerprint(certificate) in text
        assert f"({grade})" in text
        assert identity.name.rfc4514_string() in text
        assert identity.issuer.name.rfc4514_string() in text
        for moment in (certificate.not_valid_before,
                       certificate.not_valid_after):
            assert moment.strftime("%Y-%m-%dT%H:%M:%SZ") in text
        assert kind in text
        assert ("2048" if kind == "RSA" else "256") in text
    for name in NAMES:
        assert name in shown[0]
    assert server.address in done.out
    assert "TLS 1.3" in done.out


def test_the_line_to_pin_works_when_it_is_pasted(
        product, server, accepts, leaf):
    shown = product.run(NAME, "--show")
    last = shown.out.rstrip("\n").splitlines()[-1]
    pasted = last[last.index("--pin"):]
    done = product.run(*shlex.split(pasted), NAME, "--require-pin")
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == [
        pki.der(leaf.issuer.issuer.certificate)]
    assert accepts(NAME)


def test_every_fingerprint_that_it_shows_is_a_pin(product, server, leaf):
    shown = product.run(NAME, "--show")
    for text, identity in zip(blocks(shown.out), [
            leaf, leaf.issuer, leaf.issuer.issuer]):
        pin = re.search(r"^    (sha256:\S+)$", text, re.M).group(1)
        done = product.run(NAME, "--pin", pin, "--on-change", "replace")
        assert done.code == TRUSTED, done
        assert product.anchors(NAME) == [pki.der(identity.certificate)]


def test_what_is_installed_does_not_matter(product, server, leaf):
    alone = product.run(NAME, "--show")
    other = pki.root("Other Root")
    assert product.run(NAME).code == TRUSTED
    with open(product.path(NAME, "ca.crt"), "wb") as file:
        file.write(pki.pem(other.certificate))
    assert product.run(NAME, "--show").out == alone.out


def test_a_directory_is_not_needed(product, server):
    done = product.run(NAME, "--show", "--certs-dir", "/nonexistent/x")
    assert done.code == TRUSTED, done


class Unreadable:
    """A CA whose serial number was made negative: Go reads none of those."""

    def __init__(self, identity):
        self.der = bytearray(pki.der(identity.certificate))
        serial = self.der.index(b"\x02\x14") + 2
        self.der[serial] |= 0x80
        self.certificate = x509.load_der_x509_certificate(bytes(self.der))


def test_a_certificate_that_docker_cannot_read_is_shown_as_such(
        network, product, serve):
    root = pki.root("Odd Root")
    odd = Unreadable(root)
    network.name(NAME, serve(root.leaf(NAME), odd).address)
    done = product.run(NAME, "--show")
    assert done.code == TRUSTED, done
    _leaf, shown = blocks(done.out)
    assert "cannot read" in shown
    assert hashlib.sha256(odd.der).hexdigest() in shown
    assert "Odd Root (" not in shown


def test_an_unreachable_registry_shows_nothing(network, product, serve):
    network.name("gone.show.test")
    done = product.run("gone.show.test", "--show")
    assert done.code == UNREACHABLE, done
    assert done.out == ""


def test_one_registry_after_the_other(network, product, server, serve):
    other = pki.self_signed("second.show.test")
    network.name("second.show.test", serve(other).address)
    done = product.run(NAME, "second.show.test", "--show")
    assert done.code == TRUSTED, done
    assert len(blocks(done.out)) == 4
    assert done.out.count("--pin") == 2


def test_a_root_has_signed_itself(network, product, serve):
    """To name oneself as issuer costs nothing, and to lack keyCertSign too."""
    root = pki.root()
    usage = x509.KeyUsage(True, *[False] * 8)
    twin = pki.root("Twin").intermediate("Twin", extensions=[(usage, True)])
    alone = pki.root("Alone", extensions=[(usage, True)])
    network.name(NAME, serve(root.leaf(NAME), twin, alone).address)
    done = product.run(NAME, "--show")
    assert '"CN=Twin" (intermediate)' in done.out, done
    assert '"CN=Alone" (root)' in done.out, done
