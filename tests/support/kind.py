# SPDX-License-Identifier: Apache-2.0
"""What a kind of registry is, in a bed; see kinds.py."""
import collections

# Where its images are, what dtr-trust installs it with, and what it is run with
# each time.
Case = collections.namedtuple("Case", "name repositories options reach",
                              defaults=((), ()))
# OPEN(bed) makes a registry that nothing has seen. What helps is looked for
# only where it can be something on this host. MEND(bed, case) is what helps by
# itself, MENDS its words.
Kind = collections.namedtuple("Kind", "word title open has_remedy mend mends",
                              defaults=(None, ""))

HUB = ("docker.io", "registry-1.docker.io", "index.docker.io",
       "auth.docker.io")


def new_name(bed, address):
    name = bed.network.name(f"r{len(bed.logins) + 1}.bed.test", address)
    bed.log_in(name)
    return name


def case_of(name, options=()):
    return Case(name, name, options)
