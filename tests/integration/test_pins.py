# SPDX-License-Identifier: Apache-2.0
"""Pins: what is named is installed, in whatever form it was pasted, and only
if the server's chain really leads to it."""
import subprocess

import pytest

from support import pki
from support.network import tool
from support.product import REFUSED, TRUSTED, USAGE

UNUSABLE = 5

NAME = "pin.pins.test"
OTHER = "other.pins.test"


@pytest.fixture(scope="module", name="leaf")
def make_leaf():
    return pki.root("Pin Root").intermediate("Pin CA").leaf("*.pins.test")


@pytest.fixture(name="server")
def make_server(network, serve, leaf):
    """NAME, which presents its whole chain."""
    server = serve(leaf, leaf.issuer, leaf.issuer.issuer)
    network.name(NAME, server.address)
    return server


def hexadecimal(identity):
    return pki.fingerprint(identity.certificate)


def pin(identity):
    return "sha256:" + hexadecimal(identity)


def colons(text):
    return ":".join(text[i:i + 2] for i in range(0, len(text), 2))


def der(*identities):
    return [pki.der(i.certificate) for i in identities]


def chain_of(leaf):
    return {"leaf": leaf, "intermediate": leaf.issuer,
            "root": leaf.issuer.issuer}


def openssl_fingerprint(identity, digest="-sha256"):
    return subprocess.run(
        [tool("openssl"), "x509", "-fingerprint", digest, "-noout"],
        input=pki.pem(identity.certificate), capture_output=True,
        check=True).stdout.decode().rstrip("\n")


@pytest.mark.parametrize("which", ["leaf", "intermediate", "root"])
def test_the_pinned_certificate_becomes_the_anchor(
        product, server, accepts, leaf, which):
    pinned = chain_of(leaf)[which]
    done = product.run(NAME, "--pin", pin(pinned))
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == der(pinned)
    assert hexadecimal(pinned) in done.out
    assert "first use" not in done.err
    assert accepts(NAME)


def test_leaf_and_ca_are_never_installed_together(product, server, leaf):
    both = f"{pin(leaf)},{pin(leaf.issuer)}"
    assert product.run(NAME, "--pin", both).code == TRUSTED
    assert product.anchors(NAME) == der(leaf.issuer)


FORMS = {
    "as --help says": pin,
    "openssl, as it prints": openssl_fingerprint,
    "openssl 1.1": lambda i: openssl_fingerprint(i).replace(
        "sha256", "SHA256"),
    "colons, upper case": lambda i: colons(hexadecimal(i).upper()),
    "colons, lower case": lambda i: colons(hexadecimal(i)),
    "sha256 and colons": lambda i: "SHA256:" + colons(hexadecimal(i)),
    "step, bare lower case": hexadecimal,
    "bare upper case": lambda i: hexadecimal(i).upper(),
    "for one registry": lambda i: f"{NAME}={pin(i)}",
    "for one registry, from openssl":
        lambda i: f"{NAME}={openssl_fingerprint(i)}",
    "among others": lambda i: f"{'0' * 64} {pin(i)}, {'f' * 64}",
    "openssl's lines": lambda i: "\n".join(
        [openssl_fingerprint(pki.root()), openssl_fingerprint(i), ""]),
}


@pytest.mark.parametrize("how", ["flag", "variable"])
@pytest.mark.parametrize("form", FORMS)
def test_every_pasted_form_is_read(product, server, leaf, form, how):
    anchor = leaf.issuer
    text = FORMS[form](anchor)
    done = product.run(NAME, "--pin", text) if how == "flag" else \
        product.run(NAME, env={"DTR_PIN": text})
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == der(anchor)


def test_the_flag_can_be_given_several_times(product, server, leaf):
    done = product.run("--pin", "0" * 64, NAME, "--pin=" + pin(leaf.issuer))
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == der(leaf.issuer)


def test_two_pins_carry_over_a_rotation(product, server, accepts, leaf):
    root = leaf.issuer.issuer
    successor = pki.root("Next Root")
    new = successor.leaf(NAME)
    pins = f"{pin(root)} {pin(successor)}"
    assert product.run(NAME, "--pin", pins).code == TRUSTED
    assert product.anchors(NAME) == der(root)

    server.present(new, successor)
    done = product.run(NAME, "--pin", pins)

    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == der(successor, root)
    before = product.snapshot()
    for chain in ((leaf, leaf.issuer), (new, successor)):
        server.present(*chain)
        assert accepts(NAME)
    assert product.run(NAME, "--pin", pins).code == TRUSTED
    assert product.snapshot() == before


def test_a_pin_for_one_registry_speaks_for_no_other(
        network, product, server, serve, leaf):
    second = pki.root("Second Root")
    network.name(OTHER, serve(second.leaf(OTHER), second).address)
    right = [f"{NAME}={pin(leaf.issuer)}", f"{OTHER}={pin(second)}"]
    crossed = [f"{OTHER}={pin(leaf.issuer)}", f"{NAME}={pin(second)}"]

    done = product.run(NAME, OTHER, "--pin", " ".join(crossed))
    assert done.code == REFUSED, done
    assert not product.installed(NAME) and not product.installed(OTHER)

    # Two directories are two registries to Docker, and to pins.
    for misspelt in (f"{NAME}:443", "pin.pin.test"):
        done = product.run(NAME, "--require-pin", "--pin",
                           f"{misspelt}={pin(leaf.issuer)}")
        assert done.code == REFUSED, done
        assert f"the pin for {misspelt} is for no registry" in done.err

    done = product.run(NAME, OTHER, "--pin", right[0], "--require-pin")
    assert done.code == REFUSED, done
    assert product.installed(NAME) and not product.installed(OTHER)

    done = product.run(NAME, OTHER, "--pin", " ".join(right))
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == der(leaf.issuer)
    assert product.anchors(OTHER) == der(second)
    assert "no registry of this run" not in done.err


def test_a_missed_pin_is_refused_and_nothing_is_written(
        product, server, leaf):
    before = product.snapshot()
    done = product.run(NAME, "--pin", pin(pki.root()))
    assert done.code == REFUSED, done
    assert NAME in done.err
    for identity in chain_of(leaf).values():
        assert hexadecimal(identity) in done.err
    assert product.snapshot() == before

    assert product.run(NAME).code == TRUSTED
    before = product.snapshot()
    for more in ([], ["--on-change", "replace"], ["--on-change", "add"]):
        done = product.run(NAME, "--pin", pin(pki.root()), *more)
        assert done.code == REFUSED, done
        assert product.snapshot() == before


def intruders(leaf):
    """Chains that hold a pinned certificate and do not lead to it."""
    ca, root = leaf.issuer, leaf.issuer.issuer
    stranger = pki.root("Stranger")
    namesake = pki.root("Pin Root").intermediate("Pin CA")
    return {
        "pinned CA appended": [stranger.leaf(NAME), stranger, ca],
        "pinned CA alone appended": [stranger.leaf(NAME), ca],
        "pinned CA and its root appended":
            [stranger.leaf(NAME), stranger, ca, root],
        "pinned CA before the own": [stranger.leaf(NAME), ca, stranger],
        "signed by a namesake": [namesake.leaf(NAME), ca],
        "signed by a namesake that is sent too":
            [namesake.leaf(NAME), namesake, ca],
        "self-signed": [pki.self_signed(NAME), ca],
        "self-signed in the CA's name":
            [pki.self_signed(NAME, subject="Pin CA"), ca],
        "by a leaf of the pinned CA": [
            pki.Identity(NAME, issuer=leaf, names=[NAME]), leaf, ca],
    }


@pytest.mark.parametrize("what", [
    "pinned CA appended", "pinned CA alone appended",
    "pinned CA and its root appended", "pinned CA before the own",
    "signed by a namesake", "signed by a namesake that is sent too",
    "self-signed", "self-signed in the CA's name",
    "by a leaf of the pinned CA"])
def test_a_chain_that_only_shows_the_pinned_ca_is_refused(
        product, server, leaf, what):
    server.present(*intruders(leaf)[what])
    before = product.snapshot()
    done = product.run(NAME, "--pin", pin(leaf.issuer))
    assert done.code == REFUSED, done
    assert product.snapshot() == before


@pytest.mark.parametrize("make", [
    lambda ca: [pki.self_signed("other.example")],
    lambda ca: [ca.leaf("other.example"), ca],
    lambda ca: [pki.Identity("nobody", issuer=ca), ca]])
def test_what_is_pinned_is_installed_though_docker_refuses_the_leaf(
        product, server, leaf, make):
    """The operator named it; that the leaf is for another host is said."""
    chain = make(leaf.issuer)
    server.present(*chain)
    for _ in range(2):
        done = product.run(NAME, "--pin", pin(chain[-1]))
        assert done.code == UNUSABLE, done
        assert f"{NAME}: REFUSED BY DOCKER" in done.err
        assert product.anchors(NAME) == der(chain[-1])


@pytest.mark.parametrize("how", ["flag", "variable"])
def test_require_pin_refuses_a_first_use(product, server, how):
    before = product.snapshot()
    done = product.run(NAME, "--require-pin") if how == "flag" else \
        product.run(NAME, env={"DTR_REQUIRE_PIN": "1"})
    assert done.code == REFUSED, done
    assert "--require-pin" in done.err
    assert product.snapshot() == before


def test_require_pin_is_content_with_a_pin_or_a_file(
        product, server, leaf, tmp_path):
    done = product.run(NAME, "--require-pin", "--pin", pin(leaf.issuer))
    assert done.code == TRUSTED, done
    path, _ = leaf.issuer.save(str(tmp_path / "ca"))
    done = product.run(NAME, "--require-pin", "--ca-file", path)
    assert done.code == TRUSTED, done
    assert "unchanged" in done.out


BAD = {
    "SHA-1": (openssl_fingerprint(pki.root(), "-sha1"), "sha1 Fingerprint"),
    "SHA-1, bare": ("ab" * 20, "SHA-1"),
    "SHA-512": (openssl_fingerprint(pki.root(), "-sha512"), "sha512 Fing"),
    "MD5, bare": ("ab" * 16, "MD5"),
    "another algorithm": ("sha512:" + "ab" * 64, "SHA-256"),
    "one digit short": ("sha256:" + "a" * 63, "64"),
    "one digit more": ("sha256:" + "a" * 65, "64"),
    "no digits": ("sha256:", "64"),
    "not hexadecimal": ("sha256:" + "g" * 64, "hexadecimal"),
    "base64 of the key, as curl has it": (
        "sha256//YhKJKSzoTt2b5FP18fvpHo7fJYqQCjAa3HWY3tvRMwE=", "sha256"),
    "a bad registry": ("../x=" + "ab" * 32, "../x"),
    "only a registry": (f"{NAME}=", "64"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_pin_is_a_usage_error_before_anything_else(
        network, product, server, what):
    text, word = BAD[what]
    before = product.snapshot()
    asked = len(network.names.asked)
    done = product.run(NAME, "--pin", text)
    assert done.code == USAGE, done
    assert word in done.err
    assert product.snapshot() == before
    assert server.accepted == 0 and len(network.names.asked) == asked


@pytest.mark.parametrize("options", [
    ["--pin", "0" * 64, "--ca-file", "/nonexistent"],
    ["--offline"], ["--offline", "--pin", "0" * 64],
    ["--check", "--show"], ["--check", "--remove"], ["--show", "--remove"],
    ["--check", "--ca-file", "/nonexistent"],
    ["--remove", "--ca-file", "/nonexistent"],
    ["--on-change", "add,replace"], ["--on-change"], ["--pin"]],
    ids=" ".join)
def test_options_that_contradict_each_other_are_a_usage_error(
        network, product, server, options):
    before = product.snapshot()
    asked = len(network.names.asked)
    done = product.run(NAME, *options)
    assert done.code == USAGE, done
    assert done.err.startswith("dtr-trust: ")
    assert product.snapshot() == before
    assert server.accepted == 0 and len(network.names.asked) == asked
