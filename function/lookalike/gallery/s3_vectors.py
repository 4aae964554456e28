"""A gallery in Amazon S3 Vectors, for more faces than a function can hold: approximate there, ranked exactly here.

Who the people are travels with their vectors, so the function holds nobody. The directory's gallery.json is still read:
it says which network made the gallery, how many people it has, and how alike they are to each other.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

from lookalike.arrays import Array
from lookalike.errors import IndexMismatch, Unavailable
from lookalike.faces.embedder import similarity_from
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.directory import read_header, read_scale, unexpected_content_is_damage
from lookalike.gallery.people import Match, Person, Portrait
from lookalike.gallery.ranking import Candidate, best_of_each, ranked
from lookalike.gallery.scale import Scale
from lookalike.settings import Settings

logger = logging.getLogger("lookalike")

CANDIDATES = 100  # the most vectors that one request may ask for
PERSON, ABOUT = "person", "about"  # metadata: whose vector it is, for filters; and who that is, not filterable
# Lambda gives a request 29 seconds: three attempts and the pauses between them must leave some for the photo.
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 2, 4, 3


def index_name(fingerprint: str) -> str:
    """Each network has an index of its own: embeddings of two networks cannot be compared."""
    return f"faces-{fingerprint}"


def metadata(person: Person, photo: Portrait) -> dict[str, str]:
    """What is kept with the vector of one photo."""
    about = {"name": person.name, "department": person.department, "metadata": person.metadata}
    text = json.dumps(about | {"portrait": photo.portrait}, ensure_ascii=False, separators=(",", ":"))
    return {PERSON: person.id, ABOUT: text}


def open_vectors(settings: Settings, entry: EmbedderEntry) -> VectorGallery:
    """The index that the settings name. It is not asked yet: whoever searches learns whether it answers.

    Raises IndexMismatch for another network's index, or what open_gallery raises for a gallery.json of no use.
    """
    arn = settings.vector_index
    if arn.rpartition("/")[2] != index_name(entry.fingerprint):
        raise IndexMismatch(index=arn, model=entry.model, name=index_name(entry.fingerprint))
    header = read_header(settings.gallery, entry)
    with unexpected_content_is_damage(settings.gallery):
        people, photos = int(header["people"]["count"]), int(header["embeddings"]["rows"])
    return VectorGallery(connect(arn), arn, entry, read_scale(settings.gallery, header, entry), people, photos)


def connect(arn: str) -> Any:
    """A client for the index's region, which gives up in time."""
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
    )
    return boto3.client("s3vectors", region_name=arn.split(":")[3], config=config)


class VectorGallery:
    """An index filled by `lookalike gallery push`."""

    def __init__(
        self, client: Any, arn: str, entry: EmbedderEntry, scale: Scale, people: int = 0, photos: int = 0
    ) -> None:
        self.people: tuple[Person, ...] = ()
        self.count = people
        self.scale = scale
        self.fingerprint = entry.fingerprint
        self.rows = photos
        self._client = client
        self._arn = arn
        self._radius = entry.radius

    def search(self, probe: Array, k: int, spread: float = 0.0) -> list[Match]:
        """Raises Unavailable when the index does not answer, or not with what was pushed.

        Strong is what stands out from everybody only where the answer holds everybody, a hundred photos at most. Of more
        the nearest alone are known, and the network's own rule decides: among thousands it is the lower bar in any case.
        """
        best: dict[str, Candidate] = {}
        known = -1
        while known < len(best) < k:
            known = len(best)
            keys = self._nearest(probe, list(best))
            best = best_of_each([*best.values(), *self._candidates(keys, probe, spread)])
            if len(keys) < CANDIDATES:
                break
        if not best and self.count:
            _report("empty")
            raise Unavailable()
        return ranked(best.values(), k, self._radius, self.scale, self._strong_from(best.values()))

    def _strong_from(self, best: Collection[Candidate]) -> float:
        everybody = self.rows <= CANDIDATES and len(best) == self.count
        squared = np.array([candidate.squared for candidate in best] if everybody else [], np.float32)
        return self.scale.strong_from(similarity_from(squared, self._radius))

    def _nearest(self, probe: Array, people: list[str]) -> list[str]:
        """Keys of about the most similar photos of everybody but these people.

        Whose photo is among the nearest has their own nearest there, too: nobody need be asked for twice.
        """
        asked: dict[str, Any] = {"queryVector": {"float32": probe.tolist()}, "topK": CANDIDATES}
        if people:
            asked["filter"] = {PERSON: {"$nin": people}}
        keys: list[str] = []
        while True:  # a page that is short, or empty, is the last only when it says so
            answer = self._ask("query_vectors", **asked)
            keys += [found["key"] for found in answer["vectors"]]
            if not answer.get("nextToken"):
                return keys
            asked["nextToken"] = answer["nextToken"]

    def _candidates(self, keys: list[str], probe: Array, spread: float) -> Iterator[Candidate]:
        if not keys:
            return
        answer = self._ask("get_vectors", keys=keys, returnData=True, returnMetadata=True)
        try:
            for vector in answer["vectors"]:
                embedding = np.array(vector["data"]["float32"], np.float32)
                person, portrait = _person(vector["metadata"])
                yield Candidate(person, portrait, embedding, float(np.square(embedding - probe).sum()) + spread)
        except (KeyError, TypeError, ValueError) as error:
            _report(f"unexpected content: {type(error).__name__}")
            raise Unavailable() from error

    def _ask(self, operation: str, **arguments: Any) -> dict[str, Any]:
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        try:
            answer: dict[str, Any] = getattr(self._client, operation)(indexArn=self._arn, **arguments)
            return answer
        except ClientError as error:
            _report(error.response.get("Error", {}).get("Code", "unknown"))
            raise Unavailable() from error
        except (BotoCoreError, ResponseParserError) as error:
            _report(type(error).__name__)
            raise Unavailable() from error


def _person(kept: dict[str, str]) -> tuple[Person, str]:
    """Who a vector is of, and the portrait of that photo; which other photos there are is not known here."""
    about = json.loads(kept[ABOUT])
    person = Person(kept[PERSON], about["name"], about["department"], (), about["metadata"])
    return person, about["portrait"]


def _report(reason: str) -> None:
    """Whoever runs this finds the reason in the log; whoever asked only learns that it is not their fault."""
    logger.warning(json.dumps({"s3_vectors": reason}))
