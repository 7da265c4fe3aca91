#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Pull an image as a kubelet does: PullImage of the CRI, at SOCKET.

    cri_pull.py SOCKET IMAGE USER PASSWORD

Of the protocol only the four strings are needed, so their encoding is here
(protobuf's field 1 and 2, both of the kind with a length).
"""
import sys

import grpc

DEADLINE_SECONDS = 30


def field(number, content):
    if isinstance(content, str):
        content = content.encode()
    if len(content) > 127:
        raise ValueError("length does not fit into one byte")
    return bytes([number << 3 | 2, len(content)]) + content


def request(image, user, password):
    return field(1, field(1, image)) + field(2, field(1, user)
                                             + field(2, password))


def main():
    path, image, user, password = sys.argv[1:]
    with grpc.insecure_channel("unix:" + path) as channel:
        pull = channel.unary_unary("/runtime.v1.ImageService/PullImage")
        try:
            pull(request(image, user, password), timeout=DEADLINE_SECONDS)
        except grpc.RpcError as error:
            sys.exit(f"{error.code()}: {error.details()}")


if __name__ == "__main__":
    main()
