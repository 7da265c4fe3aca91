# SPDX-License-Identifier: Apache-2.0
"""Another dtr-trust that is writing: who must wait, and who does not."""
import contextlib
import fcntl
import os
import select
import signal
import time

import pytest

from support import pki
from support.product import TRUSTED, UNWRITTEN

LOCK = ".dtr-trust.lock"
WAIT_SECONDS = 10  # LOCK_WAIT_MS


@pytest.fixture(scope="module", name="root")
def make_root():
    return pki.root("Busy Root")


@pytest.fixture(name="names")
def make_names(network, serve, root):
    server = serve(root.leaf("*.busy.test"), root)
    return network.many("busy.test", server.address, 4)


@contextlib.contextmanager
def held(product):
    """The lock of certs.d, as another dtr-trust holds it."""
    path = product.path(LOCK)
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        os.close(file)


def read_for(process, seconds):
    """What PROCESS prints on stdout in SECONDS, or until it ends."""
    text, end = b"", time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([process.stdout], [], [], left)[0]:
            got = os.read(process.stdout.fileno(), 65536)
            if not got:
                break
            text += got
    return text.decode("ascii")


def test_who_need_not_write_is_not_held_up(product, names):
    first, *others = names
    assert product.run(*others).code == TRUSTED
    with held(product):
        process = product.start("--json", first, *others)
        try:
            told = read_for(process, WAIT_SECONDS / 2)
            assert process.poll() is None
            assert [line for line in others if line in told] == others
            assert first not in told
        except BaseException:
            process.kill()
            raise
    out, err = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == TRUSTED, err
    assert '"installed"' in out.decode("ascii")
    assert product.installed(first)


@pytest.mark.parametrize("mode", [[], ["--remove"], ["--every", "1h"]],
                         ids=["trust", "remove", "every"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_who_waits_for_it(product, names, mode, number):
    if mode == ["--remove"]:
        assert product.run(*names).code == TRUSTED
    before = product.snapshot()
    with held(product):
        process = product.start(*names, *mode)
        # It is waiting for the lock by then, or it is not yet: either way.
        read_for(process, 1.5)
        assert process.poll() is None
        begin = time.monotonic()
        process.send_signal(number)
        process.communicate(timeout=WAIT_SECONDS + 5)
        took = time.monotonic() - begin
    assert took < 1
    assert process.returncode == (0 if "--every" in mode else 128 + number)
    after = product.snapshot()
    del before["."], after["."]
    assert after == before


def test_pruning_waits_for_the_lock_as_well(product, names, tmp_path):
    first, *others = names
    assert product.run(*names).code == TRUSTED
    path = tmp_path / "list"
    path.write_text(first)
    arguments = ["--registries", str(path), "--prune"]
    with held(product):
        process = product.start(*arguments)
        read_for(process, 1)
        assert process.poll() is None
        assert all(map(product.installed, names))
        begin = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=WAIT_SECONDS)
        assert time.monotonic() - begin < 1
        assert process.returncode == 128 + signal.SIGTERM
        assert all(map(product.installed, names))
        process = product.start(*arguments)
        read_for(process, 1)
    _, err = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == TRUSTED, err
    assert os.listdir(product.directory) == [first]


@pytest.mark.parametrize("mode", [[], ["--remove"]], ids=["trust", "remove"])
def test_a_stuck_one_is_not_waited_for_for_ever(product, names, mode):
    name = names[0]
    if mode:
        assert product.run(name).code == TRUSTED
    installed = product.installed(name)
    with held(product):
        done = product.run(name, *mode)
    assert done.code == UNWRITTEN, done
    assert f"{name}: another dtr-trust has been writing for 10 s" in done.err
    assert f"fuser -v {product.path(LOCK)}" in done.err
    assert WAIT_SECONDS <= done.seconds < WAIT_SECONDS + 5
    assert product.installed(name) == installed


@pytest.mark.parametrize("mode", [[], ["--remove"]], ids=["trust", "remove"])
def test_who_waited_goes_on_when_it_is_free(product, names, mode):
    if mode:
        assert product.run(*names).code == TRUSTED
    with held(product):
        process = product.start(*names, *mode)
        read_for(process, 1)
        assert process.poll() is None
    _, err = process.communicate(timeout=WAIT_SECONDS)
    assert process.returncode == TRUSTED, err
    for name in names:
        assert product.installed(name) == (not mode)


def test_many_wait_side_by_side(product, names):
    """Not one after the other: four of them would be 40 seconds."""
    with held(product):
        done = product.run(*names)
    assert done.code == UNWRITTEN, done
    assert done.seconds < 2 * WAIT_SECONDS
    assert done.err.count("another dtr-trust has been writing") == len(names)
