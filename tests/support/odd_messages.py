# SPDX-License-Identifier: Apache-2.0
"""Oddities of the form of messages: hellos, a retry, a demand for a
certificate, a staple, lengths; see oddities.py."""
import os

from support.odd_keys import bend, number, vector
from support.odd_tls import CURVES, extension, message

SCHEMES = extension(13, vector(2, b"\4\3"))
VERSION = extension(43, b"\3\4")


def demand(body):
    return {"request": body}


def status(body, promised=True):
    def change(_, fields):
        if promised:
            fields["extensions"] = fields["extensions"] + [extension(5)]
        return fields
    return {"hello": change, "flight": lambda _, m: m[:2] + [
        message(22, body)] + m[2:]}


def retry(*extensions, group=23, **fields):
    return {"retry": group, "retry hello": lambda _, f: {
        **f, "extensions": list(extensions), **fields}}


def field(**fields):
    return {"hello": lambda _, f: {**f, **fields}}


def more(*extensions):
    return {"hello": lambda _, f: {
        **f, "extensions": f["extensions"] + list(extensions)}}


def long_message(index, kind, size):
    """The flight's message at INDEX, of SIZE octets."""
    return {"flight": lambda _, m: m[:index] + [message(kind, bytes(size))]
            + m[index + 1:]}


def certificates(size):
    """Certificate messages of SIZE octets, with the leaf before what fills."""
    def chain(_, own):
        return own + [own[0]] * ((size - 4) // (len(own[0]) + 3) - 1)
    return {"chain": chain}


PAIR = vector(2, vector(2, b"name"))
DEMANDS_12 = {
    "empty": b"", "without kinds": b"\0" + vector(2, b"\4\3") + b"\0\0",
    "without schemes": b"\1\x40\0\0\0\0",
    "with half a scheme": b"\1\x40\0\1\4\0\0",
    "with a name": b"\1\x40" + vector(2, b"\4\3") + PAIR,
    "with an empty name": b"\1\x40" + vector(2, b"\4\3") + b"\0\2\0\0",
    "with a name cut": b"\1\x40" + vector(2, b"\4\3") + b"\0\3\0\2a",
    "with a tail": b"\1\x40" + vector(2, b"\4\3") + b"\0\0x",
    "without names": b"\1\x40" + vector(2, b"\4\3"),
    "of TLS 1.1": b"\1\x40\0\0",
}
DEMANDS_13 = {
    "empty": b"", "with a context": b"\1x" + vector(2, SCHEMES),
    "without schemes": b"\0\0\0", "with no scheme": b"\0" + vector(
        2, extension(13, b"\0\0")),
    "with half a scheme": b"\0" + vector(2, extension(13, b"\0\1\4")),
    "with schemes twice": b"\0" + vector(2, SCHEMES + SCHEMES),
    "with names": b"\0" + vector(2, SCHEMES + extension(47, PAIR)),
    "with no names": b"\0" + vector(2, SCHEMES + extension(47, b"\0\0")),
    "with an empty name": b"\0" + vector(2, SCHEMES + extension(
        47, b"\0\2\0\0")),
    "with unknown extension": b"\0" + vector(2, SCHEMES + extension(
        0x5a5a, b"x")),
    "with a staple": b"\0" + vector(2, SCHEMES + extension(5)),
    "with a staple's content": b"\0" + vector(2, SCHEMES + extension(5, b"x")),
    "with timestamps": b"\0" + vector(2, SCHEMES + extension(18)),
    "with timestamps' content": b"\0" + vector(2, SCHEMES
                                               + extension(18, b"x")),
    "with schemes of certificates": b"\0" + vector(2, SCHEMES + extension(
        50, vector(2, b"\4\3"))),
    "with no schemes of certificates": b"\0" + vector(
        2, SCHEMES + extension(50, b"\0\0")),
    "with a tail": b"\0" + vector(2, SCHEMES) + b"x",
    "with extensions cut": b"\0" + vector(2, SCHEMES[:-1]),
}
STATUS = {
    "of type 2": b"\2" + vector(3, b"x"), "empty": b"",
    "without content": b"\1\0\0\0", "with a tail": b"\1" + vector(3, b"x")
    + b"x", "cut": b"\1\0\0\2x", "of 60000": b"\1" + vector(3, bytes(60000)),
    "of 70000": b"\1" + vector(3, bytes(70000)),
}
RETRIES = {
    "without the version": retry(extension(51, number(23))),
    "of version 1.2": retry(extension(43, b"\3\3"), extension(51, number(23))),
    "of version 1.1": retry(extension(43, b"\3\2"), extension(51, number(23))),
    "of legacy version 1.1": retry(VERSION, extension(51, number(23)),
                                   version=0x0302),
    "with a share": retry(VERSION, extension(51, number(23) + vector(
        2, b"x" * 65))),
    "with a share and a cookie": retry(
        VERSION, extension(44, vector(2, b"c")),
        extension(51, number(23) + vector(2, b"x" * 65))),
    "with a group cut": retry(VERSION, extension(51, b"\0")),
    "with a group empty": retry(VERSION, extension(51)),
    "with a group twice": retry(VERSION, extension(51, number(23)),
                                extension(51, number(23))),
    "with an unknown extension": retry(VERSION, extension(51, number(23)),
                                       extension(0x5a5a, b"x")),
    "with renegotiation": retry(VERSION, extension(51, number(23)),
                                extension(0xff01, b"\0")),
    "with a staple": retry(VERSION, extension(51, number(23)), extension(5)),
    "with ALPN": retry(VERSION, extension(51, number(23)),
                       extension(16, b"\0\3\2h2")),
    "with an encrypted hello": retry(VERSION, extension(51, number(23)),
                                     extension(0xfe0d, b"x" * 8)),
    "with a PSK": retry(VERSION, extension(51, number(23)),
                        extension(41, b"\0\0")),
    "with an empty cookie": retry(VERSION, extension(51, number(23)),
                                  extension(44, b"\0\0")),
    "with group and cookie": retry(VERSION, extension(51, number(23)),
                                   extension(44, vector(2, b"cookie"))),
    "with a cookie of 5000": retry(VERSION, extension(51, number(23)),
                                   extension(44, vector(2, bytes(5000)))),
    "with another session": retry(VERSION, extension(51, number(23)),
                                  session=b"s" * 32),
    "without session": retry(VERSION, extension(51, number(23)), session=b""),
    "with compression": retry(VERSION, extension(51, number(23)),
                              compression=1),
    "of an unknown suite": retry(VERSION, extension(51, number(23)),
                                 suite=0x1304),
    "by AES-256": {"suite": 0x1302, "retry": 24},
    "by ChaCha20": {"suite": 0x1303, "retry": 25},
    "to P-256 with a point off the curve": {
        "retry": 23, "point": b"\4" + b"\1" * 64},
    "to P-256 with a compressed point": {
        "retry": 23, "point": lambda _, p: bytes([2 + p[-1] % 2]) + p[1:33]},
    "to P-256, then a share of X25519": {"retry": 23, "hello": lambda _, f: {
        **f, "extensions": [VERSION, extension(51, number(29) + vector(
            2, os.urandom(32)))]}},
    "to P-256, then another retry": {"retry": 23, "hello": lambda _, f: {
        **f, "extensions": [VERSION, extension(51, number(24))]}},
    "and a message in its record": {"retry": 23, "retry tail": message(
        8, b"\0\0")},
    "and an alert": {"retry": 23, "retry after": b"\x15\3\3\0\2\2\x28"},
    "and no change of cipher": {"retry": 23, "retry after": b""},
    "and a change of cipher of 2": {"retry": 23,
                                    "retry after": b"\x14\3\3\0\1\2"},
    "and data": {"retry": 23, "retry after": b"\x17\3\3\0\1x"},
}
for _group in (0, 1, 22, 26, 30, 256, 0x11eb, 0x11ec, 0x11ed, 0x6399, 0x0a0a):
    RETRIES[f"to group {_group:04x}"] = {"retry": _group}
HELLOS = {
    "session of 33": field(session=bytes(33)),
    "session of 255": field(session=bytes(255)),
    "session of 1": field(session=b"s"),
    "extensions empty": field(extensions=[], empty=True),
    "extensions cut": {"hello body": lambda _, b: b[:-1]},
    "one octet of extensions": {"hello body": lambda h, b: b[:38 + b[34]]
                                + b"\0"},
    "an extension of half a header": {"hello body": lambda h, b: b[
        :38 + b[34]] + b"\0\3\0\0\0"},
    "version 1.2 by extension": more(extension(43, b"\3\3")),
    "version 1.1 by extension": more(extension(43, b"\3\2")),
    "version of a draft": more(extension(43, b"\x7f\x1c")),
    "version 0 by extension": more(extension(43, b"\0\0")),
    "version extension cut": more(extension(43, b"\3")),
    "version extension of three": more(extension(43, b"\3\4\0")),
    "legacy version 1.0": field(version=0x0301),
    "legacy version 2": field(version=0x0002),
    "legacy version 0": field(version=0),
    "legacy version 4": field(version=0x0400),
    "suite of GREASE": field(suite=0x0a0a),
    "compression 255": field(compression=255),
    "random of zeros": field(random=bytes(32)),
    "sentinel of 1.2, zeros": {"hello": lambda _, f: {
        **f, "random": bytes(24) + b"DOWNGRD\1"}},
    "sentinel of 1.1, zeros": {"hello": lambda _, f: {
        **f, "random": bytes(24) + b"DOWNGRD\0"}},
    "sentinel at the start": {"hello": lambda _, f: {
        **f, "random": b"DOWNGRD\1" + bytes(24)}},
    "ALPN http/1.1": more(extension(16, b"\0\x09\x08http/1.1")),
    "ALPN of two": more(extension(16, b"\0\6\2h2\2h3")),
    "ALPN empty": more(extension(16, b"\0\0")),
    "ALPN with an empty name": more(extension(16, b"\0\1\0")),
    "ALPN with a tail": more(extension(16, b"\0\3\2h2x")),
}
for _kind in (0, 5, 10, 11, 13, 16, 18, 22, 23, 35, 41, 42, 43, 44, 45, 47, 49,
              51, 57, 0xfe0d, 0xff01, 0x5a5a):
    HELLOS[f"hello with {_kind} empty"] = more(extension(_kind))
    HELLOS[f"hello with {_kind} of content"] = more(extension(_kind,
                                                              b"\0\1x"))
    HELLOS[f"hello with {_kind} twice"] = more(extension(_kind),
                                               extension(_kind))
HYBRID = {}
for _group in (0x11eb, 0x11ec, 0x11ed, 0x6399):
    for _size in (0, 32, 1119, 1120, 1121, 1153):
        HYBRID[f"share of {_size} for {_group:04x}"] = {
            "group": _group, "point": bytes(_size)}
for _group in CURVES:
    HYBRID[f"share for {_group} unasked"] = {"group": _group}
BOTH = {
    **HELLOS,
    "certificates of 60000": certificates(60000),
    "certificates of 66000": certificates(66000),
    "certificates of 200000": certificates(200000),
    "certificate message of 262145": {
        "certificate": lambda _, c: bytes(262145)},
    "certificate message of 16777215": {
        "flight": lambda h, m: [p for p in m if p[0] in (2, 8)][:1]
        + [b"\x0b\xff\xff\xff" + bytes(100)]},
    "an empty list of certificates with a tail": {
        "certificate": lambda _, c: c[:1] * (len(c) % 2) + b"\0\0\0x"},
    "messages one a record": {"cut": 400},
    "certificate cut by a warning": {
        "sent": lambda h, r: r + h.record(21, b"\1\x5a")},
}
ONLY_12 = {f"demand {n}": demand(b or b"")
           for n, b in DEMANDS_12.items()}
ONLY_12.update({f"status {n}": status(b) for n, b in STATUS.items()})
ONLY_12.update({
    "status twice": {"hello": more(extension(5))["hello"],
                     "flight": lambda _, m: m[:2] + [message(
                         22, b"\1\0\0\1x")] * 2 + m[2:]},
    "status behind the exchange": {
        "hello": more(extension(5))["hello"], "flight": lambda _, m: m[:3] + [
            message(22, b"\1\0\0\1x")] + m[3:]},
    "two demands": {"flight": lambda _, m: m[:3] + [message(
        13, DEMANDS_12["with a name"])] * 2 + m[3:]},
    "a demand before the exchange": {"flight": lambda _, m: m[:2] + [message(
        13, DEMANDS_12["with a name"])] + m[2:]},
    "exchange of 60000": long_message(2, 12, 60000),
    "exchange of 65537": long_message(2, 12, 65537),
    "done of 65537": long_message(3, 14, 65537),
    "exchange before the certificates": {
        "flight": lambda _, m: [m[0], m[2], m[1], m[3]]},
    "ticket promised, and sent": {
        "hello": more(extension(35))["hello"],
        "before change": lambda h, _: h.ticket_12(b"\0\0\0\1\0\6ticket")},
    "ticket promised, and malformed": {
        "hello": more(extension(35))["hello"],
        "before change": lambda h, _: h.ticket_12(b"\0\0\0\1\0\7ticket")},
    "finished of 13": {"finished": lambda _, f: f + b"\0"},
    "finished empty": {"finished": b""},
    "finished twice": {"last": lambda h, r: r + h.record(22, message(
        20, bytes(12)))},
    "finished and a warning": {"last": lambda h, r: r
                               + h.record(21, b"\1\x5a")},
    "finished bent as a record": {"last": lambda h, r: bend(r)},
})
ONLY_13 = {f"demand {n}": demand(b or b"") for n, b in DEMANDS_13.items()}
ONLY_13.update({f"retry {n}": o for n, o in RETRIES.items()})
ONLY_13.update(HYBRID)
ONLY_13.update({
    "extensions of 65537": long_message(0, 8, 65537),
    "extensions of half a header": {"flight": lambda _, m: [
        message(8, b"\0\3\0\0\0")] + m[1:]},
    "extensions with a tail": {"flight": lambda _, m: [
        message(8, b"\0\0x")] + m[1:]},
    "extensions empty message": {"flight": lambda _, m: [
        message(8, b"")] + m[1:]},
    "proof of 65537": long_message(2, 15, 65537),
    "proof of 60000": long_message(2, 15, 60000),
    "proof empty": {"proof": b""},
    "proof cut": {"proof": lambda _, p: p[:-1]},
    "finished of 33": {"finished": lambda _, f: f + b"\0"},
    "finished empty": {"finished": b""},
    "finished of 65537": long_message(3, 20, 65537),
    "two demands": {"flight": lambda _, m: m[:1] + [message(
        13, DEMANDS_13["with names"])] * 2 + m[1:]},
    "a demand behind the certificates": {"flight": lambda _, m: m[:2] + [
        message(13, DEMANDS_13["with names"])] + m[2:]},
    "a ticket behind the proof": {"flight": lambda _, m: m[:3] + [
        message(4, bytes(8) + b"\1x\0\1t\0\0")] + m[3:]},
    "new keys behind the proof": {"flight": lambda _, m: m[:3] + [
        message(24, b"\0")] + m[3:]},
    "a ticket and Finished in one record": {"flight": lambda _, m: m + [
        message(4, bytes(8) + b"\1x\0\1t\0\0")]},
    "changes of cipher between records": {"cut": 300, "sent": lambda h, r: (
        b"\x14\3\3\0\1\1" + r)},
    "a change of cipher within a message": {"sent": lambda h, r: (
        h.record(22, b"\x63\0") + b"\x14\3\3\0\1\1")},
    "an empty record under keys": {"sent": lambda h, r:
                                   h.writing.odd_inner(b"\x16") + r},
    "nothing under keys": {"sent": lambda h, r:
                           h.writing.odd_inner(b"") + r},
    "data under keys": {"sent": lambda h, r: h.record(23, b"x") + r},
    "empty data under keys": {"sent": lambda h, r: h.record(23, b"") + r},
    "an alert under keys": {"sent": lambda h, r: h.record(21, b"\2\x28")},
    "close_notify under keys": {"sent": lambda h, r: h.record(21, b"\1\0")},
})
