"""The networks of one installation: exported, verified, and put in place with the manifest that describes them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from export.errors import ExportError, Untrained, VerificationFailed, WeightsUnreachable
from export.networks import embedders
from export.networks.embedders import RECOGNISERS, Model, Precision
from export.networks.entries import entry_json, entry_of, toolchain
from export.networks.installation import ManifestJson, install, read_installed, staging
from export.networks.weights import known_hash

Say = Callable[[str], None]


def printed(line: str) -> None:
    print(line, file=sys.stderr)


def export_networks(
    model: Model | Literal["auto"] = "auto",
    out: Path = Path("function/models"),
    precision: Precision | None = None,
    weights: Path | None = None,
    *,
    gallery: Path = Path("function/gallery"),
    allow_untrained: bool = False,
    say: Say = printed,
) -> ManifestJson:
    """Export MTCNN and one recogniser into `out`; returns the manifest written there.

    "auto" is vggface2, or dlib when vggface2's weights can be neither found nor reached. Without a `precision` each
    model takes its own (fp16-stored for dlib, fp32 for the others); int8 is calibrated on the faces of `gallery`, if there
    is one. Nothing is done, and no torch imported, when `out` already holds just what would be made. Raises ExportError,
    leaving `out` as it was.
    """
    if model == "auto" and weights:
        raise ExportError("--weights needs --model: say which network the file belongs to.")
    present = read_installed(out)
    if model == "auto" and present and present["embedder"]["model"] not in RECOGNISERS:
        # Brought by --onnx: only who asks for another by its name means to replace it.
        say(f"Kept: MTCNN and {present['embedder']['model']}, a network of one's own; --model NAME takes another.")
        return present
    usable = present is not None and (allow_untrained or present["embedder"]["trained"])
    if present and usable and _up_to_date(present, model, precision, weights, say):
        return present
    try:
        with staging(out) as staged:
            if model == "auto":
                embedder = _preferred(staged, precision, gallery, say)
            else:
                embedder = _embedder(model, staged, precision, weights, gallery, allow_untrained, say)
            parts = {"detector": export_detector(staged, say), "embedder": embedder}
            return install(out, staged, {"version": 1, "toolchain": toolchain()} | parts)
    except ModuleNotFoundError as error:
        raise ExportError(f"Exporting needs {error.name}, which is not installed: run `make setup`.") from error


def _up_to_date(
    present: ManifestJson, asked: Model | Literal["auto"], precision: Precision | None, weights: Path | None, say: Say
) -> bool:
    embedder = present["embedder"]
    model: Model = embedder["model"]
    wanted: Model = "vggface2" if asked == "auto" else asked
    found = known_hash(wanted, weights)
    if asked == "auto" and found is None:
        wanted = "vggface2" if model == "vggface2" else "dlib"  # what is not here was looked for the last time
    same = model == wanted and found in (None, embedder["weights"]["sha256"])
    if not same or present.get("toolchain") != toolchain():
        return False
    if embedder["precision"] != (precision or RECOGNISERS[model].precision):
        return False
    say(f"Up to date: MTCNN and {model} ({embedder['precision']}); nothing to do.")
    if asked == "auto" and model == "dlib":
        say("To try for vggface2's weights again: lookalike export --model vggface2")
    return True


def _preferred(staged: Path, precision: Precision | None, gallery: Path, say: Say) -> dict[str, Any]:
    try:
        return _embedder("vggface2", staged, precision, None, gallery, False, say)
    except WeightsUnreachable as error:
        say(f"vggface2: {error.tried}")
        say(f"Taking dlib instead. For vggface2: {error.supply}")
    except Untrained as error:
        say(f"vggface2: {error}")
        say("Taking dlib instead. For vggface2: put the trained file there, or pass it with --weights FILE.")
    return _embedder("dlib", staged, precision, None, gallery, False, say)


def _embedder(
    model: Model,
    staged: Path,
    precision: Precision | None,
    given: Path | None,
    gallery: Path,
    allow_untrained: bool,
    say: Say,
) -> dict[str, Any]:
    """Write `<model>.onnx` into `staged`; returns the manifest's entry."""
    from export.networks.fp16 import stored_in_fp16
    from export.networks.verify import is_trained, verify

    weights, recogniser = embedders.obtain(model, given), RECOGNISERS[model]
    source, precision = embedders.load(model, weights), precision or recogniser.precision
    trained = is_trained(source)
    if not trained and not allow_untrained:
        raise Untrained(f"The network in {weights.path} answers nearly the same to every face: it was never trained.")
    graph = stored_in_fp16(source.graph) if precision == "fp16" else source.graph
    data = graph.SerializeToString(deterministic=True)
    verification = verify(model, data, source)
    say(verified(model, verification))
    entry = entry_of(model, precision, recogniser.recipe, recogniser.same_person, weights)
    extra: dict[str, Any] = {"verification": verification}
    if precision == "int8":
        from export.networks.quantise import quantised

        say(f"{model}: calibrating and judging int8 …")
        small, extra["evaluation"] = quantised(entry, source.graph, gallery / "portraits")
        data = small.SerializeToString(deterministic=True)
        say(_evaluated(model, extra["evaluation"]))
    (staged / f"{model}.onnx").write_bytes(data)
    return entry_json(entry, data, weights, recogniser.terms, trained) | extra


def export_detector(staged: Path, say: Say) -> dict[str, Any]:
    from export.networks.mtcnn import export_mtcnn

    try:
        entry = export_mtcnn(staged)
    except ValueError as error:
        raise VerificationFailed(str(error)) from error
    say(verified("MTCNN", entry["verification"]))
    return entry


def verified(name: str, verification: dict[str, Any]) -> str:
    against, inputs, difference = (verification[key] for key in ("against", "inputs", "largest_difference"))
    return f"{name}: equals {against} on {inputs} inputs, largest difference {difference:.1e}"


def _evaluated(name: str, evaluation: dict[str, Any]) -> str:
    int8, fp32 = evaluation["int8"], evaluation["fp32"]
    return (
        f"{name}: in int8 {int8['accuracy']:.1%} accurate (fp32: {fp32['accuracy']:.1%}), the same winner as fp32 in "
        f"{int8['rank_1_agreement_with_fp32']:.1%} of photos, on {evaluation['evaluated_on']}"
    )
