"""From photos to their look-alikes: photo, faces, embeddings, matches, answer, in this order. Only here is it known."""

from __future__ import annotations

from collections.abc import Sequence

from lookalike import schemas
from lookalike.answer import Answer, ComparedFace, Comparison, match_json
from lookalike.answering import answer_faces, photo_summaries
from lookalike.arrays import Array
from lookalike.deadline import SECONDS, Deadline
from lookalike.errors import NoFace
from lookalike.faces.detector import Detector
from lookalike.faces.embedder import Embedder
from lookalike.faces.manifest import read_manifest
from lookalike.faces.networks import open_networks
from lookalike.faces.probe import Detection, Probe, find_faces
from lookalike.faces.quality import picture_hint
from lookalike.faces.subjects import embed_faces, take_together
from lookalike.gallery.people import percent
from lookalike.gallery.stores import Gallery, open_store
from lookalike.gallery.verdict import verdict
from lookalike.options import DEFAULTS, LARGEST, CompareOptions, FindOptions, check_face, check_photos
from lookalike.photo.decode import Photo, read_photos
from lookalike.settings import Settings
from lookalike.stopwatch import Stopwatch


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

    def reopened(self) -> Finder:
        """The same networks over the gallery that is there now; what is under way here ends with this one.

        Raises as open does.
        """
        return Finder(self._detector, self.embedder, open_store(self._settings, self.embedder.entry), self._settings)

    @property
    def model(self) -> str:
        return self.embedder.entry.model

    @property
    def gallery(self) -> Gallery:
        if self._gallery is None:
            raise RuntimeError("this finder was opened without a gallery")
        return self._gallery

    def find(self, photos: Sequence[bytes], options: FindOptions = DEFAULTS) -> Answer:
        """Who looks most like each face of a photo, or like the one person in two to five photos.

        Raises NoFace, InvalidParameter, TookTooLong or what read_photo raises.
        """
        check_photos(len(photos))
        clock, deadline = Stopwatch(), Deadline(SECONDS)
        with clock.measure("decode"):
            pictures = self._read(photos, deadline)
        with clock.measure("detect"):
            detections = [self.detect(picture, options, deadline) for picture in pictures]
            if not any(detection.probes for detection in detections):
                raise NoFace(hint=picture_hint(pictures[0].rgb))
        with clock.measure("embed"):
            subjects = embed_faces(self.embedder, detections, "mirror" in options.include, deadline)
        several = take_together(self.embedder, subjects, detections) if len(photos) > 1 else None
        with clock.measure("search"):
            asked = [several.person] if several else subjects
            faces = answer_faces(self.embedder, self.gallery, asked, options, deadline)
            summaries = photo_summaries(self.gallery, pictures, detections, several) if several else None
        return Answer(
            model=self.model,
            width=pictures[0].width,
            height=pictures[0].height,
            remarks=pictures[0].remarks,
            faces=faces,
            photos=summaries,
            left_out=sum(detection.left_out for detection in detections),
            beyond_limit=sum(detection.beyond_limit for detection in detections),
            smaller_possible=any(detection.smaller_possible for detection in detections),
            different_people=several is not None and several.different_people,
            timings_ms=clock.timings_ms(),
        )

    def compare(self, first: bytes, second: bytes, options: CompareOptions = LARGEST) -> Comparison:
        """How alike a face of one photo is to one of another; the largest, unless others are asked for.

        Raises NoFace, InvalidParameter, TookTooLong or what read_photo raises.
        """
        clock, deadline = Stopwatch(), Deadline(SECONDS)
        with clock.measure("decode"):
            pictures = self._read((first, second), deadline)
        with clock.measure("detect"):
            a, b = (self._compared(picture, deadline, *asked) for picture, asked in zip(pictures, options, strict=True))
        with clock.measure("embed"):
            embeddings = self.embedder.embed([side.probes[side.chosen].chip for side in (a, b)], deadline)
        similarity = float(self.embedder.similarity(embeddings[0], embeddings[1]))
        return Comparison(
            model=self.model,
            similarity=similarity,
            percent=percent(similarity),
            same_person=self.embedder.entry.shows_one_person(similarity),
            a=a,
            b=b,
            timings_ms=clock.timings_ms(),
        )

    def search(self, embeddings: Array, spreads: Sequence[float], k: int) -> schemas.Searched:
        """Who is nearest to each of the embeddings [n,width], which somebody else measured with this network.

        `spreads` [n] as Embedder.average gives them for several photos' mean, else 0.
        """
        clock = Stopwatch()
        with clock.measure("search"):
            pairs = zip(embeddings, spreads, strict=True)
            faces = [self.gallery.search(embedding, k, spread) for embedding, spread in pairs]
        return {
            "model": self.model,
            "faces": [
                {"verdict": verdict(found), "matches": [match_json(match) for match in found]} for found in faces
            ],
            "timings_ms": clock.timings_ms(),
        }

    def read_faces(self, data: bytes) -> tuple[Photo, list[Probe]]:
        """A gallery photo and its faces, largest first. Raises what read_photo raises."""
        (picture,) = self._read([data])
        return picture, self.detect(picture).probes

    def detect(self, picture: Photo, options: FindOptions = DEFAULTS, deadline: Deadline | None = None) -> Detection:
        """A photo's faces, ready to be embedded. Raises TookTooLong after the deadline."""
        return find_faces(self._detector, self.embedder, picture, options, deadline or Deadline())

    def _read(self, photos: Sequence[bytes], deadline: Deadline | None = None) -> list[Photo]:
        return read_photos(photos, self._settings.max_pixels, self._settings.working_side, deadline)

    def _compared(self, picture: Photo, deadline: Deadline, name: str, asked: int) -> ComparedFace:
        probes = self.detect(picture, deadline=deadline).probes
        if not probes:
            raise NoFace(hint=picture_hint(picture.rgb))
        check_face(name, asked, len(probes))
        return ComparedFace(picture.width, picture.height, probes, asked)
