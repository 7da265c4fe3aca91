# SPDX-License-Identifier: Apache-2.0
"""What the documents name is there: files, folders, tests, make's goals."""
import glob
import json
import os
import re
import subprocess

import pytest

from support.consumer_tables import count, from_record, to_readme
from support.consumers import agrees
from support.kinds import TOKENS
from support.product import ROOT, read

DOCUMENTS = sorted(
    os.path.relpath(path, ROOT) for pattern in (
        "*.md", "docs/*.md", "deploy/**/*.md")
    for path in glob.glob(os.path.join(ROOT, pattern), recursive=True))
FILES = {os.path.basename(path) for top in ("src", "tests", "scripts")
         for path in glob.glob(os.path.join(ROOT, top, "**"), recursive=True)}
OURS = re.compile(r"(src|tests|scripts|deploy|docs|common|installer|probe)/")


def is_there(name):
    if re.fullmatch(r"\w+\.(c|h|py)", name):
        return name in FILES
    if not OURS.match(name) or "TARGET" in name:
        return True
    return any(glob.glob(os.path.join(ROOT, top, name))
               for top in ("", "src", "deploy"))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_that_a_document_names_are_there(document):
    text = read(document)
    named = re.findall(r"`([\w./-]+)`", text)
    named += [os.path.join(os.path.dirname(document), link) for link in
              re.findall(r"\]\(([\w./-]+)[#)]", text)]
    assert not [name for name in named if not is_there(name)]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_goals_that_a_document_names_are_goals(document):
    goals = re.findall(r"^([a-z-]+):", read("Makefile") +
                       read("tests/tests.mk"), re.M)
    named = re.findall(r"(?:`|^ +)make ([a-z-]+)(?![\w/])", read(document), re.M)
    assert not set(named) - set(goals)


def test_the_help_of_make_names_every_goal():
    said = subprocess.run(["make", "-s", "help"], cwd=ROOT, check=True,
                          capture_output=True, text=True).stdout
    goals = " ".join(re.findall(r"^\.PHONY: ((?:.*\\\n)*.*)", read("Makefile") +
                                read("tests/tests.mk"), re.M))
    named = re.findall(r"^  make ([a-z-]+)  .", said, re.M)
    # What these two make is built by the others.
    assert sorted([*named, "programs", "searches"]) == sorted(
        goals.replace("\\", "").split())


def test_every_folder_of_the_source_is_on_the_map():
    text = read("CONTRIBUTING.md")
    tree = text[text.index("## Map of the source"):]
    for path in glob.glob(os.path.join(ROOT, "src", "**", "*/"),
                          recursive=True):
        assert os.path.basename(path[:-1]) + "/" in tree, path


# What a row of SECURITY.md's table says, by the numbers of limits.h.
KIB, MIB, SECOND_MS = 1024, 1024 * 1024, 1000
LIMITS = {
    "registries in one run, times the directories; directories": [
        ("{};", "REGISTRIES_MAX", 1), ("; {}", "CERTS_DIRS_MAX", 1)],
    "pins for all registries, for one, in one run": [
        ("{},", "PINS_ALL_MAX", 1), (", {},", "PINS_ONE_MAX", 1),
        (", {}", "PINS_LISTED_MAX", 1)],
    "probes at a time": [("{}, of which", "PROBES_MAX", 1),
                         ("which {} are younger", "PROBES_YOUNG_MAX", 1)],
    "hosts asked for one registry": [("{}: itself", "ASKED_MAX", 1)],
    "memory, processor time of a probe": [
        ("{} MiB", "PROBE_MEMORY_BYTES", MIB), ("{} s", "PROBE_CPU_SECONDS", 1)],
    "one attempt, DNS to last byte": [("{} s;", "TIMEOUT_DEFAULT_MS", SECOND_MS)],
    "bytes read from one server": [("{} KiB", "HANDSHAKE_BYTES_MAX", KIB)],
    "certificates of one server": [("{},", "CHAIN_CERTS_MAX", 1),
                                   ("{} KiB", "CHAIN_BYTES_MAX", KIB)],
    "another handshake message; records that say nothing": [
        ("{} KiB;", "HANDSHAKE_MESSAGE_MAX", KIB),
        ("; {}, as Go", "USELESS_RECORDS_MAX", 1)],
    "header of the answer to `/v2/`": [("{} KiB", "HTTP_HEADER_BYTES_MAX", KIB)],
    "reply of a proxy": [("{} KiB", "PROXY_REPLY_MAX", KIB)],
    "signature checks of one verdict": [("{}, as Go", "SIGNATURE_CHECKS_MAX", 1)],
    "one probe's report": [("{} MiB", "FRAME_BYTES_MAX", MIB)],
    "one `.crt` in certs.d; all of a directory": [
        ("{} KiB;", "CRT_BYTES_MAX", KIB), ("; {} MiB in", "CRT_TOTAL_BYTES", MIB),
        ("in {} files", "CRT_FILES_MAX", 1)],
    "daemon.json; registries that it lists": [
        ("{} KiB;", "DAEMON_JSON_BYTES_MAX", KIB), ("; {}", "SETTINGS_NAMES_MAX", 1)],
    "waiting for another dtr-trust's lock": [("{} s", "LOCK_WAIT_MS", SECOND_MS)],
}


def values_of(names, folder):
    """The numbers of limits.h, as a compiler has them."""
    source = folder / "limits.c"
    source.write_text(
        '#include "common/limits.h"\n#include <stdio.h>\nint main(void) {\n' +
        "".join(f'printf("%lld\\n", (long long){name});\n' for name in names) +
        "return 0;\n}\n")
    subprocess.run(["gcc", "-I", os.path.join(ROOT, "src"), source, "-o",
                    folder / "limits"], check=True)
    said = subprocess.run([folder / "limits"], check=True, capture_output=True,
                          text=True).stdout
    return dict(zip(names, map(int, said.split())))


def test_the_table_of_limits_is_that_of_the_code(tmp_path):
    table = read("SECURITY.md").split("| what | limit |\n|---|---|\n")[1]
    rows = dict(re.findall(r"^\| (.*?) \| (.*) \|$", table, re.M))
    assert set(rows) == set(LIMITS)
    values = values_of([name for row in LIMITS.values() for _, name, _ in row],
                       tmp_path)
    wrong = [f"{what}: {form.format(values[name] / unit)} ({name})"
             for what, row in LIMITS.items() for form, name, unit in row
             if values[name] % unit or
             form.format(values[name] // unit) not in rows[what]]
    assert not wrong


def test_every_warning_has_its_words_and_stands_in_the_schema():
    names = re.findall(r"^\tREPORT_WARN_(\w+[^_]) = ",
                       read("src/installer/report/warnings.h"), re.M)
    rows = dict(re.findall(r'ROW\((\w+)\) =\s*\{"([\w-]+)",',
                           read("src/installer/report/warnings.c")))
    assert names == list(rows)
    schema = json.loads(read("docs/report.schema.json"))
    assert schema["properties"]["warnings"]["items"]["enum"] == [
        rows[name] for name in names]


def test_readmes_tables_are_those_of_the_record():
    """README says of each reader what was measured, and no more."""
    record = read("docs/consumers.md")
    assert to_readme(read("README.md"), record) == read("README.md")
    rows, directories = from_record(record)
    assert rows and directories
    assert f"\n{count(rows)}\n" in record
    assert not [row for row in rows if not agrees(row)]
    # A transcript for each kind with tokens, with every reader that was run.
    for kind in TOKENS:
        text = read(f"docs/transcripts/{kind.word}.txt")
        for row in rows:
            if row.kind == kind.title:
                assert f"{row.how.replace('`', '')}, {row.version}\n" in text
