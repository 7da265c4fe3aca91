# SPDX-License-Identifier: Apache-2.0
"""Other people's files in certs.d: each is warned of and left alone, and the
host's own CA store counts. What Docker, containerd and Podman really do with
each is in tests/e2e/test_shadow_consumers.py."""
import json
import os

import pytest

from support import pki
from support.mounts import in_mounts
from support.product import TRUSTED

NAME = "shadow.shadow.test"
PORT = f"{NAME}:443"


@pytest.fixture(name="root")
def make_root():
    return pki.root("Shadow Root")


@pytest.fixture(name="server")
def make_server(network, serve, root):
    server = serve(root.leaf(NAME), root)
    network.name(NAME, server.address)
    return server


def put(product, path, content=b""):
    os.makedirs(os.path.dirname(product.path(path)), exist_ok=True)
    with open(product.path(path), "wb") as file:
        file.write(content)


def stranger(_root):
    return pki.pem(pki.root("Stranger").certificate)


# What is there before -> the warning about it.
OTHERS = {
    f"{NAME}/hosts.toml": ("hosts-toml", "hosts.toml"),
    f"{NAME}/client.cert": ("lone-cert", ".cert"),
    f"{NAME}/client.key": ("lone-key", ".key"),
    f"{NAME}/{NAME}.crt": ("other-crt", ".crt"),
    f"{NAME}/corp.crt": ("other-crt", ".crt"),
    "_default/ca.crt": ("default-hidden", "_default"),
}


def others(product, keep=()):
    """Everything in certs.d but what dtr-trust writes, with its inode."""
    return {path: seen for path, seen in product.snapshot().items()
            if path not in (".", NAME, f"{NAME}/ca.crt", PORT,
                            f"{PORT}/ca.crt", *keep)}


@pytest.mark.parametrize("path", OTHERS)
def test_each_file_is_warned_of_and_left_alone(product, server, root, path):
    word, mentioned = OTHERS[path]
    put(product, path, stranger(root) if path.endswith(".crt") else b"x\n")
    before = others(product)
    # A stranger's certificate is as good as a changed one.
    done = product.run(NAME, "--pin", pki.fingerprint(root.certificate))
    assert mentioned in done.out + done.err
    assert product.anchors(NAME) == [pki.der(root.certificate)]
    assert others(product) == before
    report = json.loads(product.run(NAME, "--json").out)
    assert word in report["warnings"]


def test_a_complete_pair_and_unrelated_files_are_no_warning(product, server):
    for name in ("client.cert", "client.key", "README", "ca.crt.bak"):
        put(product, f"{NAME}/{name}", b"x\n")
    put(product, "other.test/hosts.toml", b"x\n")
    put(product, f"{NAME}_443_/ca.crt", b"x\n")
    done = product.run(NAME, "--json", "--on-change", "add")
    assert done.code == TRUSTED, done
    assert json.loads(done.out)["warnings"] == ["first-use"]


def test_the_directory_that_containerd_asks_first(product, server):
    put(product, f"{NAME}_443_/ca.crt", b"x\n")
    done = product.run(PORT, "--json")
    assert "port-alias" in json.loads(done.out)["warnings"]
    assert "host_port_" in product.run(PORT).out


@pytest.mark.parametrize("what", ["dangling", "directory"])
def test_a_crt_that_cannot_be_read(product, server, what):
    """Docker stops at it; it is not ours to remove."""
    os.mkdir(product.path(NAME))
    path = product.path(NAME, "odd.crt")
    if what == "dangling":
        os.symlink("/nonexistent/odd.crt", path)
    else:
        os.mkdir(path)
    done = product.run(NAME, "--json")
    assert "unread-crt" in json.loads(done.out)["warnings"]
    assert os.path.lexists(path)


@pytest.mark.parametrize("name", ["client.cert", "client.key"])
def test_docker_refuses_because_of_it_and_so_it_is_5(product, server, name):
    """Measured with Docker 20.10: 'missing key' and 'missing client
    certificate' stop every pull, push and login."""
    put(product, f"{NAME}/{name}", b"x\n")
    done = product.run(NAME)
    assert done.code == 5, done
    assert "accepts it" not in done.out
    os.unlink(product.path(NAME, name))
    assert product.run(NAME).code == TRUSTED


def test_podmans_own_directory_is_warned_of(product, server, tmp_path):
    own = tmp_path / "containers"
    (own / "certs.d" / NAME).mkdir(parents=True)
    os.makedirs("/etc/containers", exist_ok=True)
    prefix = in_mounts((own, "/etc/containers"))
    done = product.run(NAME, prefix=prefix)
    assert done.code == TRUSTED, done
    assert "/etc/containers/certs.d" in done.out
    assert "Podman" in done.out
    assert os.listdir(own / "certs.d" / NAME) == []
    assert "Podman" not in product.run(PORT, prefix=prefix).out


@pytest.mark.parametrize("place,reader,answer", [
    ("containers", "podman", "Podman, Buildah, Skopeo, CRI-O: accepts it"),
    ("containerd", "containerd",
     "containerd (kubelet): cannot be told from here")])
def test_a_directory_that_is_not_dockers_is_judged_for_its_own_readers(
        product, server, tmp_path, place, reader, answer):
    """Docker does not read it, and that is no failure of the run."""
    own = tmp_path / place
    (own / "certs.d").mkdir(parents=True)
    os.makedirs(f"/etc/{place}", exist_ok=True)
    prefix = in_mounts((own, f"/etc/{place}"))
    product = product.at(f"/etc/{place}/certs.d")
    for arguments in ((), ("--check",)):
        done = product.run(NAME, *arguments, prefix=prefix)
        assert done.code == TRUSTED, done
        assert answer in done.out
        assert "Docker reads" not in done.out and "not ours" not in done.out
        assert "docker   " not in done.out
    assert ("config_path" in done.out) == (reader == "containerd")
    report = json.loads(product.run(NAME, "--json", prefix=prefix).out)
    assert "containers" not in report["warnings"]
    assert {one["answer"] for one in report["consumers"]
            if one["consumer"] != reader} <= {"refuses", "reads-nothing"}


def test_whether_containerd_reads_dockers_directory_is_not_known(
        product, server):
    """By default its configuration names none."""
    done = product.run(NAME)
    assert "containerd (kubelet)" not in done.out + done.err
    report = json.loads(product.run(NAME, "--json").out)
    said = {one["consumer"]: one for one in report["consumers"]}["containerd"]
    assert said["answer"] == "unchecked" and said["reason"] == "config-path"
    assert "config_path" in said["remedy"]


def test_nothing_is_needed_where_the_host_trusts_it(
        product, server, root, store):
    before = product.snapshot()
    done = product.run(NAME, prefix=store(pki.root(), root))
    assert done.code == TRUSTED, done
    assert "not needed" in done.out
    assert "restart it if the CA is newer there" in done.out
    assert "warning" not in done.out + done.err
    assert product.snapshot() == before
    report = json.loads(product.run(NAME, "--json", prefix=store(root)).out)
    assert report["state"] == "not-needed"
    done = product.run(NAME, "--check", prefix=store(root))
    assert done.code == TRUSTED, done


def test_what_was_asked_for_is_written_all_the_same(
        product, server, root, store, tmp_path):
    done = product.run(NAME, "--pin", pki.fingerprint(root.certificate),
                       prefix=store(root))
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == [pki.der(root.certificate)]
    assert product.run(NAME, "--remove").code == TRUSTED
    path, _ = root.save(str(tmp_path / "ca"))
    done = product.run(NAME, "--ca-file", path, prefix=store(root))
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == [pki.der(root.certificate)]


def test_a_store_that_does_not_cover_it_changes_nothing(
        network, product, server, root, store):
    network.name("other." + NAME, server.address)
    for name, prefix in ((NAME, store(pki.root("Shadow Root"), pki.root())),
                         (NAME, store())):
        done = product.run(name, prefix=prefix)
        assert done.code == TRUSTED, done
        assert product.anchors(name) == [pki.der(root.certificate)]
    # The right CA, but the leaf is for another name: Docker would refuse.
    assert product.run("other." + NAME, prefix=store(root)).code == 5


def test_a_change_is_no_change_where_the_host_trusts_the_new_ca(
        product, server, root, store):
    """The registry moved to a public CA: Docker accepts it already."""
    assert product.run(NAME).code == TRUSTED
    before = product.snapshot()
    public = pki.root("Public Root")
    server.present(public.leaf(NAME))
    done = product.run(NAME, prefix=store(public))
    assert done.code == TRUSTED, done
    assert "not needed" in done.out
    assert product.snapshot() == before
