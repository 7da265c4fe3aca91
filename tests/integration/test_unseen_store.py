# SPDX-License-Identifier: Apache-2.0
"""The host's own CA store is not mounted into the container: what may lead to a
CA in it is not said to be refused. A public CA has its certificates logged
(RFC 6962), so those are told from a private CA's."""
import pytest
from cryptography import x509

from support import pki
from support.mounts import in_mounts
from support.product import DOCKER, REFUSED, TRUSTED
from support.reports import answers, report_of, reports
from support.servers import Challenging

NAME = "reg.unseen.test"
AUTH = "auth.unseen.test"
TIMESTAMPS = x509.UnrecognizedExtension(
    x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2"), b"\x04\x02\0\0")


def logged(ca, name):
    return ca.leaf(name, extensions=[(TIMESTAMPS, False)])


@pytest.fixture(name="ca")
def make_ca():
    return pki.root("Registry CA")


@pytest.fixture(name="public")
def make_public():
    return pki.root("Public Root")


@pytest.fixture(name="unseen")
def make_unseen(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    return in_mounts((empty, "/etc/ssl"))


@pytest.fixture(name="server", autouse=True)
def make_server(network, ca):
    with Challenging(network, ca.leaf(NAME), ca,
                     realm=f"https://{AUTH}/token") as server:
        network.name(NAME, server.address)
        yield server


def last(done):
    return reports(done)[-1]


def test_a_token_service_of_a_public_ca(
        network, product, serve, public, unseen, store):
    """Docker trusts it with the host's store, and "refused" was said, 5."""
    lower = public.intermediate()
    auth = serve(logged(lower, AUTH), lower)
    network.name(AUTH, auth.address)
    done = product.run(NAME, prefix=unseen)
    assert done.code == TRUSTED, done
    assert "REFUSED" not in done.out + done.err
    assert "refuses" not in done.out + done.err
    report = last(product.run(NAME, "--json", prefix=unseen))
    assert (report["exit"], answers(report)) == (TRUSTED, "UUUUUU")
    assert report["warnings"] == ["directory-alone"]
    # And where the store can be seen it is known.
    report = last(product.run(NAME, "--json", prefix=store(public)))
    assert (report["state"], answers(report)) == ("service-fine", "AAAAUA")
    report = last(product.run(NAME, "--json", prefix=store(pki.root())))
    assert (report["exit"], answers(report)) == (DOCKER, "RRRRRR")


def test_a_token_service_of_a_private_ca(
        network, product, serve, unseen):
    token_ca = pki.root("Token CA")
    network.name(AUTH, serve(token_ca.leaf(AUTH), token_ca).address)
    product.run(NAME, prefix=unseen)
    report = last(product.run(NAME, "--json", prefix=unseen))
    assert (report["exit"], answers(report)) == (DOCKER, "RRRRRR")
    assert "directory-alone" in report["warnings"]


def test_a_registry_of_a_public_ca(network, product, serve, public, unseen):
    lower = public.intermediate()
    network.name(NAME, serve(logged(lower, NAME), lower).address)
    report = last(product.run(NAME, "--check", "--json", prefix=unseen))
    assert (report["exit"], answers(report)) == (DOCKER, "UUUUUU")
    done = product.run(NAME, "--check", prefix=unseen)
    assert "refuses" not in done.err and "cannot be told" in done.err
    # What is installed is another: refused, by us, not by Docker.
    other = pki.root("Other")
    network.name(NAME, serve(other.leaf(NAME), other).address)
    assert product.run(NAME).code == TRUSTED
    network.name(NAME, serve(logged(lower, NAME), lower).address)
    report = last(product.run(NAME, "--json", prefix=unseen))
    assert (report["exit"], answers(report)) == (REFUSED, "UUUUUU")


def test_one_that_sends_too_little_is_refused(
        network, product, serve, public, unseen):
    """No store holds an intermediate. (Where nothing is trusted that is seen,
    it is not known that one is missing.)"""
    assert product.run(NAME).code == TRUSTED
    network.name(NAME, serve(logged(public.intermediate(), NAME)).address)
    done = product.run(NAME, "--check", "--json", prefix=unseen)
    assert (done.code, answers(last(done))) == (REFUSED, "RRRRRR")


@pytest.mark.parametrize("leaf", [
    lambda ca: ca.leaf(NAME, days=-0.5, extensions=[(TIMESTAMPS, False)]),
    lambda ca: logged(ca, "other.unseen.test")], ids=["expired", "other name"])
def test_what_no_ca_mends_is_refused(
        network, product, serve, public, unseen, leaf):
    """Whatever is in a store."""
    lower = public.intermediate()
    network.name(NAME, serve(leaf(lower), lower, public).address)
    report = report_of(product.run(NAME, "--json", prefix=unseen))
    assert (report["exit"], answers(report)) == (DOCKER, "RRRRRR")
    assert report["warnings"] == ["directory-alone"]
    assert not product.installed(NAME)
