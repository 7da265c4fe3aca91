# SPDX-License-Identifier: Apache-2.0
"""Low limits of the shell that starts it: fewer probes at a time, or what is
wrong."""
import pytest

from support import pki
from support.product import TRUSTED, UNREACHABLE, UNWRITTEN

COUNT = 6


@pytest.fixture(name="root")
def make_root():
    return pki.root("Limits Root")


@pytest.fixture(name="names")
def make_names(network, serve, root):
    server = serve(root.leaf("*.limits.test"), root)
    return network.many("limits.test", server.address, COUNT)


def run(product, names, limit):
    return product.run(*names, prefix=[
        "sh", "-c", f'ulimit {limit} && exec "$@"', "sh"])


# Descriptors: as many as one registry takes, and more.
@pytest.mark.parametrize("limit", [
    "-n 12", "-n 14", "-n 20", "-n 24", "-t 1", "-t 59", "-t 3600",
    "-v 40000", "-f 1000", "-s 128", "-Ss 64", "-s unlimited", "-d 40000",
    "-l 0"])
@pytest.mark.parametrize("vouch", [False, True])
def test_it_is_enough(product, names, limit, vouch, tmp_path, root):
    """With a CA file, too, which is read whole."""
    certificate, _ = root.save(str(tmp_path / "ca"))
    more = ["--ca-file", certificate] if vouch else []
    done = run(product, more + names, limit)
    assert done.code == TRUSTED, done
    assert all(map(product.installed, names))


def test_one_alone_takes_as_little_as_limits_h_says(product, names):
    done = run(product, names[:1], "-v 10000")
    assert done.code == TRUSTED, done


@pytest.mark.parametrize("limit", ["-f 0", "-f 1"])
def test_what_is_too_low_is_named(product, names, limit):
    done = run(product, names, limit)
    assert done.code == UNREACHABLE, done
    for name in names:
        assert f"{name}: the probe could not be confined" in done.err
    assert done.err.count("ulimit -f") == 2 * COUNT, done
    assert not any(map(product.installed, names))


# Without the right to raise what is too low.
@pytest.mark.parametrize("limit, said, command, code", [
    ("-s 64", "the stack have 64 KiB", "ulimit -s", UNREACHABLE),
    ("-s 127", "the stack have 127 KiB", "ulimit -v, -d",
     UNREACHABLE),
    ("-n 0", "signalfd: ", "ulimit -a", UNREACHABLE),
    ("-n 1", "signalfd: ", "ulimit -a", UNREACHABLE),
    ("-n 4", "signalfd: ", "ulimit -a", UNREACHABLE),
    ("-n 5", "No file descriptors", "ulimit -n", UNWRITTEN),
    ("-n 8", "No file descriptors", "ulimit -n", UNWRITTEN),
    ("-d 4000", "out of memory", "ulimit -v, -d", UNREACHABLE),
    ("-v 3000", "out of memory", "ulimit -v, -d", UNREACHABLE),
])
def test_what_is_missing_is_named(product, names, limit, said, command, code):
    done = product.run(names[0], prefix=[
        "setpriv", "--bounding-set=-sys_resource",
        "--inh-caps=-sys_resource", "sh", "-c",
        f'ulimit {limit} && exec "$@"', "sh"])
    text = " ".join(done.err.split())
    assert done.code == code and said in text and command in text, done
    assert "bug" not in text or "signalfd" in text, done
    assert not product.installed(names[0])
