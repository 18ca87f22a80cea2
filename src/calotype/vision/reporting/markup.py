"""Build HTML and SVG in which every text is escaped, because nothing unescaped can be put in."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable

# Shown as a replacement mark: control characters, and those that reorder or hide the text around them.
_HIDDEN_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Cn")
_VOID = ("br", "hr", "img", "meta", "link", "image", "line", "circle", "path", "rect", "polyline", "polygon")


class Markup(str):
    """HTML that is safe to put into a page as it is."""

    __slots__ = ()


Child = str | int | float | Iterable["Child"] | None


def text(value: object) -> Markup:
    """Any value as HTML text: markup signs escaped, control and direction characters replaced."""
    shown = "".join("\ufffd" if _is_hidden(letter) else letter for letter in str(value))
    return Markup(html.escape(shown, quote=True))


def tag(name: str, *children: Child, **attributes: str | float | bool | None) -> Markup:
    """An element with its children; strings among them are escaped unless they are `Markup`.

    Attributes: underscores become hyphens, a trailing one is dropped (`class_`), True stands alone, None and
    False are left out.
    """
    parts = [f"<{name}"]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        attribute = key.rstrip("_").replace("_", "-")
        parts.append(f" {attribute}" if value is True else f' {attribute}="{text(value)}"')
    if name in _VOID:
        return Markup(
            "".join(parts) + ">" if name in ("br", "hr", "img", "meta", "link") else "".join(parts) + "/>"
        )
    return Markup("".join(parts) + ">" + joined(children) + f"</{name}>")


def joined(children: Iterable[Child]) -> Markup:
    """Children one after the other, nested lists flattened, strings escaped."""
    return Markup("".join(_one(child) for child in children))


def _one(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, Markup):
        return str(child)
    if isinstance(child, (str, int, float)):
        return text(child)
    return joined(child)


def _is_hidden(letter: str) -> bool:
    return letter not in "\n\t" and unicodedata.category(letter) in _HIDDEN_CATEGORIES
