"""Embeddings to people: who is enrolled, who is nearest, and what a similarity means among them."""
