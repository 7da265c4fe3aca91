# SPDX-License-Identifier: Apache-2.0
"""A fleet's whole state in one file: --registries."""
import os
import signal
import subprocess

import pytest

from support import pki
from support.network import wait_until
from support.product import (REFUSED, TRUSTED, UNREACHABLE, UNWRITTEN,
                             USAGE)
from support.reports import reports


@pytest.fixture(scope="module", name="authority")
def make_authority():
    return pki.root("List Root")


@pytest.fixture(name="names")
def make_names(network, serve, authority):
    server = serve(authority.leaf("*.list.test"), authority)
    return [network.name(f"{name}.list.test", server.address)
            for name in ("one", "two", "three")]


@pytest.fixture(name="write")
def make_write(tmp_path):
    def write(text):
        path = tmp_path / "registries"
        path.write_bytes(text.encode())
        return path
    return write


def test_each_registry_of_the_file_is_installed_with_its_own_pins(
        product, names, authority, write):
    one, two, three = names
    pin = "sha256:" + pki.fingerprint(authority.certificate)
    other = "sha256:" + "0" * 64
    path = write(f"# fleet\r\n{one} {pin} {other} # two pins\r\n\r\n"
                 f"{two}\r\n{three} {other}\r\n")
    done = product.run("--registries", path)
    assert done.code == REFUSED, done
    assert product.installed(one) and product.installed(two)
    assert not product.installed(three)
    # A pin of one is no pin of another.
    done = product.run("--registries", path, "--require-pin")
    assert done.code == REFUSED
    done = product.run(env={"DTR_REGISTRIES": str(write(f"{one} {pin}\n"))})
    assert done.code == TRUSTED and "unchanged" in done.out, done


def test_standard_input_is_a_file_too(product, names, write):
    with open(write("\n".join(names)), "rb") as file:
        done = product.run("--registries", "-", stdin=file)
    assert done.code == TRUSTED, done
    assert all(map(product.installed, names))


@pytest.mark.parametrize("text, word", [
    ("{0}\n{1}/app:1.2\n", "line 2: \"two.list.test/app:1.2\" is an image"),
    ("{0} sha256:12\n", "line 1: \"sha256:12\" is not a pin"),
    ("{0}\n{1} {2}\n", "line 2: \"three.list.test\" is not a pin"),
    ("# none\n", "it names no registry")])
def test_a_bad_line_is_named_and_nothing_is_touched(
        network, product, names, write, text, word):
    before, asked = product.snapshot(), len(network.names.asked)
    path = write(text.format(*names))
    done = product.run("--registries", path)
    assert done.code == USAGE, done
    assert f"--registries {path}: {word}" in done.err, done
    assert product.snapshot() == before
    assert len(network.names.asked) == asked


def test_a_file_that_is_not_there_is_a_usage_error(product, names):
    for env, advice in (({}, "ls -l /none"),
                        ({"container": "dtr-trust"}, "/host:/none:ro")):
        done = product.run("--registries", "/none", env=env)
        assert done.code == USAGE and advice in done.err, done


@pytest.mark.parametrize("kind", ["stdin", "fifo", "fifo-every"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_wait_for_a_list_that_does_not_come(
        product, tmp_path, kind, number):
    """The exit code says that a handler heard it: as process 1 there is
    nobody else who would."""
    path, every = "-", []
    if kind != "stdin":
        path = str(tmp_path / "fifo")
        os.mkfifo(path)
    if kind == "fifo-every":
        every = ["--every", "1h"]
    process = product.start("--registries", path, *every,
                            stdin=subprocess.PIPE)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.5)
    process.send_signal(number)
    try:
        assert process.wait(timeout=10) == (0 if every else 128 + number)
    finally:
        process.kill()
        process.communicate()
    assert os.listdir(product.directory) == []


def ask(product, path, *arguments, **options):
    return product.run("--registries", path, "--prune", *arguments, **options)


@pytest.fixture(name="fleet")
def make_fleet(product, names, write):
    """All three are installed, and the list is of the first alone."""
    assert product.run(*names).code == TRUSTED
    return write(names[0] + "\n")


def test_what_is_not_in_the_list_is_removed_and_said(product, names, fleet):
    one, two, three = names
    done = ask(product, fleet)
    assert done.code == TRUSTED, done
    assert os.listdir(product.directory) == [one]
    for name in (two, three):
        assert f"{name}: removed, for the list does not name it" in done.out
    assert done.out.endswith("3 registries: 1 trusted, 2 removed\n"), done
    # Once: then there is nothing to say of them.
    done = ask(product, fleet)
    assert two not in done.out + done.err and done.code == TRUSTED
    assert os.listdir(product.directory) == [one]


def test_without_the_option_everything_stays(product, names, fleet):
    assert product.run("--registries", fleet).code == TRUSTED
    assert sorted(os.listdir(product.directory)) == sorted(names)


def test_the_variable_does_the_same(product, names, fleet):
    done = product.run(env={"DTR_REGISTRIES": str(fleet), "DTR_PRUNE": "1"})
    assert done.code == TRUSTED, done
    assert os.listdir(product.directory) == [names[0]]


def test_an_argument_beside_the_list_is_listed(product, names, fleet):
    done = ask(product, fleet, names[1])
    assert done.code == TRUSTED, done
    assert sorted(os.listdir(product.directory)) == sorted(names[:2])


@pytest.mark.parametrize("text", [
    "", "# none\n", "{0}\nre_g\n", "{0} sha256:12\n", None, "directory"])
def test_a_list_that_is_not_whole_prunes_nothing(
        product, names, fleet, tmp_path, write, text):
    path = tmp_path / "other"
    if text == "directory":
        path.mkdir()
    elif text is not None:
        path = write(text.format(*names))
    before = product.snapshot()
    for mode in ([], ["--check"]):
        done = ask(product, path, *mode)
        assert done.code == USAGE, done
        # Nor where a registry is given beside it.
        assert ask(product, path, names[0], *mode).code == USAGE
    assert product.snapshot() == before


def test_what_other_hands_wrote_stays_to_the_byte(
        product, names, fleet, tmp_path):
    one, two, three = names
    mine = b"# corporate root\n" + pki.pem(
        pki.root("Corporate Root").certificate)
    with open(product.path(two, "ca.crt"), "rb") as file:
        ours = file.read()
    with open(product.path(two, "ca.crt"), "wb") as file:
        file.write(mine + ours)
    os.mkdir(product.path("theirs.list.test"))
    with open(product.path("theirs.list.test", "ca.crt"), "wb") as file:
        file.write(mine)
    with open(product.path(three, "hosts.toml"), "wb") as file:
        file.write(b"# mine\n")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "ca.crt").write_bytes(ours)
    os.symlink(elsewhere, product.path("link.list.test"))
    os.symlink(one, product.path("alias.list.test"))
    done = ask(product, fleet)
    assert done.code == TRUSTED, done
    with open(product.path(two, "ca.crt"), "rb") as file:
        assert file.read() == mine
    with open(product.path("theirs.list.test", "ca.crt"), "rb") as file:
        assert file.read() == mine
    assert os.listdir(product.path(three)) == ["hosts.toml"]
    assert (elsewhere / "ca.crt").read_bytes() == ours
    assert os.path.islink(product.path("alias.list.test"))
    assert product.installed(one) and "link" not in done.out + done.err


@pytest.mark.parametrize("listed, installed", [
    ("{0}", "{0}:443"), ("{0}:443", "{0}")])
def test_the_other_spelling_of_a_listed_registry_stays(
        product, names, write, listed, installed):
    listed, installed = listed.format(*names), installed.format(*names)
    assert product.run(installed, names[1]).code == TRUSTED
    done = ask(product, write(listed))
    assert done.code == TRUSTED, done
    assert sorted(os.listdir(product.directory)) == sorted(
        [listed, installed])


def test_both_spellings_of_one_that_is_not_listed_have_a_turn_each(
        product, names, write):
    """Neither is warned of the other, which goes too."""
    both = [names[1], f"{names[1]}:443"]
    assert product.run(*both, names[0]).code == TRUSTED
    done = ask(product, write(names[0]), "--json")
    assert done.code == TRUSTED, done
    assert sorted((r["registry"], r["state"], *r["warnings"])
                  for r in reports(done)[1:]) == [
        (name, "pruned") for name in both]
    assert os.listdir(product.directory) == [names[0]]


def test_check_names_what_would_go_and_keeps_it(product, names, fleet):
    before = product.snapshot()
    done = ask(product, fleet, "--check")
    assert done.code == REFUSED, done
    assert product.snapshot() == before
    assert f"{names[1]}: NOT IN THE LIST" in done.err
    assert done.out.endswith(
        "3 registries: 1 trusted, 2 not in the list\n"), done
    # With the command that removes it, and it alone.
    command = next(c for c in done.commands() if names[1] in c)
    assert product.run(*command).code == TRUSTED
    assert sorted(os.listdir(product.directory)) == sorted(
        [names[0], names[2]])
    # Looking without asking says it too.
    done = ask(product, fleet, "--check", "--offline")
    assert done.code == REFUSED and f"{names[2]}: NOT IN" in done.err, done


def test_registries_have_their_turn_before_others_go(
        network, product, names, fleet):
    """A registry that is away is no reason to keep another one's CA."""
    dead = network.name("dead.list.test", network.address())
    fleet.write_text(f"{names[0]}\n{dead}\n")
    done = ask(product, fleet, "--json")
    assert done.code == UNREACHABLE, done
    said = reports(done)
    assert [r["state"] for r in said][2:] == ["pruned", "pruned"]
    assert os.listdir(product.directory) == [names[0]]


def test_each_round_prunes_by_the_list_of_that_round(product, names, fleet):
    fleet.write_text("\n".join(names))
    process = product.start("--registries", fleet, "--prune", "--every", "1h")
    try:
        for _ in names:
            while b"unchanged" not in process.stdout.readline():
                pass
        for text in (names[0], "# none", names[1]):
            fleet.write_text(text + "\n")
            process.send_signal(signal.SIGHUP)
            if text[0] == "#":
                while b"names no registry" not in process.stderr.readline():
                    pass
            else:
                gone = set(names) - {text}
                assert wait_until(lambda gone=gone: not any(
                    map(product.installed, gone)), 30)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == TRUSTED
    finally:
        process.kill()
        process.communicate()


def test_what_cannot_be_removed_is_said_with_its_cause(
        network, product, names, fleet, tmp_path):
    """And the others go."""
    one, two, three = names
    path = product.path(two, "ca.crt")
    copy = tmp_path / "copy"
    with open(path, "rb") as file:
        copy.write_bytes(file.read())
    network.machine.run("mount", "--bind", copy, path)
    try:
        done = ask(product, fleet)
    finally:
        network.machine.run("umount", path)
    assert done.code == UNWRITTEN, done
    assert two in done.err and f"umount {path}" in done.err, done
    assert sorted(os.listdir(product.directory)) == sorted([one, two])
    assert three in done.out


def test_a_list_and_arguments_are_asked_together(product, names, write):
    done = product.run("--registries", write(names[0]), names[1])
    assert done.code == TRUSTED, done
    assert product.installed(names[0]) and product.installed(names[1])


@pytest.mark.parametrize("mode, words", [
    ([], "2 trusted"), (["--remove"], "2 removed"),
    (["--show"], "2 shown"), (["--check"], "2 trusted")])
def test_the_sum_says_what_was_done(product, names, mode, words):
    if mode != []:
        assert product.run(*names[:2]).code == TRUSTED
    done = product.run(*names[:2], *mode)
    assert done.code == TRUSTED, done
    assert done.out.endswith(f"2 registries: {words}\n"), done
