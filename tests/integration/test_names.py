# SPDX-License-Identifier: Apache-2.0
"""Which names are registries, where they lead, and which are refused."""
import json

import pytest

from support import pki
from support.mounts import in_mounts
from support.product import DOCKER, TRUSTED, USAGE


@pytest.fixture(scope="module", name="authority")
def make_authority():
    return pki.root("Names Root")


def serve_name(network, serve, authority, name, port=443):
    server = serve(authority.leaf(name), authority, port=port)
    network.name(name, server.address)
    return server


def is_installed(product, authority, registry):
    return product.installed(registry) and product.anchors(registry) == [
        pki.der(authority.certificate)]


def test_a_dns_name_is_sent_as_server_name(
        network, product, serve, authority):
    server = serve_name(network, serve, authority, "sni.name.test")
    assert product.run("sni.name.test").code == TRUSTED
    assert set(server.server_names) == {"sni.name.test"}
    assert is_installed(product, authority, "sni.name.test")


@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize("port", [443, 5000])
def test_an_address_works_and_is_not_sent_as_server_name(
        network, product, serve, accepts, authority, version, port):
    address = network.address(version)
    server = serve(authority.leaf(address), authority, address=address,
                   port=port)
    registry = f"[{address}]" if version == 6 else address
    if port != 443:
        registry += f":{port}"

    done = product.run(registry)

    assert done.code == TRUSTED, done
    assert set(server.server_names) == {None}
    assert is_installed(product, authority, registry)
    # The reference grammar of Debian 12's skopeo has no IPv6 yet.
    assert version == 6 or accepts(registry)


@pytest.mark.parametrize("registry", [
    "text.name.test", "text.name.test:443", "TEXT.name.test"])
def test_the_directory_is_the_references_own_text(
        network, product, serve, accepts, authority, registry):
    serve_name(network, serve, authority, "text.name.test")
    assert product.run(registry).code == TRUSTED
    assert set(product.snapshot()) == {".", registry,
                                       registry + "/ca.crt"}
    assert accepts(registry)


def test_a_port_leads_to_that_port(network, product, serve, authority):
    server = serve_name(network, serve, authority, "port.name.test", 65535)
    assert product.run("port.name.test:65535").code == TRUSTED
    assert server.accepted
    assert is_installed(product, authority, "port.name.test:65535")


@pytest.mark.parametrize("text", [
    "https://url.name.test:5000/v2/team/image",
    "https://url.name.test:5000/", "https://url.name.test:5000"])
def test_a_pasted_url_is_understood(
        network, product, serve, authority, text):
    serve_name(network, serve, authority, "url.name.test", 5000)
    assert product.run(text).code == TRUSTED
    assert is_installed(product, authority, "url.name.test:5000")


@pytest.mark.parametrize("value", [
    "one.name.test two.name.test:5000", "one.name.test,two.name.test:5000",
    "  one.name.test , two.name.test:5000 ",
    "one.name.test,one.name.test two.name.test:5000"])
@pytest.mark.parametrize("how", ["variable", "arguments"])
def test_several_registries(network, product, serve, authority, value, how):
    one = serve_name(network, serve, authority, "one.name.test")
    serve_name(network, serve, authority, "two.name.test", 5000)
    if how == "variable":
        done = product.run(env={"DTR_DOMAIN_NAME": value})
    else:
        done = product.run(*value.replace(",", " ").split())
    assert done.code == TRUSTED, done
    assert is_installed(product, authority, "one.name.test")
    assert is_installed(product, authority, "two.name.test:5000")
    # A name given twice is still one registry.
    lines = [line for line in done.out.splitlines()
             if line.startswith("one.name.test")]
    assert len(lines) == 1, done
    assert one.accepted == len(one.server_names)


def test_arguments_win_over_the_variable(network, product, serve, authority):
    serve_name(network, serve, authority, "arg.name.test")
    other = serve_name(network, serve, authority, "env.name.test")
    done = product.run("arg.name.test",
                       env={"DTR_DOMAIN_NAME": "env.name.test"})
    assert done.code == TRUSTED, done
    assert is_installed(product, authority, "arg.name.test")
    assert not other.accepted


LONG_LABEL = "a" * 64
LONG_NAME = ".".join(["a" * 49] * 6)
NOT_REGISTRIES = [
    "", ".", "..", "../reg.test", "/", "/etc", "reg.test/..", "a/b",
    "reg.test/image", ".reg.test", "reg..test", "reg.test.",
    "https://reg .test", "reg.test\x01", "reg\x1b[31m.test", "reg.test\x7f",
    "r\u00e9g.test", "reg_.test", "_reg.test", "reg_5000_", "-reg.test",
    "reg-.test", LONG_LABEL + ".test", LONG_NAME, "reg.test:", "reg.test:0",
    "reg.test:65536", "reg.test:99999999999999999999", "reg.test:+443",
    "reg.test:-1", "reg.test:0443", "reg.test:443x", "reg.test:443:443",
    ":443", "user@reg.test", "https://user:pw@reg.test/", "https://",
    "https:///v2/", "[::1", "::1", "2001:db8::1", "[2001:db8::1]443",
    "[2001:db8::g]", "[2001:db8::1%eth0]", "[]", "[]:443", "[1.2.3.4]",
    "[1:2:3:4:5:6:7:8:9]", "[1::2::3]", "1.2.3.4.5", "256.1.1.1",
    "1.2.3", "reg.test?x", "reg.test#x", "reg;test", "reg$(id).test",
    "*.reg.test", "reg.test\\x"]


@pytest.mark.parametrize("text", NOT_REGISTRIES, ids=ascii)
def test_what_is_no_registry_is_refused_before_anything_is_touched(
        network, product, serve, authority, text):
    server = serve_name(network, serve, authority, "good.name.test")
    asked, before = len(network.names.asked), product.snapshot()

    done = product.run("good.name.test", text)

    assert done.code == USAGE, done
    assert not done.out
    assert not set(done.err) - set(map(chr, range(0x20, 0x7f))) - {"\n"}
    assert server.accepted == 0
    assert len(network.names.asked) == asked
    assert product.snapshot() == before


@pytest.mark.parametrize("value", ["good.name.test,..", "good.name.test /etc",
                                   ",", " ", ""], ids=ascii)
def test_the_variable_is_read_as_strictly(
        network, product, serve, authority, value):
    server = serve_name(network, serve, authority, "good.name.test")
    before = product.snapshot()
    done = product.run(env={"DTR_DOMAIN_NAME": value})
    assert done.code == USAGE, done
    assert server.accepted == 0
    assert product.snapshot() == before


@pytest.mark.parametrize("arguments", [
    ["--no-such-option"], ["--timeout"], ["--timeout", "fast"],
    ["--timeout", "-1s"], ["--timeout", "0s"], ["--on-change", "maybe"],
    ["--timeout", "99999999999999999h"]], ids=" ".join)
def test_a_wrong_option_is_refused_before_anything_is_touched(
        network, product, serve, authority, arguments):
    server = serve_name(network, serve, authority, "good.name.test")
    done = product.run("good.name.test", *arguments)
    assert done.code == USAGE, done
    assert done.err
    assert server.accepted == 0


def test_help_and_version_need_no_registry(product):
    done = product.run("--help")
    assert done.code == 0
    assert "DTR_DOMAIN_NAME" in done.out
    for option in ("--timeout", "--certs-dir", "--on-change", "--version"):
        assert option in done.out
    done = product.run("--version")
    assert done.code == 0
    assert "mbedTLS" in done.out or "Mbed TLS" in done.out


def test_a_name_that_does_not_exist_says_so(network, product):
    done = product.run("nowhere.name.test")
    assert done.code == 1, done
    assert "nowhere.name.test" in done.out + done.err
    assert not product.installed("nowhere.name.test")


@pytest.mark.parametrize("name", [
    "Listed.Name.test", "listed.name.test", "LISTED.name.test"])
def test_the_case_of_a_name_in_etc_hosts_does_not_count(
        network, product, serve, authority, tmp_path, name):
    """As Go's resolver and glibc's read it; and it counts before DNS."""
    server = serve(authority.leaf("listed.name.test"), authority)
    network.name("listed.name.test")
    hosts = tmp_path / "hosts"
    hosts.write_text(f"127.0.0.1 localhost\n{server.address} "
                     "other.test Listed.Name.test # mine\n")
    done = product.run(name, prefix=in_mounts((hosts, "/etc/hosts")))
    assert done.code == TRUSTED, done
    assert is_installed(product, authority, name)


@pytest.mark.parametrize("name", ["[{}]:443", "MYREG"])
def test_a_name_that_not_every_release_takes_in_a_reference(
        network, product, serve, accepts, authority, name):
    """Run: docker pull of 20.10, and skopeo 1.9 to 1.22, say "invalid
    reference format", docker pull of 26.1 and 28.5 asks the registry."""
    address = network.address(6)
    name = name.format(address)
    server = serve(authority.leaf("myreg" if name == "MYREG" else address),
                   authority, address=address)
    network.name("myreg", server.address)
    code = {}
    for release in ("20.10", "28.5"):
        done = product.run(name, "--json", "--docker", release)
        said = {one["consumer"]: one["answer"]
                for one in json.loads(done.out)["consumers"]}
        assert said["docker-login"] == "accepts"
        assert said["podman"] == "reads-nothing"
        assert said["docker-pull-classic"] == (
            "accepts" if release == "28.5" else "reads-nothing")
        code[release] = done.code
    assert code == {"20.10": DOCKER, "28.5": TRUSTED}
    with pytest.raises(AssertionError, match="invalid reference format"):
        accepts(name)
