# SPDX-License-Identifier: Apache-2.0
"""A disk that takes its time costs time, and no registry its deadline."""
from support import pki
from support.needs import need
from support.product import TRUSTED

COUNT, FSYNC_MICROSECONDS, TIMEOUT = 4, 1500000, "2s"


def test_fsyncs_longer_than_the_deadline_lose_no_registry(
        network, product, serve):
    need("strace")
    root = pki.root("Slow Disk Root")
    server = serve(root.leaf("*.disk.test"), root)
    names = network.many("disk.test", server.address, COUNT)
    # The installer alone: -f would trace the probes too.
    done = product.run(*names, "--timeout", TIMEOUT, prefix=[
        "strace", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e",
        f"inject=fsync:delay_enter={FSYNC_MICROSECONDS}"])
    assert done.code == TRUSTED, done
    assert done.seconds > COUNT * FSYNC_MICROSECONDS / 1e6
    for name in names:
        assert product.installed(name)
