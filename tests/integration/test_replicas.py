# SPDX-License-Identifier: Apache-2.0
"""Several servers behind one name, asked with --all-addresses."""
from support import pki
from support.product import REFUSED, TRUSTED, UNREACHABLE

NAME = "reg.replicas.test"


def test_servers_of_one_ca_may_have_certificates_of_their_own(network, product,
                                                              serve):
    root = pki.root()
    servers = [serve(root.leaf(NAME), root) for _ in range(3)]
    network.name(NAME, *(s.address for s in servers))
    done = product.run(NAME, "--all-addresses")
    assert done.code == TRUSTED, done


def test_a_server_of_another_ca_is_named_and_nothing_is_written(
        network, product, serve):
    root, other = pki.root(), pki.root()
    good = serve(root.leaf(NAME), root)
    bad = serve(other.leaf(NAME), other)
    network.name(NAME, good.address, bad.address)
    done = product.run(NAME, "--all-addresses")
    assert done.code == REFUSED, done
    assert "presents another chain than" in done.err, done
    assert good.address in done.err and bad.address in done.err, done
    assert not product.installed(NAME), done


def test_leaves_without_a_ca_are_a_mixture(network, product, serve):
    root = pki.root()
    servers = [serve(root.leaf(NAME)) for _ in range(2)]
    network.name(NAME, *(s.address for s in servers))
    done = product.run(NAME, "--all-addresses")
    assert done.code == REFUSED, done
    assert not product.installed(NAME), done


def test_an_address_that_cannot_be_asked_fails_the_registry(network, product,
                                                            serve):
    root = pki.root()
    good = serve(root.leaf(NAME), root)
    closed = network.address()
    network.name(NAME, good.address, closed)
    done = product.run(NAME, "--all-addresses")
    assert done.code == UNREACHABLE, done
    assert closed in done.err, done
    assert not product.installed(NAME), done


def test_without_the_option_the_first_that_answers_counts(network, product,
                                                          serve):
    root, other = pki.root(), pki.root()
    network.name(NAME, serve(root.leaf(NAME), root).address,
                 serve(other.leaf(NAME), other).address)
    assert product.run(NAME).code == TRUSTED
