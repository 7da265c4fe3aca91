# SPDX-License-Identifier: Apache-2.0
"""scripts/check-layers refuses what crosses the trust boundary."""
import collections
import glob
import itertools
import os
import re
import re._parser as parser
import subprocess

import pytest

from support.product import ROOT, read

CHECKER = os.path.join(ROOT, "scripts", "check-layers")

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
    ("installer/certs_d/store.c", "flock", "must not call flock"),
    ("installer/certs_d/section.c", "openat", "must not call openat"),
    ("installer/certs_d/keep.c", "time", "must not call time"),
    ("installer/policy/policy.c", "clock_gettime", "must not call clock_gettime"),
    ("installer/options/options.c", "fork", "must not call fork"),
    ("installer/supervise.c", "execve", "must not call execve"),
    ("installer/supervise.c", "fork", "must not call fork"),
    ("probe/probe.c", "execve", "must not call execve"),
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
    ("probe/verdict/path/chain.c", "malloc", "must not call malloc"),
    ("probe/tls/stream.c", "connect", "must not call connect"),
    ("probe/tls/capture.c", "Hacl_Curve25519_scalarmult", "must not call Hacl"),
    ("probe/judge/judge.c", "poll", "must not call poll"),
    ("installer/options/values.c", "open", "must not call open"),
    ("installer/inputs/host_pool.c", "flock", "must not call flock"),
    ("probe/verdict/path/chain.c", "mbedtls_md", "must not call mbedtls_md"),
    ("probe/verdict/names.c", "mbedtls_x509_crt_verify",
     "must not call mbedtls_x509"),
    ("common/wire_decode.c", "write", "must not call write"),
    ("common/registry.c", "snprintf", "must not call snprintf"),
    ("common/io.c", "socket", "must not call socket"),
    ("common/io.c", "strtok", "must not call strtok"),
    ("probe/tls/keys.c", "Hacl_Curve25519_crypto_scalarmult",
     "must not call Hacl_"),
    ("main.c", "mbedtls_ssl_read", "must not call mbedtls_ssl"),
    ("main.c", "exit", "must not call exit"),
    ("main.c", "printf", "must not call printf"),
]
# folder, the header that its files must not include
INCLUSIONS = [
    ("common", "probe/probe.h"), ("common", "mbedtls/ssl.h"),
    ("installer/policy", "installer/round.h"),
    ("installer/options", "installer/certs_d/store.h"),
    ("installer/inputs", "installer/report/report.h"),
    ("installer/inputs", "installer/certs_d/place.h"),
    ("installer/certs_d", "installer/report/report.h"),
    ("installer/report", "installer/round.h"),
    ("installer", "probe/probe.h"), ("installer", "mbedtls/ssl.h"),
    ("probe/sandbox", "probe/probe.h"),
    ("probe/connect", "probe/tls/capture.h"),
    ("probe/verdict/x509", "probe/verdict/verdict.h"),
    ("probe/verdict/path", "probe/tls/capture.h"),
    ("probe/verdict", "probe/judge/judge.h"),
    ("probe/tls", "probe/judge/judge.h"),
    ("probe/judge", "probe/connect/dial.h"),
    ("probe", "installer/certs_d/store.h"),
    (".", "probe/tls/capture.h"),
]
VARIABLES = ["int state;", "static int state = 1; int *at(void);"
             "int *at(void) { return &state; }", "_Thread_local int state;"]


def run(directory):
    """The checker's status and complaints about the objects in DIRECTORY."""
    done = subprocess.run([CHECKER, directory / "obj", directory / "src"],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def put(directory, file, code, *flags):
    """CODE as src/FILE, and its object."""
    source = directory / "src" / file
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(code + "\n")
    target = directory / "obj" / file.replace(".c", ".o")
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["gcc", "-c", "-w", "-fno-builtin", "-fno-common", *flags,
                    "-I", directory / "src", source, "-o", target], check=True)


def check(directory, file, code, *flags):
    """The checker's status and complaints about CODE as src/FILE."""
    put(directory, file, code, *flags)
    return run(directory)


def flags_of_the_product():
    """What the Makefile compiles the product with, without its paths."""
    text = read("Makefile").replace("\\\n", " ")
    line, = re.findall(r"^FLAGS_obj := (.*)$", text, re.M)
    return re.findall(r"(?<!\S)-[Of][\w=-]+", line)


@pytest.mark.parametrize("file,code,complaint", [
    ("installer/certs_d/store.c", CALL.format("connect"),
     "must not call connect"),
    ("installer/policy/policy.c", CALL.format("time"), "must not call time"),
    ("probe/tls/capture.c", "int state = 1;", "has a variable: state"),
    ("common/io.c", "int state; int *at(void); int *at(void) {"
     " return &state; }", "has a variable: state"),
])
def test_an_object_as_the_product_has_it_is_seen_through(tmp_path, file, code,
                                                         complaint):
    """With -flto it holds the compiler's own code beside the machine's."""
    flags = flags_of_the_product()
    assert any(flag.startswith("-flto") for flag in flags), flags
    status, said = check(tmp_path, file, code, *flags)
    assert (status, complaint in said) == (1, True), said


@pytest.mark.parametrize("file,function,complaint", CROSSINGS)
def test_a_call_across_the_boundary_is_refused(
        tmp_path, file, function, complaint):
    status, said = check(tmp_path, file, CALL.format(function))
    assert (status, complaint in said) == (1, True), said


Rule = collections.namedtuple("Rule", "kind where what but text")


def rules():
    """The rules of the checker, their @names resolved."""
    with open(CHECKER, encoding="ascii") as file:
        table = file.read().split("<<'EOT'\n")[1].split("\nEOT\n")[0]
    sets = dict(re.findall(r"^(@\w+) +(\S+)$", table, re.M))
    for line in table.splitlines():
        kind, *cells = line.split() or [""]
        if kind in ("never", "only", "room"):
            where, what, but = (*cells, "-")[:3]
            for name, value in sets.items():
                what = what.replace(name, value)
            yield Rule(kind, where, what, but, " ".join(line.split()))


def samples(pattern):
    """Names that match PATTERN, one for each of its alternatives."""
    def of(items):
        return ["".join(parts)
                for parts in itertools.product(*map(one, items))]

    def one(item):
        kind, value = str(item[0]), item[1]
        if kind == "LITERAL":
            return [chr(value)]
        if kind == "SUBPATTERN":
            return of(value[3])
        if kind == "BRANCH":
            return [text for branch in value[1] for text in of(branch)]
        if kind == "MAX_REPEAT":
            return ["z"] if str(value[2][0][0]) == "ANY" else of(value[2])
        if kind == "IN":
            return [chr(value[0][1])]
        raise ValueError(item)
    return of(parser.parse(pattern))


def objects():
    """The paths of this tree's objects, as rules name them."""
    top = os.path.join(ROOT, "src")
    return sorted(os.path.relpath(path, top)[:-2] for path in
                  glob.glob(os.path.join(top, "**", "*.c"), recursive=True))


def call_all(directory, calls):
    """The complaints where each object calls its functions of CALLS."""
    for name, functions in calls.items():
        put(directory, name + ".c", "\n".join(
            f"int {function}(void); int caller{n}(void)"
            f"{{ return {function}(); }}"
            for n, function in enumerate(sorted(functions))))
    return run(directory)[1]


def test_each_name_of_each_rule_is_refused(tmp_path):
    """In the first of our files for which the rule holds: there is one."""
    calls, expected = collections.defaultdict(set), []
    for rule in rules():
        if rule.kind not in ("never", "only"):
            continue
        where = [name for name in objects()
                 if re.fullmatch(rule.where, name)
                 and not re.fullmatch(rule.but, name)]
        assert where, f"a rule for nothing: {rule.text}"
        for name in samples(rule.what) if rule.kind == "never" else ["getpid"]:
            calls[where[0]].add(name)
            expected.append(f"{where[0]}.o must not call {name} ({rule.text})")
    said = call_all(tmp_path, calls)
    assert not [line for line in expected if line not in said]


def test_each_rule_has_a_crossing_by_hand(tmp_path):
    """What is written above breaks each rule, whatever its words are."""
    calls = collections.defaultdict(set)
    for file, function, _ in CROSSINGS:
        calls[file[:-2]].add(function)
    said = call_all(tmp_path, calls)
    assert not [rule.text for rule in rules() if rule.kind in ("never", "only")
                and f"({rule.text})" not in said]
    assert {rule.where for rule in rules() if rule.kind == "room"} == \
        {folder for folder, _ in INCLUSIONS}


@pytest.mark.parametrize("folder,header", INCLUSIONS)
def test_an_include_out_of_a_room_is_refused(tmp_path, folder, header):
    put(tmp_path, "common/some.c", "")
    source = tmp_path / "src" / folder / "some.h"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(f'#include "{header}"\n')
    name = os.path.normpath(f"{folder}/some.h")
    assert run(tmp_path) == (1, f"check-layers: {name} must not include: "
                             f"{header} (room {folder})\n")


def test_no_room_knows_what_knows_it():
    """The rules allow no circle, and each folder of the tree is a room."""
    rooms = {rule.where: rule.what for rule in rules() if rule.kind == "room"}
    folders = {os.path.dirname(name) or "." for name in objects()}
    assert folders <= set(rooms)

    def knows(folder):
        return {other for other in rooms if other not in (folder, ".")
                and re.fullmatch(rooms[folder], other)}
    known = {folder: knows(folder) for folder in rooms}
    while known:
        leaves = [folder for folder in known if not known[folder] & set(known)]
        assert leaves, f"a circle among {sorted(known)}"
        for folder in leaves:
            del known[folder]


def test_the_seam_of_the_library_is_what_contributing_says():
    seam, = [rule.but for rule in rules() if "psa_" in rule.what
             and "mbedtls_.*" in rule.what and rule.where == ".*"]
    with open(os.path.join(ROOT, "CONTRIBUTING.md"), encoding="ascii",
              errors="replace") as file:
        table = file.read().split("## The seam of the crypto library")[1]
    named = re.findall(r"`(?:[\w/]+/)?(\w+)\.c`", table)
    assert sorted(named) == sorted(map(os.path.basename, samples(seam)))


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
    ("installer/certs_d/place.c", "renameat"), ("installer/certs_d/lock.c", "flock"),
    ("installer/slot.c", "waitpid"),
    ("probe/launch.c", "execve"),
    ("probe/connect/dial.c", "connect"), ("probe/sandbox/sandbox.c", "prctl"),
    ("probe/tls/x25519.c", "Hacl_Curve25519_crypto_scalarmult"),
])
def test_the_owner_of_a_power_may_use_it(tmp_path, file, function):
    assert check(tmp_path, file, CALL.format(function)) == (0, "")


def test_a_constant_table_is_no_variable(tmp_path):
    code = 'const char *const table[] = {"a", "b"};'
    assert check(tmp_path, "installer/policy/policy.c", code) == (0, "")


def test_nothing_to_check_is_a_failure(tmp_path):
    (tmp_path / "obj").mkdir()
    assert run(tmp_path)[0] == 1
