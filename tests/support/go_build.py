# SPDX-License-Identifier: Apache-2.0
"""Programs of scripts/go-oracle, built with the releases of Go in GOROOTS, and
which Docker release is which. For scripts that compare us with Go."""
import os
import shutil
import subprocess

from support.product import ROOT

GCM, CBC, CHACHA = "c02b,c02f,c02c,c030", "c009,c013,c00a,c014", "cca9,cca8"
# The Docker release of each Go release, and what it offers.
DOCKER = {19: ("23.0.6", f"{GCM},{CBC}"), 21: ("27.2.0", f"{GCM},{CBC}"),
          22: ("27.5.1", f"{GCM},{CBC}"), 23: ("28.0.2", f"{GCM},{CBC}"),
          24: ("28.5.0", f"{GCM},{CBC}"), 25: ("29.2.0", GCM),
          26: ("29.7.2", f"{GCM},{CHACHA}"), 27: ("", f"{GCM},{CHACHA}")}


def build(work, minor, name, package=None):
    """NAME*.go by Go 1.MINOR, in WORK, with what several share (suites.go), and
    with a copy of PACKAGE, a folder."""
    root = os.path.join(os.environ["GOROOTS"], f"go-1.{minor}")
    program = os.path.join(work, f"{name}-{minor}")
    place = os.path.join(work, f"source-{name}-{minor}")
    sources = os.path.join(ROOT, "scripts", "go-oracle")
    os.mkdir(place)
    for file in os.listdir(sources):
        if file.startswith((name, "suites.")) and file.endswith(".go"):
            shutil.copyfile(os.path.join(sources, file),
                            os.path.join(place, file))
    if package:
        shutil.copytree(package, os.path.join(
            place, os.path.basename(package)),
                        ignore=shutil.ignore_patterns("*_test.go"))
    with open(os.path.join(place, "go.mod"), "w", encoding="ascii") as out:
        out.write(f"module oracle\n\ngo 1.{minor}\n")
    subprocess.run(
        [os.path.join(root, "bin", "go"), "build", "-o", program, "."],
        cwd=place, check=True, env={
            **os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod",
            "GOROOT": root, "GOCACHE": os.environ.get(
                "GOCACHE", os.path.join(work, "cache")),
            "CGO_ENABLED": "0"})
    return program
