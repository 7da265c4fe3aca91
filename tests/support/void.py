# SPDX-License-Identifier: Apache-2.0
"""What stands in a .crt in which Go finds no certificate, by the word that
dtr-trust has for it: each makes it of a certificate that would be one."""
from cryptography.hazmat.primitives import serialization

from support import pki


def pkcs7(certificate):
    """In the armour of a certificate."""
    body = serialization.pkcs7.serialize_certificates(
        [certificate], serialization.Encoding.PEM)
    return body.replace(b"PKCS7", b"CERTIFICATE")


def unparsed(certificate):
    """One block in Base64, and no certificate in it: its length is wrong."""
    return pki.pem(certificate).replace(b"MIIB", b"MIIC", 1)


FORMS = {
    "empty": lambda certificate: b"",
    "der": pki.der,
    "bom": lambda certificate: b"\xef\xbb\xbf" + pki.pem(certificate),
    "utf-16": lambda certificate: pki.pem(certificate).decode().encode(
        "utf-16"),
    "pkcs7": pkcs7,
    "html": lambda certificate: b"<html><body>404 Not Found</body></html>\n",
    "damaged": lambda certificate: pki.pem(certificate)[:200],
    "unparsed": unparsed,
}
