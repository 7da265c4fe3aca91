# SPDX-License-Identifier: Apache-2.0
"""Low limits of the shell that starts it: fewer probes at a time, or what is
wrong."""
import pytest

from support import pki
from support.product import TRUSTED, UNREACHABLE

COUNT = 6


@pytest.fixture(name="names")
def make_names(network, serve):
    root = pki.root("Limits Root")
    server = serve(root.leaf("*.limits.test"), root)
    return network.many("limits.test", server.address, COUNT)


def run(product, names, limit):
    return product.run(*names, prefix=[
        "sh", "-c", f'ulimit {limit} && exec "$@"', "sh"])


# Descriptors: as many as one registry takes, and more.
@pytest.mark.parametrize("limit", [
    "-n 12", "-n 14", "-n 20", "-n 24", "-t 1", "-t 59", "-t 3600",
    "-v 40000", "-f 1000"])
def test_it_is_enough(product, names, limit):
    done = run(product, names, limit)
    assert done.code == TRUSTED, done
    assert all(map(product.installed, names))


@pytest.mark.parametrize("limit", ["-f 0", "-f 1"])
def test_what_is_too_low_is_named(product, names, limit):
    done = run(product, names, limit)
    assert done.code == UNREACHABLE, done
    for name in names:
        assert f"{name}: the probe could not be confined" in done.err
    assert done.err.count("ulimit -f") == 2 * COUNT, done
    assert not any(map(product.installed, names))
