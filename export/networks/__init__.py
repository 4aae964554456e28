"""Trained networks to ONNX files and the manifest that describes them: what `lookalike export` does.

Others import `export_networks` from export; the networks themselves are known here only.
"""
