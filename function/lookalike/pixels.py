"""Area resizing (adaptive averaging) from one integral image, equal to torch's interpolate(mode="area").

Every level of the detector's pyramid and every crop it looks at is an average over windows of the same photo. One
summed-area table (Crow, 1984) answers them all: the sum of a window is four look-ups.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Planes = npt.NDArray[np.float32]
Index = npt.NDArray[np.intp]

# Up to 16 × 16 pixels of at most 255 sum to 65 280, which a 16-bit lane still holds.
LANE_SIDE = 16


class IntegralImage:
    """Summed-area table of an RGB picture [h,w,3] uint8, four 16-bit lanes (R, G, B, unused) to a 64-bit word.

    The lanes overflow and carry into each other, which is harmless: differences of sums wrap back, as long as the
    window's own sum fits its lane. One cumulative sum then does the work of three.
    """

    def __init__(self, rgb: Pixels) -> None:
        self.height, self.width = rgb.shape[:2]
        words = np.zeros((self.height, self.width, 4), np.uint16)
        words[..., :3] = rgb
        self._table = np.zeros((self.height + 1, self.width + 1), np.uint64)
        inner = self._table[1:, 1:]
        np.cumsum(words.view(np.uint64)[..., 0], axis=0, out=inner)
        np.cumsum(inner, axis=1, out=inner)

    def resize(self, height: int, width: int) -> Planes:
        """The whole picture at another size: float32 [3, height, width], means 0…255."""
        top, bottom = _edges(0, self.height, height)
        left, right = _edges(0, self.width, width)
        area = ((bottom - top)[:, None] * (right - left)[None, :]).astype(np.float32)
        if _longest(top, bottom) <= LANE_SIDE and _longest(left, right) <= LANE_SIDE:
            rows = self._table[bottom] - self._table[top]
            sums = rows.take(right, axis=1)
            sums -= rows.take(left, axis=1)
            means = _means(sums[None], area[None])
        else:
            means = self._large(top[None], bottom[None], left[None], right[None], area[None])
        whole: Planes = means[0]
        return whole

    def crops(self, boxes: Index, side: int) -> Planes:
        """Windows [n,4] (left, top, right, bottom; whole pixels inside the picture) as float32 [n, 3, side, side]."""
        out = np.empty((len(boxes), 3, side, side), np.float32)
        left, right = _edges(boxes[:, 0:1], boxes[:, 2:3], side)
        top, bottom = _edges(boxes[:, 1:2], boxes[:, 3:4], side)
        area = ((bottom - top)[:, :, None] * (right - left)[:, None, :]).astype(np.float32)
        large = np.maximum((bottom - top).max(axis=1), (right - left).max(axis=1)) > LANE_SIDE
        small = np.flatnonzero(~large)
        out[small] = _means(self._sums(top[small], bottom[small], left[small], right[small]), area[small])
        for index in np.flatnonzero(large):
            one = slice(index, index + 1)
            out[one] = self._large(top[one], bottom[one], left[one], right[one], area[one])
        return out

    def _sums(self, top: Index, bottom: Index, left: Index, right: Index) -> npt.NDArray[np.uint64]:
        """Packed sums [n,h,w] of the windows spanned by row edges [n,h] and column edges [n,w]."""
        stride = self.width + 1
        table = self._table.reshape(-1)
        top_rows, bottom_rows = (top * stride)[:, :, None], (bottom * stride)[:, :, None]
        left_columns, right_columns = left[:, None, :], right[:, None, :]
        sums: npt.NDArray[np.uint64] = table.take(bottom_rows + right_columns)
        sums -= table.take(bottom_rows + left_columns)
        sums -= table.take(top_rows + right_columns)
        sums += table.take(top_rows + left_columns)
        return sums

    def _large(self, top: Index, bottom: Index, left: Index, right: Index, area: Planes) -> Planes:
        """Means of windows too large for a lane: summed in tiles that fit."""
        down = -(-_longest(top, bottom) // LANE_SIDE)
        across = -(-_longest(left, right) // LANE_SIDE)
        total = np.zeros((*area.shape, 4), np.uint32)
        for i in range(down):
            tile_top = np.minimum(top + i * LANE_SIDE, bottom)
            tile_bottom = np.minimum(tile_top + LANE_SIDE, bottom)
            for j in range(across):
                tile_left = np.minimum(left + j * LANE_SIDE, right)
                tile_right = np.minimum(tile_left + LANE_SIDE, right)
                total += _lanes(self._sums(tile_top, tile_bottom, tile_left, tile_right))
        return (np.moveaxis(total[..., :3], -1, 1) / area[:, None]).astype(np.float32)


def _edges(start: Index | int, stop: Index | int, count: int) -> tuple[Index, Index]:
    """First and one-past-last pixel of `count` adaptive-averaging windows over start…stop, as torch lays them."""
    step = np.arange(count, dtype=np.intp)
    length = np.asarray(stop - start, np.intp)
    return start + step * length // count, start - (-(step + 1) * length // count)


def _longest(start: Index, stop: Index) -> int:
    return int((stop - start).max(initial=0))


def _lanes(sums: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint16]:
    return sums.view(np.uint16).reshape(*sums.shape, 4)


def _means(sums: npt.NDArray[np.uint64], area: Planes) -> Planes:
    """Packed sums [n,h,w] over their window areas [n,h,w]: float32 [n,3,h,w]."""
    lanes = _lanes(sums)
    out = np.empty((sums.shape[0], 3, *sums.shape[1:]), np.float32)
    for channel in range(3):
        np.divide(lanes[..., channel], area, out=out[:, channel], dtype=np.float32)
    return out
