"""`make restore`: a lost gallery back from what is deployed: the function's layer, and the portraits that the page shows."""

from __future__ import annotations

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from infra import packages
from infra.amazon import outputs
from infra.bucket import AT_ONCE, Bucket
from infra.gallery_layer import FOLDER, people_in
from infra.publish import PORTRAIT_KEYS
from infra.sam import DeployError


def restore(stack: str, folder: Path) -> str:
    """Make `folder`, which must not be there, hold the deployed gallery. Raises DeployError or AmazonError."""
    if folder.exists():
        raise DeployError(f"{folder} is there. Move it away first: nothing is overwritten.")
    places = outputs(stack)
    layer = packages.layer(stack)
    if layer is None or "VectorIndex" in places:
        raise DeployError("The function does not hold the gallery's faces; build it again from the photos.")
    with TemporaryDirectory(dir=folder.parent, prefix=".restored-") as temporary:
        with zipfile.ZipFile(io.BytesIO(layer)) as archive:
            archive.extractall(temporary)
        found = Path(temporary) / FOLDER
        people = people_in(found)
        if "SiteBucket" in places:
            _fetch_portraits(Bucket(places["SiteBucket"]), set().union(*people.values()), found / "portraits")
        found.rename(folder)
    return f"{len(people)} people are in {folder} again."


def _fetch_portraits(bucket: Bucket, names: set[str], folder: Path) -> None:
    """Those that the layer had no room for."""
    folder.mkdir(exist_ok=True)
    there = {key.removeprefix(PORTRAIT_KEYS) for key in bucket.list() if key.startswith(PORTRAIT_KEYS)}

    def fetch(name: str) -> None:
        (folder / name).write_bytes(bucket.read(PORTRAIT_KEYS + name))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(fetch, [name for name in names & there if not (folder / name).is_file()]))
