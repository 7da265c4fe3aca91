# SPDX-License-Identifier: Apache-2.0
"""Wycheproof's vectors by our key_parse and signature_verify.

The vectors are those of Debian's golang-github-c2sp-wycheproof-dev, fetched by
scripts/fetch-wycheproof into build/ and not committed.
"""
import glob
import json
import os
import subprocess

import pytest

from support.needs import need_file
from support.product import ROOT

VECTORS = os.path.join(ROOT, "build", "wycheproof")
TOOL = os.path.join(ROOT, "build", "san", "tests", "support", "wycheproof")
HASHES = ("SHA-1", "SHA-256", "SHA-384", "SHA-512")
# Files -> how many vectors of them concern us, at least.
KINDS = {"ed25519_test": 150, "ecdsa_secp256r1_sha*": 1000,
         "ecdsa_secp384r1_sha*": 1500, "ecdsa_secp521r1_sha512_test": 500,
         "rsa_signature_*": 2500, "rsa_pss_*": 800}


def algorithm_of(group):
    """The words of the tool, or None for what Go has not."""
    kind, sha = group["type"], group.get("sha", "-")
    if kind == "EddsaVerify":
        return "ed25519 - -"
    if kind == "EcdsaVerify" and sha in HASHES:
        return f"ecdsa {sha} -"
    if kind == "RsassaPkcs1Verify" and sha in HASHES:
        return f"rsa {sha} -"
    size = HASHES.index(sha) if sha in HASHES else -1
    if (kind == "RsassaPssVerify" and group["mgf"] == "MGF1" and size >= 0
            and group["mgfSha"] == sha
            and int(group["sLen"]) == (20, 32, 48, 64)[size]):
        return f"rsa {sha} pss"
    return None


def read(pattern):
    """(file and number, result, line for the tool)."""
    for path in sorted(glob.glob(os.path.join(VECTORS, pattern + ".json"))):
        with open(path, encoding="utf-8") as file:
            groups = json.load(file)["testGroups"]
        for group in groups:
            words = algorithm_of(group)
            for test in group["tests"] if words else ():
                yield (f"{os.path.basename(path)}:{test['tcId']}",
                       test["result"],
                       f"{words} {group['publicKeyDer']} "
                       f"{test['msg'] or '-'} {test['sig'] or '-'}\n")


@pytest.mark.parametrize("pattern", KINDS)
def test_the_vectors_agree(pattern):
    need_file(VECTORS, "scripts/fetch-wycheproof")
    tests = list(read(pattern))
    assert len(tests) >= KINDS[pattern], len(tests)
    done = subprocess.run([TOOL], input="".join(line for *_, line in tests),
                          capture_output=True, text=True, check=True)
    said = done.stdout.splitlines()
    assert len(said) == len(tests)
    # "acceptable" is what implementations may differ in; Go's word is the
    # verdict's matter, see tests/data/go-verdicts.
    assert not [(name, result, ours)
                for (name, result, _), ours in zip(tests, said)
                if result != "acceptable"
                and (result == "valid") != (ours == "valid")]
