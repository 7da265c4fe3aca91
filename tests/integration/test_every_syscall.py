# SPDX-License-Identifier: Apache-2.0
"""Any one system call fails, or is the last.

Each run ends in time with a documented exit code, and leaves the old bytes or
the new ones, no empty directory, and no litter that the next run does not
clear.
"""
import pytest

from support import faults

@pytest.mark.parametrize("call", ["unlinkat", "fsync", "renameat"])
def test_a_removal_that_fails_leaves_no_empty_directory(
        network, product, serve, call):
    """It would hide _default; --remove did leave one."""
    scene = faults.Faults(network, product, serve, "remove")
    calls = scene.calls("installer")
    if not calls:
        pytest.skip("no injection on this architecture")
    points = [("installer", fault, n + 1) for n, name in enumerate(calls)
              if name == call for fault in ("EIO", "EROFS", faults.KILL)]
    assert points
    assert [scene.check(point) for point in points] == [[] for _ in points]
