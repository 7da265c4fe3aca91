# SPDX-License-Identifier: Apache-2.0
"""The commands of VERIFY.md on a release, and on what somebody changed of it.

For scripts/release-test. The registry and every command are in a namespace
with nothing but loopback: whoever checks a release needs no other network.
"""
import base64
import contextlib
import hashlib
import http.client
import json
import os
import re
import shutil
import subprocess
import tempfile

import pytest

from support.engines import stop, wait_for
from support.network import Host, tool
from support.product import ROOT

ADDRESS = "127.0.0.1:5000"
NAME = ADDRESS + "/dtr-trust"
PLACE = os.path.join(ROOT, "build", "release-test")
INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
FILES, IMAGE, SBOM, PROVENANCE = range(4)
EACH = [FILES, IMAGE, SBOM, PROVENANCE]
OF_THE_IMAGE = EACH[1:]


def version():
    with open(os.path.join(ROOT, "VERSION"), encoding="ascii") as file:
        return file.read().strip()


def commands():
    """The four of VERIFY.md, as a reader types them."""
    with open(os.path.join(ROOT, "VERIFY.md"), encoding="ascii") as file:
        lines = re.findall(r"^    (.*)$", file.read(), re.M)
    assert len(lines) == 4
    return [line.replace("registry.example.com/dtr-trust", NAME)
            .replace("VERSION", version()) for line in lines]


class Registry:
    """docker-registry on HOST's loopback, and what an attacker does to it."""

    def __init__(self, host, folder):
        self.host = host
        path = os.path.join(folder, "registry.yml")
        with open(path, "w", encoding="ascii") as file:
            file.write(f"version: 0.1\nhttp: {{addr: '{ADDRESS}', secret: x}}\n"
                       f"storage: {{filesystem: {{rootdirectory: {folder}}}, "
                       "delete: {enabled: true}}\n")
        log = os.path.join(folder, "log")
        with open(log, "wb") as file:
            self.process = host.start(tool("docker-registry"), "serve", path,
                                      stdout=file, stderr=file)
        wait_for(lambda: self.ask("GET", "/v2/")[0] == 200, self.process, log)

    def ask(self, method, path, data=None, kind=MANIFEST):
        with self.host.network(), contextlib.closing(
                http.client.HTTPConnection(ADDRESS)) as connection:
            try:
                connection.request(method, path, data, {
                    "Content-Type": kind, "Accept": f"{INDEX}, {MANIFEST}"})
            except OSError:
                return 0, None, b""
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location"), answer.read()

    def get(self, kind, reference):
        status, _, data = self.ask("GET", f"/v2/dtr-trust/{kind}/{reference}")
        assert status == 200, (kind, reference, status)
        return data

    def manifest(self, reference):
        return json.loads(self.get("manifests", reference))

    def put_manifest(self, reference, data, kind):
        status, _, said = self.ask(
            "PUT", f"/v2/dtr-trust/manifests/{reference}", data, kind)
        assert status == 201, said

    def put_blob(self, data):
        """Its digest."""
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        _, place, _ = self.ask("POST", "/v2/dtr-trust/blobs/uploads/")
        place = re.sub(r"^https?://[^/]*", "", place)
        status, _, said = self.ask("PUT", f"{place}&digest={digest}", data,
                                   "application/octet-stream")
        assert status == 201, said
        return digest

    def put(self, manifest, tag=None):
        """Store MANIFEST (a dictionary); its descriptor's members."""
        data = json.dumps(manifest).encode()
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        self.put_manifest(tag or digest, data, manifest["mediaType"])
        return {"mediaType": manifest["mediaType"], "digest": digest,
                "size": len(data)}


def referrers(digest):
    """The tag under which a registry without an API for it lists them."""
    return digest.replace(":", "-")


class Release:
    """What scripts/release made, in a folder as a reader has it."""

    def __init__(self, host, registry, root):
        self.host, self.registry = host, registry
        self.made = os.path.join(PLACE, "release")
        self.bin = os.path.join(PLACE, "bin")
        os.mkdir(self.bin)
        path = os.path.join(self.bin, "cosign")
        with open(path, "w", encoding="ascii") as file:
            file.write(f'#!/bin/sh\nexec {ROOT}/scripts/in-root {root} env -C '
                       f'"$PWD" HOME={PLACE} /usr/bin/cosign "$@"\n')
        os.chmod(path, 0o755)
        for name in ("own", "other"):
            self.run(PLACE, path, "generate-key-pair", "--output-key-prefix",
                     name)
        done = host.run(
            os.path.join(ROOT, "scripts", "release"), NAME, timeout=1800,
            check=False, env={
                **self.environment(), "PATH": os.environ["PATH"],
                "ARCH": "amd64", "OUT": self.made,
                "KEY": os.path.join(PLACE, "own.key"),
                "URL": "https://git.example.com/dtr-trust"})
        assert done.returncode == 0, done.stdout + done.stderr
        self.said = done.stdout
        self.digest = re.search(r"index (sha256:[0-9a-f]{64})",
                                done.stdout).group(1)
        self.as_made = {tag: registry.get("manifests", tag) for tag in (
            version(), referrers(self.digest))}
        self.index, self.listed = map(json.loads, self.as_made.values())

    def environment(self):
        return {"PATH": f"{self.bin}:{os.environ['PATH']}",
                "COSIGN_PASSWORD": "", "LC_ALL": "C.UTF-8"}

    def run(self, folder, *command, **options):
        # Who enters a namespace of mounts is at its root.
        return self.host.run("env", "-C", folder, *command,
                             env=self.environment(), **options)

    def restore(self):
        """The registry as the release left it."""
        for tag, data in self.as_made.items():
            self.registry.put_manifest(tag, data, INDEX)

    def check(self, folder, which):
        done = self.run(folder, "sh", "-c", commands()[which], check=False)
        print("$", commands()[which], f"-> {done.returncode}\n", done.stderr)
        return done


@pytest.fixture(scope="module", name="release")
def make_release():
    root = subprocess.run(
        [os.path.join(ROOT, "scripts", "debian-root"), "sid", "release-root",
         "cosign"], check=True, capture_output=True, text=True).stdout.strip()
    shutil.rmtree(PLACE, ignore_errors=True)
    os.makedirs(os.path.join(PLACE, "registry"))
    with contextlib.closing(Host()) as host:
        registry = Registry(host, os.path.join(PLACE, "registry"))
        yield Release(host, registry, root)
        stop(registry.process)


@pytest.fixture(name="folder")
def make_folder(release):
    """A copy of the files that a test may change; all of it verifies."""
    for number in EACH:
        assert release.check(release.made, number).returncode == 0
    with tempfile.TemporaryDirectory(dir=PLACE) as place:
        folder = os.path.join(place, "files")
        shutil.copytree(release.made, folder)
        yield folder
    release.restore()


def refused(release, folder, which, *words):
    """Each of WHICH ends with another code than 0, and says WORDS."""
    for number in which:
        done = release.check(folder, number)
        assert done.returncode != 0, commands()[number]
        said = done.stdout + done.stderr
        assert said.strip()
        for word in words:
            assert word in said, said


def change(path, at=1000):
    """One bit of a file."""
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1]))


def test_a_release_is_what_it_says(release, folder):
    assert "verified by the commands of VERIFY.md" in release.said
    for number in EACH:
        done = release.check(folder, number)
        assert done.returncode == 0, done.stdout + done.stderr
        if number == FILES:
            assert "dtr-trust-linux-amd64: OK" in done.stdout
        elif number == IMAGE:
            assert release.digest in done.stdout


def test_there_is_no_other_network(release):
    routes = release.host.run("ip", "-o", "route").stdout
    links = release.host.run("ip", "-o", "link").stdout
    assert routes == "" and len(links.splitlines()) == 1


def statement(release, folder, which):
    """What the envelope that cosign prints says."""
    line = release.check(folder, which).stdout.splitlines()[0]
    return json.loads(base64.b64decode(json.loads(line)["payload"]))


def test_what_is_attested_is_what_is_in_the_folder(release, folder):
    for which, name in ((SBOM, "spdx"), (PROVENANCE, "provenance")):
        said = statement(release, folder, which)
        with open(os.path.join(folder, f"dtr-trust.{name}.json"),
                  encoding="ascii") as file:
            kept = json.load(file)
        assert said["predicate"] == kept.get("predicate", kept)
        assert said["subject"][0]["digest"]["sha256"] == \
            release.digest.partition(":")[2]
    revision = subprocess.run(["git", "-C", ROOT, "rev-parse", "HEAD"],
                              check=True, capture_output=True, text=True)
    assert said["predicate"]["buildDefinition"]["externalParameters"][
        "revision"] == revision.stdout.strip()


def names(folder):
    """Each file that a release signs by SHA256SUMS."""
    with open(os.path.join(folder, "SHA256SUMS"), encoding="ascii") as file:
        return [line.split()[1] for line in file]


def test_any_file_that_was_changed_is_named(release, folder):
    signed = names(folder)
    assert {"dtr-trust-linux-amd64", "dtr-trust.spdx.json",
            "dtr-trust.cdx.json", "dtr-trust.provenance.json",
            "oci/index.json"} < set(signed)
    for name in signed:
        path = os.path.join(folder, name)
        change(path, os.path.getsize(path) // 2)
        refused(release, folder, [FILES], f"{name}: FAILED")
        change(path, os.path.getsize(path) // 2)
    assert release.check(folder, FILES).returncode == 0


def test_a_file_that_is_gone_is_named(release, folder):
    os.unlink(os.path.join(folder, "dtr-trust-linux-amd64"))
    refused(release, folder, [FILES], "dtr-trust-linux-amd64")


def test_sums_that_fit_a_changed_file_are_not_signed(release, folder):
    change(os.path.join(folder, "dtr-trust-linux-amd64"))
    release.run(folder, "sh", "-c", f"sha256sum {' '.join(names(folder))} "
                ">new && mv new SHA256SUMS")
    refused(release, folder, [FILES], "rror")


def test_another_key_vouches_for_nothing(release, folder):
    shutil.copy(os.path.join(PLACE, "other.pub"),
                os.path.join(folder, "dtr-trust.pub"))
    refused(release, folder, EACH, "rror")


def changed_image(release):
    """The index of an image whose binary has another bit; its descriptor."""
    registry = release.registry
    index = json.loads(json.dumps(release.index))
    manifest = registry.manifest(index["manifests"][0]["digest"])
    layer = bytearray(registry.get("blobs", manifest["layers"][0]["digest"]))
    layer[len(layer) // 2] ^= 1
    manifest["layers"][0]["digest"] = registry.put_blob(bytes(layer))
    index["manifests"][0].update(registry.put(manifest))
    return registry.put(index, version())


def test_another_image_under_the_tag(release, folder):
    assert changed_image(release)["digest"] != release.digest
    refused(release, folder, OF_THE_IMAGE, "rror")
    assert release.check(folder, FILES).returncode == 0


def test_another_image_with_the_signatures_of_the_right_one(release, folder):
    registry, other = release.registry, changed_image(release)
    listed = json.loads(json.dumps(release.listed))
    for entry in listed["manifests"]:
        manifest = registry.manifest(entry["digest"])
        manifest["subject"] = other
        entry.update(registry.put(manifest))
    registry.put(listed, referrers(other["digest"]))
    refused(release, folder, OF_THE_IMAGE, "rror")


def test_an_attestation_that_was_changed(release, folder):
    registry = release.registry
    listed = json.loads(json.dumps(release.listed))
    for entry in listed["manifests"]:
        manifest = registry.manifest(entry["digest"])
        layer = manifest["layers"][0]
        bundle = json.loads(registry.get("blobs", layer["digest"]))
        payload = json.loads(base64.b64decode(
            bundle["dsseEnvelope"]["payload"]))
        payload["predicate"]["added"] = "by somebody else"
        bundle["dsseEnvelope"]["payload"] = base64.b64encode(
            json.dumps(payload).encode()).decode()
        data = json.dumps(bundle).encode()
        layer.update(digest=registry.put_blob(data), size=len(data))
        entry.update(registry.put(manifest))
    registry.put(listed, referrers(release.digest))
    refused(release, folder, OF_THE_IMAGE, "rror")


def test_an_image_that_nobody_signed(release, folder):
    release.registry.put({**release.listed, "manifests": []},
                         referrers(release.digest))
    refused(release, folder, OF_THE_IMAGE, "rror")
