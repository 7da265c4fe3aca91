# SPDX-License-Identifier: Apache-2.0
"""What the documents name is there: files, folders, tests, make's goals."""
import glob
import os
import re

import pytest

from support.consumer_tables import count, from_record, to_readme
from support.consumers import agrees
from support.kinds import TOKENS
from support.product import ROOT

DOCUMENTS = sorted(
    os.path.relpath(path, ROOT) for pattern in (
        "*.md", "docs/*.md", "deploy/**/*.md")
    for path in glob.glob(os.path.join(ROOT, pattern), recursive=True))
FILES = {os.path.basename(path) for top in ("src", "tests", "scripts")
         for path in glob.glob(os.path.join(ROOT, top, "**"), recursive=True)}
OURS = re.compile(r"(src|tests|scripts|deploy|docs|common|installer|probe)/")


def read(document):
    with open(os.path.join(ROOT, document), encoding="utf-8") as file:
        return file.read()


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
    with open(os.path.join(ROOT, "Makefile"), encoding="utf-8") as file:
        goals = re.findall(r"^([a-z-]+):", file.read(), re.M)
    named = re.findall(r"(?:`|^ +)make ([a-z-]+)(?![\w/])", read(document), re.M)
    assert not set(named) - set(goals)


def test_every_folder_of_the_source_is_on_the_map():
    text = read("README.md")
    tree = text[text.index("## Map of the source"):]
    for path in glob.glob(os.path.join(ROOT, "src", "**", "*/"),
                          recursive=True):
        assert os.path.basename(path[:-1]) + "/" in tree, path


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
