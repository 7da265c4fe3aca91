# SPDX-License-Identifier: Apache-2.0
"""Several servers behind one name, asked with --all-addresses."""
from support import pki
from support.mounts import in_mounts
from support.product import DOCKER, REFUSED, TRUSTED, UNREACHABLE
from support.servers import RudeServer, claim

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


def test_a_longer_chain_elsewhere_does_not_touch_what_is_installed(
        network, product, serve, tmp_path):
    """The second answer is judged in memory of its own: what the first one's
    report lists of the files stays as it is."""
    root, other = pki.root(), pki.root("Other Root")
    issuer = root.intermediate()
    file = tmp_path / "root.pem"
    file.write_bytes(pki.pem(root.certificate))
    first = serve(issuer.leaf(NAME), issuer)
    second = serve(issuer.leaf(NAME), issuer,
                   *(other.intermediate(f"Other {i}") for i in range(40)))
    network.name(NAME, first.address, second.address)
    named = ("--ca-file", str(file), "--all-addresses")
    assert product.run(NAME, *named).code == TRUSTED
    before = product.snapshot()
    done = product.run(NAME, *named)
    assert done.code == TRUSTED, done
    done = product.run(NAME, "--all-addresses")
    assert done.code == TRUSTED, done
    assert product.snapshot() == before


def test_more_addresses_than_are_asked_fail_the_registry(network, product,
                                                         serve, tmp_path):
    """What the last one would present is not known: it has another CA."""
    root, other = pki.root(), pki.root("Other Root")
    good = serve(root.leaf(NAME), root)
    bad = serve(other.leaf(NAME), other)
    hosts = tmp_path / "hosts"
    hosts.write_text(f"{good.address} {NAME}\n" * 32
                     + f"{bad.address} {NAME}\n")
    done = product.run(NAME, "--all-addresses",
                       prefix=in_mounts((hosts, "/etc/hosts")))
    assert done.code == UNREACHABLE, done
    assert "33 addresses" in done.err, done
    assert not product.installed(NAME), done


def test_what_is_wrong_with_all_of_them_is_no_mixture(network, product, serve):
    """An expired CA is another cause, and so is a pin that nothing matches."""
    past = {"days": -2, "start": -9}
    old = pki.root(**past)
    servers = [serve(old.leaf(NAME, **past), old) for _ in range(2)]
    network.name(NAME, *(s.address for s in servers))
    done = product.run(NAME, "--all-addresses")
    assert done.code == DOCKER and "another chain" not in done.err, done
    assert "expired" in done.err, done
    done = product.run(NAME, "--all-addresses", "--pin", "sha256:" + 64 * "0")
    assert done.code == REFUSED and "another chain" not in done.err, done
    done = product.run(NAME, "--all-addresses", "--pin",
                       "sha256:" + pki.fingerprint(old.certificate))
    assert done.code == DOCKER and "another chain" not in done.err, done
    assert product.anchors(NAME) == [pki.der(old.certificate)]


def test_the_first_without_the_key_is_none_either(network, product, serve):
    """What the other one proves is its own."""
    root = pki.root()
    leaf = root.leaf(NAME)
    good = serve(leaf, root)
    with RudeServer(network, claim(leaf, root)) as impostor:
        network.name(NAME, impostor.address, good.address)
        done = product.run(NAME, "--all-addresses")
        assert done.code == REFUSED, done
        assert "did not prove that it holds its key" in done.err, done
        assert not product.installed(NAME), done


def test_a_server_without_the_key_is_no_replica(network, product, serve):
    """It may replay the chain; Docker would fail at one of the two."""
    root = pki.root()
    leaf = root.leaf(NAME)
    good = serve(leaf, root)
    with RudeServer(network, claim(leaf, root)) as impostor:
        network.name(NAME, good.address, impostor.address)
        done = product.run(NAME, "--all-addresses")
        assert done.code == UNREACHABLE, done
        assert (f"{impostor.address}:443 did not prove that it holds its key"
                in " ".join(done.err.split())), done
        assert "invalid signature" in done.err, done
        # Its own fault is none that a wider offer mends.
        assert (good.accepted, impostor.accepted) == (1, 1)
        assert not product.installed(NAME), done
