# SPDX-License-Identifier: Apache-2.0
"""--check --offline: what is installed, and nobody is asked."""
import json
import os
import re

import jsonschema
import pytest

from support import pki
from support.needs import need
from support.product import REFUSED, ROOT, TRUSTED, USAGE

NAME = "offline.offline.test"
UNUSABLE = 5

with open(os.path.join(ROOT, "docs", "report.schema.json"),
          encoding="ascii") as schema_file:
    VALIDATOR = jsonschema.Draft202012Validator(json.load(schema_file))


@pytest.fixture(scope="module", name="root")
def make_root():
    return pki.root("Offline Root", days=400)


@pytest.fixture(scope="module", name="expired")
def make_expired():
    return pki.root("Offline Ended", days=-0.5)


def write(product, name, content=b"x\n", registry=NAME):
    os.makedirs(product.path(registry), exist_ok=True)
    with open(product.path(registry, name), "wb") as file:
        file.write(content)


def pem(*identities):
    return b"".join(pki.pem(i.certificate) for i in identities)


def check(product, *options, code, word, prefix=("unshare", "--net")):
    """For people and for programs, in a network namespace without a network;
    nothing is written, and nobody is said to have accepted anything."""
    before = product.snapshot()
    told = product.run(NAME, "--check", "--offline", *options, prefix=prefix)
    done = product.run(NAME, "--check", "--offline", "--json", *options,
                       prefix=prefix)
    assert product.snapshot() == before
    assert told.code == done.code == code, (told, done)
    report = json.loads(done.out)
    VALIDATOR.validate(report)
    assert (report["state"], report["exit"]) == (word, code), done
    assert report["docker"] is None and report["consumers"] is None
    assert report["chain"] == [] and report["address"] is None
    said = told.out + told.err
    assert said.startswith(("" if code == TRUSTED else "dtr-trust: ") + NAME)
    assert "the registry was not asked" in said
    # But for warnings about files of other hands.
    ours = said.split("\n    warning ")[0]
    assert "accept" not in ours and "trust" not in ours.replace(
        "dtr-trust", "")
    if code != TRUSTED:
        assert f"dtr-trust --certs-dir {product.directory} --check {NAME}" \
            in re.sub(r" \\\n +", " ", said)
    return told, report


def ending(identity):
    return identity.certificate.not_valid_after.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_what_a_run_installed_is_present(network, product, serve, root):
    server = serve(root.leaf(NAME), root)
    network.name(NAME, server.address)
    assert product.run(NAME).code == TRUSTED
    asked, looked = server.accepted, len(network.names.asked)
    told, report = check(product, code=TRUSTED, word="present", prefix=())
    assert (server.accepted, len(network.names.asked)) == (asked, looked)
    assert told.out.startswith(
        f"{NAME}: installed: 1 anchor, the first ends on {ending(root)}; "
        "the registry was not asked\n")
    assert report["ends"] == ending(root) and report["warnings"] == []
    assert [c["fingerprint"] for c in report["installed"]] == [
        "sha256:" + pki.fingerprint(root.certificate)]


def test_no_socket_is_made(product, root, tmp_path):
    need("strace")
    write(product, "ca.crt", pem(root))
    trace = tmp_path / "trace"
    check(product, code=TRUSTED, word="present", prefix=[
        "strace", "-f", "-qq", "-o", str(trace), "-e",
        "trace=socket,socketpair,connect,bind,sendto,execve"])
    calls = re.findall(r"^\d+ +(\w+)\(", trace.read_text(), re.M)
    # The probe's own start shows that it was seen.
    assert calls.count("execve") >= 2
    assert set(calls) == {"execve"}


def test_several_are_counted_and_the_first_end_is_named(
        product, root, expired):
    sooner = pki.root("Sooner", days=90)
    write(product, "ca.crt", pem(root, expired))
    write(product, "corp.crt", pem(sooner))
    told, report = check(product, code=TRUSTED, word="present")
    assert "installed: 2 anchors, the first ends on " + ending(sooner) \
        in told.out
    assert len(report["installed"]) == 3
    assert report["warnings"] == ["other-crt"]


def test_an_end_that_is_near_is_warned_of(product, root):
    write(product, "ca.crt", pem(root))
    told, report = check(product, "--expiry", "401d", code=TRUSTED,
                         word="present")
    assert report["warnings"] == ["expiry"] and "ends soon" in told.out
    # As long as another lasts, nothing ends.
    write(product, "more.crt", pem(pki.root("Later", days=800)))
    _, report = check(product, "--expiry", "401d", code=TRUSTED,
                      word="present")
    assert "expiry" not in report["warnings"]


@pytest.mark.parametrize("prepare", [
    lambda product: None,
    lambda product: os.mkdir(product.path(NAME)),
    lambda product: write(product, "ca.pem", pem(pki.root("No .crt"))),
    lambda product: os.rmdir(product.directory)],
    ids=["nothing", "directory", "other ending", "no certs.d"])
def test_nothing_installed(product, prepare):
    prepare(product)
    told = product.run(NAME, "--check", "--offline")
    report = json.loads(product.run(NAME, "--check", "--offline",
                                    "--json").out)
    assert told.code == UNUSABLE, told
    assert f"{NAME}: NOT INSTALLED; the registry was not asked" in told.err
    assert (report["state"], report["reason"]) == ("missing", "missing")


@pytest.mark.parametrize("content", [
    b"", b"not a certificate\n",
    b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
    pki.der(pki.root("DER").certificate)], ids=["empty", "text", "torn", "der"])
def test_nothing_that_docker_can_read(product, content):
    write(product, "ca.crt", content)
    _, report = check(product, code=UNUSABLE, word="unreadable")
    assert report["reason"] == "unreadable-ca-crt"
    assert report["installed"] == []


def test_expired_and_not_yet_valid(product, expired):
    write(product, "ca.crt", pem(expired))
    told, report = check(product, code=UNUSABLE, word="expired")
    assert report["reason"] == "expired" and report["ends"] is None
    assert ending(expired) in told.err


@pytest.mark.parametrize("name", ["hosts.toml", "client.cert", "client.key"])
def test_shadowed(product, root, name):
    write(product, "ca.crt", pem(root))
    write(product, name)
    told, report = check(product, code=UNUSABLE, word="shadowed")
    assert report["reason"] == "shadowed"
    assert re.sub(r"^[a-z]*", "", name) in told.err


def test_shadowed_by_the_directory_that_containerd_prefers(product, root):
    name = f"{NAME}:5000"
    write(product, "ca.crt", pem(root), registry=name)
    assert product.run(name, "--check", "--offline").code == TRUSTED
    write(product, "ca.crt", pem(root), registry=f"{NAME}_5000_")
    done = product.run(name, "--check", "--offline", "--json")
    assert done.code == UNUSABLE, done
    assert json.loads(done.out)["state"] == "shadowed"


@pytest.mark.parametrize("make", [
    lambda path: os.symlink("/nonexistent", path), os.mkdir],
    ids=["dangling", "directory"])
def test_shadowed_by_a_crt_that_cannot_be_read(product, root, make):
    write(product, "ca.crt", pem(root))
    make(product.path(NAME, "corp.crt"))
    _, report = check(product, code=UNUSABLE, word="shadowed")
    assert "unread-crt" in report["warnings"]


def test_pins(product, root, expired):
    other = pki.root("Other")
    write(product, "ca.crt", pem(root, expired))
    pins = {i: "--pin=" + pki.fingerprint(i.certificate)
            for i in (root, expired, other)}
    check(product, pins[root], code=TRUSTED, word="present")
    check(product, pins[other], pins[root], code=TRUSTED, word="present")
    told, report = check(product, pins[other], code=REFUSED, word="unpinned")
    assert report["reason"] == "not-named"
    assert pki.fingerprint(root.certificate) in told.err
    check(product, pins[expired], code=UNUSABLE, word="expired")
    # A pin of another registry's is not this one's.
    check(product, "--pin=other.test=" + pki.fingerprint(other.certificate),
          code=TRUSTED, word="present")


def test_a_pin_that_is_required_and_not_there(product, root):
    write(product, "ca.crt", pem(root))
    check(product, "--require-pin", code=REFUSED, word="refused-no-pin")


def test_a_ca_file(product, root, expired, tmp_path):
    other = pki.root("Other")
    path = tmp_path / "ca.pem"
    path.write_bytes(pem(root))
    option = f"--ca-file={path}"
    write(product, "corp.crt", pem(other))
    told, report = check(product, option, code=UNUSABLE, word="missing")
    assert pki.fingerprint(root.certificate) in told.err
    write(product, "ca.crt", pem(root))
    check(product, option, code=TRUSTED, word="present")
    path.write_bytes(pem(root, pki.root("Third")))
    check(product, option, code=UNUSABLE, word="missing")
    path.write_bytes(pem(expired))
    write(product, "ca.crt", pem(expired))
    check(product, option, code=UNUSABLE, word="expired")


def test_what_a_run_from_a_file_installed_is_present(product, root, tmp_path):
    path = tmp_path / "ca.pem"
    path.write_bytes(pem(root, pki.root("Second")))
    assert product.run(NAME, "--offline", "--ca-file", path).code == TRUSTED
    check(product, f"--ca-file={path}", code=TRUSTED, word="present")


def test_several_registries_are_summed_up_without_a_word_of_trust(
        product, root):
    write(product, "ca.crt", pem(root))
    done = product.run(NAME, "a.offline.test", "b.offline.test", "--check",
                       "--offline")
    assert done.code == UNUSABLE
    assert done.out.endswith(
        "3 registries: 1 installed, 2 not fit for use\n")


def test_quiet_says_nothing_of_what_is_well(product, root):
    write(product, "ca.crt", pem(root))
    done = product.run(NAME, "--check", "--offline", "--quiet")
    assert (done.code, done.out, done.err) == (TRUSTED, "", "")


@pytest.mark.parametrize("mode", ["--show", "--remove"])
def test_it_is_for_check_alone(product, mode):
    done = product.run(NAME, mode, "--offline")
    assert done.code == USAGE and "--offline" in done.err


def test_a_broken_ca_file_is_no_state_of_the_registry(product, tmp_path):
    path = tmp_path / "ca.pem"
    path.write_text("no certificate")
    done = product.run(NAME, "--check", "--offline", "--ca-file", path)
    assert done.code == USAGE, done
