# SPDX-License-Identifier: Apache-2.0
"""Oddities of keys, of leaves and of what they sign; see oddities.py."""
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import (dsa, ec, ed448,
                                                       ed25519, utils, x25519)
from cryptography.hazmat.primitives.serialization import (Encoding,
                                                          PublicFormat)

from support import pki
from support.odd_identity import NAME, Leaf, Rsa, integer, tlv
from support.odd_keys import bend

ANOTHER = pki.self_signed("another.tls.test")
PSS_OID = "06092a864886f70d01010a"
ORDER = int("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
            16)


def leaf_of(key):
    return Leaf(key.public_key().public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo), key)


def on(curve, scheme=0x0403):
    return {"identity": leaf_of(ec.generate_private_key(curve())),
            "scheme": scheme}


def rsa(bits, scheme, exponent=65537, **options):
    return {"identity": Rsa(bits, exponent).leaf(**options), "scheme": scheme}


def usage(**options):
    kinds = ("digital_signature", "content_commitment", "key_encipherment",
             "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
             "encipher_only", "decipher_only")
    return {"identity": pki.self_signed(NAME, extensions=[
        (x509.KeyUsage(**{k: options.get(k, False) for k in kinds}), True)])}


def numbers(change):
    """The signature of what CHANGE makes of r and s, both as DER."""
    def signature(_, whole):
        r, s = utils.decode_dss_signature(whole)
        return tlv(0x30, b"".join(change(r, s)))
    return {"signature": signature}


def whole(change):
    return {"signature": lambda _, s: change(s)}


def chain(*more):
    return {"chain": lambda _, own: own + [
        pki.der(m.certificate) if isinstance(m, pki.Identity) else m
        for m in more]}


def raw(value):
    """VALUE as an INTEGER of 33 octets, negative where it may be."""
    return tlv(2, value.to_bytes(32, "big"))


ED25519, RSA1024 = ed25519.Ed25519PrivateKey.generate(), Rsa(1024)
RSA2048 = Rsa(2048)
BOTH = {
    "a leaf of Ed25519": {"identity": leaf_of(ED25519), "scheme": 0x0807},
    "a leaf of Ed25519, bent": {"identity": leaf_of(ED25519),
                                "scheme": 0x0807, **whole(bend)},
    "a leaf of Ed25519, empty signature": {
        "identity": leaf_of(ED25519), "scheme": 0x0807, "signature": b""},
    "a leaf of Ed25519, called ECDSA": {"identity": leaf_of(ED25519)},
    "Ed25519 by a leaf of ECDSA": {"key": ED25519, "scheme": 0x0807},
    "a leaf of Ed448": {"identity": leaf_of(ed448.Ed448PrivateKey.generate()),
                        "scheme": 0x0808},
    "a leaf of Ed448, called Ed25519": {
        "identity": leaf_of(ed448.Ed448PrivateKey.generate()),
        "scheme": 0x0807},
    "a leaf of X25519": {
        "identity": leaf_of(x25519.X25519PrivateKey.generate())},
    "a leaf of DSA": {"identity": leaf_of(dsa.generate_private_key(1024)),
                      "scheme": 0x0402},
    "a leaf of DSA, called ECDSA": {
        "identity": leaf_of(dsa.generate_private_key(1024))},
    "a leaf on P-224": on(ec.SECP224R1),
    "a leaf on P-521": on(ec.SECP521R1, 0x0603),
    "a leaf on P-521 by SHA-256": on(ec.SECP521R1),
    "a leaf on P-521 by SHA-384": on(ec.SECP521R1, 0x0503),
    "a leaf on P-384 by SHA-512": on(ec.SECP384R1, 0x0603),
    "a leaf on P-256 by SHA-512": {"scheme": 0x0603},
    "a leaf on P-384 by SHA-1": on(ec.SECP384R1, 0x0203),
    "a leaf on secp256k1": on(ec.SECP256K1),
    "a leaf on brainpoolP256r1": on(ec.BrainpoolP256R1),
    "scheme of brainpool": {"scheme": 0x081a},
    "scheme of SHA-224": {"scheme": 0x0303},
    "scheme of MD5": {"scheme": 0x0103},
    "scheme 0": {"scheme": 0},
    "a leaf of RSA-PSS": rsa(2048, 0x0804, oid=PSS_OID),
    "a leaf of RSA-PSS by its scheme": rsa(2048, 0x0809, oid=PSS_OID),
    "a leaf of RSA by the scheme of RSA-PSS": rsa(2048, 0x0809),
    "r and s exchanged": numbers(lambda r, s: (integer(s), integer(r))),
    "r of 0": numbers(lambda _, s: (integer(0), integer(s))),
    "s of 0": numbers(lambda r, _: (integer(r), integer(0))),
    "r and s of 0": numbers(lambda r, s: (integer(0), integer(0))),
    "r and s of 1": numbers(lambda r, s: (integer(1), integer(1))),
    "s the other": numbers(lambda r, s: (integer(r), integer(ORDER - s))),
    "s and the order": numbers(lambda r, s: (integer(r), integer(s + ORDER))),
    "r and the order": numbers(lambda r, s: (integer(r + ORDER), integer(s))),
    "r of the order": numbers(lambda r, s: (integer(ORDER), integer(s))),
    "r of 33 octets of 1": numbers(lambda r, s: (tlv(2, b"\1" * 33),
                                                 integer(s))),
    "r of 300 octets": numbers(lambda r, s: (tlv(2, b"\1" * 300),
                                             integer(s))),
    "r negative": numbers(lambda r, s: (tlv(2, (-r).to_bytes(
        33, "big", signed=True)), integer(s))),
    "r with a zero too many": numbers(lambda r, s: (
        tlv(2, bytes(40) + r.to_bytes(32, "big")), integer(s))),
    "r without its zero": {"signature": lambda _, sig: tlv(
        0x30, raw(utils.decode_dss_signature(sig)[0] | 1 << 255)
        + integer(utils.decode_dss_signature(sig)[1]))},
    "r empty": numbers(lambda r, s: (tlv(2, b""), integer(s))),
    "r as an octet string": numbers(lambda r, s: (
        b"\4" + integer(r)[1:], integer(s))),
    "three numbers": numbers(lambda r, s: (integer(r), integer(s),
                                           integer(s))),
    "one number": numbers(lambda r, _: (integer(r),)),
    "signature with a tail": whole(lambda s: s + b"\0"),
    "signature cut": whole(lambda s: s[:-1]),
    "signature of long form": whole(lambda s: b"\x30\x81" + s[1:]),
    "signature of long form twice": whole(
        lambda s: b"\x30\x82\0" + s[1:]),
    "signature of indefinite length": whole(
        lambda s: b"\x30\x80" + s[2:] + b"\0\0"),
    "signature as a set": whole(lambda s: b"\x31" + s[1:]),
    "signature r|s": whole(lambda s: b"".join(
        n.to_bytes(32, "big") for n in utils.decode_dss_signature(s))),
    "signature of zeros": {"signature": bytes(70)},
    "signature of 4096 octets": {"signature": bytes(4096)},
    "usage: signing": usage(digital_signature=True),
    "usage: not signing": usage(key_encipherment=True),
    "usage: agreement": usage(key_agreement=True),
    "usage: of an authority": usage(key_cert_sign=True),
    "the leaf twice": {"chain": lambda _, own: own * 2},
    "the leaf thrice": {"chain": lambda _, own: own * 3},
    "another leaf behind": chain(ANOTHER),
    "another leaf before": {"chain": lambda _, own: [
        pki.der(ANOTHER.certificate)] + own, "key": ANOTHER.key},
    "another leaf before, own key": {"chain": lambda _, own: [
        pki.der(ANOTHER.certificate)] + own},
    "512 certificates": {"chain": lambda _, own: own + [
        pki.der(ANOTHER.certificate)] * 99 + own * 20},
    "no certificate behind": chain(b""),
    "garbage behind": chain(b"x"),
    "half a certificate behind": {"chain": lambda _, own: own + [own[0][:99]]},
    "a certificate with a tail": {"chain": lambda _, own: [own[0] + b"\0"]},
}
for _bits in (512, 768, 1023, 1024, 2047, 2048, 3072, 4096, 8192, 8193, 16384):
    BOTH[f"a leaf of RSA {_bits}"] = rsa(_bits, 0x0804)
for _e in (1, 3, 17, 2 ** 31 - 1, 2 ** 31 + 11, 2 ** 33 + 17):
    if _e > 1:
        BOTH[f"a leaf of RSA with exponent {_e}"] = rsa(2048, 0x0804, _e)
for _what, _odd in {
        "by SHA-384": {"scheme": 0x0805}, "by SHA-512": {"scheme": 0x0806},
        "with salt of 0": {"salt": 0}, "with salt of 20": {"salt": 20},
        "with salt of 33": {"salt": 33}, "with salt of 222": {"salt": 222},
        "with a mask by SHA-1": {"mask": "sha1"},
        "bent": whole(bend), "empty": {"signature": b""},
        "with a zero before": whole(lambda s: b"\0" + s),
        "cut": whole(lambda s: s[1:]),
        "of zeros": {"signature": bytes(256)},
        "of the modulus": {"signature": RSA2048.n.to_bytes(256, "big")},
        "more than the modulus": {"signature": lambda _, s: (
            int.from_bytes(s, "big") + RSA2048.n).to_bytes(257, "big")},
        "of PKCS #1": {"scheme": 0x0401}, "of PKCS #1 SHA-1": {
            "scheme": 0x0201},
        "of PKCS #1 SHA-512": {"scheme": 0x0601},
        "of PKCS #1 called PSS": {"signature": lambda h, s: RSA2048.sign(
            b"", 0x0401)},
        "called ECDSA": {"scheme": 0x0403}}.items():
    BOTH[f"RSA signature {_what}"] = {
        "identity": RSA2048.leaf(), "scheme": 0x0804, **_odd}
for _scheme in (0x0804, 0x0805, 0x0806, 0x0401):
    BOTH[f"a leaf of RSA 1024 by {_scheme:04x}"] = {
        "identity": RSA1024.leaf(), "scheme": _scheme}
