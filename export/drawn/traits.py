"""From what a person is said to look like to the proportions of their face: the seed decides the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from export.drawn.face import Face


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


class Dice:
    """Random numbers that stay the same with every version of NumPy: RandomState's stream is frozen by promise."""

    def __init__(self, seed: int) -> None:
        self._state = np.random.RandomState(seed)

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * float(self._state.random_sample())

    def many(self, low: float, high: float, *shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return low + (high - low) * self._state.random_sample(shape)

    def pick(self, count: int) -> int:
        return int(self._state.random_sample() * count)


def face_of(look: Look) -> Face:
    dice = Dice(look.seed)
    between = dice.between
    male = look.presents == "m"
    old = max(look.age - 40, 0) / 35
    smile = {"calm": 0.30, "gentle": 0.52, "happy": 0.8, "laughing": 1.0}[look.mood]
    return Face(
        temple=between(0.89, 0.97),
        cheek=between(0.95, 1.03),
        jaw=between(0.70, 0.86) if male else between(0.63, 0.77),
        chin=between(0.22, 0.38) if male else between(0.16, 0.28),
        length=between(1.50, 1.68) if male else between(1.42, 1.58),
        eye_x=between(0.415, 0.48),
        eye_width=between(0.40, 0.455) if male else between(0.43, 0.495),
        eye_open=(between(0.135, 0.175) if male else between(0.160, 0.200)) * (1 - 0.10 * old) * (1 - 0.12 * smile),
        eye_slant=between(-0.02, 0.16) - 0.08 * old,
        lid_fold=between(0.0, 1.0),
        brow_y=(between(-0.33, -0.25) if male else between(-0.38, -0.30)),
        brow_weight=(between(0.085, 0.135) if male else between(0.05, 0.085)) * (1 - 0.15 * old),
        brow_arch=between(0.02, 0.06) if male else between(0.03, 0.08),
        brow_slant=between(-0.07, 0.0) - 0.02 * smile,
        nose_tip=between(0.47, 0.60) + 0.03 * old,
        nose_width=(between(0.19, 0.26) if male else between(0.16, 0.225)) + 0.02 * old,
        nose_bridge=between(0.03, 0.20),
        mouth_y=between(0.90, 1.02) + (0.03 if male else 0.0),
        mouth_width=between(0.30, 0.38) * (1 + 0.17 * smile),
        upper_lip=(between(0.045, 0.075) if male else between(0.06, 0.10)) * (1 - 0.3 * old) * (1 - 0.15 * smile),
        lower_lip=(between(0.075, 0.11) if male else between(0.09, 0.14)) * (1 - 0.2 * old) * (1 - 0.10 * smile),
        smile=smile,
        teeth={"happy": 0.5, "laughing": 0.9}.get(look.mood, 0.0),
        turn=between(-0.17, 0.17),
        tilt=between(-0.055, 0.055),
        scale=between(116, 125),
        centre=(between(234, 246), between(262, 272)),
        light=between(0.35, 0.75) * (1 if dice.between(0, 1) > 0.5 else -1),
    )
