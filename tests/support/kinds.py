# SPDX-License-Identifier: Apache-2.0
"""The kinds of registries that a reader of certs.d may meet, in a bed."""
import contextlib
import os

from support import pki
from support.kind import HUB, Case, Kind, case_of, new_name
from support.kinds_elsewhere import ELSEWHERE
from support.kinds_loopback import LOOPBACK
from support.kinds_mutual import MUTUAL
from support.servers import TlsRegistry
from support.tokens import (AUTH_PORT, FrontDoor, TokenService, read_request,
                            registry_with_tokens)


class Answering(TlsRegistry):
    """Gives one answer to whatever is asked; "{path}" in it is the path."""

    def __init__(self, *arguments, answer, **options):
        self.answer = answer
        super().__init__(*arguments, **options)

    def reply(self, tls):
        path = read_request(tls).split(" ", 2)[1]
        head, _, body = self.answer.replace("{path}", path).partition("\n\n")
        tls.sendall(("HTTP/1.1 " + head.replace("\n", "\r\n") + "\r\n"
                     f"Content-Length: {len(body)}\r\nConnection: close"
                     "\r\n\r\n" + body).encode())
        with contextlib.suppress(OSError):
            tls.unwrap()


def basic(bed):
    return case_of(new_name(bed, bed.registry.address))


def serve_tokens(bed, realm, **options):
    """docker-registry that sends everybody to REALM."""
    return bed.cleanup.enter_context(contextlib.closing(registry_with_tokens(
        bed.network, bed.leaf, bed.signer, realm, storage=bed.registry,
        **options)))


def issue_tokens(bed, address):
    bed.cleanup.enter_context(TokenService(
        bed.network, bed.leaf, bed.anchor, address=address, port=AUTH_PORT,
        signer=bed.signer))


def another_name(bed):
    """One registry for all: its token service is auth.bed.test."""
    names = bed.network.names.names
    if "auth.bed.test" not in names:
        address = bed.network.address()
        bed.network.name("auth.bed.test", address)
        issue_tokens(bed, address)
        serve_tokens(bed, f"https://auth.bed.test:{AUTH_PORT}/token",
                     address=address)
    return case_of(new_name(bed, names["auth.bed.test"][0]))


def another_port(bed):
    address = bed.network.address()
    name = new_name(bed, address)
    issue_tokens(bed, address)
    serve_tokens(bed, f"https://{name}:{AUTH_PORT}/token", address=address)
    return case_of(name)


def open_front_door(bed, address, leaf, realm):
    """Registry and token service behind one port of ADDRESS."""
    behind = serve_tokens(bed, realm, address=address, port=AUTH_PORT)
    bed.cleanup.enter_context(FrontDoor(
        bed.network, leaf, bed.anchor, address=address, signer=bed.signer,
        behind=behind))


def own_port(bed):
    address = bed.network.address()
    name = new_name(bed, address)
    open_front_door(bed, address, bed.leaf, f"https://{name}/token")
    return case_of(name)


def inspected_hub(bed):
    """Docker Hub, where the network answers for it with its own CA."""
    if HUB[0] not in bed.network.names.names:
        address = bed.network.address()
        open_front_door(bed, address, bed.anchor.leaf(*HUB),
                        f"https://{HUB[-1]}/token")
        for name in HUB:
            bed.network.name(name, address)
        bed.log_in("https://index.docker.io/v1/", HUB[0])
    # There is one alone: have the engine forget what it knew.
    if bed.forget(HUB[0]):
        bed.restart_docker()
    return Case(HUB[0], HUB[0] + "/library")


class Storage(TlsRegistry):
    """The layers of REGISTRY for everybody, as object storage has them."""

    def __init__(self, *arguments, registry, **options):
        self.registry = registry
        super().__init__(*arguments, **options)

    def reply(self, tls):
        path = read_request(tls).split(" ", 2)[1]
        digest = path.rpartition("sha256:")[2]
        with open(os.path.join(
                self.registry.storage, "docker", "registry", "v2", "blobs",
                "sha256", digest[:2], digest, "data"), "rb") as file:
            data = file.read()
        tls.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(data)}\r\n"
                    "Connection: close\r\n\r\n".encode() + data)


class WithoutLayers(FrontDoor):
    """Sends who wants a layer to STORAGE, a host."""

    def __init__(self, *arguments, storage, **options):
        self.storage = storage
        super().__init__(*arguments, **options)

    def answer(self, tls, request):
        path = request.split(" ", 2)[1]
        if "/blobs/" not in path:
            super().answer(tls, request)
            return
        tls.sendall(f"HTTP/1.1 307 Temporary Redirect\r\nContent-Length: 0"
                    f"\r\nConnection: close\r\nLocation: https://"
                    f"{self.storage}{path}\r\n\r\n".encode())


def layers_elsewhere(bed):
    """A registry whose layers are on a host of another CA, and that CA."""
    authority = pki.root("Storage Root")
    storage = bed.cleanup.enter_context(Storage(
        bed.network, authority.leaf("storage.bed.test"),
        registry=bed.registry))
    bed.network.name("storage.bed.test", storage.address)
    front = bed.cleanup.enter_context(WithoutLayers(
        bed.network, bed.leaf, bed.anchor, signer=bed.signer,
        behind=bed.registry, storage="storage.bed.test"))
    return case_of(new_name(bed, front.address)), authority


def answering(answer):
    """A server behind the same CA that is no registry, or a broken one; pinned,
    because dtr-trust installs nothing for it by itself."""
    def open_it(bed):
        server = bed.cleanup.enter_context(Answering(
            bed.network, bed.leaf, bed.anchor, answer=answer))
        return case_of(new_name(bed, server.address), (
            "-e", "DTR_PIN=sha256:" + pki.fingerprint(bed.anchor.certificate)))
    return open_it


PAGE = "<!DOCTYPE html><title>Sign in</title>"


def redirecting(bed):
    """... to a page of another CA."""
    name = "elsewhere.bed.test"
    if name not in bed.network.names.names:
        leaf = pki.root("Elsewhere Root").leaf(name)
        server = bed.cleanup.enter_context(Answering(
            bed.network, leaf, answer=f"200 OK\n\n{PAGE}"))
        bed.network.name(name, server.address)
    return answering("302 Found\nLocation: https://"
                     f"{name}{{path}}")(bed)


BASIC = Kind("basic", "basic login", basic, True)
TOKENS = [
    Kind("token-other-name", "tokens, another name", another_name, True),
    Kind("token-other-port", "tokens, another port of its name",
         another_port, True),
    Kind("token-own-port", "tokens, its own port as in Harbor",
         own_port, True),
    Kind("docker-hub", "docker.io, TLS inspected on the way",
         inspected_hub, True),
]
ODD = [
    Kind("status-404", "answers 404", answering(
        "404 Not Found\nContent-Type: text/plain\n\nno such page"), False),
    Kind("status-502", "answers 502", answering(
        "502 Bad Gateway\nContent-Type: text/html\n\n" + PAGE), False),
    Kind("page", "answers 200 and a page", answering(
        "200 OK\nContent-Type: text/html\n\n" + PAGE), False),
    Kind("redirect", "redirects to a host of another CA", redirecting,
         False),
]
# Of which the words are kept as well.
TOLD = [*TOKENS, *(kind for kind in MUTUAL if kind.word in (
    "client-none", "client-expired", "optional-foreign", "demand-none"))]
KINDS = [BASIC, *TOKENS, *MUTUAL, *LOOPBACK, *ODD, *ELSEWHERE]
