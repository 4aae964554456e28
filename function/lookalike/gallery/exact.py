"""The people nearest to a probe, exactly: all rows are compared, and those of a large gallery twice.

A large gallery's time goes into reading it: 200 MB for 100 000 rows of 512. It is therefore kept in a byte a value as
well, and read in that form first. How far each row's bytes are from the row is known, so the first reading bounds what
the second can find, and only rows within these bounds, a few hundred, are compared in full.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lookalike.arrays import Array, Index

# Values above which bytes pay: 50 MB in full. Below, comparing in full takes at most 4 ms.
LARGE = 12_500_000
# Values turned into floats at a time: 2 MB of them, of which the processor's second cache still holds a good part.
AT_ONCE = 524_288
# Groups of which each offers its best when a bound for the k-th best of all is sought.
GROUPS = 1024


class Nearest:
    """`rows` [n,width], of which each person has some in a row, from `first_rows` [people] on."""

    def __init__(self, rows: Array, first_rows: Index) -> None:
        self._rows = rows
        self._first_rows = first_rows
        self._half_squares: Array = np.einsum("ij,ij->i", rows, rows) / 2
        self._owners = np.repeat(np.arange(len(first_rows)), np.diff(first_rows, append=len(rows)))
        self._coarse = _Coarse.of(rows) if rows.size > LARGE else None

    def people(self, probe: Array, k: int) -> tuple[Index, Index, Array]:
        """Of the `k` nearest people, nearest first: who [k], which of all rows [k], and their squared distances [k]."""
        k = min(k, len(self._first_rows))
        # |g − p|² / 2 = |g|²/2 − g·p + |p|²/2; the last term is the same for all.
        if self._coarse is None:
            closeness = self._rows @ probe - self._half_squares
            best = np.maximum.reduceat(closeness, self._first_rows)
            rows = np.flatnonzero(closeness >= _bound(best, k))
            closeness = closeness[rows]
        else:
            products, slack = self._coarse.products(probe)
            closeness = products - self._half_squares
            best = np.maximum.reduceat(closeness - slack, self._first_rows)
            rows = np.flatnonzero(closeness + slack >= _bound(best, k))
            closeness = self._rows[rows] @ probe - self._half_squares[rows]
        # By person, then by closeness; the first of each person is their best.
        order = np.lexsort((-closeness, self._owners[rows]))
        people, first = np.unique(self._owners[rows[order]], return_index=True)
        leaders = order[first]
        ranked = np.lexsort((people, -closeness[leaders]))[:k]
        squared: Array = np.maximum(0, probe @ probe - 2 * closeness[leaders[ranked]])
        return people[ranked], rows[leaders[ranked]], squared


@dataclass(frozen=True, slots=True)
class _Coarse:
    """Rows as signed bytes times a scale for each row, and how far each row is from that, as a Euclidean distance."""

    values: npt.NDArray[np.int8]  # [n,width]
    scales: Array  # [n]
    errors: Array  # [n]

    @classmethod
    def of(cls, rows: Array) -> _Coarse:
        values = np.empty(rows.shape, np.int8)
        scales, errors = np.empty(len(rows), np.float32), np.empty(len(rows), np.float32)
        step = max(1, AT_ONCE // rows.shape[1])
        for start in range(0, len(rows), step):
            part = slice(start, start + step)
            scales[part] = np.maximum(np.abs(rows[part]).max(axis=1), np.finfo(np.float32).tiny) / 127
            scaled = rows[part] / scales[part, None]
            values[part] = np.rint(scaled)
            errors[part] = np.linalg.norm(scaled - values[part], axis=1) * scales[part]
        return cls(values, scales, errors)

    def products(self, probe: Array) -> tuple[Array, Array]:
        """Inner products [n] with a probe [width], and how far each may be off: by Cauchy and Schwarz."""
        products = np.empty(len(self.values), np.float32)
        step = max(1, AT_ONCE // self.values.shape[1])
        floats = np.empty((step, self.values.shape[1]), np.float32)
        for start in range(0, len(products), step):
            part = self.values[start : start + step]
            floats[: len(part)] = part
            np.dot(floats[: len(part)], probe, out=products[start : start + step])
        products *= self.scales
        # A hundredth more than the bound itself, for the rounding of sums in single precision.
        return products, self.errors * np.float32(np.linalg.norm(probe) * 1.01)


def _bound(best: Array, k: int) -> np.float32:
    """A value that at least `k` of `best` reach: the k-th best, or for many a lower one that is found sooner."""
    if len(best) >= 2 * GROUPS and k <= GROUPS:
        best = np.maximum.reduceat(best, np.arange(0, len(best), -(-len(best) // GROUPS)))
    if k >= len(best):
        return np.float32(best.min())
    return np.float32(np.partition(best, len(best) - k)[len(best) - k])
