"""A face network of one's own, brought as an ONNX file.

file ── reading ──> normal form (one face input, one embedding output, any batch) ── presets, options ──> recipe
recipe ── trial (drawn people and public-domain portraits) ──> refused, or an entry of the manifest
"""
