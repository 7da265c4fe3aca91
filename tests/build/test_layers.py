# SPDX-License-Identifier: Apache-2.0
"""scripts/check-layers refuses what crosses the trust boundary."""
import os
import subprocess

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

CALL = "int {0}(void); int caller(void); int caller(void) {{ return {0}(); }}"

# file, what its code does that it must not, what the checker says
CROSSINGS = [
    ("installer/certs_d/store.c", "connect", "must not call connect"),
    ("installer/policy/policy.c", "getaddrinfo", "must not call getaddrinfo"),
    ("installer/report/report.c", "mbedtls_ssl_read", "must not call mbedtls_ssl"),
    ("installer/certs_d/store.c", "mbedtls_x509_crt_parse",
     "must not call mbedtls_x509_crt_parse"),
    ("installer/certs_d/ca_crt.c", "mbedtls_asn1_get_tag", "must not call mbedtls_a"),
    ("installer/certs_d/edit.c", "read", "must not call read"),
    ("installer/certs_d/section.c", "openat", "must not call openat"),
    ("installer/certs_d/keep.c", "time", "must not call time"),
    ("installer/policy/policy.c", "clock_gettime", "must not call clock_gettime"),
    ("installer/options/options.c", "fork", "must not call fork"),
    ("installer/supervise.c", "execve", "must not call execve"),
    ("installer/certs_d/survey.c", "renameat", "must not call renameat"),
    ("installer/supervise.c", "unlinkat", "must not call unlinkat"),
    ("installer/certs_d/store.c", "printf", "must not call printf"),
    ("installer/certs_d/store.c", "getenv", "must not call getenv"),
    ("installer/certs_d/store.c", "exit", "must not call exit"),
    ("installer/certs_d/store.c", "_exit", "must not call _exit"),
    ("probe/tls/capture.c", "openat", "must not call openat"),
    ("probe/tls/capture.c", "fopen", "must not call fopen"),
    ("probe/judge/answer.c", "mkdirat", "must not call mkdirat"),
    ("probe/connect/dial.c", "unlink", "must not call unlink"),
    ("probe/probe.c", "fork", "must not call fork"),
    ("probe/probe.c", "kill", "must not call kill"),
    ("probe/connect/dial.c", "prctl", "must not call prctl"),
    ("probe/connect/dial.c", "mbedtls_ssl_handshake", "must not call mbedtls_ssl"),
    ("probe/connect/dial.c", "getenv", "must not call getenv"),
    ("probe/verdict/path/chain.c", "recv", "must not call recv"),
    ("probe/verdict/path/chain.c", "read", "must not call read"),
    ("probe/verdict/names.c", "mbedtls_x509_crt_verify",
     "must not call mbedtls_x509"),
    ("common/wire_decode.c", "write", "must not call write"),
    ("common/registry.c", "snprintf", "must not call snprintf"),
    ("common/io.c", "socket", "must not call socket"),
    ("common/io.c", "strtok", "must not call strtok"),
    ("main.c", "mbedtls_ssl_read", "must not call mbedtls_ssl"),
    ("main.c", "exit", "must not call exit"),
    ("main.c", "printf", "must not call printf"),
]
VARIABLES = ["int state;", "static int state = 1; int *at(void);"
             "int *at(void) { return &state; }", "_Thread_local int state;"]


def check(directory, file, code):
    """The checker's status and complaints about CODE as src/FILE."""
    source = directory / "src" / file
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(code + "\n")
    target = directory / "obj" / file.replace(".c", ".o")
    target.parent.mkdir(parents=True)
    subprocess.run(["gcc", "-c", "-fno-builtin", "-fno-common", "-I",
                    directory / "src", source, "-o", target], check=True)
    done = subprocess.run(
        [os.path.join(ROOT, "scripts", "check-layers"), directory / "obj",
         directory / "src"], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize("file,function,complaint", CROSSINGS)
def test_a_call_across_the_boundary_is_refused(
        tmp_path, file, function, complaint):
    status, said = check(tmp_path, file, CALL.format(function))
    assert (status, complaint in said) == (1, True), said


@pytest.mark.parametrize("code", VARIABLES)
def test_a_mutable_global_is_refused(tmp_path, code):
    status, said = check(tmp_path, "installer/policy/policy.c", code)
    assert (status, "has a variable: state" in said) == (1, True), said


@pytest.mark.parametrize("file,header", [
    ("installer/certs_d/store.c", "probe/tls/capture.h"),
    ("probe/tls/capture.c", "installer/certs_d/store.h"),
    ("common/wire_decode.c", "installer/policy/policy.h"),
])
def test_an_include_across_the_boundary_is_refused(tmp_path, file, header):
    other = tmp_path / "src" / header
    other.parent.mkdir(parents=True)
    other.write_text("")
    code = f'#include "{header}"\nint caller(void);'
    status, said = check(tmp_path, file, code)
    assert (status, "must not include" in said) == (1, True), said


@pytest.mark.parametrize("file,function", [
    ("installer/certs_d/store.c", "renameat"), ("installer/supervise.c", "waitpid"),
    ("probe/connect/dial.c", "connect"), ("probe/sandbox/sandbox.c", "prctl"),
    ("probe/tls/capture.c", "mbedtls_ssl_read"),
])
def test_the_owner_of_a_power_may_use_it(tmp_path, file, function):
    assert check(tmp_path, file, CALL.format(function)) == (0, "")


def test_a_constant_table_is_no_variable(tmp_path):
    code = 'const char *const table[] = {"a", "b"};'
    assert check(tmp_path, "installer/policy/policy.c", code) == (0, "")


def test_nothing_to_check_is_a_failure(tmp_path):
    (tmp_path / "obj").mkdir()
    done = subprocess.run(
        [os.path.join(ROOT, "scripts", "check-layers"), tmp_path / "obj"],
        capture_output=True, text=True, check=False)
    assert done.returncode == 1
