# SPDX-License-Identifier: Apache-2.0
"""--remove: what dtr-trust wrote, and nothing else."""
import os

import pytest

from support import pki
from support.product import TRUSTED, UNWRITTEN, USAGE
from support.reports import report_of

NAME = "remove.remove.test"


@pytest.fixture(name="root")
def make_root():
    return pki.root("Remove Root")


@pytest.fixture(name="server")
def make_server(network, serve, root):
    server = serve(root.leaf(NAME), root)
    network.name(NAME, server.address)
    return server


def write(product, registry, name, content):
    os.makedirs(product.path(registry), exist_ok=True)
    with open(product.path(registry, name), "wb") as file:
        file.write(content)


def remove(product, *arguments):
    done = product.run(*(arguments or [NAME]), "--remove")
    assert done.code == TRUSTED, done
    return done


def test_what_was_installed_goes_with_its_directory(
        product, server, accepts):
    assert product.run(NAME).code == TRUSTED
    asked = server.accepted
    done = remove(product)
    assert done.out.startswith(f"{NAME}: removed")
    assert os.listdir(product.directory) == []
    assert server.accepted == asked
    assert not accepts(NAME)
    assert "nothing to remove" in remove(product).out


def test_other_files_stay_and_keep_the_directory(product, server, root):
    assert product.run(NAME).code == TRUSTED
    write(product, NAME, "corp.crt", pki.pem(root.certificate))
    write(product, NAME, "client.cert", b"x")
    remove(product)
    assert sorted(os.listdir(product.path(NAME))) == [
        "client.cert", "corp.crt"]


def test_it_does_not_claim_more_than_it_did(product, server, root, accepts):
    """corp.crt goes on to make Docker trust the registry."""
    assert product.run(NAME).code == TRUSTED
    write(product, NAME, "corp.crt", pki.pem(root.certificate))
    done = remove(product)
    assert accepts(NAME)
    assert "no longer trusts" not in done.out
    assert "another .crt" in done.out


def beside(ours, theirs):
    return theirs + ours


def behind(ours, theirs):
    return ours + b"# mine\n" + theirs


def remarked(ours, _):
    """Which makes it somebody's text: only our own form is ours."""
    return ours.replace(b"# subject", b"# mine\n# subject")


def from_windows(ours, _):
    return ours.replace(b"\n", b"\r\n")


@pytest.mark.parametrize("how", ["--remove", "--prune"])
@pytest.mark.parametrize("edit", [beside, behind, remarked, from_windows])
def test_what_stays_in_ca_crt_is_said_to_be_trusted(
        product, server, root, accepts, tmp_path, edit, how):
    assert product.run(NAME).code == TRUSTED
    with open(product.path(NAME, "ca.crt"), "rb") as file:
        ours = file.read()
    write(product, NAME, "ca.crt", edit(ours, pki.pem(root.certificate)))
    (tmp_path / "list").write_text("other.test\n")
    arguments = [how, NAME] if how == "--remove" else [
        how, "--registries", str(tmp_path / "list")]
    done = product.run(*arguments)
    assert accepts(NAME)
    if how == "--remove" or edit not in (remarked, from_windows):
        assert "another .crt than dtr-trust writes" in done.out, done
    assert "nothing of dtr-trust" not in done.out
    done = product.run("--remove", NAME)
    assert "nothing here is as dtr-trust writes it" in done.out, done
    assert "another .crt than dtr-trust writes" in done.out, done
    os.unlink(product.path(NAME, "ca.crt"))
    assert "another .crt" not in product.run("--remove", NAME).out


@pytest.mark.parametrize("content", [
    b"", b"# Written by hand\n", b"-----BEGIN CERTIFICATE-----\n"])
def test_a_file_of_another_hand_stays(product, server, root, content):
    write(product, NAME, "ca.crt", content + pki.pem(root.certificate))
    before = product.snapshot()
    assert "nothing to remove" in remove(product).out
    assert product.snapshot() == before


CORPORATE = b"# corporate root, do not delete, ticket 4711\n"


def columns(certificate, width, end=b"\n"):
    """The PEM of CERTIFICATE in lines of WIDTH characters."""
    begin, *body, last = pki.pem(certificate).splitlines()
    text = b"".join(body)
    lines = [text[at:at + width] for at in range(0, len(text), width)]
    return end.join([begin, *lines, last]) + end


@pytest.mark.parametrize("form", [
    lambda pem, one: CORPORATE + pem(one, 64),
    lambda pem, one: pem(one, 64, b"\r\n"),
    lambda pem, one: pem(one, 48) + b"between\n" + pem(one, 96),
    lambda pem, one: pem(one, 64).rstrip(b"\n"),
    lambda pem, one: CORPORATE * 2 + pem(one, 64) + b"\n\nafter"])
def test_an_operators_own_file_comes_back_to_the_byte(
        product, server, root, accepts, form):
    """Adopted, added to by a pin, and left as it was."""
    mine = form(columns, pki.root("Corporate Root").certificate)
    write(product, NAME, "ca.crt", mine)
    pin = ["--pin", "sha256:" + pki.fingerprint(root.certificate)]
    for said in ("installed", "unchanged"):
        done = product.run(NAME, *pin)
        assert done.code == TRUSTED, done
        assert said in done.out, done
        with open(product.path(NAME, "ca.crt"), "rb") as file:
            assert file.read().startswith(mine)
    assert accepts(NAME)
    remove(product)
    with open(product.path(NAME, "ca.crt"), "rb") as file:
        assert file.read() == mine


def test_what_is_no_certificate_is_moved_aside_and_named(
        product, server):
    """Text in our own section, which would stop containerd by itself."""
    assert product.run(NAME).code == TRUSTED
    with open(product.path(NAME, "ca.crt"), "ab") as file:
        file.write(b"# ticket 4711\n")
    done = remove(product)
    aside, = os.listdir(product.path(NAME))
    assert aside != "ca.crt"
    assert f" moved aside {product.path(NAME, aside)}:" in " ".join(
        done.out.split())


def test_other_registries_stay(network, product, server, root):
    others = [f"{NAME}:5000", f"other-{NAME}", "[2001:db8::1]:5000"]
    assert product.run(NAME).code == TRUSTED
    for other in others:
        with open(product.path(NAME, "ca.crt"), "rb") as file:
            write(product, other, "ca.crt", file.read())
    remove(product)
    assert sorted(os.listdir(product.directory)) == sorted(others)
    remove(product, ",".join(others))
    assert os.listdir(product.directory) == []


@pytest.mark.parametrize("given, other", [
    (NAME, f"{NAME}:443"), (f"{NAME}:443", NAME)])
def test_the_other_name_of_the_same_registry_goes_too(
        product, server, root, given, other):
    assert product.run(other).code == TRUSTED
    remove(product, given)
    assert os.listdir(product.directory) == []

    write(product, other, "ca.crt", pki.pem(root.certificate))
    before = product.snapshot()
    remove(product, given)
    assert product.snapshot() == before


def test_what_went_under_both_names_is_warned_of_no_more(product, server, root):
    """The warning is of a directory that is there, as others' may be."""
    for name in (NAME, f"{NAME}:443"):
        assert product.run(name).code == TRUSTED
    done = remove(product)
    assert "another directory" not in done.out, done
    assert os.listdir(product.directory) == []

    write(product, f"{NAME}:443", "ca.crt", pki.pem(root.certificate))
    assert product.run(NAME).code == TRUSTED
    assert "another directory" in remove(product).out


@pytest.mark.parametrize("at", [[NAME], [f"{NAME}:443"],
                                [NAME, f"{NAME}:443"], []])
def test_json_has_each_file_that_went(product, server, at):
    for name in at:
        assert product.run(name).code == TRUSTED
    files = [product.path(name, "ca.crt") for name in at]
    report = report_of(remove(product, NAME, "--json"))
    assert report["state"] == ("removed" if at else "absent")
    assert report["file"] == (files or [product.path(NAME, "ca.crt")])[0]
    assert report["also_removed"] == (files[1] if len(files) > 1 else None)


@pytest.mark.parametrize("installed", [False, True])
def test_litter_of_a_killed_run_goes_too(product, server, installed):
    if installed:
        assert product.run(NAME).code == TRUSTED
        write(product, NAME, ".dtr-trust.new", b"-----BEGIN CERT")
    write(product, ".dtr-trust.new.d", "ca.crt", b"half")
    remove(product)
    assert os.listdir(product.directory) == []


def test_certificates_that_were_left_by_the_old_tool_stay(
        product, server, root):
    """nicolaka/dtr-trust wrote NAME.crt: reported, never touched."""
    assert product.run(NAME).code == TRUSTED
    write(product, NAME, f"{NAME}.crt", pki.pem(root.certificate))
    remove(product)
    assert os.listdir(product.path(NAME)) == [f"{NAME}.crt"]


@pytest.mark.parametrize("what", ["directory", "file"])
def test_a_symbolic_link_is_not_followed(product, server, tmp_path, what):
    target = tmp_path / "elsewhere"
    target.mkdir()
    assert product.run(NAME).code == TRUSTED
    os.rename(product.path(NAME, "ca.crt"), target / "ca.crt")
    if what == "directory":
        os.rmdir(product.path(NAME))
        os.symlink(target, product.path(NAME))
    else:
        os.symlink(target / "ca.crt", product.path(NAME, "ca.crt"))
    done = product.run(NAME, "--remove")
    assert done.code == UNWRITTEN, done
    assert "symbolic link" in done.err
    assert (target / "ca.crt").exists()


def test_only_registries_can_be_named(product, server):
    assert product.run(NAME).code == TRUSTED
    before = product.snapshot()
    for name in ("..", ".", "../certs.d", "_default", "a/b/..", ""):
        done = product.run(name, "--remove")
        assert done.code == USAGE, done
    assert product.snapshot() == before


def test_nothing_to_remove_from_is_said(product):
    os.rmdir(product.directory)
    done = product.run(NAME, "--remove")
    assert done.code == UNWRITTEN, done
    assert not os.path.exists(product.directory)
