"""MiniStack, an AWS in one process, started on a free port of this machine; nothing outside it is reached.

python -m infra.rehearsal.emulator      # only install it, into .tools/
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from infra.events import Answer
from infra.lambda_python import PYTHON_VERSION, environment

PACKAGE = "ministack[full]==1.5.33"
REGION = "us-east-1"
_ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 60.0


class NoEmulator(Exception):
    """The emulator cannot run here; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running one: its port, its certificate, its log, and the variables by which Amazon's tools find it."""

    port: int
    certificate: Path
    log: Path
    variables: dict[str, str]

    def fetch(
        self, address: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """An HTTPS request to a name that only exists in the emulator: a distribution, an API, a bucket."""
        url = urlsplit(address)
        trust = ssl.create_default_context(cafile=str(self.certificate))
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=60, context=trust)
        target = (url.path or "/") + (f"?{url.query}" if url.query else "")
        connection.request(method, target, body or None, {"Host": url.netloc, **(headers or {})})
        response = connection.getresponse()
        try:
            return Answer(
                response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
            )
        finally:
            connection.close()

    def ignored(self) -> dict[str, set[str]]:
        """By kind of resource, the properties of those made so far that nothing in the emulator read."""
        found: dict[str, set[str]] = {}
        path = self.log.with_name("ignored")
        for line in path.read_text().splitlines() if path.is_file() else ():
            kind, properties = json.loads(line)
            found.setdefault(kind, set()).update(properties)
        return found

    def api(self, output: str) -> str:
        """The address of an API, by the output ApiUrl, under which the emulator answers."""
        return output.replace(f"execute-api.{REGION}.amazonaws.com", f"execute-api.localhost:{self.port}")


@contextmanager
def emulator(**extra: str) -> Iterator[Emulator]:
    """An empty account in its own process, with `extra` variables for MiniStack. Raises NoEmulator."""
    python = installed()
    with TemporaryDirectory(prefix="lookalike-aws-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        log = Path(folder) / "log"
        variables = {
            "PATH": os.environ["PATH"],
            "HOME": folder,
            "PYTHONPATH": str(_ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "REHEARSAL_IGNORED": str(Path(folder) / "ignored"),
            "TMPDIR": folder,
            "GATEWAY_PORT": str(port),
            "BIND_HOST": "127.0.0.1",
            "USE_SSL": "1",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LAMBDA_ACCOUNT_CONCURRENCY": "1000",
        }
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603
                [python, "-m", "infra.rehearsal.bridges"],
                env=variables | _CREDENTIALS | extra,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _wait(port, process, log)
            certificate = Path(folder) / "ministack-tls" / "server.crt"
            yield Emulator(port, certificate, log, _clients(port, certificate))
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # its workers, too; there is nothing to save
            process.wait()


def installed() -> Path:
    """The Python that has MiniStack; its workers use their own interpreter, so it is that of Lambda. Raises NoEmulator."""
    if shutil.which("openssl") is None:
        raise NoEmulator("openssl, with which MiniStack makes its certificate, is missing.")
    python = environment("ministack", PACKAGE)
    if python is None:
        raise NoEmulator(
            f"Python {PYTHON_VERSION}, which Lambda runs, is not on this machine: MiniStack needs the same one."
        )
    return python


_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


def _clients(port: int, certificate: Path) -> dict[str, str]:
    return _CREDENTIALS | {
        "AWS_ENDPOINT_URL": f"https://localhost:{port}",
        "AWS_CA_BUNDLE": str(certificate),
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "0.3",
    }


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise NoEmulator(f"MiniStack did not start:\n{log.read_text(errors='replace')[-2000:]}")


if __name__ == "__main__":
    try:
        print(f"MiniStack is in {installed().parents[1]}")
    except NoEmulator as error:
        print(f"The rehearsal cannot run here: {error}", file=sys.stderr)
