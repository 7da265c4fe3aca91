# SPDX-License-Identifier: Apache-2.0
"""Prefixes of a command: it runs in mounts of its own."""
from support import pki


def in_mounts(*mounts):
    """With each SOURCE at TARGET."""
    script = "".join(f"mount --bind '{source}' '{target}' && "
                     for source, target in mounts)
    return ["unshare", "--mount", "sh", "-c", script + 'exec "$@"', "sh"]


def with_store(path, *identities):
    """With the certificates of these as the host's own CA store, where Debian
    has it. They are written to PATH."""
    path.write_bytes(pki.pem(*(i.certificate for i in identities)))
    return in_mounts((path, "/etc/ssl/certs/ca-certificates.crt"))
