# SPDX-License-Identifier: Apache-2.0
"""--check: each state told apart by its word, its sentence and its exit code,
and never a write."""
import json
import os
import re
import shutil

import pytest

from support import pki
from support.network import tool
from support.product import BINARY, REFUSED, TRUSTED, UNREACHABLE, USAGE

NAME = "check.check.test"
UNUSABLE = 5
DAY = 86400


@pytest.fixture(name="root")
def make_root():
    return pki.root("Check Root", days=400)


@pytest.fixture(name="server")
def make_server(network, serve, root):
    server = serve(root.leaf(NAME, days=90), root)
    network.name(NAME, server.address)
    return server


def check(product, *options, code=None, word=None):
    """Run --check for people and for programs; compare both with CODE and
    WORD, and that nothing was written."""
    before = product.snapshot()
    told = product.run(NAME, "--check", *options)
    done = product.run(NAME, "--check", "--json", *options)
    assert product.snapshot() == before
    assert told.code == done.code == code, (told, done)
    report = json.loads(done.out)
    assert (report["state"], report["exit"]) == (word, code), done
    assert NAME in told.out + told.err
    return told, report


def write(product, name, content, registry=NAME):
    os.makedirs(product.path(registry), exist_ok=True)
    with open(product.path(registry, name), "wb") as file:
        file.write(content)


def test_trusted(product, server, accepts):
    assert product.run(NAME).code == TRUSTED
    told, report = check(product, code=TRUSTED, word="trusted")
    assert told.out.startswith(f"{NAME}: trusted\n")
    assert told.err == ""
    assert report["ends"] is None
    assert accepts(NAME)


def test_a_ca_file_counts_as_in_a_run(product, server, root, tmp_path):
    """A probe runs with the variables of the container that it probes."""
    path, other = tmp_path / "ca.pem", tmp_path / "other.pem"
    path.write_bytes(pki.pem(root.certificate))
    other.write_bytes(pki.pem(pki.root("Other").certificate))
    check(product, f"--ca-file={path}", code=UNUSABLE, word="untrusted")
    env = {"DTR_CA_FILE": str(path)}
    assert product.run(NAME, env=env).code == TRUSTED
    check(product, f"--ca-file={path}", code=TRUSTED, word="trusted")
    done = product.run(NAME, "--check", env=env)
    assert done.code == TRUSTED, done
    told, _ = check(product, f"--ca-file={other}", code=REFUSED,
                    word="refused-pin")
    assert "CA file" in told.err
    env["DTR_OFFLINE"] = "1"
    done = product.run(NAME, "--check", env=env)
    assert (done.code, done.out.count("installed: 1 anchor")) == (TRUSTED, 1)
    assert product.run(NAME, "--show", env=env).code == TRUSTED
    done = product.run(NAME, "--remove", env=env)
    assert done.code == TRUSTED, done
    assert not product.installed(NAME)


def test_trusted_by_a_file_of_another_hand(product, server, root):
    write(product, "corp.crt", pki.pem(root.certificate))
    _told, report = check(product, code=TRUSTED, word="trusted")
    assert report["warnings"] == ["other-crt"]


def test_a_fresh_node_without_certs_d_is_untrusted_and_stays_so(
        product, server):
    """Docker makes /etc/docker, not certs.d."""
    os.rmdir(product.directory)
    done = product.run(NAME, "--check", "--json")
    assert done.code == UNUSABLE, done
    assert json.loads(done.out)["state"] == "untrusted"
    assert not os.path.exists(product.directory)


def test_nothing_installed(product, server, accepts):
    told, report = check(product, code=UNUSABLE, word="untrusted")
    assert not accepts(NAME)
    assert report["installed"] == []
    assert report["docker"]["accepts"] is False
    assert "unknown authority" in told.err
    assert "nothing is installed" in told.out + told.err


def test_changed(product, server, root, accepts):
    assert product.run(NAME).code == TRUSTED
    new = pki.root("New Root")
    server.present(new.leaf(NAME), new)
    told, report = check(product, code=REFUSED, word="changed")
    for certificate in (root.certificate, new.certificate):
        assert pki.fingerprint(certificate) in told.err
    assert "--pin sha256:" + pki.fingerprint(new.certificate) in told.err
    assert [c["fingerprint"] for c in report["installed"]] == [
        "sha256:" + pki.fingerprint(root.certificate)]
    assert not accepts(NAME) and report["docker"]["accepts"] is False


def test_trusted_but_not_what_the_pin_names(product, server, root):
    assert product.run(NAME).code == TRUSTED
    check(product, "--pin", "0" * 64, code=REFUSED, word="refused-pin")
    check(product, "--pin", pki.fingerprint(root.certificate), code=TRUSTED,
          word="trusted")


@pytest.mark.parametrize("leaf_days, root_days, option, word, ends", [
    (90, 400, (), "trusted", None),
    (90, 400, ("--expiry", "80d"), "trusted", None),
    (90, 400, ("--expiry", "100d"), "expiring", 90),
    (20, 400, (), "expiring", 20),
    (20, 400, ("--expiry", "10d"), "trusted", None),
    (90, 10, (), "expiring", 10),
    (20, 10, ("--expiry=48h",), "trusted", None)])
def test_expiring(network, product, serve, leaf_days, root_days, option, word,
                  ends):
    root = pki.root(days=root_days)
    leaf = root.leaf(NAME, days=leaf_days)
    network.name(NAME, serve(leaf, root).address)
    assert product.run(NAME).code == TRUSTED
    told, report = check(product, *option, code=TRUSTED, word=word)
    if ends is None:
        assert report["ends"] is None
        return
    end = (leaf if ends == leaf_days else root).certificate.not_valid_after
    assert report["ends"] == end.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert report["ends"] in told.out + told.err


def test_what_has_ended_is_not_said_to_end_soon(network, product, serve):
    root = pki.root()
    leaf = root.leaf(NAME, start=-10, days=-1)
    network.name(NAME, serve(leaf, root).address)
    done = product.run(NAME, "--pin", pki.fingerprint(root.certificate))
    assert done.code == UNUSABLE
    assert "rests on has ended or ends soon" in " ".join(done.err.split())


def test_expiry_is_there_as_a_variable(product, server):
    assert product.run(NAME).code == TRUSTED
    done = product.run(NAME, "--check", env={"DTR_EXPIRY": "100d"})
    assert "ends" in done.out + done.err
    assert product.run(NAME, "--check", "--expiry", "soon").code == USAGE


def test_an_expired_leaf_is_not_trusted(network, product, serve, root):
    server = serve(root.leaf(NAME), root)
    network.name(NAME, server.address)
    assert product.run(NAME).code == TRUSTED
    server.present(root.leaf(NAME, days=-0.5), root)
    told, _report = check(product, code=UNUSABLE, word="untrusted")
    assert "expired" in told.err


def test_no_end_is_announced_of_what_goes(product, server, root):
    """Neither of an anchor that a change has just replaced, nor of one that
    has just been dropped."""
    over = pki.root("Over", days=-0.5)
    assert product.run(NAME).code == TRUSTED
    with open(product.path(NAME, "ca.crt"), "ab") as file:
        file.write(b"# fingerprint: sha256:%s\n"
                   b"# valid: 2000-01-01T00:00:00Z to 2001-01-01T00:00:00Z\n"
                   % pki.fingerprint(over.certificate).encode() +
                   pki.pem(over.certificate))
    done = product.run(NAME)
    assert done.code == TRUSTED and "dropped" in done.out, done
    assert done.err == ""
    soon = pki.root("Soon", days=5)
    write(product, "ca.crt", pki.pem(soon.certificate))
    pinned = pki.fingerprint(root.certificate)
    done = product.run(NAME, "--on-change", "replace", "--pin", pinned)
    assert done.code == TRUSTED and "installed" in done.out, done
    assert done.err == ""


@pytest.mark.parametrize("what", ["file", "directory"])
def test_a_healthy_node_whose_ca_crt_is_a_link_is_trusted(
        product, server, tmp_path, what):
    """Docker follows it, so it is judged as if it were there; only a write
    would go where nobody asked for it."""
    assert product.run(NAME).code == TRUSTED
    real = tmp_path / "real"
    shutil.move(product.path(NAME), real)
    if what == "directory":
        os.symlink(real, product.path(NAME))
    else:
        os.mkdir(product.path(NAME))
        os.symlink(real / "ca.crt", product.path(NAME, "ca.crt"))
    check(product, code=TRUSTED, word="trusted")
    done = product.run(NAME)
    assert done.code == TRUSTED and "unchanged" in done.out, done


def test_an_anchor_that_no_longer_counts_is_not_what_expires(
        product, server, root):
    """What a rotation has left behind is not what Docker needs."""
    assert product.run(NAME).code == TRUSTED
    with open(product.path(NAME, "ca.crt"), "ab") as file:
        file.write(pki.pem(pki.root("Over", days=-0.5).certificate,
                           pki.root("Nearly Over", days=1).certificate))
    check(product, code=TRUSTED, word="trusted")


SHADOWS = {
    "lone-cert": lambda p: write(p, "client.cert", b"x"),
    "lone-key": lambda p: write(p, "client.key", b"x"),
}


@pytest.mark.parametrize("what", SHADOWS)
def test_shadowed(product, server, what):
    assert product.run(NAME).code == TRUSTED
    SHADOWS[what](product)
    _told, report = check(product, code=UNUSABLE, word="shadowed")
    assert report["warnings"] == [what]


def test_what_one_loader_reads_instead_is_no_shadow_on_all(product, server):
    """docker login and the classic store read ca.crt beside a hosts.toml."""
    assert product.run(NAME).code == TRUSTED
    write(product, "hosts.toml", b"# mine\n")
    told, report = check(product, code=TRUSTED, word="trusted")
    assert report["warnings"] == ["hosts-toml"]
    said = {one["consumer"]: one["answer"] for one in report["consumers"]}
    assert said["docker-login"] == said["docker-pull-classic"] == "accepts"
    assert said["docker-pull-containerd"] == "unchecked"
    assert "containerd store: cannot be told from here" in told.out
    write(product, "hosts.toml", b"")
    _told, report = check(product, code=TRUSTED, word="trusted")
    assert not report["warnings"]


def test_unreachable(network, product, server, accepts):
    assert product.run(NAME).code == TRUSTED
    network.name(NAME, network.address())
    told, report = check(product, code=UNREACHABLE, word="failed")
    assert report["error"]["what"] == "the connection failed"
    assert "the connection failed" in told.err
    network.name("gone.check.test")
    done = product.run("gone.check.test", "--check")
    assert done.code == UNREACHABLE, done


def test_no_name_and_no_tls_are_told_apart(network, product, serve):
    network.names.names.pop(NAME, None)
    _told, report = check(product, code=UNREACHABLE, word="failed")
    assert report["error"]["what"] == "the name has no address"


def test_the_worst_of_several_is_the_exit_code(network, product, server):
    assert product.run(NAME).code == TRUSTED
    network.name("gone.check.test")
    before = product.snapshot()
    done = product.run(NAME, "gone.check.test", "--check")
    assert done.code == UNREACHABLE, done
    assert f"{NAME}: trusted" in done.out
    assert product.snapshot() == before


def test_no_call_that_writes_is_made(product, server):
    """Not only that nothing has changed: nothing was tried."""
    assert product.run(NAME).code == TRUSTED
    for mode in ("--check", "--show"):
        trace = product.directory + "/../trace"
        product.run(NAME, mode, prefix=[
            tool("strace"), "-f", "-qq", "-o", trace, "-e",
            "trace=%file,openat2,fchmod,fchown,ftruncate,flock"])
        with open(trace, encoding="ascii") as file:
            # The probe's 0, 1 and 2.
            calls = "".join(call for call in file if "/dev/null" not in call)
        assert BINARY in calls
        assert not re.search(
            r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_TMPFILE|\b(mkdir|rename|link|"
            r"unlink|symlink|chmod|chown|truncate|fchmod|fchown|utime|flock)",
            calls)


def test_a_read_only_certs_d_can_be_checked(product, server):
    assert product.run(NAME).code == TRUSTED
    prefix = ["unshare", "--mount", "sh", "-c",
              f'mount --bind -o ro {product.directory} {product.directory} '
              '&& exec "$@"', "sh"]
    done = product.run(NAME, "--check", prefix=prefix)
    assert done.code == TRUSTED, done
