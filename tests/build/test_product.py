# SPDX-License-Identifier: Apache-2.0
"""The binary and the image are what the README promises of them."""
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile

import pytest

from support.needs import need_file
from support.product import ROOT

BINARY = os.path.join(ROOT, "build", "dtr-trust")
IMAGE = os.path.join(ROOT, "build", "image.tar")
# The image's bound is what is promised. Its binary is linked for a musl that
# reads packed relocations (1.2.4), by a linker that saves a page (2.43): 24 KB
# less than a development binary where the machine's musl and ld are older.
IMAGE_SIZE_MAX = 420_000
DEVELOPMENT_SIZE_MAX = 445_000


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False,
                          **options)


def check_static(binary):
    return run(os.path.join(ROOT, "scripts", "check-static"), binary)


def test_the_binary_asks_for_nothing_but_a_kernel():
    done = check_static(BINARY)
    assert done.returncode == 0, done.stderr


def test_a_dynamic_binary_is_refused():
    said = check_static(os.path.join(ROOT, "build", "san", "dtr-trust")).stderr
    assert "names an interpreter" in said
    assert "needs shared libraries" in said
    assert "has undefined symbols" in said
    assert "is not stripped" in said


def test_a_static_binary_at_a_fixed_address_is_refused(tmp_path):
    source = tmp_path / "main.c"
    source.write_text("int main(void) { return 0; }\n")
    fixed = tmp_path / "fixed"
    subprocess.run(["musl-gcc", "-static", "-no-pie", "-s", source, "-o",
                    fixed], check=True)
    assert "is not position independent" in check_static(fixed).stderr


def test_the_development_binary_is_small():
    assert os.path.getsize(BINARY) <= DEVELOPMENT_SIZE_MAX


def test_the_library_has_primitives_alone_and_opens_no_file():
    symbols = run("nm", "-A", os.path.join(
        ROOT, "build", "obj", "libmbedtls.a")).stdout
    assert "mbedtls_ecdsa_verify" in symbols
    for name in ("mbedtls_ssl_", "mbedtls_x509_", "psa_", "fopen",
                 "mbedtls_pem_", "mbedtls_rsa_"):
        assert not re.search(name, symbols), name


def test_two_builds_in_two_places_are_the_same(tmp_path):
    tree = tmp_path / "another" / "place"
    for name in ("src", "scripts"):
        shutil.copytree(os.path.join(ROOT, name), tree / name)
    for name in ("Makefile", "VERSION"):
        shutil.copy(os.path.join(ROOT, name), tree)
    (tree / "build").mkdir()
    for name in os.listdir(os.path.join(ROOT, "build")):
        if name.endswith(".tar.bz2"):
            shutil.copy(os.path.join(ROOT, "build", name), tree / "build")
    environment = {k: v for k, v in os.environ.items()
                   if not k.startswith("MAKE") and k != "MFLAGS"}
    done = run("make", "-j2", "-C", tree, env=environment)
    assert done.returncode == 0, done.stderr
    with open(BINARY, "rb") as file:
        assert (tree / "build" / "dtr-trust").read_bytes() == file.read()


def test_the_dockerfile_ends_in_an_empty_image():
    with open(os.path.join(ROOT, "Dockerfile"), encoding="ascii") as file:
        text = file.read()
    with open(os.path.join(ROOT, "VERSION"), encoding="ascii") as file:
        version = file.read().strip()
    last = re.split(r"^FROM ", text, flags=re.M)[-1]
    assert last.startswith("scratch\n")
    assert "RUN" not in last
    assert f"ARG VERSION={version}\n" in last


@pytest.fixture(scope="module", name="image")
def open_image():
    """The configuration and the files of the saved image."""
    need_file(IMAGE, "make image")
    with tarfile.open(IMAGE) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))[0]
        config = json.load(archive.extractfile(manifest["Config"]))
        files = {}
        for layer in manifest["Layers"]:
            data = io.BytesIO(archive.extractfile(layer).read())
            with tarfile.open(fileobj=data) as content:
                for member in content:
                    files[member.name] = (
                        member, content.extractfile(member).read())
    return config["config"], files


def test_the_image_is_one_executable_file(image):
    config, files = image
    assert list(files) == ["dtr-trust"]
    member, _ = files["dtr-trust"]
    assert (member.mode & 0o7777, member.uid, member.gid) == (0o755, 0, 0)
    assert config["Entrypoint"] == ["/dtr-trust"]
    assert not config.get("Cmd")


def test_the_image_is_static_and_small(image, tmp_path):
    _, files = image
    binary = tmp_path / "dtr-trust"
    binary.write_bytes(files["dtr-trust"][1])
    done = check_static(binary)
    assert done.returncode == 0, done.stderr
    assert binary.stat().st_size <= IMAGE_SIZE_MAX
    assert run("strings", binary).stdout.count("/bin/sh") == 0


LABELS = ("title", "description", "version", "revision", "created", "licenses",
          "vendor", "url", "source", "documentation")


def test_the_image_says_what_it_is(image):
    config, _ = image
    labels = {name.removeprefix("org.opencontainers.image."): value
              for name, value in config["Labels"].items()}
    assert sorted(labels) == sorted(LABELS)
    assert all(labels.values())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
                        labels["created"])


def layout(path, created=1_000_000_000):
    """build/bin's binary of this machine as an OCI layout at PATH."""
    return run("python3", os.path.join(ROOT, "scripts", "oci"), "--created",
               str(created), "--revision", "0" * 40, "--output", path,
               "--bin", os.path.dirname(path), "amd64")


@pytest.fixture(name="bin_folder")
def make_bin_folder(tmp_path):
    shutil.copy(BINARY, tmp_path / "dtr-trust-linux-amd64")
    return tmp_path


def read_blob(path, descriptor):
    """A blob of the layout, which is what its descriptor says."""
    algorithm, digest = descriptor["digest"].split(":")
    with open(os.path.join(path, "blobs", algorithm, digest), "rb") as file:
        data = file.read()
    assert hashlib.sha256(data).hexdigest() == digest
    assert len(data) == descriptor["size"]
    return data


def test_the_layout_is_the_binary_and_nothing_of_its_maker(bin_folder):
    path = os.path.join(bin_folder, "oci")
    done = layout(path)
    assert done.returncode == 0, done.stderr
    with open(os.path.join(path, "index.json"), encoding="ascii") as file:
        index, = json.load(file)["manifests"]
    assert index["digest"] == done.stdout.strip()
    descriptor, = json.loads(read_blob(path, index))["manifests"]
    assert descriptor["platform"] == {"architecture": "amd64", "os": "linux"}
    manifest = json.loads(read_blob(path, descriptor))
    config = json.loads(read_blob(path, manifest["config"]))
    packed, = manifest["layers"]
    plain = gzip.decompress(read_blob(path, packed))
    assert config["rootfs"]["diff_ids"] == [
        "sha256:" + hashlib.sha256(plain).hexdigest()]
    assert sorted(config["config"]["Labels"]) == sorted(
        "org.opencontainers.image." + name for name in LABELS)
    assert config["created"] == "2001-09-09T01:46:40Z"
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        member, = tar.getmembers()
        assert (member.name, member.mode, member.uid, member.gid,
                member.uname, member.gname, member.mtime) == (
                    "dtr-trust", 0o755, 0, 0, "", "", 1_000_000_000)
        with open(BINARY, "rb") as file:
            assert tar.extractfile(member).read() == file.read()


def test_the_layout_is_the_same_whoever_writes_it_where(bin_folder):
    seen = []
    for name, mask in (("a", 0o077), ("b/c", 0o002)):
        before = os.umask(mask)
        try:
            os.makedirs(bin_folder / name)
            shutil.copy(BINARY, bin_folder / name / "dtr-trust-linux-amd64")
            seen.append(layout(os.path.join(bin_folder, name, "oci")).stdout)
        finally:
            os.umask(before)
    assert seen[0] == seen[1] and seen[0].startswith("sha256:")
    # The digest is not blind: the commit's time is in it.
    assert layout(os.path.join(bin_folder, "a", "oci"), 1).stdout != seen[0]
