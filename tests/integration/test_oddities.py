# SPDX-License-Identifier: Apache-2.0
"""What Go's client says of every odd handshake, our client says as well.

tests/data/handshakes.tsv is what Go said (scripts/handshake-oracle); here each
oddity is played to our client as the Docker release of each column.
"""
import os
import subprocess

import pytest

from support import pki
from support.odd_tls import NAME, OddServer
from support.oddities import ODDITIES
from support.product import CLIENTS, ROOT

TABLE = os.path.join(ROOT, "tests", "data", "handshakes.tsv")
REQUEST = "GET /v2/ HTTP/1.1\r\nHost: r\r\nConnection: close\r\n\r\n"
# What we leave open where Go does not: neither "accepts" nor a refusal.
OPEN = {
    # Go has a share of it since 1.24, we never do.
    "group of ML-KEM",
    # Bytes under the key before the last: Go before 1.24.12 read them.
    "hello and more in one record",
}


def load():
    with open(TABLE, encoding="ascii") as file:
        head, *rows = [line.rstrip("\n").split("\t") for line in file]
    columns = [(name.split() + [""])[:2] for name in head[1:]]
    return columns, {row[0]: row[1:] for row in rows}


COLUMNS, SAID = load()


@pytest.fixture(scope="module", name="server")
def make_server():
    with OddServer(pki.self_signed(NAME)) as server:
        yield server


def ask(server, docker):
    done = subprocess.run(
        [CLIENTS, server.address, str(server.port), NAME, docker, REQUEST],
        capture_output=True, text=True, check=False, timeout=60)
    assert not done.stderr, done.stderr
    words = dict(line.partition(" ")[::2] for line in done.stdout.splitlines())
    if words["end"] == "completed":
        return "accepts" if words["reply"] != "0" else "no answer"
    return words["refusal"] or "open"


def test_every_oddity_is_in_the_table():
    assert list(SAID) == list(ODDITIES)
    assert len(SAID) > 200


@pytest.mark.parametrize("column", range(len(COLUMNS)),
                         ids=[go for go, _ in COLUMNS])
def test_we_say_what_go_says(server, column):
    docker = COLUMNS[column][1]
    other = {}
    for name, odd in ODDITIES.items():
        server.odd = odd
        ours, go = ask(server, docker), SAID[name][column]
        if ours != go and not (ours == "open" and name[4:] in OPEN):
            other[name] = (ours, go)
    assert not other, "\n".join(f"{name}: we say {ours!r}, Go {go!r}"
                                for name, (ours, go) in other.items())
