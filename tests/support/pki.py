# SPDX-License-Identifier: Apache-2.0
"""Certificates for tests: an issuer signs leaves and further issuers."""
import datetime
import ipaddress
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)


def make_key(kind="ecdsa"):
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind.startswith("rsa"):
        return rsa.generate_private_key(public_exponent=65537,
                                        key_size=int(kind[3:] or 2048))
    curves = {"p384": ec.SECP384R1, "p521": ec.SECP521R1}
    return ec.generate_private_key(curves.get(kind, ec.SECP256R1)())


def pem(*certificates):
    """CERTIFICATES (cryptography objects) as the text of one PEM file."""
    return b"".join(c.public_bytes(serialization.Encoding.PEM)
                    for c in certificates)


def der(certificate):
    return certificate.public_bytes(serialization.Encoding.DER)


def fingerprint(certificate):
    return certificate.fingerprint(hashes.SHA256()).hex()


def read_pem(path):
    """The certificates in the file PATH, as DER, in the file's order."""
    with open(path, "rb") as file:
        blocks = file.read().split(b"-----BEGIN CERTIFICATE-----\n")[1:]
    return [der(x509.load_pem_x509_certificate(
        b"-----BEGIN CERTIFICATE-----\n" + block)) for block in blocks]


def alternative_name(name):
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


class Identity:
    """A certificate with its key; an issuer if it was made with ca=True."""

    def __init__(self, subject, issuer=None, ca=False, names=(), key="ecdsa",
                 reuse_key=None, days=90, start=-1, digest=hashes.SHA256,
                 usages=(ExtendedKeyUsageOID.SERVER_AUTH,
                         ExtendedKeyUsageOID.CLIENT_AUTH), extensions=()):
        self.key = reuse_key or make_key(key)
        self.name = x509.Name(
            [x509.NameAttribute(NameOID.COMMON_NAME, subject)])
        self.issuer = issuer or self
        now = datetime.datetime.utcnow()
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.name)
            .issuer_name(self.issuer.name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + start * DAY)
            .not_valid_after(now + days * DAY)
            .add_extension(x509.BasicConstraints(ca, None), critical=True))
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(
                [alternative_name(n) for n in names]), critical=False)
        if not ca:
            builder = builder.add_extension(
                x509.ExtendedKeyUsage(usages), critical=False)
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        # Ed25519 brings its own hash.
        is_pure = isinstance(self.issuer.key, ed25519.Ed25519PrivateKey)
        self.certificate = builder.sign(self.issuer.key,
                                        None if is_pure else digest())

    def intermediate(self, subject="Test Intermediate", **options):
        return Identity(subject, issuer=self, ca=True, **options)

    def leaf(self, *names, **options):
        return Identity(names[0], issuer=self, names=names, **options)

    def save(self, stem, *chain):
        """Write STEM.pem (this certificate, then CHAIN) and STEM.key."""
        with open(stem + ".pem", "wb") as file:
            file.write(pem(self.certificate,
                           *(i.certificate for i in chain)))
        with open(stem + ".key", "wb", opener=lambda p, f:
                  os.open(p, f, 0o600)) as file:
            file.write(self.key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption()))
        return stem + ".pem", stem + ".key"


def root(subject="Test Root", **options):
    return Identity(subject, ca=True, **options)


def self_signed(*names, subject=None, **options):
    return Identity(subject or names[0], names=names, **options)
