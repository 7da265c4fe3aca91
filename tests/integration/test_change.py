# SPDX-License-Identifier: Apache-2.0
"""The decision's truth table, cell by cell, through the real binary; what is
said of a change; and how an added anchor goes again.

What is written is checked as bytes, and as Go's word (skopeo) on both chains.
"""
import time

import pytest

from support import pki
from support.product import REFUSED, TRUSTED

NAME = "change.change.test"
SECOND = 1 / 86400


@pytest.fixture(scope="module", name="world")
def make_world():
    """What can be installed or shown."""
    old = pki.root("Old Root")
    new = pki.root("New Root")
    old_ca = old.intermediate("Old CA")
    return {
        "old": old, "new": new, "old CA": old_ca,
        "old leaf": old.leaf(NAME), "new leaf": new.leaf(NAME),
        "leaf of the old CA": old_ca.leaf(NAME)}


# What the server shows, as names in the world.
SHOWN = {
    "same": ["old leaf", "old"],
    "verifies": ["leaf of the old CA", "old CA"],
    "changed": ["new leaf", "new"],
}
# (installed, shown, named by a pin, --on-change) -> (code, word, anchors);
# None as anchors: nothing was written.
NOTHING, OLD = None, "old"
TABLE = {
    # Nothing installed.
    (NOTHING, "same", None, None): (TRUSTED, "installed", ["old"]),
    (NOTHING, "same", None, "add"): (TRUSTED, "installed", ["old"]),
    (NOTHING, "same", None, "replace"): (TRUSTED, "installed", ["old"]),
    (NOTHING, "same", "old", None): (TRUSTED, "installed", ["old"]),
    (NOTHING, "same", "new", None): (REFUSED, "refused-pin", None),
    (NOTHING, "same", "new", "add"): (REFUSED, "refused-pin", None),
    (NOTHING, "same", "new", "replace"): (REFUSED, "refused-pin", None),
    # The same anchor.
    (OLD, "same", None, None): (TRUSTED, "unchanged", None),
    (OLD, "same", None, "add"): (TRUSTED, "unchanged", None),
    (OLD, "same", None, "replace"): (TRUSTED, "unchanged", None),
    (OLD, "same", "old", None): (TRUSTED, "unchanged", None),
    (OLD, "same", "old", "replace"): (TRUSTED, "unchanged", None),
    (OLD, "same", "new", None): (REFUSED, "refused-pin", None),
    (OLD, "same", "new", "add"): (REFUSED, "refused-pin", None),
    (OLD, "same", "new", "replace"): (REFUSED, "refused-pin", None),
    # Another anchor, but what is installed holds.
    (OLD, "verifies", None, None): (TRUSTED, "renewed", None),
    (OLD, "verifies", None, "add"): (TRUSTED, "renewed", None),
    (OLD, "verifies", None, "replace"): (TRUSTED, "renewed", None),
    (OLD, "verifies", "old CA", None): (TRUSTED, "renewed", None),
    (OLD, "verifies", "old CA", "add"): (TRUSTED, "added",
                                         ["old CA", "old"]),
    (OLD, "verifies", "old CA", "replace"): (TRUSTED, "installed",
                                             ["old CA"]),
    # The pinned anchor is installed; the server does not send it (any more).
    (OLD, "verifies", "old", None): (TRUSTED, "unchanged", None),
    (OLD, "verifies", "old", "add"): (TRUSTED, "unchanged", None),
    (OLD, "verifies", "old", "replace"): (TRUSTED, "unchanged", None),
    (OLD, "verifies", "new", None): (REFUSED, "refused-pin", None),
    # A change.
    (OLD, "changed", None, None): (REFUSED, "refused-changed", None),
    (OLD, "changed", None, "add"): (TRUSTED, "added", ["new", "old"]),
    (OLD, "changed", None, "replace"): (TRUSTED, "installed", ["new"]),
    (OLD, "changed", "new", None): (TRUSTED, "added", ["new", "old"]),
    (OLD, "changed", "new", "add"): (TRUSTED, "added", ["new", "old"]),
    (OLD, "changed", "new", "replace"): (TRUSTED, "installed", ["new"]),
    (OLD, "changed", "old", None): (REFUSED, "refused-pin", None),
    (OLD, "changed", "old", "add"): (REFUSED, "refused-pin", None),
    (OLD, "changed", "old", "replace"): (REFUSED, "refused-pin", None),
}


def pin(identity):
    return "sha256:" + pki.fingerprint(identity.certificate)


def der(world, names):
    return [pki.der(world[name].certificate) for name in names]


def say(cell):
    installed, shown, named, on_change = cell
    return (f"{installed or 'nothing'} installed, {shown}, "
            f"pin {named or 'none'}, {on_change or 'default'}")


@pytest.fixture(name="server")
def make_server(network, serve, world):
    server = serve(world["old leaf"], world["old"])
    network.name(NAME, server.address)
    return server


@pytest.mark.parametrize("cell", TABLE, ids=say)
def test_the_truth_table(product, server, accepts, world, cell):
    installed, shown, named, on_change = cell
    code, word, written = TABLE[cell]
    if installed:
        assert product.run(NAME).code == TRUSTED
    leaf, *rest = (world[name] for name in SHOWN[shown])
    server.present(leaf, *rest)
    before = product.snapshot()

    done = product.run(
        NAME, "--json", *(["--pin", pin(world[named])] if named else []),
        *(["--on-change", on_change] if on_change else []))

    assert done.code == code, done
    assert f'"state":"{word}"' in done.out
    if written is None:
        assert product.snapshot() == before
        return
    assert product.anchors(NAME) == der(world, written)
    assert accepts(NAME)
    # What is still there of the old anchor goes on to work.
    if installed and "old" in written:
        server.present(world["old leaf"])
        assert accepts(NAME)


def change(product, server, world, *options):
    assert product.run(NAME).code == TRUSTED
    server.present(world["new leaf"], world["new"])
    return product.run(NAME, *options)


def test_the_refusal_shows_both_certificates_and_what_to_do(
        product, server, world):
    done = change(product, server, world)
    assert done.code == REFUSED, done
    assert "HAS CHANGED" in done.err
    old, new = world["old"].certificate, world["new"].certificate
    position = []
    for certificate, name in ((old, "Old Root"), (new, "New Root")):
        assert name in done.err
        assert pki.fingerprint(certificate) in done.err
        for moment in (certificate.not_valid_before,
                       certificate.not_valid_after):
            assert moment.strftime("%Y-%m-%dT%H:%M:%SZ") in done.err
        position.append(done.err.index(pki.fingerprint(certificate)))
    assert position == sorted(position)
    assert server.address in done.err
    for word in ("nothing was written", "administrator", "--on-change add",
                 "--on-change replace"):
        assert word in done.err


def test_the_command_that_it_names_accepts_the_change(
        product, server, accepts, world):
    refused = change(product, server, world)
    accepting, = refused.commands()
    done = product.run(*accepting)
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == der(world, ["new", "old"])
    assert accepts(NAME)


def test_the_command_that_it_names_accepts_that_change_only(
        product, server, world):
    """Between reading and accepting, somebody else may begin to answer."""
    accepting, = change(product, server, world).commands()
    before = product.snapshot()
    stranger = pki.root("Stranger")
    server.present(stranger.leaf(NAME), stranger)
    assert product.run(*accepting).code == REFUSED
    assert product.snapshot() == before


def test_the_command_names_the_directory_if_it_is_not_dockers(
        product, server, world):
    accepting, = change(product, server, world).commands()
    at = accepting.index("--certs-dir")
    assert accepting[at + 1] == product.directory


@pytest.fixture(name="rotated")
def make_rotated(network, product, serve):
    """An old anchor that soon ends, with the new one added; the server shows
    the new chain. The time when the old one has ended."""
    old = pki.root("Short Root", days=4 * SECOND)
    new = pki.root("Long Root")
    ends = time.time() + 4
    server = serve(old.leaf(NAME), old)
    network.name(NAME, server.address)
    assert product.run(NAME).code == TRUSTED
    server.present(new.leaf(NAME), new)
    done = product.run(NAME, "--on-change", "add")
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == [pki.der(new.certificate),
                                     pki.der(old.certificate)]
    return server, new, ends


def test_an_added_anchor_goes_by_itself_when_the_old_one_has_expired(
        product, accepts, rotated):
    _server, new, ends = rotated
    before = product.snapshot()
    done = product.run(NAME)
    assert done.code == TRUSTED and "unchanged" in done.out, done
    assert product.snapshot() == before

    time.sleep(max(0, ends + 1.1 - time.time()))
    done = product.run(NAME)

    assert done.code == TRUSTED, done
    assert "dropped" in done.out
    assert product.anchors(NAME) == [pki.der(new.certificate)]
    assert accepts(NAME)
    before = product.snapshot()
    done = product.run(NAME)
    assert done.code == TRUSTED and "unchanged" in done.out, done
    assert product.snapshot() == before


def test_the_last_anchor_stays_though_it_has_expired(
        network, product, serve):
    """It may be all that keeps a stranger out; and an empty file helps
    nobody."""
    old = pki.root("Short Root", days=2 * SECOND)
    server = serve(old.leaf(NAME), old)
    network.name(NAME, server.address)
    assert product.run(NAME).code == TRUSTED
    before = product.snapshot()
    time.sleep(3.1)
    new = pki.root("Long Root")
    server.present(new.leaf(NAME), new)
    done = product.run(NAME)
    assert done.code == REFUSED, done
    assert product.snapshot() == before
    done = product.run(NAME, "--pin", pin(new))
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == [pki.der(new.certificate)]


def test_an_expired_anchor_that_is_named_is_not_dropped_in_turns(
        product, server, world):
    """Docker refuses it, which is said; but no run undoes what the one before
    has done."""
    assert product.run(NAME).code == TRUSTED
    over = pki.root("Over", days=-0.5)
    server.present(over.leaf(NAME), over)
    done = product.run(NAME, "--pin", pin(over))
    assert done.code == 5, done
    before = product.snapshot()
    for _ in range(2):
        assert product.run(NAME, "--pin", pin(over)).code == 5
        assert product.snapshot() == before


def test_a_file_of_another_hand_is_added_to_only_on_request(
        product, server, world):
    """A ca.crt without our mark counts as installed like any other; its text
    stays above ours."""
    product.run(NAME)
    with open(product.path(NAME, "ca.crt"), "wb") as file:
        file.write(pki.pem(world["new"].certificate))
    before = product.snapshot()
    assert product.run(NAME).code == REFUSED
    assert product.snapshot() == before
    assert product.run(NAME, "--on-change", "add").code == TRUSTED
    assert product.anchors(NAME) == der(world, ["new", "old"])
    with open(product.path(NAME, "ca.crt"), "rb") as file:
        assert file.read().startswith(pki.pem(world["new"].certificate))
