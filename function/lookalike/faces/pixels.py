"""Area resizing (adaptive averaging) from one integral image, equal to torch's interpolate(mode="area").

Every level of the detector's pyramid and every crop it looks at is an average over windows of the same photo. One
summed-area table (Crow, 1984) answers them all: the sum of a window is four look-ups.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import as_strided

from lookalike.arrays import Index, Pixels

Planes = npt.NDArray[np.float32]
Words = npt.NDArray[np.uint64]

# Up to 16 × 16 pixels of at most 255 sum to 65 280, which a 16-bit lane still holds.
LANE_SIDE = 16
# What is worked on at a time: 512 kB stay in the processor's second cache. Whole pictures at once took twice as long.
CACHED_WORDS = 65_536


class IntegralImage:
    """Summed-area table of an RGB picture [h,w,3] uint8, four 16-bit lanes (R, G, B, anything) to a 64-bit word.

    The lanes overflow and carry into each other, which is harmless: differences of sums wrap back, as long as the
    window's own sum fits its lane. One cumulative sum then does the work of three.
    """

    def __init__(self, rgb: Pixels) -> None:
        self.height, self.width = rgb.shape[:2]
        self._table = np.empty((self.height + 1, self.width + 1), np.uint64)
        self._table[0] = self._table[:, 0] = 0
        packed = _packed(rgb)
        step = max(1, CACHED_WORDS // self.width)
        for start in range(0, self.height, step):
            words = packed[start : start + step].view(np.uint8).astype(np.uint16).view(np.uint64)
            first, last = start + 1, start + len(words)
            np.cumsum(words, axis=1, out=self._table[first : last + 1, 1:])
            # np.cumsum(axis=0) walks down one column after another, through the whole of the memory each time.
            for row in range(first, last + 1):
                self._table[row] += self._table[row - 1]

    def resize(self, height: int, width: int, first: int = 0, last: int | None = None) -> Planes:
        """Rows first…last of the whole picture at another size: float32 [3, rows, width], means 0…255."""
        top, bottom = (edges[first:last] for edges in _edges(0, self.height, height))
        left, right = _edges(0, self.width, width)
        longest = max((bottom - top).max(initial=0), (right - left).max(initial=0))
        if longest > LANE_SIDE:
            whole: Planes = self._tiled_means(_tiles(longest), top[None], bottom[None], left[None], right[None])[0]
            return whole
        out = np.empty((3, len(top), width), np.float32)
        step = max(1, CACHED_WORDS // self.width)
        for start in range(0, len(top), step):
            part = slice(start, start + step)
            rows = self._table.take(bottom[part], axis=0)
            rows -= self._table.take(top[part], axis=0)
            sums = rows.take(right, axis=1)
            sums -= rows.take(left, axis=1)
            _divide(sums, _areas(top[part], bottom[part], left, right), out[:, part])
        return out

    def crops(self, boxes: Index, side: int) -> Planes:
        """Windows [n,4] (left, top, right, bottom; whole pixels inside the picture) as float32 [n, 3, side, side]."""
        low, high = _edges(boxes[:, 0:2, None], boxes[:, 2:4, None], side)
        top, bottom, left, right = low[:, 1], high[:, 1], low[:, 0], high[:, 0]
        out = np.empty((len(boxes), 3, side, side), np.float32)
        _divide(self._sums(top, bottom, left, right), _areas(top, bottom, left, right), out.transpose(1, 0, 2, 3))
        # Windows too large for a lane came out wrong; they are done again, those of about the same size together.
        tiles = _tiles((high - low).max(axis=(1, 2)))
        for count in sorted(set(tiles[tiles > 1].tolist())):  # np.unique would load numpy.ma, which takes 10 ms
            some = tiles == count
            out[some] = self._tiled_means(count, top[some], bottom[some], left[some], right[some])
        return out

    def _sums(self, top: Index, bottom: Index, left: Index, right: Index) -> Words:
        """Packed sums [n,h,w] of the windows spanned by row edges [n,h] and column edges [n,w]."""
        stride = self.width + 1
        table = self._table.reshape(-1)
        top_rows, bottom_rows = (top * stride)[:, :, None], (bottom * stride)[:, :, None]
        left_columns, right_columns = left[:, None, :], right[:, None, :]
        sums: Words = table.take(bottom_rows + right_columns)
        sums -= table.take(bottom_rows + left_columns)
        sums -= table.take(top_rows + right_columns)
        sums += table.take(top_rows + left_columns)
        return sums

    def _tiled_means(self, tiles: int, top: Index, bottom: Index, left: Index, right: Index) -> Planes:
        """Means [n,3,h,w] of windows that are summed in `tiles` × `tiles` parts, each of which fits its lane."""
        (tile_top, tile_bottom), (tile_left, tile_right) = _tiled(top, bottom, tiles), _tiled(left, right, tiles)
        lanes = _lanes(self._sums(tile_top, tile_bottom, tile_left, tile_right))[..., :3]
        count, rows, columns = *top.shape, left.shape[1]
        sums = lanes.reshape(count, tiles, rows, tiles, columns, 3).sum(axis=(1, 3), dtype=np.uint32)
        means: Planes = np.moveaxis(sums, -1, 1) / _areas(top, bottom, left, right)[:, None]
        return means.astype(np.float32)


def _packed(rgb: Pixels) -> npt.NDArray[np.uint32]:
    """[h,w,3] as [h,w] words of R, G, B and one more byte, which may be anything.

    Every word is read as four bytes from the picture itself, the last of them the next pixel's red: three times faster
    than writing three bytes out of four.
    """
    flat = np.ascontiguousarray(rgb).reshape(-1)
    count = flat.size // 3
    words = np.empty(count, np.uint32)
    # Nothing follows the last pixel, so it is not read in this way.
    words[:-1] = as_strided(flat[:4].view(np.uint32) if count > 1 else words, shape=(count - 1,), strides=(3,))
    words[-1] = int.from_bytes(flat[-3:].tobytes(), "little")
    return words.reshape(rgb.shape[:2])


def _edges(start: Index | int, stop: Index | int, count: int) -> tuple[Index, Index]:
    """First and one-past-last pixel of `count` adaptive-averaging windows over start…stop, as torch lays them."""
    step = np.arange(count, dtype=np.intp)
    length = np.asarray(stop - start, np.intp)
    return start + step * length // count, start - (-(step + 1) * length // count)


def _tiles(length: Any) -> Any:
    """How many lanes' sides it takes to cover a window of that length, or each of an array of lengths."""
    return -(-length // LANE_SIDE)


def _tiled(start: Index, stop: Index, tiles: int) -> tuple[Index, Index]:
    """Edges [n, tiles · count] that cut each of the windows [n, count] into tiles of LANE_SIDE, the last ones empty."""
    starts = np.minimum(start[:, None] + LANE_SIDE * np.arange(tiles)[:, None], stop[:, None])
    stops = np.minimum(starts + LANE_SIDE, stop[:, None])
    return starts.reshape(len(start), -1), stops.reshape(len(stop), -1)


def _areas(top: Index, bottom: Index, left: Index, right: Index) -> Planes:
    """Pixels in each window [..., h, w], for row edges [..., h] and column edges [..., w]."""
    heights, widths = (bottom - top).astype(np.float32), (right - left).astype(np.float32)
    return heights[..., :, None] * widths[..., None, :]


def _lanes(sums: Words) -> npt.NDArray[np.uint16]:
    return sums.view(np.uint16).reshape(*sums.shape, 4)


def _divide(sums: Words, areas: Planes, out: Planes) -> None:
    """Packed sums [...] over their windows' areas [...] into `out` [3, ...]."""
    lanes = _lanes(sums)
    for channel, means in enumerate(out):
        # Converting and dividing in one step goes through numpy's small buffers: a third slower.
        means[...] = lanes[..., channel]
        means /= areas
