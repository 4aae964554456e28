"""How far a measured share may be from the true one."""

from __future__ import annotations

import math

_NORMAL = 1.959964  # within so many standard deviations lie 95 % of a normal distribution

Interval = tuple[float, float]


def wilson(share: float, trials: int) -> Interval:
    """The 95 % interval of a share 0…1 seen in so many independent trials (Wilson 1927); 0…1 without any."""
    if trials < 1:
        return 0.0, 1.0
    squared = _NORMAL**2 / trials
    middle = (share + squared / 2) / (1 + squared)
    reach = math.sqrt(squared * (share * (1 - share) + squared / 4)) / (1 + squared)
    return max(0.0, middle - reach), min(1.0, middle + reach)
