# SPDX-License-Identifier: Apache-2.0
"""Odd answers to GET /v2/, as net/http and Docker's challenge parser read them;
see oddities.py."""

API = b"Docker-Distribution-Api-Version: registry/2.0\r\n"
LENGTH = b"Content-Length: 2\r\n"


def ok(fields=b"", body=b"{}", status=b"HTTP/1.1 200 OK\r\n", length=LENGTH):
    return status + length + fields + b"\r\n" + body


def asks(*challenges):
    return ok(b"".join(b"WWW-Authenticate: " + c + b"\r\n"
                       for c in challenges),
              status=b"HTTP/1.1 401 Unauthorized\r\n")


BEARER = b'Bearer realm="https://auth.example.com/token",service="r"'
STATUS = {
    "HTTP/1.0": b"HTTP/1.0 200 OK", "HTTP/2.0": b"HTTP/2.0 200 OK",
    "HTTP/1.2": b"HTTP/1.2 200 OK", "HTTP/0.9": b"HTTP/0.9 200 OK",
    "HTTP/1": b"HTTP/1 200 OK", "HTTP/1.10": b"HTTP/1.10 200 OK",
    "HTTP/01.1": b"HTTP/01.1 200 OK", "http/1.1": b"http/1.1 200 OK",
    "no reason": b"HTTP/1.1 200", "a blank and no reason": b"HTTP/1.1 200 ",
    "two blanks": b"HTTP/1.1  200 OK", "tab": b"HTTP/1.1\t200 OK",
    "four digits": b"HTTP/1.1 0200 OK", "two digits": b"HTTP/1.1 20 OK",
    "a sign": b"HTTP/1.1 +20 OK", "minus": b"HTTP/1.1 -20 OK",
    "letters": b"HTTP/1.1 2OO OK", "no status": b"HTTP/1.1 ",
    "blank before": b" HTTP/1.1 200 OK", "reason of octets":
    b"HTTP/1.1 200 \xff\0\x01", "status 0": b"HTTP/1.1 000 OK",
    "status 299": b"HTTP/1.1 299 OK", "status 204": b"HTTP/1.1 204 OK",
    "status 304": b"HTTP/1.1 304 OK", "status 600": b"HTTP/1.1 600 OK",
    "status 999": b"HTTP/1.1 999 OK", "status 101": b"HTTP/1.1 101 Switch",
    "SSH": b"SSH-2.0-OpenSSH", "an HTTP/2 frame": b"\0\0\0\4\0\0\0\0\0",
    "status glued": b"HTTP/1.1200 OK", "ICY": b"ICY 200 OK",
}
FIELDS = {
    "folded": b"X-A: b\r\n c\r\n",
    "no colon": b"X-A\r\n", "empty name": b": x\r\n",
    "blank before colon": b"X-A : b\r\n", "blank in name": b"X A: b\r\n",
    "tab in name": b"X\tA: b\r\n", "NUL in value": b"X-A: \0\r\n",
    "NUL in name": b"X\0A: b\r\n",
    "DEL in value": b"X-A: \x7f\r\n", "high octets": b"X-A: \xff\xfe\r\n",
    "high octets in name": b"X\xff: a\r\n", "colon alone": b":\r\n",
    "two lengths alike": LENGTH, "two lengths": b"Content-Length: 3\r\n",
    "chunked and length": b"Transfer-Encoding: chunked\r\n",
    "coding unknown": b"Transfer-Encoding: gzip\r\n",
    "coding twice": b"Transfer-Encoding: chunked\r\n" * 2,
    "codings in one": b"Transfer-Encoding: gzip, chunked\r\n",
    "coding identity": b"Transfer-Encoding: identity\r\n",
    "coding upper": b"Transfer-Encoding: CHUNKED\r\n",
    "coding empty": b"Transfer-Encoding:\r\n",
    "trailer of length": b"Trailer: Content-Length\r\n"
    b"Transfer-Encoding: chunked\r\n",
    "17 KiB": b"X-A: " + b"a" * 17408 + b"\r\n",
    "1000 fields": b"X-A: b\r\n" * 1000,
    "connection upgrade": b"Connection: upgrade\r\nUpgrade: h2c\r\n",
    "percent": b"X-%: a\r\n", "quote in name": b'X"A: b\r\n',
    "brackets in name": b"X(A): b\r\n",
}
CHALLENGES = {
    "bearer": (BEARER,), "basic": (b'Basic realm="r"',),
    "none": (), "unknown": (b'Digest realm="r"',), "empty": (b"",),
    "basic alone": (b"Basic",), "bearer alone": (b"Bearer",),
    "bearer lower": (b"bearer" + BEARER[6:],),
    "bearer upper": (b"BEARER" + BEARER[6:],),
    "basic and bearer": (b'Basic realm="r"', BEARER),
    "bearer and basic": (BEARER, b'Basic realm="r"'),
    "both in one": (BEARER + b', Basic realm="r"',),
    "both in one, basic first": (b'Basic realm="r", ' + BEARER,),
    "two bearers": (BEARER, BEARER.replace(b"auth", b"other")),
    "bearer without realm": (b'Bearer service="r"',),
    "bearer, realm empty": (b'Bearer realm=""',),
    "bearer, realm last": (b'Bearer service="r",realm="https://a.example/t"',),
    "bearer, realm twice": (
        b'Bearer realm="https://a.example/t",realm="https://b.example/t"',),
    "bearer, Realm": (b'Bearer Realm="https://a.example/t"',),
    "bearer, realm unquoted": (b"Bearer realm=https://a.example/t",),
    "bearer, realm token": (b"Bearer realm=abc",),
    "bearer, realm cut": (b'Bearer realm="https://a.example/t',),
    "bearer, realm escaped": (b'Bearer realm="https:\\/\\/a.example\\/t"',),
    "bearer, realm relative": (b'Bearer realm="/token"',),
    "bearer, realm of userinfo": (b'Bearer realm="https://u:p@a.example/t"',),
    "bearer, realm of IPv6": (b'Bearer realm="https://[2001:db8::1]:5/t"',),
    "bearer, realm of port 0": (b'Bearer realm="https://a.example:0/t"',),
    "bearer, realm of port 70000": (
        b'Bearer realm="https://a.example:70000/t"',),
    "bearer, realm of http": (b'Bearer realm="http://a.example/t"',),
    "bearer, realm of ftp": (b'Bearer realm="ftp://a.example/t"',),
    "bearer, realm upper": (b'Bearer realm="HTTPS://A.EXAMPLE/t"',),
    "bearer, two blanks": (b'Bearer  realm="https://a.example/t"',),
    "bearer, tab": (b'Bearer\trealm="https://a.example/t"',),
    "bearer, blanks": (b'Bearer realm = "https://a.example/t"',),
    "bearer, semicolons": (
        b'Bearer service="r"; realm="https://a.example/t"',),
    "bearer, no comma": (b'Bearer service="r" realm="https://a.example/t"',),
    "bearer, comma first": (b'Bearer ,realm="https://a.example/t"',),
    "bearer, token68": (b'Bearer abc==',),
    "bearer, quoted comma": (
        b'Bearer scope="a,b",realm="https://a.example/t"',),
    "comma": (b',Bearer realm="https://a.example/t"',),
}


def length(value):
    return ok(length=b"Content-Length: " + value + b"\r\n")


ANSWERS = {f"status line, {n}": ok(status=s + b"\r\n")
           for n, s in STATUS.items()}
ANSWERS.update({f"fields, {n}": ok(f) for n, f in FIELDS.items()})
ANSWERS.update({f"challenge, {n}": asks(*c) for n, c in CHALLENGES.items()})
ANSWERS.update({
    "fields, bare LF": ok().replace(b"\r\n", b"\n"),
    "fields, folded first": b"HTTP/1.1 200 OK\r\n X: a\r\n" + LENGTH
    + b"\r\n{}",
    "fields, CR alone": ok().replace(b"\r\n", b"\r"),
    "length, two in one": length(b"2, 2"), "length, negative": length(b"-2"),
    "length, letters": length(b"two"), "length, plus": length(b"+2"),
    "length, empty": length(b""), "length, hexadecimal": length(b"0x2"),
    "length, blanks": length(b"   2   "), "length, too large": length(
        b"99999999999999999999"), "length, of 63 bits": length(
            b"9223372036854775807"),
    "length, more than comes": length(b"200"),
    "body chunked": ok(length=b"Transfer-Encoding: chunked\r\n",
                       body=b"2\r\n{}\r\n0\r\n\r\n"),
    "body chunked, malformed": ok(length=b"Transfer-Encoding: chunked\r\n",
                                  body=b"x\r\n{}\r\n"),
    "body without length": ok(length=b""),
    "body of HTML": ok(b"Content-Type: text/html\r\n"),
    "cut in the status line": b"HTTP/1.1 200", "cut behind it":
    b"HTTP/1.1 200 OK\r\n", "cut in a field": b"HTTP/1.1 200 OK\r\nX-A: b",
    "cut before the end": b"HTTP/1.1 200 OK\r\nX-A: b\r\n",
    "cut in a length": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r",
    "empty line before": b"\r\n" + ok(),
    "100 before": b"HTTP/1.1 100 Continue\r\n\r\n" + ok(),
    "103 before": b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok(),
    "five 103 before": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 5 + ok(),
    "six 103 before": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 6 + ok(),
    "103 malformed before": b"HTTP/1.1 103 Early Hints\r\nX\r\n\r\n" + ok(),
    "103 alone": b"HTTP/1.1 103 Early Hints\r\n\r\n",
    "garbage": b"garbage\r\n\r\n", "a NUL": b"\0", "one octet": b"H",
    "an HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/2 settings": b"\0\0\x06\4\0\0\0\0\0\0\3\0\0\0\x64",
})
ONLY_13 = {f"answer: {name}": {"answer": lambda h, data=data:
                               h.records(23, data)}
           for name, data in ANSWERS.items()}
