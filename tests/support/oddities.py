# SPDX-License-Identifier: Apache-2.0
"""The oddities of odd_tls.py, by name."""
import os

from support import (odd_answers, odd_leaves, odd_messages, odd_places,
                     odd_records, pki)
from support.odd_identity import Rsa
from support.odd_keys import bend, number, vector
from support.odd_tls import RETRY, extension, message


def field(name, value):
    """A ServerHello of which one field is VALUE, or VALUE(handshake)."""
    def change(handshake, fields):
        fields[name] = value(handshake) if callable(value) else value
        return fields
    return {"hello": change}


def more(*extensions):
    """A ServerHello with further extensions."""
    def change(_, fields):
        fields["extensions"] = fields["extensions"] + list(extensions)
        return fields
    return {"hello": change}


def less(kind):
    def change(_, fields):
        fields["extensions"] = [e for e in fields["extensions"]
                                if e[:2] != number(kind)]
        return fields
    return {"hello": change}


def swap(kind, body):
    def change(_, fields):
        fields["extensions"] = [extension(kind, body)
                                if e[:2] == number(kind) else e
                                for e in fields["extensions"]]
        return fields
    return {"hello": change}


def flight(change):
    """Change the list of messages behind the ServerHello (1.2: with it)."""
    return {"flight": lambda _, messages: change(messages)}


def canary(octet):
    return field("random", lambda _: os.urandom(24) + b"DOWNGRD"
                 + bytes([octet]))


def alert(level, what):
    return b"\x15\3\3\0\2" + bytes([level, what])


ALPN = extension(16, b"\0\3\2h2")
ANOTHER_KEY = pki.make_key()
RSA = Rsa(2048)


def identity(kind):
    return pki.self_signed("odd.tls.test", key=kind)


def as_12(odd):
    """ODD in TLS 1.2, by a suite that goes with its key."""
    if "identity" in odd and isinstance(odd["identity"].key, Rsa):
        odd = {"suite": 0xc02f, **odd}
    return {**odd, "version": 12}


def only(*parts):
    merged = {}
    for part in parts:
        merged.update(part)
    return merged


# What both versions have alike.
BOTH = {
    "ordinary": {},
    "another key signs": {"key": ANOTHER_KEY},
    "signature bent": {"signature": lambda _, s: bend(s)},
    "signature empty": {"signature": b""},
    "something else signed": {"signed": b"something else"},
    "key of RSA signs": {"key": RSA, "scheme": 0x0804},
    "signature called RSA-PSS": {"scheme": 0x0804},
    "signature of SHA-384": {"scheme": 0x0503},
    "signature of SHA-1": {"scheme": 0x0203},
    "scheme unknown": {"scheme": 0x7403},
    "a leaf on P-384": {"identity": identity("p384"), "scheme": 0x0503},
    "a leaf on P-384 by SHA-256": {"identity": identity("p384")},
    "finished bent": {"finished": lambda _, f: bend(f)},
    "finished short": {"finished": lambda _, f: f[:-1]},
    "no certificate": {"chain": []},
    "an empty certificate": {"chain": [b""]},
    "certificate message malformed": {"certificate": b"\0\0"},
    "certificate message with a tail": {
        "certificate": lambda _, c: c + b"\0"},
    "compression": field("compression", 1),
    "unknown suite": field("suite", 0xeeee),
    "suite of RSA key exchange": field("suite", 0x009c),
    "unknown extension": more(extension(0x5a5a, b"abc")),
    "unknown extension twice": more(extension(0x5a5a), extension(0x5a5a)),
    "ALPN": more(ALPN),
    "ALPN malformed": more(extension(16, b"\0")),
    "empty server name": more(extension(0)),
    "full server name": more(extension(0, b"x")),
    "version 1.1": field("version", 0x0302),
    "version 1.4": more(extension(43, b"\3\5")),
    "a hello with a tail": {"hello body": lambda _, b: b + b"\0"},
    "a hello cut short": {"hello body": lambda _, b: b[:40]},
    "a warning before": {"before hello": alert(1, 90)},
    "16 warnings before": {"before hello": alert(1, 90) * 16},
    "17 warnings before": {"before hello": alert(1, 90) * 17},
    "alert of level 3": {"before hello": alert(3, 40)},
    "a fatal alert": {"before hello": alert(2, 80)},
    "an alert without name": {"before hello": alert(2, 7)},
    "close_notify": {"before hello": alert(1, 0)},
    "a change of cipher before": {"before hello": b"\x14\3\3\0\1\1"},
    "data before": {"before hello": b"\x17\3\3\0\1x"},
    "an empty handshake record": {"before hello": b"\x16\3\3\0\0"},
    "SSL 2": {"before hello": b"\x80\3\3\0\1x"},
    "a record of 18433": {"before hello": b"\x16\3\3\x48\1"},
    "version 16 in a record": {"before hello": b"\x16\x10\0\0\1x"},
    "hello request first": {"before hello": b"\x16\3\3\0\4\0\0\0\0"},
    "unknown message first": {"before hello": b"\x16\3\3\0\4\x63\0\0\0"},
    "message of 65537": {"before hello": b"\x16\3\3\0\4\2\1\0\1"},
    "records of one octet": {"cut": 1},
    "records of 100": {"cut": 100},
}
HELLO_12 = {
    "sentinel of 1.2": canary(1),
    "sentinel of 1.1": canary(0),
    "sentinel of 2": canary(2),
    "session echoed": field("session", lambda h: h.client_hello.session),
    "another session": field("session", b"s" * 32),
    "suite of 1.3": field("suite", 0x1301),
    "no extensions": {"extended": False, "hello": lambda _, f: {
        **f, "extensions": []}},
    "not extended": {"extended": False},
    "renegotiation with content": swap(0xff01, b"\1x"),
    "renegotiation malformed": swap(0xff01, b"\2x"),
    "extended master secret twice": more(extension(23)),
    "point formats": more(extension(11, b"\1\0")),
    "point formats compressed": more(extension(11, b"\1\1")),
    "point formats empty": more(extension(11, b"\0")),
    "session ticket": more(extension(35)),
    "timestamps": more(extension(18, b"\0\4\0\2ab")),
    "timestamps malformed": more(extension(18, b"\0\0")),
    "key share": more(extension(51, b"\0\x1d\0\1x")),
    "pre-shared key": more(extension(41, b"\0\0")),
    "cookie": more(extension(44, b"\0\1x")),
}
ONLY_12 = {
    "point off the curve": {"group": 23, "point": b"\4" + b"\1" * 64},
    "point at infinity": {"group": 23, "point": b"\0"},
    "point compressed": {"group": 23, "point": lambda _, p:
                         bytes([2 + p[-1] % 2]) + p[1:33]},
    "point cut": {"point": lambda _, p: p[:-1]},
    "point of low order": {"point": bytes(32)},
    "point empty": {"point": b""},
    "group P-256": {"group": 23}, "group P-384": {"group": 24},
    "group P-521": {"group": 25}, "group X448": {"group": 30},
    "group of ML-KEM": {"group": 0x11ec},
    "explicit curve": {"curve type": 1},
    "exchange with a tail": {"exchange": lambda _, e: e + b"\0"},
    "exchange cut": {"exchange": lambda _, e: e[:-1]},
    "exchange empty": {"exchange": b""},
    "exchange without signature": {"exchange": lambda _, e: e[:36]},
    "suite of RSA": field("suite", 0xc02f),
    "no exchange": flight(lambda m: m[:2] + m[3:]),
    "two exchanges": flight(lambda m: m[:3] + m[2:]),
    "no certificate message": flight(lambda m: m[:1] + m[2:]),
    "two certificate messages": flight(lambda m: m[:2] + m[1:]),
    "two hellos": flight(lambda m: m[:1] + m),
    "done first": flight(lambda m: m[:1] + m[-1:] + m[1:]),
    "done with content": flight(lambda m: m[:-1] + [message(14, b"x")]),
    "hello request in between": flight(
        lambda m: m[:2] + [message(0, b"")] + m[2:]),
    "hello request at the end": flight(
        lambda m: m[:-1] + [message(0, b"")] + m[-1:]),
    "status unasked": flight(
        lambda m: m[:2] + [message(22, b"\1\0\0\1x")] + m[2:]),
    "status": only(more(extension(5)), flight(
        lambda m: m[:2] + [message(22, b"\1\0\0\1x")] + m[2:])),
    "status promised only": more(extension(5)),
    "unknown message": flight(lambda m: m[:2] + [message(99, b"")] + m[2:]),
    "certificate verify": flight(
        lambda m: m[:2] + [message(15, b"\4\3\0\1x")] + m[2:]),
    "finished in clear": flight(lambda m: m + [message(20, bytes(12))]),
    "a demand for a certificate": {"request": True},
    "a demand that insists": {"request": "insists"},
    "first record of another version": {"record version": 0x0301},
    "records of another version": {"record version": 0x0301, "cut": 100},
    "change of cipher of 2": {"change": b"\x14\3\3\0\1\2"},
    "change of cipher too long": {"change": b"\x14\3\3\0\2\1\1"},
    "no change of cipher": {"change": b""},
    "two changes of cipher": {"change": b"\x14\3\3\0\1\1" * 2},
    "ticket unasked": {"before change": b"\x16\3\3\0\x0a\4\0\0\6\0\0\0\1\0\0"},
    "a warning before the change": {"before change": alert(1, 90)},
    "alert in the place of finished": {"before change": alert(2, 51)},
    "finished not protected": {"last": b"\x16\3\3\0\4\x14\0\0\0"},
    "data in the place of finished": {
        "last": lambda h, _: h.record(23, b"x")},
    "a change of cipher amid the flight": {"sent": lambda h, r:
                                           b"\x14\3\3\0\1\1" + r},
    "closes behind the certificates": {
        "flight": lambda h, m: m[:2], "closes": True},
}
ONLY_13 = {
    "session not echoed": field("session", b""),
    "another session": field("session", b"s" * 32),
    "legacy version 1.3": field("version", 0x0304),
    "version 1.3 by legacy alone": only(less(43)),
    "without the version": less(43),
    "without a share": less(51),
    "share without key": swap(51, b"\0\x1d"),
    "share of low order": {"point": bytes(32)},
    "share cut": {"point": lambda _, p: p[:-1]},
    "share empty": {"point": b""},
    "share with a tail": swap(51, b"\0\x1d\0\1xy"),
    "group not shared": {"group": 24, "hello": lambda _, f: f},
    "group X448": {"group": 30},
    "group of ML-KEM": {"group": 0x11ec},
    "extended master secret": more(extension(23)),
    "renegotiation": more(extension(0xff01, b"\0")),
    "session ticket": more(extension(35)),
    "status": more(extension(5)),
    "pre-shared key": more(extension(41, b"\0\0")),
    "cookie": more(extension(44, b"\0\1x")),
    "cookie empty": more(extension(44, b"\0\0")),
    "version twice": more(extension(43, b"\3\4")),
    "encrypted hello": more(extension(0xfe0d, b"x" * 8)),
    "random of a retry": field("random", RETRY),
    "retry to P-256": {"retry": 23}, "retry to P-384": {"retry": 24},
    "retry to P-521": {"retry": 25}, "retry to X25519": {"retry": 29},
    "retry to X448": {"retry": 30},
    "retry for nothing": {"retry": 0, "retry hello": lambda _, f: {
        **f, "extensions": [extension(43, b"\3\4")]}},
    "retry with a cookie": {"retry": 0, "retry hello": lambda _, f: {
        **f, "extensions": [extension(43, b"\3\4"),
                            extension(44, vector(2, b"cookie"))]}},
    "retry, then another suite": only({"retry": 23}, field("suite", 0x1302)),
    "retry, then 1.2": only({"retry": 23}, less(43)),
    "retry twice": only({"retry": 23}, field("random", RETRY)),
    "retry of another suite": {"retry": 23, "retry hello": lambda _, f: {
        **f, "suite": 0xc02b}},
    "no change of cipher": {"after hello": b""},
    "16 changes of cipher": {"after hello": b"\x14\3\3\0\1\1" * 16},
    "17 changes of cipher": {"after hello": b"\x14\3\3\0\1\1" * 17},
    "alert in clear": {"after hello": alert(2, 80)},
    "handshake in clear": {"after hello": b"\x16\3\3\0\6\x08\0\0\2\0\0"},
    "ALPN accepted": {"extensions": [ALPN]},
    "early data accepted": {"extensions": [extension(42)]},
    "parameters of QUIC": {"extensions": [extension(57, b"x")]},
    "server name accepted": {"extensions": [extension(0)]},
    "server name with content": {"extensions": [extension(0, b"x")]},
    "unknown accepted": {"extensions": [extension(0x5a5a, b"x")]},
    "unknown accepted twice": {"extensions": [extension(0x5a5a)] * 2},
    "groups named": {"extensions": [extension(10, b"\0\2\0\x1d")]},
    "no extensions message": flight(lambda m: m[1:]),
    "two extensions messages": flight(lambda m: m[:1] + m),
    "no proof": flight(lambda m: m[:2] + m[3:]),
    "two proofs": flight(lambda m: m[:3] + m[2:]),
    "no certificate message": flight(lambda m: m[:1] + m[2:]),
    "no finished": flight(lambda m: m[:-1] + [message(8, b"\0\0")]),
    "unknown message": flight(lambda m: m[:1] + [message(99, b"")] + m[1:]),
    "hello request": flight(lambda m: m[:1] + [message(0, b"")] + m[1:]),
    "signed as in 1.2": {"scheme": 0x0401, "identity": RSA.leaf()},
    "a leaf of RSA": {"scheme": 0x0804, "identity": RSA.leaf()},
    "proof with a tail": {"proof": lambda _, p: p + b"\0"},
    "context in the certificate message": {
        "certificate": lambda _, c: b"\1x" + c[1:]},
    "a demand for a certificate": {"request": True},
    "a demand that insists": {"request": "insists"},
    "record of another version": {"sent": lambda _, r: b"\x17\3\1" + r[3:]},
    "record not protected": {"sent": lambda _, r: b"\x16\3\3\0\4\x08\0\0\0"
                             + r},
    "a warning in between": {"sent": lambda h, r: h.record(21, b"\1\x5a") + r},
    "user_canceled in clear": {"after hello": alert(1, 90)},
    "tickets after": {"after": lambda h: h.record(22, message(
        4, bytes(8) + b"\1x" + vector(2, b"ticket") + b"\0\0") * 2)},
    "hello and more in one record": {
        "hello records": lambda h, r: r[:3] + number(
            int.from_bytes(r[3:5], "big") + 6) + r[5:]
        + message(8, vector(2, b""))},
}

ODDITIES = {}
for _both, _12, _13 in (
        (BOTH, {**HELLO_12, **ONLY_12}, ONLY_13),
        (odd_leaves.BOTH, {}, {}),
        ({}, odd_records.ONLY_12, odd_records.ONLY_13),
        ({}, {}, odd_answers.ONLY_13),
        (odd_messages.BOTH, odd_messages.ONLY_12, odd_messages.ONLY_13),
        (odd_places.BOTH, odd_places.ONLY_12, odd_places.ONLY_13)):
    for _name, _odd in {**_both, **_12}.items():
        ODDITIES["1.2 " + _name] = as_12(_odd)
    for _name, _odd in {**_both, **_13}.items():
        ODDITIES["1.3 " + _name] = _odd
