"""Opens the networks as soon as it is imported, in the process that all of meter.py's are forked from."""

from tests.trust.meter import finder

finder()
