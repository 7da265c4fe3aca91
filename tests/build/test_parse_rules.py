# SPDX-License-Identifier: Apache-2.0
"""What is kept of a parse depends on all rules that a parser asks for."""
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
VERDICT = os.path.join(ROOT, "src", "probe", "verdict")
# These are in the folder and no part of certificate_parse.
APART = {"go_release.c", "pem.c", "uri_print.c"}


def rules_in(path):
    with open(path, encoding="utf-8") as file:
        return set(re.findall(r"\bGO_[A-Z0-9_]+\b", file.read()))


def test_every_rule_of_the_parser_tells_kept_certificates_apart():
    folder = os.path.join(VERDICT, "x509")
    asked = set()
    for name in os.listdir(folder):
        if name.endswith(".c") and name not in APART:
            asked |= rules_in(os.path.join(folder, name))
    kept = rules_in(os.path.join(VERDICT, "path", "parsed.c"))
    assert asked <= kept, asked - kept
    assert len(asked) > 20
