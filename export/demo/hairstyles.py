"""The hairstyles by name."""

from __future__ import annotations

from collections.abc import Callable

from export.demo import curly_hair, long_hair, short_hair
from export.demo.style import Style
from export.demo.traits import Dice


def covered(dice: Dice) -> Style:
    """No hair is seen below a headscarf."""
    return Style(ears_hidden=True)


HAIRSTYLES: dict[str, Callable[[Dice], Style]] = {
    "side-part": short_hair.side_part,
    "swept-back": short_hair.swept_back,
    "crop": short_hair.crop,
    "two-block": short_hair.two_block,
    "curtain": short_hair.curtain,
    "receding": short_hair.receding,
    "horseshoe": short_hair.horseshoe,
    "bald": short_hair.bald,
    "pixie": short_hair.pixie,
    "buzz": curly_hair.buzz,
    "curly": curly_hair.curly,
    "afro": curly_hair.afro,
    "perm": curly_hair.perm,
    "long-curly": curly_hair.long_curly,
    "long": long_hair.long_straight,
    "wavy": long_hair.long_wavy,
    "long-bangs": long_hair.long_bangs,
    "shoulder": long_hair.shoulder,
    "bob": long_hair.bob,
    "bob-bangs": long_hair.bob_bangs,
    "bun": long_hair.bun,
    "tail": long_hair.low_tail,
    "headscarf": covered,
}
