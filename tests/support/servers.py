# SPDX-License-Identifier: Apache-2.0
"""Servers of the test network: TLS that records what it saw, and rude ones.

Each runs in threads of the test process on sockets that belong to the
registry host, ends with it, and counts what arrived.
"""
import contextlib
import os
import socket
import ssl
import struct
import tempfile
import threading
import time

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (Encoding,
                                                          PublicFormat)

from support.pki import der, make_key, pem

PATIENCE_SECONDS = 30


class Server:
    """Listen and give each connection to handle(connection)."""

    def __init__(self, network, address=None, port=443):
        self.address = address or network.address()
        self.port = port
        self.accepted = 0
        self.open = 0
        self.most_open = 0
        self.lock = threading.Lock()
        self.listener = network.registry.listen(self.address, port)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,),
                             daemon=True).start()

    def serve(self, connection):
        with self.lock:
            self.accepted += 1
            self.open += 1
            self.most_open = max(self.most_open, self.open)
        try:
            connection.settimeout(PATIENCE_SECONDS)
            with connection, contextlib.suppress(OSError):
                self.handle(connection)
        finally:
            with self.lock:
                self.open -= 1

    def handle(self, connection):
        raise NotImplementedError

    def close(self):
        # shutdown wakes the thread that is in accept(); close alone does not.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def tls_context(identity, chain=(), minimum=None, maximum=None,
                client_ca=None):
    """A server context that presents IDENTITY, then CHAIN, as they stand."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # Weak signatures and keys too: what becomes of them is the client's word.
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    if minimum:
        context.minimum_version = minimum
    if maximum:
        context.maximum_version = maximum
    if client_ca:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(
            cadata=pem(client_ca.certificate).decode())
    with tempfile.TemporaryDirectory() as directory:
        context.load_cert_chain(
            *identity.save(os.path.join(directory, "server"), *chain))
    return context


def until_closed(connection):
    """Read what still comes until the peer goes away."""
    while connection.recv(4096):
        pass


class TlsRegistry(Server):
    """Just enough of a registry for a client to say that TLS is right."""

    REPLIES = {"/v2/": b"{}", "/v2/tiny/tags/list":
               b'{"name":"tiny","tags":["latest"]}'}

    def __init__(self, network, identity, *chain, address=None, port=443,
                 **tls):
        self.present(identity, *chain, **tls)
        self.server_names = []
        self.versions = []
        self.requests = []
        super().__init__(network, address, port)

    def present(self, identity, *chain, **tls):
        """From now on present this chain."""
        context = tls_context(identity, chain, **tls)
        context.sni_callback = self.record_name
        self.context = context

    def record_name(self, connection, name, _context):
        connection.server_name_seen = name

    def handle(self, connection):
        # A TLS socket whose handshake has failed reads no more.
        with connection.dup() as raw, self.context.wrap_socket(
                connection, server_side=True,
                do_handshake_on_connect=False) as tls:
            try:
                self.shake_hands(tls)
            except ssl.SSLError:
                # What is closed unread is reset, and the alert may be lost.
                raw.shutdown(socket.SHUT_WR)
                until_closed(raw)
                return
            self.reply(tls)

    def shake_hands(self, tls):
        tls.server_name_seen = None
        try:
            tls.do_handshake()
            self.versions.append(tls.version())
        finally:
            self.server_names.append(tls.server_name_seen)

    def reply(self, tls):
        request = b""
        while b"\r\n\r\n" not in request:
            data = tls.recv(4096)
            if not data or len(request) > 65536:
                return
            request += data
        path = request.split(b" ", 2)[1].decode("latin-1")
        self.requests.append(path)
        body = self.REPLIES.get(path)
        status = "200 OK" if body else "404 Not Found"
        body = body or b"{}"
        tls.sendall(
            f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: application/json\r\nConnection: close\r\n"
            "Docker-Distribution-Api-Version: registry/2.0\r\n\r\n"
            .encode() + body)
        with contextlib.suppress(OSError):
            tls.unwrap()


class Answering(TlsRegistry):
    """Answers everything with TEXT, once that is set."""

    text = b""

    def reply(self, tls):
        if not self.text:
            super().reply(tls)
            return
        self.requests.append(tls.recv(4096).split(b" ")[1].decode())
        tls.sendall(self.text)


class Challenging(TlsRegistry):
    """Sends everybody to the token service at REALM for a login."""

    def __init__(self, *arguments, realm, **options):
        self.challenge = f'Bearer realm="{realm}",service="reg"'
        super().__init__(*arguments, **options)

    def reply(self, tls):
        request = tls.recv(4096)
        self.requests.append(request.split(b" ")[1].decode("latin-1"))
        tls.sendall(
            b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n"
            b"Docker-Distribution-Api-Version: registry/2.0\r\n"
            b"WWW-Authenticate: " + self.challenge.encode()
            + b"\r\nConnection: close\r\n\r\n")


class ChoppedRegistry(TlsRegistry):
    """Sends each record of handshake in clear as records of one byte."""

    def handle(self, connection):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = self.context.wrap_bio(incoming, outgoing, server_side=True)
        tls.server_name_seen = None
        in_clear = True
        while True:
            done = False
            with contextlib.suppress(ssl.SSLWantReadError):
                tls.do_handshake()
                done = True
            in_clear = self.send_chopped(connection, outgoing.read(),
                                         in_clear)
            if done:
                return
            data = connection.recv(65536)
            if not data:
                return
            incoming.write(data)

    @staticmethod
    def send_chopped(connection, data, in_clear):
        """Returns whether handshake records are still in clear."""
        while data:
            end = 5 + int.from_bytes(data[3:5], "big")
            whole, data = data[:end], data[end:]
            in_clear = in_clear and whole[0] == 22
            if in_clear:
                whole = b"".join(record(22, bytes([byte]))
                                 for byte in whole[5:])
            connection.sendall(whole)
        return in_clear


class RudeServer(Server):
    """Runs misbehave(connection), one of the functions below."""

    def __init__(self, network, misbehave, **options):
        self.handle = misbehave
        super().__init__(network, **options)


def read_hello(connection):
    connection.recv(4096)


def stay_silent(connection):
    until_closed(connection)


def close_at_once(connection):
    read_hello(connection)


def reset(connection):
    read_hello(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                          struct.pack("ii", 1, 0))


def send_garbage(connection):
    read_hello(connection)
    connection.sendall(bytes(range(255, 0, -1)) * 16)
    until_closed(connection)


def greet_as_ssh(connection):
    connection.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n")
    until_closed(connection)


def answer_plain_http(connection):
    read_hello(connection)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n"
                       b"Content-Length: 0\r\n\r\n")
    connection.shutdown(socket.SHUT_WR)
    until_closed(connection)


def record(kind, body):
    return struct.pack(">BHH", kind, 0x0303, len(body)) + body


def send_for_ever(data):
    """Send DATA again and again until the peer leaves (bounded in time)."""
    def misbehave(connection):
        read_hello(connection)
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            connection.sendall(data)
    return misbehave


warn_for_ever = send_for_ever(record(21, b"\x01\x5a") * 100)
change_cipher_for_ever = send_for_ever(record(20, b"\x01") * 100)
empty_records_for_ever = send_for_ever(record(22, b"") * 100)


def announce_huge_handshake(connection):
    """A handshake message of 16 MiB, sent for as long as it is read."""
    read_hello(connection)
    connection.sendall(record(22, b"\x02\xff\xff\xff" + bytes(8192)))
    for _ in range(2048):
        connection.sendall(record(22, bytes(8192)))
    until_closed(connection)


def announce_huge_record(connection):
    read_hello(connection)
    connection.sendall(b"\x16\x03\x03\xff\xff" + bytes(65535))
    until_closed(connection)


def drip(data, seconds=0.2):
    """One byte of DATA at a time: alive, but never finished in time."""
    def misbehave(connection):
        read_hello(connection)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in data[:int(PATIENCE_SECONDS / seconds)]:
            connection.sendall(bytes([byte]))
            time.sleep(seconds)
    return misbehave


def alert(description):
    """A fatal TLS alert (RFC 8446 6.2) in answer to the ClientHello."""
    def misbehave(connection):
        read_hello(connection)
        connection.sendall(record(21, bytes([2, description])))
        until_closed(connection)
    return misbehave


def handshake(kind, body):
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def staple_for_ever(connection):
    """TLS 1.2 with OCSP staples that have no end."""
    read_hello(connection)
    connection.sendall(record(22, handshake(
        2, b"\x03\x03" + bytes(32) + b"\0\xc0\x2b\0")))
    staple = handshake(22, b"\1\0\x3e\x80" + bytes(16000))
    for _ in range(1000):
        connection.sendall(record(22, staple))


def claim(identity, *chain, first=0):
    """TLS 1.2 with the certificates of others: the signature is made up.

    With FIRST, the first record holds so many bytes of the flight.
    """
    def misbehave(connection):
        read_hello(connection)
        ders = [der(i.certificate) for i in (identity, *chain)]
        listed = b"".join(len(d).to_bytes(3, "big") + d for d in ders)
        point = identity.key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint)
        signature = make_key().sign(b"something else", ECDSA(SHA256()))
        flight = (
            handshake(2, b"\x03\x03" + bytes(32) + b"\0\xc0\x2b\0")
            + handshake(11, len(listed).to_bytes(3, "big") + listed)
            + handshake(12, b"\x03\0\x17\x41" + point + b"\x04\x03"
                        + struct.pack(">H", len(signature)) + signature)
            + handshake(14, b""))
        if first:
            connection.sendall(record(22, flight[:first]))
        connection.sendall(record(22, flight[first:]))
        until_closed(connection)
    return misbehave
