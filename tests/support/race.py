# SPDX-License-Identifier: Apache-2.0
"""Two installers of different minds, and a reader as Docker is one."""
import collections
import os
import threading
import time

from cryptography import x509

from support.faults import read_as_docker
from support.product import TRUSTED, UNWRITTEN

FROM_NOTHING_EVERY = 10


class Race:
    """Rounds over NAME, which SERVER presents under the one CHAIN or the other.

    In each two installers replace each other's file, and in some there is
    nothing at first. seen counts what a reader in a loop saw, codes how the
    installers ended.
    """

    def __init__(self, product, server, name, chains):
        self.product, self.server, self.name = product, server, name
        self.chains = chains
        self.seen, self.codes = collections.Counter(), collections.Counter()
        self.stop = threading.Event()

    def read(self):
        directory = self.product.path(self.name)
        while not self.stop.is_set():
            try:
                files = read_as_docker(directory)
            except FileNotFoundError:
                files = None  # taken away between the list and the file
            self.seen[None if files is None else
                      b"".join(files[name] for name in sorted(files))] += 1

    def take_away(self, number):
        """The whole directory at once."""
        if os.path.exists(self.product.path(self.name)):
            os.rename(self.product.path(self.name),
                      f"{self.product.directory}-away-{number}")

    def run(self, rounds):
        reader = threading.Thread(target=self.read)
        reader.start()
        try:
            for number in range(rounds):
                if number % FROM_NOTHING_EVERY == 0:
                    self.take_away(number)
                self.run_both(number)
        finally:
            self.stop.set()
            reader.join()

    def run_both(self, number):
        both = []
        for n in range(2):
            self.server.present(*self.chains[(number + n) % 2])
            both.append(self.product.start(self.name, "--on-change",
                                           "replace"))
            time.sleep(0.003)
        for process in both:
            process.communicate(timeout=20)
            self.codes[process.returncode] += 1

    def check(self):
        """Who decided on what is no longer there says so, and never writes
        over it; a reader finds the one file, the other, or no directory."""
        assert set(self.codes) <= {TRUSTED, UNWRITTEN}, self.codes
        assert self.codes[TRUSTED] >= sum(self.codes.values()) / 2
        texts = {text for text in self.seen if text is not None}
        assert len(texts) == len(self.chains), texts
        anchors = {x509.load_pem_x509_certificate(text) for text in texts}
        assert anchors == {issuer.certificate for _, issuer in self.chains}
