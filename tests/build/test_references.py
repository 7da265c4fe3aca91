# SPDX-License-Identifier: Apache-2.0
"""What documents and files to copy refer to: headings, options, variables."""
import glob
import os
import re

import pytest

from support.product import ROOT, option_rows, read

TEXTS = sorted(
    os.path.relpath(path, ROOT) for pattern in (
        "*.md", "Dockerfile", "docs/*.md", "docs/*.in", "docs/*.txt",
        "deploy/**/*.*")
    for path in glob.glob(os.path.join(ROOT, pattern), recursive=True)
    if os.path.isfile(path))

# Options of other programs in these texts, and of our own scripts.
OTHERS = set("""
    --bundle --cap-drop --config --detach --env --env-add
    --env-file --force --hosts-dir --http --ignore-missing --insecure-ignore-tlog --key
    --limit-memory --limit-pids --memory --missing --mode --mount --name
    --network --now --pids-limit --platform --prefix --read-only
    --restart-condition --rm --rosegment --security-opt --strict --type --volume --wrap
    --build-arg --from --input --namespace --all --build --nodes""".split())
# Shown because they are wrong, or not the program's.
WRONG = {"--ca-fiel", "DTR_PINS"}
NOT_THE_PROGRAMS = {"DTR_DOMAIN_NAME", "DTR_TRUST_IMAGE"}


def slugs(document):
    """The anchors of a document's headings, as the hosts of code make them."""
    text = re.sub(r"^( {4}|```).*", "", read(document), flags=re.M)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
            for title in re.findall(r"^#+ (.*)", text, re.M)}


@pytest.mark.parametrize("document", [t for t in TEXTS if t.endswith(".md")])
def test_headings_that_a_document_links_to_are_there(document):
    links = re.findall(r"\]\(([\w./-]*)#([\w-]+)\)", read(document))
    folder = os.path.dirname(document)
    assert not [(path, anchor) for path, anchor in links if anchor not in
                slugs(os.path.join(folder, path) if path else document)]


@pytest.mark.parametrize("text", TEXTS)
def test_options_and_variables_that_a_text_names_are_the_programs(text):
    flags, variables, *_ = map(set, zip(*option_rows()))
    said = read(text).replace("\\-", "-")
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", said))
    assert not named - flags - OTHERS - WRONG
    named = set(re.findall(r"\bDTR_[A-Z_]+\b", said))
    assert not named - variables - NOT_THE_PROGRAMS - WRONG


def test_the_lists_above_hold_what_is_named_and_not_ours():
    said = " ".join(read(text) for text in TEXTS)
    listed = OTHERS | WRONG | NOT_THE_PROGRAMS
    assert not [name for name in listed if name not in said]
    assert not listed & {name for row in option_rows() for name in row}
