# SPDX-License-Identifier: Apache-2.0
"""Registries whose /v2/, or all of them, leads elsewhere; see kinds.py. Pinned,
because dtr-trust installs nothing by itself for what Docker refuses."""
from support import pki
from support.kind import Kind, case_of, new_name
from support.redirects import PlainRegistry, Redirecting

ALL, V2 = "/.*", "/v2/"


def target_of(bed):
    """The registry to which they lead, under the CA of all."""
    return bed.network.name("target.bed.test", bed.registry.address)


def plain_of(bed):
    name = "plain.bed.test"
    if name not in bed.network.names.names:
        server = bed.cleanup.enter_context(PlainRegistry(bed.network))
        bed.network.name(name, server.address)
    return name


def leading(paths, to, target=None):
    """PATHS lead to TO, in which "{host}" is TARGET(bed)."""
    def open_it(bed):
        front = bed.cleanup.enter_context(Redirecting(
            bed.network, bed.leaf, bed.anchor, paths=paths,
            to=to.replace("{host}", target(bed) if target else ""),
            backend=bed.registry.address))
        return case_of(new_name(bed, front.address), (
            "-e", "DTR_PIN=sha256:" + pki.fingerprint(bed.anchor.certificate)))
    return open_it


ELSEWHERE = [
    Kind("all-covered", "redirects all to a registry of its CA",
         leading(ALL, "https://{host}{path}", target_of), False),
    Kind("v2-covered", "redirects /v2/ to a registry of its CA",
         leading(V2, "https://{host}{path}", target_of), False),
    Kind("v2-loop", "redirects /v2/ to itself", leading(V2, "{path}"), False),
    Kind("v2-page", "redirects /v2/ to a page of its own",
         leading(V2, "/users/sign_in"), False),
    Kind("v2-plain", "redirects /v2/ to a registry in plain http",
         leading(V2, "http://{host}/v2/", plain_of), False),
]
