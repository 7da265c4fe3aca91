# SPDX-License-Identifier: Apache-2.0
"""deploy/kubernetes as the real kustomize renders it."""
import functools
import os
import shutil
import subprocess
import tempfile

import pytest

from support.product import ROOT

yaml = pytest.importorskip("yaml")
KUBERNETES = os.path.join(ROOT, "deploy", "kubernetes")


@functools.cache
def kustomize():
    """The command, in a root directory of Debian 13."""
    def script(name):
        return os.path.join(ROOT, "scripts", name)
    root = subprocess.run([script("debian-root"), "trixie", "build-root",
                           "kustomize"], check=True, stdout=subprocess.PIPE,
                          text=True).stdout.strip()
    return [script("in-root"), root, "kustomize"]


def render(path):
    """The text of a folder below this repository."""
    return subprocess.run([*kustomize(), "build", path], check=True,
                          stdout=subprocess.PIPE, text=True).stdout


@functools.cache
def rendered_text(folder):
    return render(os.path.join(KUBERNETES, folder))


def with_component(component, name, content, folder):
    """The objects of a copy of FOLDER that has CONTENT as the file NAME of a
    COMPONENT, as README says it."""
    with tempfile.TemporaryDirectory(dir=os.path.join(
            ROOT, "build")) as place:
        copy = shutil.copytree(KUBERNETES, os.path.join(place, "copy"))
        with open(os.path.join(copy, component, name), "wb") as file:
            file.write(content)
        with open(os.path.join(copy, "base", "kustomization.yaml"), "a",
                  encoding="ascii") as file:
            file.write(f"components: [../{component}]\n")
        return list(yaml.safe_load_all(render(os.path.join(copy, folder))))


def rendered(folder):
    """The objects of deploy/kubernetes/FOLDER, each time anew."""
    return list(yaml.safe_load_all(rendered_text(folder)))
