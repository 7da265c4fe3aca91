# SPDX-License-Identifier: Apache-2.0
"""What a newcomer sees on a bare machine: no stray error, no long silence."""
import os
import shutil
import subprocess

from support.product import ROOT

# Builds for where it runs, which its builder does not say by itself.
PODMAN = """#!/bin/sh
case $1 in
info) echo linux/s390x ;;
build) echo "$@" >>OUT ;;
esac
"""
# Stands for Docker: says what it is asked, into the output of the run itself.
DOCKER = """#!/bin/sh
case $1 in
image) [ "$2" != inspect ] || [ "$3" = --format ] || exit 1 ;;
pull | build) echo "docker $1" >>OUT ;;
esac
"""


def test_make_asks_for_no_compiler_where_it_compiles_nothing():
    environment = {k: v for k, v in os.environ.items()
                   if not k.startswith("MAKE") and k != "MFLAGS"}
    done = subprocess.run(
        ["make", "-n", "-s", "image", "CC=/nonexistent/musl-gcc"], cwd=ROOT,
        capture_output=True, text=True, check=True, env=environment)
    assert (done.stdout, done.stderr) == ("scripts/image\n", "")


def test_make_complains_of_no_tool_that_is_not_there_yet(tmp_path):
    """scripts/setup, which it runs, is what installs them."""
    for name in ("make", "sh", "find", "sort", "cat", "sed", "nproc"):
        (tmp_path / name).symlink_to(shutil.which(name))
    done = subprocess.run(
        [tmp_path / "make", "-n", "-s", "image"], cwd=ROOT, check=True,
        capture_output=True, text=True, env={"PATH": str(tmp_path)})
    assert (done.stdout, done.stderr) == ("scripts/image\n", "")


def make_image(place, engine, name):
    """What scripts/image prints where ENGINE, a script, is called NAME."""
    for file in ("scripts/image", "scripts/base-image", "Dockerfile",
                 "VERSION"):
        target = place / file
        target.parent.mkdir(exist_ok=True)
        shutil.copy(os.path.join(ROOT, file), target)
    (place / "build").mkdir()
    seen, program = place / "seen", place / name
    program.write_text(engine.replace("OUT", str(seen)))
    program.chmod(0o755)
    with open(seen, "a", encoding="ascii") as out:
        subprocess.run([place / "scripts" / "image"], stdout=out,
                       stderr=out, check=True,
                       env={**os.environ, "DOCKER": str(program)})
    return seen.read_text().splitlines()


def test_each_long_step_of_the_image_is_announced(tmp_path):
    lines = make_image(tmp_path, DOCKER, "docker")
    for step, announcement in (("docker pull", "base-image: pulling"),
                               ("docker build", "image: compiling")):
        assert lines[lines.index(step) - 1].startswith(announcement), lines


def test_an_older_podmans_builder_is_told_where_it_runs(tmp_path):
    """buildah 1.28, Debian 12's, takes no platform without a machine."""
    build, = [line.split() for line in make_image(tmp_path, PODMAN, "podman")
              if line.startswith("build ")]
    at = build.index("BUILDPLATFORM=linux/s390x")
    assert build[at - 1] == "--build-arg"
