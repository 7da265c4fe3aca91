# SPDX-License-Identifier: Apache-2.0
"""What may stand in a registry's directory in the place of a plain file, beside
skopeo with that same directory: Podman is never said to do other than it."""
import json
import os
import socket

import pytest

from support import pki
from support.needs import need
from support.network import tool
from support.product import BINARY, DOCKER, TRUSTED, UNWRITTEN
from support.reports import answers, report_of
from support.servers import TlsRegistry

NAME = "sights.dir.test"
# Every Docker refuses, and Podman; Podman goes on; it cannot be told.
ALL, DOCKERS, UNKNOWN, FINE = "RRRRRR", "RRRRRA", "UUUUUU", "AAAAUA"
# containerd's loader passes over directories, and over a .key alone.
LOADERS = "RRAAUR"


@pytest.fixture(name="ca", scope="module")
def make_ca():
    return pki.root("Sights CA")


@pytest.fixture(name="server", autouse=True)
def make_server(network, ca):
    with TlsRegistry(network, ca.leaf(NAME), ca) as server:
        network.name(NAME, server.address)
        yield server


class Place:
    """The registry's directory, and one outside of certs.d."""

    def __init__(self, product, outside, content):
        self.root, self.outside = product.directory, str(outside)
        self.content = content
        os.makedirs(self.outside)

    def path(self, name):
        os.makedirs(os.path.join(self.root, NAME), exist_ok=True)
        return os.path.join(self.root, NAME, name)

    def put(self, name="ca.crt", content=None, at=None):
        path = at or self.path(name)
        with open(path, "wb") as file:
            file.write(self.content if content is None else content)
        return path

    def link(self, to, name="ca.crt"):
        os.symlink(to, self.path(name))


@pytest.fixture(name="place")
def make_place(product, tmp_path, ca):
    return Place(product, tmp_path / "outside", pki.pem(ca.certificate))


@pytest.fixture(name="skopeo")
def make_skopeo(network, product):
    """skopeo(): "A" where it goes on with what is there, else "R"."""
    need("skopeo")

    def skopeo():
        done = network.machine.run(
            tool("skopeo"), "list-tags", "--no-creds", "--cert-dir",
            product.path(NAME), f"docker://{NAME}/tiny", check=False,
            env={"HOME": network.directory})
        return "R" if done.returncode else "A"
    return skopeo


def link_beside(place):
    place.put(at=os.path.join(place.root, "shared.crt"))
    place.link("../shared.crt")


def link_outside(place):
    place.link(place.put(at=place.outside + "/x.crt"))


def links_to_links(place):
    os.symlink(place.put(at=place.outside + "/x"), place.outside + "/y")
    place.link(place.outside + "/y", "z")
    place.link("z")


def linked_directory(place):
    place.put(at=place.outside + "/ca.crt")
    os.symlink(place.outside, os.path.join(place.root, NAME))


def linked_directory_beside(place):
    os.makedirs(os.path.join(place.root, "real"))
    place.put(at=os.path.join(place.root, "real", "ca.crt"))
    os.symlink("real", os.path.join(place.root, NAME))


def lines_of_windows(place):
    place.put(content=place.content.replace(b"\n", b"\r\n"))


@pytest.mark.parametrize("make", [
    link_beside, link_outside, links_to_links, linked_directory,
    linked_directory_beside, lines_of_windows])
def test_a_healthy_directory_is_trusted_and_left(
        product, place, skopeo, make):
    make(place)
    assert skopeo() == "A"
    before = product.snapshot()
    for mode in (["--check"], []):
        done = product.run(NAME, "--json", *mode)
        report = report_of(done)
        assert done.code == TRUSTED, done
        assert report["state"] == ("trusted" if mode else "unchanged")
        assert answers(report) == FINE
    assert product.snapshot() == before


def test_certs_d_itself_may_be_a_link_for_those_who_look(
        product, place, skopeo):
    """Docker follows it. Nothing is written through it."""
    place.put()
    os.rename(place.root, place.outside + "/certs.d")
    os.symlink(place.outside + "/certs.d", place.root)
    assert skopeo() == "A"
    done = product.run(NAME, "--check", "--json")
    assert done.code == TRUSTED and answers(report_of(done)) == FINE, done
    assert product.run(NAME, "--check", "--offline").code == TRUSTED
    done = product.run(NAME)
    assert done.code == UNWRITTEN and "symbolic link" in done.err, done


def folder(place):
    os.mkdir(place.path("x.crt"))


def listener(place):
    directory = os.open(os.path.dirname(place.path("x.crt")), os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"/proc/self/fd/{directory}/x.crt")
    os.close(directory)


def circle(place):
    place.link("x.crt", "x.crt")


def behind_a_file(place):
    place.link("ca.crt/x", "x.crt")


def dangling(place):
    place.link("/nonexistent/x", "x.crt")


@pytest.mark.parametrize("make, expected", [
    (folder, LOADERS), (listener, ALL), (circle, ALL), (behind_a_file, ALL),
    (dangling, DOCKERS)])
def test_another_crt_that_is_none(product, place, skopeo, make, expected):
    place.put()
    make(place)
    done = product.run(NAME, "--check", "--json")
    assert skopeo() == expected[-1]
    report = report_of(done)
    assert (done.code, answers(report)) == (DOCKER, expected)
    assert report["warnings"] == ["unread-crt"]
    assert "(x.crt)" in product.run(NAME, "--check").err


@pytest.mark.parametrize("name", ["ca.crt", "x.crt"])
def test_a_link_out_of_what_is_mounted_is_not_nothing(product, place, name):
    """Run with dockerd 20.10 and skopeo on the host, where it leads to the CA:
    they accept."""
    os.symlink("/usr/local/share/ca-certificates/of-the-host.crt",
               place.path(name))
    mount = ("unshare", "-m", "sh", "-c", 'mount --bind "$0" "$0"; exec "$@"',
             product.directory)
    done = product.run(NAME, "--check", prefix=mount,
                       env={"container": "dtr-trust"})
    text = " ".join((done.out + done.err).split())
    assert "cannot be told from here" in text, done
    assert "nothing is installed" not in text
    assert "nothing that can be seen from here" in text


def test_a_key_alone_stops_who_looks_for_its_certificate(
        product, place, skopeo):
    """Run with dockerd 26.1 and 28.5, both stores, and ctr 1.6: a login is
    stopped, the containerd store, a build and ctr get on."""
    place.put()
    place.put("x.key", b"x\n")
    done = product.run(NAME, "--check", "--json")
    assert skopeo() == "R"
    report = report_of(done)
    assert (done.code, answers(report)) == (DOCKER, LOADERS)
    assert report["warnings"] == ["lone-key"]
    text = " ".join(product.run(NAME).err.split())
    assert "containerd store: accepts it" in text
    assert "docker login: refuses it" in text


def test_default_counts_until_there_is_a_directory(product, place):
    """Run with dockerd 28.5 and ctr 1.6: it is read by containerd's loader.
    """
    os.mkdir(os.path.join(place.root, "_default"))
    done = product.run(NAME, "--check", "--json")
    assert answers(report_of(done)) == "RRUUUR", done
    done = product.run(NAME, "--json")
    assert (done.code, answers(report_of(done))) == (TRUSTED, FINE), done


def test_a_file_masked_with_the_null_device_is_an_empty_one(
        product, place, skopeo):
    place.put()
    os.symlink("/dev/null", place.path("x.crt"))
    os.symlink("/dev/null", place.path("hosts.toml"))
    done = product.run(NAME, "--check", "--json")
    report = report_of(done)
    assert skopeo() == "A"
    assert (done.code, answers(report)) == (TRUSTED, "AARRRA"), done
    assert report["warnings"] == ["void-crt"]


def test_a_pipe_is_not_opened(product, place):
    """Whoever opens one for reading waits for a writer."""
    place.put()
    os.mkfifo(place.path("x.crt"))
    assert answers(report_of(product.run(NAME, "--json"))) == ALL
    os.unlink(place.path("ca.crt"))
    os.mkfifo(place.path("ca.crt"))
    done = product.run(NAME, "--check", "--json")
    assert (done.code, answers(report_of(done))) == (DOCKER, ALL)
    assert product.run(NAME).code == UNWRITTEN


@pytest.mark.parametrize("make", [
    lambda place: place.link("/nonexistent"),
    lambda place: place.link("ca.crt"),
    lambda place: place.link(place.outside),
    lambda place: os.mkdir(place.path("ca.crt"))])
def test_a_ca_crt_that_is_none(product, place, skopeo, make):
    make(place)
    assert skopeo() == "R"
    done = product.run(NAME, "--check", "--json")
    assert (done.code, answers(report_of(done))) == (DOCKER, ALL)
    before = product.snapshot()
    assert product.run(NAME).code == UNWRITTEN
    assert product.snapshot() == before


def test_a_file_in_the_place_of_the_directory(
        product, place, skopeo, ca, store):
    """Also where the host's own store would do."""
    place.put(at=os.path.join(place.root, NAME))
    assert skopeo() == "R"
    for prefix in ([], store(ca)):
        done = product.run(NAME, "--check", "--json", prefix=prefix)
        report = report_of(done)
        assert (done.code, answers(report)) == (DOCKER, ALL)
        assert {c["reason"] for c in report["consumers"]} == {"no-directory"}


PADDING = b"# x\n" * (150 * 1024)


def test_one_larger_than_what_is_read(product, place, skopeo):
    """It may hold the CA: neither accepted nor refused."""
    place.put("big.crt", PADDING + place.content)
    assert skopeo() == "A"
    done = product.run(NAME, "--check")
    assert "what Docker says of it cannot be told here" in done.err
    assert "(big.crt)" in done.err and "refuses" not in done.err
    report = report_of(product.run(NAME, "--check", "--json"))
    assert answers(report) == UNKNOWN
    assert report["warnings"] == ["large-crt"]
    place.put()
    report = report_of(product.run(NAME, "--check", "--json"))
    assert (report["state"], answers(report)) == ("trusted", UNKNOWN)


def test_our_own_larger_than_what_is_read_is_named(product, place):
    place.put(content=PADDING + place.content)
    before = product.snapshot()
    for mode in (["--check"], []):
        done = product.run(NAME, *mode)
        assert done.code == UNWRITTEN and "ca.crt: too large" in done.err
    assert product.snapshot() == before


def test_more_files_than_are_read_are_counted(product, place, skopeo):
    for i in range(32):
        place.put(f"x{i}.crt")
    done = product.run(NAME, "--check")
    assert done.code == TRUSTED, done
    place.put()
    assert skopeo() == "A"
    done = product.run(NAME, "--check")
    assert done.code == UNWRITTEN and "33 .crt files" in done.err, done


@pytest.mark.parametrize("ending", ["pem", "cer"])
def test_a_ca_under_a_name_that_nobody_reads(product, place, skopeo, ending):
    place.put("ca." + ending)
    assert skopeo() == "R"
    done = product.run(NAME, "--check")
    assert done.code == DOCKER and f"(ca.{ending})" in done.err, done
    report = report_of(product.run(NAME, "--check", "--json"))
    assert (answers(report), report["warnings"]) == (ALL, ["unread-ending"])


def test_the_other_spelling_is_another_directory(product, place):
    place.put()
    done = product.run(f"{NAME}:443", "--check")
    assert done.code == DOCKER and f"({NAME})" in done.err, done
    report = report_of(product.run(f"{NAME}:443", "--check", "--json"))
    assert report["warnings"] == ["other-spelling"]


def test_what_this_user_may_not_read(network, ca):
    """Docker, as root, may: neither accepted nor refused."""
    need("setpriv")
    top = os.path.join(network.directory, "open")
    directory = os.path.join(top, "certs.d", NAME)
    os.makedirs(directory)
    os.chmod(network.directory, 0o755)
    closed = os.path.join(directory, "x.crt")
    with open(closed, "wb") as file:
        file.write(pki.pem(ca.certificate))
    os.chmod(closed, 0)
    done = network.machine.run(
        "sh", "-c", 'exec 9<"$1"; shift; exec setpriv --reuid=65534 '
        '--clear-groups /proc/self/fd/9 "$@"', "sh",
        BINARY, "--certs-dir",
        os.path.dirname(directory), "--check", "--json", NAME, check=False)
    report = json.loads(done.stdout)
    assert report["warnings"] == ["denied-crt"], done
    assert answers(report) == UNKNOWN
