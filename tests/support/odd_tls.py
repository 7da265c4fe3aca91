# SPDX-License-Identifier: Apache-2.0
"""A TLS 1.2 and 1.3 server that does one thing otherwise than it should.

Each oddity has a name and is a change of what an ordinary server does: of the
fields of its ServerHello, of the list of its messages, of a signature, of how
records are cut. The server has one ECDSA certificate, itself the authority,
and answers a request with 200. See scripts/handshake-oracle and
tests/integration/test_oddities.py, which hold us against Go's client with it.
"""
import contextlib
import os
import socket
import struct
import threading

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, x25519
from cryptography.hazmat.primitives.serialization import (Encoding,
                                                          PublicFormat)

from support.odd_identity import NAME, Rsa
from support.odd_keys import SUITES, number, vector
from support.pki import der

PATIENCE_SECONDS = 5
RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891"
                      "c2a211167abb8c5e079e09e2c8a8339c")
CURVES = {23: ec.SECP256R1, 24: ec.SECP384R1, 25: ec.SECP521R1}
DIGESTS = {5: hashes.SHA384, 6: hashes.SHA512, 2: hashes.SHA1}
REPLY = (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n"
         b"Docker-Distribution-Api-Version: registry/2.0\r\n\r\n{}")


def message(kind, body):
    return bytes([kind]) + vector(3, body)


def extension(kind, body=b""):
    return number(kind) + vector(2, body)


class Hello:
    """What the client said first."""

    def __init__(self, body):
        self.random, rest = body[2:34], body[34:]
        self.session, rest = rest[1:1 + rest[0]], rest[1 + rest[0]:]
        size = int.from_bytes(rest[:2], "big")
        rest = rest[2 + size:]
        rest = rest[1 + rest[0]:][2:]
        self.extensions = {}
        while rest:
            kind, size = struct.unpack(">HH", rest[:4])
            self.extensions[kind] = rest[4:4 + size]
            rest = rest[4 + size:]
        self.shares, rest = {}, self.extensions.get(51, b"\0\0")[2:]
        while rest:
            group, size = struct.unpack(">HH", rest[:4])
            self.shares[group] = rest[4:4 + size]
            rest = rest[4 + size:]


class Handshake:
    """One connection. ODD overrides the methods and fields of ordinary()."""

    def __init__(self, connection, identity, odd):
        self.connection, self.identity, self.odd = connection, identity, odd
        self.reading = self.writing = None
        self.suite = SUITES[odd.get("suite", 0xc02b if odd.get("version") == 12
                                    else 0x1301)]
        self.transcript = b""
        self.pending = b""

    def say(self, what, value):
        """VALUE, or what the oddity makes of it."""
        change = self.odd.get(what)
        if change is None:
            return value
        return change(self, value) if callable(change) else change

    # --- records ---

    def send(self, data):
        self.connection.sendall(data)

    def record(self, kind, body, version=0x0303):
        if self.writing:
            return self.writing.protect(kind, body)
        return bytes([kind]) + number(version) + vector(2, body)

    def records(self, kind, data):
        """DATA as records; of handshake as the oddity cuts it."""
        size = 16000
        if kind == 22:
            size = self.odd.get("cut", size)
        parts = [data[i:i + size] for i in range(0, len(data), size)] or [b""]
        version = self.odd.get("record version", 0x0303)
        return b"".join(self.record(kind, part, version) for part in parts)

    def receive(self, size):
        while len(self.pending) < size:
            data = self.connection.recv(65536)
            if not data:
                raise ConnectionError
            self.pending += data
        out, self.pending = self.pending[:size], self.pending[size:]
        return out

    def read(self):
        """The next record: its type and content."""
        header = self.receive(5)
        body = self.receive(int.from_bytes(header[3:], "big"))
        if not self.reading or (
                header[0] == 20 and self.odd.get("version") != 12):
            return header[0], body
        return self.reading.open(header, body)

    def read_message(self):
        data = b""
        while len(data) < 4 or len(data) < 4 + int.from_bytes(data[1:4], "big"):
            kind, body = self.read()
            if kind == 20:
                continue
            if kind != 22:
                raise ConnectionError
            data += body
        return data[0], data[4:], data

    # --- both versions ---

    def demand(self, body):
        """Of a CertificateRequest."""
        own = self.odd["request"]
        return own if isinstance(own, bytes) else body

    def ticket_12(self, body):
        """A NewSessionTicket of TLS 1.2, before the change of keys."""
        return self.record(22, message(4, body))

    def certificates(self, is13):
        chain = self.say("chain", [der(self.identity.certificate)])
        listed = b"".join(vector(3, c) + (vector(2, b"") if is13 else b"")
                          for c in chain)
        return (b"\0" if is13 else b"") + vector(3, listed)

    def hello(self, session, suite, extensions):
        f = {"version": 0x0303, "random": os.urandom(32), "session": session,
             "suite": suite, "compression": 0, "extensions": extensions}
        f = self.say("hello", f)
        listed = b"".join(f["extensions"])
        body = (number(f["version"]) + f["random"] + vector(1, f["session"])
                + number(f["suite"]) + number(f["compression"], 1)
                + (vector(2, listed) if listed or f.get("empty") else b""))
        self.random = f["random"]
        return message(2, self.say("hello body", body))

    def sign(self, data):
        key = self.say("key", self.identity.key)
        scheme = self.say("scheme", 0x0403)
        if isinstance(key, ec.EllipticCurvePrivateKey):
            signature = key.sign(data, ec.ECDSA(DIGESTS.get(
                scheme >> 8, hashes.SHA256)()))
        elif isinstance(key, dsa.DSAPrivateKey):
            signature = key.sign(data, hashes.SHA256())
        elif isinstance(key, Rsa):
            signature = key.sign(data, scheme, self.odd.get("salt"),
                                 self.odd.get("mask"))
        elif hasattr(key, "sign"):
            signature = key.sign(data)
        else:
            signature = bytes(64)
        return number(scheme) + vector(2, self.say("signature", signature))

    def agree(self, group, share):
        """Our public key and the secret."""
        if group == 29:
            key = x25519.X25519PrivateKey.generate()
            public = key.public_key().public_bytes(Encoding.Raw,
                                                   PublicFormat.Raw)
            other = x25519.X25519PublicKey.from_public_bytes
            return public, lambda: key.exchange(other(share()))
        curve = CURVES[group]()
        key = ec.generate_private_key(curve)
        public = key.public_key().public_bytes(Encoding.X962,
                                               PublicFormat.UncompressedPoint)
        other = ec.EllipticCurvePublicKey.from_encoded_point
        return public, lambda: key.exchange(ec.ECDH(), other(curve, share()))

    def run(self):
        _, body, data = self.read_message()
        client = self.client_hello = Hello(body)
        self.send(self.odd.get("before hello", b""))
        if self.odd.get("version") == 12:
            self.run_12(client, data)
        else:
            self.run_13(client, data)

    def answer(self):
        while True:
            kind, body = self.read()
            if kind == 23:
                break
            if kind == 21:
                return
            if kind == 22 and body[0] == 24:
                self.theirs = self.suite.expand(self.theirs, b"traffic upd",
                                                b"")
                self.reading = self.suite.direction(self.theirs)
        answer = self.odd.get("answer")
        self.send(answer(self) if answer else self.records(23, REPLY))

    # --- TLS 1.2 ---

    def exchange(self, client):
        group = self.say("group", 29)
        share = [b""]
        public, secret = self.agree(group if group in (29, *CURVES) else 29,
                                    lambda: share[0])
        public = self.say("point", public)
        params = (number(self.say("curve type", 3), 1) + number(group)
                  + vector(1, public))
        signed = client.random + self.random + params
        return self.say("exchange", params + self.sign(
            self.say("signed", signed))), share, secret

    def run_12(self, client, data):
        extended = self.odd.get("extended", 23 in client.extensions)
        extensions = [extension(0xff01, b"\0")]
        if extended:
            extensions.append(extension(23))
        flight = [self.hello(b"", self.odd.get("suite", 0xc02b), extensions)]
        flight.append(message(11, self.say("certificate",
                                           self.certificates(False))))
        body, share, secret = self.exchange(client)
        flight.append(message(12, body))
        if "request" in self.odd:
            flight.append(message(13, self.demand(
                b"\1\x40" + vector(2, b"\4\3") + b"\0\0")))
        flight.append(message(14, b""))
        flight = self.say("flight", flight)
        self.transcript = data + b"".join(flight)
        self.send(self.say("sent", self.records(22, b"".join(flight))))
        if self.odd.get("closes"):
            self.connection.shutdown(socket.SHUT_WR)
        self.finish_12(client, share, secret, extended)

    def finish_12(self, client, share, secret, extended):
        kind, body, data = self.read_message()
        if kind == 11:
            self.transcript += data
            if self.odd.get("request") == "insists":
                self.send(self.record(21, b"\2\x28"))
                return
            kind, body, data = self.read_message()
        self.transcript += data
        share[0] = body[1:]
        suite = self.suite
        master = (suite.prf(secret(), b"extended master secret",
                            suite.digest(self.transcript), 48) if extended
                  else suite.prf(secret(), b"master secret",
                                 client.random + self.random, 48))
        reading, writing = suite.directions(master,
                                            self.random + client.random)
        while self.read()[0] != 20:
            pass
        self.reading = reading
        _, _, data = self.read_message()
        self.transcript += data
        done = message(20, self.say("finished", suite.prf(
            master, b"server finished", suite.digest(self.transcript), 12)))
        before = self.say("before change", b"")
        self.send(before + self.say("change", self.record(20, b"\1")))
        self.writing = writing
        self.send(self.say("last", self.records(22, done)))
        self.answer()

    # --- TLS 1.3 ---

    def retry(self, client, data):
        """Ask for another group; the ClientHello that comes."""
        f = {"version": 0x0303, "session": client.session, "compression": 0,
             "suite": self.odd.get("suite", 0x1301), "extensions": [
            extension(43, b"\3\4"), extension(51, number(self.odd["retry"]))]}
        f = self.say("retry hello", f)
        body = (number(f["version"]) + RETRY + vector(1, f["session"])
                + number(f["suite"]) + number(f["compression"], 1)
                + vector(2, b"".join(f["extensions"])))
        sent = message(2, body)
        self.send(self.records(22, sent + self.odd.get("retry tail", b""))
                  + self.odd.get("retry after", b"\x14\3\3\0\1\1"))
        self.transcript = message(254, self.suite.digest(data)) + sent
        _, body, again = self.read_message()
        self.transcript += again
        return Hello(body)

    def run_13(self, client, data):
        self.transcript = data
        group = self.odd.get("group", 29)
        if "retry" in self.odd:
            group = self.odd["retry"] or 29
            client = self.retry(client, data)
        share = client.shares.get(group, client.shares.get(29, b""))
        known = group if group in (29, *CURVES) else 29
        public, secret = self.agree(known, lambda: share)
        public = self.say("point", public)
        hello = self.hello(client.session, self.odd.get("suite", 0x1301), [
            extension(43, b"\3\4"), extension(51, number(group)
                                              + vector(2, public))])
        self.transcript += hello
        try:
            shared = secret()
        except ValueError:
            shared = bytes(32)
        suite = self.suite
        early = suite.mac(suite.nothing, suite.nothing)
        derived = suite.expand(early, b"derived", suite.digest())
        self.secret = suite.mac(derived, shared)
        now = suite.digest(self.transcript)
        theirs = suite.expand(self.secret, b"c hs traffic", now)
        ours = suite.expand(self.secret, b"s hs traffic", now)
        first = self.say("hello records", self.records(22, hello))
        first += self.odd.get("after hello", b"\x14\3\3\0\1\1")
        self.writing = suite.direction(ours)
        self.reading = suite.direction(theirs)
        flight = self.say("flight", self.flight_13(ours))
        self.send(first + self.say("sent",
                                   self.records(22, b"".join(flight))))
        self.finish_13()

    def flight_13(self, ours):
        flight = [message(8, vector(2, b"".join(self.say("extensions", []))))]
        if "request" in self.odd:
            flight.append(message(13, self.demand(b"\0" + vector(
                2, extension(13, vector(2, b"\4\3"))))))
        flight.append(message(11, self.say("certificate",
                                           self.certificates(True))))
        signed = (b" " * 64 + b"TLS 1.3, server CertificateVerify\0"
                  + self.suite.digest(self.transcript + b"".join(flight)))
        flight.append(message(15, self.say("proof", self.sign(
            self.say("signed", signed)))))
        key = self.suite.expand(ours, b"finished", b"")
        flight.append(message(20, self.say("finished", self.suite.mac(
            key, self.suite.digest(self.transcript + b"".join(flight))))))
        self.transcript += b"".join(flight)
        return flight

    def finish_13(self):
        suite = self.suite
        derived = suite.expand(self.secret, b"derived", suite.digest())
        master = suite.mac(derived, suite.nothing)
        now = suite.digest(self.transcript)
        kind, _, _ = self.read_message()
        if kind == 11:
            self.read_message()
        self.theirs = suite.expand(master, b"c ap traffic", now)
        self.ours = suite.expand(master, b"s ap traffic", now)
        self.reading = suite.direction(self.theirs)
        self.writing = suite.direction(self.ours)
        if self.odd.get("request") == "insists":
            self.send(self.record(21, b"\2\x74"))
            return
        self.send(self.odd.get("after", lambda _: b"")(self))
        self.answer()

    def update(self, body=b"\0"):
        """A KeyUpdate, and new keys behind it."""
        out = self.record(22, message(24, body))
        self.ours = self.suite.expand(self.ours, b"traffic upd", b"")
        self.writing = self.suite.direction(self.ours)
        return out


class OddServer:
    """Listens on loopback, or on LISTENER; ODD says what to do from the next
    client on."""

    def __init__(self, identity, listener=None):
        self.identity, self.odd = identity, {}
        self.listener = listener or socket.create_server(("127.0.0.1", 0))
        self.address, self.port = self.listener.getsockname()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection, self.odd),
                             daemon=True).start()

    def serve(self, connection, odd):
        connection.settimeout(PATIENCE_SECONDS)
        # What is sent in two parts would wait 40 ms for its acknowledgement.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection, contextlib.suppress(OSError, InvalidTag, ValueError):
            identity = odd.get("identity", self.identity)
            Handshake(connection, identity, odd).run()
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
