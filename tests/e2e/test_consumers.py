# SPDX-License-Identifier: Apache-2.0
"""Everything on this machine that reads certs.d, with each kind of registry:
what dtr-trust says of it is what it then does, before and after one run.

docs/consumers.md says what to expect, here of this release's programs and of
some kinds; scripts/consumers measures newer ones and all kinds, and writes it.
"""
import contextlib

import pytest

from support import pki
from support.bed import Bed
from support.consumer_tables import RECORD, Reads, from_record, read
from support.consumers import (CONSUMERS, DOCKER_PULL, Measured,
                               pull_with_cri, pull_with_docker, reads,
                               to_version)
from support.kinds import (BASIC, LOOPBACK, MUTUAL, ODD, TOKENS,
                           layers_elsewhere)
from support.needs import need
from support.product import TRUSTED

# What helps is found by restarting dockerd again and again: once is enough
# here, with tokens from another name.
WITHOUT_REMEDIES = [*TOKENS[1:], MUTUAL[0], LOOPBACK[0]]
IN_SUITE = [BASIC, TOKENS[0], *ODD, *WITHOUT_REMEDIES]


@pytest.fixture(scope="module", name="bed")
def make_bed():
    need("dockerd", "docker", "docker-registry", "skopeo", "ip", "nsenter",
         *(consumer.program for consumer in CONSUMERS))
    with contextlib.closing(Bed()) as bed:
        yield bed


@pytest.fixture(scope="module", name="record")
def make_record():
    return from_record(read(RECORD))


@pytest.mark.parametrize("kind", IN_SUITE, ids=lambda kind: kind.word)
def test_each_does_what_was_said_of_it_and_what_the_record_says(
        bed, record, kind):
    looks = kind not in WITHOUT_REMEDIES
    measured = Measured(bed, kind if looks
                        else kind._replace(has_remedy=False))
    assert not list(measured.complaints()), measured.transcript()

    def comparable(row):
        return row if looks else row._replace(helps="")
    rows, _ = record
    assert {comparable(row) for row in measured.rows()} <= {
        comparable(row) for row in rows}, measured.transcript()


def test_layers_may_be_where_nobody_has_looked(bed):
    """README: an answer to /v2/ does not show where the layers are."""
    case, authority = layers_elsewhere(bed)
    image = case.name + "/other:1"
    bed.machine.import_image("other:1", {"other": (0o644, b"not seen yet")})
    bed.push("other:1", "other")
    bed.machine.docker("rmi", "other:1")
    _, said = bed.say(case.name)
    assert said[DOCKER_PULL.word.format(store="classic")]["answer"] \
        == "accepts"
    done = pull_with_docker(bed, image)
    assert done.returncode != 0 and "x509: " in done.stderr, done
    done = bed.machine.docker(
        "run", "--rm", "-i", "-v", "/etc/docker/certs.d:/etc/docker/certs.d",
        "dtr-trust", "--ca-file", "-", case.name, check=False,
        input=pki.pem(bed.anchor.certificate, authority.certificate).decode())
    assert done.returncode == TRUSTED, done
    done = pull_with_docker(bed, image)
    assert done.returncode == 0, done.stderr


def test_a_store_that_is_newer_than_docker_is_said_to_be(bed):
    """The host's store covers the registry, and dockerd has read another."""
    case = BASIC.open(bed)

    def pull():
        return pull_with_docker(bed, bed.image(case.repositories)).returncode
    assert pull() != 0
    bed.trust_store()
    try:
        done = bed.machine.trust(case.name, options=[
            "-v", "/etc/ssl/certs:/etc/ssl/certs:ro"])
        assert done.code == TRUSTED and "not needed" in done.out, done
        assert "restart it if the CA is newer" in " ".join(done.out.split())
        assert pull() != 0
        bed.restart_docker()
        assert pull() == 0
    finally:
        bed.forget_store()
        bed.restart_docker()


def test_two_directories_in_config_path_are_read_up_to_containerd_1_7(bed):
    """From 2.1 on they are one name to the CRI: Amazon Linux sets it so."""
    name = "two.bed.test"
    bed.network.name(name, bed.registry.address)

    def pull():
        return pull_with_cri(bed, bed.image(name), config_path=(
            "/etc/containerd/certs.d:/etc/docker/certs.d")).returncode
    assert pull() != 0
    assert bed.machine.trust(name).code == 0
    assert (pull() == 0) == bed.version("containerd").startswith("1.")


@pytest.mark.parametrize("consumer", [
    consumer for consumer in CONSUMERS if not consumer.reads],
    ids=lambda consumer: consumer.name)
def test_the_directories_that_it_reads(bed, record, consumer):
    _, directories = record
    assert Reads(consumer.name, to_version(bed, consumer),
                 ", ".join(reads(bed, consumer))) in directories
