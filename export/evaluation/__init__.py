"""How well a network tells people apart on photos of one's own, and whether it agrees with itself in full precision.

labelled (LFW's pairs.txt, a CSV, a folder of people) ──> Labelled ── photos (embedded once) ──> judge ──> Evaluation
Evaluation ──> plot (SVG)
"""
