# SPDX-License-Identifier: Apache-2.0
"""scripts/fleet-report on what dtr-trust really says."""
import json
import os
import subprocess

import pytest

from support import pki
from support.product import ROOT, Product

NAME = "a.fleet.test"
LATER = ("svc.1.id@{} | ", "[pod/{}/x] ", "{} ", "{}: ")


def fleet_report(text, *arguments):
    return subprocess.run(
        [os.path.join(ROOT, "scripts", "fleet-report"), *arguments],
        input=text, capture_output=True, text=True, check=False)


@pytest.fixture(name="node")
def make_node(network, tmp_path):
    """node(name, option...): what dtr-trust --json says on that node."""
    def node(name, *options):
        directory = tmp_path / name
        product = Product(network.machine, directory / "certs.d") \
            if not directory.exists() else made[name]
        made[name] = product
        done = product.run("--json", NAME, *options)
        return [json.loads(line) for line in done.out.splitlines()]
    made = {}
    return node


def lines(prefix, reports):
    return "".join(prefix + json.dumps(report, separators=(",", ":")) + "\n"
                   for report in reports)


@pytest.fixture(name="fleet")
def make_fleet(network, serve, node):
    """Five nodes before and after the registry got another CA."""
    old, new = pki.root("Old CA"), pki.root("New CA", days=20)
    server = serve(old.leaf(NAME), old)
    network.name(NAME, server.address)
    text = lines("n1 ", node("n1")) + lines("n2 ", node("n2"))
    server.present(new.leaf(NAME), new)
    text += lines("n1 ", node("n1"))
    text += lines("n2 ", node("n2", "--on-change", "add"))
    text += lines("n3 ", node("n3", "dead.fleet.test"))
    server.present(new.leaf("other.fleet.test"), new)
    text += lines("n4 ", node("n4"))
    return old, new, text


def rows(text, title):
    """The lines under TITLE, each as its words."""
    part = text.partition(f"\n{title}\n")[2].partition("\n\n")[0]
    return [line.split() for line in part.splitlines()]


def test_who_trusts_who_refused_and_why(fleet):
    _, new, text = fleet
    done = fleet_report(text)
    assert done.stdout.splitlines()[0].endswith(
        "4 nodes, 2 registries: 1 node trusts all of theirs, 3 do not")
    seen = rows(done.stdout, "Not trusted")
    assert [row[:4] + row[4:5] for row in seen] == [
        ["n4", NAME, "exit", "5", "refused-useless"],
        ["n1", NAME, "exit", "3", "refused-changed"],
        ["n3", "dead.fleet.test", "exit", "1", "failed"]]
    assert seen[0][-4:] == ["for", "other.fleet.test,", "not", NAME]
    assert seen[1][-1] == "sha256:" + pki.fingerprint(new.certificate)
    assert done.returncode == 5


def test_who_took_trust_back_trusts_no_more(network, serve, node):
    """deploy/README pipes the reports of --remove into it."""
    root = pki.root()
    server = serve(root.leaf(NAME), root)
    network.name(NAME, server.address)
    text = lines("n1 ", node("n1"))
    gone = lines("n2 ", node("n2", "--remove"))
    node("n3")
    gone += lines("n3 ", node("n3", "--remove"))
    done = fleet_report(gone)
    assert done.stdout.splitlines() == [
        "2 nodes, 1 registry: trust was taken back on 2 nodes"], done
    assert done.returncode == 0
    done = fleet_report(text + gone)
    assert done.stdout.splitlines()[0] == (
        "3 nodes, 1 registry: 1 node trusts all of theirs, 0 do not; "
        "trust was taken back on 2 nodes"), done


def test_which_fingerprints_are_out_there(fleet):
    old, new, text = fleet
    seen = rows(fleet_report(text).stdout, "Fingerprints out there")
    # The last line of a node counts: n1 kept the old, n2 has both.
    assert sorted(seen) == sorted(
        [NAME, "sha256:" + pki.fingerprint(ca.certificate), "2", "nodes",
         name, "CA"] for ca, name in ((new, "CN=New"), (old, "CN=Old")))


def test_what_ends_next_comes_first_and_is_marked(fleet):
    _, new, text = fleet
    seen = rows(fleet_report(text).stdout, "Ends next")
    last = new.certificate.not_valid_after.strftime("%Y-%m-%d")
    assert seen[0][:3] == [last, "!", "anchor"]
    assert "!" not in seen[1]
    assert "!" not in rows(fleet_report(text, "--days", "10").stdout,
                           "Ends next")[0]


@pytest.mark.parametrize("prefix", LATER)
def test_the_node_is_what_stands_before(fleet, prefix):
    text = fleet[2].replace("n4 ", prefix.format("node-4"))
    row = rows(fleet_report(text).stdout, "Not trusted")[0]
    assert row[0] == "node-4"


def test_without_a_prefix_the_files_name_is_the_node(fleet, tmp_path):
    path = tmp_path / "node-9.jsonl"
    path.write_text("\n".join(line.partition(" ")[2]
                              for line in fleet[2].splitlines()))
    assert rows(fleet_report("", path).stdout, "Not trusted")[0][0] == "node-9"


def test_a_node_that_says_nothing_is_named(fleet, tmp_path):
    known = tmp_path / "nodes"
    known.write_text("n1\nn2\nn3\nn4\nn7\n")
    done = fleet_report(fleet[2], "--nodes", known)
    assert ["n7", "-", "exit", "1", "no", "report"] in rows(
        done.stdout, "Not trusted")
    trusting = "".join(line for line in fleet[2].splitlines(True)
                       if line.startswith("n2"))
    assert fleet_report(trusting).returncode == 0
    assert fleet_report(trusting, "--nodes", known).returncode == 1


def test_nothing_at_all_is_not_success():
    assert fleet_report("").returncode == 1


def test_a_report_that_is_cut_or_hostile_harms_nothing(fleet):
    text = fleet[2].replace("CN=New CA", "CN=\\u001b]0;x\\u0007")
    done = fleet_report(text + fleet[2].splitlines()[0][:300] + "\n[1]\n{}\n")
    assert "\x1b" not in done.stdout and "CN=?]0;x?" in done.stdout
    assert "1 line is cut short" in done.stderr
    assert done.returncode == 5


def refusals(*nodes, error="the connection failed", exit_code=1):
    return "".join(lines(f"{node} ", [{
        "registry": NAME, "token_service": None, "state": "failed",
        "exit": exit_code, "anchors": [], "installed": [], "chain": [],
        "docker": None, "error": {"what": error, "detail": None}}])
        for node in nodes)


def test_equal_refusals_are_one_line():
    text = refusals(*(f"node-{n}" for n in range(1, 13))) + \
        refusals("other-1", error="no answer in time")
    done = fleet_report(text)
    assert done.stdout.splitlines()[0] == (
        "13 nodes, 1 registry: 0 nodes trust all of theirs, 13 do not")
    shown = [" ".join(row) for row in rows(done.stdout, "Not trusted")]
    assert shown == [
        "node-1, node-2, node-3, node-4 and 8 more " + NAME
        + " exit 1 failed the connection failed",
        f"other-1 {NAME} exit 1 failed no answer in time"]


def test_what_differs_by_node_alone_is_no_other_refusal():
    text = "".join(refusals(f"n{n}", error=f"198.51.100.{n}:443: refused")
                   for n in range(3))
    shown = rows(fleet_report(text).stdout, "Not trusted")
    assert len(shown) == 1 and shown[0][:3] == ["n0,", "n1,", "n2"]


def test_the_report_itself_names_its_node():
    report = json.loads(refusals("x").partition(" ")[2])
    text = json.dumps({"schema": 2, "node": "worker-7", **report},
                      separators=(",", ":")) + "\n"
    assert rows(fleet_report(text).stdout, "Not trusted")[0][0] == "worker-7"


def test_where_a_registry_leads_is_not_the_registry():
    """Its object comes after the registry's own, which trusts."""
    quiet = {"registry": NAME, "token_service": None, "anchors": [],
             "installed": [], "chain": [], "error": None}
    refused = {"answer": "refuses", "cause": "/v2/ leads to another host"}
    text = "".join(lines("n1 ", [
        {**quiet, "redirect": "other.test", "state": "redirect-left",
         "exit": 5, "docker": None, "consumers": [refused]},
        {**quiet, "redirect": None, "state": "unchanged", "exit": 0,
         "docker": {"accepts": True}, "consumers": None}]))
    done = fleet_report(text)
    assert done.returncode == 5, done.stdout
    shown, = rows(done.stdout, "Not trusted")
    assert " ".join(shown).endswith("redirect-left /v2/ leads to another host")
    assert f"{NAME} (leads to other.test)" in " ".join(shown)


def test_head_does_not_break_it():
    text = "".join(refusals(f"n{n}", error=f"reason {n}")
                   for n in range(20000))
    done = subprocess.run(
        ["bash", "-c", "'%s' | head -n 1; exit ${PIPESTATUS[0]}" % os.path.join(
            ROOT, "scripts", "fleet-report")],
        input=text, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("20000 nodes, 1 registry")
    assert done.stderr == "" and done.returncode == 1, done


def test_each_directory_of_a_node_counts_by_itself():
    """The last of a registry's lines would hide the others."""
    text = ""
    for directory, code in (("/etc/docker/certs.d", 3),
                            ("/etc/containers/certs.d", 0)):
        text += json.dumps({
            "registry": NAME, "token_service": None, "certs_dir": directory,
            "state": "refused-changed" if code else "unchanged",
            "exit": code, "docker": None, "anchors": [], "chain": [],
            "installed": [], "error": None, "node": "n1"}) + "\n"
    done = fleet_report(text)
    assert done.returncode == 3, done
    assert f"{NAME} in /etc/docker/certs.d" in done.stdout, done
