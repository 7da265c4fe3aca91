#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Try the binaries of one platform in a user-mode emulator.

	tests/platforms/emulate.py ARCH PROGRAM... [-- PYTEST-FILE...]

PROGRAM is a test program in C, run by build/platforms/ARCH/run; the files of
pytest run the program itself, with real TLS servers, in the same way. Prints
each failure that is not in KNOWN, each row of KNOWN that does not hold, and a
line that sums up. As many side by side as there are processors.
"""
import concurrent.futures
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
LIMIT_SECONDS = 1200

# What cannot hold in an emulator, and why: (test, platforms or None, reason).
NO_SECCOMP = "a user-mode emulator refuses seccomp, so no probe is sealed"
# The program and musl have 64 bits of time on every platform; the tests put
# their own clock and fstatat under the old names, which a 32-bit libc does not
# call.
NAMES = "32-bit: the test replaces time() and the libc calls __time64()"
STAT = "32-bit: the same of fstatat() and __fstatat_time64()"
KNOWN = [
    ("test_probe: nobody_there_is_reported", None, NO_SECCOMP),
    ("test_probe: a_silent_server_is_given_up_in_time", None, NO_SECCOMP),
    ("test_probe: another_protocol_is_named", None, NO_SECCOMP),
    ("test_probe: a_chain_of_garbage_is_reported", None, NO_SECCOMP),
    ("test_probe: a_probe_is_sealed_before_the_first_foreign_byte", None,
     NO_SECCOMP),
    ("test_supervise: no_probe_inherits_the_reports_of_others", None,
     "the memory that is counted there is the emulator's"),
    ("test_supervise: few_processes_mean_few_at_a_time", None,
     "each process of the emulator has a thread more, which is counted"),
    ("test_run: a_wrong_clock_is_said_and_nothing_is_done", ["arm"], NAMES),
    ("test_run: a_clock_without_a_battery_stops_the_round", ["arm"], NAMES),
    ("test_store: a_stuck_installer_is_not_waited_for_for_ever", ["arm"],
     NAMES),
    ("test_lock: a_name_that_cannot_be_looked_up_is_a_failure", ["arm"], STAT),
]


def known(arch, test):
    return any(name == test and (arches is None or arch in arches)
               for name, arches, _ in KNOWN)


class Trial:
    def __init__(self, arch):
        self.arch = arch
        self.folder = os.path.join(ROOT, "build", "platforms", arch)
        self.passed = self.expected = self.skipped = self.failed = 0
        self.log = open(os.path.join(self.folder, "trial.log"), "w",
                        encoding="utf-8")

    def fail(self, text):
        self.failed += 1
        print(f"  FAIL  {self.arch}: {text}")

    def run_program(self, path):
        return subprocess.run(
            [os.path.join(self.folder, "run"), path], cwd=self.folder,
            env={**os.environ, "CMOCKA_MESSAGE_OUTPUT": "TAP"},
            stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT_SECONDS,
            check=False)

    def judge_program(self, path, done):
        """One test program; its TAP names each test."""
        out = done.stdout.decode(errors="replace")
        self.log.write(f"# {path}: {done.returncode}\n{out}"
                       f"{done.stderr.decode(errors='replace')}\n")
        rows = re.findall(r"^(not )?ok \d+ (-|# SKIP) (\S+)", out, re.M)
        # A test that empties its environment ends in cmocka's other form.
        rows += [(word == "FAILED", "-", name) for word, name in re.findall(
            r"^\[ +(OK|FAILED) +\] (\w+)$", out, re.M)]
        plan = re.search(r"^1\.\.(\d+)", out, re.M)
        if not plan or int(plan.group(1)) != len(rows):
            self.fail(f"{path} did not end: exit {done.returncode}")
        for bad, kind, name in rows:
            test = f"{os.path.basename(path)}: {name}"
            if kind != "-":
                self.skipped += 1
            elif known(self.arch, test):
                self.expected += 1
                if not bad:
                    self.fail(f"{test} passed: take it out of KNOWN")
            elif bad:
                self.fail(test)
            else:
                self.passed += 1

    def run_pytest(self, paths):
        """Whole runs of the program, as the integration tests make them."""
        return subprocess.run(
            ["/usr/bin/python3", "-m", "pytest", "-q", "-rf", "--tb=short",
             "-p", "no:cacheprovider", *paths], cwd=ROOT,
            env={**os.environ, "DTR_TRUST": os.path.join(
                self.folder, "emulated")},
            stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=LIMIT_SECONDS, check=False)

    def judge_pytest(self, done):
        self.log.write(done.stdout + done.stderr)
        for test in re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.M):
            self.fail(test)
        passed = re.search(r"(\d+) passed", done.stdout)
        self.passed += int(passed.group(1)) if passed else 0
        if done.returncode and not self.failed:
            self.fail(f"pytest: exit {done.returncode}")


def main():
    arch, *arguments = sys.argv[1:]
    at = arguments.index("--") if "--" in arguments else len(arguments)
    programs, files = arguments[:at], arguments[at + 1:]
    trial = Trial(arch)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = pool.submit(trial.run_pytest, files) if files else None
        ended = pool.map(trial.run_program, programs)
        for path, done in zip(programs, ended):
            trial.judge_program(path, done)
        if runs:
            trial.judge_pytest(runs.result())
    print(f"  {'FAIL' if trial.failed else 'ok':5} {arch:8} "
          f"{trial.passed} passed, {trial.failed} failed, {trial.skipped} "
          f"skipped, {trial.expected} not possible in an emulator")
    return 1 if trial.failed else 0


sys.exit(main())
