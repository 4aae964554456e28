"""Reading dlib's binary serialisation, strictly: https://github.com/davisking/dlib, serialize.h and float_details.h."""

from math import isclose, prod

import numpy as np
from numpy.typing import NDArray

from export.errors import DamagedWeights

_STORED, _ALIAS = 2, 1  # version numbers that open a tensor with its own data, and a view into another one
_SPECIAL_EXPONENT = 32000  # from here on an exponent stands for an infinity or NaN


class Reader:
    """Takes one value after another from `data`. Anything but the expected raises DamagedWeights, naming the position.

    Work and memory are bounded by what the caller expects, never by a number read from the file.
    """

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._position = 0

    def integer(self) -> int:
        control = self._take(1)[0]
        count = control & 0x0F
        if control & 0x70 or not 1 <= count <= 8:
            raise self.damaged(f"the control byte {control:#04x}")
        magnitude = int.from_bytes(self._take(count), "little")
        return -magnitude if control & 0x80 else magnitude

    def floating(self) -> float:
        mantissa, exponent = self.integer(), self.integer()
        # A float or double needs no exponent beyond these; a larger one would make a number of megabytes.
        if not -2000 <= exponent <= 2000:
            special = " (not finite)" if exponent >= _SPECIAL_EXPONENT else ""
            raise self.damaged(f"the exponent {exponent}{special}")
        try:
            return mantissa * 2.0**exponent
        except OverflowError:
            raise self.damaged("a number too large") from None

    def boolean(self) -> bool:
        digit = bytes(self._take(1))
        if digit not in (b"0", b"1"):
            raise self.damaged(f"{digit!r} for a boolean")
        return digit == b"1"

    def tensor(self, *shape: int) -> NDArray[np.float32]:
        """A tensor of exactly `shape` (four sizes), float32."""
        self.integers(_STORED, *shape)
        values = np.frombuffer(self._take(4 * prod(shape)), dtype="<f4").reshape(shape)
        if not np.isfinite(values).all():
            raise self.damaged("a weight that is not finite")
        return values

    def alias(self, *shape: int) -> None:
        """A view into the tensor before it, which carries no data."""
        self.integers(_ALIAS, *shape)

    def integers(self, *expected: int) -> None:
        for value in expected:
            if (found := self.integer()) != value:
                raise self.damaged(f"{found} where {value} belongs")

    def floats(self, *expected: float) -> None:
        for value in expected:
            if not isclose(found := self.floating(), value, rel_tol=1e-6):  # the file holds float32s
                raise self.damaged(f"{found} where {value} belongs")

    def text(self, expected: str) -> None:
        self.integers(len(expected))
        if (found := bytes(self._take(len(expected)))) != expected.encode():
            raise self.damaged(f"{found!r} where {expected!r} belongs")

    def end(self) -> None:
        if rest := len(self._data) - self._position:
            raise self.damaged(f"{rest} more bytes where the file should end")

    def damaged(self, what: str) -> DamagedWeights:
        return DamagedWeights(f"Not the dlib network expected: {what} before byte {self._position}.")

    def _take(self, count: int) -> memoryview:
        piece = self._data[self._position : self._position + count]
        if len(piece) < count:
            raise self.damaged("the file ends too early")
        self._position += count
        return piece
