from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from export.errors import DamagedWeights
from export.networks import embedders, pictures
from export.networks.embedders import RECOGNISERS
from export.networks.facenet import facenet_pytorch
from export.networks.fp16 import stored_in_fp16
from export.networks.inception_resnet_v1 import load
from export.networks.verify import is_trained, verify
from export.networks.weights import Weights
from lookalike.faces.sessions import open_session

PREPARED = RECOGNISERS["vggface2"].recipe
State = dict[str, torch.Tensor]


def embed(model: bytes, faces: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(open_session(model).run(["embedding"], {"face": faces})[0])


@pytest.fixture(scope="module")
def faces() -> NDArray[np.float32]:
    """Two of noise and eight faces [10,3,160,160]."""
    return PREPARED.normalised(np.concatenate([pictures.noise(160), pictures.faces(160)]))


@pytest.fixture(scope="module")
def state(seeded_network: Callable[..., Any]) -> State:
    network: State = seeded_network().state_dict()
    return network


@pytest.fixture(scope="module")
def checkpoint(state: State, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Under the real name, where facenet-pytorch looks for it in a TORCH_HOME."""
    path = tmp_path_factory.mktemp("torch") / "checkpoints" / "20180402-114759-vggface2.pt"
    path.parent.mkdir()
    torch.save(state, path)
    return path


@pytest.fixture(scope="module")
def source(checkpoint: Path) -> embedders.Source:
    return embedders.load("vggface2", Weights(checkpoint, "", ""))


def test_equals_facenet_pytorch_s_own_pretrained_loader(
    checkpoint: Path, source: embedders.Source, faces: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(checkpoint.parents[1]))
    with torch.inference_mode():
        expected = facenet_pytorch().InceptionResnetV1(pretrained="vggface2").eval()(torch.from_numpy(faces)).numpy()

    found = embed(source.graph.SerializeToString(), faces)

    assert len(faces) == 10
    assert np.abs(found - expected).max() < 1e-5
    assert (found * expected).sum(1).min() > 0.99999


def test_seeded_faces_differ_enough_for_the_comparison_to_mean_something(source: embedders.Source) -> None:
    cosines = source.expected[2:] @ source.expected[2:].T

    assert cosines.min() < 0.8


def test_is_verified_against_torch(source: embedders.Source) -> None:
    verification = verify("vggface2", source.graph.SerializeToString(), source)

    assert verification["against"] == "facenet-pytorch"
    assert verification["inputs"] == 10
    assert verification["largest_difference"] < 1e-5
    assert verification["lowest_cosine"] > 0.99999


def test_stored_in_half_it_still_passes_verification(source: embedders.Source) -> None:
    half = stored_in_fp16(source.graph).SerializeToString()

    assert len(half) < 50_000_000
    assert verify("vggface2", half, source)["largest_difference"] > 0


def test_embeddings_have_unit_length_whatever_the_batch(source: embedders.Source, faces: NDArray[np.float32]) -> None:
    model = source.graph.SerializeToString()

    for count in (1, 3):
        found = embed(model, faces[:count])
        assert found.shape == (count, 512)
        assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(count), abs=1e-5)


def test_batch_norms_are_folded(source: embedders.Source) -> None:
    kinds = [node.op_type for node in source.graph.graph.node]

    assert kinds.count("Conv") == 132
    assert kinds.count("BatchNormalization") <= 1  # the last one stands behind no convolution


def test_random_weights_are_told_from_trained_ones(seeded_network: Callable[..., Any], tmp_path: Path) -> None:
    torch.save(seeded_network(calibrated=False).state_dict(), tmp_path / "weights.pt")
    untrained = embedders.load("vggface2", Weights(tmp_path / "weights.pt", "", ""))

    assert not is_trained(untrained)


def test_calibrated_weights_pass_for_trained(source: embedders.Source) -> None:
    assert is_trained(source)


def without_logits(state: State) -> State:
    return {name: value for name, value in state.items() if not name.startswith("logits.")}


def without_counters(state: State) -> State:
    return {name: value for name, value in state.items() if not name.endswith("num_batches_tracked")}


@pytest.mark.parametrize("change", [without_logits, without_counters])
def test_accepts_checkpoints_without_what_embeddings_do_not_need(
    change: Callable[[State], State], state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch, "load", lambda *_, **__: change(state))

    network = load(Path("weights.pt"), "vggface2")

    assert torch.equal(network.last_linear.weight, state["last_linear.weight"])
    assert not network.training


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"last_bn.bias": None}, "there is no last_bn.bias in it"),
        ({"extra.weight": torch.zeros(1)}, "there is an unknown extra.weight in it"),
        ({"last_linear.weight": torch.zeros(128, 1792)}, r"last_linear.weight is \(128, 1792\), not \(512, 1792\)"),
        ({"last_bn.bias": torch.full((512,), torch.nan)}, "last_bn.bias holds numbers that are not finite"),
        ({"logits.weight": torch.zeros(10575, 512)}, "tells 10575 people apart, vggface2's checkpoint 8631"),
    ],
)
def test_refuses_another_network(change: State, message: str, state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = {name: value for name, value in (state | change).items() if value is not None}
    monkeypatch.setattr(torch, "load", lambda *_, **__: changed)

    with pytest.raises(DamagedWeights, match=message):
        load(Path("weights.pt"), "vggface2")


@pytest.mark.parametrize("content", [b"", b"<html>Please log in</html>", b"\x80\x02junk", pickle.dumps(["a list"])])
def test_refuses_what_is_no_checkpoint(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "weights.pt").write_bytes(content)

    with pytest.raises(DamagedWeights, match=r"is not a (torch )?checkpoint"):
        load(tmp_path / "weights.pt", "vggface2")


def test_refuses_a_checkpoint_cut_short(checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "weights.pt").write_bytes(checkpoint.read_bytes()[:-1_000_000])

    with pytest.raises(DamagedWeights, match="or a damaged one"):
        load(tmp_path / "weights.pt", "vggface2")


class Hostile:
    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (Path("was-run"),)


def test_runs_no_code_out_of_a_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save({"last_bn.bias": Hostile()}, tmp_path / "weights.pt")

    with pytest.raises(DamagedWeights):
        load(tmp_path / "weights.pt", "vggface2")
    assert not Path("was-run").exists()
