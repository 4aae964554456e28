"""What is inside the function's package, and whether Lambda can run it: size, machine, ABI and C library."""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

LIMIT = 250 * 2**20  # Lambda's limit for the unzipped package, in bytes
_MACHINES = {62: "x86_64", 183: "arm64"}  # e_machine in the ELF header
_GLIBC = (2, 34)  # of Amazon Linux 2023, under Lambda's Python 3.12 and later
_ABI = "cpython-313"


class PackageError(Exception):
    """The package could not be built, or Lambda could not run it; the message is a sentence for people."""


def check(package: Path, architecture: str) -> None:
    """Raise PackageError when the package is too large or holds a library that Lambda could not load."""
    size = sum(path.stat().st_size for path in _files(package))
    if size > LIMIT:
        raise PackageError(
            f"The package is {_mib(size)} MiB unzipped; Lambda's limit is {_mib(LIMIT)}.\n{table(package)}"
        )
    for path in _libraries(package):
        _check_library(path, path.relative_to(package), architecture)


def table(package: Path) -> str:
    """A line for each part of the package, largest first, with its size in MiB, then libraries and bytecode counted."""
    sizes: Counter[str] = Counter()
    for path in _files(package):
        sizes[_part(path.relative_to(package))] += path.stat().st_size
    lines = [f"{_mib(size):>8}  {part}" for part, size in sizes.most_common() if size >= 2**20 / 20]
    small = sum(size for size in sizes.values() if size < 2**20 / 20)
    libraries = list(_libraries(package))
    bytecode = sum(path.suffix == ".pyc" for path in _files(package))
    processors = ", ".join(sorted(machines(package))) or "none"
    return "\n".join(
        [
            "     MiB  part",
            *lines,
            f"{_mib(small):>8}  the rest",
            f"{_mib(sizes.total()):>8}  in all, of {_mib(LIMIT)}",
            f"{len(libraries)} native libraries ({processors}), {bytecode or 'no'} bytecode files",
        ]
    )


def machines(package: Path) -> set[str]:
    """The processors its libraries are for: x86_64, arm64."""
    return {_machine(path) for path in _libraries(package)}


def _check_library(path: Path, name: Path, architecture: str) -> None:
    machine = _machine(path)
    if machine != architecture:
        raise PackageError(f"{name} is for {machine}, the function for {architecture}.")
    abi = re.search(r"\.(cpython-\d+)", path.name)
    if abi and abi[1] != _ABI:
        raise PackageError(f"{name} is built for {abi[1]}, the function runs on {_ABI}.")
    versions = re.findall(rb"\0GLIBC_(\d+)\.(\d+)", path.read_bytes())
    newest = max(((int(major), int(minor)) for major, minor in versions), default=(0, 0))
    if newest > _GLIBC:
        raise PackageError(f"{name} wants glibc {newest[0]}.{newest[1]}; Lambda has {_GLIBC[0]}.{_GLIBC[1]}.")


def _machine(path: Path) -> str:
    with path.open("rb") as file:
        (number,) = struct.unpack_from("<H", file.read(20), 18)
    return _MACHINES.get(number, f"machine {number}")


def _libraries(package: Path) -> Iterator[Path]:
    for path in _files(package):
        if ".so" in path.suffixes:
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path
                else:
                    raise PackageError(f"{path.relative_to(package)} is not a Linux library.")


def _files(package: Path) -> Iterator[Path]:
    return (path for path in sorted(package.rglob("*")) if path.is_file())


def _part(name: Path) -> str:
    # numpy.libs and numpy-2.4.6.dist-info belong to numpy; Pillow's module is PIL.
    part = re.split(r"[.-]", name.parts[0])[0].removeprefix("_")
    return {"pillow": "PIL"}.get(part, part)


def _mib(size: int) -> str:
    return f"{size / 2**20:.1f}"
