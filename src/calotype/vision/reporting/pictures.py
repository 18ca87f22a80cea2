"""Put pictures, films and other pages into a page itself, so that it is one file."""

from __future__ import annotations

from pathlib import Path

from calotype.errors import InputError
from calotype.vision.reporting.charts import data_uri
from calotype.vision.reporting.markup import Markup, tag, text

_QUALITY = 82


def embedded_picture(path: Path | None, description: str, max_side: int) -> Markup | None:
    """The picture as an `img` that holds its own pixels, None if it is absent or cannot be read."""
    from calotype.vision.images.decode import load_rgb
    from calotype.vision.images.encode import jpeg_bytes

    if path is None:
        return None
    try:
        rgb = load_rgb(path, max_side)
    except (InputError, OSError):
        return None
    return tag(
        "img",
        src=data_uri("image/jpeg", jpeg_bytes(rgb, _QUALITY)),
        alt=description,
        width=rgb.shape[1],
        height=rgb.shape[0],
        loading="lazy",
    )


def embedded_film(path: Path | None, max_bytes: int) -> Markup | None:
    """The MP4 film as a `video` that holds its own bytes, None if it is absent or larger than `max_bytes`."""
    if path is None or not path.is_file() or path.stat().st_size > max_bytes:
        return None
    source = data_uri("video/mp4", path.read_bytes())
    return tag(
        "video", src=source, controls=True, loop=True, muted=True, playsinline=True, preload="metadata"
    )


def embedded_page(page: str, description: str) -> Markup:
    """Another page as a frame; its scripts run, and reach nothing outside the frame."""
    source = page.replace("&", "&amp;").replace('"', "&quot;")
    # The browser may show it large, and nothing else: no origin of its own, no forms, no windows, no way up.
    rights = 'sandbox="allow-scripts" allow="fullscreen"'
    return Markup(f'<iframe {rights} loading="lazy" title="{text(description)}" srcdoc="{source}"></iframe>')
