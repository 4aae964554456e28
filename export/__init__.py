"""What is made ahead of time and handed to the function: networks, galleries, measurements, the drawn people.

Each room's own first lines say what may be imported from it; pyproject.toml holds which room may know which.
"""
