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


def test_what_would_help_is_not_said_to_be_of_no_help(product, server, other):
    """Without its intermediate a chain is refused; accepted, it would do."""
    assert product.run(NAME).code == TRUSTED
    server.present(other.leaf(NAME))
    done = product.run(NAME)
    assert done.code == REFUSED, done
    assert "would not help" not in said(done)
    assert product.run("--on-change", "add", NAME).code == TRUSTED


def test_a_certificate_of_a_ca_was_not_made_by_who_answers(
        product, server, other):
    assert product.run(NAME).code == TRUSTED
    server.present(other.leaf("other.sentences.test"), other)
    done = product.run(NAME)
    assert done.code == REFUSED, done
    assert "cause What answers has a certificate for other names" in said(done)
    assert "made itself" not in said(done)


def test_its_name_in_the_common_name_is_no_other_name(product, server, other):
    assert product.run(NAME).code == TRUSTED
    server.present(pki.Identity(NAME, issuer=other), other)
    done = product.run(NAME)
    assert done.code == REFUSED, done
    assert "only in its common name" in said(done)
    assert "other names" not in said(done)
