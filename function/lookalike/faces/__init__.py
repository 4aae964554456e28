"""RGB to faces to embeddings, and the networks that do it: detector, embedder, and what is known of a face.

Others import `find_faces` and `Probe` from probe, `embed_faces` from subjects, and a manifest's networks from networks.
"""
