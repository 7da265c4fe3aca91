# SPDX-License-Identifier: Apache-2.0
"""Key schedules and record protection of odd_tls.py's server, by suite.

Beside what every suite does in order, each direction can write one record
otherwise than it should: the methods whose names begin with "odd_".
"""
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import (Cipher, algorithms,
                                                    modes)
from cryptography.hazmat.primitives.ciphers.aead import (AESGCM,
                                                         ChaCha20Poly1305)


def vector(width, data):
    return len(data).to_bytes(width, "big") + data


def number(value, width=2):
    return value.to_bytes(width, "big")


def bend(data):
    return data[:-1] + bytes([data[-1] ^ 1])


class Gcm:
    """One direction of AES-GCM; CHACHA is like it but for the nonce of 1.2."""

    def __init__(self, key, iv, is13, cipher=AESGCM):
        self.seal, self.iv, self.is13 = cipher(key), iv, is13
        self.explicit = 0 if is13 or cipher is ChaCha20Poly1305 else 8
        self.number = 0

    def nonce(self, explicit=b""):
        if self.explicit:
            return self.iv + explicit
        count = self.number.to_bytes(12, "big")
        return bytes(a ^ b for a, b in zip(self.iv, count))

    def odd_inner(self, inner, kind=23):
        """TLS 1.3: a record of what stands under the protection."""
        header = bytes([kind, 3, 3]) + number(len(inner) + 16)
        out = header + self.seal.encrypt(self.nonce(), inner, header)
        self.number += 1
        return out

    def odd_12(self, kind, data, explicit=None):
        if explicit is None:
            explicit = self.number.to_bytes(8, "big")[:self.explicit]
        extra = self.number.to_bytes(8, "big") + bytes([kind, 3, 3])
        body = explicit + self.seal.encrypt(self.nonce(explicit), data,
                                            extra + number(len(data)))
        self.number += 1
        return bytes([kind, 3, 3]) + vector(2, body)

    def protect(self, kind, data):
        if self.is13:
            return self.odd_inner(data + bytes([kind]))
        return self.odd_12(kind, data)

    def open(self, header, body):
        if self.is13:
            inner = self.seal.decrypt(self.nonce(), body, header).rstrip(b"\0")
            self.number += 1
            return inner[-1], inner[:-1]
        at = self.explicit
        extra = (self.number.to_bytes(8, "big") + header[:3]
                 + number(len(body) - 16 - at))
        data = self.seal.decrypt(self.nonce(body[:at]), body[at:], extra)
        self.number += 1
        return header[0], data


class Cbc:
    """One direction of AES-CBC with HMAC-SHA1, TLS 1.2."""

    def __init__(self, key, mac_key):
        self.cipher, self.mac_key = algorithms.AES(key), mac_key
        self.number = 0

    def mac(self, header, data):
        return hmac.digest(self.mac_key, self.number.to_bytes(8, "big")
                           + header[:3] + vector(2, data), "sha1")

    def odd_blocks(self, kind, plain):
        """A record of PLAIN, whole blocks with MAC and padding."""
        iv = os.urandom(16)
        encryptor = Cipher(self.cipher, modes.CBC(iv)).encryptor()
        self.number += 1
        return bytes([kind, 3, 3]) + vector(
            2, iv + encryptor.update(plain) + encryptor.finalize())

    def odd_padded(self, kind, data, more=0, change=lambda p: p,
                   mac=lambda m: m):
        text = data + mac(self.mac(bytes([kind, 3, 3]), data))
        size = 15 - len(text) % 16 + more
        return self.odd_blocks(kind, text + change(bytes([size]) * (size + 1)))

    def protect(self, kind, data):
        return self.odd_padded(kind, data)

    def open(self, header, body):
        decryptor = Cipher(self.cipher, modes.CBC(body[:16])).decryptor()
        plain = decryptor.update(body[16:]) + decryptor.finalize()
        text = plain[:-1 - plain[-1]]
        if self.mac(header, text[:-20]) != text[-20:]:
            raise InvalidTag
        self.number += 1
        return header[0], text[:-20]


class Suite:
    """Hash, key length and cipher of a suite, and what follows from them."""

    def __init__(self, name, size, cipher=AESGCM):
        self.name, self.size, self.cipher = name, size, cipher

    def digest(self, data=b""):
        return hashlib.new(self.name, data).digest()

    def mac(self, key, data):
        return hmac.digest(key, data, self.name)

    @property
    def nothing(self):
        return bytes(hashlib.new(self.name).digest_size)

    def expand(self, secret, label, context, length=None):
        length = length or len(self.nothing)
        info = (number(length) + vector(1, b"tls13 " + label)
                + vector(1, context))
        return self.mac(secret, info + b"\1")[:length]

    def prf(self, secret, label, seed, length):
        out, a = b"", label + seed
        while len(out) < length:
            a = self.mac(secret, a)
            out += self.mac(secret, a + label + seed)
        return out[:length]

    def direction(self, secret):
        """Of TLS 1.3."""
        return Gcm(self.expand(secret, b"key", b"", self.size),
                   self.expand(secret, b"iv", b"", 12), True, self.cipher)

    def directions(self, master, seed):
        """Of TLS 1.2: the client's and the server's."""
        if self.cipher is Cbc:
            block = self.prf(master, b"key expansion", seed,
                             2 * (20 + self.size))
            keys = block[40:]
            return (Cbc(keys[:self.size], block[:20]),
                    Cbc(keys[self.size:], block[20:40]))
        iv = 4 if self.cipher is AESGCM else 12
        block = self.prf(master, b"key expansion", seed, 2 * (self.size + iv))
        keys, ivs = block[:2 * self.size], block[2 * self.size:]
        return (Gcm(keys[:self.size], ivs[:iv], False, self.cipher),
                Gcm(keys[self.size:], ivs[iv:], False, self.cipher))


SUITES = {0x1301: Suite("sha256", 16), 0x1302: Suite("sha384", 32),
          0x1303: Suite("sha256", 32, ChaCha20Poly1305)}
for _ids, _suite in (((0xc02b, 0xc02f), Suite("sha256", 16)),
                     ((0xc02c, 0xc030), Suite("sha384", 32)),
                     ((0xcca9, 0xcca8), Suite("sha256", 32,
                                              ChaCha20Poly1305)),
                     ((0xc009, 0xc013), Suite("sha256", 16, Cbc)),
                     ((0xc00a, 0xc014), Suite("sha256", 32, Cbc))):
    SUITES.update(dict.fromkeys(_ids, _suite))
