# SPDX-License-Identifier: Apache-2.0
"""Answers to /v2/ of which HTTP is not sure: "accepts" is said only where Go's
client takes them. The client is skopeo's; the rules for other releases of Go
are rows of tests/unit/test_header.c."""
import contextlib
import json
import time

import pytest

from support import pki
from support.needs import need
from support.network import tool
from support.product import DOCKER, TRUSTED
from support.servers import TlsRegistry
from support.tokens import read_request

NAME = "http.http.test"
OK = (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
      b"Connection: close\r\nDocker-Distribution-Api-Version: registry/2.0"
      b"\r\n")
LENGTH, END = b"Content-Length: 2\r\n", b"\r\n{}"
HINTS = b"HTTP/1.1 103 Early Hints\r\n\r\n"


class Raw(TlsRegistry):
    """Sends FIRST, whatever it is, for /v2/."""

    first, wait_seconds = b"", 0

    def reply(self, tls):
        path = read_request(tls).split(" ", 2)[1]
        time.sleep(self.wait_seconds)
        body = self.REPLIES["/v2/tiny/tags/list"]
        tls.sendall(self.first if path == "/v2/" else OK
                    + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        with contextlib.suppress(OSError):
            tls.unwrap()


@pytest.fixture(scope="module", name="server")
def make_server(network):
    need("skopeo")
    leaf = pki.root().leaf(NAME)
    with Raw(network, leaf, leaf.issuer) as server:
        server.anchor = leaf.issuer
        network.name(NAME, server.address)
        yield server


# The answer, and what is said of it; None: that is not known.
ANSWERS = {
    "plain": (OK + LENGTH + END, True),
    "lines end with LF": ((OK + LENGTH + END).replace(b"\r\n", b"\n"), True),
    "a value in two lines": (OK + LENGTH + b"X-A: a\r\n b\r\n" + END, True),
    "hints before it": (HINTS + OK + LENGTH + END, True),
    "chunks with a length": (OK + b"Content-Length: x\r\n"
                             b"Transfer-Encoding: chunked\r\n\r\n"
                             b"2\r\n{}\r\n0\r\n\r\n", True),
    "no colon": (OK + LENGTH + b"garbage\r\n" + END, False),
    "a blank first": (b"HTTP/1.1 200 OK\r\n x: y\r\n" + LENGTH + END, False),
    "a length in words": (OK + b"Content-Length: two\r\n" + END, False),
    "two lengths": (OK + LENGTH + b"Content-Length: 3\r\n" + END, False),
    "a coding": (OK + b"Transfer-Encoding: gzip\r\n" + END, False),
    "cut": (OK + LENGTH, None),
    "cut in a line": (OK + b"Content-Le", None),
    "a long status": (b"HTTP/1.1 2000 OK\r\n" + LENGTH + END, False),
    "blanks before the status": (OK.replace(b"1 2", b"1  2") + LENGTH + END,
                                 True),
    "SSH": (b"SSH-2.0-OpenSSH_9.2\r\n", False),
    "an HTTP/2 server": (b"\0\0\x06\4\0\0\0\0\0\0\3\0\0\0\x64", False),
    "an end in place of it": (b"", None),
    "too many hints": (HINTS * 6 + OK + LENGTH + END, None),
    "a realm that is no registry's name": (
        b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n"
        b'WWW-Authenticate: Bearer realm="https://auth_server/token"\r\n\r\n',
        None),
    "a realm that is a path": (
        b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n"
        b'WWW-Authenticate: Bearer realm="/token"\r\n\r\n', False),
    "a blank in a name": (OK + LENGTH + b"X Y: a\r\n" + END, None),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_accepts_is_said_only_where_gos_client_takes_it(
        network, product, server, answer):
    server.first, is_taken = ANSWERS[answer]
    done = product.run(NAME, "--json")
    report = json.loads(done.out)
    said = {one["consumer"]: one["answer"] for one in report["consumers"]}
    expected = {True: "accepts", False: "refuses", None: "unchecked"}[is_taken]
    assert {said["docker-login"], said["docker-pull-classic"],
            said["podman"]} == {expected}, done
    skopeo = network.machine.run(
        tool("skopeo"), "list-tags", "--no-creds", "--cert-dir",
        product.path(NAME), f"docker://{NAME}/tiny", check=False,
        env={"HOME": network.directory})
    assert is_taken is None or (skopeo.returncode == 0) == is_taken, skopeo


@pytest.mark.parametrize("answer, reason, cause", [
    (b"SSH-2.0-OpenSSH_9.2\r\n", "broken-answer",
     "what answers at /v2/ is not HTTP as it reads it"),
    (b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n"
     b'WWW-Authenticate: Bearer realm="/token"\r\n\r\n', "no-realm",
     "names no https:// address to ask for one"),
])
def test_each_of_them_has_its_own_cause(product, server, answer, reason,
                                        cause):
    """What helps against one is of no use against the other."""
    server.first = answer
    login = json.loads(product.run(NAME, "--json").out)["consumers"][0]
    assert (login["answer"], login["reason"]) == ("refuses", reason)
    assert cause in " ".join(product.run(NAME).err.split())


@pytest.mark.parametrize("body", [b"{}", b"ok", b""])
@pytest.mark.parametrize("kind", [b"text/plain", b"application/json"])
def test_what_does_not_say_that_it_is_a_registry(product, server, kind, body):
    """Measured with dockerd 20.10 and Podman: a login goes through, and no
    pull where everything is answered so. A registry may leave the header out,
    so it is not refused either."""
    server.first = (b"HTTP/1.1 200 OK\r\nContent-Type: " + kind
                    + b"\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    done = product.run(NAME, "--json")
    assert done.code == TRUSTED, done
    report = json.loads(done.out)
    said = {one["consumer"]: one["answer"] for one in report["consumers"]}
    assert said.pop("docker-login") == "accepts"
    assert set(said.values()) == {"unchecked"}, said
    text = " ".join(product.run(NAME).out.split())
    assert "docker pull and push, classic store: cannot be told" in text
    assert "whether that is a registry is not seen from here" in text


def test_an_answer_for_which_docker_does_not_wait_is_not_known(
        product, server, monkeypatch):
    """Measured: login of dockerd 20.10 and 28.5 fails at 16 s, skopeo waits."""
    server.first = OK + LENGTH + END
    monkeypatch.setattr(server, "wait_seconds", 15.5)
    done = product.run(NAME, "--json", "--timeout", "60s")
    assert {one["answer"] for one in json.loads(
        done.out)["consumers"]} == {"unchecked"}, done


SWITCH = (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n"
          b"Connection: Upgrade\r\n\r\n")
REALM = b'WWW-Authenticate: Bearer realm="/token"\r\n'
BASIC = b'WWW-Authenticate: Basic realm="x"\r\n'
AUTH = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n"
# The answer, what is said of docker login, of the classic pull and of Podman,
# in a letter, and whether skopeo gets the tags, which are there.
GOING_ON = {
    "404": (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
            "RUR", False),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", "RUR", False),
    "101": (SWITCH + OK + LENGTH + END, "RUR", False),
    "no challenge": (AUTH + b"\r\n", "RUU", True),
    "negotiate": (AUTH + b"WWW-Authenticate: Negotiate\r\n\r\n", "RUU", True),
    "a page": (OK.replace(b"application/json", b"text/html") + LENGTH + END,
               "AUU", True),
    "name and password, then no realm": (AUTH + BASIC + REALM + b"\r\n",
                                         "RRA", True),
    "no realm, then name and password": (AUTH + REALM + BASIC + b"\r\n",
                                         "RRR", False),
    "name and password in a broken header": (
        AUTH + BASIC + b"garbage\r\n\r\n", "RRR", False),
}


@pytest.mark.parametrize("options", [[], ["--check"], ["--pin"]],
                         ids=["run", "check", "pin"])
def test_no_report_says_accepted_and_refused(product, server, options):
    """A good certificate in front of what every login stops at."""
    server.first = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    if options == ["--pin"]:
        options = ["--pin", "sha256:" + pki.fingerprint(
            server.anchor.certificate)]
    done = product.run(NAME, "--json", *options)
    report = json.loads(done.out)
    assert (done.code, report["docker"]["accepts"]) == (DOCKER, False)
    assert report["consumers"][0]["answer"] == "refuses"


@pytest.mark.parametrize("answer", GOING_ON)
def test_who_goes_on_to_the_image(network, product, server, answer):
    """Docker's classic pull asks for /v2/ and takes any status: with dockerd
    in tests/e2e/test_odd_answers.py."""
    server.first, expected, goes_on = GOING_ON[answer]
    pin = "sha256:" + pki.fingerprint(server.anchor.certificate)
    said = {one["consumer"]: one["answer"][0].upper() for one in json.loads(
        product.run(NAME, "--json", "--pin", pin).out)["consumers"]}
    assert said["docker-login"] + said["docker-pull-classic"] + \
        said["podman"] == expected
    assert said["containerd"] == "U"
    skopeo = network.machine.run(
        tool("skopeo"), "list-tags", "--creds", "a:b", "--cert-dir",
        product.path(NAME), f"docker://{NAME}/tiny", check=False,
        env={"HOME": network.directory})
    assert (skopeo.returncode == 0) == goes_on, skopeo
