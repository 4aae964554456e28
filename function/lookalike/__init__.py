"""Who in a gallery looks most like the face in a photo."""

__version__ = "1.1.0"
