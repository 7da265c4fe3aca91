# SPDX-License-Identifier: Apache-2.0
"""Registries behind an HTTP proxy: tinyproxy, and proxies that misbehave.

The names here stand in the proxy's own /etc/hosts and in no DNS, so that who
reaches them has gone through it. The choice of a proxy by NO_PROXY is a table
in tests/data, which tests/unit/test_route.c compares; here is its wiring.
"""
import contextlib
import re
import time

import pytest

from support import pki, servers
from support.needs import need
from support.network import BLACKHOLE_ADDRESS, tool
from support.product import PROMPT_SECONDS, TRUSTED, UNREACHABLE

PORT = 3128
PASSWORD = "s3cret"


class TinyProxy:
    """tinyproxy on the registry host, with names of its own."""

    def __init__(self, network, directory, settings=""):
        self.address = network.address()
        self.log = directory / "log"
        self.hosts = directory / "hosts"
        config = directory / "conf"
        self.log.touch(mode=0o666)
        self.log.chmod(0o666)
        self.hosts.write_text("127.0.0.1 localhost\n", encoding="ascii")
        config.write_text(
            f"Port {PORT}\nListen {self.address}\nTimeout 30\n"
            f'LogFile "{self.log}"\nLogLevel Connect\nMaxClients 20\n'
            + settings, encoding="ascii")
        self.process = network.registry.start(
            "unshare", "-m", "sh", "-c", 'mount --bind "$0" /etc/hosts; '
            'exec "$@"', self.hosts, tool("tinyproxy"), "-d", "-c", config)
        self.wait(network)

    def wait(self, network):
        end = time.monotonic() + 5
        while network.machine.run("bash", "-c", "exec 2>&-; "
                                  f": </dev/tcp/{self.address}/{PORT}",
                                  check=False).returncode:
            assert time.monotonic() < end, "tinyproxy does not listen"
            time.sleep(0.05)

    def url(self, user=""):
        return f"http://{user}{self.address}:{PORT}"

    def name(self, name, address):
        with self.hosts.open("a", encoding="ascii") as file:
            file.write(f"{address} {name}\n")
        return name

    def asked(self):
        """What it was asked to connect to."""
        return re.findall(r": CONNECT (\S+) HTTP",
                          self.log.read_text(errors="replace"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


@pytest.fixture(name="proxy")
def make_proxy(network, tmp_path):
    """proxy(settings): a tinyproxy for this test."""
    need("tinyproxy")
    with contextlib.ExitStack() as stack:
        def proxy(settings=""):
            directory = tmp_path / "proxy"
            directory.mkdir()
            tmp_path.chmod(0o755)
            return stack.enter_context(
                TinyProxy(network, directory, settings))
        yield proxy


def through(proxy, no_proxy="", user=""):
    return {"HTTPS_PROXY": proxy.url(user), "NO_PROXY": no_proxy}


@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize("port", [443, 5000])
def test_a_registry_behind_a_proxy(network, product, serve, proxy, version,
                                   port):
    root = pki.root()
    tiny = proxy()
    registry = serve(root.leaf("reg.proxied.test"), root, port=port,
                     address=network.address(version))
    tiny.name("reg.proxied.test", registry.address)
    reference = "reg.proxied.test" + ("" if port == 443 else f":{port}")
    done = product.run(reference, env=through(tiny))
    assert done.code == TRUSTED, done
    assert product.anchors(reference) == [pki.der(root.certificate)]
    assert registry.server_names[0] == "reg.proxied.test"
    assert tiny.asked()[0] == f"reg.proxied.test:{port}"
    assert "reg.proxied.test" not in network.names.asked


def test_an_address_behind_a_proxy(network, product, serve, proxy):
    root = pki.root()
    tiny = proxy()
    registry = serve(root.leaf("x.test"), root, address=network.address(6))
    product.run(f"[{registry.address}]", env=through(tiny))
    assert tiny.asked()[0] == f"[{registry.address}]:443"
    assert registry.accepted > 0


def test_the_lower_case_variable_counts(product, serve, proxy):
    root = pki.root()
    tiny = proxy()
    registry = serve(root.leaf("reg.proxied.test"), root)
    tiny.name("reg.proxied.test", registry.address)
    done = product.run("reg.proxied.test", env={
        "https_proxy": tiny.url(), "HTTPS_PROXY": ""})
    assert done.code == TRUSTED, done
    assert tiny.asked()


@pytest.mark.parametrize("no_proxy", [
    ".proxied.test", "other.test, REG.proxied.test:443", "*"])
def test_no_proxy_goes_straight(network, product, serve, no_proxy):
    root = pki.root()
    registry = serve(root.leaf("reg.proxied.test"), root)
    network.name("reg.proxied.test", registry.address)
    done = product.run("reg.proxied.test", env={
        "HTTPS_PROXY": f"http://{BLACKHOLE_ADDRESS}:{PORT}",
        "NO_PROXY": no_proxy})
    assert done.code == TRUSTED, done


def test_a_network_in_no_proxy_goes_straight(network, product, serve, proxy):
    tiny = proxy()
    root = pki.root()
    registry = serve(root.leaf("x.test"), root)
    product.run(registry.address, env=through(tiny, "198.51.100.0/24"))
    assert registry.accepted > 0
    assert not tiny.asked()


def test_credentials_open_the_proxy(product, serve, proxy):
    root = pki.root()
    tiny = proxy(f"BasicAuth user {PASSWORD}\n")
    registry = serve(root.leaf("reg.proxied.test"), root)
    tiny.name("reg.proxied.test", registry.address)
    done = product.run("reg.proxied.test",
                       env=through(tiny, user="user:%733cret@"))
    assert done.code == TRUSTED, done


@pytest.mark.parametrize("user, said", [
    ("", "wants a user name and password"),
    (f"wrong:{PASSWORD}@", "refuses the user name and password"),
])
def test_wrong_credentials_are_said_and_not_shown(product, serve, proxy, user,
                                                  said):
    tiny = proxy("BasicAuth user other\n")
    done = product.run("reg.proxied.test", env=through(tiny, user=user))
    assert done.code == UNREACHABLE, done
    assert said in done.err, done
    assert PASSWORD not in done.err + done.out
    assert not product.installed("reg.proxied.test")


def test_a_port_that_the_proxy_does_not_allow(product, proxy):
    tiny = proxy("ConnectPort 443\n")
    done = product.run("reg.proxied.test:5000", env=through(tiny))
    assert done.code == UNREACHABLE, done
    assert "asked for reg.proxied.test:5000, does not allow it" in done.err


def test_a_registry_that_the_proxy_cannot_reach(network, product, proxy):
    tiny = proxy()
    tiny.name("reg.proxied.test", network.address())
    done = product.run("reg.proxied.test", env=through(tiny))
    assert done.code == UNREACHABLE, done
    assert "asked for reg.proxied.test:443" in done.err, done


def test_a_proxy_that_is_not_there(network, product):
    address = network.address()
    done = product.run("reg.proxied.test", env={
        "HTTPS_PROXY": f"http://{address}:{PORT}"})
    assert done.code == UNREACHABLE, done
    assert f"refused by {address}:{PORT}" in done.err, done


@pytest.mark.parametrize("value", [
    f"https://user:{PASSWORD}@proxy", f"http://user:{PASSWORD}@proxy:99999",
    f"socks5://user:{PASSWORD}@proxy", f"http://user:{PASSWORD}"])
def test_a_proxy_url_that_is_none_is_refused_and_not_shown(product, value):
    done = product.run("reg.proxied.test", env={"HTTPS_PROXY": value})
    assert done.code == UNREACHABLE, done
    assert "HTTPS_PROXY is no proxy URL" in done.err
    assert PASSWORD not in done.err + done.out


def reply(data):
    def misbehave(connection):
        servers.read_hello(connection)
        connection.sendall(data)
        servers.until_closed(connection)
    return misbehave


OPEN = b"HTTP/1.1 200 Connection established\r\n"
RUDE = {
    "silent": (servers.stay_silent, "did not answer to CONNECT"),
    "closes": (servers.close_at_once, "ended the connection"),
    "resets": (servers.reset, "ended the connection"),
    "garbage": (servers.send_garbage, "is no HTTP proxy"),
    "ssh": (servers.greet_as_ssh, 'is no HTTP proxy: "SSH-2.0-OpenSSH'),
    "a TLS server": (servers.alert(40), "is no HTTP proxy"),
    "a web server": (servers.answer_plain_http, "HTTP/1.1 400 Bad Request"),
    "an endless header": (
        reply(OPEN + b"X-Pad: " + b"x" * (1 << 20)), "longer than 16384"),
    "a drip": (servers.drip(OPEN * 10), "did not answer to CONNECT"),
    "more than its reply": (
        reply(OPEN + b"\r\n" + b"\x16\x03\x03\0\x02\2\0"), "7 bytes of its"),
    "terminal escapes": (
        reply(b"HTTP/1.1 500 \x1b]0;owned\x07\r\n\r\n"),
        r"HTTP/1.1 500 \x1b]0;owned\x07"),
    "opens and closes": (reply(OPEN + b"\r\n"), "reg.proxied.test"),
}


@pytest.mark.parametrize("case", RUDE)
def test_a_bad_proxy_is_a_bounded_failure_without_a_file(
        network, product, case):
    misbehave, said = RUDE[case]
    with servers.RudeServer(network, misbehave, port=PORT) as server:
        done = product.run("reg.proxied.test", "--timeout", "2s", env={
            "HTTPS_PROXY": f"http://{server.address}:{PORT}"})
    assert done.code == UNREACHABLE, done
    assert said in done.err, done
    assert done.seconds < PROMPT_SECONDS, done
    assert not product.installed("reg.proxied.test")
