"""Invented people with portraits drawn by code: a gallery that needs nobody's consent and no download."""

from export.demo.people import DrawnPerson, demo_people
from export.demo.photos import draw_portrait, write_demo_photos

__all__ = ["DrawnPerson", "demo_people", "draw_portrait", "write_demo_photos"]
