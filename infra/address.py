"""The address that a phone opens: this machine's own on its network, and as a QR code."""

from __future__ import annotations

import io
import socket

# Nobody's (RFC 5737, RFC 3849). Nothing is sent: only the way there is looked up.
_FAR_AWAY = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}


def own_address(host: str) -> str | None:
    """Where others reach a server that listens on `host`, if that means all of this machine's addresses."""
    family = {"0.0.0.0": socket.AF_INET, "::": socket.AF_INET6}.get(host)  # noqa: S104
    if family is None:
        return None
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((_FAR_AWAY[family], 9))
            return str(probe.getsockname()[0])
    except OSError:  # no network
        return None


def page_address(host: str, port: int) -> str:
    """With brackets round what has colons."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def qr_code(address: str) -> str:
    """The address for a phone's camera, drawn with block characters."""
    import segno

    drawing = io.StringIO()
    segno.make(address, micro=False).terminal(drawing, compact=True)
    return drawing.getvalue()
