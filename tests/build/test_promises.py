# SPDX-License-Identifier: Apache-2.0
"""scripts/check-promises: each promise has a test that is there."""
import os
import shutil
import subprocess

import pytest

from support.product import ROOT

CHECKER = os.path.join(ROOT, "scripts", "check-promises")
HEAD = "document\ttests\tpromise\n"
TEXT = """# A title

It never writes. It reads,
and has nothing else
to do! It is small.

- An item that cannot
  be read.

    never: a command or a drawing

| only | a row |

<!-- measured -->
It always was measured.
<!-- /measured -->
"""
PROMISES = ("It never writes.", "It reads, and has nothing else to do!",
            "An item that cannot be read.", "| only | a row |")
ROWS = HEAD + "".join(
    f"README.md\ttest_a.py:test_it test_b.c:it\t{promise}\n"
    for promise in PROMISES)


def check(top, **files):
    """The checker's status and complaints where FILES replace what holds."""
    texts = {
        "README.md": TEXT, "SECURITY.md": "# Nothing is promised here?\n",
        "docs/promises.tsv": ROWS
        + "SECURITY.md\tfact: a title\tNothing is promised here?\n",
        "tests/build/test_a.py": "def test_it():\n    pass\n",
        "tests/unit/test_b.c": "static void it(void **state)\n{\n}\n"
        "int main(void)\n{\n\trun(it);\n}\n", **files}
    for name, text in texts.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    done = subprocess.run([CHECKER, top], capture_output=True, text=True,
                          check=False)
    return done.returncode, done.stderr


def test_the_documents_of_this_tree_hold():
    done = subprocess.run([CHECKER], capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr


def test_what_holds_is_said_so(tmp_path):
    assert check(tmp_path) == (0, "")


@pytest.mark.parametrize("promise", PROMISES)
def test_a_promise_without_a_row_is_a_complaint(tmp_path, promise):
    rows = [row for row in ROWS.splitlines(True) if promise not in row]
    code, said = check(tmp_path, **{"docs/promises.tsv": "".join(rows)})
    assert code == 1
    assert f"README.md promises without a test: {promise}\n" in said


@pytest.mark.parametrize("word", [
    "never", "cannot", "can not", "only", "nothing", "nobody", "always", "no",
    "Never", "ONLY"])
def test_each_word_makes_a_promise(tmp_path, word):
    code, said = check(tmp_path, **{"README.md": TEXT + f"\nIt {word} x.\n"})
    assert (code, f"without a test: It {word} x." in said) == (1, True)


@pytest.mark.parametrize("word", ["read-only", "know", "no-new-privileges"])
def test_part_of_a_word_makes_none(tmp_path, word):
    assert check(tmp_path, **{"README.md": TEXT + f"\nIt {word} x.\n"}) == \
        (0, "")


def test_a_row_whose_sentence_is_gone_is_a_complaint(tmp_path):
    code, said = check(tmp_path, **{
        "README.md": TEXT.replace("never writes.", "never reads.")})
    assert code == 1
    assert "no longer in README.md: It never writes.\n" \
        "\tnearest there: It never reads." in said


@pytest.mark.parametrize("files", [
    {"tests/build/test_a.py": "def test_other():\n    pass\n"},
    {"tests/build/test_a.py": "# def test_it():\n"},
    {"tests/unit/test_b.c": "static void it(void **state)\n{\n}\n"},
    {"tests/unit/test_b.c": "/* it */\n"},
])
def test_a_test_that_is_gone_is_a_complaint(tmp_path, files):
    code, said = check(tmp_path, **files)
    assert (code, "no such test: test_" in said) == (1, True), said


@pytest.mark.parametrize("cell,complaint", [
    ("", "no test"), (" ", "no test"), ("fact:", "no such test: fact:"),
    ("test_c.c:it", "no such test: test_c.c:it"),
    ("scripts/none", "no such test: scripts/none")])
def test_a_row_without_a_test_is_a_complaint(tmp_path, cell, complaint):
    rows = ROWS.replace("test_a.py:test_it test_b.c:it", cell)
    code, said = check(tmp_path, **{"docs/promises.tsv": rows + (
        "SECURITY.md\tfact: a title\tNothing is promised here?\n")})
    assert (code, complaint in said) == (1, True), said


def test_a_script_counts_where_it_can_be_run(tmp_path):
    (tmp_path / "scripts").mkdir()
    shutil.copy("/bin/true", tmp_path / "scripts" / "true")
    rows = ROWS.replace("test_b.c:it", "scripts/true")
    rows += "SECURITY.md\tfact: a title\tNothing is promised here?\n"
    assert check(tmp_path, **{"docs/promises.tsv": rows}) == (0, "")
    (tmp_path / "scripts" / "true").chmod(0o644)
    assert check(tmp_path, **{"docs/promises.tsv": rows})[0] == 1


@pytest.mark.parametrize("line", [
    "README.md\ttest_a.py:test_it\tIt never writes.\n",
    "OTHER.md\ttest_a.py:test_it\tIt never writes.\n",
    "README.md\tIt never writes.\n"])
def test_a_row_that_is_none_or_stands_twice_is_a_complaint(tmp_path, line):
    rows = ROWS + "SECURITY.md\tfact: a title\tNothing is promised here?\n"
    assert check(tmp_path, **{"docs/promises.tsv": rows + line})[0] == 1
