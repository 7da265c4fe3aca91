#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the image did that dtr-trust replaces, rebuilt in our own lines.

    old_image.py CERTS_D DOMAIN

Asks port 443 with openssl, verifies nothing, keeps every certificate that is
served, and writes CERTS_D/DOMAIN/DOMAIN.crt. A yardstick; nothing else uses it.
"""
import os
import re
import subprocess
import sys

BLOCK = re.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n",
                   re.S)


def main():
    certs_d, domain = sys.argv[1:]
    said = subprocess.run(
        ["openssl", "s_client", "-connect", domain + ":443", "-showcerts"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, check=False).stdout
    folder = os.path.join(certs_d, domain)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, domain + ".crt"), "w",
              encoding="ascii") as file:
        file.writelines(BLOCK.findall(said))


if __name__ == "__main__":
    main()
