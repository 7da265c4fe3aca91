# SPDX-License-Identifier: Apache-2.0
"""What real consumers do with other people's files in certs.d, and that
dtr-trust's warnings say just that.

Each test first lets dtr-trust install the CA, sees every client work, adds the
foreign file, and sees which clients it stops: Docker (classic store), skopeo
and Podman (containers/image), ctr (containerd's loader, which is also that of
Docker's containerd store).
"""
import json
import os

import pytest

from support import pki
from support.engines import PASSWORD, USER
from support.needs import need
from support.product import TRUSTED
from support.void import FORMS

CLIENTS = ["docker", "skopeo", "podman", "ctr"]
UNKNOWN_AUTHORITY = "x509: certificate signed by unknown authority"


@pytest.fixture(name="place")
def make_place(machine, reference):
    """place(path, content): a file in the engine's certs.d."""
    def place(path, content=b"", registry=reference):
        full = os.path.join(machine.network.etc_docker, "certs.d", registry,
                            path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(content)
        return full
    return place


def answer(machine, client, reference):
    """What CLIENT says of REFERENCE: "" when TLS is right."""
    if client == "docker":
        done = machine.docker("login", "--username", USER, "--password-stdin",
                              reference, input=PASSWORD, check=False)
    elif client == "skopeo":
        done = machine.skopeo("login", "--username", USER,
                              "--password-stdin", reference, input=PASSWORD,
                              check=False)
    elif client == "podman":
        done = machine.podman("login", "--username", USER,
                              "--password-stdin", reference, input=PASSWORD,
                              check=False)
    else:
        # There is no image of this name: "not found" is an answer.
        done = machine.ctr("images", "pull", "--hosts-dir",
                           "/etc/docker/certs.d", "--user",
                           f"{USER}:{PASSWORD}", f"{reference}/none:1",
                           check=False)
        if "not found" in done.stderr:
            return ""
    return done.stderr + done.stdout if done.returncode else ""


def answers(machine, reference):
    return {client: answer(machine, client, reference) for client in CLIENTS}


def stopped(found, reason):
    """The clients that FOUND says were stopped, each for REASON."""
    for client, text in found.items():
        assert not text or reason in text.lower(), (client, text)
    return {client for client, text in found.items() if text}


def warnings(machine, reference, *options):
    done = machine.trust(reference, options=["-e", "DTR_OUTPUT=json",
                                             *options])
    report = json.loads(done.out)
    return done.code, set(report["warnings"]) - {"first-use",
                                                 "directory-alone"}


@pytest.fixture(name="trusted")
def make_trusted(machine, registry, reference):
    need("skopeo", "podman", "ctr")
    assert machine.trust(reference).code == TRUSTED
    assert stopped(answers(machine, reference), "") == set()
    return reference


def test_hosts_toml_hides_the_crt_from_containerd_only(
        machine, trusted, place):
    place("hosts.toml", f'[host."https://{trusted}"]\n'.encode())
    assert stopped(answers(machine, trusted), UNKNOWN_AUTHORITY) == {"ctr"}
    assert warnings(machine, trusted) == (0, {"hosts-toml"})


def test_a_hosts_toml_that_names_no_host_hides_nothing(
        machine, trusted, place):
    """The warning says no more: the installer does not read TOML. (A newer
    containerd reads no .crt beside any that it can use.)"""
    for content in (b"", b"# later\n", b"garbage",
                    f'server = "https://{trusted}"\n'.encode()):
        place("hosts.toml", content)
        assert answer(machine, "ctr", trusted) == ""
    done = machine.trust(trusted)
    assert done.code == TRUSTED and "where it cannot be used" in done.out, done


@pytest.mark.parametrize("name, word, reason", [
    ("client.cert", "lone-cert", "missing key"),
    ("client.key", "lone-key", "missing client certificate")])
def test_half_a_client_pair_stops_docker_and_podman(
        machine, trusted, place, name, word, reason):
    place(name, b"x\n")
    found = answers(machine, trusted)
    loader = found.pop("ctr")
    assert not loader or (name == "client.cert" and "X509 key pair" in loader)
    assert stopped(found, reason) == {"docker", "skopeo", "podman"}
    assert warnings(machine, trusted) == (5, {word})


def test_host_port_is_read_instead_by_containerd_only(
        machine, registry, reference, place):
    need("skopeo", "podman", "ctr")
    port = f"{reference}:443"
    assert machine.trust(port).code == TRUSTED
    assert stopped(answers(machine, port), "") == set()
    place("ca.crt", pki.pem(pki.root().certificate), f"{reference}_443_")
    assert stopped(answers(machine, port), UNKNOWN_AUTHORITY) == {"ctr"}
    assert warnings(machine, port) == (0, {"port-alias"})


def test_our_directory_hides_default_from_containerd(
        machine, registry, reference, place):
    """Before, _default counts for ctr; from then on, only what we wrote."""
    need("ctr")
    default = place("ca.crt", pki.pem(registry.anchor.certificate),
                    "_default")
    try:
        assert stopped(answers(machine, reference), UNKNOWN_AUTHORITY) == {
            "docker", "skopeo", "podman"}
        place("ca.crt", pki.pem(pki.root().certificate))
        assert stopped(answers(machine, reference), UNKNOWN_AUTHORITY) == set(
            CLIENTS)
        assert warnings(machine, reference,
                        "-e", "DTR_ON_CHANGE=replace") == (
            0, {"default-hidden"})
        assert stopped(answers(machine, reference), "") == set()
    finally:
        os.unlink(default)
        os.rmdir(os.path.dirname(default))


def test_what_the_old_tool_left_stays_trusted(
        machine, registry, reference, place):
    """nicolaka/dtr-trust: NAME.crt, all that the server sent."""
    need("skopeo", "podman", "ctr")
    old = place(f"{reference}.crt", pki.pem(registry.anchor.certificate))
    assert stopped(answers(machine, reference), "") == set()
    code, found = warnings(machine, reference)
    assert (code, found) == (0, {"other-crt"})
    # Its anchor holds: nothing was written beside it.
    assert os.listdir(os.path.dirname(old)) == [f"{reference}.crt"]


def test_podmans_own_directory_comes_first(machine, trusted, tmp_path):
    own = tmp_path / "containers"
    (own / trusted).mkdir(parents=True)
    (own / trusted / "ca.crt").write_bytes(pki.pem(pki.root().certificate))
    target = "/etc/containers/certs.d"
    machine.host.run("mkdir", "-p", target)
    machine.host.run("mount", "--bind", own, target)
    try:
        assert stopped(answers(machine, trusted), UNKNOWN_AUTHORITY) == {
            "skopeo", "podman"}
        assert warnings(machine, trusted, "-v", f"{target}:{target}:ro") == (
            0, {"containers"})
    finally:
        machine.host.run("umount", target)


def test_a_crt_that_cannot_be_read_stops_docker(machine, trusted, place):
    os.symlink("/nonexistent", os.path.join(
        os.path.dirname(place("README")), "odd.crt"))
    found = answers(machine, trusted)
    assert found["docker"]
    code, words = warnings(machine, trusted)
    assert "unread-crt" in words
    assert code == 0


NO_CA = "unable to load ca cert"


@pytest.mark.parametrize("form", FORMS)
def test_a_crt_without_a_certificate_stops_containerd_only(
        machine, registry, trusted, place, form):
    place("odd.crt", FORMS[form](registry.anchor.certificate))
    assert stopped(answers(machine, trusted), NO_CA) == {"ctr"}
    done = machine.trust(trusted, options=["-e", "DTR_OUTPUT=json"])
    report = json.loads(done.out)
    assert done.code == TRUSTED and "void-crt" in report["warnings"], done
    assert [f["file"] for f in report["void_files"]] == ["odd.crt"]


@pytest.mark.parametrize("form", FORMS)
def test_alone_it_helps_nobody_until_a_run_moves_it(
        machine, registry, reference, place, form):
    need("skopeo", "podman", "ctr")
    place("ca.crt", FORMS[form](registry.anchor.certificate))
    found = answers(machine, reference)
    assert NO_CA in found.pop("ctr").lower()
    assert stopped(found, UNKNOWN_AUTHORITY) == {"docker", "skopeo", "podman"}
    assert machine.trust(reference).code == TRUSTED
    assert stopped(answers(machine, reference), "") == set()
