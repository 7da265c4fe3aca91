# SPDX-License-Identifier: Apache-2.0
"""What Go's client said of each oddity (tests/data/handshakes.tsv), how ours is
asked, and when both have said the same."""
import os
import re
import subprocess
from fnmatch import fnmatchcase

from support.odd_tls import NAME
from support.product import CLIENTS, ROOT

TABLE = os.path.join(ROOT, "tests", "data", "handshakes.tsv")
REQUEST = "GET /v2/ HTTP/1.1\r\nHost: r\r\nConnection: close\r\n\r\n"
# What we leave open where Go does not: neither "accepts" nor a refusal.
OPEN = {
    # Go has a share of it since 1.24, and had one of Kyber in 1.23; we never.
    "group of ML-KEM", "share of * for 11ec", "share of * for 6399",
    "retry to group 11e[bd]", "retry to group 6399",
    # Bytes under the key before the last: Go before 1.24.12 read them.
    "hello and more in one record", "a ticket and Finished in one record",
    # More than 512 certificates; a ClientHello of more than 1 KiB.
    "certificates of 200000", "retry with a cookie of 5000",
    # Go's HTTP overlooks it at the end of a line, and nowhere else.
    "answer cut by a message", "answer cut by hello request",
}
# Both refuse, of two reasons another one.
ANY_WORDS = {"answer cut in a line"}
# Status lines on which releases differ, or that nobody sends.
UNTOLD = {"HTTP/1.10", "HTTP/01.1", "a sign", "status 0"}
# A connection that ends is no refusal to us: who asks again may be answered.
ENDS = {"EOF", "unexpected EOF", "read: connection reset by peer"}


def load():
    with open(TABLE, encoding="ascii") as file:
        head, *rows = [line.rstrip("\n").split("\t") for line in file]
    columns = [(name.split() + [""])[:2] for name in head[1:]]
    return columns, {row[0]: row[1:] for row in rows}


COLUMNS, SAID = load()


def ask(server, path):
    """Our words of what SERVER plays, as the release of each column, trusting
    the DER file PATH alone."""
    releases = ",".join(docker for _, docker in COLUMNS)
    done = subprocess.run(
        [CLIENTS, server.address, str(server.port), NAME, releases, REQUEST,
         path], capture_output=True, text=True, check=False, timeout=60)
    assert not done.stderr, done.stderr
    return [read(dict(line.partition(" ")[::2] for line in block.splitlines()))
            for block in done.stdout.split("docker ")[1:]]


def read(words):
    """The client's words as Go would say them. Go judges the certificates
    between what the client calls early and the rest."""
    if words["end"] == "early":
        return words["refusal"]
    if words.get("verdict"):
        return words["verdict"]
    if words["end"] == "completed":
        kind = words["answer"]
        return {"none": "no answer", "open": "accepts", "page": "accepts",
                "no-challenge": "no challenge", "basic": "basic",
                "broken": "broken", "no-realm": "no realm",
                "token": f"token {words.get('realm', '')}".lower(),
                }.get(kind, f"status {words['status']}")
    return words["refusal"] or "open"


def is_same_answer(name, ours, go):
    """Never that all is well where Go's client or Docker fails. "No answer" is
    that it cannot be told: of odd lines, on which releases differ."""
    goes_on = go.startswith(("accepts", "token ", "basic"))
    line = name.partition("answer: status line, ")[2]
    if line and ours == "no answer":
        return line in UNTOLD
    if go == "token unusable":
        # Docker asks nobody, and fails.
        return ours in ("no realm", "no answer")
    if not goes_on:
        return ours == "no answer" or (
            ours == go if go.startswith("status") else
            not ours.startswith(("accepts", "token", "basic")))
    return ours in (go, "no answer")


def is_same(name, ours, go):
    if ours == "open" and any(fnmatchcase(name[4:], odd) for odd in OPEN):
        return True
    if name[4:].startswith("answer: "):
        return is_same_answer(name, ours, go)
    if ours == "no answer" and go in ENDS:
        return True
    if name[4:] in ANY_WORDS:
        return "accepts" not in (ours, go) and ours != "open"
    if name[4:].startswith("certificates of "):
        # Signatures, and so certificates, are not always of the same length.
        ours, go = (re.sub(r"length \d+", "length", t) for t in (ours, go))
    return ours == go
