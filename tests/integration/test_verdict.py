# SPDX-License-Identifier: Apache-2.0
"""What the program says of Docker, held against a Go client's own word."""
import os

import pytest

from support import pki
from support.odd_identity import Leaf, Rsa, resign
from support.product import DOCKER, TRUSTED
from support.reports import report_of

NOT_ITS_CA, STILL_REFUSED = 3, 5
NAME = "word.verdict.test"


def wrong_name(root):
    return root.leaf("other.verdict.test")


def expired(root):
    return root.leaf(NAME, days=-0.5)


def common_name_only(root):
    return pki.Identity(NAME, issuer=root)


def blank_domain(root):
    return pki.Identity("", issuer=root)


REFUSED_BY_GO = {
    wrong_name: "valid for other.verdict.test, not " + NAME,
    expired: "certificate has expired or is not yet valid",
    common_name_only: "certificate relies on legacy Common Name field",
    blank_domain: "certificate is not valid for any names, but wanted to "
                  "match " + NAME,
}


@pytest.mark.parametrize("make", REFUSED_BY_GO)
def test_what_docker_will_still_refuse_is_said_in_its_words(
        network, product, serve, accepts, make):
    root = pki.root()
    server = serve(make(root), root)
    network.name(NAME, server.address)
    done = product.run(NAME)
    assert done.code == STILL_REFUSED, done
    assert "x509: " in done.err and REFUSED_BY_GO[make] in done.err, done
    # Nobody vouches for it, so nothing is remembered of it.
    assert not product.installed(NAME)
    done = product.run(NAME, "--pin", pki.fingerprint(root.certificate))
    assert done.code == STILL_REFUSED, done
    assert REFUSED_BY_GO[make] in done.err, done
    assert product.anchors(NAME) == [pki.der(root.certificate)]
    assert not accepts(NAME)


def test_what_docker_will_accept_is_said(network, product, serve, accepts):
    root = pki.root()
    server = serve(root.leaf(NAME), root)
    network.name(NAME, server.address)
    for _ in range(2):
        done = product.run(NAME)
        assert done.code == TRUSTED, done
        assert "x509: " not in done.out + done.err
    assert accepts(NAME)


@pytest.mark.parametrize("docker, said", [
    ("28.4", "accepts"), ("29.7", "refuses")])
def test_others_than_docker_have_a_go_of_their_own(
        network, product, serve, accepts, docker, said):
    """Go refuses a CA with a key of less than 1024 bits from 1.24 on. Which one
    Podman or containerd was built with, no release of Docker tells."""
    root = pki.root(key="rsa1000")
    server = serve(root.leaf(NAME), root)
    network.name(NAME, server.address)
    os.makedirs(product.path(NAME))
    with open(product.path(NAME, "ca.crt"), "wb") as file:
        file.write(pki.pem(root.certificate))
    done = product.run(NAME, "--json", "--docker", docker, "--check")
    found = {one["consumer"]: one["answer"]
             for one in report_of(done)["consumers"]}
    assert (done.code == TRUSTED) == (said == "accepts"), done
    assert {found.pop("podman"), found.pop("containerd")} == {"unchecked"}
    assert set(found.values()) == {said}, found
    assert accepts(NAME)  # skopeo here is of Go 1.19


@pytest.mark.parametrize("make", [None, expired])
def test_a_release_that_is_too_new_is_said_to_be_judged_as_another(
        network, product, serve, make):
    root = pki.root()
    server = serve(make(root) if make else root.leaf(NAME), root)
    network.name(NAME, server.address)
    for docker, is_said in (("99.1", True), ("29", True), ("29.7.2", False),
                            (None, False)):
        option = ["--docker", docker] if docker else []
        said = f"Docker {docker} is judged as 29.7.2"
        text = product.run(NAME, *option)
        others = report_of(product.run(NAME, "--json", *option))[
            "docker"]["other_releases"]
        assert (said in " ".join((text.out + text.err).split())) == is_said
        assert (others is not None and others.endswith(said)) == is_said


def test_a_root_of_16384_bits_that_is_not_sent(network, product, serve):
    """Go refuses such a key in what a server sends, and in no pool. What a
    probe allocates for it, its sandbox has to let it give back."""
    key, other = Rsa(16384), Rsa(16384)
    leaf = pki.Identity(NAME, issuer=pki.root("Long Root"), names=[NAME])
    leaf.certificate = resign(leaf.certificate, key)
    network.name(NAME, serve(leaf).address)
    os.makedirs(product.path(NAME))
    for k, code in ((key, TRUSTED), (other, NOT_ITS_CA)):
        root = Leaf(k.spki(), k, subject="Long Root", ca=True)
        with open(product.path(NAME, "ca.crt"), "wb") as file:
            file.write(pki.pem(root.certificate))
        done = product.run(NAME, "--check")
        assert done.code == code, done


def test_long_names_in_a_chain_hide_no_words_of_docker(
        network, product, serve):
    """The texts of a report have room for so many."""
    root, other = pki.root(), pki.root("\u20ac" * 64)
    server = serve(root.leaf("elsewhere.test"), root, *(
        other.intermediate("\u20ac" * 64) for _ in range(270)))
    network.name("long.verdict.test", server.address)
    done = product.run("long.verdict.test")
    assert done.code == DOCKER, done
    assert ("x509: certificate is valid for elsewhere.test, not "
            "long.verdict.test") in done.err, done
