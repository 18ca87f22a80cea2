"""A browser without a network or a screen, for tests of what pages show: Chromium, with the graphics done by the CPU."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
)


@dataclass
class OpenPage:
    """A page in the browser, what it complained about, and what it asked for."""

    page: Any
    """Playwright's."""
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings on its console, and exceptions that nobody caught."""
    requests: list[str] = field(default_factory=list)

    def run(self, function: str, argument: object = None) -> Any:
        """What a JavaScript function gives; promises are waited for."""
        return self.page.evaluate(function, argument)

    def picture(self) -> NDArray[np.uint8]:
        """The window as it is shown, [h, w, 3]."""
        from PIL import Image

        return np.asarray(Image.open(io.BytesIO(self.page.screenshot())).convert("RGB"))


class Chromium:
    """A started browser."""

    def __init__(self, playwright: Any, executable: str, *flags: str) -> None:
        self._browser = playwright.chromium.launch(
            executable_path=executable, args=[*_FLAGS, *flags], chromium_sandbox=False
        )

    @contextmanager
    def open(
        self, path: Path, width: int = 400, height: int = 300, *, touch: bool = False
    ) -> Iterator[OpenPage]:
        """A page of a file, in a window of its own without a network."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height}, offline=True, has_touch=touch
        )
        opened = OpenPage(context.new_page())
        opened.page.on("console", lambda message: opened.complaints.append(f"{message.type}: {message.text}"))
        opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        opened.page.on("request", lambda request: opened.requests.append(request.url))
        try:
            opened.page.goto(path.resolve().as_uri())
            yield opened
        finally:
            context.close()

    def close(self) -> None:
        self._browser.close()


@pytest.fixture(scope="module")
def playwright() -> Iterator[tuple[Any, str]]:
    """Playwright and the path of Chromium. Ended with the module: while it runs, this thread has an event loop."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        words = f"none of {', '.join(_NAMES)} is installed: apt-get install chromium"
        if os.environ.get("BROWSER_TESTS") == "required":
            pytest.fail(words)
        pytest.skip(words)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started, found


@pytest.fixture(scope="module")
def chromium(playwright: tuple[Any, str]) -> Iterator[Chromium]:
    """The browser."""
    browser = Chromium(*playwright)
    yield browser
    browser.close()
