"""What can go wrong while networks are exported; every message is one sentence meant for the person at the terminal."""


class ExportError(Exception):
    """Nothing was exported, and what was there before is untouched."""


class WeightsUnreachable(ExportError):
    """The weights are neither on this machine nor could they be fetched: what was tried, and how to supply them."""

    def __init__(self, tried: str, supply: str = "") -> None:
        self.tried = tried
        self.supply = supply
        super().__init__(f"{tried} {supply}".rstrip())


class WeightsChanged(ExportError):
    """The weights are not the ones known, or not the ones used the last time."""


class DamagedWeights(ExportError):
    """The weights are not of the expected format, architecture or shape."""


class VerificationFailed(ExportError):
    """An exported network does not compute what its source computes."""


class Untrained(ExportError):
    """The network answers nearly the same to every face: its weights were never trained."""
