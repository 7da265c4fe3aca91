# SPDX-License-Identifier: Apache-2.0
"""Measure every consumer in the root directories named, this machine's
release first, and write the tables in README.md.

    consumers.py ROOT...
"""
import contextlib
import datetime
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

from support.consumers import (CONSUMERS, STORE_CONSUMERS,  # noqa: E402
                               PLACES, Bed, measure, measure_tokens,
                               to_table, to_token_table)
from support.product import ROOT  # noqa: E402

README = os.path.join(ROOT, "README.md")


def measure_root(root, consumers, containerd_store=False):
    """What CONSUMERS of ROOT do: the rows of both tables."""
    store = " (containerd store)" if containerd_store else ""
    rows, token_rows = [], []
    with contextlib.closing(Bed(root, containerd_store)) as bed:
        for consumer in consumers:
            rows.append(measure(bed, consumer, store))
            print(*rows[-1], sep=" | ", flush=True)
            for place in PLACES:
                token_rows.append(measure_tokens(bed, consumer, place, store))
                print(*token_rows[-1], sep=" | ", flush=True)
    return rows, token_rows


def write(readme, mark, text):
    """README with TEXT between its two comments MARK."""
    marked = re.compile(f"(<!-- {mark} -->\n).*(<!-- /{mark} -->\n)", re.S)
    readme, count = marked.subn(
        lambda match: match[1] + text + match[2], readme)
    if not count:
        sys.exit(f"consumers: README.md has no place for {mark}")
    return readme


def main(roots):
    rows, token_rows = [], []
    for root in ["/", *roots]:
        for store in (False, True)[:1 if root == "/" else 2]:
            more, more_tokens = measure_root(
                root, STORE_CONSUMERS if store else CONSUMERS, store)
            rows += more
            token_rows += more_tokens
    today = datetime.date.today()
    with open(README, encoding="utf-8") as file:
        readme = file.read()
    readme = write(readme, "consumers", (
        f"Measured on {today} by `scripts/consumers`, each refused before with"
        "\n`x509: certificate signed by unknown authority`:\n\n"
        + to_table(rows)))
    readme = write(readme, "token-service", (
        f"Measured on {today} by `scripts/consumers`: registry and token "
        "service under\none private CA, credentials given, one run with "
        "`--trust-token-host`:\n\n" + to_token_table(token_rows)))
    with open(README, "w", encoding="utf-8") as file:
        file.write(readme)


if __name__ == "__main__":
    main(sys.argv[1:])
