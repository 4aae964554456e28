"""The real page in real browsers, against the real local server with the real networks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect, sync_playwright

from export.networks.export import export_networks
from infra.browser import find_browser
from lookalike.finder import Finder
from lookalike.settings import Settings
from tests.frontend.visitor import KEEP_FORMS, Faults, Visitor
from tests.support import encoded, write_gallery

QUIET = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"]
QUIET += ["disable-component-update", "disable-sync"]
# Chromium draws its address bar as a page of its own for every profile, which nobody sees: a second of the processor.
UNSEEN = ["AimEnabled", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup"]
# Playwright's own: of two lists Chromium takes the last.
UNSEEN += ["AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"]
UNSEEN += ["HttpsFirstBalancedModeAutoEnable", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints"]
UNSEEN += ["AvoidCorsURLLoaderRestartOnRedirect", "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning"]
QUIET += [f"disable-features={','.join(UNSEEN)}"]
DEVICES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "small": {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True},
    "desktop": {"viewport": {"width": 1280, "height": 860}},
}
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
# Small enough that a noisy photo is over it, large enough for all others.
UPLOAD_LIMIT = 700_000
# On a busy machine with two cores; what holds is seen at once all the same.
PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def demo_server() -> Iterator[str]:
    """The address of the demo: 75 drawn people, nobody of whom looks like a photo."""
    with _serving({}) as address:
        yield address


@pytest.fixture(scope="session")
def known_server(settings: Settings) -> Iterator[str]:
    """The address of a gallery that holds the two people of the test photos, and of an API open to all pages."""
    environment = {"LOOKALIKE_GALLERY": str(settings.gallery), "LOOKALIKE_MAX_UPLOAD_BYTES": str(UPLOAD_LIMIT)}
    with _serving(environment | {"LOOKALIKE_ALLOWED_ORIGINS": "*"}) as address:
        yield address


@pytest.fixture(scope="session")
def private_server(settings: Settings) -> Iterator[str]:
    """The same gallery, which stays with the server: devices find and measure faces, and ask who is nearest."""
    with _serving({"LOOKALIKE_GALLERY": str(settings.gallery)}, "--on-device", "embed") as address:
        yield address


@pytest.fixture(scope="session")
def facenet_settings(
    seeded_network: Callable[..., Any],
    tmp_path_factory: pytest.TempPathFactory,
    astronaut: Image.Image,
    hopper: Image.Image,
) -> Settings:
    """InceptionResnetV1 as its users have it, but for random weights, and a gallery of the two people."""
    import torch

    directory = tmp_path_factory.mktemp("facenet")
    torch.save(seeded_network().state_dict(), directory / "weights.pt")
    export_networks("vggface2", directory / "models", weights=directory / "weights.pt", say=lambda line: None)
    settings = Settings(models=directory / "models", gallery=directory / "gallery")
    photos = {"Eileen Collins": [encoded(astronaut)], "Grace Hopper": [encoded(hopper)]}
    write_gallery(settings.gallery, Finder.open(settings, with_gallery=False), photos)
    return settings


@pytest.fixture(scope="session")
def facenet_server(facenet_settings: Settings) -> Iterator[str]:
    """The address of that network and gallery."""
    with _serving(
        {"LOOKALIKE_MODELS": str(facenet_settings.models), "LOOKALIKE_GALLERY": str(facenet_settings.gallery)}
    ) as address:
        yield address


@contextmanager
def _serving(environment: dict[str, str], *options: str) -> Iterator[str]:
    command = [sys.executable, "-m", "cli.main", "serve", "--port", "0", *options]
    own = {name: value for name, value in os.environ.items() if not name.startswith("LOOKALIKE_")}
    variables = own | {"PYTHONUNBUFFERED": "1", "LOOKALIKE_LOG_LEVEL": "ERROR"} | environment
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=variables) as process:
        try:
            assert process.stdout
            words = next((line.split() for line in process.stdout if " is at " in line), None)
            assert words, "the server did not start"
            yield words[words.index("at") + 1]
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory, astronaut: Image.Image) -> Iterator[Browser]:
    """Chromium, whose camera sees Eileen Collins. Without one, test_tools.py fails, and it alone."""
    video = tmp_path_factory.mktemp("camera") / "astronaut.mjpeg"
    scene = Image.new("RGB", (640, 480))
    scene.paste(astronaut.resize((480, 480)), (80, 0))
    video.write_bytes(encoded(scene, quality=95) * 2)
    camera = ["use-fake-device-for-media-stream", f"use-file-for-fake-video-capture={video}"]
    camera += ["use-fake-ui-for-media-stream"]  # a browser without windows has nowhere to ask, and refuses
    with sync_playwright() as playwright:
        if not (found := find_browser(playwright)):
            pytest.skip("there is no browser")
        flags = [f"--{flag}" for flag in QUIET + camera]
        chromium = playwright.chromium.launch(executable_path=found, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, demo_server: str) -> Iterator[Visit]:
    """Opens the page as on a first visit: `visit("phone", "ko-KR", "dark")`.

    At the end nothing may have gone wrong that the test did not expect: errors on the console (violations of the
    Content-Security-Policy are among them), uncaught errors, requests to other hosts.
    """
    profiles, faults = [], Faults()

    def open_page(device: str = "phone", locale: str = "en-US", theme: str = "light", **options: Any) -> Visitor:
        address = options.pop("address", demo_server)
        path = options.pop("path", "")
        scripts = [KEEP_FORMS, *options.pop("scripts", ())]
        # Nobody waits for the reveal but those who look at it.
        wanted = {"locale": locale, "color_scheme": theme, "reduced_motion": "reduce"} | DEVICES[device] | options
        profiles.append(profile := browser.new_context(**wanted))
        page = profile.new_page()
        for script in scripts:
            page.add_init_script(script)
        page.set_default_timeout(PATIENCE_MS)
        faults.watch(page, address)
        page.goto(address + path)
        expect(page.locator("#gallery")).not_to_be_empty()
        return Visitor(page, faults, address)

    yield open_page
    for profile in profiles:
        profile.close()
    assert faults.unexpected() == []


@pytest.fixture
def photo(tmp_path: Path, astronaut: Image.Image) -> bytes:
    """Eileen Collins as a JPEG file."""
    return encoded(astronaut, quality=95)
