"""What tests in every room share: public-domain photos out of installed packages, and the real networks."""

from __future__ import annotations

import os
import signal

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from PIL import Image

from lookalike.faces.embedder import Embedder
from lookalike.finder import Finder
from lookalike.settings import Settings
from tests.aws import aws, aws_server  # noqa: F401 - fixtures
from tests.support import encoded, write_gallery

# Started in the background, this process ignores Ctrl+C, and so would every command that a test interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


# Tests are never timed: a busy machine is no fault of the code.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session")
def astronaut() -> Image.Image:
    """Eileen Collins, 512×512 (scikit-image; NASA, public domain)."""
    import skimage.data

    return Image.fromarray(skimage.data.astronaut())


@pytest.fixture(scope="session")
def hopper() -> Image.Image:
    """Grace Hopper, 512×600 (Matplotlib; US Navy, public domain)."""
    from matplotlib import cbook

    with Image.open(str(cbook.get_sample_data("grace_hopper.jpg", asfileobj=False))) as image:
        return image.convert("RGB")


@pytest.fixture(scope="session")
def demo_photos() -> list[Path]:
    """The photos of the demo's 75 people in their order, as the gallery was made of: drawing one takes a third of a second."""
    from export.demo.gallery import drawn_photos
    from export.gallery.table import read_table

    return [photo.path for photo in read_table(drawn_photos()).photos]


@pytest.fixture(scope="session")
def read_portrait(demo_photos: list[Path]) -> Callable[[Any], Image.Image]:
    """In place of `draw_portrait`: a drawn person's portrait out of the demo's photos."""
    photos = {path.stem: path for path in demo_photos}

    def read(person: Any) -> Image.Image:
        with Image.open(photos[person.id]) as photo:
            return photo.convert("RGB")

    return read


@pytest.fixture(scope="session")
def scene(astronaut: Image.Image, hopper: Image.Image) -> Image.Image:
    """Four faces on one canvas, 1000×640: two of each person, one of each small or tilted."""
    canvas = Image.new("RGB", (1000, 640), (96, 112, 128))
    canvas.paste(astronaut.resize((420, 420)), (0, 20))
    canvas.paste(hopper.resize((410, 480)), (430, 10))
    canvas.paste(astronaut.rotate(12, fillcolor=(96, 112, 128)).resize((180, 180)), (20, 450))
    canvas.paste(hopper.resize((128, 150)), (860, 480))
    return canvas


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory, astronaut: Image.Image, hopper: Image.Image) -> Settings:
    """The exported networks, and a gallery of just the two people."""
    directory = tmp_path_factory.mktemp("gallery")
    bare = Finder.open(Settings(), with_gallery=False)
    photos = {"Eileen Collins": [encoded(astronaut)], "Grace Hopper": [encoded(hopper)]}
    write_gallery(directory, bare, photos)
    return Settings(gallery=directory)


@pytest.fixture(scope="session")
def finder(settings: Settings) -> Finder:
    return Finder.open(settings)


@pytest.fixture(scope="session")
def embedder(finder: Finder) -> Embedder:
    return finder.embedder


@pytest.fixture
def photo_file(tmp_path: Path, astronaut: Image.Image) -> Path:
    path = tmp_path / "astronaut.jpg"
    path.write_bytes(encoded(astronaut))
    return path


@pytest.fixture(scope="session")
def faces_read(read_portrait: Callable[[Any], Image.Image]) -> Iterator[None]:
    """The drawn faces by which networks are verified are read: drawing them takes each process seconds."""
    from export.networks import pictures
    from export.networks.onnx_file import trial

    with pytest.MonkeyPatch.context() as patch:
        for module in (pictures, trial):
            patch.setattr(module, "draw_portrait", read_portrait)
        yield


@pytest.fixture(scope="session")
def seeded_network(faces_read: None) -> Callable[..., Any]:
    """A maker of facenet-pytorch networks with random weights, with the statistics of real faces or with none."""
    import torch

    from export.networks import pictures
    from export.networks.embedders import RECOGNISERS
    from export.networks.facenet import facenet_pytorch

    torch.set_num_threads(1)  # several test processes share the machine

    def make(seed: int = 7, calibrated: bool = True, classes: int = 8631) -> Any:
        torch.manual_seed(seed)
        network = facenet_pytorch().InceptionResnetV1()
        network.logits = torch.nn.Linear(512, classes)
        if calibrated:  # what batch norms learn in training: without it, all faces get the same embedding
            for module in network.modules():
                if isinstance(module, torch.nn.BatchNorm1d | torch.nn.BatchNorm2d):
                    module.momentum = None
            faces = RECOGNISERS["vggface2"].recipe.normalised(pictures.faces(160))
            with torch.no_grad():
                network.train()(torch.from_numpy(faces))
        return network.eval()

    return make
