# SPDX-License-Identifier: Apache-2.0
"""Everything on this machine that reads certs.d: refused, one run, works.

README's table says what to expect, here of this release's programs;
scripts/consumers measures newer ones too and writes that table.
"""
import contextlib
import os

import pytest

from support.consumers import (CONSUMERS, PLACES, Bed, from_table,
                               from_token_table, measure, measure_tokens)
from support.needs import need
from support.product import ROOT


@pytest.fixture(scope="module", name="bed")
def make_bed():
    need("dockerd", "docker", "docker-registry", "skopeo", "ip", "nsenter")
    with contextlib.closing(Bed()) as bed:
        yield bed


@pytest.fixture(scope="module", name="table")
def make_table():
    return list(from_table(read_readme()))


@pytest.fixture(scope="module", name="token_table")
def make_token_table():
    return list(from_token_table(read_readme()))


def read_readme():
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as file:
        return file.read()


@pytest.mark.parametrize("consumer", CONSUMERS, ids=lambda c: c.name)
def test_one_run_is_enough_as_the_table_in_readme_says(bed, table, consumer):
    need(consumer.program)
    row = measure(bed, consumer)
    assert row in table


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("consumer", CONSUMERS, ids=lambda c: c.name)
def test_with_a_token_service_as_the_table_in_readme_says(
        bed, token_table, consumer, place):
    need(consumer.program)
    row = measure_tokens(bed, consumer, place)
    assert row in token_table
