"""The proportions of one face, and where its points fall in the picture.

Face units: half the width at the cheekbones is 1, the pupils are on y = 0, x grows to the viewer's right and y down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from export.demo.canvas import Array
from export.demo.curves import through


@dataclass(frozen=True)
class Face:
    # Outline: half widths at temple, cheekbone, jaw and chin, and how far below the eyes the chin lies.
    temple: float
    cheek: float
    jaw: float
    chin: float
    length: float
    # Eyes: distance from the middle, width, opening, upward slant of the outer corner, depth of the lid fold.
    eye_x: float
    eye_width: float
    eye_open: float
    eye_slant: float
    lid_fold: float
    brow_y: float
    brow_weight: float
    brow_arch: float
    brow_slant: float
    nose_tip: float
    nose_width: float
    nose_bridge: float
    # How round its tip is, how far the tip points up, how large the nostrils are, how much the bridge humps.
    nose_ball: float
    nose_lift: float
    nostril: float
    nose_hump: float
    mouth_y: float
    mouth_width: float
    # How deep the upper lip's bow is, and how much further the mouth smiles on one side (its sign says which).
    bow: float
    smirk: float
    upper_lip: float
    lower_lip: float
    # How far the cheekbones stand out over hollow cheeks.
    cheekbone: float
    smile: float
    teeth: float
    # The head's pose and size: turn and tilt in radians, size of a unit in the frame, where the point between the eyes is.
    turn: float
    tilt: float
    scale: float
    centre: tuple[float, float]
    # From where the light comes: to the viewer's left is negative. How much the skin shines, 0 (matt) … 1.
    light: float
    sheen: float

    @property
    def shoulders(self) -> float:
        """How much lower than usual the shoulders are: a shorter face sits on a neck no longer than another's."""
        return self.length - 1.62

    def outline(self, samples: int = 160) -> Array:
        """The head without hair, closed, in face units."""
        right = [
            (0.0, -1.50),
            (0.42, -1.42),
            (0.76, -1.14),
            (self.temple, -0.66),
            (0.5 * (self.temple + self.cheek) + 0.01, -0.22),
            (self.cheek, 0.18),
            (0.55 * self.cheek + 0.45 * self.jaw + 0.02, 0.62),
            (self.jaw, 0.60 * self.length + 0.06),
            (0.5 * (self.jaw + self.chin) + 0.035, 0.86 * self.length),
            (self.chin, 0.972 * self.length),
        ]
        left = [(-x, y) for x, y in reversed(right[1:])]
        return through([*right, (0.0, self.length), *left], samples, closed=True)

    def half_width(self, y: Array) -> Array:
        """Half the head's width at each height, in face units."""
        outline = self.outline(320)
        right = outline[outline[:, 0] >= 0]
        order = np.argsort(right[:, 1])
        return np.asarray(np.interp(y, right[order, 1], right[order, 0]), np.float32)

    def place(self, points: Array, depth: float = 0.0) -> Array:
        """Face units to places in the frame; `depth` is how far a point stands out from the face, as the nose does."""
        x, y = points[..., 0], points[..., 1]
        x = x + np.sin(self.turn) * (_forward(x, y) + depth)
        cos, sin = np.cos(self.tilt), np.sin(self.tilt)
        across, down = x * cos - y * sin, x * sin + y * cos
        return np.stack([across * self.scale + self.centre[0], down * self.scale + self.centre[1]], axis=-1)

    def upright(self, points: Array) -> Array:
        """Face units to places in the frame for what does not move with the head: neck, shoulders, clothes."""
        return np.asarray((points + np.array([0, self.shoulders])) * self.scale + np.array(self.centre))

    def units(self, across: Array, down: Array) -> tuple[Array, Array]:
        """Places in the frame to face units: the inverse of `place` at depth 0."""
        right = (across - self.centre[0]) / self.scale
        below = (down - self.centre[1]) / self.scale
        cos, sin = np.cos(self.tilt), np.sin(self.tilt)
        seen, y = right * cos + below * sin, below * cos - right * sin
        x = seen
        for _ in range(3):
            x = seen - np.sin(self.turn) * _forward(x, y)
        return x.astype(np.float32), y.astype(np.float32)


def _forward(x: Array, y: Array) -> Array:
    """How far the head's surface comes forward, about 1 in the middle of the face: what a turn shifts sideways."""
    return np.asarray(np.exp(-((x / 0.85) ** 2) - ((y - 0.2) / 2.2) ** 2))
