"""Firefox and WebKitGTK (Safari's engine) where they are installed, each driven in its own protocol: open, and run scripts."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

MINI_BROWSER = "webkit2gtk-4.1/MiniBrowser"
_SECONDS = 60
_QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class Driver(Protocol):
    def open(self, address: str) -> None: ...

    def run(self, script: str, *values: Any) -> Any: ...


class Marionette:
    """Firefox's own: messages of JSON, each after its length and a colon (firefox-source-docs, testing/marionette)."""

    def __init__(self, port: int) -> None:
        self._socket = _connected(port)
        self._rest = b""
        self._count = 0
        self._hear()
        self._ask("WebDriver:NewSession")

    def open(self, address: str) -> None:
        self._ask("WebDriver:Navigate", url=address)

    def run(self, script: str, *values: Any) -> Any:
        return self._ask("WebDriver:ExecuteScript", script=script, args=list(values))["value"]

    def close(self) -> None:
        self._socket.close()

    def _ask(self, command: str, **parameters: Any) -> Any:
        self._count += 1
        message = json.dumps([0, self._count, command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, answer = self._hear()
        assert error is None, error
        return answer

    def _hear(self) -> Any:
        while b":" not in self._rest:
            self._rest += self._socket.recv(65_536)
        length, _, message = self._rest.partition(b":")
        while len(message) < int(length):
            message += self._socket.recv(65_536)
        self._rest = message[int(length) :]
        return json.loads(message[: int(length)])


class WebDriver:
    """The W3C's, as WebKitWebDriver speaks it."""

    def __init__(self, port: int, browser: Path) -> None:
        _connected(port).close()
        self._address = f"http://127.0.0.1:{port}/session"
        options = {"binary": str(browser), "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self._address += "/" + self._ask("", wanted)["sessionId"]

    def open(self, address: str) -> None:
        self._ask("/url", {"url": address})

    def run(self, script: str, *values: Any) -> Any:
        return self._ask("/execute/sync", {"script": script, "args": list(values)})

    def _ask(self, path: str, body: Any) -> Any:
        request = urllib.request.Request(self._address + path, json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            return json.loads(answer.read())["value"]


@contextmanager
def firefox(home: Path) -> Iterator[Driver | None]:
    """None where it is not installed."""
    found = shutil.which("firefox-esr") or shutil.which("firefox")
    if found is None:
        yield None
        return
    port = _free_port()
    (home / "user.js").write_text(f'user_pref("marionette.port", {port});')
    command = [found, "-headless", "-marionette", "-no-remote", "-profile", str(home)]
    with _running(command, os.environ | {"HOME": str(home)}):
        driver = Marionette(port)
        yield driver
        driver.close()


@contextmanager
def webkit(home: Path) -> Iterator[Driver | None]:
    """None where it, its driver, or a screen made of memory is not installed."""
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("xvfb-run")
    browser = next(Path("/usr/lib").glob(f"*/{MINI_BROWSER}"), None)
    if driver is None or screen is None or browser is None:
        yield None
        return
    port = _free_port()
    # In a container it cannot build a sandbox of its own, and there is no graphics card.
    without = {"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1", "LIBGL_ALWAYS_SOFTWARE": "1"}
    environment = os.environ | without | {"HOME": str(home), "GDK_BACKEND": "x11"}
    with _running([screen, "-a", driver, f"--port={port}"], environment):
        yield WebDriver(port, browser)


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    with subprocess.Popen(command, env=environment, start_new_session=True, **_QUIET) as process:  # type: ignore[call-overload]
        try:
            yield
        finally:
            os.killpg(process.pid, 15)


def _connected(port: int) -> socket.socket:
    """To a process that has just been started."""
    end = time.monotonic() + _SECONDS
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=_SECONDS)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
