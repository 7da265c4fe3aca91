# SPDX-License-Identifier: Apache-2.0
"""One decision, nothing lost, the right cause: what a run says is what --check
says next, and each refusal has its own cause, remedy and word."""
import hashlib
import json
import os
import re

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID

from support import pki
from support.product import REFUSED, TRUSTED
from support.servers import RudeServer, claim
from support.void import FORMS, unparsed

NAME = "reg.decision.test"
UNUSABLE = 5


@pytest.fixture(name="root")
def make_root():
    return pki.root("Decision Root")


@pytest.fixture(name="server")
def make_server(network, serve, root):
    server = serve(root.leaf(NAME), root)
    network.name(NAME, server.address)
    return server


def constrained(subject="Constrained Root", **options):
    """A CA that may not sign for the registry's name."""
    return pki.root(subject, extensions=[(x509.NameConstraints(
        [x509.DNSName("other.test")], None), True)], **options)


def renewed(root):
    """The same CA by name and key, and so constrained from now on."""
    return constrained("Decision Root", reuse_key=root.key)


def report(done):
    return json.loads(done.out)


def docker_says(one):
    """Docker's words, but for the time at which it says them."""
    return re.sub(r"current time \S+", "", one["docker"]["error"] or "")


def write(product, content, name="ca.crt"):
    os.makedirs(product.path(NAME), exist_ok=True)
    with open(product.path(NAME, name), "wb") as file:
        file.write(content)


def test_a_file_that_replaces_what_works_is_not_called_accepted(
        product, server, root, tmp_path):
    """Judged on the directory as it was, it was; --check said 5 right after."""
    assert product.run(NAME).code == TRUSTED
    new = renewed(root)
    path = tmp_path / "new.pem"
    path.write_bytes(pki.pem(new.certificate))
    done = product.run(NAME, "--ca-file", str(path), "--on-change", "replace")
    checked = product.run(NAME, "--check")
    assert (done.code, checked.code) == (UNUSABLE, UNUSABLE), (done, checked)
    assert "accepts it" not in done.out
    assert product.anchors(NAME) == [pki.der(new.certificate)]


# What a run did, and what --check says of it: the same exit code.
INSTALLED = {
    "nothing": lambda bed: None,
    "the root": lambda bed: bed["root"],
    "another": lambda bed: bed["other"],
}
SHOWN = {
    "a good chain": lambda bed: [bed["root"].leaf(NAME), bed["root"]],
    "a constrained CA": lambda bed: [
        bed["tight"].leaf(NAME), bed["tight"]],
    "another name": lambda bed: [bed["root"].leaf("x.test"), bed["root"]],
    "an expired leaf": lambda bed: [
        bed["root"].leaf(NAME, days=-0.5), bed["root"]],
    "a leaf alone": lambda bed: [
        bed["root"].intermediate().leaf(NAME)],
    "a default certificate": lambda bed: [pki.self_signed("lb.test")],
}
OPTIONS = {
    "no option": lambda bed, chain: [],
    "add": lambda bed, chain: ["--on-change", "add"],
    "replace": lambda bed, chain: ["--on-change", "replace"],
    "pin": lambda bed, chain: [
        "--pin", pki.fingerprint(chain[-1].certificate)],
    "file, replace": lambda bed, chain: [
        "--ca-file", bed["file"], "--on-change", "replace"],
    "pin, replace": lambda bed, chain: [
        "--pin", pki.fingerprint(chain[-1].certificate),
        "--on-change", "replace"],
}


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize("installed", INSTALLED)
def test_what_a_run_says_is_what_check_says_next(
        product, server, accepts, root, tmp_path, installed, shown, options):
    bed = {"root": root, "other": pki.root("Other"), "tight": renewed(root),
           "file": str(tmp_path / "tight.pem")}
    (tmp_path / "tight.pem").write_bytes(pki.pem(bed["tight"].certificate))
    there = INSTALLED[installed](bed)
    if there:
        write(product, pki.pem(there.certificate))
    chain = SHOWN[shown](bed)
    server.present(*chain)
    done = report(product.run(NAME, "--json", *OPTIONS[options](bed, chain)))
    checked = report(product.run(NAME, "--check", "--json"))
    said = (installed, shown, options, done["state"], checked["state"])
    wrote = done["state"] in ("installed", "added", "dropped")
    if wrote or done["exit"] == TRUSTED:
        assert (checked["exit"], docker_says(checked)) == (
            done["exit"], docker_says(done)), said
    else:
        assert checked["exit"] != TRUSTED, said
    # And it is what Go says. (It wants a directory.)
    if product.installed(NAME):
        assert accepts(NAME) is (checked["exit"] == TRUSTED), said
    # Nothing of another hand is lost, whatever was said.
    if there:
        assert pki.der(there.certificate) in product.anchors(NAME)


def ingress(root):
    return [pki.self_signed(
        "ingress.local",
        subject="Kubernetes Ingress Controller Fake Certificate")]


FIRST = {
    "default-certificate": ingress,
    "wrong-name": lambda root: [root.leaf("other.test"), root],
    "expired": lambda root: [root.leaf(NAME, days=-0.5), root],
    "only-common-name": lambda root: [pki.Identity(NAME, issuer=root), root],
    "name-constraint": lambda root: [
        constrained().leaf(NAME), constrained()],
}


@pytest.mark.parametrize("reason", ["default-certificate", "wrong-name",
                                    "expired", "only-common-name"])
def test_a_first_use_remembers_only_what_works(
        product, server, accepts, root, reason):
    before = product.snapshot()
    server.present(*FIRST[reason](root))
    done = product.run(NAME, "--json")
    checked = product.run(NAME, "--check", "--json")
    told = product.run(NAME)
    assert product.snapshot() == before
    assert done.code == checked.code == told.code == UNUSABLE
    for one in (report(done), report(checked)):
        assert one["reason"] == reason
        assert one["docker"]["cause"] and one["docker"]["remedy"]
        assert one["docker"]["who"]
    assert "NOT INSTALLED" in told.err + told.out and "cause" in told.err
    # The remedy was followed: nothing is held against the right chain.
    server.present(root.leaf(NAME), root)
    done = product.run(NAME)
    assert done.code == TRUSTED and "installed" in done.out, done
    assert accepts(NAME)


def test_where_only_a_client_certificate_is_wanted_the_ca_is_installed(
        product, server, root):
    """Docker needs both, and the other one is the operator's to give."""
    server.present(root.leaf(NAME), root, client_ca=root)
    done = product.run(NAME, "--json")
    assert done.code == UNUSABLE, done
    assert report(done)["reason"] == "client-certificate"
    assert product.anchors(NAME) == [pki.der(root.certificate)]


def test_it_heals_by_itself_while_it_waits(product, server, root):
    server.present(*ingress(root))
    process = product.start(NAME, "--wait", "60s")
    said = b""
    while b"trying again" not in b" ".join(said.split()):
        said += process.stderr.readline()
        assert process.poll() is None, said
    server.present(root.leaf(NAME), root)
    out, err = process.communicate(timeout=60)
    assert process.returncode == TRUSTED, err
    assert b"installed" in out


def test_check_gives_dockers_words_as_they_are_now(product, server, root):
    """The cause is that of the CA that is refused."""
    assert product.run(NAME).code == TRUSTED
    new = pki.root("New Root")
    server.present(new.leaf(
        NAME, usages=(ExtendedKeyUsageOID.CLIENT_AUTH,)), new)
    one = report(product.run(NAME, "--check", "--json"))
    assert "signed by unknown authority" in one["docker"]["error"]
    assert (one["state"], one["reason"]) == (
        "refused-broken", "key-usage")


def lost_intermediate(root):
    return [root.intermediate("Decision CA").leaf(NAME)]


def new_ca(_root):
    new = pki.root("New Root")
    return [new.leaf(NAME), new]


def new_ca_alone(_root):
    return [pki.root("New Root").leaf(NAME)]


def namesake_alone(_root):
    return [pki.root("Decision Root").leaf(NAME)]


CHANGES = {
    "a new CA": (new_ca, "changed-ca", REFUSED, True),
    "a lost intermediate": (
        lost_intermediate, "intermediate-missing", REFUSED, False),
    # Not to be told from it: both are named.
    "a new CA's leaf alone": (
        new_ca_alone, "intermediate-missing", REFUSED, False),
    "a namesake's leaf alone": (namesake_alone, "changed-ca", REFUSED, True),
    "a default certificate": (
        lambda root: [pki.self_signed("localhost.localdomain",
                                      subject="BIG-IP default")],
        "default-certificate", REFUSED, False),
    "another CA for another name": (
        lambda root: [pki.root("New Root").leaf("x.test"), pki.root()],
        "default-certificate", REFUSED, False),
    "a wrong name": (
        lambda root: [root.leaf("x.test"), root], "wrong-name", UNUSABLE,
        False),
    "an expired leaf": (
        lambda root: [root.leaf(NAME, days=-0.5), root], "expired", UNUSABLE,
        False),
}


@pytest.mark.parametrize("what", CHANGES)
def test_each_cause_of_a_refusal_is_told(product, server, root, what):
    make, reason, code, can_accept = CHANGES[what]
    assert product.run(NAME).code == TRUSTED
    before = product.snapshot()
    server.present(*make(root))
    for mode in ([], ["--check"]):
        one = report(product.run(NAME, "--json", *mode))
        assert (one["reason"], one["exit"]) == (reason, code), one
        told = product.run(NAME, *mode)
        assert told.code == code
        assert ("--pin sha256:" in told.err) is can_accept, told
        assert can_accept or ("cause" in told.err and "remedy" in told.err)
        assert ": unchanged;" not in told.out and ": renewed" not in told.out
    assert product.snapshot() == before


@pytest.mark.parametrize("mode", [[], ["--check"]])
def test_who_replays_the_chain_without_its_key_is_not_trusted(
        network, product, server, root, mode):
    leaf = root.leaf(NAME)
    server.present(leaf, root)
    assert product.run(NAME).code == TRUSTED
    with RudeServer(network, claim(leaf, root)) as impostor:
        network.name(NAME, impostor.address)
        before = product.snapshot()
        pinned = ["--pin", pki.fingerprint(root.certificate)]
        for options in ([], pinned):
            done = product.run(NAME, *mode, *options)
            assert done.code == REFUSED, done
            for word in ("trusted", "unchanged;", "renewed", "accepts it"):
                assert word not in done.out
            one = report(product.run(NAME, "--json", *mode, *options))
            assert one["reason"] == "unproven"
            assert one["state"] == "refused-unproven"
    assert product.snapshot() == before


def test_a_file_is_installed_whatever_the_server_does(
        network, product, root, tmp_path):
    path = tmp_path / "ca.pem"
    path.write_bytes(pki.pem(root.certificate))
    with RudeServer(network, claim(root.leaf(NAME), root)) as impostor:
        network.name(NAME, impostor.address)
        done = product.run(NAME, "--ca-file", str(path))
    assert done.code == UNUSABLE, done
    assert product.anchors(NAME) == [pki.der(root.certificate)]
    assert "trusted" not in done.out and "accepts it" not in done.out
    assert "does not show that it holds the key" in done.err


WHAT = {
    "empty": "empty",
    "der": "a certificate in DER; Docker reads PEM only",
    "bom": "PEM behind a byte order mark, which hides it",
    "utf-16": "text in UTF-16; Docker reads ASCII only",
    "html": "an HTML page",
    "pkcs7": "PKCS#7, not a certificate in PEM",
    "unparsed": "PEM, but Docker can parse no certificate in it",
}
VOID = [kind for kind in WHAT if kind != "empty"]
READERS = ("Docker and Podman ignore such a file, containerd's loader fails "
           "on it")


def words(text):
    """Without the line breaks of 80 columns."""
    return " ".join(text.split())


def is_named(one, name, kind):
    return one["void_files"] == [
        {"file": name, "kind": kind, "what": WHAT[kind]}]


@pytest.mark.parametrize("options", [[], ["--offline"]],
                         ids=["asked", "offline"])
@pytest.mark.parametrize("kind", WHAT)
def test_what_a_void_file_is_is_said(product, server, root, kind, options):
    """Also of an empty one: it is no change of the registry."""
    write(product, FORMS[kind](root.certificate))
    checked = product.run(NAME, "--check", *options)
    one = report(product.run(NAME, "--check", "--json", *options))
    assert (checked.code, one["state"], one["reason"]) == (
        UNUSABLE, "unreadable", "unreadable-ca-crt"), checked
    assert is_named(one, "ca.crt", kind), one
    assert one["warnings"].count("void-crt") == 1
    assert f"not read ca.crt: {WHAT[kind]}" in words(checked.err)
    assert READERS in words(checked.err)


def test_an_empty_ca_crt_is_written_over(product, server, root):
    write(product, b"")
    done = product.run(NAME)
    assert done.code == TRUSTED, done
    assert "not read ca.crt: empty" in words(done.out)
    assert os.listdir(product.path(NAME)) == ["ca.crt"]
    assert product.anchors(NAME) == [pki.der(root.certificate)]


@pytest.mark.parametrize("kind", WHAT)
def test_a_void_file_beside_ca_crt_is_named(
        product, server, accepts, root, kind):
    """It is not ours to move: Docker goes on, containerd's loader does not,
    before the run and after it."""
    write(product, FORMS[kind](root.certificate), "corp.crt")
    first = report(product.run(NAME, "--json"))
    assert accepts(NAME)
    second = report(product.run(NAME, "--json"))
    checked = report(product.run(NAME, "--check", "--json"))
    offline = report(product.run(NAME, "--check", "--offline", "--json"))
    assert [one["state"] for one in (first, second, checked, offline)] == [
        "installed", "unchanged", "trusted", "present"]
    for one in (first, second, checked, offline):
        assert one["exit"] == TRUSTED and is_named(one, "corp.crt", kind)
        assert {"void-crt", "other-crt"} <= set(one["warnings"])
    for one in (first, second, checked):
        answers = {c["consumer"]: (c["answer"], c["reason"])
                   for c in one["consumers"]}
        assert answers["docker-login"] == ("accepts", "none")
        assert answers["docker-pull-containerd"] == ("refuses", "void-crt")
        assert answers["containerd"][1] in ("void-crt", "other-place")
        assert answers["podman"] == ("accepts", "none")


def test_a_file_with_one_certificate_is_not_void(product, server, root):
    other = pki.pem(pki.root("Other").certificate)
    write(product, unparsed(root.certificate) + other, "corp.crt")
    one = report(product.run(NAME, "--json"))
    assert one["void_files"] == [] and "void-crt" not in one["warnings"]


@pytest.mark.parametrize("kind", VOID)
def test_a_file_without_a_certificate_is_no_anchor(
        product, server, accepts, root, kind):
    """The run installs, and what was there is moved aside, not lost."""
    content = FORMS[kind](root.certificate)
    write(product, content)
    checked = product.run(NAME, "--check")
    assert checked.code == UNUSABLE, checked
    assert not accepts(NAME)

    done = product.run(NAME)

    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == [pki.der(root.certificate)]
    aside, = [name for name in os.listdir(product.path(NAME))
              if name != "ca.crt"]
    assert aside in done.out
    assert f"not read ca.crt: {WHAT[kind]}" in words(done.out)
    assert not aside.endswith((".crt", ".cert", ".key"))
    with open(product.path(NAME, aside), "rb") as file:
        assert file.read() == content
    assert accepts(NAME)
    assert product.run(NAME, "--check").code == TRUSTED


def test_an_empty_file_is_no_anchor(product, server, accepts):
    write(product, b"")
    assert product.run(NAME, "--check").code == UNUSABLE
    done = product.run(NAME)
    assert done.code == TRUSTED and "installed" in done.out, done
    assert accepts(NAME)


def test_a_file_of_another_hand_is_no_first_use(product, server):
    """Without a word of the probe's that it cannot be read."""
    write(product, pki.pem(pki.root("Theirs").certificate))
    before = product.snapshot()
    done = product.run(NAME)
    assert done.code == REFUSED, done
    assert product.snapshot() == before


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def missed_pins():
    root = pki.root("Pinned Root")
    ca = root.intermediate("Pinned CA")
    text = pki.pem(ca.certificate)
    key = ca.key.public_key().public_bytes(
        serialization.Encoding.DER,
        serialization.PublicFormat.SubjectPublicKeyInfo)
    return ca, {
        "the root's": (pki.fingerprint(root.certificate), "the root's"),
        "of the key": (sha256(key), "the hash of a public key"),
        "of the file": (sha256(text), "the hash of a PEM file"),
        "of the file without its end": (
            sha256(text[:-1]), "the hash of a PEM file"),
    }


@pytest.mark.parametrize("what", missed_pins()[1])
def test_a_missed_pin_is_told_what_it_may_be(product, server, what):
    ca, pins = missed_pins()
    pin, said = pins[what]
    server.present(ca.leaf(NAME), ca)
    done = product.run(NAME, "--pin", pin)
    assert done.code == REFUSED, done
    assert "sends no certificate that a pin names" in done.err
    assert f"sha256:{pin}" in done.err and said in done.err, done
    assert not product.installed(NAME)
    # What is printed is what works.
    hint = f"--pin sha256:{pki.fingerprint(ca.certificate)}"
    assert hint in done.err
    assert product.run(NAME, *hint.split()).code == TRUSTED


def test_a_pin_that_names_what_is_sent_is_not_said_to_name_nothing(
        product, server, root):
    stranger = pki.root("Stranger")
    server.present(stranger.leaf(NAME), stranger, root)
    done = product.run(NAME, "--pin", pki.fingerprint(root.certificate))
    assert done.code == REFUSED, done
    assert "sends the certificate that a pin names" in done.err
    assert "no certificate that a pin names" not in done.err


def test_replace_leaves_what_is_named_also_after_an_add(
        product, server, root):
    assert product.run(NAME).code == TRUSTED
    new = pki.root("New Root")
    server.present(new.leaf(NAME), new)
    pinned = ["--pin", pki.fingerprint(new.certificate)]
    assert product.run(NAME, *pinned).code == TRUSTED
    assert set(product.anchors(NAME)) == {
        pki.der(root.certificate), pki.der(new.certificate)}
    done = product.run(NAME, *pinned, "--on-change", "replace")
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == [pki.der(new.certificate)]
    done = product.run(NAME, *pinned, "--on-change", "replace")
    assert done.code == TRUSTED and "unchanged" in done.out, done


def test_a_bundle_of_many_is_installed_whole(product, server, root, tmp_path):
    """More than a report could list before: what it left out was lost."""
    others = [pki.root(f"Root {i}") for i in range(520)]
    path = tmp_path / "bundle.pem"
    path.write_bytes(pki.pem(*(o.certificate for o in others),
                             root.certificate))
    done = product.run(NAME, "--ca-file", str(path))
    assert done.code == TRUSTED, done
    assert set(product.anchors(NAME)) == {
        pki.der(o.certificate) for o in [*others, root]}
