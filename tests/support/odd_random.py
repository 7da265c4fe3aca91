# SPDX-License-Identifier: Apache-2.0
"""Oddities by chance, each the same for the same seed: one to three changes of
what an ordinary server does; see scripts/handshake-oracle."""
import random

from support.odd_keys import number, vector
from support.odd_records import KNOWN
from support.odd_tls import REPLY, RETRY, extension, message

BODIES = (b"", b"\0", b"\1", b"\0\0", b"\0\1", b"\0\1x", b"\0\2\0\0", b"\3\4",
          b"\3\3", b"\1\0\0\1x", b"\0\3\2h2", b"\0\x09\x08http/1.1",
          b"\0\x1d", b"\0\x17", b"\0\x1d\0\1x", b"\1\0", b"\2\0\1", b"\1\1",
          b"\0\2\4\3", b"\0\4\0\2ab", b"\0\6\0\4name", bytes(4), b"\xff" * 8)
KINDS = (0, 1, 2, 4, 5, 8, 11, 12, 13, 14, 15, 16, 20, 22, 24, 25, 67, 99, 254)
ALERTS = (0, 10, 20, 40, 42, 46, 70, 80, 86, 90, 100, 109, 112, 116, 120, 255)
GROUPS = (0, 1, 23, 24, 25, 29, 30, 256, 0x0a0a)


def mutation(rng):
    """A change of octets, and its name."""
    at = rng.choice((rng.randrange(0, 6), rng.randrange(0, 80),
                     -rng.randrange(1, 6), -rng.randrange(1, 80)))
    what = rng.choice(("set", "flip", "insert", "delete", "cut", "more",
                       "double"))
    value = rng.choice((0, 1, 2, 3, 4, 5, 0x10, 0x40, 0x7f, 0x80, 0xff,
                        rng.randrange(256)))
    size = rng.choice((1, 1, 2, 3, 4, 8))

    def change(data):
        index = at % max(len(data), 1)
        if what == "set":
            return data[:index] + bytes([value]) + data[index + 1:]
        if what == "flip":
            return data[:index] + bytes(
                o ^ 1 << value % 8 for o in data[index:index + 1]) \
                + data[index + 1:]
        if what == "insert":
            return data[:index] + bytes([value]) * size + data[index:]
        if what == "delete":
            return data[:index] + data[index + size:]
        if what == "cut":
            return data[:index]
        if what == "more":
            return data + bytes([value]) * size
        return data + data[index:]
    return change, f"{what} {size} of {value:02x} at {at}"


def body_of(rng):
    return rng.choice((rng.choice(BODIES), rng.randbytes(
        rng.choice((1, 2, 3, 4, 6, 10, 33, 64, 300)))))


def extension_of(rng):
    kind = rng.choice((*KNOWN, 43, 51, 16, 11, 35, 5, 23, 0xff01, 0x0a0a))
    return extension(kind, body_of(rng))


def message_of(rng):
    return message(rng.choice(KINDS), rng.choice((
        body_of(rng), b"\0" + vector(2, extension_of(rng)),
        vector(2, extension_of(rng)), b"\1\x40" + vector(2, b"\4\3")
        + vector(2, body_of(rng)))))


def record_of(rng):
    """A record as it stands under what is in force: type and content."""
    kind = rng.choice((20, 21, 21, 22, 22, 23, 24, 25))
    if kind == 21:
        return kind, bytes([rng.choice((0, 1, 1, 2, 3)), rng.choice(ALERTS)])
    if kind == 22:
        return kind, message_of(rng)
    return kind, rng.choice((b"", b"\1", b"\1\1", b"\2", b"x", bytes(100)))


def clear_of(rng):
    kind, data = record_of(rng)
    version = rng.choice((0x0303, 0x0303, 0x0303, 0x0301, 0x0300, 0x0304,
                          0x0200))
    return bytes([kind]) + number(version) + vector(2, data)


def on(hook):
    def make(rng):
        change, name = mutation(rng)
        return {hook: lambda _, data: change(data)}, f"{hook}: {name}"
    return make


def hello(rng):
    kind = rng.randrange(4)
    more = [extension_of(rng) for _ in range(rng.choice((1, 1, 2)))]
    at = rng.choice((0, 99))
    name = rng.choice(("version", "suite", "compression", "session",
                       "random"))
    value = {"version": rng.choice((0x0301, 0x0302, 0x0304, 0x0300, 0xfefd)),
             "suite": rng.choice((0x1302, 0x1303, 0xc02c, 0xcca9, 0xc009,
                                  0x1301, 0xc02b, 0x009c, 0xc030)),
             "compression": rng.choice((1, 64, 255)),
             "session": rng.choice((b"", b"s" * 32, b"s")),
             "random": rng.choice((
                 RETRY, bytes(24) + b"DOWNGRD" + bytes([rng.randrange(4)]),
                 b"\xff" * 32))}[name]

    def change(_, f):
        if kind == 0:
            return {**f, name: value}
        listed = list(f["extensions"])
        if kind == 3:
            del listed[at % max(len(listed), 1)]
        listed[at:at] = more
        return {**f, "extensions": listed}
    return {"hello": change}, (
        f"hello: {name} {value!r}" if kind == 0 else
        f"hello: {'less and ' if kind == 3 else ''}"
        f"{[m.hex() for m in more]} at {at}")


def flight(rng):
    what = rng.choice(("change", "change", "insert", "insert", "drop", "twice",
                       "swap", "kind", "length"))
    at = rng.randrange(6)
    octets, name = mutation(rng)
    new, kind = message_of(rng), rng.choice(KINDS)

    def change(_, m):
        m = list(m)
        i = at % len(m)
        if what == "change":
            m[i] = message(m[i][0], octets(m[i][4:]))
        elif what == "insert":
            m.insert(i, new)
        elif what == "drop":
            del m[i]
        elif what == "twice":
            m.insert(i, m[i])
        elif what == "swap":
            m[i], m[i - 1] = m[i - 1], m[i]
        elif what == "kind":
            m[i] = bytes([kind]) + m[i][1:]
        else:
            m[i] = m[i][:3] + bytes([(m[i][3] + at - 2) % 256]) + m[i][4:]
        return m
    return {"flight": change}, (
        f"flight: {what} {at} {name if what == 'change' else ''}"
        f"{new.hex() if what == 'insert' else ''}"
        f"{kind if what == 'kind' else ''}")


def clear(hook):
    def make(rng):
        data = b"".join(clear_of(rng) for _ in range(rng.choice((1, 1, 2, 17))))
        return {hook: data}, f"{hook}: {data[:40].hex()}"
    return make


def amid(hook):
    """Records under what is in force, before or behind what is sent."""
    def make(rng):
        records = [record_of(rng) for _ in range(rng.choice((1, 1, 2, 3)))]
        behind, is_clear = rng.randrange(2), rng.randrange(4) == 0
        raw = clear_of(rng)

        def change(h, sent):
            more = raw if is_clear else b"".join(
                h.record(k, d) for k, d in records)
            return sent + more if behind else more + sent
        return {hook: change}, (
            f"{hook}: {'behind' if behind else 'before'} "
            f"{raw.hex() if is_clear else [(k, d.hex()) for k, d in records]}")
    return make


def answer(rng):
    records = [record_of(rng) for _ in range(rng.choice((1, 1, 2, 3, 17)))]
    at, cut = rng.randrange(len(records) + 1), rng.choice((0, 17, len(REPLY)))

    def send(h):
        parts = [h.record(23, REPLY[:cut])] if cut else []
        parts += [h.record(k, d) for k, d in records[:at]]
        parts += [h.record(23, REPLY[cut:])] if cut < len(REPLY) else []
        return b"".join(parts + [h.record(k, d) for k, d in records[at:]])
    return {"answer": send}, (
        f"answer: {cut} {at} {[(k, d.hex()) for k, d in records][:3]}")


def request(rng):
    body = rng.choice((
        b"\0" + vector(2, b"".join(extension_of(rng) for _ in range(2))),
        b"\0" + vector(2, extension(13, b"\0\2\4\3") + extension_of(rng)),
        b"\1\x40" + vector(2, b"\4\3") + vector(2, body_of(rng)),
        b"\1\x40" + vector(2, body_of(rng)) + b"\0\0",
        vector(1, body_of(rng)[:200]) + vector(2, b"\4\3") + b"\0\0",
        body_of(rng)))
    return {"request": body}, f"request: {body.hex()}"


def listed(rng):
    more = [extension_of(rng) for _ in range(rng.choice((1, 2)))]
    return {"extensions": more}, f"extensions: {[m.hex() for m in more]}"


def retry(rng):
    group = rng.choice(GROUPS)
    more = [extension_of(rng) for _ in range(rng.choice((0, 1, 1)))]
    drop = rng.choice((9, 9, 9, 0, 1))
    own = {"retry": group, "retry hello": lambda _, f: {
        **f, "extensions": [e for i, e in enumerate(f["extensions"])
                            if i != drop] + more}}
    if rng.randrange(3) == 0:
        own["retry after"] = clear_of(rng)
    if rng.randrange(4) == 0:
        own["retry tail"] = message_of(rng)
    return own, (f"retry: {group} without {drop} {[m.hex() for m in more]} "
                 f"{own.get('retry after', b'').hex()} "
                 f"{own.get('retry tail', b'').hex()}")


def value(key, *values):
    def make(rng):
        one = rng.choice(values)
        return {key: one}, f"{key}: {one!r}"
    return make


BOTH = (hello, hello, flight, flight, request, answer, answer, amid("sent"),
        amid("sent"), clear("before hello"), on("hello body"),
        on("certificate"), on("signature"), on("finished"),
        value("cut", 1, 2, 3, 5, 50, 300),
        value("scheme", 0x0503, 0x0603, 0x0203, 0x0804, 0x0401, 0x0807, 0))
ONLY_12 = (on("exchange"), on("exchange"), on("point"), amid("last"),
           amid("change"), clear("before change"), clear("change"),
           value("extended", False, True), value("group", *GROUPS),
           value("suite", 0xc02c, 0xcca9, 0xc009, 0xc00a),
           value("record version", 0x0301, 0x0304, 0x0300))
ONLY_13 = (listed, listed, retry, retry, on("proof"), on("point"),
           clear("after hello"), clear("after hello"),
           value("group", *GROUPS), value("suite", 0x1302, 0x1303))


def odd_of(seed):
    """An oddity, and what it is in words."""
    rng = random.Random(seed)
    version = rng.choice((12, 13))
    moves = BOTH + (ONLY_12 if version == 12 else ONLY_13)
    odd, names = {"version": 12} if version == 12 else {}, []
    for _ in range(rng.choice((1, 1, 2, 3))):
        own, name = rng.choice(moves)(rng)
        if not own.keys() & odd.keys():
            odd.update(own)
            names.append(name)
    return odd, f"{'1.2' if version == 12 else '1.3'} {'; '.join(names)}"
