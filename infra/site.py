"""`make site`: page, networks and gallery as one folder for any static host, without a function.

python -m infra.site build/site
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from infra.bucket import File
from infra.device_files import unpacked
from infra.headers import WITH_WASM
from infra.on_device import kit
from infra.publish import FRONTEND, PORTRAIT_KEYS
from infra.site_files import PAGE, PublishError, release
from lookalike.api.application import create_app
from lookalike.errors import SetupError
from lookalike.finder import Finder
from lookalike.settings import Settings

# Such a host sends no headers of ours, and a policy in the page may not speak of frames.
_POLICY = WITH_WASM.replace("; frame-ancestors 'none'", "")


def make_site(folder: Path, settings: Settings, frontend: Path = FRONTEND) -> int:
    """Write the folder anew; how many bytes it has. Raises PublishError or SetupError.

    It takes the place of the one before when it is whole: a command that is killed leaves that one, or none.
    """
    if folder.exists() and not (folder / PAGE).is_file() and any(folder.iterdir()):
        raise PublishError(f"{folder} holds something else than a site: name another folder, or remove it.")
    page = release(frontend)
    page[PAGE] = _with_policy(page[PAGE])
    files = unpacked(page, kit(settings, "all"))
    half = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(half, ignore_errors=True)
    for name, file in files.items():
        _write(half / name, file.read())
    # What the page asks of an API in any case: everybody, and their portraits.
    _write(half / "api" / "people", create_app(Finder.open(settings), settings).state.service.people)
    shutil.copytree(settings.gallery / "portraits", half / PORTRAIT_KEYS)
    shutil.rmtree(folder, ignore_errors=True)
    half.rename(folder)
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _with_policy(page: File) -> File:
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    content = page.read().replace(b'<meta charset="utf-8">', b'<meta charset="utf-8">' + policy.encode())
    return File(lambda: content, page.content_type, page.cache_control, len(content))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.site", description="Everything as one folder.")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder.resolve()
    try:
        size = make_site(folder, Settings.from_environment())
    except (PublishError, SetupError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"{folder} holds everything, {size / 1e6:.0f} MB. The names, portraits and embeddings of the gallery are in it:"
    )
    print("whoever can open the page can read them, and embeddings can be turned back into faces.")
    print(f"Try it: {Path(sys.executable).name} -m http.server --directory {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
