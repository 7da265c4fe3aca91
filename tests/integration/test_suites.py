# SPDX-License-Identifier: Apache-2.0
"""Cipher suites that some Docker releases offer and others do not."""
import ssl

import pytest

from support import pki
from support.product import TRUSTED, UNREACHABLE

NAME = "reg.suites.test"
DOCKER_REFUSES = 5


@pytest.mark.parametrize("cipher, docker, expected", [
    ("ECDHE-RSA-AES128-GCM-SHA256", "29.7", TRUSTED),
    ("ECDHE-RSA-AES128-GCM-SHA256", "20.10", TRUSTED),
    ("ECDHE-RSA-AES128-SHA", "29.7", DOCKER_REFUSES),
    ("ECDHE-RSA-AES128-SHA", "28.4", TRUSTED),
    ("ECDHE-RSA-CHACHA20-POLY1305", "29.7", TRUSTED),
    ("ECDHE-RSA-CHACHA20-POLY1305", "29.4", DOCKER_REFUSES),
    ("ECDHE-RSA-CHACHA20-POLY1305", "28.4", DOCKER_REFUSES),
    ("AES128-SHA", "29.7", UNREACHABLE),
])
def test_what_docker_does_not_offer_is_its_refusal(
        network, product, serve, cipher, docker, expected):
    root = pki.root(key="rsa")
    registry = serve(root.leaf(NAME, key="rsa"), root, maximum=ssl.TLSVersion.TLSv1_2)
    registry.context.set_ciphers(cipher + ":@SECLEVEL=0")
    network.name(NAME, registry.address)
    done = product.run(NAME, "--docker", docker)
    assert done.code == expected, done
    if expected == DOCKER_REFUSES:
        assert "remote error: tls: handshake failure" in done.err, done
