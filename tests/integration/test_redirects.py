# SPDX-License-Identifier: Apache-2.0
"""Registries whose /v2/ leads elsewhere: Docker goes there and verifies that
host with the registry's own directory. It is looked at, once, and never
written for. With real engines: tests/e2e/test_redirects.py."""
import json
import os

import jsonschema
import pytest

from support import pki
from support.network import BLACKHOLE_ADDRESS
from support.product import DOCKER, REFUSED, ROOT, TRUSTED
from support.redirects import Redirecting, answer
from support.reports import answers
from support.servers import Answering

NAME, OTHER, AUTH = "reg.away.test", "other.away.test", "auth.away.test"
AWAY = f"https://{OTHER}/v2/"
# docker login, the classic store, the containerd store, docker build,
# containerd, Podman: Accepts, Refuses, Unchecked.
REFUSED_THERE, UNKNOWN, MOVED = "RRUUUR", "UUUUUU", "AUUUUU"


BASIC = answer("401 Unauthorized", 'WWW-Authenticate: Basic realm="x"')


def bearer(host):
    return answer("401 Unauthorized", "WWW-Authenticate: Bearer "
                  f'realm="https://{host}/token",service="x"')


@pytest.fixture(name="ca")
def make_ca():
    return pki.root("Registry CA")


@pytest.fixture(name="server")
def make_server(network, ca):
    with Redirecting(network, ca.leaf(NAME), ca, to=AWAY) as server:
        network.name(NAME, server.address)
        yield server


@pytest.fixture(name="other")
def make_other(network, ca):
    """Where it leads: under the registry's own CA, until it presents another.
    """
    with Answering(network, ca.leaf(OTHER), ca) as other:
        other.text = BASIC
        network.name(OTHER, other.address)
        yield other


with open(os.path.join(ROOT, "docs", "report.schema.json"),
          encoding="ascii") as schema_file:
    VALIDATOR = jsonschema.Draft202012Validator(json.load(schema_file))


def reports(done):
    found = [json.loads(line) for line in done.out.splitlines()]
    for report in found:
        VALIDATOR.validate(report)
    return found


def reasons(report):
    return {c["reason"] for c in report["consumers"]}


def last(product, *options):
    """The registry's own report first, that on the last host that was asked
    at the end."""
    done = product.run(NAME, "--json", *options)
    found = reports(done)
    assert {report["registry"] for report in found} == {NAME}
    return done.code, found[-1]


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_host_that_is_not_covered_is_refused_there(
        product, server, other, ca, code):
    stranger = pki.root("Other CA")
    other.present(stranger.leaf(OTHER), stranger)
    server.code = code
    done = product.run(NAME)
    assert done.code == DOCKER, done
    text = " ".join((done.out + done.err).split())
    assert f"{NAME} (its /v2/ leads to {OTHER}): REFUSED BY DOCKER" in text
    assert "x509: certificate signed by unknown authority" in text
    assert "docker login: refuses it" in text
    assert "--ca-file" in text
    # The registry's own anchor is there, and nothing of the other's.
    assert product.anchors(NAME) == [pki.der(ca.certificate)]
    done = product.run(NAME, "--json")
    report, end = reports(done)
    assert report["redirect_host"] == OTHER and report["consumers"] is None
    assert report["token_host"] is None and report["exit"] == 0
    assert end["redirect"] == OTHER and end["token_service"] is None
    assert end["state"] == "redirect-left" and end["exit"] == DOCKER
    assert answers(end) == REFUSED_THERE
    assert reasons(end) == {"redirect", "redirect-paths"}
    assert end["docker"]["accepts"] is False
    assert other.requests == ["/v2/"] * 2


def test_its_ca_beside_ours_covers_it(product, server, other):
    """A .crt of another hand counts as well, and stays."""
    stranger = pki.root("Other CA")
    other.present(stranger.leaf(OTHER), stranger)
    assert product.run(NAME).code == DOCKER
    with open(product.path(NAME, "other.crt"), "wb") as file:
        file.write(pki.pem(stranger.certificate))
    code, end = last(product)
    assert (code, end["state"], answers(end)) == (
        TRUSTED, "redirect-fine", MOVED)


@pytest.mark.parametrize("how", ["--trust-token-host", "--pin"])
def test_no_word_about_others_installs_it(product, server, other, ca, how):
    """A token service is something else, and pins name what a server sends."""
    stranger = pki.root("Other CA")
    other.present(stranger.leaf(OTHER), stranger)
    more = [",".join("sha256:" + pki.fingerprint(c.certificate)
                     for c in (ca, stranger))] if how == "--pin" else []
    code, end = last(product, how, *more)
    assert (code, end["state"]) == (DOCKER, "redirect-left")
    assert product.anchors(NAME) == [pki.der(ca.certificate)]


def test_a_file_with_both_installs_both(product, server, other, ca, tmp_path):
    """The remedy that is named, before or after."""
    stranger = pki.root("Other CA")
    other.present(stranger.leaf(OTHER), stranger)
    both = tmp_path / "both.pem"
    both.write_bytes(pki.pem(ca.certificate, stranger.certificate))
    for _ in range(2):
        code, end = last(product, "--ca-file", str(both))
        assert (code, end["state"], answers(end)) == (
            TRUSTED, "redirect-fine", MOVED)
        assert len(product.anchors(NAME)) == 2
    assert product.run(NAME, "--remove").code == TRUSTED
    assert product.run(NAME).code == DOCKER
    assert last(product, "--ca-file", str(both))[0] == TRUSTED


def test_a_host_that_is_covered_serves_the_login(product, server, other, ca):
    """Measured: docker login works; what a pull asks for may stay here, and
    then it lacks the login; Podman takes no login to another domain."""
    done = product.run(NAME)
    assert done.code == TRUSTED, done
    assert "docker login: accepts it" in done.out
    code, end = last(product)
    assert (code, end["state"], answers(end)) == (
        TRUSTED, "redirect-fine", MOVED)
    assert reasons(end) == {"none", "redirect-paths"}
    before = product.snapshot()
    code, end = last(product, "--check")
    assert (code, end["state"], answers(end)) == (
        TRUSTED, "redirect-fine", MOVED)
    assert product.snapshot() == before


# What answers where it leads -> what the readers do then.
BEHIND = {
    "a registry without a login": (answer(
        "200 OK", "Content-Type: application/json"), MOVED, TRUSTED),
    "404": (answer("404 Not Found"), "RUUUUR", DOCKER),
    "a page": (answer("200 OK", "Content-Type: text/html", body=b"<p>"),
               "AUUUUU", DOCKER),
    "no HTTP": (b"SSH-2.0-x\r\n", REFUSED_THERE, DOCKER),
    "a further host": (answer(
        "302 Found", f"Location: https://{AUTH}/v2/"), UNKNOWN, TRUSTED),
    "another path": (answer("302 Found", "Location: /login"), UNKNOWN,
                     TRUSTED),
    "itself": (answer("302 Found", "Location: /v2/"), REFUSED_THERE, DOCKER),
    "back again": (answer("302 Found", f"Location: https://{NAME}/v2/"),
                   REFUSED_THERE, DOCKER),
    "back, elsewhere": (answer("302 Found", f"Location: https://{NAME}/x"),
                        UNKNOWN, TRUSTED),
    "plain http": (answer("302 Found", f"Location: http://{OTHER}/v2/"),
                   UNKNOWN, TRUSTED),
}


@pytest.mark.parametrize("behind", BEHIND)
def test_what_answers_there_counts(network, product, server, other, serve,
                                   behind):
    further = serve(pki.self_signed(AUTH))
    network.name(AUTH, further.address)
    other.text, expected, code = BEHIND[behind]
    found, end = last(product)
    assert (found, answers(end)) == (code, expected), end
    assert end["redirect"] == OTHER
    # One redirection is followed, and no more.
    assert further.accepted == 0 and other.accepted == 1
    assert server.requests == ["/v2/"]


# Location -> what the readers do, without anybody else being asked.
LOOPS = ["/v2/", "/v2/#x", f"https://{NAME}/v2/", f"https://{NAME}:443/v2/",
         f"//{NAME.upper()}/v2/"]
ASTRAY = ["/v2", "/users/sign_in", "?x=y", f"https://{NAME}/login",
          f"https://me:secret@{OTHER}/v2/", "https://a_b.away.test/v2/",
          f"http://{OTHER}/v2/"]


@pytest.mark.parametrize("to", LOOPS + ASTRAY)
def test_where_nobody_needs_to_be_asked(product, server, other, to):
    server.to = to
    code, end = last(product)
    assert other.accepted == 0 and server.accepted == 1
    assert end["redirect"] is None
    if to in LOOPS:
        assert (code, answers(end)) == (DOCKER, REFUSED_THERE)
        assert "redirect-loop" in reasons(end)
        assert "stopped after 10 redirects" in {
            c["error"] for c in end["consumers"]}
    else:
        assert (code, answers(end)) == (TRUSTED, UNKNOWN)


@pytest.mark.parametrize("path", ["/login", "/v2/?x=y", "/v2", "/", ""])
def test_another_path_there_is_not_asked_for(
        product, server, other, path):
    """Whoever answers for the registry chooses the host; what is asked there
    stays ours."""
    server.to = f"https://{OTHER}{path}"
    code, end = last(product)
    assert (code, answers(end)) == (TRUSTED, UNKNOWN)
    assert end["state"] == "redirect-fine"
    assert other.requests == ["/v2/"]
    stranger = pki.root("Other CA")
    other.present(stranger.leaf(OTHER), stranger)
    code, end = last(product)
    assert (code, answers(end)) == (DOCKER, REFUSED_THERE)


@pytest.mark.parametrize("where", ["nobody", "silent"])
def test_one_that_does_not_answer_leaves_it_open(
        network, product, server, where):
    network.name(OTHER, network.address() if where == "nobody"
                 else BLACKHOLE_ADDRESS)
    code, end = last(product, "--timeout", "1s")
    assert (code, end["state"], answers(end)) == (
        TRUSTED, "redirect-unseen", UNKNOWN)
    assert reasons(end) == {"redirect-unseen", "redirect-paths"}
    text = product.run(NAME, "--check", "--timeout", "1s").out
    assert ("refused" if where == "nobody" else "time") in text.partition(
        f"leads to {OTHER})")[2]


def test_a_registry_that_does_not_hold_chooses_nobody(
        product, server, other, ca):
    assert product.run(NAME).code == TRUSTED
    before = other.accepted
    stranger = pki.root("Stranger")
    server.present(stranger.leaf(NAME), stranger)
    assert product.run(NAME).code == REFUSED
    assert product.run(NAME, "--check").code == REFUSED
    assert other.accepted == before
    assert product.run(NAME, "--show").code == TRUSTED
    assert other.accepted == before


def test_a_registry_that_docker_refuses_chooses_nobody(
        product, server, other, ca):
    assert product.run(NAME, "--check").code == DOCKER  # nothing is installed
    server.present(ca.leaf(NAME, start=-10, days=-1), ca)
    pin = "sha256:" + pki.fingerprint(ca.certificate)
    for options in ([], ["--pin", pin], [], ["--check"]):
        assert product.run(NAME, *options).code == DOCKER, options
    assert product.anchors(NAME) == [pki.der(ca.certificate)]
    assert other.accepted == 0


@pytest.mark.parametrize("covered", [True, False])
def test_a_token_service_behind_it_is_looked_at(
        network, product, server, other, serve, ca, covered):
    issuer = ca if covered else pki.root("Token CA")
    auth = serve(issuer.leaf(AUTH), issuer)
    network.name(AUTH, auth.address)
    other.text = bearer(AUTH)
    done = product.run(NAME, "--json", "--trust-token-host")
    first, second, end = reports(done)
    assert (first["redirect_host"], second["redirect"], second["token_host"],
            end["token_service"]) == (OTHER, OTHER, AUTH, AUTH)
    assert first["consumers"] is second["consumers"] is None
    assert auth.accepted == 1
    assert product.anchors(NAME) == [pki.der(ca.certificate)]
    if covered:
        assert (done.code, end["state"], answers(end)) == (
            TRUSTED, "service-fine", MOVED)
    else:
        assert (done.code, end["state"]) == (DOCKER, "service-left")
        assert answers(end)[:2] == "RU"


@pytest.mark.parametrize("realm", [OTHER, NAME])
def test_a_token_service_of_one_of_the_two_is_known(
        product, server, other, realm):
    """Harbor's form, moved: the realm is on the new name."""
    other.text = bearer(realm)
    code, end = last(product)
    assert (code, end["state"], answers(end)) == (
        TRUSTED, "redirect-fine", MOVED)
    assert other.accepted == 1 and server.accepted == 1


def test_the_sum_counts_it_for_what_it_is(
        network, product, server, other, serve, ca):
    second = network.name("second.away.test", serve(
        ca.leaf("second.away.test"), ca).address)
    stranger = pki.root("Other CA")
    other.present(stranger.leaf(OTHER), stranger)
    done = product.run(NAME, second)
    assert "2 registries: 2 trusted; 1 other host: 1 refused" in done.out


def test_show_names_it(product, server, other):
    done = product.run(NAME, "--show")
    assert done.code == TRUSTED and OTHER in done.out, done
    assert other.accepted == 0
