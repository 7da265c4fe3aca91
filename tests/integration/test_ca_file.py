# SPDX-License-Identifier: Apache-2.0
"""The operator's own CA file: what is taken from it, what never is, and what
is refused before anything is touched."""
import base64
import json
import os
import re
import signal
import subprocess
import time

import pytest
from cryptography.hazmat.primitives import serialization

from support import pki
from support.network import BLACKHOLE_ADDRESS, open_files, tool
from support.product import DOCKER, REFUSED, TRUSTED, UNREACHABLE, USAGE
from support.servers import Challenging, TlsRegistry

NAME = "file.ca.test"
IN_IMAGE = {"container": "dtr-trust"}


@pytest.fixture(scope="module", name="leaf")
def make_leaf():
    return pki.root("File Root").intermediate("File CA").leaf(NAME)


@pytest.fixture(name="server")
def make_server(network, serve, leaf):
    """NAME, which presents its leaf and its issuer."""
    server = serve(leaf, leaf.issuer)
    network.name(NAME, server.address)
    return server


@pytest.fixture(name="write")
def make_write(tmp_path):
    """write(content): the path of a file that holds it."""
    def write(content):
        path = tmp_path / "ca-file"
        path.write_bytes(content)
        return path
    return write


def pem(*identities):
    return pki.pem(*(i.certificate for i in identities))


def der(*identities):
    return [pki.der(i.certificate) for i in identities]


def key_pem(identity, kind=serialization.PrivateFormat.TraditionalOpenSSL):
    return identity.key.private_bytes(
        serialization.Encoding.PEM, kind, serialization.NoEncryption())


def key_der(identity, kind=serialization.PrivateFormat.PKCS8):
    return identity.key.private_bytes(
        serialization.Encoding.DER, kind, serialization.NoEncryption())


def indented(text):
    return b"".join(b"    " + line for line in text.splitlines(True))


def one_line(certificate):
    body = base64.b64encode(pki.der(certificate))
    return (b"-----BEGIN CERTIFICATE-----\n" + body
            + b"\n-----END CERTIFICATE-----\n")


GOOD = {
    "PEM": pem,
    "DER": lambda ca: pki.der(ca.certificate),
    "CRLF": lambda ca: pem(ca).replace(b"\n", b"\r\n"),
    "a byte order mark": lambda ca: b"\xef\xbb\xbf" + pem(ca),
    "indented": lambda ca: indented(pem(ca)),
    "text around it": lambda ca: b"subject=File CA\n\n" + pem(ca) + b"bye",
    "no line end at the end": lambda ca: pem(ca).rstrip(b"\n"),
    "base64 in one line": lambda ca: one_line(ca.certificate),
    "a key behind it": lambda ca: pem(ca) + key_pem(ca),
    "a PKCS#8 key before it": lambda ca: key_pem(
        ca, serialization.PrivateFormat.PKCS8) + pem(ca),
    "twice": lambda ca: pem(ca, ca),
    "a trusted certificate beside it": lambda ca: pem(pki.root()).replace(
        b" CERTIFICATE", b" TRUSTED CERTIFICATE") + pem(ca),
}


@pytest.mark.parametrize("form", GOOD)
def test_every_form_of_a_ca_file_is_installed(
        product, server, accepts, leaf, write, form):
    done = product.run(NAME, "--ca-file", write(GOOD[form](leaf.issuer)))
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == der(leaf.issuer)
    assert "first use" not in done.err
    assert accepts(NAME)
    with open(product.path(NAME, "ca.crt"), "rb") as file:
        assert b"\r" not in file.read()


def test_what_openssl_prints_with_its_text_is_taken(
        product, server, leaf, write):
    text = subprocess.run([tool("openssl"), "x509", "-text"],
                          input=pem(leaf.issuer), capture_output=True,
                          check=True).stdout
    assert product.run(NAME, "--ca-file", write(text)).code == TRUSTED
    assert product.anchors(NAME) == der(leaf.issuer)


def test_a_bundle_is_installed_whole(product, server, accepts, leaf, write):
    others = [pki.root(f"Other {n}") for n in range(3)]
    ca = leaf.issuer.issuer
    done = product.run(NAME, "--ca-file", write(pem(*others[:2], ca,
                                                    *others[2:])))
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == der(*others[:2], ca, *others[2:])
    assert accepts(NAME)
    again = product.snapshot()
    path = product.directory + "/../ca-file"
    assert product.run(NAME, "--ca-file", path).code == TRUSTED
    assert product.snapshot() == again


def test_standard_input_and_the_variable_name_a_file(
        product, server, leaf, write):
    path = write(pem(leaf.issuer))
    with open(path, "rb") as file:
        done = product.run(NAME, "--ca-file", "-", stdin=file)
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == der(leaf.issuer)
    done = product.run(NAME, env={"DTR_CA_FILE": str(path)})
    assert done.code == TRUSTED, done
    assert "unchanged" in done.out


def test_a_servers_own_file_gives_its_cas_and_never_its_key(
        product, server, accepts, leaf, write):
    """DTR's server.pem: leaf, CA and private key in one file."""
    content = pem(leaf, leaf.issuer) + key_pem(leaf)
    done = product.run(NAME, "--ca-file", write(content))
    assert done.code == TRUSTED, done
    assert "private key" in done.out
    assert product.anchors(NAME) == der(leaf.issuer)
    assert accepts(NAME)
    secret = base64.b64encode(key_der(
        leaf, serialization.PrivateFormat.TraditionalOpenSSL))
    for path in product.snapshot().values():
        assert b"PRIVATE KEY" not in (path[-1] or b"")
        assert secret[8:40] not in (path[-1] or b"")
    assert "PRIVATE KEY" not in done.out + done.err


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(child) for child in file.read().split()]


def memory(pid):
    """All that process PID can read without a system call."""
    with open(f"/proc/{pid}/maps", encoding="ascii") as maps, \
            open(f"/proc/{pid}/mem", "rb", buffering=0) as mem:
        for line in maps:
            span, rights = line.split()[:2]
            start, end = (int(part, 16) for part in span.split("-"))
            if rights[0] != "r" or "[v" in line:
                continue
            mem.seek(start)
            yield mem.read(end - start)


def descriptors(pid):
    """What process PID has open, without numbers."""
    return sorted(name.split(":")[0] for name in open_files(pid))


@pytest.fixture(name="probe")
def make_probe(network, product, leaf, write):
    """The probe of a run with a server.pem as standard input, while it waits
    for a server that never answers."""
    network.name(NAME, BLACKHOLE_ADDRESS)
    with open(write(pem(leaf, leaf.issuer) + key_pem(leaf)), "rb") as file:
        run = product.start(NAME, "--ca-file", "-", "--timeout", "20s",
                            stdin=file)
    pid = None
    try:
        end = time.monotonic() + 10
        while time.monotonic() < end:
            # The first child reads the file, the second asks the server.
            found = children(run.pid)
            if found and "socket" in descriptors(found[0]):
                pid = found[0]
                break
            time.sleep(0.02)
        assert pid, "no probe"
        # It asks DNS, then waits for a connection: one socket at a time.
        time.sleep(0.2)
        os.kill(pid, signal.SIGSTOP)
        yield pid
    finally:
        run.kill()
        run.communicate()


def test_no_probe_has_the_key_in_its_memory(probe, leaf):
    numbers = leaf.key.private_numbers().private_value
    secret = base64.b64decode(b"".join(key_pem(leaf).splitlines()[1:-1]))
    needles = [key_pem(leaf).splitlines()[1][:24],
               b"BEGIN EC PRIVATE KEY", secret[:24], numbers.to_bytes(32, "big")]
    found = bytearray()
    certificate = False
    for part in memory(probe):
        found += bytes([needle in part for needle in needles])
        certificate |= pem(leaf).splitlines()[2] in part
    # What it may know is there: the scan sees the memory.
    assert certificate
    assert not any(found)


def test_no_probe_can_read_the_file_again(probe):
    """Only the report's pipe and the server's socket are open in it: neither
    the file, nor the terminal."""
    assert [d for d in descriptors(probe) if d != "/dev/null"] == [
        "pipe", "socket"]


def broken_base64(ca):
    lines = pem(ca).splitlines(True)
    return b"".join(lines[:3] + [b"!!!!" + lines[3][4:]] + lines[4:])


def openssl(content, *arguments):
    return subprocess.run([tool("openssl"), *arguments], input=content,
                          capture_output=True, check=True).stdout


BAD = {
    "empty": (lambda ca: b"", "empty"),
    "only blanks": (lambda ca: b"\n\n", "no certificate"),
    "no certificate": (lambda ca: b"hello\n", "no certificate"),
    "broken base64": (broken_base64, "cannot be read"),
    "broken DER in PEM": (
        lambda ca: pem(ca).replace(pem(ca)[40:44], b"AAAA"),
        "cannot be read"),
    "broken DER": (lambda ca: pki.der(ca.certificate)[:-9], "certificate"),
    "more behind a DER": (
        lambda ca: pki.der(ca.certificate) + b"\0", "certificate"),
    "one good, one broken": (
        lambda ca: pem(ca) + broken_base64(pki.root()), "1 of its 2"),
    "cut in the middle": (
        lambda ca: pem(ca)[:200], "END"),
    "no END before the next": (
        lambda ca: pem(ca)[:200] + b"\n" + pem(ca), "END"),
    "a key alone": (key_pem, "private key"),
    "a DER key alone": (key_der, "private key"),
    "a SEC 1 DER key alone": (lambda ca: key_der(
        ca, serialization.PrivateFormat.TraditionalOpenSSL), "private key"),
    "an encrypted DER key alone": (lambda ca: ca.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"x")), "private key"),
    "a request": (lambda ca: openssl(
        key_pem(ca), "req", "-new", "-key", "/dev/stdin", "-subj", "/CN=x"),
        "request for a certificate"),
    "a public key": (lambda ca: openssl(key_pem(ca), "ec", "-pubout"),
                     "public key"),
    "a list of revoked certificates": (lambda ca: pem(ca).replace(
        b" CERTIFICATE", b" X509 CRL"), "revoked"),
    "an SSH key": (lambda ca: b"ssh-ed25519 AAAAC3NzaC1lZDI1 a@b\n", "SSH"),
    "a page": (lambda ca: b"<!DOCTYPE html><title>Sign in</title>", "page"),
    "a Secret as JSON": (lambda ca: json.dumps({
        "kind": "Secret", "data": {"ca.crt": base64.b64encode(
            pem(ca)).decode()}}).encode(), "kubectl get secret"),
    "a Secret as YAML": (lambda ca: b"apiVersion: v1\nkind: Secret\n",
                         "kubectl get secret"),
    "a Java key store": (lambda ca: b"\xfe\xed\xfe\xed\0\0\0\2", "keytool"),
    "an empty block": (lambda ca: b"-----BEGIN CERTIFICATE-----\n"
                       b"-----END CERTIFICATE-----\n", "cannot be read"),
    "too large": (lambda ca: pem(ca) + b"x" * (1 << 20), "too large"),
}


# How each is named, and that the command which is printed makes a CA file of it.
CONVERTIBLE = {
    "PKCS#7": (lambda ca: openssl(
        pem(ca), "crl2pkcs7", "-nocrl", "-certfile", "/dev/stdin"), "PKCS#7"),
    "PKCS#7 in DER": (lambda ca: openssl(
        pem(ca), "crl2pkcs7", "-nocrl", "-certfile", "/dev/stdin", "-outform",
        "DER"), "PKCS#7 (DER)"),
    "PKCS#12": (lambda ca: openssl(
        pem(ca), "pkcs12", "-export", "-nokeys", "-passout", "pass:"),
        "PKCS#12"),
    "TRUSTED CERTIFICATE": (lambda ca: openssl(
        pem(ca), "x509", "-trustout", "-addtrust", "serverAuth"),
        "TRUSTED CERTIFICATE"),
    "X509 CERTIFICATE": (lambda ca: pem(ca).replace(
        b" CERTIFICATE", b" X509 CERTIFICATE"), "X509 CERTIFICATE"),
    "UTF-16": (lambda ca: pem(ca).decode().encode("utf-16"), "UTF-16"),
    "base64 of PEM": (lambda ca: base64.b64encode(pem(ca)),
                      "PEM file in base64"),
    "base64 of PEM in lines": (lambda ca: base64.encodebytes(pem(ca)),
                               "PEM file in base64"),
    "base64 of DER": (lambda ca: base64.encodebytes(pki.der(ca.certificate)),
                      "base64 without BEGIN"),
    "literal line ends": (lambda ca: pem(ca).replace(b"\n", b"\\n"),
                          "written out as \\n"),
    "one line by spaces": (lambda ca: pem(ca).replace(b"\n", b" "),
                           "on one line"),
    "one line": (lambda ca: pem(ca).replace(b"\n", b""), "on one line"),
}


@pytest.mark.parametrize("what", CONVERTIBLE)
def test_the_command_that_is_printed_makes_a_ca_file_of_it(
        product, server, leaf, write, tmp_path, what):
    make, word = CONVERTIBLE[what]
    done = product.run(NAME, "--ca-file", write(make(leaf.issuer)))
    assert done.code == USAGE, done
    assert word in done.err
    assert not product.installed(NAME)
    command = re.search(r"^    next +(.*)$", done.err, re.M).group(1)
    made = re.search(r"ca\.(pem|der)$", command).group()
    subprocess.run(["bash", "-c", command], cwd=tmp_path, check=True,
                   input=b"\n", capture_output=True)
    done = product.run(NAME, "--ca-file", tmp_path / made)
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == der(leaf.issuer)


@pytest.mark.parametrize("offline", [False, True], ids=["", "offline"])
@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_before_anything_is_touched(
        network, product, server, leaf, write, what, offline):
    make, word = BAD[what]
    before = product.snapshot()
    asked = len(network.names.asked)
    done = product.run(NAME, "--ca-file", write(make(leaf.issuer)),
                       *["--offline"] * offline)
    assert done.code == USAGE, done
    assert "--ca-file" in done.err and word in done.err
    assert product.snapshot() == before
    assert server.accepted == 0 and len(network.names.asked) == asked


@pytest.mark.parametrize("env, path, word, advice", [
    ({}, "/nonexistent/ca.pem", "No such file", "ls -l /nonexistent/ca.pem"),
    (IN_IMAGE, "/nonexistent/ca.pem", "No such file",
     "-v /path/on/the/host:/nonexistent/ca.pem:ro"),
    ({}, "/etc", "directory", "name a file in it"),
    (IN_IMAGE, "/etc", "directory", "docker run -v made this directory"),
    ({}, "-", "empty", "--ca-file - < FILE"),
    (IN_IMAGE, "-", "empty", "docker run needs -i")])
def test_a_path_that_is_not_there_is_told_where_it_must_be(
        product, server, env, path, word, advice):
    done = product.run(NAME, "--ca-file", path, env=env)
    assert done.code == USAGE, done
    assert word in done.err and advice in done.err, done
    assert ("docker run" in done.err) == bool(env)


@pytest.mark.parametrize("path, word", [
    ("/nonexistent/ca.pem", "No such file"), ("/etc", "directory"),
    ("", "path"), ("-", "empty")])
def test_a_file_that_cannot_be_read_is_a_usage_error(
        network, product, server, path, word):
    before = product.snapshot()
    asked = len(network.names.asked)
    done = product.run(NAME, "--ca-file", path)
    assert done.code == USAGE, done
    assert word in done.err
    assert product.snapshot() == before
    assert server.accepted == 0 and len(network.names.asked) == asked


def test_a_relative_path_is_shown_as_docker_takes_it(product, server):
    """The target of -v must be absolute; the image works in /."""
    done = product.run(NAME, "--ca-file", "ca.pem", env={"container": "dtr-trust"})
    assert done.code == USAGE, done
    assert "-v /path/on/the/host:/ca.pem:ro" in " ".join(done.err.split())


def test_a_file_that_does_not_fit_the_server_is_refused(
        product, server, leaf, write):
    before = product.snapshot()
    for stranger in (pki.root(), pki.root("File CA"),
                     pki.root("File Root").intermediate("File CA")):
        done = product.run(NAME, "--ca-file", write(pem(stranger)))
        assert done.code == REFUSED, done
        assert pki.fingerprint(leaf.certificate) in done.err
        assert product.snapshot() == before


def test_a_file_is_added_to_what_is_installed(
        product, server, accepts, leaf, write):
    """How a new CA is rolled out ahead of the server."""
    assert product.run(NAME).code == TRUSTED
    successor = pki.root("Next Root")
    done = product.run(NAME, "--ca-file",
                       write(pem(successor, leaf.issuer.issuer)))
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == der(successor, leaf.issuer.issuer,
                                        leaf.issuer)
    server.present(successor.leaf(NAME), successor)
    assert accepts(NAME)


def test_an_unreachable_registry_gets_nothing_without_offline(
        network, product, leaf, write):
    network.name("dead.ca.test", network.address())
    done = product.run("dead.ca.test", "--ca-file", write(pem(leaf.issuer)))
    assert done.code == UNREACHABLE, done
    assert not product.installed("dead.ca.test")


def test_offline_installs_without_any_network(product, leaf, write):
    """No interface, no name server; not even a socket is made."""
    trace = product.directory + "/../trace"
    prefix = ["unshare", "--net", tool("strace"), "-f", "-qq", "-e",
              "trace=%network", "-o", trace]
    arguments = [NAME, "[2001:db8::9]:5000", "--offline", "--ca-file",
                 write(pem(leaf, leaf.issuer) + key_pem(leaf))]
    done = product.run(*arguments, prefix=prefix)
    assert done.code == TRUSTED, done
    assert "private key" in done.out
    for registry in (NAME, "[2001:db8::9]:5000"):
        assert product.anchors(registry) == der(leaf.issuer)
    with open(trace, encoding="ascii") as file:
        assert "socket(" not in file.read()
    before = product.snapshot()
    done = product.run(*arguments, prefix=["unshare", "--net"])
    assert done.code == TRUSTED, done
    assert "unchanged" in done.out
    assert product.snapshot() == before


def test_offline_is_there_as_a_variable(product, leaf, write):
    done = product.run(env={
        "DTR_DOMAIN_NAME": NAME, "DTR_OFFLINE": "1",
        "DTR_CA_FILE": str(write(pem(leaf.issuer)))},
        prefix=["unshare", "--net"])
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == der(leaf.issuer)


def test_an_expired_certificate_of_a_bundle_is_left_out_for_good(
        product, server, accepts, leaf, write):
    """Bundles keep what is over: not written by one run and dropped by the
    next."""
    over = pki.root("Over", days=-0.5)
    path = write(pem(over, leaf.issuer))
    done = product.run(NAME, "--ca-file", path)
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == der(leaf.issuer)
    assert accepts(NAME)
    before = product.snapshot()
    for options in ([], [], ["--offline"]):
        done = product.run(NAME, "--ca-file", path, *options)
        assert done.code == TRUSTED and "unchanged" in done.out, done
        assert product.snapshot() == before


@pytest.mark.parametrize("kind", ["stdin", "fifo"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_wait_for_a_file_that_does_not_come(
        product, tmp_path, kind, number):
    path = "-"
    if kind == "fifo":
        path = str(tmp_path / "fifo")
        os.mkfifo(path)
    process = product.start(NAME, "--ca-file", path, stdin=subprocess.PIPE)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.5)
    process.send_signal(number)
    try:
        assert process.wait(timeout=10) == 128 + number
    finally:
        process.kill()
        process.communicate()
    assert os.listdir(product.directory) == []


def test_a_file_that_comes_slowly_is_read_to_its_end(
        product, leaf, tmp_path):
    path = str(tmp_path / "fifo")
    os.mkfifo(path)
    text = pem(leaf.issuer)
    process = product.start(NAME, "--offline", "--ca-file", path)
    with open(path, "wb", buffering=0) as file:
        for part in (text[:100], text[100:300], text[300:]):
            file.write(part)
            time.sleep(0.1)
    out, err = process.communicate(timeout=10)
    assert process.returncode == TRUSTED, out + err
    assert product.anchors(NAME) == [pki.der(leaf.issuer.certificate)]


@pytest.mark.parametrize("is_known", [False, True])
def test_what_is_offered_for_a_ca_that_is_not_sent_is_not_refused(
        product, server, leaf, write, is_known):
    """A pin of it would be: the server sends no such certificate."""
    root, other = leaf.issuer.issuer, pki.root("Before")
    if is_known:
        server.present(other.leaf(NAME), other)
        assert product.run(NAME).code == TRUSTED
        server.present(leaf, leaf.issuer)
    path = write(pem(root))
    done = product.run(NAME, "--check", "--ca-file", str(path))
    assert done.code == (REFUSED if is_known else DOCKER), done
    command, = done.commands()
    done = product.run(*command[2:])
    assert done.code == TRUSTED, done
    assert product.anchors(NAME)[:1] == der(root)


def test_what_is_offered_for_a_service_is_not_refused(
        network, product, write):
    """A file with both CAs, neither of which is sent."""
    ca, token_ca = pki.root("Registry CA"), pki.root("Token CA")
    with TlsRegistry(network, token_ca.leaf("auth." + NAME)) as auth, \
            Challenging(network, ca.leaf(NAME),
                        realm=f"https://auth.{NAME}/") as server:
        network.name("auth." + NAME, auth.address)
        network.name(NAME, server.address)
        path = write(pem(ca, token_ca))
        done = product.run(NAME, "--check", "--ca-file", str(path))
        assert done.code == DOCKER and done.commands(), done
        for command in done.commands():
            done = product.run(*command[2:])
            assert done.code == TRUSTED, done
    assert sorted(product.anchors(NAME)) == sorted(der(ca, token_ca))
