# SPDX-License-Identifier: Apache-2.0
"""Leaves whose key a library would not put into one, and RSA keys of any size.

Such a leaf is signed by another key than its own: who trusts it trusts it by
itself.
"""
import base64
import hashlib
import math
import os
import random

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from support import pki

NAME = "odd.tls.test"
SHA = {4: "sha256", 5: "sha384", 6: "sha512", 2: "sha1"}
# DigestInfo before the digest, of PKCS #1.
INFO = {"sha1": "3021300906052b0e03021a05000414",
        "sha256": "3031300d060960864801650304020105000420",
        "sha384": "3041300d060960864801650304020205000430",
        "sha512": "3051300d060960864801650304020305000440"}


def tlv(tag, body):
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + body


def integer(value):
    return tlv(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def elements(body):
    """The elements of a constructed type, whole."""
    out, at = [], 0
    while at < len(body):
        size, start = body[at + 1], at + 2
        if size & 0x80:
            start += size & 0x7f
            size = int.from_bytes(body[at + 2:start], "big")
        out.append(body[at:start + size])
        at = start + size
    return out


def content(element):
    return element[2 + (element[1] & 0x7f if element[1] & 0x80 else 0):]


class Certificate:
    """As much of a certificate object as pki.der and pki.pem use."""

    def __init__(self, der):
        self.der = der

    def public_bytes(self, encoding):
        if encoding.name == "DER":
            return self.der
        return (b"-----BEGIN CERTIFICATE-----\n"
                + base64.encodebytes(self.der)
                + b"-----END CERTIFICATE-----\n")


class Leaf:
    """A certificate for NAME with the SubjectPublicKeyInfo SPKI, and KEY."""

    def __init__(self, spki, key, **options):
        own = pki.self_signed(NAME, **options)
        whole = elements(content(pki.der(own.certificate)))
        parts = elements(content(whole[0]))
        parts[6] = spki
        tbs = tlv(0x30, b"".join(parts))
        signature = own.key.sign(tbs, ec.ECDSA(hashes.SHA256()))
        self.key = key
        self.certificate = Certificate(tlv(0x30, tbs + whole[1]
                                           + tlv(3, b"\0" + signature)))


def resign(certificate, key):
    """CERTIFICATE, of SHA-256, as if the Rsa KEY had signed it."""
    whole = elements(content(pki.der(certificate)))
    parts = elements(content(whole[0]))
    parts[2] = bytes.fromhex("300d06092a864886f70d01010b0500")
    tbs = tlv(0x30, b"".join(parts))
    return Certificate(tlv(0x30, tbs + parts[2] + tlv(
        3, b"\0" + key.sign(tbs, 0x0401))))


def is_prime(n):
    if any(n % p == 0 for p in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)):
        return False
    s = ((n - 1) & -(n - 1)).bit_length() - 1
    for _ in range(8):
        x = pow(random.randrange(2, n - 1), n >> s, n)
        if x != 1 and all(pow(x, 1 << i, n) != n - 1 for i in range(s)):
            return False
    return True


def find_prime(low, high, exponent):
    while True:
        n = random.randrange(low, high) | 1
        if math.gcd(n - 1, exponent) == 1 and is_prime(n):
            return n


class Rsa:
    """An RSA key of many primes, which takes no time to find."""

    def __init__(self, bits, exponent=65537):
        step = min(256, bits // 2)
        self.primes, self.n, self.e = [], 1, exponent
        while bits - self.n.bit_length() >= 2 * step:
            self.primes.append(find_prime(3 << step - 2, 1 << step, exponent))
            self.n *= self.primes[-1]
        self.primes.append(find_prime((1 << bits - 1) // self.n + 1,
                                      (1 << bits) // self.n, exponent))
        self.n *= self.primes[-1]
        self.size = (bits + 7) // 8

    def spki(self, oid="06092a864886f70d0101010500"):
        return tlv(0x30, tlv(0x30, bytes.fromhex(oid)) + tlv(
            3, b"\0" + tlv(0x30, integer(self.n) + integer(self.e))))

    def leaf(self, **options):
        return Leaf(self.spki(**options), self)

    def power(self, em):
        m, out = int.from_bytes(em, "big"), 0
        for p in self.primes:
            rest = self.n // p
            s = pow(m, pow(self.e, -1, p - 1), p)
            out += s * rest * pow(rest, -1, p)
        return (out % self.n).to_bytes(self.size, "big")

    def pkcs1(self, name, digest):
        info = bytes.fromhex(INFO[name]) + digest
        return b"\0\1" + b"\xff" * (self.size - len(info) - 3) + b"\0" + info

    def pss(self, name, digest, salt, mask=None):
        h, bits = len(digest), self.n.bit_length() - 1
        size = (bits + 7) // 8
        again = hashlib.new(name, bytes(8) + digest + salt).digest()
        db = bytes(size - len(salt) - h - 2) + b"\1" + salt
        stream = b"".join(
            hashlib.new(mask or name, again + i.to_bytes(4, "big")).digest()
            for i in range(size // h + 1))
        db = bytes(a ^ b for a, b in zip(db, stream))
        db = bytes([db[0] & 0xff >> 8 * size - bits]) + db[1:]
        return db + again + b"\xbc"

    def sign(self, data, scheme, salt=None, mask=None):
        """By SCHEME; SALT octets of salt where not as many as of the hash."""
        if scheme >> 8 == 8:
            name = SHA.get(scheme & 7, "sha256")
        else:
            name = SHA.get(scheme >> 8, "sha256")
        digest = hashlib.new(name, data).digest()
        if scheme >> 8 != 8:
            return self.power(self.pkcs1(name, digest))
        size = len(digest) if salt is None else salt
        return self.power(self.pss(name, digest, os.urandom(size), mask))
