"""What every answer carries: where scripts and styles may come from, and that pages are not to be kept."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

POLICY = "; ".join(
    [
        "default-src 'none'",
        "object-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # the code of a second factor is drawn into its page
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
        "worker-src 'self'",
    ]
)
"""No inline script or style anywhere, nothing from elsewhere."""
NOT_USED = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class Headers:
    """Sets them on every answer but static files, which whitenoise serves before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """As Django makes its middleware."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer with the headers."""
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", NOT_USED)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        response.headers["Cache-Control"] = "no-store"
        if request.method == "POST" and request.path == reverse("account_logout"):
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
