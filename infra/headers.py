"""Security headers of the page: the local server sends them, and by a test CloudFront does too."""

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
# Where the page answers on the device, it compiles ONNX Runtime; this allows WebAssembly, and no code from text.
WITH_WASM = CONTENT_SECURITY_POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
SECURITY = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
}


def page_headers(with_wasm: bool) -> dict[str, str]:
    """Of the local server: files keep their names in a check-out, so a browser asks each time whether they changed."""
    policy = WITH_WASM if with_wasm else CONTENT_SECURITY_POLICY
    return SECURITY | {"content-security-policy": policy, "cache-control": "no-cache"}
