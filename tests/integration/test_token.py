# SPDX-License-Identifier: Apache-2.0
"""The token service that GET /v2/ names: Docker verifies it with the
registry's own directory, so its CA goes there, but only if somebody speaks
for it. With a real registry and Docker: tests/e2e/test_token_service.py."""
import os
import re
import ssl

import pytest

from support import pki
from support.network import BLACKHOLE_ADDRESS
from support.product import DOCKER, REFUSED, TRUSTED, UNREACHABLE
from support.reports import answers, reports
from support.servers import Challenging, TlsRegistry

NAME = "reg.token.test"
AUTH = "auth.token.test"
REALM = f"https://{AUTH}/token"
UNTRIED = "whether its token service hands out a token: none was asked for"


def pin(identity):
    return "sha256:" + pki.fingerprint(identity.certificate)


def der(*identities):
    return [pki.der(i.certificate) for i in identities]


@pytest.fixture(name="ca")
def make_ca():
    return pki.root("Registry CA")


@pytest.fixture(name="token_ca")
def make_token_ca():
    return pki.root("Token CA")


@pytest.fixture(name="server")
def make_server(network, ca):
    with Challenging(network, ca.leaf(NAME), ca, realm=REALM) as server:
        network.name(NAME, server.address)
        yield server


@pytest.fixture(name="auth")
def make_auth(network, serve, server, token_ca):
    auth = serve(token_ca.leaf(AUTH), token_ca)
    network.name(AUTH, auth.address)
    return auth


def states(product, *options, **more):
    return [r["state"] for r in
            reports(product.run(NAME, "--json", *options, **more))]


def test_it_is_looked_at_and_not_installed(
        product, server, auth, ca, token_ca):
    """Whether Docker gets through depends on it; its CA is not wanted unless
    somebody says so."""
    done = product.run(NAME)
    assert done.code == DOCKER, done
    assert product.anchors(NAME) == der(ca)
    assert AUTH in done.out + done.err
    assert "--trust-token-host" in done.err
    assert auth.accepted == 1
    # The command that it names installs both, also where nothing is yet.
    command = done.commands()[-1]
    assert [word for word in command if "sha256:" in word] and (
        pin(ca) in command and pin(token_ca) in command)
    report, service = reports(product.run(NAME, "--json"))
    assert service["warnings"] == ["token-service"]
    assert report["token_host"] == AUTH and report["consumers"] is None
    assert service["state"] == "service-left" and service["exit"] == DOCKER
    assert answers(service) == "RRRRRR"
    assert product.anchors(NAME) == der(ca)


def put_pair(product, identity, stem):
    for file, end in zip(identity.save(str(stem)), ("cert", "key")):
        os.replace(file, product.path(NAME, "client." + end))


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2,
                                     ssl.TLSVersion.TLSv1_3])
def test_one_that_wants_a_client_certificate(product, server, network, ca,
                                             tmp_path, version):
    """Docker shows it the registry's own pair; nginx answers 400 without one,
    which is seen by who asks for a token only."""
    with TlsRegistry(network, ca.leaf(AUTH), ca, client_ca=ca,
                     minimum=version, maximum=version) as auth:
        network.name(AUTH, auth.address)
        assert product.run(NAME).code == DOCKER
        _, service = reports(product.run(NAME, "--json"))
        assert answers(service) == "RRRRRR"
        assert {c["reason"] for c in service["consumers"]} == {
            "client-certificate"}
        put_pair(product, ca.leaf("client"), tmp_path / "client")
        _, service = reports(product.run(NAME, "--json"))
        assert answers(service) == "UUUUUU"
        auth.context.verify_mode = ssl.CERT_OPTIONAL
        _, service = reports(product.run(NAME, "--json"))
        assert answers(service) == "UUUUUU"
        for end in ("cert", "key"):
            os.unlink(product.path(NAME, "client." + end))
        _, service = reports(product.run(NAME, "--json"))
        assert answers(service) == "UUUUUU"


def test_one_that_is_covered_needs_nothing(product, server, serve, network,
                                           ca):
    """Harbor's and GitLab's form: both under the same CA."""
    auth = serve(ca.leaf(AUTH), ca)
    network.name(AUTH, auth.address)
    done = product.run(NAME)
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == der(ca)
    # As measured on 28.5 and 29.7: login and the classic store work, the
    # containerd store from 29.5 on, docker build with the client's own store.
    for more, expected in ((), "AAARUA"), (("--docker", "29.4"), "AARRUA"):
        report, service = reports(product.run(NAME, "--json", *more))
        assert report["exit"] == service["exit"] == TRUSTED
        assert service["state"] == "service-fine"
        assert answers(service) == expected
    assert service["consumers"][2]["reason"] == "token-service-host-store"
    assert service["consumers"][3]["reason"] == "token-service-client-store"
    done = product.run(NAME, "--check")
    assert done.code == TRUSTED, done
    assert "SSL_CERT_FILE" in done.out and "before 29.5" in done.out
    assert "docker       accepts it\n" not in done.out
    assert UNTRIED in " ".join(done.out.split())


def test_what_no_token_service_was_asked_for_is_said(
        network, product, ca):
    """Harbor's form: one host for both. And with a name and a password there
    is nothing to say."""
    with Challenging(network, ca.leaf(NAME), ca,
                     realm=f"https://{NAME}/token") as own:
        network.name(NAME, own.address)
        done = product.run(NAME)
        assert (done.code, UNTRIED in " ".join(done.out.split())) == (
            TRUSTED, True)
        own.challenge = 'Basic realm="x"'
        done = product.run(NAME)
        assert (done.code, UNTRIED in " ".join(done.out.split())) == (
            TRUSTED, False)


def test_a_build_needs_the_file_that_holds_the_ca(product, server, serve,
                                                   network, ca):
    """There may be no ca.crt: with dockerd 28.5 a build under SSL_CERT_FILE
    was refused with that name, and went through with the one that is there."""
    network.name(AUTH, serve(ca.leaf(AUTH), ca).address)
    os.makedirs(product.path(NAME))
    with open(product.path(NAME, "corp.crt"), "wb") as file:
        file.write(pki.pem(ca.certificate))
    _, service = reports(product.run(NAME, "--json"))
    assert os.listdir(product.path(NAME)) == ["corp.crt"]
    remedy, = [c["remedy"] for c in service["consumers"]
               if c["consumer"] == "docker-build"]
    assert "SSL_CERT_FILE" in remedy and "ca.crt" not in remedy


def test_one_that_is_not_there_leaves_it_open(product, server, network, ca):
    network.name(AUTH, BLACKHOLE_ADDRESS)
    report, service = reports(product.run(NAME, "--json", "--timeout", "1s"))
    assert report["exit"] == service["exit"] == TRUSTED
    assert service["state"] == "service-unseen"
    assert answers(service) == "UUUUUU"


@pytest.mark.parametrize("how", ["flag", "variable"])
def test_its_ca_goes_into_the_registrys_directory(
        product, server, auth, ca, token_ca, how):
    options, env = (["--trust-token-host"], {}) if how == "flag" else \
        ([], {"DTR_TRUST_TOKEN_HOST": "1"})
    done = product.run(NAME, *options, env=env)
    assert done.code == TRUSTED, done
    assert AUTH in done.out
    assert sorted(product.anchors(NAME)) == sorted(der(ca, token_ca))
    assert os.listdir(product.directory) == [NAME]
    assert "token-service" not in done.err

    before = product.snapshot()
    for _ in range(2):
        done = product.run(NAME, *options, env=env)
        assert done.code == TRUSTED, done
        assert done.out.count("unchanged") == 2
        assert product.snapshot() == before


def test_the_command_for_elsewhere_works_where_nothing_is_installed(
        product, server, auth, ca, token_ca):
    """With pins, the registry and its token service both need one: what is
    said of the service has both."""
    done = product.run(NAME, "--trust-token-host")
    commands = done.commands()
    assert len(commands) == 2, done
    for command in commands:
        assert product.run(NAME, "--remove").code == TRUSTED
        code = product.run(*command[2:]).code
        assert code == (TRUSTED if command is commands[-1] else DOCKER)
    assert sorted(product.anchors(NAME)) == sorted(der(ca, token_ca))


def test_it_can_be_told_after_the_first_run(
        product, server, auth, ca, token_ca):
    assert product.run(NAME).code == DOCKER
    assert product.run(NAME, "--trust-token-host").code == TRUSTED
    assert sorted(product.anchors(NAME)) == sorted(der(ca, token_ca))


def test_a_pin_that_matches_there_speaks_for_it(
        product, server, auth, ca, token_ca):
    both = ["--pin", pin(ca), "--pin", pin(token_ca), "--require-pin"]
    done = product.run(NAME, *both)
    assert done.code == TRUSTED, done
    assert sorted(product.anchors(NAME)) == sorted(der(ca, token_ca))
    before = product.snapshot()
    assert states(product, *both) == ["unchanged", "unchanged"]
    assert product.snapshot() == before


def test_a_pin_can_name_the_service_alone(
        product, server, auth, ca, token_ca):
    pins = f"{NAME}={pin(ca)} {AUTH}={pin(token_ca)}"
    done = product.run(NAME, "--pin", pins, "--require-pin")
    assert done.code == TRUSTED, done
    assert sorted(product.anchors(NAME)) == sorted(der(ca, token_ca))
    # It does not speak for the registry.
    assert product.run(NAME, "--remove").code == TRUSTED
    crossed = f"{NAME}={pin(token_ca)} {AUTH}={pin(ca)}"
    assert product.run(NAME, "--pin", crossed).code == REFUSED
    assert not product.installed(NAME)
    assert product.run(NAME, "--pin", f"{AUTH}={pin(token_ca)}").code == \
        TRUSTED
    assert sorted(product.anchors(NAME)) == sorted(der(ca, token_ca))


def test_a_pin_that_does_not_reach_so_far_is_no_failure(
        product, server, auth, ca):
    done = product.run(NAME, "--pin", pin(ca))
    assert done.code == DOCKER, done
    assert product.anchors(NAME) == der(ca)
    assert states(product, "--pin", pin(ca)) == ["unchanged", "service-left"]
    # Where it was asked for, it is one.
    before = product.snapshot()
    done = product.run(NAME, "--pin", pin(ca), "--trust-token-host")
    assert done.code == REFUSED, done
    assert product.snapshot() == before


@pytest.mark.parametrize("option", [(), ("--trust-token-host",)])
def test_where_a_pin_of_it_goes_is_said(
        product, server, auth, ca, token_ca, option):
    """--show HOST has a line for the directory of HOST, which Docker does not
    read here."""
    done = product.run(NAME, "--pin", pin(ca), *option)
    assert done.code in (DOCKER, REFUSED)
    assert "with the line to pin it" not in done.err
    assert "for the registry, as --pin HOST=" in " ".join(done.err.split())
    assert done.commands()[-1][-2:] == ["--show", AUTH]
    done = product.run(NAME, "--pin", pin(ca), "--pin",
                       f"{AUTH}={pin(token_ca)}")
    assert done.code == TRUSTED, done
    assert sorted(product.anchors(NAME)) == sorted(der(ca, token_ca))


def test_a_file_that_holds_both_speaks_for_it(
        product, server, auth, ca, token_ca, tmp_path):
    path = tmp_path / "bundle.pem"
    path.write_bytes(pki.pem(ca.certificate))
    assert states(product, "--ca-file", str(path)) == [
        "installed", "service-left"]
    path.write_bytes(pki.pem(ca.certificate, token_ca.certificate))
    done = product.run(NAME, "--ca-file", path)
    assert done.code == TRUSTED, done
    assert sorted(product.anchors(NAME)) == sorted(der(ca, token_ca))
    before = product.snapshot()
    assert states(product, "--ca-file", str(path)) == [
        "unchanged", "unchanged"]
    assert product.snapshot() == before


def test_a_service_under_the_same_ca_needs_nothing(
        product, server, auth, ca):
    auth.present(ca.leaf(AUTH), ca)
    done = product.run(NAME, "--trust-token-host")
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == der(ca)


def test_a_note_is_called_no_change_and_not_passed_over(
        product, server, auth, ca, token_ca):
    """Its name in ca.crt is all that is written, once."""
    auth.present(ca.leaf(AUTH), ca)
    assert product.run(NAME).code == TRUSTED
    before = product.snapshot()
    done = product.run(NAME, "--trust-token-host")
    assert done.code == TRUSTED and product.snapshot() != before, done
    assert done.out.count("    noted ") == 1, done
    assert AUTH in done.out[:done.out.index("    noted ")]
    after = product.snapshot()
    done = product.run(NAME, "--trust-token-host")
    assert "noted" not in done.out and product.snapshot() == after, done
    assert product.run("--remove", NAME).code == TRUSTED
    assert product.run(NAME).code == TRUSTED
    assert [r["noted"] for r in reports(product.run(
        NAME, "--trust-token-host", "--json"))] == [False, True]
    # Where its CA is written too, that is what is said.
    assert product.run("--remove", NAME).code == TRUSTED
    auth.present(token_ca.leaf(AUTH), token_ca)
    done = product.run(NAME, "--trust-token-host")
    assert done.code == TRUSTED
    assert "noted" not in done.out + done.err, done


def test_a_note_of_another_hand_is_none_and_gets_none(
        product, server, auth, ca):
    """Where nothing is ours, "unchanged" is of every byte."""
    auth.present(ca.leaf(AUTH), ca)
    os.makedirs(product.path(NAME))
    with open(product.path(NAME, "ca.crt"), "wb") as file:
        file.write(f"# token service: {AUTH}\n".encode()
                   + pki.pem(ca.certificate))
    before = product.snapshot()
    for options in ([], ["--json"]):
        done = product.run(NAME, "--trust-token-host", *options)
        assert done.code == TRUSTED, done
        assert product.snapshot() == before
    assert [(r["state"], r["noted"]) for r in reports(done)] == [
        ("unchanged", False)] * 2


@pytest.mark.parametrize("before", ["its own CA", "the registry's CA"])
def test_a_changed_service_is_refused(
        product, server, auth, ca, before):
    """Its CA would stand beside the registry's: whoever answers in the token
    service's place on a later run could answer as the registry from then."""
    if before == "the registry's CA":
        auth.present(ca.leaf(AUTH), ca)
    assert product.run(NAME, "--trust-token-host").code == TRUSTED
    installed = product.snapshot()
    stranger = pki.root("Stranger")
    auth.present(stranger.leaf(AUTH), stranger)

    done = product.run(NAME, "--trust-token-host")

    assert done.code == REFUSED, done
    assert AUTH in done.err and "HAS CHANGED" in done.err
    assert pin(stranger) in done.err
    assert product.snapshot() == installed
    # Also after what else may be written in between.
    product.run(NAME, "--pin", pin(ca), "--on-change", "replace")
    assert product.run(NAME, "--trust-token-host").code == REFUSED
    assert der(stranger)[0] not in product.anchors(NAME)


@pytest.mark.parametrize("hand", ["ours", "another's"])
def test_check_calls_another_service_changed_as_a_run_does(
        product, server, auth, network, serve, ca, hand):
    """One that comes after another, or joins what another hand wrote."""
    if hand == "ours":
        assert product.run(NAME, "--trust-token-host").code == TRUSTED
    else:
        os.makedirs(product.path(NAME))
        with open(product.path(NAME, "ca.crt"), "wb") as file:
            file.write(pki.pem(ca.certificate))
    new = pki.root("Next Token CA")
    there = serve(new.leaf("next.token.test"), new)
    network.name("next.token.test", there.address)
    server.challenge = 'Bearer realm="https://next.token.test/",service="reg"'
    for options, last in ([], "refused-changed"), (["--check"], "changed"):
        done = product.run(NAME, "--trust-token-host", *options, "--json")
        assert done.code == REFUSED, done
        assert reports(done)[-1]["state"] == last
    done = product.run(NAME, "--trust-token-host", "--check")
    assert product.run(*done.commands()[-1][2:]).code == TRUSTED


def test_a_changed_service_can_be_accepted(
        product, server, auth, ca, token_ca):
    assert product.run(NAME, "--trust-token-host").code == TRUSTED
    successor = pki.root("Next Token CA")
    auth.present(successor.leaf(AUTH), successor)
    refused = product.run(NAME, "--trust-token-host")
    command, = [command for command in refused.commands()
                if pin(successor) in command]
    done = product.run(*command)
    assert done.code == TRUSTED, done
    assert sorted(product.anchors(NAME)) == sorted(
        der(ca, token_ca, successor))
    done = product.run(NAME, "--trust-token-host")
    assert done.code == TRUSTED and done.out.count("unchanged") == 2, done


@pytest.mark.parametrize("whose", ["registry", "service"])
def test_a_named_anchor_that_is_over_is_not_written_and_dropped_in_turns(
        product, server, auth, ca, token_ca, whose):
    """Of two turns at one file, each has its own that holds."""
    over = pki.root("Over", days=-0.5)
    named = [over, token_ca if whose == "registry" else ca]
    if whose == "registry":
        server.present(over.leaf(NAME), over)
    else:
        auth.present(over.leaf(AUTH), over)
    pins = ["--pin", " ".join(map(pin, named))]
    done = product.run(NAME, *pins)
    assert done.code == DOCKER, done
    before = product.snapshot()
    for _ in range(2):
        done = product.run(NAME, *pins, "--json")
        assert done.code == DOCKER, done
        assert product.snapshot() == before
        assert not {"added", "dropped", "installed"} & {
            report["state"] for report in reports(done)}


@pytest.mark.parametrize("action", ["add", "replace"])
def test_on_change_keeps_the_registrys_own_anchor(
        product, server, auth, ca, token_ca, action):
    assert product.run(NAME, "--trust-token-host").code == TRUSTED
    successor = pki.root("Next Token CA")
    auth.present(successor.leaf(AUTH), successor)
    options = ["--trust-token-host", "--on-change", action]
    done = product.run(NAME, *options)
    assert done.code == TRUSTED, done
    assert set(der(ca, successor)) <= set(product.anchors(NAME))
    before = product.snapshot()
    assert product.run(NAME, *options).code == TRUSTED
    assert product.snapshot() == before


def test_a_refused_registry_is_not_believed_about_its_service(
        product, server, auth, ca, token_ca):
    assert product.run(NAME).code == DOCKER
    stranger = pki.root("Stranger")
    server.present(stranger.leaf(NAME), stranger)
    before = auth.accepted
    done = product.run(NAME, "--trust-token-host")
    assert done.code == REFUSED, done
    assert auth.accepted == before
    assert product.anchors(NAME) == der(ca)


def test_a_registry_that_docker_refuses_chooses_no_service(
        product, server, auth, ca):
    """But for a pin or a file of the operator, which vouches for it."""
    assert product.run(NAME, "--check").code == DOCKER  # nothing is installed
    server.present(ca.leaf(NAME, start=-10, days=-1), ca)
    for options in ([], ["--check"]):
        assert product.run(NAME, *options).code == DOCKER
    assert auth.accepted == 0
    assert product.run(NAME, "--pin", f"{NAME}={pin(ca)}").code == DOCKER
    assert product.anchors(NAME) == der(ca)
    assert auth.accepted == 1
    for options in ([], ["--check"]):
        assert product.run(NAME, *options).code == DOCKER
    assert auth.accepted == 1


@pytest.mark.parametrize("how", ["flag", "pin"])
def test_a_registry_that_is_not_installed_gets_no_service(
        product, server, auth, ca, token_ca, how):
    """Its directory would hold the service's CA alone, and what the registry
    presents when it has been mended would be a change."""
    options = ["--trust-token-host"] if how == "flag" else \
        ["--pin", f"{AUTH}={pin(token_ca)}"]
    server.present(ca.leaf(NAME, start=-10, days=-1), ca)
    for more in ([], ["--check"]):
        done = product.run(NAME, *options, *more)
        assert done.code == DOCKER and not product.installed(NAME), done
    assert auth.accepted == 0
    server.present(ca.leaf(NAME), ca)
    assert product.run(NAME, *options).code == TRUSTED
    assert sorted(product.anchors(NAME)) == sorted(der(ca, token_ca))


@pytest.mark.parametrize("options, code, last", [
    (["--trust-token-host"], UNREACHABLE, "failed"),
    (["--pin"], TRUSTED, "service-unseen")])
def test_a_service_that_does_not_answer(
        network, product, server, ca, options, code, last):
    network.name(AUTH, network.address())
    options = [*options, pin(ca)] if options == ["--pin"] else options
    done = product.run(NAME, "--json", *options)
    assert done.code == code, done
    assert reports(done)[-1]["state"] == last
    assert product.anchors(NAME) == der(ca)


@pytest.mark.parametrize("challenge", [
    'Basic realm="Registry"', f'Bearer realm="http://{AUTH}/token"',
    'Bearer realm="https://../x/token"', 'Bearer realm="https://a b/token"',
    'Bearer realm="https://', f'Bearer realm={REALM}',
    f'Bearer realm = "{REALM}"', 'Bearer', "", "Bearer realm=" + "x" * 9000,
    f'Bearer realm="https://{NAME}/token"',
    f'Bearer realm="https://{NAME}:443/token"',
    'Bearer realm="https://x\x1b[31m/token"'])
def test_what_names_no_other_host_is_followed_nowhere(
        product, server, auth, challenge):
    server.challenge = challenge
    done = product.run(NAME, "--trust-token-host", "--json")
    # Docker cannot follow a challenge without a realm that it can read.
    is_followed = re.match(r'Basic|Bearer realm="https?://(reg|auth)\.',
                           challenge)
    assert done.code == TRUSTED if is_followed else DOCKER, done
    assert len(reports(done)) == 1
    assert auth.accepted == 0


@pytest.mark.parametrize("challenge", [
    f'bearer service="x", realm="{REALM}"', f'Bearer realm="{REALM}?a=b"',
    f'Basic realm="x"\r\nWWW-Authenticate: Bearer realm="{REALM}"',
    f'Bearer realm="https://{AUTH.upper()}/token"',
    f'Bearer realm="https://{AUTH}:443/token"',
    f'Bearer Realm="{REALM}"', f'Bearer   realm="{REALM}"'])
def test_challenges_as_docker_reads_them(
        product, server, auth, token_ca, challenge):
    server.challenge = challenge
    done = product.run(NAME, "--trust-token-host")
    assert done.code == TRUSTED, done
    assert der(token_ca)[0] in product.anchors(NAME)


def test_a_service_that_names_another_service_ends_the_chain(
        network, product, server, serve, token_ca):
    further = serve(pki.self_signed("further.token.test"))
    network.name("further.token.test", further.address)
    with Challenging(network, token_ca.leaf(AUTH), token_ca,
                     realm="https://further.token.test/") as auth:
        network.name(AUTH, auth.address)
        done = product.run(NAME, "--trust-token-host")
    assert done.code == TRUSTED, done
    assert further.accepted == 0
    assert len(product.anchors(NAME)) == 2


def test_check_looks_at_it_too(product, server, auth, ca, token_ca):
    assert product.run(NAME).code == DOCKER
    before = product.snapshot()
    assert states(product, "--check") == ["trusted", "service-left"]
    done = product.run(NAME, "--check", "--trust-token-host")
    assert done.code == DOCKER, done
    assert AUTH in done.out + done.err
    assert product.snapshot() == before
    assert product.run(NAME, "--trust-token-host").code == TRUSTED
    before = product.snapshot()
    assert states(product, "--check", "--trust-token-host") == [
        "trusted", "trusted"]
    assert states(product, "--check", "--pin", pin(ca)) == [
        "trusted", "service-left"]
    assert product.snapshot() == before


def test_show_names_it(product, server, auth):
    done = product.run(NAME, "--show")
    assert done.code == TRUSTED, done
    assert AUTH in done.out
    assert auth.accepted == 0


def test_long_names_in_a_chain_hide_no_service(product, server, auth, ca):
    """The texts of a report have room for so many; whom Docker asks next is
    kept before whom a certificate names."""
    other = pki.root("\u20ac" * 64)
    server.present(ca.leaf(NAME), ca,
                   *(other.intermediate("\u20ac" * 64) for _ in range(270)))
    done = product.run(NAME)
    assert done.code == DOCKER, done
    assert AUTH in done.out + done.err and auth.accepted == 1


def test_remove_takes_both(product, server, auth):
    assert product.run(NAME, "--trust-token-host").code == TRUSTED
    assert product.run(NAME, "--remove").code == TRUSTED
    assert os.listdir(product.directory) == []


AT_FAULT = {
    "expired": lambda ca: ca.leaf(AUTH, start=-20, days=-10),
    "not yet valid": lambda ca: ca.leaf(AUTH, start=2),
    "for another name": lambda ca: ca.leaf("other.token.test"),
}


@pytest.mark.parametrize("how", AT_FAULT)
def test_one_that_no_ca_mends(product, server, auth, ca, how):
    """Its certificate is what is wrong, under the registry's own CA: nothing is
    said of the registry's certificate, and no option that does not help."""
    auth.present(AT_FAULT[how](ca), ca)
    assert product.run(NAME).code == DOCKER
    done = product.run(NAME, "--check")
    text = " ".join((done.out + done.err).split())
    assert done.code == DOCKER and "x509: certificate" in text, done
    assert "registry's certificate" not in text, done
    assert "--trust-token-host" not in text and not done.commands(), done
    _, service = reports(product.run(NAME, "--check", "--json"))
    assert answers(service) == "RRRRRR"
    assert {c["reason"] for c in service["consumers"]} == {
        "token-service-fault"}
    assert "token-service" not in service["warnings"]
    assert "registry" not in service["docker"]["cause"] + \
        service["docker"]["remedy"] + service["docker"]["who"]
    # Nor does the option install what would not help.
    assert product.run(NAME, "--trust-token-host").code == DOCKER
    assert product.anchors(NAME) == der(ca)


def test_one_that_takes_no_suite_of_docker_login(product, server, auth, ca):
    """Covered, and its handshake fails all the same; run with dockerd 20.10
    and 28.5."""
    auth.present(ca.leaf(AUTH), ca, maximum=ssl.TLSVersion.TLSv1_2)
    auth.context.set_ciphers("ECDHE-ECDSA-CHACHA20-POLY1305")
    for release, expected in (("28.5", "RRRRUU"), ("29.5", "AAARUU")):
        done = product.run(NAME, "--json", "--docker", release)
        _, service = reports(done)
        assert answers(service) == expected, done
        reasons = {c["consumer"]: c["reason"] for c in service["consumers"]}
        assert reasons["podman"] == "rare-cipher-suite"
        assert (reasons["docker-login"] == "token-service-fault") == (
            expected[0] == "R")


def test_one_whose_host_is_down(product, server, serve, network, ca):
    """A gateway answers in its place: covered, and no login goes through."""
    auth = serve(ca.leaf(AUTH), ca)
    network.name(AUTH, auth.address)
    for status, expected in (("502 Bad Gateway", "UUURUU"),
                             ("404 Not Found", "AAARUA")):
        auth.reply = lambda tls, status=status: (tls.recv(4096), tls.sendall(
            f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()))
        done = product.run(NAME, "--json")
        assert done.code == TRUSTED, done
        _, service = reports(done)
        assert service["state"] == "service-fine"
        assert answers(service) == expected


def test_one_that_is_not_found_is_said_of_docker_too(product, server):
    """In text, where the report of its service is the last word."""
    done = product.run(NAME)
    assert done.code == TRUSTED, done
    assert "docker cannot be told from here" in " ".join(done.out.split())


@pytest.mark.parametrize("release, has_two", [
    ("20.10", False), ("23.0", True), (None, True)])
def test_a_release_with_one_image_store(product, server, serve, network, ca,
                                        release, has_two):
    auth = serve(ca.leaf(AUTH), ca)
    network.name(AUTH, auth.address)
    options = ["--docker", release] if release else []
    done = product.run(NAME, *options)
    assert done.code == TRUSTED, done
    assert ("containerd store" in done.out) == has_two, done
    assert ("--docker-store" in done.out) == has_two, done
    _, service = reports(product.run(NAME, "--json", *options))
    host = service["docker_host"]
    assert (host["store"], host["store_from"]) == (
        (None, None) if has_two else ("classic", "release"))


def test_that_docker_refuses_is_said_once(product, network, serve, ca):
    """Of a registry whose certificate it refuses."""
    other = serve(ca.leaf("other.token.test"), ca)
    network.name("plain.token.test", other.address)
    done = product.run("plain.token.test")
    assert done.code == DOCKER, done
    text = " ".join((done.out + done.err).split())
    assert text.count(" docker refuses") == 1, done


def is_followed_to_the_end(product, done, prefix=()):
    """Run what DONE offers, and what that offers: none of it is refused."""
    for _ in range(3):
        for command in done.commands():
            done = product.run(*command[2:], prefix=prefix)
            assert done.code in (TRUSTED, DOCKER), done
    return done.code == TRUSTED


def test_what_is_offered_with_nothing_installed_is_not_refused(
        product, server, auth, ca, token_ca):
    """A pin of the registry's speaks for no token service, nor the reverse."""
    done = product.run(NAME, "--trust-token-host", "--check")
    assert len(done.commands()) == 2, done
    assert is_followed_to_the_end(product, done)
    assert sorted(product.anchors(NAME)) == sorted(der(ca, token_ca))


@pytest.mark.parametrize("how", ["--show", "--require-pin"])
def test_a_registry_can_be_pinned_before_its_service(
        product, server, auth, ca, token_ca, how):
    done = product.run(NAME, "--trust-token-host", how)
    command, = done.commands()
    done = product.run(*command[2:])
    assert done.code == DOCKER, done
    assert product.anchors(NAME) == der(ca)
    assert product.run(NAME, "--trust-token-host").code == TRUSTED
    assert sorted(product.anchors(NAME)) == sorted(der(ca, token_ca))


@pytest.mark.parametrize("options", [[], ["--check", "--trust-token-host"]])
def test_what_is_offered_for_a_service_alone_is_not_refused(
        product, server, auth, ca, token_ca, store, options):
    """The host's own CA store covers the registry: nothing of it is pinned."""
    prefix = store(ca)
    done = product.run(NAME, *options, prefix=prefix)
    assert done.code == DOCKER and done.commands(), done
    assert is_followed_to_the_end(product, done, prefix)
    assert product.anchors(NAME) == der(token_ca)


def test_what_is_offered_for_a_changed_registry_is_not_refused(
        product, server, auth, ca):
    assert product.run(NAME, "--trust-token-host").code == TRUSTED
    new = pki.root("New Registry CA")
    server.present(new.leaf(NAME), new)
    done = product.run(NAME, "--trust-token-host")
    assert done.code == REFUSED and done.commands(), done
    assert is_followed_to_the_end(product, done)
    assert len(product.anchors(NAME)) == 3
