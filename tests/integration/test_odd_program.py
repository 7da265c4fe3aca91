# SPDX-License-Identifier: Apache-2.0
"""Odd handshakes and odd answers, played to the program itself: what it says of
docker login and how it ends, held against Go's word, tests/data/handshakes.tsv;
test_oddities.py holds the client alone against all of that table."""
import json
import os

import pytest

from support import pki
from support.odd_compare import COLUMNS, ENDS, SAID
from support.odd_tls import NAME, OddServer
from support.oddities import ODDITIES
from support.product import DOCKER, TRUSTED, UNREACHABLE

# What is answered, and keys of every kind and length; of the rest a few.
PARTS = ("answer", "a leaf", "close_notify", "end in place", "ordinary",
         "demand that insists", "point off the curve", "sentinel of 1.1")
NAMES = [name for name in ODDITIES
         if name[4:].startswith(PARTS) and "200000" not in name]
# Go's HTTP overlooks it where it stands at the end of a line.
OVERLOOKED = {"answer cut by hello request"}
# A login goes through, and no pull.
PAGE = "answer: body of HTML"
# The header fields on which releases differ: exit code 0, and nothing said.
UNTOLD = ("answer: fields, ", "answer: length, ", "answer: cut ",
          "answer: 103 alone", "answer: six 103", "answer: one octet",
          "answer: status line, HTTP/1.10", "answer: status line, HTTP/01.1",
          "answer: status line, a sign", "answer: status line, status 0")


@pytest.fixture(scope="module", name="server")
def make_server(network):
    address = network.address()
    network.name(NAME, address)
    with OddServer(pki.self_signed(NAME), network.registry.listen(
            address, 443)) as server:
        yield server


def play(product, server, name, docker):
    """How the program ends, and what it says of docker login."""
    odd = server.odd = ODDITIES[name]
    leaf = odd.get("identity", server.identity).certificate
    os.makedirs(product.path(NAME), exist_ok=True)
    with open(product.path(NAME, "ca.crt"), "wb") as file:
        file.write(pki.pem(leaf))
    done = product.run(NAME, "--check", "--json",
                       *(("--docker", docker) if docker else ()))
    consumers = json.loads(done.out.splitlines()[0])["consumers"] or []
    return done.code, {c["consumer"]: c["answer"] for c in consumers}.get(
        "docker-login")


def is_right(name, code, login, go):
    if go == "token unusable":
        return (code, login) == (DOCKER, "refuses")
    if go.startswith(("accepts", "basic", "token ")):
        return name[4:] in OVERLOOKED or (login != "refuses" and (
            code != DOCKER or name[4:] == PAGE))
    if code != TRUSTED:
        return login in ("refuses", None)
    # The certificate is trusted, and nothing is said of what Docker does.
    return login == "unchecked" and (go in ENDS
                                     or name[4:].startswith(UNTOLD))


@pytest.mark.parametrize("column", (0, len(COLUMNS) - 1),
                         ids=lambda n: COLUMNS[n][0])
def test_the_program_says_what_go_does(product, server, column):
    other = {}
    for name in NAMES:
        go = SAID[name][column]
        said = play(product, server, name, COLUMNS[column][1])
        if not is_right(name, *said, go):
            other[name] = (*said, go)
    assert not other, "\n".join(f"{n}: {o}" for n, o in other.items())
    assert len(NAMES) > 250


def test_a_limit_of_ours_is_named(product, server):
    """Go sends back any cookie; ours has room for one of a few hundred octets,
    and says so of itself."""
    server.odd = ODDITIES["1.3 retry with a cookie of 5000"]
    done = product.run(NAME)
    assert done.code == UNREACHABLE, done
    assert "a cookie that is too long for dtr-trust" in done.err
    assert not product.installed(NAME)
