# SPDX-License-Identifier: Apache-2.0
"""One version, the one in VERSION, wherever a user reads one."""
import json
import os
import re
import subprocess

import pytest

from support.product import BINARY, ROOT, read

VERSION = read("VERSION").strip()


@pytest.mark.parametrize("path, pattern", [
    ("docs/dtr-trust.8", r'^\.TH DTR-TRUST 8 "[\d-]+" "dtr-trust ([^"]+)"'),
    ("CHANGELOG.md", r"^## (\S+) - \d{4}-\d\d-\d\d$"),
    ("Dockerfile", r"^ARG VERSION=(.*)$")])
def test_documents_name_it(path, pattern):
    assert re.search(pattern, read(path), re.M).group(1) == VERSION


def test_the_program_says_it():
    said = subprocess.run([BINARY, "--version"], capture_output=True,
                          text=True, check=True).stdout
    assert said.startswith(f"dtr-trust {VERSION} (")
    said = subprocess.run([BINARY, "--json"], capture_output=True, text=True,
                          check=False).stdout
    assert json.loads(said)["version"] == VERSION


@pytest.fixture(name="made")
def make_files(tmp_path):
    """What scripts/oci and scripts/sbom make of a binary; a folder."""
    (tmp_path / "dtr-trust-linux-amd64").write_bytes(b"binary")
    (tmp_path / "toolchain").write_text(
        "gcc-14 14.2.0-19\nmusl-dev 1.2.5-3\nmake 4.4.1-2\n")
    common = ["--created", "1000000000", "--revision", "0" * 40, "--bin",
              tmp_path]
    for script, output, rest in (("oci", tmp_path / "oci", ["amd64"]),
                                 ("sbom", tmp_path, [])):
        subprocess.run([os.path.join(ROOT, "scripts", script), *common,
                        "--output", output, *rest], check=True,
                       capture_output=True)
    return tmp_path


def blob(made, descriptor):
    return json.loads((made / "oci" / "blobs" / descriptor["digest"].replace(
        ":", "/")).read_text())


def test_the_image_carries_it(made):
    index, = json.loads((made / "oci" / "index.json").read_text())["manifests"]
    assert index["annotations"] == {
        "org.opencontainers.image.ref.name": VERSION}
    label = "org.opencontainers.image.version"
    listed = blob(made, index)
    manifest = blob(made, listed["manifests"][0])
    config = blob(made, manifest["config"])
    assert [listed["annotations"][label], manifest["annotations"][label],
            config["config"]["Labels"][label]] == [VERSION] * 3


def test_the_sboms_and_the_provenance_name_it(made):
    spdx, cdx, provenance = (json.loads(
        (made / f"dtr-trust.{name}.json").read_text())
        for name in ("spdx", "cdx", "provenance"))
    product, = (p for p in spdx["packages"] if p["name"] == "dtr-trust")
    assert [product["versionInfo"],
            cdx["metadata"]["component"]["version"],
            provenance["predicate"]["buildDefinition"]["externalParameters"][
                "version"]] == [VERSION] * 3
