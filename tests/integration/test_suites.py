# SPDX-License-Identifier: Apache-2.0
"""Cipher suites that some Docker releases offer and others do not."""
import json
import ssl

import pytest

from support import pki
from support.needs import need
from support.network import tool
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


@pytest.mark.parametrize("cipher, said", [
    ("ECDHE-RSA-AES128-GCM-SHA256", "accepts"),
    ("ECDHE-RSA-AES128-SHA", "unchecked"),
    ("ECDHE-RSA-CHACHA20-POLY1305", "unchecked")])
def test_podman_has_a_list_of_its_own(network, product, serve, cipher, said):
    """skopeo 1.9 and 1.18 take CBC and no ChaCha20, 1.22 neither of them:
    which one is asked for is not known here."""
    need("skopeo")
    root = pki.root(key="rsa")
    registry = serve(root.leaf(NAME, key="rsa"), root,
                     maximum=ssl.TLSVersion.TLSv1_2)
    registry.context.set_ciphers(cipher + ":@SECLEVEL=0")
    network.name(NAME, registry.address)
    done = product.run(NAME, "--json", "--pin", pki.fingerprint(
        root.certificate))
    found = {one["consumer"]: one for one in json.loads(
        done.out)["consumers"]}
    assert found["podman"]["answer"] == said, found
    assert found["containerd"]["reason"] == "config-path"
    skopeo = network.machine.run(
        tool("skopeo"), "list-tags", "--no-creds", "--cert-dir",
        product.path(NAME), f"docker://{NAME}/tiny", check=False,
        env={"HOME": network.directory})
    assert said == "unchecked" or skopeo.returncode == 0, skopeo
