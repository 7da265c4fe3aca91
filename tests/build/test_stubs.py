# SPDX-License-Identifier: Apache-2.0
"""What a test in C replaces is called by the program: a stub of what nobody
calls any more replaces nothing, and no linker says so."""
import glob
import os
import re

import pytest

from support.product import ROOT, read

STUBS = [
    (os.path.relpath(path, ROOT), name)
    for path in sorted(glob.glob(os.path.join(ROOT, "tests", "*", "*.c")))
    for names in re.findall(r"^/\* wrap: (.*) \*/$", read(path), re.M)
    for name in names.split()]


@pytest.fixture(scope="module", name="program")
def make_program():
    return "\n".join(read(path) for path in glob.glob(
        os.path.join(ROOT, "src", "**", "*.[ch]"), recursive=True))


@pytest.mark.parametrize("path, name", STUBS)
def test_what_is_replaced_is_called(program, path, name):
    calls = re.findall(rf"^\s+.*\b{name}\(|^.*[=(&|!] *{name}\(", program, re.M)
    assert calls, path
