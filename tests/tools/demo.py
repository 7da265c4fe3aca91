# SPDX-License-Identifier: Apache-2.0
"""A throwaway registry before and after one run of the image dtr-trust."""
import contextlib
import os
import signal
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))

from support import pki  # noqa: E402
from support.engines import (PASSWORD, USER, DockerRegistry,  # noqa: E402
                             Machine)
from support.network import Network  # noqa: E402

NAME = "registry.demo.test"
IMAGE = NAME + "/hello:1"
UNKNOWN_AUTHORITY = "x509: certificate signed by unknown authority"


def show(machine, *arguments, **options):
    """Run docker ARGUMENTS on MACHINE, printed as on a terminal."""
    print("  $ docker", *arguments, flush=True)
    done = machine.docker(*arguments, check=False, **options)
    for line in (done.stdout + done.stderr).splitlines():
        if line.strip():
            print("   ", line)
    print(flush=True)
    return done


def expect(true, what):
    if not true:
        sys.exit(f"demo: {what}")


def login(machine):
    return show(machine, "login", "--username", USER, "--password-stdin",
                NAME, input=PASSWORD)


def before(machine):
    print("Before: Docker does not know who signed the certificate.\n")
    for done in (login(machine), show(machine, "pull", IMAGE)):
        expect(UNKNOWN_AUTHORITY in done.stderr,
               "Docker should have refused the registry, and did not")


def trust(machine):
    print("One run of the image:\n")
    done = show(machine, "run", "--rm", "-v",
                "/etc/docker/certs.d:/etc/docker/certs.d", "-e",
                "DTR_DOMAIN_NAME=" + NAME, "dtr-trust")
    expect(done.returncode == 0, "dtr-trust failed")


def after(machine):
    print("After: the same Docker engine, not restarted.\n")
    expect(login(machine).returncode == 0, "docker login failed")
    machine.docker("tag", machine.payload, IMAGE)
    expect(show(machine, "push", IMAGE).returncode == 0, "push failed")
    machine.docker("rmi", IMAGE)
    expect(show(machine, "pull", IMAGE).returncode == 0, "pull failed")


SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def leave(number, _frame):
    ignore_signals()
    sys.exit(128 + number)


def ignore_signals():
    """A ^C must not stop the cleaning up."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def main():
    for number in SIGNALS:
        signal.signal(number, leave)
    print("demo: starting a registry and a Docker engine in namespaces of "
          "their own", flush=True)
    with contextlib.ExitStack() as stack:
        network = stack.enter_context(
            contextlib.closing(Network(isolate_processes=True)))
        leaf = pki.root("Demo Root").intermediate("Demo CA").leaf(NAME)
        registry = stack.enter_context(contextlib.closing(DockerRegistry(
            network, *leaf.save(network.path("registry"), leaf.issuer))))
        network.name(NAME, registry.address)
        machine = stack.enter_context(contextlib.closing(Machine(network)))
        stack.callback(ignore_signals)
        machine.load_product()
        engine = machine.docker("version", "-f", "{{.Server.Version}}")
        print(f"A registry with its own CA, {NAME} on {registry.address}, "
              f"and a Docker engine {engine.stdout.strip()}.\n")
        before(machine)
        trust(machine)
        after(machine)
    print("Done; registry, engine and network are gone again.")


if __name__ == "__main__":
    main()
