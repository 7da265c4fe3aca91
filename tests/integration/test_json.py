# SPDX-License-Identifier: Apache-2.0
"""--json: every state that can be produced fits the schema, word for word
what is documented, one line each."""
import datetime
import json
import os
import subprocess
import time

import jsonschema
import pytest

from support import pki
from support.network import BLACKHOLE_ADDRESS
from support.product import ROOT, block
from support.servers import (Challenging, RudeServer, TlsRegistry,
                             greet_as_ssh)

NAME = "json.json.test"
AUTH = "auth.json.test"

with open(os.path.join(ROOT, "docs", "report.schema.json"),
          encoding="ascii") as schema_file:
    SCHEMA = json.load(schema_file)
VALIDATOR = jsonschema.Draft202012Validator(
    SCHEMA, format_checker=jsonschema.FormatChecker())


def reports(done):
    """The objects of DONE's output, each checked; the exit code too."""
    found = []
    for line in done.out.splitlines():
        report = json.loads(line)
        VALIDATOR.validate(report)
        found.append(report)
    assert done.out == "" or done.out.endswith("\n")
    if found:
        assert done.code == max(report["exit"] for report in found)
    return found


class Bed:
    """One registry, its product, and what a scene needs to play."""

    def __init__(self, network, product, tmp_path):
        self.network, self.product, self.tmp_path = network, product, tmp_path
        self.root = pki.root("JSON Root", days=400)
        self.server = self.open(self.root.leaf(NAME, days=90), self.root)
        network.name(NAME, self.server.address)

    def open(self, *chain):
        return TlsRegistry(self.network, *chain)

    def run(self, *options):
        return self.product.run(NAME, "--json", *options)

    def install(self):
        assert self.product.run(NAME).code == 0

    def change(self):
        self.install()
        new = pki.root("New Root")
        self.server.present(new.leaf(NAME), new)

    def file(self, name, content=b"x\n"):
        os.makedirs(self.product.path(NAME), exist_ok=True)
        with open(self.product.path(NAME, name), "wb") as file:
            file.write(content)

    def pin(self):
        return "--pin=" + pki.fingerprint(self.root.certificate)


def installed(bed):
    return bed.run()


def added(bed):
    bed.change()
    return bed.run("--on-change", "add")


def dropped(bed):
    bed.install()
    with open(bed.product.path(NAME, "ca.crt"), "ab") as file:
        file.write(block(pki.root("Over", days=-0.5)))
    return bed.run()


def unchanged(bed):
    bed.install()
    return bed.run()


def renewed(bed):
    bed.install()
    bed.server.present(bed.root.leaf(NAME))
    return bed.run()


def with_store(bed, *options):
    path = bed.tmp_path / "store.crt"
    path.write_bytes(pki.pem(bed.root.certificate))
    return bed.product.run(NAME, "--json", *options, prefix=[
        "unshare", "--mount", "sh", "-c", f"mount --bind '{path}' "
        '/etc/ssl/certs/ca-certificates.crt && exec "$@"', "sh"])


def refused_changed(bed):
    bed.change()
    return bed.run()


def refused_broken(bed):
    bed.install()
    bed.server.present(pki.self_signed("lb.json.test"))
    return bed.run()


def refused_useless(bed):
    bed.server.present(pki.self_signed("lb.json.test"))
    return bed.run()


def unreadable(bed):
    bed.file("ca.crt", pki.der(bed.root.certificate))
    return bed.run("--check")


def refused_pin(bed):
    return bed.run("--pin", "0" * 64)


def refused_no_pin(bed):
    return bed.run("--require-pin")


def shown(bed):
    return bed.run("--show")


def trusted(bed):
    bed.install()
    return bed.run("--check")


def expiring(bed):
    bed.install()
    return bed.run("--check", "--expiry", "100d")


def changed(bed):
    bed.change()
    return bed.run("--check")


def untrusted(bed):
    return bed.run("--check")


def shadowed(bed):
    bed.install()
    bed.file("client.key")
    return bed.run("--check")


def present(bed):
    bed.install()
    return bed.run("--check", "--offline")


def missing(bed):
    return bed.run("--check", "--offline")


def expired(bed):
    bed.file("ca.crt", pki.pem(pki.root("Over", days=-0.5).certificate))
    return bed.run("--check", "--offline")


def unpinned(bed):
    bed.install()
    return bed.run("--check", "--offline", "--pin", "0" * 64)


def removed(bed):
    bed.install()
    return bed.run("--remove")


def absent(bed):
    return bed.run("--remove")


def failed(bed):
    bed.network.name(NAME, bed.network.address())
    return bed.run()


SCENES = [installed, added, dropped, unchanged, renewed, refused_changed,
          refused_broken, refused_useless, unreadable,
          refused_pin, refused_no_pin, shown, trusted, expiring, changed,
          untrusted, shadowed, present, missing, expired, unpinned, removed, absent, failed]


@pytest.fixture(name="bed")
def make_bed(network, product, tmp_path):
    bed = Bed(network, product, tmp_path)
    yield bed
    bed.server.close()


@pytest.mark.parametrize("scene", SCENES, ids=lambda s: s.__name__)
def test_each_state_fits_the_schema(bed, scene):
    report, = reports(scene(bed))
    assert report["state"] == scene.__name__.replace("_", "-")
    assert report["registry"] == NAME
    assert report["file"] == bed.product.path(NAME, "ca.crt")


def test_the_host_needs_nothing(bed):
    report, = reports(with_store(bed))
    assert report["state"] == "not-needed"
    assert report["docker"]["accepts"] is True


def test_every_state_is_documented_and_covered():
    """refused-unproven needs a server that dies in the handshake; see
    tests/integration/test_run.c. The token service's are below and in
    test_token.py, those of a redirection in test_redirects.py."""
    scenes = {scene.__name__.replace("_", "-") for scene in SCENES}
    assert set(SCHEMA["properties"]["state"]["enum"]) == scenes | {
        "not-needed", "service-left", "service-fine", "service-unseen",
        "redirect-left", "redirect-fine", "redirect-unseen",
        "refused-unproven", "pruned", "unlisted"}


def test_what_a_list_does_not_name_has_an_object_too(bed, tmp_path):
    bed.install()
    path = tmp_path / "list"
    path.write_text(bed.network.name("a.json.test", bed.server.address))
    for state, code, mode in (("unlisted", 3, ["--check"]),
                              ("pruned", 0, [])):
        done = bed.product.run("--json", "--registries", path, "--prune",
                               *mode)
        _, report = reports(done)
        assert (report["state"], report["exit"]) == (state, code), done
        assert report["registry"] == NAME and report["reason"] == state
        assert report["file"] == bed.product.path(NAME, "ca.crt")
        assert report["address"] is None and report["chain"] == []


def test_what_a_fleet_needs_is_in_it(bed):
    report, = reports(bed.run())
    root = bed.root.certificate
    assert report["anchors"] == [{
        "fingerprint": "sha256:" + pki.fingerprint(root),
        "grade": "root", "subject": "CN=JSON Root", "issuer": "CN=JSON Root",
        "names": None, "key": report["anchors"][0]["key"],
        "not_before": root.not_valid_before.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "not_after": root.not_valid_after.strftime("%Y-%m-%dT%H:%M:%SZ")}]
    assert [c["grade"] for c in report["chain"]] == ["leaf", "root"]
    assert report["installed"] == []
    assert report["address"] == f"{bed.server.address}:443"
    assert report["tls"] == "1.3"
    assert report["exit"] == 0 and report["error"] is None
    assert report["warnings"] == ["first-use"]
    assert report["docker"]["accepts"] is True
    report, = reports(bed.run())
    assert report["installed"] == report["anchors"]


@pytest.mark.parametrize("grade", ["root", "intermediate", "leaf"])
def test_the_grade_says_how_long_an_anchor_lasts(bed, grade):
    ca = bed.root.intermediate("JSON CA")
    leaf = ca.leaf(NAME)
    bed.server.present(*{"root": [leaf, ca, bed.root],
                         "intermediate": [leaf, ca], "leaf": [leaf]}[grade])
    report, = reports(bed.run())
    assert [a["grade"] for a in report["anchors"]] == [grade]
    assert ("leaf" in report["warnings"]) == (grade == "leaf")
    assert (report["ends"] is not None) == (grade == "leaf")


def test_docker_refuses(bed):
    bed.server.present(bed.root.leaf("other.json.test"), bed.root)
    report, = reports(bed.run())
    assert report["exit"] == 5
    assert report["docker"]["accepts"] is False
    assert "other.json.test" in report["docker"]["error"]
    assert report["docker"]["remedy"]


@pytest.mark.parametrize("what", [
    "hosts.toml", "client.cert", "client.key", "other.crt"])
def test_warnings_about_files_fit(bed, what):
    bed.file(what, pki.pem(pki.root().certificate))
    report, = reports(bed.run(bed.pin()))
    assert len(report["warnings"]) == 1


def test_failures_of_every_kind_fit(bed):
    silent = RudeServer(bed.network, lambda c: c.recv(1) or c.recv(1))
    rude = RudeServer(bed.network, greet_as_ssh)
    with silent, rude:
        names = {"silent": silent.address, "ssh": rude.address,
                 "dropped": BLACKHOLE_ADDRESS}
        for name, address in names.items():
            bed.network.name(f"{name}.json.test", address)
        done = bed.product.run(
            *(f"{name}.json.test" for name in names), "nowhere.json.test",
            NAME, "--json", "--timeout", "1s")
    found = {r["registry"]: r for r in reports(done)}
    assert len(found) == 5
    assert found[NAME]["state"] == "installed"
    del found[NAME]
    for report in found.values():
        assert report["state"] == "failed" and report["exit"] == 1
        assert report["error"]["what"] and report["error"]["next"]
        assert report["chain"] == []


def test_a_directory_that_cannot_be_written_fits(bed):
    os.symlink("/nonexistent", bed.product.path(NAME))
    report, = reports(bed.run())
    assert report["state"] == "failed" and report["exit"] == 4


def test_a_token_service_has_an_object_of_its_own(bed):
    bed.server.close()
    bed.server = Challenging(bed.network, bed.root.leaf(NAME), bed.root,
                             realm=f"https://{AUTH}/token")
    bed.network.name(NAME, bed.server.address)
    token_root = pki.root("Token Root")
    with bed.open(token_root.leaf(AUTH), token_root) as auth:
        bed.network.name(AUTH, auth.address)
        first, second = reports(bed.run(bed.pin()))
        assert (first["token_service"], second["token_service"]) == (
            None, AUTH)
        assert first["token_host"] == AUTH
        assert second["state"] == "service-left" and second["exit"] == 5
        first, second = reports(bed.run("--trust-token-host"))
        assert (first["state"], second["state"]) == ("unchanged", "added")
        assert second["file"] == first["file"]


def test_texts_from_outside_stay_inside_their_strings(bed):
    evil = pki.self_signed(NAME, subject='a"b\\c\n\x1b[31m\u20ac')
    bed.server.present(evil)
    done = bed.run("--show")
    report, = reports(done)
    assert set(done.out) <= set(map(chr, range(0x20, 0x7f))) | {"\n"}
    assert report["chain"][0]["subject"].startswith('CN=a')


def test_a_directory_of_any_name_gives_valid_json(bed):
    odd = str(bed.tmp_path / 'a"b\\c\td')
    os.mkdir(odd)
    done = bed.product.at(odd).run(NAME, "--json")
    report, = reports(done)
    assert report["file"] == f"{odd}/{NAME}/ca.crt"


@pytest.mark.parametrize("arguments", [
    ["--pin", "x"], ["--no-such-option"], ["--timeout"],
    ["https://user:hunter2@reg.test/"], ["--certs-dir", ""],
    ["--ca-file", "/none"], ["--registries", "/none"]])
def test_what_fails_as_a_whole_is_an_object_too(bed, arguments):
    done = bed.run(*arguments)
    report, = reports(done)
    assert done.code == report["exit"] and done.code in (2, 4), done
    assert report["registry"] is None
    assert report["state"] == "failed" and report["error"]["next"]
    assert "hunter2" not in done.out + done.err and not done.err


def test_a_directory_that_cannot_be_opened_is_an_object_too(bed):
    done = bed.product.at("/dev/null").run(NAME, "--json")
    report, = reports(done)
    assert done.code == report["exit"] == 4, done
    assert report["registry"] is None and report["certs_dir"] == "/dev/null"


def test_each_object_says_when_where_and_by_what(bed):
    report, = reports(bed.run("--pin", pki.fingerprint(bed.root.certificate)))
    assert report["schema"] == 2
    with open(os.path.join(ROOT, "VERSION"), encoding="ascii") as file:
        assert report["version"] == file.read().strip()
    assert report["node"] == (os.uname().nodename or None)
    assert abs(time.time() - datetime.datetime.fromisoformat(
        report["time"].replace("Z", "+00:00")).timestamp()) < 60
    assert report["pins"] == [
        "sha256:" + pki.fingerprint(bed.root.certificate)]


def test_a_path_that_is_no_utf8_gives_valid_json(bed):
    odd = os.fsencode(bed.tmp_path) + b"/caf\xe9-\xc3\xa9-\xed\xa0\x80"
    os.mkdir(odd)
    done = subprocess.run(
        bed.product.at(os.fsdecode(odd)).command(NAME, "--json"),
        capture_output=True, env={}, check=False)
    report = json.loads(done.stdout.decode("utf-8"))
    assert report["file"].startswith(
        str(bed.tmp_path) + "/caf\ufffd-\u00e9-\ufffd\ufffd\ufffd/")


def test_the_variable_does_the_same(bed):
    bed.install()
    done = bed.product.run(NAME, env={"DTR_OUTPUT": "json"})
    report, = reports(done)
    assert report["state"] == "unchanged"
    done = bed.product.run(NAME, "--json", env={"DTR_OUTPUT": "xml"})
    assert len(reports(done)) == 1
    assert bed.product.run(NAME, env={"DTR_OUTPUT": "xml"}).code == 2


def test_a_refused_change_is_judged_by_what_stays_installed(network, product,
                                                            serve):
    root, other = pki.root(), pki.root()
    server = serve(root.leaf(NAME), root)
    network.name(NAME, server.address)
    assert product.run(NAME).code == 0
    server.present(other.leaf(NAME), other)
    done = product.run("--json", NAME)
    assert done.code == 3, done
    docker = json.loads(done.out)["docker"]
    assert docker["accepts"] is False
    assert "certificate signed by unknown authority" in docker["error"]
