# SPDX-License-Identifier: Apache-2.0
"""What a run printed, as tests read it."""
import json


def reports(done):
    """The objects of --json, in their order."""
    return [json.loads(line) for line in done.out.splitlines()]


def report_of(done):
    """The only one."""
    report, = reports(done)
    return report


def answers(report):
    """What each reader of certs.d will do, in a letter: Accepts, Refuses,
    Unchecked and Unverified, Reads nothing."""
    return "".join(c["answer"][0].upper() for c in report["consumers"])


def said(done):
    """What was printed, without the breaks between lines."""
    return " ".join((done.out + done.err).split())
