# SPDX-License-Identifier: Apache-2.0
"""A first use remembers nothing of a server that is no registry."""
import json

import pytest

from support import pki
from support.product import DOCKER, TRUSTED
from support.reports import said
from support.servers import Answering

NAME = "portal.test"
ANSWERS = {
    "404": b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    "403": b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
    "502": b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
    "401 without a challenge":
        b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
    "a page": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
              b"Content-Length: 15\r\n\r\n<html>hi</html>",
    "a circle": b"HTTP/1.1 301 Moved Permanently\r\nLocation: /v2/\r\n"
                b"Content-Length: 0\r\n\r\n",
}


@pytest.fixture(name="root")
def fixture_root():
    return pki.root()


@pytest.fixture(name="portal", params=ANSWERS)
def fixture_portal(network, root, request):
    with Answering(network, root.leaf(NAME), root) as server:
        server.text = ANSWERS[request.param]
        network.name(NAME, server.address)
        yield server


def test_nothing_is_written_until_a_registry_answers(portal, product, root):
    before = product.snapshot()
    for options in ([], ["--check"], ["--on-change", "add"],
                    ["--on-change", "replace"]):
        done = product.run(NAME, *options)
        assert done.code == DOCKER, done
        assert "no registry" in said(done) or \
            "stops after 10 redirects" in said(done), done
        assert "accepts it" not in said(done), done
        assert product.snapshot() == before, done
        done = product.run(NAME, "--json", *options)
        report = json.loads(done.out)
        assert report["exit"] == DOCKER
        assert "accepts" not in {
            view["answer"] for view in report["consumers"]}, done
    portal.text = b""
    assert product.run(NAME).code == TRUSTED
    assert product.anchors(NAME) == [pki.der(root.certificate)]


def test_what_a_pin_names_is_written_all_the_same(portal, product, root):
    assert portal.text
    done = product.run(NAME, "--pin",
                       "sha256:" + pki.fingerprint(root.certificate))
    assert done.code == DOCKER, done
    assert product.anchors(NAME) == [pki.der(root.certificate)]


def test_what_is_said_of_a_page(product, network, root):
    """No pull was seen, so that none is said to be refused; nor is Docker,
    whose login goes through."""
    with Answering(network, root.leaf(NAME), root) as portal:
        network.name(NAME, portal.address)
        assert product.run(NAME).code == TRUSTED
        portal.text = ANSWERS["a page"]
        done = product.run(NAME)
        assert done.code == DOCKER and "REFUSED" not in done.err, done
        assert "NO REGISTRY ANSWERS" in done.err
        assert "docker login: accepts it" in done.err
        assert said(done).count("check that this is the registry's name") == 1
        # Where one says why, it says it once.
        portal.text = ANSWERS["404"]
        done = product.run(NAME)
        assert "REFUSED BY DOCKER" in done.err, done
        assert said(done).count("check that this is the registry's name") == 1


def test_what_is_installed_stays(portal, product, root):
    answer, portal.text = portal.text, b""
    assert product.run(NAME).code == TRUSTED
    portal.text = answer
    for options in ([], ["--check"]):
        assert product.run(NAME, *options).code == DOCKER
        assert product.anchors(NAME) == [pki.der(root.certificate)]
