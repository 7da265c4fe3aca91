# SPDX-License-Identifier: Apache-2.0
"""A test network that leaves no trace: hosts are namespaces held by processes.

Two hosts on one wire: `registry`, where servers listen, and `machine`, where
Docker and dtr-trust run with an /etc/docker and a resolv.conf of their own.
Nothing has a name in the machine's own file system or network, so that the
kernel removes everything when the holding processes end, also after SIGKILL.
Addresses are documentation addresses (RFC 5737, RFC 3849) only.
"""
import contextlib
import ctypes
import itertools
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time

NETWORK = "198.51.100"
NETWORK6 = "2001:db8:51:"
CONTAINERS = "203.0.113"
MACHINE_ADDRESS = f"{NETWORK}.1"
DNS_ADDRESS = f"{NETWORK}.2"
BLACKHOLE_ADDRESS = f"{NETWORK}.9"
FIRST_HOST, LAST_HOST = 10, 250
# Bounds what hangs, and nothing that a busy machine does late.
HANG_SECONDS = 300

CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent():
    """For preexec_fn: the process must not outlive the test run."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def tool(name):
    """The Debian tool NAME, before anything of that name in /usr/local."""
    return shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin") or name


def children_of(process):
    """The children of PROCESS, a Popen, the oldest first."""
    children = f"/proc/{process.pid}/task/{process.pid}/children"
    try:
        with open(children, encoding="ascii") as file:
            return [int(pid) for pid in file.read().split()]
    except OSError:
        return []


def is_running(pid):
    """The first process of a PID namespace runs until the others ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="latin-1") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def open_files(pid):
    """What the process PID has open, as /proc names it; once it has ended, what
    was seen until then."""
    found = []
    with contextlib.suppress(OSError):
        for fd in os.listdir(f"/proc/{pid}/fd"):
            found.append(os.readlink(f"/proc/{pid}/fd/{fd}"))
    return found


def wait_until(holds, seconds=HANG_SECONDS, pause=0.2):
    """Wait for HOLDS() to give something true; give the last it gave. It is
    asked every PAUSE seconds."""
    end = time.monotonic() + seconds
    while True:
        seen = holds()
        if seen or time.monotonic() > end:
            return seen
        time.sleep(pause)


class Host:
    """Namespaces of one host, alive until close()."""

    def __init__(self, isolate_processes=False):
        unshare = ["unshare", "--mount", "--net", "--fork", "--kill-child"]
        if isolate_processes:
            unshare += ["--pid", "--mount-proc"]
            # bash as first process reaps what daemons leave behind.
            hold = "echo up; sleep infinity & wait"
        else:
            hold = "echo up; exec sleep infinity"
        self.holder = subprocess.Popen(
            unshare + ["bash", "-c", hold],
            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL,
            start_new_session=True, preexec_fn=die_with_parent)
        self.holder.stdout.readline()
        self.pid = children_of(self.holder)[0]
        self.namespaces = ["-m", "-n"] + ["-p"] * isolate_processes
        self.run("ip", "link", "set", "lo", "up")

    def argv(self, *command):
        """COMMAND as an argument vector that enters this host."""
        return ["nsenter", "-t", str(self.pid), *self.namespaces, "--",
                *map(str, command)]

    def run(self, *command, timeout=HANG_SECONDS, check=True, **options):
        """Run COMMAND on this host to its end; text output is captured."""
        # nsenter does not pass on a kill, so the limit sits inside.
        limit = ["timeout", "--signal", "KILL", str(timeout)]
        done = subprocess.run(
            self.argv(*limit, *command), stdin=options.pop(
                "stdin", None if "input" in options else subprocess.DEVNULL),
            capture_output=True, text=True, **options)
        if check and done.returncode:
            raise AssertionError(f"{command}: {done.returncode}\n"
                                 f"{done.stdout}{done.stderr}")
        return done

    def start(self, *command, **options):
        """Start COMMAND on this host; it ends with the test run."""
        return subprocess.Popen(self.argv(*command),
                                stdin=subprocess.DEVNULL,
                                start_new_session=True,
                                preexec_fn=die_with_parent, **options)

    @contextlib.contextmanager
    def network(self):
        """Sockets that this thread makes inside belong to this host."""
        with open("/proc/thread-self/ns/net", "rb") as back, \
                open(f"/proc/{self.pid}/ns/net", "rb") as there:
            if libc.setns(there.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")
            try:
                yield
            finally:
                libc.setns(back.fileno(), CLONE_NEWNET)

    def listen(self, address, port):
        """A listening TCP socket on this host."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with self.network():
            listener = socket.socket(family, socket.SOCK_STREAM)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address, port))
        listener.listen(64)
        return listener

    def close(self):
        """End all processes of this host; may be called again."""
        self.holder.kill()
        self.holder.wait()
        self.holder.stdout.close()
        wait_until(lambda: not is_running(self.pid), 10, 0.01)


class NameServer(threading.Thread):
    """The DNS of the test network: A and AAAA out of one dictionary."""

    TYPES = {1: socket.AF_INET, 28: socket.AF_INET6}

    def __init__(self, host, address):
        super().__init__(daemon=True)
        self.names = {}
        self.asked = []
        with host.network():
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.socket.bind((address, 53))
        self.start()

    def run(self):
        while True:
            try:
                query, peer = self.socket.recvfrom(512)
            except OSError:
                return
            with contextlib.suppress(IndexError, struct.error):
                self.socket.sendto(self.answer(query), peer)

    def answer(self, query):
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1"))
            at += 1 + query[at]
        kind, = struct.unpack_from(">H", query, at + 1)
        name = ".".join(labels).lower()
        self.asked.append(name)
        records = b""
        count = 0
        for address in self.names.get(name, []):
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            if self.TYPES.get(kind) == family:
                data = socket.inet_pton(family, address)
                records += struct.pack(">HHHIH", 0xC00C, kind, 1, 0,
                                       len(data)) + data
                count += 1
        flags = 0x8580 if name in self.names else 0x8583
        return (query[:2] + struct.pack(">HHHHH", flags, 1, count, 0, 0)
                + query[12:at + 5] + records)

    def close(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


class Network:
    """The wire with both hosts on it, and a directory that goes with it."""

    def __init__(self, isolate_processes=False):
        self.cleanup = contextlib.ExitStack()
        try:
            self.set_up(isolate_processes)
        except BaseException:
            self.close()
            raise

    def set_up(self, isolate_processes):
        self.directory = tempfile.mkdtemp(prefix="dtr-trust-bed-")
        self.cleanup.callback(shutil.rmtree, self.directory,
                              ignore_errors=True)
        self.registry = Host()
        self.cleanup.callback(self.registry.close)
        self.machine = Host(isolate_processes)
        self.cleanup.callback(self.machine.close)
        self.connect()
        self.names = NameServer(self.registry, DNS_ADDRESS)
        self.cleanup.callback(self.names.close)
        self.hosts = itertools.cycle(range(FIRST_HOST, LAST_HOST))
        self.give_machine_its_own_files()

    def connect(self):
        subprocess.run(
            ["ip", "link", "add", "wire", "netns", str(self.registry.pid),
             "type", "veth", "peer", "name", "wire", "netns",
             str(self.machine.pid)], check=True)
        addresses = [DNS_ADDRESS] + [f"{NETWORK}.{n}" for n in
                                     range(FIRST_HOST, LAST_HOST)]
        addresses6 = [f"{NETWORK6}:{n}" for n in range(FIRST_HOST, LAST_HOST)]
        self.registry.run("ip", "-batch", "-", input="".join(
            [f"addr add {a}/24 dev wire\n" for a in addresses]
            + [f"addr add {a}/64 dev wire nodad\n" for a in addresses6]
            + ["link set wire up\n",
               f"route add {CONTAINERS}.0/24 via {MACHINE_ADDRESS}\n"]))
        # Frames to a neighbour that does not exist: nobody ever answers.
        self.machine.run("ip", "-batch", "-", input=(
            f"addr add {MACHINE_ADDRESS}/24 dev wire\n"
            f"addr add {NETWORK6}:1/64 dev wire nodad\n"
            "link set wire up\n"
            f"neigh add {BLACKHOLE_ADDRESS} lladdr 02:00:00:00:00:09 "
            "dev wire nud permanent\n"))

    def give_machine_its_own_files(self):
        resolv = self.path("resolv.conf")
        with open(resolv, "w", encoding="ascii") as file:
            file.write(f"nameserver {DNS_ADDRESS}\noptions timeout:2\n")
        self.machine.run("mount", "--bind", resolv,
                         os.path.realpath("/etc/resolv.conf"))
        self.etc_docker = self.path("etc-docker")
        os.mkdir(self.etc_docker)
        os.makedirs("/etc/docker", exist_ok=True)
        self.machine.run("mount", "--bind", self.etc_docker, "/etc/docker")

    def answers(self, port, address=DNS_ADDRESS):
        """Does anybody listen on the registry host?"""
        with self.registry.network():
            probe = socket.socket()
        with probe:
            return probe.connect_ex((address, port)) == 0

    def path(self, *parts):
        """A path in the directory that is removed with the network."""
        return os.path.join(self.directory, *parts)

    def address(self, version=4):
        """An address on the registry host, the one used longest ago."""
        number = next(self.hosts)
        return f"{NETWORK}.{number}" if version == 4 else \
            f"{NETWORK6}:{number}"

    def name(self, name, *addresses):
        """Let NAME resolve to ADDRESSES (none: an empty answer)."""
        self.names.names[name] = list(addresses)
        return name

    def many(self, domain, address, count):
        """COUNT names below DOMAIN that resolve to ADDRESS."""
        return [self.name(f"n{n}.{domain}", address) for n in range(count)]

    def close(self):
        self.cleanup.close()
