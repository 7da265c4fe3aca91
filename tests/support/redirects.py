# SPDX-License-Identifier: Apache-2.0
"""Registries whose /v2/, or all of them, leads elsewhere."""
import contextlib
import re
import socket
import ssl

from support.servers import Server, TlsRegistry
from support.tokens import read_request


def answer(status, *fields, body=b""):
    """A whole answer in HTTP."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}",
             "Connection: close", *fields]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Redirecting(TlsRegistry):
    """Sends who asks for a path that PATHS matches to TO, where {path} is the
    path; hands all others on to the registry at BACKEND, or knows nothing."""

    def __init__(self, network, identity, *chain, to, paths="/v2/", code=301,
                 backend=None, **options):
        self.network, self.to, self.paths = network, to, paths
        self.code, self.backend = code, backend
        super().__init__(network, identity, *chain, **options)

    def reply(self, tls):
        request = read_request(tls)
        path = request.split(" ", 2)[1]
        self.requests.append(path)
        if re.fullmatch(self.paths, path):
            tls.sendall(answer(f"{self.code} Elsewhere",
                               "Location: " + self.to.format(path=path)))
        elif self.backend:
            self.hand_on(request, tls)
        else:
            tls.sendall(answer("404 Not Found"))
        with contextlib.suppress(OSError):
            tls.unwrap()

    def hand_on(self, request, tls):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        request = re.sub(r"(?im)^connection:.*\r\n", "", request)
        request = request.replace("\r\n", "\r\nConnection: close\r\n", 1)
        with self.network.registry.network():
            there = socket.socket()
        with there:
            there.connect((self.backend, 443))
            with context.wrap_socket(there) as behind:
                behind.sendall(request.encode("latin-1"))
                while data := behind.recv(65536):
                    tls.sendall(data)


class PlainRegistry(Server):
    """A registry without a login, in plain http."""

    def __init__(self, network, **options):
        self.requests = []
        super().__init__(network, port=80, **options)

    def handle(self, connection):
        request = read_request(connection)
        self.requests.append(request.split(" ", 2)[1])
        connection.sendall(answer(
            "200 OK", "Content-Type: application/json",
            "Docker-Distribution-Api-Version: registry/2.0", body=b"{}"))
