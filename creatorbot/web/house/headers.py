"""What every answer says to the browser about what it may load, frame and tell others."""

from flask import Flask, Response

from creatorbot.runtime import Runtime
from creatorbot.web import here


def policy(form_action: str = "'self'") -> str:
    """The content security policy. form_action: where forms may lead, redirects included (Chromium checks those too)."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        f"form-action {form_action}; frame-ancestors 'none'; base-uri 'none'"
    )


def install(app: Flask) -> None:
    """Set them where a view has not set its own."""
    runtime: Runtime = app.extensions["creatorbot"]

    @app.after_request
    def secure(response: Response) -> Response:
        kept = response.headers
        kept.setdefault("Content-Security-Policy", policy())
        kept.setdefault("X-Content-Type-Options", "nosniff")
        kept.setdefault("Referrer-Policy", "strict-origin-when-cross-origin" if here.is_public() else "same-origin")
        kept.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()")
        kept.setdefault("X-Frame-Options", "DENY")
        if runtime.settings.behind_https:
            kept.setdefault("Strict-Transport-Security", "max-age=31536000")
        if not here.is_public():
            kept.setdefault("Cache-Control", "no-store")
            kept.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response
