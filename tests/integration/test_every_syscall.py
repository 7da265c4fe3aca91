# SPDX-License-Identifier: Apache-2.0
"""Any one system call fails, or is the last: a sample of scripts/every-fault.

Each run ends in time with a documented exit code, and leaves the old bytes or
the new ones, no empty directory, and no litter that the next run does not
clear.
"""
import errno
import os
import random
import time

import pytest

from support import faults, pki
from support.product import PROMPT_SECONDS, TRUSTED, UNWRITTEN
from support.reports import report_of

SEED = int(os.environ.get("DTR_TRUST_TEST_SEED", "5"))
SECONDS_EACH = 7
POINTS_EACH = 60
KIBIBYTE = 1024


@pytest.mark.parametrize("kind", faults.RUNS)
def test_one_failing_call_breaks_no_promise(network, product, serve, kind):
    scene = faults.Faults(network, product, serve, kind)
    points = [point for process in scene.processes
              for point in scene.points(process)]
    if not points:
        pytest.skip("no injection on this architecture")
    random.Random(SEED).shuffle(points)
    end, tried = time.monotonic() + SECONDS_EACH, 0
    for point in points[:POINTS_EACH]:
        assert scene.check(point) == []
        tried += 1
        if time.monotonic() > end:
            break
    assert tried >= 10


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


def test_a_removal_that_cannot_be_synced_says_that_the_file_is_gone(
        network, product, serve):
    scene = faults.Faults(network, product, serve, "remove")
    calls = scene.calls("installer")
    if not calls:
        pytest.skip("no injection on this architecture")
    done = scene.run("installer", errno.EIO, calls.index("fsync") + 1)
    assert done.code == UNWRITTEN, done
    assert "although ca.crt is gone" in done.err, done
    assert "what was to be done was done" in done.err, done
    assert "unchanged" not in done.err, done
    assert not product.installed(faults.NAME)


@pytest.mark.parametrize("call,changed", [("renameat", False),
                                          ("fsync", True)])
def test_json_says_whether_something_was_changed_before_it_failed(
        network, product, serve, call, changed):
    scene = faults.Faults(network, product, serve, "remove")
    calls = scene.calls("installer")
    if not calls:
        pytest.skip("no injection on this architecture")
    scene.prepare()
    done = product.run(faults.NAME, "--remove", "--json", prefix=[
        faults.INJECT, scene.log, "installer", str(errno.EIO),
        str(calls.index(call) + 1)])
    assert done.code == UNWRITTEN, done
    assert report_of(done)["error"]["changed"] is changed
    assert bool(product.installed(faults.NAME)) is not changed


def test_memory_of_any_size_is_enough_or_is_said_to_be_short(
        network, product, serve):
    """From too little to start to enough, as `ulimit -v` gives it."""
    root = pki.root()
    name = "memory.every.test"
    network.name(name, serve(root.leaf(name), root).address)
    codes = []
    for size in [*range(1024, 8192, 512), *range(8192, 65536, 4096)]:
        done = product.run(name, "--timeout", "2s", prefix=[
            "prlimit", f"--as={size * KIBIBYTE}"])
        codes.append(done.code)
        seen = faults.read_as_docker(product.path(name))
        assert done.code in faults.DOCUMENTED, (size, done)
        assert done.seconds < PROMPT_SECONDS
        assert done.code == TRUSTED or "memory" in done.err, (size, done)
        assert (seen is not None) == (TRUSTED in codes), (size, done)
        assert seen is None or product.anchors(name) == [
            pki.der(root.certificate)]
    assert codes[0] != TRUSTED and codes[-1] == TRUSTED
    assert codes == sorted(codes, reverse=True)
