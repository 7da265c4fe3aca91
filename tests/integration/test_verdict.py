# SPDX-License-Identifier: Apache-2.0
"""What the program says of Docker, held against a Go client's own word."""
import pytest

from support import pki
from support.product import TRUSTED

STILL_REFUSED = 5
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
