"""What the search for the worst request has tried, kept so that it can go on: a line a request in .cache/bounds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.trust.attacks import LIMIT
from tests.trust.codings import FORMATS
from tests.trust.meter import Cost, measured

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "bounds"
# A cost is that of this code.
MEASURED = ("function/lookalike/photo", "function/lookalike/faces", "function/lookalike/finder.py")


@dataclass(frozen=True, slots=True)
class Trial:
    """A request of `photos` times a photo in this coding, whose "shape" is its width / height."""

    kind: str
    coding: dict[str, Any]
    megapixels: float
    photos: int

    def __str__(self) -> str:
        chosen = " ".join(f"{name}={value}" for name, value in self.coding.items())
        return f"{self.kind}, {self.photos} × {self.megapixels:g} MP, {chosen}"

    def photo(self) -> bytes:
        """Raises whatever an encoder raises for what is no picture of its format."""
        shape = self.coding["shape"]
        pixels = self.megapixels * 1e6
        size = (max(1, round((pixels * shape) ** 0.5) - 1), max(1, round((pixels / shape) ** 0.5) - 1))
        make, _ = FORMATS[self.kind]
        return make(size, **{name: value for name, value in self.coding.items() if name != "shape"})


class Notes:
    """Costs by the text of their trial; None for what is no picture, or too many bytes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{_digest()}.jsonl"
        lines = self._path.read_text().splitlines() if self._path.exists() else []
        known = [json.loads(line) for line in lines]
        self._costs = {text: Cost(**cost) if cost else None for text, cost in known}
        self._trials: dict[str, Trial] = {}

    def cost(self, trial: Trial) -> Cost | None:
        self._trials[str(trial)] = trial
        if str(trial) not in self._costs:
            self._costs[str(trial)] = cost = self._measured(trial)
            with self._path.open("a") as file:
                file.write(json.dumps([str(trial), asdict(cost) if cost else None]) + "\n")
        return self._costs[str(trial)]

    def all(self, kind: str) -> Iterator[tuple[Trial, Cost]]:
        """Of this format, as far as this search came by."""
        for text, trial in self._trials.items():
            cost = self._costs[text]
            if trial.kind == kind and cost:
                yield trial, cost

    @staticmethod
    def _measured(trial: Trial) -> Cost | None:
        try:
            data = trial.photo()
        except (OSError, ValueError, KeyError, RuntimeError, SystemError):
            return None
        return measured(data, trial.photos) if len(data) * trial.photos <= LIMIT else None


def _digest() -> str:
    digest = hashlib.sha256()
    for place in MEASURED:
        path = ROOT / place
        for file in sorted(path.glob("*.py")) if path.is_dir() else [path]:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
