"""Run as a program: answers a request in a process that cannot write a file nor open a connection, or tries to.

    confined.py GALLERY answer|write|connect

The kernel enforces it, so that libraries written in C are held to it as well: a file-size limit of zero ends any write
to a file, and a seccomp filter ends the process at its first connect().
"""

from __future__ import annotations

import ctypes
import io
import os
import platform
import resource
import socket
import struct
import sys
import tempfile
from pathlib import Path

CONNECT = {"x86_64": 42, "aarch64": 203}


def confine() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    load, equal, give = 0x20, 0x15, 0x06  # BPF: load the system call's number, compare, return a verdict
    kill, allow = 0x8000_0000, 0x7FFF_0000
    program = b"".join(
        struct.pack("HBBI", *instruction)
        for instruction in [
            (load, 0, 0, 0),
            (equal, 0, 1, CONNECT[platform.machine()]),
            (give, 0, 0, kill),
            (give, 0, 0, allow),
        ]
    )
    buffer = ctypes.create_string_buffer(program, len(program))
    filter_program = struct.pack("HxxxxxxP", 4, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, set_seccomp, filter_mode = 38, 22, 2
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) or libc.prctl(set_seccomp, filter_mode, filter_program, 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp refused")


def answer(gallery: Path) -> None:
    import numpy as np
    from matplotlib import cbook
    from PIL import Image
    from starlette.testclient import TestClient

    from lookalike.api.application import create_app
    from lookalike.api.log import configure_logging
    from lookalike.finder import Finder
    from lookalike.settings import Settings

    portrait = Path(str(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False)))
    picture = Image.open(portrait).convert("RGB").resize((1024, 1200))
    noise = np.random.default_rng(0).integers(0, 9, (1200, 1024, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(np.asarray(picture) // 2 + noise).save(buffer, "PNG")
    photo = buffer.getvalue()
    if len(photo) < 1_500_000:
        raise AssertionError("a photo that Starlette would spool is wanted")
    settings = Settings(gallery=gallery)
    configure_logging("INFO")
    confine()
    # Everything from here on, the opening of the networks included, is confined.
    client = TestClient(create_app(Finder.open(settings), settings))
    files = [("photo", ("me.png", photo, "image/png")), ("photo", ("me.png", photo, "image/png"))]
    response = client.post("/api/lookalikes?include=crop,mirror,embedding", files=files)
    print(response.status_code, response.json()["faces"][0]["matches"][0]["person"]["name"])
    print(client.post("/api/lookalikes", content=b"damaged", headers={"content-type": "image/png"}).status_code)


def write() -> None:
    confine()
    with tempfile.TemporaryFile() as file:
        file.write(b"a photo")


def connect() -> None:
    confine()
    socket.create_connection(("127.0.0.1", 9), timeout=1)


if __name__ == "__main__":
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    {"answer": lambda: answer(Path(sys.argv[1])), "write": write, "connect": connect}[sys.argv[2]]()
