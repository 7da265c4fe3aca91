# SPDX-License-Identifier: Apache-2.0
"""The help, the manual page and the completions say what the table says."""
import os
import re
import subprocess

import pytest

from support.product import BINARY, ROOT, option_rows, read

PAGE = os.path.join(ROOT, "docs", "dtr-trust.8")
COMPLETIONS = os.path.join(ROOT, "docs", "completions")


def output(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          **options)
    assert done.returncode == 0, done
    return done.stdout + done.stderr


def test_help_fits_a_terminal_of_80_by_24():
    lines = output(BINARY, "--help").splitlines()
    # The last line is the prompt's.
    assert len(lines) <= 23
    assert max(map(len, lines)) <= 79


def test_help_names_every_option_and_the_manual():
    text = output(BINARY, "--help")
    for flag, _, argument, _ in option_rows():
        label = flag if argument == "-" else f"{flag} {argument}"
        assert f" {label} " in text or f" {label}," in text
    assert "man 8 dtr-trust" in text


def test_page_and_completions_are_those_of_the_table():
    assert output(os.path.join(ROOT, "scripts", "manual"), "--check") == ""


def test_the_page_names_every_option_and_variable():
    text = output("man", "-l", PAGE, env={
        **os.environ, "MANWIDTH": "78", "LC_ALL": "C", "MAN_KEEP_FORMATTING": ""})
    for flag, variable, argument, kind in option_rows():
        label = flag if argument == "-" else f"{flag} {argument}"
        assert re.search(rf"^       {label}( |$)", text, re.M), label
        if variable != "-":
            value = "=1" if kind == "switch" else ""
            assert f"\n       {variable}{value}" in text


def test_it_is_installed_where_the_readers_look(tmp_path):
    output("make", "-s", "-C", ROOT, "install", f"DESTDIR={tmp_path}/root",
           "PREFIX=/opt/local")
    top = tmp_path / "root" / "opt" / "local"
    page = output("man", "-M", top / "share" / "man", "8", "dtr-trust")
    assert "--require-pin" in page
    assert output(top / "sbin" / "dtr-trust", "--version") == output(
        BINARY, "--version")
    assert {str(path.relative_to(top / "share")) for path in top.glob(
        "share/**/*") if path.is_file()} == {
            "man/man8/dtr-trust.8",
            "bash-completion/completions/dtr-trust",
            "zsh/site-functions/_dtr-trust",
            "fish/vendor_completions.d/dtr-trust.fish"}


def test_man_has_no_complaint_about_the_page():
    done = subprocess.run(["man", "--warnings", "-l", PAGE], text=True,
                          capture_output=True, check=True)
    assert done.stderr == ""
    assert output("mandoc", "-Tlint", "-Wwarning", PAGE) == ""


def complete(line):
    """What bash completes the last word of LINE to."""
    words = line.split(" ")
    script = (f"source {COMPLETIONS}/dtr-trust.bash; COMP_WORDS=(\"$@\"); "
              f"COMP_CWORD={len(words) - 1}; _dtr_trust; "
              "printf '%s\\n' \"${COMPREPLY[@]}\"")
    return output("bash", "-euc", script, "bash", *words).split()


@pytest.mark.parametrize("line, words", [
    ("dtr-trust --chec", ["--check"]),
    ("dtr-trust --on-change ", ["refuse", "add", "replace"]),
    ("dtr-trust --on-change a", ["add"]),
    ("dtr-trust --on-change = re", ["refuse", "replace"]),
    ("dtr-trust --timeout ", []),
    ("dtr-trust --certs-dir /etc/apt/apt.conf", ["/etc/apt/apt.conf.d"])])
def test_bash_completes(line, words):
    assert complete(line) == words


def test_bash_completes_every_option():
    assert complete("dtr-trust -") == [row[0] for row in option_rows()]


def test_a_menu_says_what_each_option_does():
    """Not 'Write nothing' of two, or 'With --every' of what goes with it."""
    said = re.findall(r"\[(.*?)\]", read("docs/completions/_dtr-trust"))
    assert len(set(said)) == len(said) == len(option_rows())
    assert not [text for text in said if text.startswith("With ")
                or len(text) > 90 or text.count("(") != text.count(")")]


def test_zsh_reads_its_completions():
    path = os.path.join(COMPLETIONS, "_dtr-trust")
    assert output("zsh", "-n", path) == ""
    with open(path, encoding="ascii") as file:
        text = file.read()
    for flag, *_ in option_rows():
        assert f"'*{flag}[" in text or f"'*{flag}=[" in text


def test_fish_completes(tmp_path):
    path = os.path.join(COMPLETIONS, "dtr-trust.fish")
    home = {**os.environ, "HOME": str(tmp_path)}
    assert output("fish", "-n", path, env=home) == ""
    seen = output("fish", "-c", f"source {path}; complete -C 'dtr-trust --'",
                  env=home)
    assert {line.split("\t")[0] for line in seen.splitlines()} >= {
        row[0] for row in option_rows()}
    seen = output("fish", "-c",
                  f"source {path}; complete -C 'dtr-trust --on-change a'",
                  env=home)
    assert seen.split("\t")[0] == "add"
