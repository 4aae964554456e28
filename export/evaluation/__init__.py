"""How well a network tells people apart on photos of one's own, and whether it agrees with itself in full precision.

labelled (LFW's pairs.txt, a CSV, a folder of people) ──> Labelled ── photos (embedded once) ──> judge ──> Evaluation
Evaluation ──> plot (SVG)

Others import `read_labelled` from pair_files, `evaluate` and `plot` from the modules of these names.
"""
