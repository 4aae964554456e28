"""A gallery directory into an index in Amazon S3 Vectors, and whether the two hold the same.

A vector's key is the hash of everything that is sent with it. So the keys alone say what is missing and what is too
much: a push that was interrupted goes on where it was, and one without changes sends nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, TypeVar

import numpy as np

from lookalike.errors import SetupError
from lookalike.faces.manifest import EmbedderEntry
from lookalike.gallery.local import LocalGallery
from lookalike.gallery.people import Person, Portrait
from lookalike.gallery.s3_vectors import ABOUT, VectorGallery, index_name, metadata
from lookalike.settings import INDEX_ARN

T = TypeVar("T")
Json = dict[str, Any]
Progress = Callable[[int, int], None]  # vectors done, and in all

# Documented limits of one request, in vectors and bytes, and of what is kept with one vector.
BATCH, BATCH_BYTES = 500, 15 * 2**20
METADATA_BYTES = 40 * 1024
NUMBER_BYTES = 24  # the longest that a float32 is as JSON
# Amazon takes 2,500 vectors a second: five full batches.
AT_ONCE = 5
SEGMENTS = 4  # of the list of keys, read at the same time
# Amazon answers 429 and 503 when it is pressed: then the pauses between attempts grow, up to 20 s each.
ATTEMPTS = 10


class WrongIndex(SetupError):
    en = "The index {index} cannot hold this gallery: {reason}. Deploy again with the networks you have: make deploy"


class TooMuchToKeep(SetupError):
    en = "What is known of {person} is {size} bytes; Amazon keeps at most {limit} with a face. Shorten their metadata."


@dataclass(frozen=True, slots=True)
class Pushed:
    sent: int
    removed: int
    kept: int


@dataclass(frozen=True, slots=True)
class Verified:
    """`missing` and `surplus` in vectors; `recall` is the share of the exactly nearest ten people that were found."""

    missing: int
    surplus: int
    sampled: int
    recall: float

    @property
    def same(self) -> bool:
        return not self.missing and not self.surplus


def push_gallery(gallery: LocalGallery, entry: EmbedderEntry, index: str, progress: Progress) -> Pushed:
    """Make the index (an ARN) hold what the gallery holds: first what is missing is sent, then the rest removed.

    Raises WrongIndex, TooMuchToKeep, or what boto3 raises after the last of its attempts.
    """
    client = _open(index, entry)
    wanted, there = _keys(gallery), _list_keys(client, index)
    missing, surplus = [key for key in wanted if key not in there], sorted(there - wanted.keys())
    done, total = 0, len(missing) + len(surplus)

    def send(vectors: list[Json]) -> int:
        client.put_vectors(indexArn=index, vectors=vectors)
        return len(vectors)

    def remove(keys: list[str]) -> int:
        client.delete_vectors(indexArn=index, keys=keys)
        return len(keys)

    progress(done, total)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        # In waves, so that an interruption waits for a few requests only, and few batches are in memory.
        for batches in _chunks(_batches(_vector(key, gallery, *wanted[key]) for key in missing), AT_ONCE):
            done += sum(pool.map(send, batches))
            progress(done, total)
        for lists in _chunks(_chunks(surplus, BATCH), AT_ONCE):
            done += sum(pool.map(remove, lists))
            progress(done, total)
    return Pushed(len(missing), len(surplus), len(wanted) - len(missing))


def verify_gallery(gallery: LocalGallery, entry: EmbedderEntry, index: str, samples: int = 50) -> Verified:
    """Compare the index with the gallery: all keys, and the answers for some of the gallery's own faces.

    Raises WrongIndex, Unavailable, or what boto3 raises.
    """
    client = _open(index, entry)
    wanted, there = _keys(gallery), _list_keys(client, index)
    vectors = VectorGallery(client, index, entry, gallery.scale)
    rows = np.random.default_rng(0).permutation(gallery.rows)[:samples]
    shares = []
    for row in rows:
        nearest, found = (
            {match.person.id for match in side.search(gallery.embeddings[row], 10)} for side in (gallery, vectors)
        )
        shares.append(len(nearest & found) / len(nearest))
    recall = float(np.mean(shares)) if shares else 1.0
    return Verified(len(wanted.keys() - there), len(there - wanted.keys()), len(rows), recall)


def _open(index: str, entry: EmbedderEntry) -> Any:
    """A client. Raises WrongIndex unless the index is there, and is as template.yaml makes one for this network."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError

    name = index_name(entry.fingerprint)
    if not INDEX_ARN.fullmatch(index) or index.rpartition("/")[2] != name:
        raise WrongIndex(index=index, reason=f"that of the network in use ({entry.model}) is an ARN ending in {name}")
    config = Config(retries={"mode": "standard", "total_max_attempts": ATTEMPTS})
    client = boto3.client("s3vectors", region_name=index.split(":")[3], config=config)
    try:
        found = client.get_index(indexArn=index)["index"]
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") != "NotFoundException":
            raise
        raise WrongIndex(index=index, reason="it does not exist") from None
    kept = found.get("metadataConfiguration", {}).get("nonFilterableMetadataKeys", [])
    if (found["dimension"], found["distanceMetric"]) != (entry.width, "euclidean") or ABOUT not in kept:
        raise WrongIndex(
            index=index, reason=f"it is for {found['dimension']} numbers, {found['distanceMetric']}, {kept}"
        )
    return client


def _keys(gallery: LocalGallery) -> dict[str, tuple[Person, Portrait, int]]:
    """Each photo's key, with whose it is and its row."""
    keys = {}
    photos = ((person, photo) for person in gallery.people for photo in person.photos)
    for row, (person, photo) in enumerate(photos):
        kept = json.dumps(metadata(person, photo), ensure_ascii=False, sort_keys=True).encode()
        if len(kept) > METADATA_BYTES:
            raise TooMuchToKeep(person=person.name, size=len(kept), limit=METADATA_BYTES)
        keys[hashlib.sha256(kept + gallery.embeddings[row].tobytes()).hexdigest()[:32]] = (person, photo, row)
    return keys


def _vector(key: str, gallery: LocalGallery, person: Person, photo: Portrait, row: int) -> Json:
    data = {"float32": gallery.embeddings[row].tolist()}
    return {"key": key, "data": data, "metadata": metadata(person, photo)}


def _batches(vectors: Iterable[Json]) -> Iterator[list[Json]]:
    """As many vectors as one request takes."""
    batch: list[Json] = []
    size = 0
    for vector in vectors:
        own = len(vector["data"]["float32"]) * NUMBER_BYTES + 2 * len(vector["metadata"][ABOUT].encode()) + 1024
        if batch and (len(batch) == BATCH or size + own > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(vector)
        size += own
    if batch:
        yield batch


def _list_keys(client: Any, index: str) -> set[str]:
    def segment(number: int) -> list[str]:
        pages = client.get_paginator("list_vectors").paginate(
            indexArn=index, maxResults=1000, segmentCount=SEGMENTS, segmentIndex=number
        )
        return [vector["key"] for page in pages for vector in page["vectors"]]

    with ThreadPoolExecutor(SEGMENTS) as pool:
        return set(chain.from_iterable(pool.map(segment, range(SEGMENTS))))


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
