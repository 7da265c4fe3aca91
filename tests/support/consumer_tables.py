# SPDX-License-Identifier: Apache-2.0
"""docs/consumers.md, the record of what was measured, and README's tables,
which are made of it alone."""
import collections
import os
import re

from support.consumers import Row, agrees
from support.kinds import BASIC, ODD, TOKENS
from support.product import ROOT

RECORD = os.path.join(ROOT, "docs", "consumers.md")
README = os.path.join(ROOT, "README.md")

# Which directories a consumer reads.
Reads = collections.namedtuple("Reads", "how version reads")

ROW_HEAD = ("Registry", "How", "Versions", "Said before", "Did", "Said after",
            "Did", "What else it takes")
READS_HEAD = ("How", "Versions", "Reads")


def to_table(head, lines):
    return "".join("| " + " | ".join(cells) + " |\n"
                   for cells in (head, ["---"] * len(head), *lines))


def from_table(text, head):
    """The cells of the table in TEXT that begins with HEAD."""
    _, _, rest = text.partition(to_table(head, []))
    for line in rest.splitlines():
        if not line.startswith("| "):
            return
        yield line.strip("| ").split(" | ")


def merge(rows):
    """ROWS, those that differ in the version alone as one."""
    versions = collections.defaultdict(list)
    for row in rows:
        versions[row._replace(version="")].append(row.version)
    return [row._replace(version=", ".join(seen))
            for row, seen in versions.items()]


def split(rows):
    for row in rows:
        for version in row.version.split(", "):
            yield row._replace(version=version)


def count(rows):
    """What the comparison came to, in a sentence."""
    wrong = sum(not agrees(row) for row in rows)
    unchecked = sum(said == "unchecked" for row in rows
                    for said in (row.said_before, row.said_after))
    return (f"{2 * len(rows) - unchecked} times dtr-trust said what a reader "
            f"would do, and {wrong} times it did\notherwise; {unchecked} times "
            "it said that this cannot be told from where it runs\n"
            "(*unchecked*).")


def to_record(date, commit, rows, reads):
    versions = sorted({row.version for row in rows})
    return f"""# What each reader of certs.d does, and what dtr-trust says of it

Made by `scripts/consumers` on {date} of {commit}; do not edit.
Each row is a registry of a kind and a reader of one release: what
`dtr-trust --check` said of it before anything was installed, what it then did;
what one run of dtr-trust said, which `--check` repeats, and what it then did.
Registry and token service stand under
one private CA, and credentials are given. *reads-nothing* says that nothing in
this directory changes what it does, and holds where nothing did; *unverified*
that it connects and verifies nothing. Of token services and of client
certificates that are missing or wrong, the exit codes and words are in
[transcripts/](transcripts).

{count(rows)}

Run: {", ".join(versions)}.

Known in another way, because Debian has no such release: Docker from 29.5 on
asks the token service with the registry's directory where its containerd store
pulls (its source; reported of 29.7.2), Docker 23 and 24 list the directories
for a build when they start, as 20.10 does (source), and containerd from 2.2 on
reads no directory until its `config_path` names one alone (reported of 2.3.4): of
the two that are its default its CRI makes one name. That is so from 2.1 on with
such a list; 1.6 and 1.7 read both (run here, as `tests/e2e/test_consumers.py` does).
In the rows of containerd below it does, but for those *as it comes*.

{to_table(ROW_HEAD, merge(rows))}
Where a `ca.crt` alone is enough, each directory tried by itself:

{to_table(READS_HEAD, merge(reads))}"""


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def from_record(text):
    """The rows and the directories that to_record has made TEXT of."""
    return (list(split(Row(*cells) for cells in from_table(text, ROW_HEAD))),
            list(split(Reads(*cells) for cells in
                       from_table(text, READS_HEAD))))


def together(versions):
    """Versions with each program's name once."""
    text, last = [], None
    for version in versions:
        program, _, number = version.partition(" ")
        text.append(number if program == last else version)
        last = program
    return ", ".join(text)


def to_first_table(rows, reads):
    """Basic login, for README."""
    found = {(one.how, one.version): one.reads for one in reads}
    lines = collections.defaultdict(list)
    for row in rows:
        if row.kind == BASIC.title:
            lines[row.how, row.said_after, row.after, row.helps,
                  found.get((row.how, row.version), "-")].append(row.version)
    return to_table(
        ("How", "Versions", "dtr-trust says", "After one run",
         "What else it takes", "Reads"),
        [(how, together(seen), *rest)
         for (how, *rest), seen in lines.items()])


def in_a_cell(row):
    """What ROW came to, in a few words."""
    text = row.after
    if row.helps != "-":
        text += f"; helps: {row.helps}"
    return text + " (*unchecked*)" * (row.said_after == "unchecked")


def alike(lists):
    """The keys of LISTS, those with equal lists together, in their order."""
    groups = collections.defaultdict(list)
    for key, content in lists.items():
        groups[tuple(content)].append(key)
    return list(groups.values())


def to_second_table(rows):
    """All other kinds, for README: a column for kinds that are alike to all
    readers, a line for readers to whom all kinds are alike."""
    kinds = [kind.title for kind in (*TOKENS, *ODD)]
    cells = collections.defaultdict(dict)
    for row in rows:
        if row.kind in kinds:
            cells[row.how, row.version][row.kind] = in_a_cell(row)
    columns = alike({kind: [by_kind.get(kind, "-") for by_kind
                            in cells.values()] for kind in kinds})
    lines = alike({reader: [by_kind.get(kind, "-") for kind, *_ in columns]
                   for reader, by_kind in cells.items()})
    return to_table(
        ("How", *("; ".join(column) for column in columns)),
        [(readers(line), *(cells[line[0]].get(kind, "-")
                           for kind, *_ in columns)) for line in lines])


def readers(line):
    """(how, version)... with each way once."""
    versions = collections.defaultdict(list)
    for how, version in line:
        versions[how].append(version)
    return "; ".join(f"{how} ({together(seen)})"
                     for how, seen in versions.items())


def between(text, mark, content):
    """TEXT with CONTENT between its two comments MARK."""
    marked = re.compile(f"(<!-- {mark} -->\n).*(<!-- /{mark} -->\n)", re.S)
    text, found = marked.subn(lambda match: match[1] + content + match[2],
                              text)
    if not found:
        raise ValueError(f"README.md has no place for {mark}")
    return text


def date_of(record):
    return re.search(r"on (\d{4}-\d\d-\d\d)", record)[1]


def commit_of(record):
    return re.search(r"on \S+ of (\S+);", record)[1]


def to_readme(readme, record):
    """README with the tables that RECORD gives, and nothing else in them."""
    rows, reads = from_record(record)
    measured = (f"Measured on {date_of(record)} by `scripts/consumers`; all "
                "rows, and what was said\nbefore, are in "
                "[docs/consumers.md](docs/consumers.md)")
    readme = between(readme, "consumers",
                     f"{measured}.\n\n{to_first_table(rows, reads)}")
    return between(readme, "token-service",
                   f"{measured}.\n{count(rows)}\n\n{to_second_table(rows)}")
