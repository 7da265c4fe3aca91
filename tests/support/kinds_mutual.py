# SPDX-License-Identifier: Apache-2.0
"""Registries that ask their clients for a certificate, and the pairs that a
directory may have for them; see kinds.py."""
import contextlib

from cryptography.x509.oid import ExtendedKeyUsageOID

from support import pki
from support.engines import DockerRegistry
from support.kind import Kind, case_of, new_name
from support.nginx import Nginx

# Who issues what clients show: no CA of a server.
CLIENT_CA = pki.root("Bed Client CA")


def saved_authority(bed):
    return CLIENT_CA.save(bed.network.path("client-ca"))[0]


def client(issuer, **options):
    return issuer.leaf("client", usages=[ExtendedKeyUsageOID.CLIENT_AUTH],
                       **options)


def place_pair(bed, name, identity):
    """What the registry's administrator issues, beside ca.crt."""
    target = bed.directory(name)
    bed.machine.run("mkdir", "-p", target)
    for path, end in zip(identity.save(bed.network.path("client")),
                         ("cert", "key")):
        with open(path, encoding="ascii") as file:
            bed.machine.run("tee", f"{target}/client.{end}", input=file.read())


def good_pair():
    return client(CLIENT_CA)


def foreign_pair():
    """Of a CA of the same name: else Go's client would not show it."""
    return client(pki.root("Bed Client CA"))


def expired_pair():
    return client(CLIENT_CA, start=-20, days=-10)


def nginx_address(bed, verify):
    """One nginx for all: it knows nothing of names."""
    fronts = bed.__dict__.setdefault("mutual_fronts", {})
    if verify not in fronts:
        fronts[verify] = bed.cleanup.enter_context(contextlib.closing(Nginx(
            bed.network, bed.leaf, bed.anchor, behind=bed.registry,
            more=f"ssl_verify_client {verify}; "
                 f"ssl_client_certificate {saved_authority(bed)};")))
    return fronts[verify].address


def registry_address(bed, _):
    """docker-registry itself demands it, and ends the handshake without."""
    fronts = bed.__dict__.setdefault("mutual_fronts", {})
    if None not in fronts:
        fronts[None] = bed.cleanup.enter_context(contextlib.closing(
            DockerRegistry(bed.network, *bed.leaf.save(
                bed.network.path("mutual"), bed.anchor),
                storage=bed.registry, client_ca=saved_authority(bed))))
    return fronts[None].address


def asking(pair=None, verify="on", address=nginx_address):
    def open_it(bed):
        name = new_name(bed, address(bed, verify))
        if pair:
            place_pair(bed, name, pair())
        return case_of(name)
    return open_it


def mend(bed, case):
    place_pair(bed, case.name, good_pair())


PAIR = (mend, "`client.cert` and `client.key`")
MUTUAL = [
    Kind("client-none", "nginx, `ssl_verify_client on`, no pair", asking(),
         True, *PAIR),
    Kind("client-good", "nginx, `ssl_verify_client on`, a pair of its CA",
         asking(good_pair), True),
    Kind("client-foreign", "nginx, `ssl_verify_client on`, a pair of another "
         "CA", asking(foreign_pair), False),
    Kind("client-expired", "nginx, `ssl_verify_client on`, a pair that has "
         "expired", asking(expired_pair), False),
    Kind("optional-none", "nginx, `ssl_verify_client optional`, no pair",
         asking(verify="optional"), True),
    Kind("optional-foreign", "nginx, `ssl_verify_client optional`, a pair of "
         "another CA", asking(foreign_pair, "optional"), False),
    Kind("demand-none", "docker-registry with `clientcas`, no pair",
         asking(address=registry_address), True, *PAIR),
    Kind("demand-good", "docker-registry with `clientcas`, a pair of its CA",
         asking(good_pair, address=registry_address), True),
]
