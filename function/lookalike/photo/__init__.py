"""Bytes to upright RGB: formats told by content, limits before decoding. Import `read_photo` and `Photo` from decode."""
