# SPDX-License-Identifier: Apache-2.0
"""Docker's refusals from a real dockerd, and dtr-trust's words for them.

The daemon is the one of Debian 12, built with Go 1.19; what it says must end
with exactly what dtr-trust says that Docker says. scripts/consumers repeats it
with other releases' daemons, judged as the Docker release named in
DTR_TRUST_TEST_DOCKER, whose Go is theirs.
"""
import json
import os
import re

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID

from support import pki
from support.engines import PASSWORD, USER
from support.product import Product
from support.servers import TlsRegistry

NAME = "words.bed.test"
DOCKER = os.environ.get("DTR_TRUST_TEST_DOCKER", "20.10")
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\0")


def permits(*names):
    return [(x509.NameConstraints([x509.DNSName(n) for n in names], None),
             True)]


def case(leaf, *sent, anchor=None):
    """What the server presents, and what is installed (the leaf's issuer)."""
    return leaf, sent, (anchor or leaf.issuer)


def unknown_authority():
    return case(pki.root().leaf(NAME), anchor=pki.root("Other Root"))


def namesake_of_the_authority():
    return case(pki.root().leaf(NAME), anchor=pki.root())


def namesake_with_rsa():
    return case(pki.root(key="rsa").leaf(NAME), anchor=pki.root(key="rsa"))


def self_signed_unknown():
    return case(pki.self_signed(NAME), anchor=pki.root("Other Root"))


def missing_intermediate():
    root = pki.root()
    return case(root.intermediate().leaf(NAME), anchor=root)


def wrong_name():
    return case(pki.root().leaf("other.bed.test"))


def wrong_names():
    return case(pki.root().leaf("a.test", "*.b.test", "198.51.100.77"))


def only_an_address():
    return case(pki.root().leaf("198.51.100.77"))


def common_name_only():
    return case(pki.Identity(NAME, issuer=pki.root()))


def blank_domain_name():
    return case(pki.Identity("", issuer=pki.root()))


def expired():
    return case(pki.root().leaf(NAME, days=-0.5))


def not_yet_valid():
    return case(pki.root().leaf(NAME, start=1))


def expired_authority():
    return case(pki.root(days=-0.5).leaf(NAME))


def signed_with_sha1():
    root = pki.root(key="rsa")
    return case(root.leaf(NAME, digest=hashes.SHA1))


def ecdsa_signed_with_sha1():
    return case(pki.root().leaf(NAME, digest=hashes.SHA1))


def intermediate_signed_with_sha1():
    root = pki.root()
    lower = root.intermediate(digest=hashes.SHA1)
    return case(lower.leaf(NAME), lower, anchor=root)


def for_clients_only():
    return case(pki.root().leaf(
        NAME, usages=[ExtendedKeyUsageOID.CLIENT_AUTH]))


def outside_the_constraint_of_its_issuer():
    root = pki.root()
    lower = root.intermediate(extensions=permits("other.test"))
    return case(lower.leaf(NAME), lower, anchor=root)


def outside_the_constraints_of_the_anchor():
    root = pki.root(extensions=permits("other.test", "third.test"))
    return case(root.leaf(NAME))


def unknown_critical_extension():
    return case(pki.root().leaf(NAME, extensions=[(UNKNOWN, True)]))


def unknown_critical_extension_of_an_intermediate():
    root = pki.root()
    lower = root.intermediate(extensions=[(UNKNOWN, True)])
    return case(lower.leaf(NAME), lower, anchor=root)


def issued_by_a_leaf():
    root = pki.root()
    middle = root.leaf("middle.bed.test")
    return case(middle.leaf(NAME), middle, anchor=root)


def many_names():
    return case(pki.root().leaf(*[f"n{i}.bed.test" for i in range(120)]))


REFUSED = [
    unknown_authority, namesake_of_the_authority, namesake_with_rsa,
    self_signed_unknown, missing_intermediate, wrong_name, wrong_names,
    only_an_address, common_name_only, blank_domain_name, expired,
    not_yet_valid, expired_authority, signed_with_sha1,
    ecdsa_signed_with_sha1, intermediate_signed_with_sha1, for_clients_only,
    outside_the_constraint_of_its_issuer,
    outside_the_constraints_of_the_anchor, unknown_critical_extension,
    unknown_critical_extension_of_an_intermediate, issued_by_a_leaf]


def good():
    return case(pki.root().leaf(NAME))


def unknown_extension():
    return case(pki.root().leaf(NAME, extensions=[(UNKNOWN, False)]))


def rsa_of_1024_bits():
    return case(pki.root(key="rsa1024").leaf(NAME, key="rsa1024"))


def leaf_as_anchor():
    leaf = pki.root().leaf(NAME)
    return case(leaf, anchor=leaf)


def intermediate_as_anchor():
    return case(pki.root().intermediate().leaf(NAME))


def root_signed_with_sha1():
    return case(pki.root(digest=hashes.SHA1).leaf(NAME))


ACCEPTED = [good, unknown_extension, rsa_of_1024_bits, leaf_as_anchor,
            intermediate_as_anchor, root_signed_with_sha1]


def without_clock(text):
    """Docker and dtr-trust did not look at their clocks together."""
    return re.sub(r"current time \S+Z", "current time NOW", text)


def both(machine, made):
    """What Docker says to a login, and what dtr-trust says of that."""
    leaf, sent, anchor = made
    certs_d = os.path.join(machine.network.etc_docker, "certs.d")
    directory = os.path.join(certs_d, NAME)
    os.makedirs(directory, exist_ok=True)
    with open(os.path.join(directory, "ca.crt"), "wb") as file:
        file.write(pki.pem(anchor.certificate))
    with TlsRegistry(machine.network, leaf, *sent) as server:
        machine.network.name(NAME, server.address)
        login = machine.docker("login", "--username", USER,
                               "--password-stdin", NAME, input=PASSWORD,
                               check=False)
        product = Product(machine.host, certs_d)
        done = product.run("--check", "--json", "--docker", DOCKER, NAME)
    return login, json.loads(done.out)["docker"], done


@pytest.mark.parametrize("make", REFUSED)
def test_a_refusal_is_told_in_the_daemons_own_words(machine, make):
    login, verdict, done = both(machine, make())
    assert login.returncode != 0, login.stdout
    assert verdict and verdict["accepts"] is False, done
    assert without_clock(login.stderr.strip()).endswith(
        ": " + without_clock(verdict["error"])), (login.stderr, verdict)


def test_words_without_an_end_are_cut_and_show_it(machine):
    login, verdict, done = both(machine, many_names())
    assert login.returncode != 0, login.stdout
    words, dots, rest = verdict["error"].rpartition("...")
    if not dots:  # Go 1.27 gives their number instead
        assert login.stderr.strip().endswith(": " + rest), done
        assert len(rest) < 200
        return
    assert not rest and len(words) > 500, done
    assert ": " + words in login.stderr


@pytest.mark.parametrize("make", ACCEPTED)
def test_what_is_said_to_be_accepted_is(machine, make):
    login, verdict, done = both(machine, make())
    assert login.returncode == 0, login.stderr
    assert verdict and verdict["accepts"] is True, done
