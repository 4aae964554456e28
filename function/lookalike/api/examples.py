"""One answer of each kind, for the documentation; mypy holds them to what schemas.py declares."""

from __future__ import annotations

from lookalike import schemas

REQUEST_ID = "8b1f6c5e-2f43-4a36-9b57-0f2a4f4d2c11"

_PERSON: schemas.Person = {
    "id": "kim-seoyeon-3f2a",
    "name": "김서연",
    "department": "Computer Engineering",
    "portrait": "0f3c9a.jpg",
}
_FACE: schemas.FaceBase = {
    "box": [178.85, 61.25, 266.7, 173.25],
    "probability": 0.99922,
    "landmarks": [[204.62, 101.3], [247.32, 103.49], [225.71, 129.71], [201.75, 139.74], [245.32, 142.05]],
    "warnings": [],
}
_TIMINGS: schemas.Timings = {"decode": 3.4, "detect": 17.8, "embed": 7.5, "search": 0.1, "total": 28.9}
_MATCH: schemas.Match = {
    "rank": 1,
    "person": _PERSON,
    "similarity": 0.31,
    "percent": 65.5,
    "closer_than": 97.1,
    "closer_than_nearest": 41.3,
    "strong": True,
}
LOOKALIKES: schemas.Lookalikes = {
    "model": "dlib",
    "photo": {"width": 512, "height": 512, "remarks": []},
    "faces": [
        {
            "box": _FACE["box"],
            "probability": _FACE["probability"],
            "landmarks": _FACE["landmarks"],
            "warnings": [],
            "verdict": "strong",
            "matches": [_MATCH],
        }
    ],
    "left_out": 0,
    "beyond_limit": 0,
    "smaller_possible": False,
    "different_people": False,
    "timings_ms": _TIMINGS,
    "request_id": REQUEST_ID,
}
COMPARISON: schemas.Comparison = {
    "model": "dlib",
    "similarity": 0.30754,
    "percent": 65.38,
    "same_person": False,
    "a": {"width": 512, "height": 512, **_FACE, "chosen": 0, "faces": [_FACE]},
    "b": {"width": 512, "height": 600, **_FACE, "chosen": 0, "faces": [_FACE]},
    "timings_ms": _TIMINGS,
    "request_id": REQUEST_ID,
}
SEARCH: schemas.Search = {
    "model": "dlib",
    "faces": [{"verdict": "strong", "matches": [_MATCH]}],
    "timings_ms": {"decode": 0, "detect": 0, "embed": 0, "search": 0.1, "total": 0.1},
    "request_id": REQUEST_ID,
}
PEOPLE: schemas.People = {
    "gallery": {
        "model": "dlib",
        "fingerprint": "165d820882959226",
        "people": 75,
        "photos": 75,
        "threshold": 76.0,
        "median_pair": 50.6,
        "median_nearest": 66.2,
    },
    "people": [{**_PERSON, "photos": 1, "metadata": {}}],
}
HEALTH: schemas.Health = {
    "status": "ok",
    "version": "1.0.0",
    "model": "dlib",
    "gallery": {"people": 75, "photos": 75},
    "cold": False,
}
