# SPDX-License-Identifier: Apache-2.0
"""What docs/hostile-cases.md lists and no other test holds, each run bounded
in time, in what was taken from the server, and in memory, and certs.d
compared before and after."""
import os
import re
import shutil
import subprocess

import pytest
from cryptography import x509

from support import pki, servers
from support.needs import need
from support.product import (BINARY, PROMPT_SECONDS, REFUSED, ROOT, TRUSTED,
                             UNREACHABLE, UNWRITTEN, snapshot)

NAME = "case.hostile.test"
TIMEOUT_SECONDS = 2
BOUND_KIBIBYTES = 32 * 1024
# Two connections (one for each client) of HANDSHAKE_BYTES_MAX, and what lies in
# the sockets' buffers on both sides, which the fixture keeps small.
BOUND_BYTES = 2 * (512 * 1024 + 128 * 1024)
DOCKER_REFUSES = 5


class Counting:
    """A connection that counts what it could send."""

    def __init__(self, connection, count):
        self.connection, self.count = connection, count

    def sendall(self, data):
        view = memoryview(data)
        while view:
            sent = self.connection.send(view[:4096])
            self.count[0] += sent
            view = view[sent:]

    def __getattr__(self, name):
        return getattr(self.connection, name)


@pytest.fixture(scope="module", autouse=True)
def make_small_buffers(network):
    network.machine.run("sysctl", "-qw",
                        "net.ipv4.tcp_rmem=4096 16384 32768")
    network.registry.run("sysctl", "-qw",
                         "net.ipv4.tcp_wmem=4096 16384 32768")
    yield
    network.machine.run("sysctl", "-qw",
                        "net.ipv4.tcp_rmem=4096 131072 6291456")
    network.registry.run("sysctl", "-qw",
                         "net.ipv4.tcp_wmem=4096 16384 4194304")


@pytest.fixture(name="bounded")
def make_bounded(product, tmp_path):
    """bounded(*arguments): a run within time and memory; the outcome."""
    need("time")

    def bounded(*arguments, prefix=()):
        peak = tmp_path / "peak"
        done = product.run(
            *(arguments or [NAME]), "--timeout", f"{TIMEOUT_SECONDS}s",
            prefix=["/usr/bin/time", "-o", str(peak), "-f", "%M", *prefix])
        assert done.seconds < PROMPT_SECONDS, done
        # The larger of installer and probe.
        kibibytes = int(peak.read_text().split()[-1])
        assert 100 < kibibytes < BOUND_KIBIBYTES, kibibytes
        return done
    return bounded


# --- servers ----------------------------------------------------------------

def vector(size, data):
    return len(data).to_bytes(size, "big") + data


def hello():
    return servers.handshake(2, b"\x03\x03" + bytes(32) + b"\0\xc0\x2b\0")


def present(*ders):
    """TLS 1.2 up to ServerHelloDone with these bytes as certificates."""
    listed = b"".join(vector(3, d) for d in ders)
    flight = (hello() + servers.handshake(11, vector(3, listed))
              + servers.handshake(14, b""))
    records = b"".join(servers.record(22, flight[i:i + 16000])
                       for i in range(0, len(flight), 16000))

    def misbehave(connection):
        servers.read_hello(connection)
        connection.sendall(records)
        servers.until_closed(connection)
    return misbehave


def half_a_hello(connection):
    servers.read_hello(connection)
    connection.sendall(servers.record(22, hello())[:20])
    servers.until_closed(connection)


def half_closed(connection):
    servers.read_hello(connection)
    connection.shutdown(servers.socket.SHUT_WR)
    servers.until_closed(connection)


def end_after_hello(connection):
    servers.read_hello(connection)
    connection.sendall(servers.record(22, hello()))


def reset_in_a_record(connection):
    servers.read_hello(connection)
    connection.sendall(servers.record(22, hello())[:20])
    connection.setsockopt(servers.socket.SOL_SOCKET,
                          servers.socket.SO_LINGER,
                          servers.struct.pack("ii", 1, 0))


def huge_in_fragments(size):
    """A Certificate message of 16 MiB in records of SIZE bytes."""
    def misbehave(connection):
        servers.read_hello(connection)
        connection.sendall(servers.record(22, hello()))
        connection.sendall(servers.record(22, b"\x0b\xff\xff\xff"))
        for _ in range((1 << 24) // size):
            connection.sendall(servers.record(22, b"\xff" * size))
    return misbehave


def nested(depth):
    """Sequences in sequences."""
    data = b""
    for _ in range(depth):
        length = len(data)
        data = (b"\x30" + (bytes([length]) if length < 128 else b"\x83"
                           + length.to_bytes(3, "big")) + data)
    return data


UNREADABLE = "no anchor can help.*Docker cannot read"
LEAF = pki.der(pki.self_signed(NAME).certificate)
# What the server does -> what the operator must be able to read.
RUDE = {
    "half a ServerHello": (half_a_hello, "time|within"),
    "half-closed": (half_closed, "clos|end"),
    "end after ServerHello": (end_after_hello, "clos|end"),
    "RST in a record": (reset_in_a_record, "clos|reset|end"),
    "endless warnings": (servers.warn_for_ever, "."),
    "endless CCS": (servers.change_cipher_for_ever, "."),
    "endless empty records": (servers.empty_records_for_ever, "."),
    "16 MiB in whole records": (huge_in_fragments(16384), "16777215"),
    "16 MiB in bytes": (huge_in_fragments(1), "16777215"),
    "10,000 certificates": (present(*[b"\x30\x03\x02\x01\x01"] * 10_000),
                            "512 certificates"),
    "10,000 real ones": (present(*[LEAF] * 10_000), "262144|16384|exceeds"),
    "an empty certificate": (present(b""), "."),
    "no certificate": (present(), "."),
    "one byte": (present(b"\x30"), UNREADABLE),
    "127 bytes": (present(LEAF[:127]), UNREADABLE),
    "64 KiB of zeros": (present(bytes(65_536)), UNREADABLE),
    "nested 10,000 deep": (present(nested(10_000)), UNREADABLE),
    "a length beyond the end": (present(b"\x30\x84\xff\xff\xff\xff"), UNREADABLE),
    "a length that is not minimal": (
        present(b"\x30\x84\0\0" + LEAF[2:4] + LEAF[4:]), UNREADABLE),
    "an endless length": (present(b"\x30\x80" + LEAF[4:] + b"\0\0"), UNREADABLE),
    "a drip of certificates": (servers.drip(
        servers.record(22, hello() + servers.handshake(
            11, vector(3, vector(3, LEAF)))), 0.01), "time|within"),
}


@pytest.mark.parametrize("case", RUDE)
def test_a_hostile_server_is_bounded_and_changes_nothing(
        network, product, bounded, case):
    misbehave, said = RUDE[case]
    count = [0]
    before = product.snapshot()
    with servers.RudeServer(network, lambda connection: misbehave(
            Counting(connection, count))) as server:
        network.name(NAME, server.address)
        done = bounded()
    assert done.code == (DOCKER_REFUSES if said is UNREADABLE
                         else UNREACHABLE), done
    assert NAME in done.err and re.search(said, done.err, re.S), done
    assert count[0] < BOUND_BYTES, count
    assert product.snapshot() == before


class Answering(servers.TlsRegistry):
    """Answers every request with one text, again and again if ENDLESS."""

    text, endless, sent = b"", False, 0

    def reply(self, tls):
        self.requests.append(tls.recv(4096))
        while True:
            tls.sendall(self.text)
            self.sent += len(self.text)
            if not self.endless:
                return


ANSWERS = {
    "a redirect to itself": (
        b"HTTP/1.1 302 Found\r\nLocation: /v2/\r\n"
        b"Content-Length: 0\r\n\r\n", False),
    "a redirect elsewhere": (
        b"HTTP/1.1 307 Temporary Redirect\r\nLocation: "
        b"https://198.51.100.9/v2/\r\nContent-Length: 0\r\n\r\n", False),
    "an endless header": (b"HTTP/1.1 200 OK\r\n" + b"X-Y: z\r\n" * 2000,
                          True),
    "an endless line": (b"HTTP/1.1 200 " + b"K" * 16384, True),
    "an endless body": (b"HTTP/1.1 401 Unauthorized\r\n\r\n"
                        + b"x" * 16384, True),
    "escapes": (b"\x1b]0;title\x07\x1b[2J\r\n\r\n", False),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_to_v2_of_any_kind_costs_one_request(
        network, product, bounded, answer):
    root = pki.root()
    with Answering(network, root.leaf(NAME), root) as server:
        server.text, server.endless = ANSWERS[answer]
        network.name(NAME, server.address)
        done = bounded()
    # Docker cannot do anything with a 401 without a challenge, does not go in
    # circles, and takes no line without a colon for a field, nor what does not
    # begin as HTTP for an answer.
    refused = answer in ("an endless body", "a redirect to itself",
                         "an endless header", "escapes")
    assert done.code == (DOCKER_REFUSES if refused else TRUSTED), done
    assert len(server.requests) == 1
    assert server.sent < BOUND_BYTES
    assert "\x1b" not in done.out + done.err
    if refused:
        assert set(product.snapshot()) == {"."}
    else:
        assert product.anchors(NAME) == [pki.der(root.certificate)]


# --- certificates -----------------------------------------------------------

@pytest.mark.parametrize("where", ["leaf", "intermediate", "root"])
def test_ed25519_in_any_position_is_captured(
        network, product, serve, bounded, where):
    def key(position):
        return "ed25519" if position == where else "ecdsa"
    root = pki.root(key=key("root"))
    middle = root.intermediate(key=key("intermediate"))
    server = serve(middle.leaf(NAME, key=key("leaf")), middle, root)
    network.name(NAME, server.address)
    assert bounded().code == TRUSTED
    assert product.anchors(NAME) == [pki.der(root.certificate)]


CONSTRAINTS = x509.NameConstraints([x509.DNSName("hostile.test")], None)
UNKNOWN = x509.UnrecognizedExtension(
    x509.ObjectIdentifier("1.3.6.1.4.1.32473.2"), b"\x05\x00")


@pytest.mark.parametrize("where", ["leaf", "intermediate", "root"])
@pytest.mark.parametrize("extension", [CONSTRAINTS, UNKNOWN],
                         ids=["name constraints", "unknown"])
def test_a_critical_extension_in_any_position_is_captured(
        network, product, serve, bounded, where, extension):
    def extra(position):
        return [(extension, True)] if position == where else []
    root = pki.root(extensions=extra("root"))
    middle = root.intermediate(extensions=extra("intermediate"))
    server = serve(middle.leaf(NAME, extensions=extra("leaf")), middle, root)
    network.name(NAME, server.address)
    done = bounded()
    if extension is CONSTRAINTS:
        assert done.code == TRUSTED, done
    else:
        assert done.code in (TRUSTED, DOCKER_REFUSES), done
        assert done.code == TRUSTED or "critical extension" in \
            done.out + done.err, done
    # A first use remembers only what works.
    assert len(product.anchors(NAME)) == 1 if done.code == TRUSTED else \
        not product.installed(NAME)


def test_duplicates_are_written_once(network, product, serve, bounded):
    root = pki.root()
    leaf = root.leaf(NAME)
    server = serve(leaf, *[leaf, root] * 50)
    network.name(NAME, server.address)
    assert bounded().code == TRUSTED
    assert product.anchors(NAME) == [pki.der(root.certificate)]


class Alternating(servers.TlsRegistry):
    """Another chain for each connection."""

    chains = ()

    def handle(self, connection):
        self.present(*self.chains[self.accepted % len(self.chains)])
        super().handle(connection)


def test_chains_that_change_by_connection_are_never_mixed(
        network, product, bounded):
    roots = [pki.root("One Root"), pki.root("Two Root")]
    chains = [(root.leaf(NAME), root) for root in roots]
    with Alternating(network, *chains[0]) as server:
        server.chains = chains
        network.name(NAME, server.address)
        assert bounded().code == TRUSTED
        before = product.snapshot()
        assert bounded().code == REFUSED
        assert bounded().code == TRUSTED
    assert product.snapshot() == before
    assert len(product.anchors(NAME)) == 1


# --- the disk ---------------------------------------------------------------

@pytest.fixture(name="good")
def make_good(network, serve):
    root = pki.root()
    network.name(NAME, serve(root.leaf(NAME), root).address)
    return root


@pytest.fixture(name="immutable")
def make_immutable(product):
    need("chattr")
    made = subprocess.run(["chattr", "+i", product.directory], check=False)
    if made.returncode:
        pytest.skip("this file system has no immutable directories")
    yield
    subprocess.run(["chattr", "-i", product.directory], check=True)


def test_an_immutable_directory_is_an_error(product, good, bounded,
                                            immutable):
    before = product.snapshot()
    done = bounded()
    assert done.code == UNWRITTEN, done
    assert "not permitted" in done.err
    assert product.snapshot() == before


def test_a_root_that_is_nobody_outside_is_an_error(
        network, product, good, bounded):
    """As under userns-remap: root inside, but certs.d belongs to others."""
    outside = os.path.join(network.etc_docker, "certs.d")
    os.makedirs(outside, exist_ok=True)
    # Where this was checked out, nobody may not be able to go.
    shutil.copy(BINARY, os.path.join(network.etc_docker, "dtr-trust"))
    before = snapshot(outside)
    product.directory = "/etc/docker/certs.d"
    done = bounded(prefix=[
        "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
        "unshare", "--map-root-user",
        "sh", "-c", 'shift && exec /etc/docker/dtr-trust "$@"', "sh"])
    assert done.code == UNWRITTEN, done
    assert "denied" in done.err
    assert snapshot(outside) == before


# --- the table --------------------------------------------------------------

def test_every_test_in_the_table_exists():
    with open(f"{ROOT}/docs/hostile-cases.md", encoding="ascii") as file:
        rows = [line for line in file if re.match(r"\| \d", line)]
    assert [int(row.split("|")[1]) for row in rows] == list(range(1, 30))
    for row in rows:
        named = re.findall(r"`(\w+)\.(py|c):(\w+)`", row)
        assert named, row
        for stem, suffix, test in named:
            folder = "unit" if suffix == "c" and not stem.startswith(
                ("test_supervise", "test_sandbox", "test_run",
                 "test_probe", "test_lying")) else "integration"
            path = f"{ROOT}/tests/{folder}/{stem}.{suffix}"
            with open(path, encoding="utf-8") as file:
                assert re.search(rf"\b{test}\(", file.read()), (path, test)
