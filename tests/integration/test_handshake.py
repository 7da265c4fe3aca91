# SPDX-License-Identifier: Apache-2.0
"""The TLS client with real servers: what Docker's client completes it completes.

What it brings must be what the server was given to send, byte for byte, and
proven.
"""
import contextlib
import re
import select
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from support import pki, servers
from support.network import tool
from support.product import CLIENTS, REFUSED, TRUSTED, UNREACHABLE

TLS12, TLS13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
# An extension that nobody knows, for certificates of a certain size.
BALLAST = x509.ObjectIdentifier("1.3.6.1.4.1.32473.1")
DOCKER_READS = 256 * 1024
DOCKER_REFUSES = 5
REQUEST = "GET /v2/ HTTP/1.1\r\nHost: r\r\nConnection: close\r\n\r\n"
PARTIAL = "captured without completing the handshake"

both_versions = pytest.mark.parametrize("version", [TLS12, TLS13],
                                        ids=["1.2", "1.3"])


class Capture:
    """What the client by itself captured."""

    def __init__(self, network, server, name="one.client.test", docker="",
                 request=""):
        done = network.machine.run(
            CLIENTS,
            server.address, server.port, name, docker,
            *([request] if request else []), check=False)
        lines = [line.partition(" ") for line in done.stdout.splitlines()]
        words = {word: value for word, _, value in lines}
        self.code, self.errors = done.returncode, done.stderr
        self.failure = words.get("failure")
        self.version = words["tls"]
        self.proven = words["possession"] == "1"
        self.client_cert = words["client_cert"] == "1"
        self.wider = words["wider"] == "1"
        self.end, self.refusal = words["end"], words["refusal"]
        self.suite, self.reply = words["suite"], int(words["reply"])
        self.chain = [bytes.fromhex(value) for word, _, value in lines
                      if word == "cert"]


@pytest.fixture(name="capture")
def make_capture(network):
    def capture(server, **options):
        seen = Capture(network, server, **options)
        assert not seen.errors, seen.errors
        return seen
    return capture


def ders(*identities):
    return [pki.der(i.certificate) for i in identities]


def message_bytes(version, *identities):
    """Length of the Certificate message without its header."""
    each, fixed = (3 + 2, 4) if version == TLS13 else (3, 3)
    return fixed + sum(each + len(d) for d in ders(*identities))


def chain_of(version, size, issuer, name):
    """A leaf and a CA that make a Certificate message of exactly SIZE."""
    leaf, ballast = issuer.leaf(name), 0
    # The length of an ECDSA signature is a matter of chance.
    for _ in range(200):
        filler = pki.root("Filler", extensions=[
            (x509.UnrecognizedExtension(BALLAST, bytes(ballast)), False)])
        rest = size - message_bytes(version, leaf, issuer, filler)
        if not rest:
            return leaf, [issuer, filler]
        ballast += rest
    raise AssertionError("no certificate of that size")


@both_versions
@pytest.mark.parametrize("key", ["ecdsa", "rsa", "ed25519"])
def test_an_ordinary_server_is_asked_and_answers(serve, capture, key, version):
    root = pki.root(key=key)
    lower = root.intermediate(key=key)
    leaf = lower.leaf("one.client.test", key=key)
    server = serve(leaf, lower, root, minimum=version, maximum=version)
    seen = capture(server, request=REQUEST)
    assert seen.chain == ders(leaf, lower, root)
    assert (seen.end, seen.refusal) == ("completed", "")
    assert seen.proven and not seen.wider and seen.reply
    assert server.server_names == ["one.client.test"]
    assert server.requests == ["/v2/"]


def test_an_address_is_not_sent_as_a_server_name(serve, capture, network):
    address = network.address()
    leaf = pki.self_signed(address)
    server = serve(leaf, address=address)
    assert capture(server, name=address).chain == ders(leaf)
    assert server.server_names == [None]


@both_versions
def test_a_demand_for_a_client_certificate_is_refused_as_docker_is(
        serve, capture, version):
    ca = pki.root()
    server = serve(ca.leaf("one.client.test"), minimum=version,
                   maximum=version, client_ca=ca)
    seen = capture(server, request=REQUEST)
    assert seen.client_cert and seen.proven
    assert (seen.end, seen.refusal) == ("refused", "remote error: tls: " + (
        "certificate required" if version == TLS13 else "handshake failure"))


SUITES = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256"]
GROUPS = ["X25519", "P-256", "P-384", "P-521"]


@pytest.fixture(name="s_server")
def make_s_server(network, tmp_path):
    """s_server(identity, *options): OpenSSL's own server, with all knobs."""
    started = []

    def s_server(identity, *options):
        certificate, key = identity.save(str(tmp_path / "server"))
        server = ServerProgram(network.address(), 443)
        server.process = network.registry.start(
            "openssl", "s_server", "-quiet", "-accept",
            f"{server.address}:443", "-cert", certificate, "-key", key,
            *options)
        started.append(server)
        network.machine.run(
            "bash", "-c", f"until : >/dev/tcp/{server.address}/443; do "
            "sleep 0.05; done 2>/dev/null", timeout=10)
        return server
    yield s_server
    for server in started:
        server.process.kill()
        server.process.wait()


class ServerProgram:
    def __init__(self, address, port):
        self.address, self.port = address, port


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("suite", SUITES)
def test_every_suite_and_group_of_tls_13(s_server, capture, suite, group):
    leaf = pki.self_signed("one.client.test")
    server = s_server(leaf, "-tls1_3", "-ciphersuites", suite,
                      "-groups", group)
    raw = capture(server)
    assert raw.chain == ders(leaf) and raw.end == "completed", raw.refusal


# OpenSSL's names for what a server may sign with -> the key it needs.
SIGNATURES = {"RSA-PSS+SHA256": "rsa", "RSA-PSS+SHA384": "rsa",
              "RSA-PSS+SHA512": "rsa", "RSA+SHA256": "rsa",
              "RSA+SHA384": "rsa", "RSA+SHA512": "rsa",
              "ECDSA+SHA256": "ecdsa", "ECDSA+SHA384": "p384",
              "ECDSA+SHA512": "p521", "ed25519": "ed25519"}


# TLS 1.3 has no PKCS #1 signatures.
@pytest.mark.parametrize("version,signature", [
    (version, signature) for version in ("1_2", "1_3")
    for signature in SIGNATURES
    if version == "1_2" or not signature.startswith("RSA+")])
def test_every_signature_scheme(s_server, capture, signature, version):
    leaf = pki.self_signed("one.client.test", key=SIGNATURES[signature])
    server = s_server(leaf, "-tls" + version, "-sigalgs", signature)
    raw = capture(server)
    assert raw.chain == ders(leaf) and raw.end == "completed", raw.refusal


@both_versions
def test_rsa_8192(serve, capture, version, big_key):
    leaf = pki.self_signed("one.client.test", reuse_key=big_key)
    server = serve(leaf, minimum=version, maximum=version)
    seen = capture(server)
    assert seen.chain == ders(leaf) and seen.end == "completed", seen.refusal


@pytest.fixture(scope="module", name="big_key")
def make_big_key():
    """Of known primes: to find others takes up to a minute."""
    p, q, e = 2**4096 - 2549, 2**4096 - 8067, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    return rsa.RSAPrivateNumbers(
        p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p),
        rsa.RSAPublicNumbers(e, p * q)).private_key()


# --- what mbedTLS's own client would not take ---------------------------------

@both_versions
def test_an_ed25519_leaf_is_installed(network, product, serve, accepts,
                                      version):
    leaf = pki.self_signed("ed.client.test", key="ed25519")
    server = serve(leaf, minimum=version, maximum=version)
    registry = network.name("ed.client.test", server.address)
    done = product.run(registry)
    assert done.code == TRUSTED, done
    assert PARTIAL not in done.out, done
    assert product.anchors(registry) == ders(leaf)
    assert accepts(registry)


@both_versions
@pytest.mark.parametrize("size", [21_000, 65_536, DOCKER_READS])
def test_a_large_certificate_message_is_captured_whole(
        network, product, serve, capture, accepts, version, size):
    root = pki.root()
    leaf, rest = chain_of(version, size, root, "big.client.test")
    server = serve(leaf, *rest, minimum=version, maximum=version)
    raw = capture(server)
    assert raw.chain == ders(leaf, *rest) and raw.end == "completed", raw.refusal
    registry = network.name("big.client.test", server.address)
    done = product.run(registry)
    assert done.code == TRUSTED, done
    assert product.anchors(registry) == ders(root)
    # The skopeo of Debian 12 is built by a Go that stops at 64 KiB.
    assert size > 65_536 or accepts(registry)


@both_versions
@pytest.mark.parametrize("size", [DOCKER_READS + 1, 257 * 1024])
def test_more_than_docker_reads_is_refused_by_name(
        network, product, serve, version, size):
    root = pki.root()
    leaf, rest = chain_of(version, size, root, "huge.client.test")
    server = serve(leaf, *rest, minimum=version, maximum=version)
    registry = network.name("huge.client.test", server.address)
    done = product.run(registry)
    assert done.code == UNREACHABLE, done
    assert (f"the server's Certificate message of {size} bytes exceeds the "
            "262144 that Docker reads") in done.err, done
    assert not product.installed(registry)


@both_versions
@pytest.mark.parametrize("count", [200, 512])
def test_hundreds_of_certificates(network, product, serve, capture, version,
                                  count):
    root = pki.root()
    leaf = root.leaf("many.client.test")
    key = pki.make_key()
    rest = [root] + [pki.root(f"CA {i}", reuse_key=key)
                     for i in range(count - 2)]
    server = serve(leaf, *rest, minimum=version, maximum=version)
    raw = capture(server)
    assert raw.chain == ders(leaf, *rest) and raw.end == "completed"
    registry = network.name("many.client.test", server.address)
    done = product.run(registry)
    assert done.code == TRUSTED, done
    assert product.anchors(registry) == ders(root)


def test_more_certificates_than_we_keep_are_refused_by_name(
        network, product, serve):
    leaf, key = pki.self_signed("many.client.test"), pki.make_key()
    rest = [pki.root(f"CA {i}", reuse_key=key) for i in range(512)]
    server = serve(leaf, *rest)
    registry = network.name("many.client.test", server.address)
    done = product.run(registry)
    assert done.code == UNREACHABLE, done
    assert "more than 512 certificates" in done.err, done


@both_versions
def test_handshake_headers_in_pieces(network, product, accepts, version):
    root = pki.root()
    leaf = root.leaf("bits.client.test")
    with servers.ChoppedRegistry(network, leaf, root, minimum=version,
                                 maximum=version) as server:
        registry = network.name("bits.client.test", server.address)
        done = product.run(registry)
    assert done.code == TRUSTED, done
    assert PARTIAL not in done.out, done
    assert product.anchors(registry) == ders(root)


def test_all_addresses_are_asked(network, product, serve):
    root = pki.root()
    first = serve(root.leaf("all.client.test"), root)
    second = serve(root.leaf("all.client.test", key="ed25519"), root)
    registry = network.name("all.client.test", first.address, second.address)
    done = product.run("--all-addresses", registry)
    assert done.code == TRUSTED, done
    assert PARTIAL not in done.out, done
    assert product.anchors(registry) == ders(root)


def test_a_server_that_comes_late_is_waited_for(
        network, product, serve):
    address = network.address()
    registry = network.name("late.client.test", address)
    with product.start("--wait", "30s", registry) as process:
        # The first line is that it tries again.
        assert b"trying again" in process.stderr.readline()
        leaf = pki.self_signed("late.client.test", key="ed25519")
        serve(leaf, address=address)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == TRUSTED
    assert PARTIAL not in out.decode("ascii")
    assert product.anchors(registry) == ders(leaf)


def test_what_is_installed_is_renewed(
        network, product, serve):
    root = pki.root(key="ed25519")
    server = serve(root.leaf("ed2.client.test", key="ed25519"), root)
    registry = network.name("ed2.client.test", server.address)
    assert product.run(registry).code == TRUSTED
    before = product.snapshot()
    server.present(root.leaf("ed2.client.test", key="ed25519"), root)
    done = product.run(registry)
    assert done.code == TRUSTED, done
    assert product.snapshot() == before


# --- what it must not do ----------------------------------------------------

def test_a_chain_without_its_key_needs_a_pin(network, product):
    """Anybody can replay a public chain; only a pin makes it the right one."""
    root = pki.root()
    leaf = root.leaf("claim.client.test")
    with servers.RudeServer(network, servers.claim(leaf, root,
                                                   first=3)) as server:
        registry = network.name("claim.client.test", server.address)
        done = product.run(registry)
        assert done.code == REFUSED, done
        assert "the server did not prove its key" in done.err, done
        assert not product.installed(registry)
        pin = "sha256:" + pki.fingerprint(root.certificate)
        done = product.run("--pin", pin, registry)
    assert done.code in (REFUSED, DOCKER_REFUSES), done
    assert "accepts" not in done.out, done


@pytest.mark.parametrize("case,said", [
    (servers.alert(40), "handshake failure"),
    (servers.close_at_once, "without a word"),
    (servers.warn_for_ever, "too many ignored records"),
    (servers.change_cipher_for_ever, "does not speak TLS"),
    (servers.empty_records_for_ever, "unexpected message"),
    (servers.announce_huge_handshake, "handshake message of 16777215 bytes"),
    (servers.announce_huge_record, "oversized record received with length 65535"),
    (servers.staple_for_ever, "certificateStatusMsg when waiting for"),
    (servers.answer_plain_http, "HTTP"),
    (servers.greet_as_ssh, "SSH"),
], ids=["alert", "close", "warnings", "ccs", "empty", "16 MiB", "64 KiB record",
        "staples", "http", "ssh"])
def test_a_hostile_server_is_a_bounded_failure(network, capture, case, said):
    with servers.RudeServer(network, case) as server:
        raw = capture(server)
    assert raw.code and re.search(said, raw.failure), raw.failure
    assert not raw.chain


def test_useless_records_are_counted_as_go_does(network, capture):
    root = pki.root()
    flight = servers.claim(root.leaf("one.client.test"), root)

    def after(count):
        def misbehave(connection):
            connection.sendall(servers.record(21, b"\x01\x5a") * count)
            flight(connection)
        with servers.RudeServer(network, misbehave) as server:
            return capture(server)
    assert len(after(16).chain) == 2
    assert "too many ignored records" in after(17).failure


def test_the_wider_offer_is_not_made_where_it_cannot_help(network, product):
    for case in (servers.answer_plain_http, servers.greet_as_ssh,
                 servers.send_garbage):
        with servers.RudeServer(network, case) as server:
            registry = network.name("once.client.test", server.address)
            assert product.run(registry).code == UNREACHABLE
            assert server.accepted == 1, case


# --- what it costs on the way ------------------------------------------------

class Relay(servers.Server):
    """Passes on what both sides say, and counts the turns of the client."""

    def __init__(self, network, server):
        self.to, self.turns = server, 0
        super().__init__(network)

    def handle(self, connection):
        inner, outer = socket.socketpair()
        inner.settimeout(servers.PATIENCE_SECONDS)
        thread = threading.Thread(target=self.answer, args=(inner,))
        thread.start()
        last = outer
        with outer:
            while True:
                ready, _, _ = select.select([connection, outer], [], [],
                                            servers.PATIENCE_SECONDS)
                data = ready and ready[0].recv(65536)
                if not data:
                    break
                self.turns += ready[0] is connection and last is outer
                last = ready[0]
                (outer if last is connection else connection).sendall(data)
        thread.join()

    def answer(self, inner):
        with inner, contextlib.suppress(OSError):
            self.to.handle(inner)


class Noting(list):
    """Notes the turns of RELAY by the time that a request has come."""

    def __init__(self, relay):
        super().__init__()
        self.relay, self.turns = relay, None

    def append(self, request):
        self.turns = self.relay.turns
        super().append(request)


@pytest.mark.parametrize("version,turns", [(TLS12, 3), (TLS13, 2)],
                         ids=["1.2", "1.3"])
def test_no_round_trip_more_than_tls_needs(network, serve, capture, version,
                                           turns):
    """Hello, Finished and the request; in TLS 1.2 the request waits."""
    server = serve(pki.self_signed("one.client.test"), minimum=version,
                   maximum=version)
    with Relay(network, server) as relay:
        server.requests = Noting(relay)
        seen = capture(relay, request=REQUEST)
    assert seen.end == "completed" and seen.reply
    assert server.requests.turns == turns


@pytest.mark.parametrize("version,writes", [(TLS12, 3), (TLS13, 2)],
                         ids=["1.2", "1.3"])
def test_finished_and_the_request_leave_in_one_write(
        network, serve, tmp_path, version, writes):
    server = serve(pki.self_signed("one.client.test"), minimum=version,
                   maximum=version)
    log = tmp_path / "writes"
    # The sanitizers' own tracer cannot work under strace.
    network.machine.run(
        tool("strace"), "-f", "-e", "trace=sendto,sendmsg,write", "-o", log,
        CLIENTS,
        server.address, server.port, "one.client.test", "", REQUEST,
        check=False, env={"ASAN_OPTIONS": "detect_leaks=0"})
    assert server.requests == ["/v2/"]
    sent = [line for line in log.read_text().splitlines()
            if re.search(r"sendto\(\d+, .*MSG_NOSIGNAL", line)]
    # ... and the farewell.
    assert len(sent) == writes + 1, sent
