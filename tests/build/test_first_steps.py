# SPDX-License-Identifier: Apache-2.0
"""What a newcomer sees on a bare machine: no stray error, no long silence."""
import os
import shutil
import subprocess

from support.product import ROOT

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


def test_each_long_step_of_the_image_is_announced(tmp_path):
    for name in ("scripts/image", "scripts/base-image", "Dockerfile",
                 "VERSION"):
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(os.path.join(ROOT, name), target)
    (tmp_path / "build").mkdir()
    seen, docker = tmp_path / "seen", tmp_path / "docker"
    docker.write_text(DOCKER.replace("OUT", str(seen)))
    docker.chmod(0o755)
    with open(seen, "a", encoding="ascii") as out:
        subprocess.run([tmp_path / "scripts" / "image"], stdout=out,
                       stderr=out, check=True,
                       env={**os.environ, "DOCKER": str(docker)})
    lines = seen.read_text().splitlines()
    for step, announcement in (("docker pull", "base-image: pulling"),
                               ("docker build", "image: compiling")):
        assert lines[lines.index(step) - 1].startswith(announcement), lines
