# SPDX-License-Identifier: Apache-2.0
"""Measure every reader of certs.d in the root directories named, this
machine's release first, against what dtr-trust says of it; write
docs/consumers.md, transcripts of the kinds with tokens, and from the record
the tables in README.md. Ends with 1 where dtr-trust was wrong.

    consumers.py [--kind KIND]... ROOT...

With --kind (a word of tests/support/kinds.py) only registries of that kind are
measured, and the record keeps what it has of the others.
"""
import argparse
import contextlib
import datetime
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

from support.bed import Bed  # noqa: E402
from support.consumer_tables import (  # noqa: E402
    README, RECORD, Reads, commit_of, date_of, from_record, read, to_readme,
    to_record)
from support.consumers import (AS_IT_COMES, CONSUMERS,  # noqa: E402
                               Measured, reads, to_version)
from support.kinds import BASIC, KINDS, TOLD
from support.product import ROOT  # noqa: E402

TRANSCRIPTS = os.path.join(os.path.dirname(RECORD), "transcripts")


class Record:
    """All that was measured, and of other kinds than KINDS what had been."""

    def __init__(self, kinds):
        self.kinds = kinds
        self.date = datetime.date.today()
        self.commit = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12",
             "--exclude=*"], check=True, cwd=ROOT, capture_output=True,
            text=True).stdout.strip()
        self.rows, self.reads, self.complaints = [], [], []
        self.transcripts = {kind: [] for kind in kinds if kind in TOLD}
        if len(kinds) < len(KINDS):
            self.keep(read(RECORD))

    def keep(self, record):
        """The record is as old as its oldest part."""
        self.date, self.commit = date_of(record), commit_of(record)
        rows, directories = from_record(record)
        measured = [kind.title for kind in self.kinds]
        self.rows = [row for row in rows if row.kind not in measured]
        self.reads = [] if BASIC in self.kinds else directories

    def measure(self, root, store):
        """All kinds, with the engines of ROOT."""
        with contextlib.closing(Bed(root, store)) as bed:
            for kind in self.kinds:
                self.measure_kind(bed, kind)

    def measure_kind(self, bed, kind):
        measured = Measured(bed, kind)
        if kind in self.transcripts:
            self.transcripts[kind].append(measured.transcript())
        self.complaints += measured.complaints()
        for consumer, row in zip(measured.consumers, measured.rows()):
            print(*row, sep=" | ", flush=True)
            self.rows.append(row)
            if kind is BASIC:
                self.reads.append(Reads(
                    consumer.name, to_version(bed, consumer),
                    consumer.reads or ", ".join(reads(bed, consumer))))

    def write(self):
        kinds = [kind.title for kind in KINDS]
        readers = [one.name for one in (*CONSUMERS, AS_IT_COMES)]
        rows = sorted(self.rows, key=lambda row: (
            kinds.index(row.kind), readers.index(row.how)))
        self.reads.sort(key=lambda one: readers.index(one.how))
        write(RECORD, to_record(
            self.date, self.commit, rows, self.reads))
        write(README, to_readme(read(README), read(RECORD)))
        for kind, texts in self.transcripts.items():
            write(os.path.join(TRANSCRIPTS, kind.word + ".txt"),
                  "\n".join([kind.title + "\n", *texts]))


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def main(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--kind", action="append",
                        choices=[kind.word for kind in KINDS])
    parser.add_argument("root", nargs="*")
    options = parser.parse_args(arguments)
    record = Record([kind for kind in KINDS
                     if kind.word in (options.kind or [kind.word])])
    for root in ["/", *options.root]:
        for store in (False, True)[:1 if root == "/" else 2]:
            record.measure(root, store)
    record.write()
    for complaint in record.complaints:
        print("consumers:", complaint, file=sys.stderr)
    return 1 if record.complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
