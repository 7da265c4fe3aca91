# SPDX-License-Identifier: Apache-2.0
"""What Go's client says of every odd handshake, our client says as well.

tests/data/handshakes.tsv is what Go said (scripts/handshake-oracle); here each
oddity is played to our client as the Docker release of each column.
"""
from concurrent.futures import ThreadPoolExecutor

import pytest

from support import pki
from support.odd_compare import COLUMNS, SAID, ask, is_same
from support.odd_tls import NAME, OddServer
from support.oddities import ODDITIES

SIDE_BY_SIDE = 4


def play(own, path, names):
    """What our client says of NAMES, as the release of each column."""
    said = {}
    with OddServer(own) as server:
        for name in names:
            odd = server.odd = ODDITIES[name]
            path.write_bytes(pki.der(odd.get("identity", own).certificate))
            said[name] = ask(server, str(path))
    return said


@pytest.fixture(scope="module", name="ours")
def make_ours(tmp_path_factory):
    own = pki.self_signed(NAME)
    top, names, said = tmp_path_factory.mktemp("odd"), list(ODDITIES), {}
    # Some of them wait for a server that says no more.
    with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
        for part in [threads.submit(play, own, top / f"{i}.der",
                                    names[i::SIDE_BY_SIDE])
                     for i in range(SIDE_BY_SIDE)]:
            said.update(part.result())
    return said


def test_every_oddity_is_in_the_table():
    assert list(SAID) == list(ODDITIES)
    assert len(SAID) > 2000


@pytest.mark.parametrize("column", range(len(COLUMNS)),
                         ids=[go for go, _ in COLUMNS])
def test_we_say_what_go_says(ours, column):
    other = {name: (ours[name][column], said[column])
             for name, said in SAID.items()
             if not is_same(name, ours[name][column], said[column])}
    assert not other, "\n".join(f"{name}: we say {us!r}, Go {go!r}"
                                for name, (us, go) in other.items())
