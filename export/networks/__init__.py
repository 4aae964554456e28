"""Trained networks to ONNX files and the manifest that describes them: what `lookalike export` does."""
