# SPDX-License-Identifier: Apache-2.0
"""What a second run decides: unchanged, renewed, or refused."""
import os

import pytest

from support import pki
from support.product import REFUSED, TRUSTED, USAGE

NAME = "again.run.test"


@pytest.fixture(name="root")
def make_root():
    return pki.root()


def install(network, product, serve, identity, *chain):
    server = serve(identity, *chain)
    network.name(NAME, server.address)
    done = product.run(NAME)
    assert done.code == TRUSTED, done
    return server


def der(*identities):
    return [pki.der(i.certificate) for i in identities]


def test_the_same_chain_again_is_unchanged_and_not_written(
        network, product, serve, root):
    install(network, product, serve, root.leaf(NAME), root)
    before = product.snapshot()
    done = product.run(NAME)
    assert done.code == TRUSTED, done
    assert "unchanged" in done.out
    assert product.snapshot() == before


def test_a_new_leaf_under_the_same_ca_is_unchanged(
        network, product, serve, root):
    server = install(network, product, serve, root.leaf(NAME), root)
    before = product.snapshot()
    server.present(root.leaf(NAME), root)
    done = product.run(NAME)
    assert done.code == TRUSTED, done
    assert product.snapshot() == before


@pytest.mark.parametrize("shape", ["leaf alone", "another intermediate"])
def test_a_chain_that_verifies_under_the_installed_anchor_is_renewed(
        network, product, serve, accepts, root, shape):
    server = install(network, product, serve, root.leaf(NAME), root)
    before = product.snapshot()
    if shape == "leaf alone":
        server.present(root.leaf(NAME))
    else:
        leaf = root.intermediate("Test New").leaf(NAME)
        server.present(leaf, leaf.issuer)

    done = product.run(NAME)

    assert done.code == TRUSTED, done
    assert "renewed" in done.out
    assert product.snapshot() == before
    assert accepts(NAME)
    # What is named beside the file is what is in it, and lasts so long.
    for text in (done.out, product.run(NAME, "--check").out):
        assert text.count("    anchor  ") == 1
        assert "sha256:" + pki.fingerprint(root.certificate) in text
        assert '"CN=Test Root" (root)' in text
        assert "the server's own certificate" not in text


def changes(root):
    other = pki.root("Other Root")
    namesake = pki.root()
    same_key = pki.root(reuse_key=root.key, subject="Test Root")
    return {
        "another CA": (other.leaf(NAME), other),
        "a namesake of the CA": (namesake.leaf(NAME), namesake),
        "a self-signed leaf": (pki.self_signed(NAME),),
        "a leaf of another CA with ours appended": (other.leaf(NAME), root),
        "another certificate for the CA's key": (
            same_key.leaf(NAME), same_key),
    }


@pytest.mark.parametrize("what", [
    "another CA", "a namesake of the CA", "a self-signed leaf",
    "a leaf of another CA with ours appended"])
def test_a_changed_chain_is_refused_and_nothing_is_written(
        network, product, serve, accepts, root, what):
    server = install(network, product, serve, root.leaf(NAME), root)
    before = product.snapshot()
    changed = changes(root)[what]
    server.present(*changed)

    done = product.run(NAME)

    assert done.code == REFUSED, done
    assert NAME in done.err
    # A leaf alone may lack its intermediate: then no command accepts it.
    alone = what == "a leaf of another CA with ours appended"
    assert ("--on-change" in done.err) is not alone
    assert ("an intermediate is missing" in done.err) is alone
    assert product.snapshot() == before
    assert not accepts(NAME)
    shown = (done.out + done.err).lower().replace(":", "")
    assert pki.fingerprint(root.certificate) in shown


def test_a_reissued_ca_with_the_same_key_is_renewed(
        network, product, serve, accepts, root):
    server = install(network, product, serve, root.leaf(NAME), root)
    before = product.snapshot()
    server.present(*changes(root)["another certificate for the CA's key"])
    done = product.run(NAME)
    assert done.code == TRUSTED, done
    assert product.snapshot() == before
    assert accepts(NAME)


def test_a_renewed_self_signed_leaf_is_refused_as_docker_would(
        network, product, serve, accepts):
    old = pki.self_signed(NAME)
    server = install(network, product, serve, old)
    server.present(pki.self_signed(NAME, reuse_key=old.key))
    done = product.run(NAME)
    assert done.code == REFUSED, done
    assert not accepts(NAME)


def test_on_change_replace_keeps_only_the_new_anchor(
        network, product, serve, accepts, root):
    server = install(network, product, serve, root.leaf(NAME), root)
    other = pki.root("Other Root")
    server.present(other.leaf(NAME), other)
    done = product.run(NAME, "--on-change", "replace")
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == der(other)
    assert accepts(NAME)


@pytest.mark.parametrize("how", ["flag", "variable"])
def test_on_change_add_keeps_the_old_beside_the_new(
        network, product, serve, accepts, root, how):
    server = install(network, product, serve, root.leaf(NAME), root)
    other = pki.root("Other Root")
    server.present(other.leaf(NAME), other)
    options, variables = (["--on-change", "add"], None) \
        if how == "flag" else ([], {"DTR_ON_CHANGE": "add"})

    done = product.run(NAME, *options, env=variables)

    assert done.code == TRUSTED, done
    assert sorted(product.anchors(NAME)) == sorted(der(root, other))
    assert accepts(NAME)
    server.present(root.leaf(NAME), root)
    assert accepts(NAME)
    before = product.snapshot()
    for chain in ((other.leaf(NAME), other), (root.leaf(NAME), root)):
        server.present(*chain)
        again = product.run(NAME, *options, env=variables)
        assert again.code == TRUSTED, again
        assert product.snapshot() == before


def test_on_change_refuse_is_the_default_and_can_be_named(
        network, product, serve, root):
    server = install(network, product, serve, root.leaf(NAME), root)
    server.present(pki.self_signed(NAME))
    assert product.run(NAME, "--on-change", "refuse").code == REFUSED
    assert product.run(NAME, "--on-change", "Replace").code == USAGE


def test_one_changed_registry_does_not_stop_another(
        network, product, serve, root):
    server = install(network, product, serve, root.leaf(NAME), root)
    server.present(pki.self_signed(NAME))
    fresh = serve(root.leaf("fresh.run.test"), root)
    network.name("fresh.run.test", fresh.address)
    done = product.run(NAME, "fresh.run.test")
    assert done.code == REFUSED, done
    assert product.anchors("fresh.run.test") == der(root)


def test_an_anchor_of_other_hands_in_the_directory_counts(
        network, product, serve, accepts, root):
    """corp.crt already makes Docker trust: nothing needs to be added."""
    server = serve(root.leaf(NAME), root)
    network.name(NAME, server.address)
    directory = product.path(NAME)
    os.mkdir(directory)
    with open(os.path.join(directory, "corp.crt"), "wb") as file:
        file.write(pki.pem(root.certificate))
    assert accepts(NAME)
    done = product.run(NAME)
    assert done.code == TRUSTED, done
    assert accepts(NAME)
