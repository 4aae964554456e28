"""An ONNX file of one's own into the installation: read, tried, verified, and put in place with the manifest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from export.errors import Untrained
from export.files import sha256
from export.networks import pictures
from export.networks.embedders import RECOGNISERS, Precision, Source
from export.networks.entries import entry_json, entry_of, toolchain
from export.networks.export import Say, export_detector, printed, verified
from export.networks.fp16 import stored_in_fp16
from export.networks.installation import ManifestJson, install, read_installed, staging
from export.networks.mtcnn import BUILDERS
from export.networks.onnx_file.normal_form import normal_form
from export.networks.onnx_file.presets import PRESETS, recipe_of
from export.networks.onnx_file.reading import NetworkFile, answers, read
from export.networks.onnx_file.stated import Stated
from export.networks.onnx_file.trial import LEAST_AREA, Trial, faces_to_try, try_out
from export.networks.verify import is_trained, verify
from export.networks.weights import Weights
from lookalike.faces.manifest import EmbedderEntry
from lookalike.faces.recipe import Recipe
from lookalike.faces.sessions import open_session

Faces = NDArray[np.float32]


def bring(
    file: Path, stated: Stated, out: Path, precision: Precision, gallery: Path, say: Say = printed
) -> ManifestJson:
    """Export MTCNN and the network in `file` into `out`; returns the manifest written there.

    Raises NotAFaceNetwork, Untrained or another ExportError, leaving `out` as it was.
    """
    given = read(file)
    recipe = recipe_of(stated, given.size, given.width, given.normalises)
    weights = Weights(file, sha256(file), stated.origin or "a file of one's own")
    entry = entry_of(name_of(file), precision, recipe, _rule(stated), weights)
    present = read_installed(out)
    if present and _is_here(present, entry, weights, stated):
        say(f"Up to date: MTCNN and {entry.model} ({precision}); nothing to do.")
        return present
    kept = _calibrated(present, entry, stated)
    with staging(out) as staged:
        embedder = _embedder(given, entry, weights, stated, staged, gallery, say) | kept
        manifest = {
            "version": 1,
            "toolchain": toolchain(brought=True),
            "detector": export_detector(staged, say),
            "embedder": embedder,
        }
        return install(out, staged, manifest)


def name_of(file: Path) -> str:
    """The network's name: its file's, in small letters, digits and hyphens, and never that of a network of ours."""
    name = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in file.stem.lower()).split()) or "network"
    return f"{name}-onnx" if name in (*RECOGNISERS, *BUILDERS, "nms", "probe") else name


def _rule(stated: Stated) -> float | None:
    if stated.same_person is not None:
        return stated.same_person
    return PRESETS[stated.preset].same_person if stated.preset else None


def _is_here(present: ManifestJson, entry: EmbedderEntry, weights: Weights, stated: Stated) -> bool:
    theirs = present["embedder"]
    same = theirs["fingerprint"] == entry.fingerprint and theirs["precision"] == entry.precision
    told = (theirs["terms"], theirs["weights"]["origin"]) == (_terms(stated), weights.origin)
    rule = "calibration" in theirs if stated.same_person is None else False
    return (
        same
        and told
        and (rule or theirs["same_person"] == entry.rule)
        and present.get("toolchain") == toolchain(brought=True)
    )


def _calibrated(present: ManifestJson | None, entry: EmbedderEntry, stated: Stated) -> dict[str, Any]:
    """The rule measured for this very network before, unless another is stated now."""
    theirs = present["embedder"] if present else {}
    if theirs.get("fingerprint") != entry.fingerprint or "calibration" not in theirs or stated.same_person is not None:
        return {}
    return {key: theirs[key] for key in ("same_person", "calibration")}


def _embedder(
    given: NetworkFile, entry: EmbedderEntry, weights: Weights, stated: Stated, staged: Path, gallery: Path, say: Say
) -> dict[str, Any]:
    """Write the network into `staged`; returns the manifest's entry."""
    model = normal_form(given, entry.recipe.unit_length)
    source = _source(given, entry.recipe)
    say(f"{entry.model}: {given.size}×{given.size} pixels, {given.width} numbers; {_described(entry.recipe)}")
    graph = stored_in_fp16(model) if entry.precision == "fp16" else model
    data = graph.SerializeToString(deterministic=True)
    extra: dict[str, Any] = {"preset": stated.preset, "verification": verify(entry.model, data, source)}
    say(verified(entry.model, extra["verification"]))
    extra["trial"] = _tried(entry, data, source, say).to_json()
    if entry.precision == "int8":
        from export.networks.quantise import quantised

        say(f"{entry.model}: calibrating and judging int8 …")
        small, extra["evaluation"] = quantised(entry, model, gallery / "portraits")
        data = small.SerializeToString(deterministic=True)
    (staged / f"{entry.model}.onnx").write_bytes(data)
    return entry_json(entry, data, weights, _terms(stated), trained=True) | extra


def _source(given: NetworkFile, recipe: Recipe) -> Source:
    """Noise and faces, and what the file itself answers to each."""
    faces = pictures.faces(given.size)
    inputs = recipe.normalised(np.concatenate([pictures.noise(given.size), faces]))
    model = given.model
    expected = answers(given, inputs)
    if recipe.unit_length:
        expected = expected / np.linalg.norm(expected, axis=1, keepdims=True)
    return Source(model, inputs, expected, len(faces), "the file itself")


def _tried(entry: EmbedderEntry, data: bytes, source: Source, say: Say) -> Trial:
    """Raises Untrained for a network that does not tell people apart."""
    if not is_trained(source):
        raise Untrained(
            f"{entry.model} answers nearly the same to every face: it was never trained, or wants them otherwise."
        )
    session = open_session(data)

    def network(faces: Faces) -> Faces:
        embeddings: Faces = session.run(None, {"face": faces})[0]
        return embeddings

    say(f"{entry.model}: trying it on drawn people and public-domain portraits …")
    trial = try_out(entry.recipe, network, faces_to_try())
    told = f"{trial.area:.1%} of pairs in the right order, {trial.equal_error_rate:.1%} mistaken"
    if not trial.area >= LEAST_AREA:
        hint = f" {trial.likelier} does better." if trial.likelier else ""
        raise Untrained(
            f"{entry.model} does not tell {trial.people} people apart ({told}): it was never trained, or wants its faces "
            f"otherwise.{hint} Nothing was replaced."
        )
    say(f"{entry.model}: {trial.photos} photos of {trial.people} people: {told}")
    if trial.likelier:
        say(f"{entry.model}: {trial.likelier} does better here: look up how this network wants its faces.")
    return trial


def _described(recipe: Recipe) -> str:
    cut = "aligned" if recipe.cut == "aligned" else f"cut with a margin of {recipe.margin}"
    mean = "/".join(f"{value:g}" for value in dict.fromkeys(recipe.mean))
    compared = "cosine" if recipe.unit_length else f"distance, strangers √2 · {recipe.radius:g} apart"
    return f"{cut}, {recipe.colour.upper()}, (x − {mean}) / {recipe.scale:g}; compared by {compared}"


def _terms(stated: Stated) -> str:
    return stated.terms or "not stated"
