# SPDX-License-Identifier: Apache-2.0
"""Oddities by table: each message, alert, extension, scheme and group in each
place where it may come; see oddities.py."""
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from support import pki
from support.odd_keys import number, vector
from support.odd_leaves import RSA2048, leaf_of
from support.odd_records import KNOWN
from support.odd_tls import extension, message

SCHEMES = (0x0401, 0x0501, 0x0601, 0x0201, 0x0403, 0x0503, 0x0603, 0x0203,
           0x0804, 0x0805, 0x0806, 0x0807, 0x0808, 0x0809)
LEAVES = {
    "P-384": leaf_of(ec.generate_private_key(ec.SECP384R1())),
    "P-521": leaf_of(ec.generate_private_key(ec.SECP521R1())),
    "Ed25519": leaf_of(ed25519.Ed25519PrivateKey.generate()),
    "RSA": RSA2048.leaf(),
}
LEAF = pki.der(pki.self_signed("another.tls.test").certificate)
VERSION = extension(43, b"\3\4")
HELLO = b"\3\3" + bytes(32) + b"\0\x13\1\0"
# Of each type one that Go parses and one that it does not.
MESSAGES = {
    "hello request": (message(0, b""), message(0, b"x")),
    "ServerHello": (message(2, HELLO), message(2, HELLO[:-1])),
    "ticket of 1.2": (message(4, bytes(4) + b"\0\1t"), message(4, bytes(4))),
    "ticket of 1.3": (message(4, bytes(8) + b"\1x\0\1t\0\0"),
                      message(4, bytes(8) + b"\1x\0\1t\0")),
    "end of early data": (message(5, b""), message(5, b"x")),
    "EncryptedExtensions": (message(8, b"\0\0"), message(8, b"\0")),
    "certificates of 1.2": (message(11, vector(3, vector(3, LEAF))),
                            message(11, vector(3, vector(3, LEAF)) + b"x")),
    "certificates of 1.3": (
        message(11, b"\0" + vector(3, vector(3, LEAF) + b"\0\0")),
        message(11, b"\0" + vector(3, vector(3, LEAF) + b"\0"))),
    "exchange": (message(12, b""), message(12, b"x")),
    "demand of 1.2": (message(13, b"\1\x40\0\2\4\3\0\0"),
                      message(13, b"\1\x40\0\2\4\3\0")),
    "demand of 1.3": (message(13, b"\0" + vector(2, extension(
        13, b"\0\2\4\3"))), message(13, b"\0\0\1x")),
    "done": (message(14, b""), message(14, b"x")),
    "proof": (message(15, b"\4\3\0\1x"), message(15, b"\4\3\0\2x")),
    "client's exchange": (message(16, b""), message(16, b"x")),
    "Finished": (message(20, bytes(12)), message(20, b"")),
    "status": (message(22, b"\1\0\0\1x"), message(22, b"\1\0\0\2x")),
    "compressed certificates": (message(25, b"\0\2\0\0\1\0\0\1x"),
                                message(25, b"")),
    "new keys": (message(24, b"\0"), message(24, b"\2")),
    "next protocol": (message(67, b"\0\0"), message(67, b"x")),
}
ALERTS = (0, 10, 40, 42, 48, 70, 90, 100, 112, 116, 255)


def alert(level, what):
    return b"\x15\3\3\0\2" + bytes([level, what])


def put(index, new):
    return {"flight": lambda _, m: m[:index] + [new] + m[index:]}


def under_keys(level, what):
    return {"sent": lambda h, r: h.record(21, bytes([level, what])) + r}


def with_entry(*extensions):
    """In the entry of the leaf, TLS 1.3."""
    return {"certificate": lambda _, c: c[:1] + vector(
        3, c[4:-2] + vector(2, b"".join(extensions)))}


def retry_with(kind, body):
    return {"retry": 23, "retry hello": lambda _, f: {
        **f, "extensions": f["extensions"] + [extension(kind, body)]}}


def misfit(scheme, cut):
    """An exchange by SCHEME whose signature is not as long as it says."""
    return {"scheme": scheme, "exchange": lambda _, e: e[:-1] if cut
            else e + b"\0"}


BOTH, ONLY_12, ONLY_13 = {}, {}, {}
for _name, _leaf in LEAVES.items():
    for _scheme in SCHEMES:
        BOTH[f"by scheme {_scheme:04x} with a leaf of {_name}"] = {
            "identity": _leaf, "scheme": _scheme}
for _scheme in SCHEMES:
    BOTH[f"by scheme {_scheme:04x}"] = {"scheme": _scheme}
for _name, _pair in MESSAGES.items():
    for _what, _message in zip(("", ", malformed"), _pair):
        for _index in (0, 1, 2, 4):
            ONLY_12[f"{_name} at {_index}{_what}"] = put(_index, _message)
        for _index in (0, 1, 2, 3):
            ONLY_13[f"{_name} at {_index}{_what}"] = put(_index, _message)
        ONLY_13[f"{_name} as a hello{_what}"] = {
            "before hello": b"\x16\3\3" + vector(2, _message)}
for _alert in ALERTS:
    for _level in (1, 2):
        BOTH[f"alert {_alert} of {_level} first"] = {
            "before hello": alert(_level, _alert)}
        ONLY_12[f"alert {_alert} of {_level} before the change"] = {
            "before change": alert(_level, _alert)}
        ONLY_12[f"alert {_alert} of {_level} amid the flight"] = {
            "cut": 100, **under_keys(_level, _alert)}
        ONLY_13[f"alert {_alert} of {_level} in clear"] = {
            "after hello": alert(_level, _alert)}
        ONLY_13[f"alert {_alert} of {_level} under keys"] = under_keys(
            _level, _alert)
for _kind in KNOWN:
    for _what, _body in (("empty", b""), ("of content", b"\0\1x")):
        ONLY_13[f"retry with {_kind} {_what}"] = retry_with(_kind, _body)
        ONLY_13[f"entry with {_kind} {_what}"] = with_entry(
            extension(_kind, _body))
        ONLY_13[f"demand with {_kind} {_what}"] = {"request": b"\0" + vector(
            2, extension(13, b"\0\2\4\3") + extension(_kind, _body))}
for _group in (23, 24, 25, 29):
    for _suite in (0xc02b, 0xc02c, 0xcca9, 0xc009, 0xc00a):
        ONLY_12[f"suite {_suite:04x} with group {_group}"] = {
            "suite": _suite, "group": _group}
    for _suite in (0x1301, 0x1302, 0x1303):
        ONLY_13[f"suite {_suite:04x}, retry to {_group} with a cookie"] = {
            "suite": _suite, "retry": _group, "retry hello": lambda _, f: {
                **f, "extensions": f["extensions"] + [
                    extension(44, vector(2, b"c" * 100))]}}
for _scheme in (0x0403, 0x0804, 0x0808):
    ONLY_12[f"exchange by {_scheme:04x}, cut"] = misfit(_scheme, True)
    ONLY_12[f"exchange by {_scheme:04x}, with a tail"] = misfit(_scheme, False)
for _group in (0, 30, 0x11ec):
    ONLY_12[f"exchange of group {_group:04x}, cut"] = {
        "group": _group, **misfit(0x0403, True)}
for _size in (0, 1, 2, 3, 4, 5, 36, 37, 38, 39, 40, 41):
    ONLY_12[f"exchange of {_size}"] = {
        "exchange": lambda _, e, n=_size: e[:n]}
BOTH.update({
    "an empty certificate before": {"chain": lambda _, own: [b""] + own},
    "an empty certificate between": {"chain": lambda _, own: own + [b""]
                                     + own},
})
for _size in (16384, 16385, 16640, 18432, 18433):
    BOTH[f"certificates in records of {_size}"] = {
        "chain": lambda _, own: own * 60, "cut": _size}
ONLY_13.update({
    "flight with padding": {"sent": lambda h, _: h.writing.odd_inner(
        message(8, b"\0\0") + b"\x16" + bytes(16000))},
    "hello in records of 16385": {"extensions": [], "hello records": lambda h,
                                  r: b"\x16\3\3" + number(16385)
                                  + bytes(16385)},
    "hello in a record of 18432": {"hello records": lambda h, r: b"\x16\3\3"
                                   + number(18432) + bytes(18432)},
})
