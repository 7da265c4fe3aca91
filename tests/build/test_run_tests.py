# SPDX-License-Identifier: Apache-2.0
"""scripts/run-tests fails for whatever fails, and its sum is right."""
import os
import re
import subprocess

import pytest

from support.product import ROOT

PROGRAMS = {
    "good": "echo 'ok 1 - a'; echo 'ok 2 - b'",
    "skipping": "echo 'ok 1 - a'; echo 'not ok 2 # SKIP no root'",
    "bad": "echo 'ok 1 - a'; echo 'not ok 2 - b'; echo why; exit 1",
    "crashing": "echo 'ok 1 - a'; kill -SEGV $$",
    "silent": "exit 0",
    # Its parent is timeout, and that one's the shell that runs this test.
    "murderous": "kill -9 $(ps -o ppid= -p $PPID)",
}


def run(directory, *names, **variables):
    for name in names:
        program = directory / name
        program.write_text(f"#!/bin/sh\n{PROGRAMS[name]}\n")
        program.chmod(0o755)
    done = subprocess.run(
        [os.path.join(ROOT, "scripts", "run-tests"),
         *(directory / name for name in names)], capture_output=True,
        text=True, check=False, env={**os.environ, "MUST_RUN": "0",
                                     "RUN": "", **variables})
    return done.returncode == 0, done.stdout


@pytest.mark.parametrize("jobs", ["1", "3"])
@pytest.mark.parametrize("names,good,total", [
    (["good"], True, "2 passed, 0 failed, 0 skipped"),
    (["good", "skipping"], True, "3 passed, 0 failed, 1 skipped"),
    (["good", "bad", "good"], False, "5 passed, 1 failed, 0 skipped"),
    (["crashing", "good"], False, "3 passed, 1 failed, 0 skipped"),
    (["good", "silent"], False, "2 passed, 1 failed, 0 skipped"),
    ([], False, "0 passed, 0 failed, 0 skipped"),
])
def test_the_sum_and_the_status(tmp_path, jobs, names, good, total):
    status, said = run(tmp_path, *names, JOBS=jobs)
    assert (status, said.splitlines()[-1]) == (good, total), said


def test_a_skip_fails_where_all_must_run(tmp_path):
    status, said = run(tmp_path, "skipping", MUST_RUN="1")
    assert not status
    assert "no root" in said


def test_all_is_said_about_what_fails(tmp_path):
    said = run(tmp_path, "good", "bad")[1]
    assert "why\n" in said
    assert f"exit status 1 of {tmp_path}/bad" in said


def test_one_whose_runner_was_killed_is_a_failure(tmp_path):
    status, said = run(tmp_path, "murderous", "good", JOBS="1")
    assert not status
    assert re.fullmatch(r"\d passed, [12] failed, 0 skipped",
                        said.splitlines()[-1]), said


def test_the_parts_of_a_folder_are_all_of_it(tmp_path):
    for number in range(7):
        (tmp_path / f"test_{number}.py").write_text(
            f"def test_it():\n    assert {number} != 3\n")
    parts = [f"{tmp_path}/{part}-of-3" for part in (1, 2, 3)]
    command = [os.path.join(ROOT, "scripts", "run-tests")]
    done = [subprocess.run(
        command + named, cwd=tmp_path, capture_output=True, text=True,
        check=False, env={**os.environ, "RUN": ""}) for named in (
            parts, parts[:1], parts[1:2], parts[2:], [f"{tmp_path}/"])]
    assert [text.stdout.splitlines()[-1] for text in done] == [
        "6 passed, 1 failed, 0 skipped", "2 passed, 1 failed, 0 skipped",
        "2 passed, 0 failed, 0 skipped", "2 passed, 0 failed, 0 skipped",
        "6 passed, 1 failed, 0 skipped"]
    assert [text.returncode for text in done] == [1, 1, 0, 0, 1]
