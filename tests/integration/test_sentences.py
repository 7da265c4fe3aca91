# SPDX-License-Identifier: Apache-2.0
"""Each sentence is true where it is printed: situations in which one was not,
when whoever wrote it had another in mind."""
import json
import os
import re
import shutil
import signal

import pytest

from support import pki
from support.needs import need
from support.network import wait_until
from support.product import (DOCKER, REFUSED, TRUSTED, UNREACHABLE, UNWRITTEN,
                             USAGE, block)
from support.reports import said
from support.servers import (Answering, Challenging, RudeServer, TlsRegistry,
                             claim, reset, stay_silent)

NAME = "reg.sentences.test"


@pytest.fixture(name="root")
def make_root():
    return pki.root("Sentences Root")


@pytest.fixture(name="other")
def make_other():
    return pki.root("Other Root")


@pytest.fixture(name="server")
def make_server(network, serve, root):
    server = serve(root.leaf(NAME), root)
    network.name(NAME, server.address)
    return server


def test_another_try_has_a_reason(product, server, other):
    """What makes the program wait may be a refusal, which is no failure."""
    assert product.run(NAME).code == TRUSTED
    server.present(other.leaf("other.sentences.test"), other)
    done = product.run("--wait", "500ms", NAME)
    assert done.code == REFUSED, done
    first = done.err.splitlines()[0]
    assert first.endswith("; trying again") and "REFUSED" in first, done
    assert "no failure" not in said(done)


def test_what_would_help_is_not_said_to_be_of_no_help(product, server, other):
    """Without its intermediate a chain is refused; accepted, it would do."""
    assert product.run(NAME).code == TRUSTED
    server.present(other.leaf(NAME))
    done = product.run(NAME)
    assert done.code == REFUSED, done
    assert "would not help" not in said(done)
    assert product.run("--on-change", "add", NAME).code == TRUSTED


def test_a_certificate_of_a_ca_was_not_made_by_who_answers(
        product, server, other):
    assert product.run(NAME).code == TRUSTED
    server.present(other.leaf("other.sentences.test"), other)
    done = product.run(NAME)
    assert done.code == REFUSED, done
    assert "cause What answers has a certificate for other names" in said(done)
    assert "made itself" not in said(done)


def test_its_name_in_the_common_name_is_no_other_name(product, server, other):
    assert product.run(NAME).code == TRUSTED
    server.present(pki.Identity(NAME, issuer=other), other)
    done = product.run(NAME)
    assert done.code == REFUSED, done
    assert "only in its common name" in said(done)
    assert "other names" not in said(done)


def test_a_renewed_leaf_is_not_a_matter_of_another_run(
        product, network, serve):
    leaf = pki.self_signed(NAME)
    server = serve(leaf)
    network.name(NAME, server.address)
    done = product.run(NAME)
    assert done.code == TRUSTED and "own certificate" in said(done), done
    assert "until dtr-trust runs again" not in said(done)
    server.present(pki.self_signed(NAME, reuse_key=leaf.key))
    assert product.run(NAME).code == REFUSED


def test_what_ends_first_may_not_be_among_those_above(product, server, root):
    server.present(root.leaf(NAME, days=5), root)
    done = product.run(NAME)
    assert done.code == TRUSTED and done.out.count(" valid ") == 1, done
    assert "of these certificates" not in said(done)
    assert "the server's certificate or its anchor ends on" in said(done)


def test_an_accepted_change_is_no_first_use(product, server, other):
    assert product.run(NAME).code == TRUSTED
    server.present(other.leaf(NAME), other)
    done = product.run("--on-change", "replace", NAME)
    assert done.code == TRUSTED and "only the network vouches" in said(done)
    assert "first use" not in said(done), done


def put(product, name, content):
    """CONTENT as the file NAME of the registry's directory."""
    os.makedirs(product.path(NAME), exist_ok=True)
    with open(product.path(NAME, name), "wb") as file:
        file.write(content)


@pytest.mark.parametrize("content", [b"", b"PEM"])
def test_another_crt_need_not_be_beside_one(product, server, root, content):
    """There may be no ca.crt, and nothing in the other one to trust."""
    put(product, "corp.crt", content and pki.pem(root.certificate))
    done = product.run("--check", NAME)
    assert ("trusted too" in said(done)) and \
        "beside ca.crt" not in said(done), done


def test_hosts_toml_may_name_a_file_of_any_ending(product, server, root):
    put(product, "ca.pem", pki.pem(root.certificate))
    put(product, "hosts.toml", b'ca = "ca.pem"\n')
    text = said(product.run(NAME))
    assert "nobody reads unless hosts.toml names it" in text, text


def test_what_another_hand_wrote_does_not_go_when_it_expires(
        product, server, root, other):
    put(product, "ca.crt", pki.pem(other.certificate))
    pin = "sha256:" + pki.fingerprint(root.certificate)
    refused = product.run(NAME)
    assert refused.code == REFUSED, refused
    assert "until it expires" not in said(refused)
    assert "where dtr-trust wrote that" in said(refused)
    done = product.run("--on-change", "replace", "--pin", pin, NAME)
    assert done.code == TRUSTED, done
    assert product.anchors(NAME) == [pki.der(c.certificate)
                                     for c in (other, root)]


def test_an_anchor_is_added_beside_whatever_was_there(
        product, server, root, other):
    put(product, "ca.crt", pki.pem(other.certificate))
    done = product.run("--on-change", "add", NAME)
    assert done.code == TRUSTED, done
    assert "installed beside what was there" in said(done)
    assert "which goes when it expires" not in said(done)


def test_whom_a_file_may_vouch_for_is_not_called_refused(
        product, server, root, other):
    """A .crt of more than 512 KiB is read by Docker, and not here."""
    put(product, "ca.crt", pki.pem(root.certificate))
    put(product, "corp.crt", pki.pem(other.certificate) + b"#\n" * 300000)
    server.present(other.leaf(NAME), other)
    done = product.run(NAME)
    assert done.code == REFUSED and "not known here" in said(done), done
    assert "refuses this server" not in said(done), done
    assert "does not hold" not in said(done)
    os.remove(product.path(NAME, "corp.crt"))
    assert "what is installed does not hold for this server" in said(
        product.run(NAME))


def test_no_file_is_named_that_is_not_there(product, server, root):
    """What holds may be in a .crt of another hand, and no ca.crt there."""
    put(product, "corp.crt", pki.pem(root.certificate))
    for arguments in (["--check"], ["--check", "--offline"], []):
        done = product.run(*arguments, NAME)
        assert done.code == TRUSTED, done
        assert product.path(NAME, "ca.crt") not in said(done), done


def test_a_ca_crt_is_not_moved_aside_where_none_is(product, server):
    put(product, "corp.crt", b"")
    done = product.run("--check", NAME)
    assert "a run without --check installs the anchor" in said(done), done
    assert "aside" not in said(done) and "ca.crt" not in said(done)
    done = product.run(NAME)
    assert done.code == TRUSTED and "moved aside" not in said(done), done


@pytest.mark.parametrize("names", [[NAME], [NAME + ":443"],
                                   [NAME, NAME + ":443"]])
def test_what_was_removed_is_named_and_is_not_there(product, server, names):
    assert product.run(*names).code == TRUSTED
    done = product.run("--remove", NAME)
    assert done.code == TRUSTED and os.listdir(product.directory) == []
    assert "has another directory" not in said(done), done
    assert re.findall(r" file +(\S+)", done.out) == [
        product.path(name, "ca.crt") for name in reversed(names)]


def test_show_sums_up_registries_and_no_directories(product, server, tmp_path):
    done = product.run("--show", "--certs-dir", tmp_path / "b", NAME,
                       NAME + ":443")
    assert done.code == TRUSTED, done
    assert done.out.splitlines()[-1] == "2 registries: 2 shown"


def test_what_is_not_in_the_list_is_told_offline_as_well(
        product, server, tmp_path):
    """The command of a registry that is asked would not help there."""
    assert product.run(NAME).code == TRUSTED
    names = tmp_path / "names"
    names.write_text("other.sentences.test\n")
    done = product.run("--check", "--offline", "--prune", "--registries",
                       names)
    assert "NOT IN THE LIST, and what dtr-trust wrote for it is still there " \
        "file" in said(done), done
    assert "name it in the list, or let the next run" in said(done)
    assert ["--certs-dir", product.directory, "--remove", NAME] in \
        done.commands()


# The void ca.crt is linked to another name, and that synced, before the new
# one is renamed into its place.
@pytest.mark.parametrize("call, label", [
    ("renameat:error=EIO", "copied"), ("fsync:error=EIO:when=3",
                                       "moved aside")])
def test_what_was_moved_aside_is_named_by_a_failure_too(
        product, server, call, label):
    need("strace")
    put(product, "ca.crt", b"# of another hand\n")
    prefix = ["strace", "-f", "-o", "/dev/null", "-e",
              f"trace={call.split(':')[0]}", "-e", f"inject={call}"]
    done = product.run(NAME, prefix=prefix)
    assert done.code == UNWRITTEN, done
    aside, = [name for name in os.listdir(product.path(NAME))
              if name.startswith("ca.crt.aside")]
    assert f" {label} {product.path(NAME, aside)}: what was in ca.crt" in \
        said(done), done
    with open(product.path(NAME, "ca.crt"), "rb") as file:
        assert (file.read() == b"# of another hand\n") == (label == "copied")


@pytest.mark.parametrize("proxy", ["nosuch.sentences.test", "198.51.100.251"])
def test_the_registry_is_not_blamed_for_its_proxy(product, server, proxy):
    """Neither has its name no address, nor was it tried to connect to it."""
    done = product.run(NAME, env={"HTTPS_PROXY": f"http://{proxy}:3128"})
    assert done.code == UNREACHABLE, done
    assert done.err.startswith(
        f"dtr-trust: {NAME}: no way through the proxy\n"), done
    assert f'probe says "{proxy}: ' in said(done)
    assert "next check HTTPS_PROXY and NO_PROXY" in said(done)


def test_what_chains_to_an_expired_ca_of_the_file_does_chain(
        product, server, tmp_path):
    old = pki.root("Old Root", days=-1, start=-30)
    server.present(old.leaf(NAME), old)
    (tmp_path / "ca.pem").write_bytes(pki.pem(old.certificate))
    done = product.run("--ca-file", tmp_path / "ca.pem", NAME)
    assert done.code == REFUSED, done
    assert "does not chain to a valid certificate of the CA file" in said(done)


def test_other_readers_are_not_called_docker(product, server, root, tmp_path):
    product = product.at(tmp_path / "containers" / "certs.d")
    os.makedirs(product.directory)
    server.present(root.leaf("other.sentences.test"), root)
    pin = "sha256:" + pki.fingerprint(root.certificate)
    for arguments in (["--check"], [], ["--pin", pin], ["--check"]):
        done = product.run(*arguments, NAME)
        assert done.code == DOCKER, done
        assert "docker" not in done.err.lower().replace(
            "for docker hub", ""), done
        assert "Podman, Buildah, Skopeo, CRI-O: refuses it" in said(done)


def test_a_page_is_no_refusal_of_all_that_docker_does(
        product, network, root):
    with Answering(network, root.leaf(NAME), root) as server:
        network.name(NAME, server.address)
        server.text = (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                       b"Content-Length: 6\r\n\r\n<html>")
        done = product.run(NAME)
    assert done.code == DOCKER and "cannot be told from here" in said(done)
    assert f"{NAME}: NOT INSTALLED: no working registry answers at /v2/" in said(done)


def test_a_full_ca_crt_is_not_what_a_server_sent(product, server, other):
    put(product, "ca.crt", pki.pem(other.certificate) + b"#\n" * 261600)
    done = product.run("--on-change", "add", NAME)
    assert done.code == UNWRITTEN, done
    assert "certs.d could not be written or read: ca.crt would have" in \
        said(done)
    assert f"next take out what the registry does not need: ls -la " \
        f"{product.path(NAME)}" in said(done)
    assert "is a registry" not in said(done)


def test_a_ca_file_of_too_many_is_not_a_wrong_registry(product, tmp_path):
    key = pki.make_key()
    (tmp_path / "ca.pem").write_bytes(b"".join(
        pki.pem(pki.root(str(n), reuse_key=key).certificate)
        for n in range(1025)))
    done = product.run("--ca-file", tmp_path / "ca.pem", NAME)
    assert done.code == UNREACHABLE, done
    assert "at most 1024" in said(done) and "is a registry" not in said(done)


def test_prune_names_the_directory_in_which_it_failed(
        product, server, tmp_path):
    """And goes on in the others."""
    need("strace")
    paths = [str(tmp_path / name) for name in "abc"]
    dirs = [word for path in paths for word in ("--certs-dir", path)]
    for path in paths:
        os.mkdir(path)
    assert product.run(*dirs, NAME, NAME + ":443").code == TRUSTED
    names = tmp_path / "names"
    names.write_text("none.sentences.test\n")
    bad = os.path.join(paths[1], NAME, "ca.crt")
    done = product.run(
        *dirs, "--prune", "--registries", names, prefix=[
            "strace", "-f", "-o", "/dev/null", "-P", bad, "-e",
            "inject=openat,open,read,readv:error=EIO"])
    assert done.code == UNWRITTEN, done
    assert f"next look at it, and run again: ls -la {paths[1]}" in said(done)
    assert "another directory" not in said(done)
    assert [os.listdir(path) for path in (paths[0], paths[2])] == [[], []]
    report, = [report for report in map(json.loads, product.run(
        *dirs, "--json", "--prune", "--registries", names, prefix=[
            "strace", "-f", "-o", "/dev/null", "-P", bad, "-e",
            "inject=openat,open,read,readv:error=EIO"]).out.splitlines())
        if report["registry"] is None]
    assert report["certs_dir"] == paths[1]


def test_nobody_was_asked_whether_it_is_trusted(product, root, tmp_path):
    (tmp_path / "ca.pem").write_bytes(pki.pem(root.certificate))
    done = product.run("--offline", "--ca-file", tmp_path / "ca.pem", NAME,
                       NAME + ":443")
    assert done.code == TRUSTED, done
    assert done.out.splitlines()[-1] == "2 registries: 2 installed"


def test_a_ca_file_that_was_given_is_not_asked_for(
        product, network, root, tmp_path):
    (tmp_path / "ca.pem").write_bytes(pki.pem(root.certificate))
    with RudeServer(network, claim(root.leaf(NAME), root)) as server:
        network.name(NAME, server.address)
        done = product.run("--ca-file", tmp_path / "ca.pem", NAME)
        shown = product.run("--show", NAME)
    assert done.code == DOCKER and "does not show that it holds" in said(done)
    assert "give it as --ca-file" not in said(done)
    assert "to install it where it holds, and nothing else:" in said(shown)


@pytest.mark.parametrize("arguments, env, sentence", [
    (["--show", "--offline"], {}, "--offline goes with --ca-file or --check"),
    (["--require-pin"], {"DTR_PINS": "x"}, "DTR_PINS is no variable of "
     "dtr-trust and counts for nothing; did you mean DTR_PIN?")])
def test_usage_claims_nothing_of_what_was_not_asked(
        product, arguments, env, sentence):
    done = product.run(*arguments, NAME, env=env)
    assert done.code == USAGE, done
    assert f"dtr-trust: {sentence} next" in said(done)


def test_json_need_not_hold_a_certificate(product, tmp_path):
    (tmp_path / "ca.json").write_text('{"errors":["permission denied"]}')
    done = product.run("--ca-file", tmp_path / "ca.json", NAME)
    assert done.code == USAGE, done
    assert "it is JSON, without a certificate in PEM" in said(done)


def test_where_removal_finds_no_directory_none_needs_to_be_made(
        product, tmp_path):
    done = product.at(tmp_path / "none" / "certs.d").run("--remove", NAME)
    assert done.code == UNWRITTEN, done
    assert "next if that is the right path, make it: mkdir -p" in said(done)


def test_a_token_service_may_be_on_the_same_host(
        product, network, root, other):
    realm = f"https://{NAME}:5001/token"
    with Challenging(network, root.leaf(NAME), root, realm=realm) as server, \
            TlsRegistry(network, other.leaf(NAME), other, port=5001,
                        address=server.address):
        network.name(NAME, server.address)
        done = product.run(NAME)
    assert done.code == DOCKER and "--trust-token-host" in said(done), done
    assert "another host" not in said(done)


def test_a_note_is_written_where_no_anchor_is(product, network, serve, root):
    """The note of a token service, by which the next run knows it."""
    auth = "auth.sentences.test"
    below = root.intermediate()
    token = serve(below.leaf(auth), below)
    network.name(auth, token.address)
    with Challenging(network, root.leaf(NAME), root,
                     realm=f"https://{auth}/token") as server:
        network.name(NAME, server.address)
        product.run(NAME)
        with open(product.path(NAME, "ca.crt"), "rb") as file:
            before = file.read()
        done = product.run("--trust-token-host", NAME)
    assert "renewed; the server's chain verifies under what is installed" in \
        said(done), done
    with open(product.path(NAME, "ca.crt"), "rb") as file:
        assert file.read() != before
    assert "nothing was written" not in said(done)


def test_what_is_removed_here_may_be_trusted_elsewhere(product, server, root):
    assert product.run(NAME).code == TRUSTED
    put(product, "corp.crt", pki.pem(root.certificate))
    done = product.run("--remove", NAME)
    assert done.code == TRUSTED, done
    assert "what it holds is trusted too" in said(done)
    assert "does without it" not in said(done)


def test_what_a_token_service_lacks_its_registry_may_have(
        product, network, root, other):
    """The registry's anchor was written a moment before."""
    auth = "auth.sentences.test"
    network.name(auth, network.address())
    with Challenging(network, root.leaf(NAME), root,
                     realm=f"https://{auth}/token") as server:
        network.name(NAME, server.address)
        done = product.run("--trust-token-host", NAME)
    assert done.code == UNREACHABLE and product.installed(NAME), done
    assert "for this registry" not in said(done)
    assert "unchanged nothing was written for that host" in said(done)


def test_a_connection_that_broke_was_one(product, network):
    with RudeServer(network, reset) as server:
        network.name(NAME, server.address)
        done = product.run(NAME)
    assert done.code == UNREACHABLE and "the connection broke" in said(done)
    assert "no connection" not in said(done), done
    assert f"{NAME}: the connection failed" in said(done)


def test_what_is_waited_for_need_not_be_the_server(product, network):
    """It may be DNS, or the proxy."""
    with RudeServer(network, stay_silent, port=3128) as proxy:
        done = product.run("--timeout", "500ms", NAME, env={
            "HTTPS_PROXY": f"http://{proxy.address}:3128"})
    assert done.code == UNREACHABLE and "did not answer to CONNECT" in \
        said(done), done
    assert "check the server" not in said(done)


def test_a_store_that_is_not_seen_may_lead_to_it(product, server):
    """In a container of its own the host's store is not there."""
    hidden = [word for place in ("/etc/ssl", "/etc/pki") if
              os.path.isdir(place) for word in (place,)]
    mounts = "".join(f"mount -t tmpfs tmpfs {place}; " for place in hidden)
    done = product.run("--check", NAME, prefix=[
        "unshare", "-m", "sh", "-ec", mounts + 'exec "$@"', "sh"])
    assert done.code == DOCKER, done
    assert "cannot be seen from here, and Docker adds it" in said(done)
    assert "that this host trusts" not in said(done)
    assert "cause No trusted CA that is seen from here leads" in said(done)


def test_what_is_too_large_here_docker_can_read(product, server, root):
    put(product, "ca.crt", b"# nothing\n")
    put(product, "corp.crt", pki.pem(root.certificate) + b"#\n" * 300000)
    for arguments in (["--check"], ["--check", "--offline"]):
        done = product.run(*arguments, NAME)
        assert "what is in it is not known here" in said(done), done
        assert "in the files that are there" not in said(done)
        assert "in the files that are read here" in said(done)


def test_a_pair_may_not_be_all_that_is_wanted(product, server, root):
    server.present(root.leaf(NAME), root, client_ca=root)
    done = product.run(NAME)
    assert done.code == DOCKER and "client.cert and client.key" in said(done)
    assert "needs nothing else" not in said(done), done


def test_no_command_is_given_that_a_link_stops(product, server):
    os.mkdir(product.path(NAME))
    os.symlink("none.pem", product.path(NAME, "ca.crt"))
    assert product.run(NAME).code == UNWRITTEN
    checked = product.run("--check", NAME)
    assert checked.code == DOCKER and not checked.commands(), checked
    offline = product.run("--check", "--offline", NAME)
    assert "a file keeps Docker, or a part of it, from using this " \
        "directory" in said(offline), offline
    # Nothing is installed, and it is no other file.
    assert "what is installed" not in said(offline)
    assert "another file" not in said(offline)
    os.remove(product.path(NAME, "ca.crt"))
    os.symlink("/dev/null", product.path(NAME, "ca.crt"))
    assert product.run(NAME).code == UNWRITTEN
    checked = product.run("--check", NAME)
    assert checked.code == DOCKER and "installs the anchor" not in said(
        checked), checked


def test_what_was_written_is_said_of_a_refusal_too(product, server, root):
    """An anchor of ours that has ended goes, whatever Docker says."""
    assert product.run(NAME).code == TRUSTED
    with open(product.path(NAME, "ca.crt"), "ab") as file:
        file.write(block(pki.root("Old", days=-1, start=-30)))
    server.present(root.leaf("other.sentences.test"), root)
    done = product.run(NAME)
    assert done.code == DOCKER and len(product.anchors(NAME)) == 1, done
    assert "an expired anchor was dropped" in said(done), done


def test_a_report_that_is_no_news_is_not_announced_below(
        product, network, root):
    """What follows from the token service was said a round before."""
    with Challenging(network, root.leaf(NAME), root,
                     realm=f"https://{NAME}:5001/token") as server, \
            TlsRegistry(network, root.leaf(NAME), root, port=5001,
                        address=server.address) as token:
        network.name(NAME, server.address)
        process = product.start("--every", "1h", NAME)
        assert wait_until(lambda: len(token.requests) == 1)
        # The first round is over when the next one can be asked for.
        shutil.rmtree(product.path(NAME))
        process.send_signal(signal.SIGHUP)
        assert wait_until(lambda: len(token.requests) == 2)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    text = " ".join((out + err).decode().split())
    assert text.count(f"{NAME}: installed; ") == 2, text
    assert text.count(f"its token service {NAME}:5001") == 1, text
    assert "below" not in text


def test_what_was_removed_was_written_once(product, server):
    assert product.run(NAME).code == TRUSTED
    assert product.run("--remove", NAME).code == TRUSTED
    done = product.run("--remove", NAME)
    assert done.code == TRUSTED and "nothing to remove" in said(done), done
    assert "wrote nothing" not in said(done)


def test_lines_of_a_list_are_wrong_each_in_its_way(product, tmp_path):
    names = tmp_path / "names"
    names.write_text("a.test pin\nuser:password@b.test\n")
    done = product.run("--registries", names)
    assert done.code == USAGE and "line 1" in said(done), done
    assert "(and 1 more)" in said(done) and "such" not in said(done)


def test_a_pin_may_be_for_nobody_of_a_run(product, server):
    """--show looks at no token service."""
    done = product.run("--show", NAME, "--pin",
                       "other.sentences.test=sha256:" + "0" * 64)
    assert done.code == TRUSTED, done
    assert "for no registry of this run, at most for a token service" in \
        said(done), done


def test_what_is_not_installed_is_no_anchor(product, server):
    """The label \"anchor\" is of what Docker would trust by."""
    put(product, "corp.crt", b"")
    assert " offered " in said(product.run("--check", NAME))
    put(product, "lone.key", b"")
    done = product.run("--check", NAME)
    assert done.code == DOCKER and "shadowed" in said(done), done
    assert " offered " in said(done) and " anchor " not in said(done)
    product.run(NAME)
    assert " anchor " in said(product.run("--check", NAME))


def test_a_profile_may_hide_what_the_kernel_has(product, server):
    """Docker before 20.10.18 answers EPERM."""
    need("strace")
    done = product.run(NAME, prefix=[
        "strace", "-f", "-o", "/dev/null", "-e",
        "trace=landlock_create_ruleset", "-e",
        "inject=landlock_create_ruleset:error=EPERM:when=1"])
    assert done.code == TRUSTED and "Landlock" in said(done), done
    assert "this kernel has no" not in said(done)


@pytest.mark.parametrize("option", [[], ["--trust-token-host"]])
def test_whom_to_look_at_is_who_was_refused(
        product, network, serve, root, other, option):
    """With pins that are the registry's alone nothing of its token service is
    offered: its fingerprint is to be seen first."""
    auth = "auth.sentences.test"
    token = serve(other.leaf(auth), other)
    network.name(auth, token.address)
    with Challenging(network, root.leaf(NAME), root,
                     realm=f"https://{auth}/token") as server:
        network.name(NAME, server.address)
        done = product.run(*option, "--pin", "sha256:"
                           + pki.fingerprint(root.certificate), NAME)
        assert done.code == (REFUSED if option else DOCKER), done
        command, = done.commands()
        assert command == ["--certs-dir", product.directory, *option,
                           "--show", auth]
        assert "compare the fingerprint" not in said(done)
        shown = product.run(*command)
    assert pki.fingerprint(other.certificate) in shown.out


def test_nor_are_they_of_a_token_service(
        product, network, serve, root, other, tmp_path):
    product = product.at(tmp_path / "containers" / "certs.d")
    os.makedirs(product.directory)
    auth = "auth.sentences.test"
    network.name(auth, serve(other.leaf(auth), other).address)
    with Challenging(network, root.leaf(NAME), root,
                     realm=f"https://{auth}/token") as server:
        network.name(NAME, server.address)
        done = product.run(NAME)
    assert done.code == DOCKER, done
    assert f"(its token service {auth}): REFUSED by those that read it" in \
        said(done), done
    assert "docker" not in done.err.lower()


@pytest.mark.parametrize("days, sentence", [
    (90, "covered by what is installed"),
    (-1, "nothing was written for that host")])
def test_of_a_service_nothing_is_said_that_is_not_so_of_its_registry(
        product, network, serve, root, other, days, sentence):
    """Whose anchor was written in the same run."""
    auth = "auth.sentences.test"
    issuer = root if days > 0 else other
    token = serve(issuer.leaf(auth, days=days, start=-9), issuer)
    network.name(auth, token.address)
    with Challenging(network, root.leaf(NAME), root,
                     realm=f"https://{auth}/token") as server:
        network.name(NAME, server.address)
        done = product.run(*["--trust-token-host"] * (days < 0), NAME)
    assert f"{NAME}: installed" in said(done) and sentence in said(done), done
    assert not re.search("nothing was written(?! for that host)", said(done))


@pytest.mark.parametrize("name", [NAME, NAME + ":443"])
def test_what_a_removal_moved_aside_is_where_it_says(product, server, name):
    """Also of the other reference."""
    assert product.run(name).code == TRUSTED
    with open(product.path(name, "ca.crt"), "ab") as file:
        file.write(b"# a note\n")
    done = product.run("--remove", NAME)
    aside, = os.listdir(product.path(name))
    assert done.code == TRUSTED and aside != "ca.crt", done
    assert f"moved aside {product.path(name, aside)}:" in said(done), done
    os.remove(product.path(name, aside))
    assert product.run(name).code == TRUSTED
    with open(product.path(name, "ca.crt"), "ab") as file:
        file.write(b"# a note\n")
    report = json.loads(product.run("--remove", "--json", NAME).out)
    assert report["file"] == product.path(name, "ca.crt"), report
    assert os.listdir(product.path(name)) == [report["moved_aside"]]
