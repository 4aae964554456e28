"""From what a person is said to look like to the proportions of their face: the seed decides the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from export.demo.canvas import WIDTH, Array
from export.demo.face import Face


@dataclass(frozen=True)
class Look:
    """What the table of people says about a portrait."""

    presents: str
    age: int
    skin: str
    eyes: str
    hair: str
    hair_colour: str
    beard: str
    glasses: str
    clothes: str
    mood: str
    seed: int

    @property
    def male(self) -> bool:
        return self.presents == "m"

    @property
    def worn(self) -> float:
        """How much the years show, 0…1."""
        return float(np.clip((self.age - 34) / 40, 0, 1))


class Dice:
    """Random numbers that stay the same with every version of NumPy: RandomState's stream is frozen by promise."""

    def __init__(self, seed: int) -> None:
        self._state = np.random.RandomState(seed)

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * float(self._state.random_sample())

    def many(self, low: float, high: float, *shape: int) -> Array:
        return low + (high - low) * np.asarray(self._state.random_sample(shape))

    def pick(self, count: int) -> int:
        return int(self._state.random_sample() * count)

    def chance(self, of: float) -> bool:
        return self.between(0, 1) < of


_SMILE = {"calm": 0.24, "gentle": 0.46, "happy": 0.8, "laughing": 0.95}
_TEETH = {"happy": 0.5, "laughing": 0.9}


def face_of(look: Look) -> Face:
    """Proportions within what is natural for the person's age; noses, mouths and chins follow one below the other."""
    dice, male = Dice(look.seed), look.male
    between = dice.between
    old, smile = max(look.age - 40, 0) / 35, _SMILE[look.mood] + between(-0.18, 0.12)
    nose_tip = between(0.44, 0.63) + 0.02 * old
    mouth_y = nose_tip + between(0.39, 0.49)
    chin_below = between(0.50, 0.65) if male else between(0.44, 0.58)
    cheek = between(0.92, 1.05)
    return Face(
        temple=between(0.86, 0.98),
        cheek=cheek,
        jaw=cheek * (between(0.70, 0.88) if male else between(0.64, 0.78)),
        chin=between(0.20, 0.40) if male else between(0.15, 0.30),
        length=mouth_y + chin_below,
        **_eyes_and_brows(dice, male, old, smile),
        nose_tip=nose_tip,
        nose_width=(between(0.18, 0.28) if male else between(0.15, 0.24)) + 0.02 * old,
        nose_bridge=between(0.01, 0.24),
        nose_ball=between(0.75, 1.45),
        nose_lift=between(-0.035, 0.035),
        nostril=between(0.75, 1.30),
        nose_hump=between(-0.05, 0.09) if male else between(-0.07, 0.05),
        mouth_y=mouth_y,
        mouth_width=between(0.26, 0.40) * (1 + 0.15 * smile),
        bow=between(0.35, 1.25),
        smirk=between(-0.45, 0.45),
        upper_lip=(between(0.035, 0.080) if male else between(0.05, 0.11)) * (1 - 0.3 * old) * (1 - 0.15 * smile),
        lower_lip=(between(0.06, 0.12) if male else between(0.08, 0.15)) * (1 - 0.2 * old) * (1 - 0.10 * smile),
        cheekbone=between(0.0, 1.0),
        smile=smile,
        teeth=_TEETH.get(look.mood, 0.0),
        turn=between(-0.20, 0.20),
        tilt=between(-0.06, 0.06),
        scale=between(116, 125),
        centre=(WIDTH / 2 + between(-6, 6), between(262, 272)),
        light=between(0.30, 0.85) * (1 if dice.chance(0.5) else -1),
        sheen=between(0.0, 1.0) ** 1.5,
    )


def _eyes_and_brows(dice: Dice, male: bool, old: float, smile: float) -> dict[str, Any]:
    between = dice.between
    return {
        "eye_x": between(0.40, 0.495),
        "eye_width": between(0.38, 0.46) if male else between(0.41, 0.50),
        "eye_open": (between(0.120, 0.185) if male else between(0.145, 0.215)) * (1 - 0.10 * old) * (1 - 0.12 * smile),
        "eye_slant": between(-0.06, 0.22) - 0.08 * old,
        "lid_fold": between(0.0, 1.0),
        "brow_y": between(-0.36, -0.23) if male else between(-0.41, -0.28),
        "brow_weight": (between(0.07, 0.14) if male else between(0.04, 0.09)) * (1 - 0.15 * old),
        "brow_arch": between(0.0, 0.06) if male else between(0.02, 0.085),
        "brow_slant": between(-0.08, 0.02) - 0.02 * smile,
    }
