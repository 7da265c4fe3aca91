# SPDX-License-Identifier: Apache-2.0
"""Measure every consumer in the root directories named, this machine's
release first, and write the table in README.md.

    consumers.py ROOT...
"""
import contextlib
import datetime
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

from support.consumers import (CONSUMERS, STORE_CONSUMERS,  # noqa: E402
                               Bed, measure, to_table)
from support.product import ROOT  # noqa: E402

README = os.path.join(ROOT, "README.md")
MARKED = re.compile("(<!-- consumers -->\n).*(<!-- /consumers -->\n)", re.S)


def rows_of(root, consumers, containerd_store=False):
    store = " (containerd store)" if containerd_store else ""
    with contextlib.closing(Bed(root, containerd_store)) as bed:
        for consumer in consumers:
            row = measure(bed, consumer, store)
            print(*row, sep=" | ", flush=True)
            yield row


def main(roots):
    rows = list(rows_of("/", CONSUMERS))
    for root in roots:
        rows += rows_of(root, CONSUMERS)
        rows += rows_of(root, STORE_CONSUMERS, True)
    text = (f"Measured on {datetime.date.today()} by `scripts/consumers`, "
            "each refused before with\n"
            "`x509: certificate signed by unknown authority`:\n\n"
            + to_table(rows))
    with open(README, encoding="utf-8") as file:
        readme, count = MARKED.subn(
            lambda match: match[1] + text + match[2], file.read())
    if not count:
        sys.exit("consumers: README.md has no place for the table")
    with open(README, "w", encoding="utf-8") as file:
        file.write(readme)


if __name__ == "__main__":
    main(sys.argv[1:])
