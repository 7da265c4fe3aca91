# SPDX-License-Identifier: Apache-2.0
"""Write into docs/release.md what a build of a commit gives, for scripts/reproduce.

    reproduced.py FOLDER REVISION

FOLDER has the files of a release.
"""
import datetime
import hashlib
import json
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
BEGIN, END = "<!-- reproduced -->\n", "<!-- /reproduced -->\n"


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def blob(layout, digest):
    return json.loads(read(layout, "blobs", *digest.split(":")))


def table(folder, revision):
    layout = os.path.join(folder, "oci")
    index = json.loads(read(layout, "index.json"))["manifests"][0]["digest"]
    yield (f"{datetime.date.today()}, commit {revision[:12]}: both builds gave "
           f"the index `{index}`,\nthe same SBOMs, the same provenance, and\n")
    yield "| platform | binary, bytes | its SHA-256 | its image |"
    yield "|---|---:|---|---|"
    for entry in blob(layout, index)["manifests"]:
        platform = entry["platform"]
        name = "/".join(filter(None, (
            platform["os"], platform["architecture"],
            platform.get("variant") if platform["architecture"] == "arm"
            else None)))
        binary = read(folder,
                      "dtr-trust-linux-" + platform["architecture"])
        yield (f"| {name} | {len(binary):,} | "
               f"`{hashlib.sha256(binary).hexdigest()}` | "
               f"`{entry['digest']}` |")


def main():
    path = os.path.join(ROOT, "docs", "release.md")
    text = read(path).decode()
    rows = "\n".join(table(*sys.argv[1:])) + "\n"
    text, count = re.subn(f"(?s){BEGIN}.*{END}",
                          lambda _: BEGIN + rows + END, text)
    if count != 1:
        raise SystemExit(f"{path} has no place for it: {BEGIN}")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


main()
