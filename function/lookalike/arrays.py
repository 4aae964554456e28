"""Names for the kinds of arrays that pass from room to room; shapes stand in the docstrings of those who take them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]
Index = npt.NDArray[np.intp]
