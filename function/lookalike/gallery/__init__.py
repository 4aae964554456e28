"""Embeddings to people: who is enrolled, who is nearest, and what a similarity means among them.

Others import `open_store` and `Gallery` from stores, `Person` and `Match` from people, and the words for a likeness from
verdict and scale.
"""
