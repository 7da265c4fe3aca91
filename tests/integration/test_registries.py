# SPDX-License-Identifier: Apache-2.0
"""A fleet's whole state in one file: --registries."""
import json
import os
import signal
import subprocess
import time

import pytest

from support import pki
from support.product import (REFUSED, TRUSTED, UNREACHABLE, UNWRITTEN,
                             USAGE)


@pytest.fixture(scope="module", name="authority")
def make_authority():
    return pki.root("List Root")


@pytest.fixture(name="names")
def make_names(network, serve, authority):
    server = serve(authority.leaf("*.list.test"), authority)
    return [network.name(f"{name}.list.test", server.address)
            for name in ("one", "two", "three")]


@pytest.fixture(name="write")
def make_write(tmp_path):
    def write(text):
        path = tmp_path / "registries"
        path.write_bytes(text.encode())
        return path
    return write


def test_each_registry_of_the_file_is_installed_with_its_own_pins(
        product, names, authority, write):
    one, two, three = names
    pin = "sha256:" + pki.fingerprint(authority.certificate)
    other = "sha256:" + "0" * 64
    path = write(f"# fleet\r\n{one} {pin} {other} # two pins\r\n\r\n"
                 f"{two}\r\n{three} {other}\r\n")
    done = product.run("--registries", path)
    assert done.code == REFUSED, done
    assert product.installed(one) and product.installed(two)
    assert not product.installed(three)
    # A pin of one is no pin of another.
    done = product.run("--registries", path, "--require-pin")
    assert done.code == REFUSED
    done = product.run(env={"DTR_REGISTRIES": str(write(f"{one} {pin}\n"))})
    assert done.code == TRUSTED and "unchanged" in done.out, done


def test_standard_input_is_a_file_too(product, names, write):
    with open(write("\n".join(names)), "rb") as file:
        done = product.run("--registries", "-", stdin=file)
    assert done.code == TRUSTED, done
    assert all(map(product.installed, names))


@pytest.mark.parametrize("text, word", [
    ("{0}\n{1}/app:1.2\n", "line 2: \"two.list.test/app:1.2\" is an image"),
    ("{0} sha256:12\n", "line 1: \"sha256:12\" is not a pin"),
    ("{0}\n{1} {2}\n", "line 2: \"three.list.test\" is not a pin"),
    ("# none\n", "it names no registry")])
def test_a_bad_line_is_named_and_nothing_is_touched(
        network, product, names, write, text, word):
    before, asked = product.snapshot(), len(network.names.asked)
    path = write(text.format(*names))
    done = product.run("--registries", path)
    assert done.code == USAGE, done
    assert f"--registries {path}: {word}" in done.err, done
    assert product.snapshot() == before
    assert len(network.names.asked) == asked


def test_a_file_that_is_not_there_is_a_usage_error(product, names):
    for env, advice in (({}, "ls -l /none"),
                        ({"container": "x"}, "/host:/none:ro")):
        done = product.run("--registries", "/none", env=env)
        assert done.code == USAGE and advice in done.err, done


@pytest.mark.parametrize("kind", ["stdin", "fifo", "fifo-every"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_wait_for_a_list_that_does_not_come(
        product, tmp_path, kind, number):
    """The exit code says that a handler heard it: as process 1 there is
    nobody else who would."""
    path, every = "-", []
    if kind != "stdin":
        path = str(tmp_path / "fifo")
        os.mkfifo(path)
    if kind == "fifo-every":
        every = ["--every", "1h"]
    process = product.start("--registries", path, *every,
                            stdin=subprocess.PIPE)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.5)
    begin = time.monotonic()
    process.send_signal(number)
    try:
        assert process.wait(timeout=10) == (0 if every else 128 + number)
    finally:
        process.kill()
        process.communicate()
    assert time.monotonic() - begin < 1
    assert os.listdir(product.directory) == []
