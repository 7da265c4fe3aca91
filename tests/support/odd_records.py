# SPDX-License-Identifier: Apache-2.0
"""Oddities of suites, of protected records and of what comes behind the
handshake; see oddities.py."""
from support.odd_identity import Rsa
from support.odd_keys import SUITES, bend, number, vector
from support.odd_tls import REPLY, extension, message

RSA = Rsa(2048)
TICKET = message(4, bytes(8) + b"\1x" + vector(2, b"ticket") + b"\0\0")
LONG = message(4, bytes(8) + b"\1x" + vector(2, bytes(60000)) + b"\0\0")
SUITES_RSA = {0xc02f, 0xc030, 0xcca8, 0xc013, 0xc014}
# Of Docker's no release: CBC with SHA-256, static RSA, 3DES, RC4, CCM, DHE.
NEVER = (0xc023, 0xc024, 0xc027, 0xc028, 0x003c, 0x009c, 0x009d, 0x002f,
         0x0035, 0xc012, 0x000a, 0xc011, 0x0005, 0xc0ac, 0xc0ae, 0x009e,
         0xccaa, 0x0000, 0x00ff, 0x5600, 0x1304)


def after(*steps):
    """What is sent before the answer; a step is data or makes it."""
    def send(h):
        return b"".join([s(h) if callable(s) else s for s in steps]
                        + [h.records(23, REPLY)])
    return {"answer": send}


def handshake(*messages):
    return lambda h: h.record(22, b"".join(messages))


def record(kind, data):
    return lambda h: h.record(kind, data)


def inner(data, kind=23):
    return lambda h: h.writing.odd_inner(data, kind)


def update(body=b"\0"):
    return lambda h: h.update(body)


def answer(*steps):
    """The answer in these pieces; a string is of the reply."""
    def send(h):
        return b"".join(s(h) if callable(s) else h.records(23, s)
                        for s in steps)
    return {"answer": send}


def renewed(body, new):
    """A KeyUpdate of BODY; behind it the keys are NEW or not."""
    def send(h):
        if new:
            return h.update(body)
        return h.record(22, message(24, body))
    return send


def with_lists(*extensions):
    """The certificate's own extensions, TLS 1.3."""
    def change(_, c):
        return c[:1] + vector(3, c[4:-2] + vector(2, b"".join(extensions)))
    return {"certificate": change}


HEAD, TAIL = REPLY[:17], REPLY[17:]
SCT = extension(18, vector(2, vector(2, b"abc")))
STAPLE = extension(5, b"\1" + vector(3, b"staple"))
POST = {
    "Finished again": (handshake(message(20, bytes(32))),),
    "ServerHello again": (handshake(message(2, bytes(40))),),
    "certificates again": (lambda h: h.record(22, message(
        11, h.certificates(h.odd.get("version") != 12))),),
    "ClientHello": (handshake(message(1, bytes(40))),),
    "unknown message": (handshake(message(99, b"")),),
    "message_hash": (handshake(message(254, bytes(32))),),
    "hello request": (handshake(message(0, b"")),),
    "end of early data": (handshake(message(5, b"")),),
    "an empty handshake record": (record(22, b""),),
    "16 warnings": (record(21, b"\1\x5a"),) * 16,
    "17 warnings": (record(21, b"\1\x5a"),) * 17,
    "a warning of 100": (record(21, b"\1\x64"),),
    "an alert": (record(21, b"\2\x28"),),
    "an alert of level 1": (record(21, b"\1\x28"),),
    "an alert of level 0": (record(21, b"\0\x28"),),
    "an alert cut": (record(21, b"\2"),),
    "two alerts in one record": (record(21, b"\1\x5a\1\x5a"),),
    "close_notify": (record(21, b"\1\0"),),
    "close_notify of level 2": (record(21, b"\2\0"),),
    "an empty record": (record(23, b""),),
    "16 empty records": (record(23, b""),) * 16,
    "17 empty records": (record(23, b""),) * 17,
    "40 empty records": (record(23, b""),) * 40,
    "heartbeat": (record(24, b"\1\0\1x"),),
    "unknown type": (record(99, b"x"),),
    "type 0": (record(0, b"x"),),
    "change of cipher": (record(20, b"\1"),),
    "change of cipher in clear": (b"\x14\3\3\0\1\1",),
    "16 changes of cipher in clear": (b"\x14\3\3\0\1\1" * 16,),
    "17 changes of cipher in clear": (b"\x14\3\3\0\1\1" * 17,),
    "change of cipher of 2 in clear": (b"\x14\3\3\0\1\2",),
    "alert in clear": (b"\x15\3\3\0\2\2\x28",),
    "data in clear": (b"\x17\3\3\0\x05hello",),
    "handshake in clear": (b"\x16\3\3\0\4\0\0\0\0",),
    "SSL 2": (b"\x80\3\3\0\1x",),
    "HTTP in clear": (b"HTTP/1.1 400 Bad Request\r\n\r\n",),
    "a record of 18433": (b"\x17\3\3\x48\1",),
    "a record of 16641": (b"\x17\3\3\x41\1",),
}
POST_13 = {
    "a demand for a certificate": (handshake(message(
        13, b"\0" + vector(2, extension(13, vector(2, b"\4\3"))))),),
    "a ticket": (handshake(TICKET),),
    "16 tickets": (handshake(TICKET),) * 16,
    "17 tickets": (handshake(TICKET),) * 17,
    "40 tickets in one record": (handshake(*[TICKET] * 40),),
    "a ticket cut": (handshake(TICKET[:3] + b"\5" + TICKET[4:9]),),
    "a ticket with a tail": (handshake(message(4, TICKET[4:] + b"\0")),),
    "an empty ticket": (handshake(message(4, bytes(8) + b"\1x\0\0\0\0")),),
    "a ticket for ever": (handshake(message(4, b"\xff" * 8 + TICKET[12:])),),
    "a ticket of 60000": tuple(handshake(LONG[i:i + 16000])
                               for i in range(0, len(LONG), 16000)),
    "a ticket of 70000": (handshake(b"\4\1\x11\x70"),),
    "a ticket with early data": (handshake(message(4, TICKET[4:-2] + vector(
        2, extension(42, number(1000, 4))))),),
    "a ticket with early data malformed": (handshake(message(
        4, TICKET[4:-2] + vector(2, extension(42, b"x")))),),
    "a ticket in two records": (handshake(TICKET[:9]), handshake(TICKET[9:])),
    "a ticket cut by data": (handshake(TICKET[:9]), record(23, b"")),
    "half a ticket": (handshake(TICKET[:9]),),
    "new keys": (update(),),
    "new keys, and one of ours": (update(b"\1"),),
    "new keys 16 times": (update(),) * 16,
    "new keys 17 times": (update(),) * 17,
    "new keys 33 times": (update(),) * 33,
    "new keys of ours 16 times": (update(b"\1"),) * 16,
    "new keys of ours 33 times": (update(b"\1"),) * 33,
    "new keys of 2": (renewed(b"\2", False),),
    "new keys empty": (renewed(b"", False),),
    "new keys with a tail": (renewed(b"\0\0", False),),
    "new keys, and the old used": (renewed(b"\0", False),),
    "new keys behind a ticket in one record": (
        handshake(TICKET, message(24, b"\0")), update()),
    "new keys and more in one record": (
        handshake(message(24, b"\0"), TICKET),),
    "padding alone": (inner(bytes(100)),),
    "nothing inside": (inner(b""),),
    "one zero inside": (inner(b"\0"),),
    "16384 inside, and padding": (inner(TICKET + b"\x16"
                                        + bytes(16384 - len(TICKET))),),
    "16385 inside": (inner(TICKET + b"\x16" + bytes(16385 - len(TICKET))),),
    "16386 inside": (inner(TICKET + b"\x16" + bytes(16386 - len(TICKET))),),
    "record of type handshake": (inner(TICKET + b"\x16", 22),),
    "record of type alert": (inner(b"\1\0\x15", 21),),
    "record of type 99": (inner(TICKET + b"\x16", 99),),
    "alert inside with padding": (inner(b"\2\x28\x15" + bytes(9)),),
    "ticket with padding": (inner(TICKET + b"\x16" + bytes(9)),),
    "a record bent": (lambda h: bend(h.record(22, TICKET)),),
    "a record of 16 octets": (b"\x17\3\3\0\x10" + bytes(16),),
    "a record of no octets": (b"\x17\3\3\0\0",),
    "a record of version 1.1": (lambda h: b"\x17\3\2"
                                + h.record(22, TICKET)[3:],),
}
POST_12 = {
    "a ticket": (handshake(message(4, bytes(4) + vector(2, b"ticket"))),),
    "a demand for a certificate": (handshake(message(
        13, b"\1\x40" + vector(2, b"\4\3") + b"\0\0")),),
    "explicit nonce of zeros": (lambda h: h.writing.odd_12(
        23, b"", bytes(8)),),
    "explicit nonce of ones": (lambda h: h.writing.odd_12(
        23, b"", b"\xff" * 8),),
    "a record bent": (lambda h: bend(h.record(23, b"x")),),
    "a record of 23 octets": (b"\x17\3\3\0\x17" + bytes(23),),
    "a record of 8 octets": (b"\x17\3\3\0\x08" + bytes(8),),
    "a record of no octets": (b"\x17\3\3\0\0",),
    "a record of version 1.1": (lambda h: b"\x17\3\2"
                                + h.record(23, b"x")[3:],),
    "16385 inside": (lambda h: h.writing.odd_12(23, bytes(16385)),),
}
ANSWERS = {
    "answer cut in a line": answer(REPLY[:20], record(21, b"\2\x28")),
    "answer in two records": answer(HEAD, TAIL),
    "answer in records of one": answer(*[bytes([c]) for c in REPLY]),
    "answer with empty records": answer(HEAD, b"", TAIL),
    "answer with 17 empty records": answer(HEAD, *[b""] * 17, TAIL),
    "answer cut by an alert": answer(HEAD, record(21, b"\2\x28"), TAIL),
    "answer cut by close_notify": answer(HEAD, record(21, b"\1\0"), TAIL),
    "answer cut by a message": answer(HEAD, handshake(message(99, b"")),
                                      TAIL),
    "answer cut by hello request": answer(HEAD, handshake(message(0, b"")),
                                          TAIL),
    "answer cut by a change of cipher": answer(
        HEAD, lambda h: b"\x14\3\3\0\1\1", TAIL),
    "answer cut by a bent record": answer(
        HEAD, lambda h: bend(h.record(23, TAIL))),
    "answer and an alert": answer(REPLY, record(21, b"\2\x28")),
    "alert in place of an answer": answer(record(21, b"\2\x28")),
    "close_notify in place of an answer": answer(record(21, b"\1\0")),
    "end in place of an answer": answer(),
}
ANSWERS_13 = {
    "answer with new keys inside": answer(HEAD, update(), TAIL),
    "answer with new keys of ours inside": answer(HEAD, update(b"\1"), TAIL),
    "answer with a ticket inside": answer(HEAD, handshake(TICKET), TAIL),
    "answer with padding": answer(inner(REPLY + b"\x17" + bytes(500))),
}
LISTS = {
    "staple": with_lists(STAPLE),
    "staple empty": with_lists(extension(5, b"\1\0\0\0")),
    "staple of another kind": with_lists(extension(5, b"\2\0\0\1x")),
    "staple cut": with_lists(extension(5, b"\1\0\0\2x")),
    "staple with a tail": with_lists(extension(5, b"\1\0\0\1xy")),
    "staple twice": with_lists(STAPLE, STAPLE),
    "timestamps in the list": with_lists(SCT),
    "timestamps empty": with_lists(extension(18, b"\0\0")),
    "timestamps with an empty one": with_lists(
        extension(18, b"\0\2\0\0")),
    "timestamps cut": with_lists(extension(18, b"\0\3\0\2a")),
    "timestamps twice": with_lists(SCT, SCT),
    "both": with_lists(STAPLE, SCT),
    "unknown in the list": with_lists(extension(0x5a5a, b"x")),
    "unknown twice in the list": with_lists(extension(0x5a5a)
                                            + extension(0x5a5a)),
    "list of extensions cut": with_lists(b"\0\5\0"),
    "staple of the second": {"certificate": lambda _, c: c[:1] + vector(
        3, c[4:] + c[4:-2] + vector(2, extension(5, b"\2\0\0\1x")))},
    "timestamps of the second": {"certificate": lambda _, c: c[:1] + vector(
        3, c[4:] + c[4:-2] + vector(2, extension(18, b"\0\0")))},
    "list malformed of the second": {"certificate": lambda _, c: c[:1]
                                     + vector(3, c[4:] + c[4:-2] + b"\0\1x")},
}
KNOWN = (0, 1, 5, 10, 11, 13, 14, 15, 16, 17, 18, 19, 20, 21, 23, 24, 27, 28,
         34, 35, 41, 42, 43, 44, 45, 47, 48, 49, 50, 51, 57, 0x4469,
         0xfe0d, 0xff01)
ONLY_12, ONLY_13 = {}, {}
for _name, _steps in POST.items():
    ONLY_13["after: " + _name] = after(*_steps)
    ONLY_12["after: " + _name] = after(*_steps)
for _name, _steps in POST_13.items():
    ONLY_13["after: " + _name] = after(*_steps)
for _name, _steps in POST_12.items():
    ONLY_12["after: " + _name] = after(*_steps)
ONLY_12.update(ANSWERS)
ONLY_13.update({**ANSWERS, **ANSWERS_13, **LISTS})
for _kind in KNOWN:
    ONLY_13[f"extension {_kind} empty"] = {"extensions": [extension(_kind)]}
    ONLY_13[f"extension {_kind} with content"] = {
        "extensions": [extension(_kind, b"\0\1x")]}
ONLY_13["extension 0 twice"] = {"extensions": [extension(0)] * 2}
ONLY_13["extension of 5000"] = {"extensions": [extension(0x5a5a,
                                                         bytes(5000))]}
ONLY_13["extension of 60000"] = {"extensions": [extension(0x5a5a,
                                                          bytes(60000))]}
for _suite in SUITES:
    _odd = {"suite": _suite}
    if _suite in SUITES_RSA:
        _odd.update(identity=RSA.leaf(), scheme=0x0804)
    if _suite >> 8 == 0x13:
        ONLY_13[f"suite {_suite:04x}"] = _odd
        ONLY_13[f"suite {_suite:04x}, new keys"] = {
            **_odd, **after(update(), update(b"\1"))}
        ONLY_13[f"suite {_suite:04x}, bent"] = {
            **_odd, **answer(lambda h: bend(h.record(23, REPLY)))}
    else:
        ONLY_12[f"suite {_suite:04x}"] = _odd
        ONLY_12[f"suite {_suite:04x}, not extended"] = {**_odd,
                                                        "extended": False}
        ONLY_12[f"suite {_suite:04x}, bent"] = {
            **_odd, **answer(lambda h: bend(h.record(23, REPLY)))}
        ONLY_12[f"suite {_suite:04x} with a key of another kind"] = {
            **_odd, "identity": RSA.leaf(), "scheme": 0x0804} if (
                _suite not in SUITES_RSA) else {"suite": _suite}
for _suite in NEVER:
    ONLY_12[f"suite {_suite:04x}"] = {"hello": lambda _, f, n=_suite: {
        **f, "suite": n}}
    ONLY_13[f"suite {_suite:04x}"] = ONLY_12[f"suite {_suite:04x}"]
CBC = {
    "padding of 256": lambda w: w.odd_padded(23, REPLY, 240 - 16),
    "padding bent": lambda w: w.odd_padded(23, REPLY, 16, lambda p: bytes(
        [p[0] ^ 1]) + p[1:]),
    "padding of zeros": lambda w: w.odd_padded(
        23, REPLY, 16, lambda p: bytes(len(p) - 1) + p[-1:]),
    "padding longer than the record": lambda w: w.odd_padded(
        23, b"x", 0, lambda p: p[:-1] + b"\xff"),
    "MAC bent": lambda w: w.odd_padded(23, REPLY, mac=bend),
    "MAC cut": lambda w: w.odd_padded(23, REPLY, mac=lambda m: m[:19]),
    "one block": lambda w: w.odd_blocks(23, bytes(16)),
    "two blocks": lambda w: w.odd_blocks(23, bytes(32)),
    "no block": lambda w: w.odd_blocks(23, b""),
    "no whole block": lambda w: b"\x17\3\3\0\x41" + bytes(65),
    "empty records": lambda w: w.protect(23, b"") + w.protect(23, REPLY),
    "17 empty records": lambda w: b"".join(
        w.protect(23, b"") for _ in range(17)) + w.protect(23, REPLY),
    "16384 inside": lambda w: w.odd_padded(23, REPLY + bytes(
        16384 - len(REPLY)), 16),
    "16385 inside": lambda w: w.odd_padded(23, REPLY + bytes(
        16385 - len(REPLY))),
}
for _name, _make in CBC.items():
    ONLY_12["CBC: " + _name] = {
        "suite": 0xc009, "answer": lambda h, make=_make: make(h.writing)}
ONLY_12["CBC: Finished in two records"] = {"suite": 0xc00a, "cut": 7}
