# SPDX-License-Identifier: Apache-2.0
"""Which certificate becomes the anchor, for every chain a server may send.

That the choice works is Go's word, not ours: skopeo reads the directory.
"""
import os
import re
import ssl

import pytest

from support import pki
from support.engines import wait_for
from support.needs import need
from support.network import tool
from support.product import TRUSTED

DOCKER_REFUSES = 5


@pytest.fixture(scope="module", name="chains", params=["ecdsa", "rsa"])
def make_chains(request):
    """Shape of a chain -> (leaf, what else is sent, the anchor)."""
    key = request.param
    root = pki.root(key=key)
    upper = root.intermediate("Test Upper", key=key)
    lower = upper.intermediate("Test Lower", key=key)
    leaf = lower.leaf("*.chain.test", key=key)
    direct = root.leaf("*.chain.test", key=key)
    alone = pki.self_signed("*.chain.test", key=key)
    stranger = pki.root("Stranger", key=key)
    return {
        "self-signed leaf": (alone, [], alone),
        "root-signed leaf alone": (direct, [], direct),
        "leaf and root": (direct, [root], root),
        "leaf and intermediate": (leaf, [lower], lower),
        "leaf and both intermediates": (leaf, [lower, upper], upper),
        "leaf, intermediates and root": (leaf, [lower, upper, root], root),
        "wrong order": (leaf, [root, upper, lower], root),
        "a gap between leaf and root": (leaf, [root], leaf),
        "a stranger's CA appended": (leaf, [lower, stranger], lower),
        "a stranger's CA before": (leaf, [stranger, lower], lower),
        "the leaf twice": (leaf, [leaf, lower], lower),
    }


SHAPES = ["self-signed leaf", "root-signed leaf alone", "leaf and root",
          "leaf and intermediate", "leaf and both intermediates",
          "leaf, intermediates and root", "wrong order",
          "a gap between leaf and root", "a stranger's CA appended",
          "a stranger's CA before", "the leaf twice"]
TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3


@pytest.mark.parametrize("version", [TLS12, TLS13], ids=["1.2", "1.3"])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_highest_verified_ca_becomes_the_anchor(
        network, product, serve, accepts, chains, shape, version):
    leaf, rest, anchor = chains[shape]
    server = serve(leaf, *rest, minimum=version, maximum=version)
    registry = network.name("reg.chain.test", server.address)

    done = product.run(registry)

    assert done.code == TRUSTED, done
    assert product.anchors(registry) == [pki.der(anchor.certificate)]
    assert pki.fingerprint(anchor.certificate) in \
        done.out.lower().replace(":", "")
    assert accepts(registry)


def test_a_leaf_as_anchor_is_labelled_with_the_day_it_ends(
        network, product, serve):
    leaf = pki.root().leaf("leaf.chain.test", days=30)
    server = serve(leaf)
    registry = network.name("leaf.chain.test", server.address)
    done = product.run(registry)
    assert done.code == TRUSTED, done
    last = leaf.certificate.not_valid_after.strftime("%Y-%m-%d")
    assert last in done.out + done.err
    assert "renew" in done.out + done.err


@pytest.mark.parametrize("version", [TLS12, TLS13], ids=["1.2", "1.3"])
def test_a_server_that_demands_a_client_certificate_is_captured(
        network, product, serve, accepts, version):
    ca = pki.root("Test mTLS Root")
    leaf = ca.intermediate().leaf("mtls.chain.test")
    server = serve(leaf, leaf.issuer, minimum=version, maximum=version,
                   client_ca=ca)
    registry = network.name("mtls.chain.test", server.address)

    done = product.run(registry)

    assert done.code == DOCKER_REFUSES, done
    assert re.search(r"remote error: tls: (certificate required|"
                     r"handshake failure)", done.out + done.err), done
    assert product.anchors(registry) == [pki.der(leaf.issuer.certificate)]
    client = ca.leaf("client.chain.test")
    stem = product.path(registry, "client")
    certificate, _ = client.save(stem)
    os.rename(certificate, stem + ".cert")
    assert accepts(registry)


def test_the_file_is_plain_pem_with_remarks(network, product, serve):
    leaf = pki.root().intermediate().leaf("pem.chain.test")
    server = serve(leaf, leaf.issuer, leaf.issuer.issuer)
    registry = network.name("pem.chain.test", server.address)
    assert product.run(registry).code == TRUSTED

    with open(product.path(registry, "ca.crt"), "rb") as file:
        text = file.read()
    assert b"\r" not in text and text.endswith(b"-----END CERTIFICATE-----\n")
    before = text.split(b"-----BEGIN CERTIFICATE-----")[0].decode("ascii")
    remarks = before.splitlines()
    assert remarks and all(line.startswith("#") for line in remarks)
    anchor = leaf.issuer.issuer.certificate
    assert pki.fingerprint(anchor) in before.lower().replace(":", "")
    assert "Test Root" in before
    assert anchor.not_valid_after.strftime("%Y-%m-%d") in before


def test_a_hostile_subject_reaches_neither_terminal_nor_file(
        network, product, serve):
    leaf = pki.self_signed("evil.chain.test", subject="a\x1b]0;x\x07\n"
                           "-----END CERTIFICATE-----\r\x9b31m")
    server = serve(leaf)
    registry = network.name("evil.chain.test", server.address)
    done = product.run(registry)
    with open(product.path(registry, "ca.crt"), "rb") as file:
        text = file.read()
    for output in (done.out.encode(), done.err.encode(), text):
        assert not set(output) - set(range(0x20, 0x7f)) - {0x0a}
    assert text.count(b"-----END CERTIFICATE-----\n") == 1
    assert product.anchors(registry) == [pki.der(leaf.certificate)]


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize("server", ["openssl", "gnutls-serv"])
def test_servers_of_other_make(network, product, server, version):
    """Go's server is docker-registry's, in the end-to-end tests."""
    need(server)
    leaf = pki.root().intermediate().leaf("make.chain.test")
    files = leaf.save(network.path("make-chain"), leaf.issuer)
    port = 5001
    if server == "openssl":
        command = ["s_server", "-cert", files[0], "-cert_chain", files[0],
                   "-key", files[1], "-port", port, "-www", "-quiet",
                   "-tls" + version.replace(".", "_")]
    else:
        command = ["--x509certfile", files[0], "--x509keyfile", files[1],
                   "--port", port, "--http", "--quiet", "--priority",
                   f"NORMAL:-VERS-ALL:+VERS-TLS{version}"]
    registry = network.name("make.chain.test", network.address())
    log = network.path("make-chain.log")
    with open(log, "wb") as out, network.registry.start(
            tool(server), *command, stdout=out, stderr=out) as process:
        try:
            wait_for(lambda: network.answers(port), process, log)
            done = product.run(f"{registry}:{port}")
        finally:
            process.kill()
    # What they answer to /v2/ is a page, with which no pull can do anything.
    assert done.code == DOCKER_REFUSES, done
    assert f"TLS {version}" in done.err
    assert "what answers at /v2/ is no registry" in done.err
    assert "nothing was written" in " ".join(done.err.split())
