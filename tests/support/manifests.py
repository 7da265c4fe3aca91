# SPDX-License-Identifier: Apache-2.0
"""deploy/kubernetes as the real kustomize renders it."""
import functools
import os
import subprocess

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


@functools.cache
def rendered_text(folder):
    return subprocess.run(
        [*kustomize(), "build", os.path.join(KUBERNETES, folder)],
        check=True, stdout=subprocess.PIPE, text=True).stdout


def rendered(folder):
    """The objects of deploy/kubernetes/FOLDER, each time anew."""
    return list(yaml.safe_load_all(rendered_text(folder)))
