# SPDX-License-Identifier: Apache-2.0
"""A registry's life on one machine: installed, checked, renewed, removed.

Of the program that DTR_TRUST names; scripts/platforms names each platform's in
its emulator. What a kernel without Landlock adds to the output is let pass.
"""
import pytest

from support import pki
from support.product import REFUSED, TRUSTED


@pytest.mark.parametrize("key", ["ecdsa", "p384", "rsa2048", "ed25519"])
def test_from_the_first_run_to_the_removal(network, product, serve, accepts,
                                           key):
    root = pki.root("Life Root", key=key)
    leaf = root.leaf("life.test", key=key)
    server = serve(leaf, root)
    registry = network.name("life.test", server.address)

    assert product.run("--check", registry).code != TRUSTED
    assert not product.installed(registry)
    done = product.run(registry)
    assert done.code == TRUSTED, done
    assert product.anchors(registry) == [pki.der(root.certificate)]
    assert pki.fingerprint(root.certificate) in done.out
    assert accepts(registry)

    before = product.snapshot()
    for arguments in ([], ["--check"], ["--pin", "sha256:" + pki.fingerprint(
            root.certificate)]):
        done = product.run(*arguments, registry)
        assert done.code == TRUSTED, done
    assert product.snapshot() == before

    stranger = pki.root("Stranger", key=key)
    other = serve(stranger.leaf("life.test", key=key), stranger)
    network.name("life.test", other.address)
    assert product.run("--check", registry).code == REFUSED
    assert product.run(registry).code == REFUSED
    assert product.snapshot() == before
    assert not accepts(registry)

    assert product.run("--remove", registry).code == TRUSTED
    assert not product.installed(registry)
