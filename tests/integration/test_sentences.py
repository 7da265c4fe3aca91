# SPDX-License-Identifier: Apache-2.0
"""Each sentence is true where it is printed: situations in which one was not,
when whoever wrote it had another in mind."""
import pytest

from support import pki
from support.product import REFUSED, TRUSTED

NAME = "reg.sentences.test"


@pytest.fixture(name="root")
def make_root():
    return pki.root("Sentences Root")


@pytest.fixture(name="other")
def make_other():
    return pki.root("Other Root")


@pytest.fixture(name="server")
def make_server(network, serve, root):
    server = serve(root.leaf(NAME), root)
    network.name(NAME, server.address)
    return server


def said(done):
    """What was printed, without the breaks between lines."""
    return " ".join((done.out + done.err).split())


def test_another_try_has_a_reason(product, server, other):
    """What makes the program wait may be a refusal, which is no failure."""
    assert product.run(NAME).code == TRUSTED
    server.present(other.leaf("other.sentences.test"), other)
    done = product.run("--wait", "500ms", NAME)
    assert done.code == REFUSED, done
    first = done.err.splitlines()[0]
    assert first.endswith("; trying again") and "REFUSED" in first, done
    assert "no failure" not in said(done)
