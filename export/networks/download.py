"""A large file over HTTP: resumed where it broke off, checked, and put in place only when whole.

On requests, not pooch or torch.hub: neither goes on where a download broke off, and torch.hub waits for a connection
without end.
"""

import os
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from export.errors import ExportError, WeightsUnreachable
from export.files import exclusive, write_atomically

_TIMEOUT = (5.0, 30.0)  # seconds to connect, and between two pieces
_PIECE = 1 << 16  # what is lost at most when the connection breaks


def download(url: str, destination: Path, check: Callable[[Path], None]) -> None:
    """Fetch `url` into `destination`, with a progress bar on standard error.

    What has arrived is kept as `<destination>.partial` and continued the next time, if the server can and still has the
    same file. `check` sees the whole file before it gets its name; when it raises, the file is thrown away. Raises
    WeightsUnreachable for whatever the network does.
    """
    partial = destination.with_name(f"{destination.name}.partial")
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        with exclusive(destination.parent):
            if destination.exists():  # another process fetched it while this one waited
                return
            _transfer(url, partial)
            try:
                check(partial)
            except ExportError:
                _discard(partial)
                raise
            partial.replace(destination)
            _discard(partial)
    except OSError as error:  # what requests raises is an OSError, too
        raise WeightsUnreachable(f"{url} could not be fetched ({_reason(error)}).") from error


def _transfer(url: str, partial: Path) -> None:
    import requests

    start = partial.stat().st_size if partial.exists() else 0
    with requests.get(url, headers=_resuming(partial, start), stream=True, timeout=_TIMEOUT) as response:
        if response.status_code == requests.codes.requested_range_not_satisfiable:
            _discard(partial)
            raise requests.RequestException("the part fetched before no longer fits; run this again to start over")
        response.raise_for_status()
        if response.status_code == requests.codes.partial_content:
            _expect_rest(response.headers.get("Content-Range", ""), start)
        else:
            start = 0
            _discard(partial)
            _remember(partial, response.headers.get("ETag", ""))
        length = response.headers.get("Content-Length")
        total = start + int(length) if length else None
        with partial.open("r+b" if start else "wb") as file, _progress() as progress:
            file.seek(start)
            task = progress.add_task(f"Downloading {Path(url).name}", total=total, completed=start)
            for piece in response.iter_content(_PIECE):
                file.write(piece)
                progress.advance(task, len(piece))
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
    if total is not None and size != total:
        raise requests.ConnectionError(
            f"the connection ended after {size:,} of {total:,} bytes; run this again to go on"
        )


def _resuming(partial: Path, start: int) -> dict[str, str]:
    """Headers that ask for the rest, if the file behind the address is still the one begun with; else for all of it."""
    plain = {"Accept-Encoding": "identity"}  # sizes and ranges then count the file's own bytes
    tag = _tag_file(partial)
    if not start or not tag.exists():
        return plain
    return plain | {"Range": f"bytes={start}-", "If-Range": tag.read_text()}


def _expect_rest(content_range: str, start: int) -> None:
    import requests

    if not content_range.startswith(f"bytes {start}-"):
        raise requests.RequestException(f"asked for the bytes from {start:,} on, the server sent {content_range!r}")


def _remember(partial: Path, tag: str) -> None:
    if tag and not tag.startswith("W/"):  # a weak tag does not promise the same bytes
        write_atomically(_tag_file(partial), tag.encode())


def _tag_file(partial: Path) -> Path:
    return partial.with_name(f"{partial.name}.etag")


def _discard(partial: Path) -> None:
    partial.unlink(missing_ok=True)
    _tag_file(partial).unlink(missing_ok=True)


def _progress() -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True))


def _reason(error: OSError) -> str:
    """The innermost cause in a few words: requests wraps "no such host" in three layers of its own."""
    from requests import exceptions

    match error:
        case exceptions.HTTPError(response=response) if response is not None:
            return f"the server answered {response.status_code} {response.reason}"
        case exceptions.ConnectTimeout():
            return f"no connection within {_TIMEOUT[0]:.0f} seconds"
        case exceptions.ReadTimeout():
            return f"nothing came for {_TIMEOUT[1]:.0f} seconds"
        case exceptions.ProxyError():
            return "the proxy could not be reached"
        case exceptions.SSLError():
            return "the server's certificate was not accepted"
        case exceptions.ConnectionError() if "NameResolution" in str(error):
            return "the host's name could not be resolved"
        case _:
            return str(error)
