# SPDX-License-Identifier: Apache-2.0
"""What a test needs on the machine, and what happens where it is missing."""
import os
import shutil

import pytest

from support.network import tool


def need(*tools):
    """Skip by name where one of TOOLS is missing; fail with MUST_RUN=1.

    CI sets MUST_RUN: a test that did not run has proven nothing.
    """
    for name in tools:
        if not shutil.which(tool(name)):
            message = f"needs {name}, which is not installed"
            if os.environ.get("MUST_RUN") == "1":
                pytest.fail(message)
            pytest.skip(message)


def need_file(path, maker):
    """The same for a file that MAKER makes."""
    if not os.path.exists(path):
        message = f"needs {path}, which {maker} makes"
        if os.environ.get("MUST_RUN") == "1":
            pytest.fail(message)
        pytest.skip(message)
