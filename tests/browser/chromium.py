"""The browser of this machine."""

import shutil

__all__ = ["BROWSERS", "MISSING", "browser_path"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
"""Names of the browser on the path."""

MISSING = f"no browser is installed: none of {', '.join(BROWSERS)} is on the path"
"""Why nothing can be tried."""


def browser_path() -> str | None:
    """Return the path of the browser, None if there is none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)
