# SPDX-License-Identifier: Apache-2.0
"""4,096 registries in one run: what each needs does not grow with the others."""
import contextlib
import json
import threading

import pytest

from support import pki

COUNT = 4096


@pytest.fixture(name="closing", scope="module")
def make_closing(network):
    """A port on every address of loopback that hangs up on whoever comes."""
    listener = network.machine.listen("0.0.0.0", 5444)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                listener.accept()[0].close()
    threading.Thread(target=accept, daemon=True).start()
    yield 5444
    listener.close()


@pytest.mark.parametrize("with_file", [False, True])
def test_4096_are_told_what_each_server_does(
        product, closing, tmp_path, with_file):
    """Above 3,900, and 3,050 with a file, every one lacked memory once."""
    names = [f"127.1.{n // 250}.{n % 250 + 1}:{closing}" for n in range(COUNT)]
    options = ["--json", "--timeout", "20s"]
    if with_file:
        path = tmp_path / "ca.pem"
        path.write_bytes(pki.pem(pki.root().certificate))
        options += ["--ca-file", path]
    done = product.run(*options, env={"DTR_DOMAIN_NAME": " ".join(names)})
    reports = [json.loads(line) for line in done.out.splitlines()]
    assert sorted(r["registry"] for r in reports) == sorted(names)
    for report in reports:
        said = json.dumps(report)
        assert "memory" not in said, report
        assert "closed" in said or "reset" in said, report
