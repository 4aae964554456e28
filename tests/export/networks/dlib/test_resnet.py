from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from export.errors import DamagedWeights, VerificationFailed
from export.networks import embedders, pictures
from export.networks.dlib import descriptors as dlib_verification
from export.networks.dlib import graph as dlib_onnx
from export.networks.dlib import resnet as dlib_resnet
from export.networks.dlib.serialization import Reader
from export.networks.fp16 import stored_in_fp16
from export.networks.verify import verify
from export.networks.weights import Weights
from lookalike.faces.sessions import open_session

PREPARED = embedders.RECOGNISERS["dlib"].recipe


@pytest.fixture(scope="module")
def data(dlib_weights: Path) -> bytes:
    return dlib_weights.read_bytes()


@pytest.fixture(scope="module")
def network(data: bytes) -> dlib_resnet.Network:
    return dlib_resnet.parse(data)


@pytest.fixture(scope="module")
def graph(network: dlib_resnet.Network) -> onnx.ModelProto:
    return dlib_onnx.to_onnx(network)


def embed(model: bytes, faces: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(open_session(model).run(["embedding"], {"face": faces})[0])


def distances(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(np.linalg.norm(a - b, axis=1))


def test_equals_real_dlib(graph: onnx.ModelProto) -> None:
    chips, descriptors = dlib_verification.goldens()

    found = embed(graph.SerializeToString(), PREPARED.normalised(chips))

    assert len(chips) == 4
    assert np.abs(found - descriptors).max() < 5e-6


def test_goldens_tell_rgb_from_bgr(graph: onnx.ModelProto) -> None:
    chips, descriptors = dlib_verification.goldens()

    found = embed(graph.SerializeToString(), PREPARED.normalised(chips[..., ::-1]))

    assert distances(found, descriptors)[3] > 0.1


def test_forward_pass_equals_real_dlib(network: dlib_resnet.Network) -> None:
    chips, descriptors = dlib_verification.goldens()

    assert np.abs(dlib_verification.forward(network, PREPARED.normalised(chips)) - descriptors).max() < 5e-6


def test_half_stored_weights_barely_move_an_embedding(graph: onnx.ModelProto) -> None:
    faces = PREPARED.normalised(pictures.faces(dlib_resnet.SIZE))
    half = stored_in_fp16(graph)

    whole, halved = graph.SerializeToString(), half.SerializeToString()

    assert len(halved) < 0.51 * len(whole)
    assert 0 < distances(embed(whole, faces), embed(halved, faces)).max() < 1e-3


def test_takes_any_number_of_faces(graph: onnx.ModelProto) -> None:
    faces = PREPARED.normalised(pictures.faces(dlib_resnet.SIZE))

    together = embed(graph.SerializeToString(), faces)

    assert together.shape == (len(faces), 128)
    assert np.abs(embed(graph.SerializeToString(), faces[2:3]) - together[2]).max() < 1e-5


def test_verification_notices_one_wrong_layer(
    network: dlib_resnet.Network, dlib_weights: Path, graph: onnx.ModelProto
) -> None:
    source = embedders.load("dlib", Weights(dlib_weights, "", ""))
    block = network.blocks[5]
    wrong = replace(block, second=replace(block.second, gamma=block.second.gamma * np.float32(1.05)))
    changed = replace(network, blocks=(*network.blocks[:5], wrong, *network.blocks[6:]))

    assert verify("dlib", graph.SerializeToString(), source)["largest_difference"] < 5e-6
    with pytest.raises(VerificationFailed, match="does not equal dlib's own descriptors"):
        verify("dlib", dlib_onnx.to_onnx(changed).SerializeToString(), source)


@pytest.mark.parametrize("length", [0, 1, 17, 18, 300, 400, 20_000, 11_000_000, 22_466_065])
def test_refuses_a_file_that_ends_too_early(data: bytes, length: int) -> None:
    with pytest.raises(DamagedWeights, match="the file ends too early before byte"):
        dlib_resnet.parse(data[:length])


def test_refuses_a_file_that_goes_on(data: bytes) -> None:
    with pytest.raises(DamagedWeights, match="1 more bytes where the file should end before byte 22466066"):
        dlib_resnet.parse(data + b"\0")


def test_refuses_a_weight_that_is_not_a_number(data: bytes) -> None:
    at = 0x160  # the first filter's first weight
    with pytest.raises(DamagedWeights, match="a weight that is not finite"):
        dlib_resnet.parse(data[:at] + np.float32(np.nan).tobytes() + data[at + 4 :])


@settings(deadline=2000, max_examples=150)
@given(at=st.one_of(st.integers(0, 0x160), st.integers(0, 22_466_065)), junk=st.binary(min_size=1, max_size=12))
def test_any_damage_is_an_error_or_only_other_numbers(data: bytes, at: int, junk: bytes) -> None:
    damaged = data[:at] + junk + data[at + len(junk) :]
    try:
        network = dlib_resnet.parse(damaged)
    except DamagedWeights as error:
        assert str(error).startswith("Not the dlib network expected: ")
    else:
        assert len(network.blocks) == 14
        assert network.projection.shape == (256, 128)


@settings(deadline=2000, max_examples=150)
@given(head=st.integers(0, 0x160), junk=st.binary(max_size=400))
def test_no_junk_makes_it_hang_or_crash(data: bytes, head: int, junk: bytes) -> None:
    with pytest.raises(DamagedWeights):
        dlib_resnet.parse(data[:head] + junk)


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        (b"\x01\x07", 7),
        (b"\x81\x07", -7),
        (b"\x02\x80\x12", 4736),
        (b"\x08\xff\xff\xff\xff\xff\xff\xff\x7f", 2**63 - 1),
    ],
)
def test_reads_integers(stored: bytes, value: int) -> None:
    assert Reader(stored).integer() == value


@pytest.mark.parametrize("control", [0x00, 0x09, 0x0F, 0x11, 0x41, 0x80])
def test_refuses_impossible_integers(control: int) -> None:
    with pytest.raises(DamagedWeights, match="the control byte"):
        Reader(bytes([control]) + bytes(16)).integer()


def test_reads_floats() -> None:
    assert Reader(b"\x03\x0a\xd7\xa3\x81\x1c").floating() == pytest.approx(0.04)
    assert Reader(b"\x01\x03\x01\x01").floating() == 6.0


@pytest.mark.parametrize(
    "exponent", [b"\x02\x00\x7d", b"\x08" + b"\xff" * 7 + b"\x7f", b"\x82\x00\x7d", b"\x02\xd0\x07"]
)
def test_refuses_floats_that_are_no_numbers(exponent: bytes) -> None:
    with pytest.raises(DamagedWeights, match=r"the exponent|a number too large"):
        Reader(b"\x08" + b"\xff" * 7 + b"\x7f" + exponent).floating()


@pytest.mark.parametrize("size", [b"\x08" + b"\xff" * 7 + b"\x7f", b"\x04\x00\x00\x00\x40", b"\x81\x01"])
def test_a_tensor_s_size_is_never_taken_from_the_file(size: bytes) -> None:
    with pytest.raises(DamagedWeights, match="where 4 belongs"):
        Reader(b"\x01\x02" + size + b"\x01\x01" * 3).tensor(4, 1, 1, 1)
