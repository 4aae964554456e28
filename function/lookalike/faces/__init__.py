"""RGB to faces to embeddings, and the networks that do it: detector, embedder, and what is known of a face."""
