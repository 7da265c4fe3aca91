# SPDX-License-Identifier: Apache-2.0
"""DNS that fails: told apart, in time, and never asked behind one's back.

Each case runs the binary in a mount namespace of its own with its own
/etc/resolv.conf and /etc/hosts, and asks servers that the test plays.
"""
import contextlib
import re
import socket
import struct
import threading

import pytest

from support import pki
from support.product import DOCKER, PROMPT_SECONDS, TRUSTED, UNREACHABLE

NAME = "reg.dns.test"
NOERROR, SERVFAIL, NXDOMAIN, REFUSED = 0, 2, 3, 5
TYPE_A, TYPE_CNAME, TYPE_AAAA = 1, 5, 28
TRUNCATED = 0x0200
# musl waits 5 s for silent servers, and the reason takes one more.
SILENCE_SECONDS = 6.0


class Question:
    """One query, and the answers that can be given to it."""

    def __init__(self, packet):
        self.packet = packet
        end = packet.index(b"\0", 12) + 1
        self.kind, = struct.unpack_from(">H", packet, end)
        self.section = packet[12:end + 4]

    def name(self):
        labels, at = [], 0
        while size := self.section[at]:
            labels.append(self.section[at + 1:at + 1 + size].decode())
            at += 1 + size
        return ".".join(labels)

    def answer(self, *records, code=NOERROR, flags=0, identity=None):
        """RECORDS are (type, data)."""
        body = b"".join(struct.pack(">HHHIH", 0xC00C, kind, 1, 0, len(data))
                        + data for kind, data in records)
        identity = self.packet[:2] if identity is None else identity
        return (identity + struct.pack(">HHHHH", 0x8180 | flags | code, 1,
                                       len(records), 0, 0)
                + self.section + body)

    def addresses(self, *addresses):
        """Those of ADDRESSES that the question is for."""
        records = [(TYPE_AAAA, socket.inet_pton(socket.AF_INET6, a))
                   if ":" in a else (TYPE_A, socket.inet_aton(a))
                   for a in addresses]
        return [record for record in records if record[0] == self.kind]


class Server(threading.Thread):
    """A DNS server at ADDRESS; ANSWER(question, tcp) gives bytes or None."""

    def __init__(self, host, address, answer, tcp=False):
        super().__init__(daemon=True)
        self.answer, self.asked = answer, []
        with host.network():
            self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.udp.bind((address, 53))
        self.tcp = host.listen(address, 53) if tcp else None
        self.start()
        if tcp:
            threading.Thread(target=self.serve_tcp, daemon=True).start()

    def run(self):
        with contextlib.suppress(OSError):
            while True:
                packet, peer = self.udp.recvfrom(512)
                if not packet:
                    return
                self.asked.append("udp")
                reply = self.answer(Question(packet), False)
                if reply:
                    self.udp.sendto(reply, peer)

    def serve_tcp(self):
        with contextlib.suppress(OSError, struct.error):
            while True:
                peer, _ = self.tcp.accept()
                with peer, peer.makefile("rb") as stream:
                    while head := stream.read(2):
                        size, = struct.unpack(">H", head)
                        self.asked.append("tcp")
                        reply = self.answer(Question(stream.read(size)), True)
                        if reply:
                            peer.sendall(struct.pack(">H", len(reply)) + reply)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for sock in filter(None, (self.udp, self.tcp)):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        self.join()  # while it reads, the address is taken


@pytest.fixture(name="server")
def make_server(network):
    """server(answer, address=..., tcp=...): a DNS server for this test."""
    with contextlib.ExitStack() as stack:
        def server(answer, address=None, **options):
            address = address or network.address()
            made = Server(network.registry, address, answer, **options)
            made.address = address
            return stack.enter_context(made)
        yield server


@pytest.fixture(name="run")
def make_run(network, product, tmp_path):
    """run(resolv, *arguments, hosts=...): the product with these files in
    place of /etc; None leaves the file out, bytes are its content."""
    def run(resolv, *arguments, hosts=b"", shell=""):
        etc = tmp_path / "etc"
        etc.mkdir(exist_ok=True)
        for name, content in (("resolv.conf", resolv), ("hosts", hosts)):
            if content is not None:
                (etc / name).write_bytes(content)
        prefix = ("unshare", "-m", "sh", "-ec", 'mount --bind "$0" /etc; '
                  + shell + ' exec "$@"', str(etc))
        return product.run(*(arguments or [NAME]), prefix=prefix)
    return run


def resolv(*servers):
    return "".join(f"nameserver {s.address}\n" for s in servers).encode()


def said(done):
    """What was printed, without the breaks between lines."""
    return " ".join(done.err.split())


def assert_said(done, *texts):
    assert done.code == UNREACHABLE, done
    for text in texts:
        assert text in said(done), done


CASES = {
    "no such name": (
        lambda q, tcp: q.answer(code=NXDOMAIN),
        "knows no such name (NXDOMAIN)", 1),
    "a name without address": (
        lambda q, tcp: q.answer(),
        "knows the name but has no address for it", 1),
    "server failure": (
        lambda q, tcp: q.answer(code=SERVFAIL),
        "failed to find out (SERVFAIL)", SILENCE_SECONDS),
    "refused": (
        lambda q, tcp: q.answer(code=REFUSED),
        "refuses to say (REFUSED)", SILENCE_SECONDS),
    "silence": (
        lambda q, tcp: None, "does not answer", SILENCE_SECONDS),
    "an answer to another question": (
        lambda q, tcp: q.answer(*q.addresses("198.51.100.77"),
                                identity=b"\0\0"),
        "does not answer", SILENCE_SECONDS),
    "an alias of itself": (
        lambda q, tcp: q.answer((TYPE_CNAME, b"\xc0\x0c")),
        "has only an alias that leads to no address", 1),
    "a truncated answer that TCP does not give": (
        lambda q, tcp: q.answer(flags=TRUNCATED),
        "has a longer answer than UDP carries, and over TCP came none",
        SILENCE_SECONDS),
    "garbage after the head": (
        lambda q, tcp: q.answer(code=NXDOMAIN)[:12] + b"\xff" * 400,
        "knows no such name (NXDOMAIN)", 1),
}


@pytest.mark.parametrize("case", CASES)
def test_what_dns_does_is_said(server, run, product, case):
    answer, words, seconds = CASES[case]
    one = server(answer)
    done = run(resolv(one))
    assert_said(done, f"{NAME}: {one.address}:53 {words}")
    assert done.seconds < seconds + PROMPT_SECONDS, done
    assert not product.installed(NAME)


def test_every_server_is_named_with_what_it_does(server, run, network):
    good = server(lambda q, tcp: q.answer(code=SERVFAIL))
    nobody = network.address()
    done = run(resolv(good) + f"nameserver {nobody}\n".encode())
    assert_said(done, f"{good.address}:53 failed to find out (SERVFAIL); "
                      f"{nobody}:53 runs no DNS server")


def test_one_good_server_is_enough(server, run, serve):
    root = pki.root()
    registry = serve(root.leaf(NAME), root)
    bad = server(lambda q, tcp: None)
    good = server(lambda q, tcp: q.answer(*q.addresses(registry.address)))
    done = run(resolv(bad, good))
    assert done.code == TRUSTED, done
    assert done.seconds < PROMPT_SECONDS, done


@pytest.mark.parametrize("broken", [
    lambda q: q.answer(code=SERVFAIL), lambda q: q.answer(code=REFUSED),
    lambda q: None], ids=["servfail", "refused", "silent"])
def test_one_family_is_enough(server, run, serve, broken):
    """As it is to Go: load balancers that answer for A alone are many."""
    root = pki.root()
    registry = serve(root.leaf(NAME), root)

    def answer(question, _):
        return (broken(question) if question.kind == TYPE_AAAA
                else question.answer(*question.addresses(registry.address)))
    done = run(resolv(server(answer)) + b"options timeout:1 attempts:1\n")
    assert done.code == TRUSTED, done


def test_a_truncated_answer_reaches_the_registry(server, run, product, serve):
    version = re.search(r"musl (\d+)\.(\d+)\.(\d+)",
                        product.run("--version").out)
    # Before 1.2.4 musl takes what fitted, later it asks again over TCP.
    by_tcp = not version or tuple(map(int, version.groups())) >= (1, 2, 4)
    root = pki.root()
    registry = serve(root.leaf(NAME), root)

    def answer(question, tcp):
        records = question.addresses(registry.address)
        if by_tcp and not tcp:
            records = []
        return question.answer(*records, flags=0 if tcp else TRUNCATED)
    one = server(answer, tcp=True)
    done = run(resolv(one))
    assert done.code == TRUSTED, done
    assert ("tcp" in one.asked) == by_tcp


# The 30 that fit into UDP before musl 1.2.4, 48 of the 100 later.
def test_of_100_addresses_a_bounded_number_is_tried(server, run, network):
    closed = [f"127.1.0.{n}" for n in range(1, 101)]
    many = server(lambda q, tcp: q.answer(
        *q.addresses(*closed), flags=0 if tcp else TRUNCATED)
        if tcp else q.answer(*q.addresses(*closed)[:30]), tcp=True)
    done = run(resolv(many), f"{NAME}:9")
    assert_said(done, "refused by 127.1.0.")
    assert 10 < done.err.count("127.1.0.") <= 32, done
    assert done.seconds < PROMPT_SECONDS, done


def test_families_take_turns(server, run, network):
    v6 = [network.address(6) for _ in range(3)]
    v4 = [network.address() for _ in range(2)]
    both = server(lambda q, tcp: q.answer(*q.addresses(*v6, *v4)))
    done = run(resolv(both), f"{NAME}:9")
    assert_said(done, "refused by ")
    tried = said(done).split("refused by ")[1].split('"')[0].split(", ")
    assert [a[0] == "[" for a in tried] == [True, False, True, False, True]


NO_SERVER = {
    "missing": (None, "", "No such file or directory"),
    "empty": (b"", "", "no nameserver in it"),
    "without nameserver": (b"search a\n#nameserver 198.51.100.2\n", "",
                           "no nameserver in it"),
    "nameserver without address": (b"nameserver dns.example\n", "",
                                   "no nameserver in it"),
    "a directory": (None, "mkdir -p /etc/resolv.conf;", "Is a directory|Permission denied"),
    "a link to itself": (None, "ln -sf resolv.conf /etc/resolv.conf;",
                         "[Ss]ymbolic link"),
}


@pytest.mark.parametrize("case", NO_SERVER)
def test_without_a_server_127_0_0_1_is_not_asked(network, run, case):
    content, shell, words = NO_SERVER[case]
    with Server(network.machine, "127.0.0.1",
                lambda q, tcp: q.answer(*q.addresses("198.51.100.77"))
                ) as local:
        done = run(content, shell=shell)
    assert_said(done, f"{NAME}: not in /etc/hosts, and no DNS server to "
                      "ask: /etc/resolv.conf: ")
    assert re.search(words, said(done)), done
    assert local.asked == []
    assert done.seconds < PROMPT_SECONDS, done


def test_an_unreadable_file_is_said(network, run):
    # Root may read every file; without capabilities only what it owns.
    with Server(network.machine, "127.0.0.1", lambda q, tcp: None) as local:
        done = run(b"nameserver 127.0.0.1\n", shell=(
            "chown 1:1 /etc/resolv.conf; chmod 600 /etc/resolv.conf; "
            "exec setpriv --bounding-set=-all --inh-caps=-all \"$@\";"))
    assert_said(done, "/etc/resolv.conf: Permission denied")
    assert local.asked == []


def test_a_file_that_only_root_reads_is_said_to_be_one(network, run):
    """DNS answers are read as nobody, and so is what says whom to ask."""
    with Server(network.machine, "127.0.0.1", lambda q, tcp: None) as local:
        done = run(b"nameserver 127.0.0.1\n",
                   shell="chmod 600 /etc/resolv.conf;")
    assert_said(done, "/etc/resolv.conf: Permission denied; it is read as "
                      "the user nobody: chmod a+r")
    assert local.asked == []


def test_127_0_0_1_is_asked_where_it_is_named(network, run, serve):
    root = pki.root()
    registry = serve(root.leaf(NAME), root)
    with Server(network.machine, "127.0.0.1", lambda q, tcp: q.answer(
            *q.addresses(registry.address))) as local:
        done = run(b"nameserver 127.0.0.1\n")
    assert done.code == TRUSTED, done
    assert local.asked


def test_a_link_out_of_etc_is_followed(server, run, serve, tmp_path):
    for directory in (tmp_path, *list(tmp_path.parents)[:2]):
        directory.chmod(0o755)
    root = pki.root()
    registry = serve(root.leaf(NAME), root)
    good = server(lambda q, tcp: q.answer(*q.addresses(registry.address)))
    there = tmp_path / "stub-resolv.conf"
    there.write_bytes(resolv(good))
    done = run(None, shell=f"ln -sf {there} /etc/resolv.conf;")
    assert done.code == TRUSTED, done


@pytest.mark.parametrize("servers", [0, 1])
def test_a_name_in_etc_hosts_needs_no_dns(server, run, serve, servers):
    root = pki.root()
    registry = serve(root.leaf(NAME), root)
    silent = [server(lambda q, tcp: None) for _ in range(servers)]
    done = run(resolv(*silent), hosts=(
        f"127.0.0.1 localhost\n{registry.address}\tother {NAME} # x\n"
    ).encode())
    assert done.code == TRUSTED, done
    assert all(not one.asked for one in silent)
    assert done.seconds < PROMPT_SECONDS, done


def test_a_name_behind_a_list_of_hosts_to_block(server, run, serve):
    """Such a list has hundreds of KiB, and Docker reads all of it."""
    root = pki.root()
    registry = serve(root.leaf(NAME), root)
    silent = server(lambda q, tcp: None)
    done = run(resolv(silent), hosts="".join(
        f"0.0.0.0 ads{n}.example.com\n" for n in range(30000)).encode()
        + f"{registry.address} {NAME}\n".encode())
    assert done.code == TRUSTED, done
    assert silent.asked == []


def test_an_address_is_never_asked_of_dns(server, run, serve):
    root = pki.root()
    registry = serve(root.leaf("198.51.100.1"), root)
    silent = server(lambda q, tcp: None)
    done = run(resolv(silent), registry.address)
    assert done.seconds < PROMPT_SECONDS, done
    assert silent.asked == []


def test_a_registry_without_dns_does_not_delay_another(server, run, serve):
    root = pki.root()
    registry = serve(root.leaf(NAME), root)
    silent = server(lambda q, tcp: None)
    done = run(resolv(silent), NAME, "other.dns.test", "--timeout", "3s",
               hosts=f"{registry.address} {NAME}\n".encode())
    assert done.code == UNREACHABLE, done
    assert NAME in done.out, done
    assert done.seconds < 3 + PROMPT_SECONDS, done


# The lines of resolv.conf, the name, and who is asked for, the last of which
# alone has an address. "none" has none, "fails" is a SERVFAIL.
BELOW = {
    "a name with a dot": (
        "search corp.test", "reg.dc1", ["reg.dc1", "reg.dc1.corp.test"]),
    "with many": (
        "domain corp.test", "a.b.c.d", ["a.b.c.d", "a.b.c.d.corp.test"]),
    "the second domain": (
        "search first.test corp.test", "reg.dc1",
        ["reg.dc1", "reg.dc1.first.test", "reg.dc1.corp.test"]),
    "behind one that has no address": (
        "search none.test corp.test", "reg:5000",
        ["reg.none.test", "reg.corp.test"]),
    "behind one that fails": (
        "search fails.test corp.test", "reg:5000",
        ["reg.fails.test", "reg.corp.test"]),
    "below first": (
        "search corp.test\noptions ndots:5", "reg.dc1",
        ["reg.dc1.corp.test"]),
    "then by itself": (
        "search first.test\noptions ndots:5", "reg.corp.test",
        ["reg.corp.test.first.test", "reg.corp.test"]),
    "by itself first, with no dot": (
        "search corp.test\noptions ndots:0", "reg:5000",
        ["reg", "reg.corp.test"]),
}


@pytest.mark.parametrize("case", BELOW)
def test_names_are_looked_up_below_others_as_go_does(server, run, serve, case):
    """musl does not, for a name with a dot; Docker finds the registry there."""
    lines, reference, expected = BELOW[case]
    host, _, port = reference.partition(":")
    root = pki.root()
    registry = serve(root.leaf(host), root, port=int(port or 443))
    asked = []

    def answer(question, _):
        name = question.name()
        if name not in asked:
            asked.append(name)
        if name == expected[-1]:
            return question.answer(*question.addresses(registry.address))
        return question.answer(code=NOERROR if ".none." in name else SERVFAIL
                               if ".fails." in name else NXDOMAIN)
    one = server(answer)
    done = run(resolv(one) + lines.encode() + b"\n", reference)
    assert done.code == TRUSTED, done
    assert asked == expected


def label(size):
    """A domain of SIZE characters."""
    return ".".join(["d" * 60] * 5)[:size]


# What resolv.conf may hold beside corp.test, below which alone reg.dc1 is.
ODD_LINES = {
    "more dots than a number holds":
        "search corp.test\noptions ndots:" + "9" * 40,
    "dots that are no number": "search corp.test\noptions ndots:-3 ndots:",
    "empty labels": "search . .. a..b .corp.test corp..test corp.test",
    "a label of 64": f"search {'b' * 64}.test corp.test",
    "names too long when joined":
        f"search {label(246)} {label(254)} {label(300)} corp.test",
    "hundreds of domains":
        "search " + " ".join(f"s{n}.test" for n in range(300)) + " corp.test",
    "a comment behind it": "search corp.test # the office",
    "lines of Windows": "search corp.test\r\noptions ndots:5\r",
}


def knows(name, registry):
    """Of a server that has this name, with the address of REGISTRY, and no
    other."""
    def answer(question, _):
        if question.name() == name:
            return question.answer(*question.addresses(registry.address))
        return question.answer(code=NXDOMAIN)
    return answer


@pytest.mark.parametrize("case", ODD_LINES)
def test_odd_domains_are_passed_over(server, run, serve, case):
    root = pki.root()
    registry = serve(root.leaf("reg.dc1"), root)

    one = server(knows("reg.dc1.corp.test", registry))
    done = run(resolv(one) + ODD_LINES[case].encode() + b"\n", "reg.dc1")
    assert done.code == TRUSTED, done


def test_it_is_verified_by_the_name_that_docker_uses(
        server, run, serve, product):
    """Not by the one under which DNS knows it."""
    root = pki.root()
    registry = serve(root.leaf("reg.dc1.corp.test"), root)

    one = server(knows("reg.dc1.corp.test", registry))
    done = run(resolv(one) + b"search corp.test\n", "reg.dc1")
    assert done.code == DOCKER, done
    assert "valid for reg.dc1.corp.test, not reg.dc1" in done.err
    assert set(registry.server_names) == {"reg.dc1"}
    assert not product.installed("reg.dc1")


def test_a_silent_server_is_not_asked_below_each_domain(server, run):
    """Until nobody could be told any more that it is silent."""
    silent = server(lambda q, tcp: None)
    done = run(resolv(silent) + b"search a.test b.test c.test d.test\n", NAME,
               "--timeout", "8s")
    assert_said(done, f"{silent.address}:53 does not answer")
