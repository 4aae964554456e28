"""Colours that go together, as RGB in 0…1."""

from __future__ import annotations

import numpy as np

from export.demo.canvas import Array


def rgb(code: str) -> Array:
    return np.array([int(code[at : at + 2], 16) for at in (0, 2, 4)], np.float32) / 255


# Deep shadow, shadow, flesh, light: a ramp from dusk to lamp for each complexion.
SKIN = {
    "porcelain": ("8a4f48", "c98e7c", "f1cdb8", "fff0e0"),
    "fair": ("85493d", "c4866c", "edc2a3", "fee9d2"),
    "rosy": ("8b4a42", "cc8d7b", "efc2ad", "ffe9da"),
    "light": ("7a4433", "ba7c5c", "e4b38e", "fbe0c0"),
    "olive": ("643b28", "a06e49", "cfa077", "efd0a6"),
    "tan": ("5c3221", "94603d", "c48f64", "e8c094"),
    "brown": ("4a271c", "804d35", "b27850", "deac80"),
    "dark": ("381c15", "683c2a", "976146", "cb966f"),
    "deep": ("2a1512", "512d23", "7b4d3b", "b58064"),
}
LIPS = {
    "porcelain": "cf7470", "fair": "c86c64", "rosy": "cc6a68", "light": "bd655a", "olive": "ab5a4c",
    "tan": "a2574a", "brown": "8e4a41", "dark": "78403b", "deep": "64353a",
}  # fmt: skip
# Over a woman's own lip colour, where not "".
LIPSTICKS = ("", "b8434a", "a83a55", "", "c9655b", "8d3b4a", "d06a72", "")
# Shadow, body, sheen.
HAIR = {
    "black": ("0d0c10", "24222a", "6d7488"),
    "soft-black": ("120d0c", "2d2422", "7c6c66"),
    "dark-brown": ("1a0f0a", "3f281c", "936a4c"),
    "brown": ("28160d", "5f3c26", "b58659"),
    "chestnut": ("2c120b", "6e3520", "c67c4d"),
    "auburn": ("3a140a", "8d3f1f", "e0905a"),
    "ginger": ("55200a", "b6602a", "f6b570"),
    "dark-blond": ("473018", "97733f", "e2c587"),
    "blond": ("6b4b22", "c9a25c", "fbe6ae"),
    "salt": ("2c2c30", "6c6c72", "c4c6cc"),
    "grey": ("4a4b50", "96989d", "dfe1e4"),
    "white": ("7d7d80", "cfcfce", "fdfdfa"),
    "silver": ("5b5f68", "b3b7bd", "f3f5f7"),
}
IRIS = {
    "black": ("150d0a", "3b2418"), "brown": ("23120a", "6a3d1e"), "hazel": ("3a2611", "94702f"),
    "green": ("1f3420", "6f9360"), "blue": ("1c3550", "76a3c8"), "grey": ("2f3a43", "93a3ab"),
}  # fmt: skip

# Backdrops: the light side and the dark side of one wall.
WALLS = (
    ("e9dcc7", "b59f86"), ("cfe0dc", "7c9f9b"), ("e7d3cd", "b08984"), ("cdd9e6", "7b93b0"), ("dbe2c6", "96a57a"),
    ("e2d5e4", "9a87a6"), ("f0dfb8", "c29f66"), ("bfd2c4", "5f8272"), ("d8d8d6", "8d9095"), ("eec9ac", "bd7d5b"),
    ("b9c9d6", "4f6b84"), ("d6c3b4", "7d6558"), ("c3d7e0", "5e8ea0"), ("f0d6d2", "c08f93"), ("c9cdb6", "6f7556"),
)  # fmt: skip
# Jacket, shirt or inner piece, accent.
CLOTHES = (
    ("2e3a4e", "f1eee8", "8e3b46"), ("3b3b40", "e6ebf0", "3c6e8f"), ("5a4636", "efe6d5", "6b7f4d"),
    ("28474a", "f3ede2", "c27b3e"), ("6c2f3b", "f2e9e4", "31455f"), ("4a5d4e", "eee8d9", "9c4f35"),
    ("71655a", "f6f1ea", "355b6e"), ("394b70", "e9eef5", "b5893c"), ("7a4b5e", "f5ebee", "4a6572"),
    ("a0603f", "f6ecdf", "3e5a57"), ("46607c", "f4f1ec", "a34a3e"), ("86836f", "faf6ec", "5c4a6b"),
    ("543f5f", "f0eaf2", "b98a4a"), ("2b2b2f", "dfe3e6", "6d5a8a"), ("b0896a", "fbf5ea", "47584a"),
)  # fmt: skip
FRAMES = ("1d1a1a", "5b3a24", "8f8f96", "b08d4c", "2c3e57", "6e2d33", "3d4a3a")


def ramp(stops: tuple[str, ...], tone: Array) -> Array:
    """The colours [h, w, 3] of tones [h, w] in 0…1 on a ramp of evenly spread stops."""
    colours = np.stack([rgb(stop) for stop in stops])
    steps = np.linspace(0, len(stops) - 1, 1024)
    table = np.stack([np.interp(steps, np.arange(len(stops)), channel) for channel in colours.T], axis=1)
    return table.astype(np.float32)[(tone.clip(0, 1) * 1023).astype(np.intp)]


def blend(one: Array, other: Array, part: float) -> Array:
    return (one + (other - one) * np.float32(part)).astype(np.float32)
