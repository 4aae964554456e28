"""From photos to their look-alikes: photo, faces, embeddings, matches, in this order. The only place that knows it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lookalike.answer import Answer, ComparedFace, Comparison, FoundFace, Mirror, PhotoSummary, Stopwatch
from lookalike.errors import DamagedFile, InvalidParameter, NoFace
from lookalike.faces.detector import Array, Detector, Face
from lookalike.faces.embedder import Embedder
from lookalike.faces.explain import explain
from lookalike.faces.manifest import REBUILD, Manifest, Network, read_manifest
from lookalike.faces.quality import Warning_, face_warnings, picture_hint
from lookalike.faces.sessions import open_network, suits_this_processor
from lookalike.faces.turning import LEAST_FACE, detect_any_way_up, quarter_turned
from lookalike.gallery.local import Gallery, Match, percent
from lookalike.gallery.stores import open_store
from lookalike.photo.decode import Photo, read_photo
from lookalike.settings import Settings

INCLUDES = ("crop", "embedding", "mirror", "explanation")
MAX_PHOTOS = 5
MAX_MATCHES = 50
# Each face takes as long as a whole portrait; a photo of a crowd, or one made for it, must not hold up everyone else.
MAX_FACES = 100
MAX_EXPLAINED = 3


@dataclass(frozen=True, slots=True)
class Probe:
    """A face of a photo, ready to be embedded. `face` in pixels of the photo as given."""

    face: Face
    chip: npt.NDArray[np.uint8]
    warnings: list[Warning_]


class Finder:
    """The networks and the gallery, opened once; used by the function, the commands and the gallery's builder."""

    def __init__(self, detector: Detector, embedder: Embedder, gallery: Gallery | None, settings: Settings) -> None:
        self._detector = detector
        self.embedder = embedder
        self._gallery = gallery
        self._settings = settings

    @classmethod
    def open(cls, settings: Settings, with_gallery: bool = True) -> Finder:
        """Raises SetupError (see errors.py) when models or gallery are missing, damaged or do not belong together."""
        manifest = read_manifest(settings.models, settings.verify)
        detector, embedder = open_networks(manifest, settings.threads)
        gallery = open_store(settings, manifest.embedder) if with_gallery else None
        return cls(detector, embedder, gallery, settings)

    @property
    def model(self) -> str:
        return self.embedder.entry.model

    @property
    def gallery(self) -> Gallery:
        if self._gallery is None:
            raise RuntimeError("this finder was opened without a gallery")
        return self._gallery

    def find(
        self,
        photos: Sequence[bytes],
        k: int = 5,
        min_face_size: float | None = None,
        include: Collection[str] = (),
    ) -> Answer:
        """Who looks most like each face of a photo, or like the one person in two to five photos.

        `min_face_size` in pixels of the photo as given; without it, faces from a sixteenth of the photo's longer side
        (a thirty-second, when there is none). `include` adds parts named in INCLUDES, explanations for the MAX_EXPLAINED
        largest faces. Raises NoFace, InvalidParameter or what read_photo raises.
        """
        check_parameters(len(photos), k, min_face_size, include)
        clock = Stopwatch()
        with clock.measure("decode"):
            pictures = [self._read(data) for data in photos]
        with clock.measure("detect"):
            probes = [self.probes(picture, min_face_size) for picture in pictures]
        if not any(probes):
            raise NoFace(hint=picture_hint(pictures[0].rgb))
        # Every face of one photo is a person; of several photos, the largest faces are one.
        groups = [[probe] for probe in probes[0]] if len(photos) == 1 else [[found[0] for found in probes if found]]
        with clock.measure("embed"):
            embeddings = self.embedder.embed([probe.chip for group in groups for probe in group])
            mirrored = self._mirrored(groups) if "mirror" in include else None
        bounds = np.cumsum([len(group) for group in groups])[:-1]
        with clock.measure("search"):
            mirrors = np.split(mirrored, bounds) if mirrored is not None else [None] * len(groups)
            without_reason = set(include) - {"explanation"}
            faces = [
                self._found(group, own, mirror, k, include if number < MAX_EXPLAINED else without_reason)
                for number, (group, own, mirror) in enumerate(
                    zip(groups, np.split(embeddings, bounds), mirrors, strict=True)
                )
            ]
        return Answer(
            model=self.model,
            width=pictures[0].width,
            height=pictures[0].height,
            faces=faces,
            photos=self._summaries(pictures, probes, embeddings) if len(photos) > 1 else None,
            timings_ms=clock.timings_ms(),
        )

    def compare(self, first: bytes, second: bytes) -> Comparison:
        """How alike the largest faces of two photos are. Raises NoFace or what read_photo raises."""
        clock = Stopwatch()
        with clock.measure("decode"):
            pictures = [self._read(data) for data in (first, second)]
        with clock.measure("detect"):
            found = [self._largest(picture) for picture in pictures]
        with clock.measure("embed"):
            embeddings = self.embedder.embed([probe.chip for probe in found])
        similarity = float(self.embedder.similarity(embeddings[0], embeddings[1]))
        sides = [
            ComparedFace(picture.width, picture.height, probe.face, list(probe.warnings))
            for picture, probe in zip(pictures, found, strict=True)
        ]
        return Comparison(
            model=self.model,
            similarity=similarity,
            percent=percent(similarity),
            same_person=similarity >= self.embedder.entry.same_person,
            a=sides[0],
            b=sides[1],
            timings_ms=clock.timings_ms(),
        )

    def read_faces(self, data: bytes) -> tuple[Photo, list[Probe]]:
        """A gallery photo and its faces, largest first. Raises what read_photo raises."""
        picture = self._read(data)
        return picture, self.probes(picture)

    def probes(self, picture: Photo, min_face_size: float | None = None) -> list[Probe]:
        """A picture's faces, the MAX_FACES largest; sought by 90, 180 and 270° turned where none is certain upright."""
        smallest = min_face_size * picture.scale if min_face_size is not None else None
        turns, faces = detect_any_way_up(self._detector, picture.rgb, smallest)
        turned = quarter_turned(picture.rgb, turns)
        height, width = picture.rgb.shape[:2]
        probes = []
        for face in faces[:MAX_FACES]:
            chip = self.embedder.cut(turned, face)
            warnings = face_warnings(face, chip, (turned.shape[1], turned.shape[0]), picture.scale)
            upright = face.turned_back(turns, width, height).scaled(1 / picture.scale)
            probes.append(Probe(upright, chip, warnings))
        return probes

    def _read(self, data: bytes) -> Photo:
        return read_photo(data, self._settings.max_pixels, self._settings.working_side)

    def _largest(self, picture: Photo) -> Probe:
        found = self.probes(picture)
        if not found:
            raise NoFace(hint=picture_hint(picture.rgb))
        return found[0]

    def _mirrored(self, groups: list[list[Probe]]) -> Array:
        return self.embedder.embed([probe.chip[:, ::-1] for group in groups for probe in group])

    def _found(
        self, group: list[Probe], embeddings: Array, mirrored: Array | None, k: int, include: Collection[str]
    ) -> FoundFace:
        """One face of the answer: the first of its photos shows it, all of them speak for it."""
        embedding = self.embedder.average(embeddings)
        matches = self.gallery.search(embedding, k)
        probe = group[0]
        wants_reason = "explanation" in include and matches
        return FoundFace(
            face=probe.face,
            warnings=list(probe.warnings),
            matches=matches,
            crop=probe.chip if "crop" in include else None,
            embedding=embedding if "embedding" in include else None,
            mirror=self._mirror(self.embedder.average(mirrored), matches) if mirrored is not None else None,
            explanation=explain(self.embedder, probe.chip, matches[0].embedding) if wants_reason else None,
        )

    def _mirror(self, embedding: Array, matches: list[Match]) -> Mirror | None:
        """Whether the face's mirror image finds the same person first."""
        found = self.gallery.search(embedding, 1)
        return Mirror(stable=found[0].person.id == matches[0].person.id, match=found[0]) if found else None

    def _summaries(self, pictures: list[Photo], probes: list[list[Probe]], embeddings: Array) -> list[PhotoSummary]:
        """What each of several photos would have answered alone; `embeddings` [n,width] of those with a face."""
        rows = iter(embeddings)
        summaries = []
        for picture, found in zip(pictures, probes, strict=True):
            alone = self.gallery.search(next(rows), 1) if found else []
            summaries.append(PhotoSummary(picture.width, picture.height, len(found), alone[0] if alone else None))
        return summaries


def open_networks(manifest: Manifest, threads: int = 1) -> tuple[Detector, Embedder]:
    """Sessions for a manifest's networks. Raises DamagedFile for one that cannot be run, or not as the manifest says."""
    ready = manifest.readiness is not None and suits_this_processor(manifest.readiness)
    sessions = {name: _open(network, threads, ready) for name, network in manifest.detector.items()}
    entry = manifest.embedder
    session = _open(entry.network, threads, ready)
    (faces,), (embeddings,) = session.get_inputs(), session.get_outputs()
    known = zip([*faces.shape[1:], embeddings.shape[-1]], [3, entry.size, entry.size, entry.width], strict=True)
    if any(isinstance(actual, int) and actual != expected for actual, expected in known):
        reason = f"it takes {faces.shape[1:]} and gives {embeddings.shape[1:]}, unlike what the manifest says"
        raise DamagedFile(path=entry.network.path, reason=reason, command=REBUILD)
    return Detector(sessions), Embedder(entry, session)


def _open(network: Network, threads: int, ready: bool) -> Any:
    try:
        return open_network(network, threads, ready)
    except Exception as error:
        # ONNX Runtime's own errors have no common base but this, and their texts are long.
        reason = f"ONNX Runtime cannot open it: {type(error).__name__}"
        raise DamagedFile(path=network.path, reason=reason, command=REBUILD) from None


def check_parameters(photos: int, k: int, min_face_size: float | None, include: Collection[str]) -> None:
    """Raises InvalidParameter with the rule that was broken."""
    if not 1 <= photos <= MAX_PHOTOS:
        raise InvalidParameter(name="photo", rule=f"1–{MAX_PHOTOS} photos of one person")
    if not 1 <= k <= MAX_MATCHES:
        raise InvalidParameter(name="k", rule=f"1–{MAX_MATCHES}")
    if min_face_size is not None and not LEAST_FACE <= min_face_size <= 10_000:
        raise InvalidParameter(name="min_face_size", rule=f"{LEAST_FACE:.0f}–10000")
    unknown = [name for name in include if name not in INCLUDES]
    if unknown:
        raise InvalidParameter(name="include", rule=", ".join(INCLUDES))
