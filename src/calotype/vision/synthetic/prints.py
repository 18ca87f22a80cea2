"""Things with drawing on them: posters, book covers, letter blocks, a view out of the window."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from calotype.vision.synthetic.canvas import Canvas, blended, rgb, smooth_step
from calotype.vision.synthetic.materials import Paint, shaded
from calotype.vision.synthetic.shapes import F32

_SUPERSAMPLING = 3


class Sheet:
    """A sheet to draw on in parts of its height: (0, 0) is the upper left corner, y = 1 the lower edge."""

    def __init__(self, canvas: Canvas, ground: str) -> None:
        self._shape = canvas.shape
        self._scale = canvas.shape[0] * _SUPERSAMPLING
        self.width = canvas.size[0] / canvas.size[1]
        size = (canvas.shape[1] * _SUPERSAMPLING, self._scale)
        self._picture = Image.new("RGB", size, ground)
        self._draw = ImageDraw.Draw(self._picture)

    def _pixels(self, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        stretch = self._picture.width / self.width
        return [(x * stretch, y * self._scale) for x, y in points]

    def disc(self, x: float, y: float, radius: float, colour: str) -> None:
        (box,) = ([(x - radius, y - radius), (x + radius, y + radius)],)
        self._draw.ellipse(self._pixels(box), fill=colour)

    def polygon(self, points: Sequence[tuple[float, float]], colour: str) -> None:
        self._draw.polygon(self._pixels(points), fill=colour)

    def bar(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        self._draw.rectangle(self._pixels([(left, top), (right, bottom)]), fill=colour)

    def stroke(self, points: Sequence[tuple[float, float]], width: float, colour: str) -> None:
        self._draw.line(
            self._pixels(points), fill=colour, width=max(1, round(width * self._scale)), joint="curve"
        )

    def text(self, x: float, y: float, height: float, words: str, colour: str) -> None:
        """Words centred at (x, y), as high as `height` and never wider than the sheet."""
        size = max(4.0, height * self._scale)
        font = ImageFont.load_default(size)
        widest = 0.92 * self._picture.width
        length = self._draw.textlength(words, font=font)
        if length > widest:
            font = ImageFont.load_default(max(4.0, size * widest / length))
        self._draw.text(self._pixels([(x, y)])[0], words, fill=colour, font=font, anchor="mm")

    def printed(self) -> F32:
        """The drawing as colours [h, w, 3]."""
        small = self._picture.resize((self._shape[1], self._shape[0]), Image.Resampling.BOX)
        return np.asarray(small, np.float32) / np.float32(255)


def _aged(canvas: Canvas, colours: F32, wear: float = 0.06) -> F32:
    return shaded(colours, wear * canvas.noise(0.10, 5) + 0.6 * wear * canvas.noise(0.025, 2, salt=1))


def _with_frame(canvas: Canvas, picture: Paint, frame: str, width: float, mount: str) -> F32:
    edge = np.minimum(
        np.minimum(canvas.x, canvas.size[0] - canvas.x), np.minimum(canvas.y, canvas.size[1] - canvas.y)
    )
    inside = smooth_step(2 * width - 0.003, 2 * width + 0.003, edge)
    rim = smooth_step(width + 0.003, width - 0.003, edge)
    colours = canvas.filled(mount)
    colours = colours + (picture(canvas) - colours) * inside[..., None]
    wooden = shaded(canvas.filled(frame), 0.12 * canvas.noise(0.04, 3, salt=8))
    return colours + (wooden - colours) * rim[..., None]


def framed(picture: Paint, frame: str = "#3a2a1c", width: float = 0.03, mount: str = "#e8dfca") -> Paint:
    """A picture in a wooden frame with a mount."""
    return lambda canvas: _with_frame(canvas, picture, frame, width, mount)


def landscape(sky: tuple[str, str], hills: Sequence[str], sun: str) -> Paint:
    """A print of hills behind hills under a low sun."""

    def paint(canvas: Canvas) -> F32:
        rng = canvas.rng()
        w, h = canvas.size
        height = canvas.y / h
        colours = blended(rgb(sky[0]), rgb(sky[1]), 1.6 * height + 0.10 * canvas.noise(0.3 * h, 4))
        sx, sy = rng.uniform(0.25, 0.75) * w, rng.uniform(0.22, 0.38) * h
        distance = np.hypot(canvas.x - sx, canvas.y - sy)
        colours = blended(colours, rgb(sun), smooth_step(0.13 * h, 0.12 * h, distance))
        for k, hill in enumerate(hills):
            level = 0.42 + 0.5 * k / len(hills)
            phase = rng.uniform(0, 6.28, 4)
            ridge = sum(
                (np.sin(canvas.x / w * 6.28 * (j + 1) * 0.7 + phase[j]) * 0.06 / (j + 1) for j in range(4)),
                np.zeros((1, 1)),
            )
            ground = shaded(canvas.filled(hill), 0.10 * canvas.noise(0.08 * h, 4, stretch=2, salt=20 + k))
            inside = smooth_step(-0.006, 0.006, (height - level - ridge).astype(np.float32))
            colours = colours + (ground - colours) * inside[..., None]
        return _aged(canvas, colours, 0.04)

    return paint


def geometric(ground: str, colours: Sequence[str], title: str) -> Paint:
    """A poster of discs, bars and wedges, with a title."""

    def paint(canvas: Canvas) -> F32:
        rng = canvas.rng()
        sheet = Sheet(canvas, ground)
        for k in range(26):
            colour = colours[k % len(colours)]
            x, y = rng.uniform(0.08, 0.92) * sheet.width, rng.uniform(0.06, 0.76)
            size = rng.uniform(0.02, 0.16) * (1 - 0.5 * k / 26)
            kind = int(rng.integers(4))
            if kind == 0:
                sheet.disc(x, y, size, colour)
            elif kind == 1:
                angle = rng.uniform(0, 3.14)
                dx, dy = np.cos(angle) * size * 2, np.sin(angle) * size * 2
                sheet.stroke([(x - dx, y - dy), (x + dx, y + dy)], 0.3 * size, colour)
            elif kind == 2:
                turn = rng.uniform(0, 6.28) + np.array([0, 2.1, 4.2])
                sheet.polygon([(x + size * np.cos(a), y + size * np.sin(a)) for a in turn], colour)
            else:
                sheet.bar(x, y, min(x + size, sheet.width * 0.96), min(y + 0.6 * size, 0.8), colour)
        sheet.bar(0.05 * sheet.width, 0.81, 0.95 * sheet.width, 0.825, colours[0])
        sheet.text(sheet.width / 2, 0.90, 0.12, title, colours[0])
        return _aged(canvas, sheet.printed())

    return paint


def broadsheet(title: str, ground: str = "#e6dcc3", ink: str = "#2a2521") -> Paint:
    """A page of columns: a headline, a picture, and lines that look like words."""

    def paint(canvas: Canvas) -> F32:
        rng = canvas.rng()
        sheet = Sheet(canvas, ground)
        sheet.text(sheet.width / 2, 0.09, 0.13, title, ink)
        sheet.bar(0.05 * sheet.width, 0.165, 0.95 * sheet.width, 0.175, ink)
        columns, rows = 3, 22
        for column in range(columns):
            left = sheet.width * (0.05 + 0.31 * column)
            for row in range(rows):
                x, y = left, 0.21 + 0.75 * row / rows
                while x < left + sheet.width * 0.25:
                    word = sheet.width * rng.uniform(0.015, 0.06)
                    sheet.bar(x, y, x + word, y + 0.016, ink)
                    x += word + sheet.width * 0.012
        sheet.bar(sheet.width * 0.36, 0.30, sheet.width * 0.64, 0.62, "#8d7f68")
        for _ in range(9):
            x, y = sheet.width * rng.uniform(0.39, 0.61), rng.uniform(0.34, 0.58)
            sheet.disc(x, y, rng.uniform(0.01, 0.05), str(rng.choice(["#3b332b", "#c8b995", "#5d5346"])))
        return _aged(canvas, sheet.printed())

    return paint


def botanical(ground: str, stem: str, leaves: Sequence[str]) -> Paint:
    """A herbarium plate: a bent stem with leaves on both sides."""

    def paint(canvas: Canvas) -> F32:
        rng = canvas.rng()
        sheet = Sheet(canvas, ground)
        t = np.linspace(0, 1, 30)
        x = sheet.width * (0.5 + 0.12 * np.sin(4 * t + rng.uniform(0, 6)))
        y = 0.92 - 0.84 * t
        sheet.stroke(list(zip(x.tolist(), y.tolist(), strict=True)), 0.012, stem)
        for k in range(2, 29, 2):
            side = 1 if k % 4 else -1
            length, lift = rng.uniform(0.10, 0.2), rng.uniform(0.03, 0.12)
            tip = (float(x[k] + side * length), float(y[k] - lift))
            middle = ((x[k] + tip[0]) / 2, (y[k] + tip[1]) / 2)
            bulge = rng.uniform(0.02, 0.045)
            outline = [(float(x[k]), float(y[k])), (middle[0], middle[1] - bulge), tip]
            sheet.polygon([*outline, (middle[0], middle[1] + bulge)], str(rng.choice(list(leaves))))
        return _aged(canvas, sheet.printed())

    return paint


def book_cover(colour: str, ink: str, title: str) -> Paint:
    """Cloth boards with a printed panel, an ornament and a title."""

    def paint(canvas: Canvas) -> F32:
        rng = canvas.rng()
        sheet = Sheet(canvas, colour)
        w = sheet.width
        for inset in (0.05, 0.08):
            corners = [(inset, inset), (w - inset, inset), (w - inset, 1 - inset), (inset, 1 - inset)]
            sheet.stroke([*corners, corners[0]], 0.012, ink)
        for _ in range(16):
            angle, reach = rng.uniform(0, 6.28), rng.uniform(0.03, 0.2)
            sheet.disc(
                w / 2 + reach * np.cos(angle), 0.62 + reach * np.sin(angle), rng.uniform(0.008, 0.04), ink
            )
        sheet.text(w / 2, 0.24, 0.17, title, ink)
        return _aged(canvas, sheet.printed(), 0.09)

    return paint


def book_spine(colour: str, ink: str, title: str) -> Paint:
    """The back of a book: bands and its title."""

    def paint(canvas: Canvas) -> F32:
        sheet = Sheet(canvas, colour)
        w = sheet.width
        for x in (0.06, 0.10, 0.90, 0.94):
            sheet.bar(w * x, 0, w * (x + 0.02), 1, ink)
        sheet.text(w / 2, 0.5, 0.62, title, ink)
        return _aged(canvas, sheet.printed(), 0.09)

    return paint


def shelf_of_books(colours: Sequence[str], inks: Sequence[str]) -> Paint:
    """The backs of a row of books, each with its own height, colour and bands."""

    def paint(canvas: Canvas) -> F32:
        rng = canvas.rng()
        sheet = Sheet(canvas, "#1d1712")
        x = 0.02
        while x < sheet.width - 0.05:
            thick = rng.uniform(0.10, 0.24)
            right = min(x + thick, sheet.width - 0.01)
            top = rng.uniform(0.06, 0.3)
            colour, ink = str(rng.choice(list(colours))), str(rng.choice(list(inks)))
            sheet.bar(x, top, right - 0.012, 1, colour)
            for level in rng.uniform(top + 0.05, 0.95, 3):
                sheet.bar(x, float(level), right - 0.012, float(level) + rng.uniform(0.01, 0.05), ink)
            for level in np.arange(top + 0.2, 0.75, 0.05):
                length = rng.uniform(0.2, 0.8) * (right - x)
                sheet.bar(x + 0.03, float(level), x + 0.03 + length * 0.6, float(level) + 0.02, ink)
            x = right
        return _aged(canvas, sheet.printed(), 0.10)

    return paint


def letter_block(letter: str, colour: str, ground: str = "#e2c592") -> Paint:
    """A wooden toy block: a coloured rim and a letter."""

    def paint(canvas: Canvas) -> F32:
        sheet = Sheet(canvas, colour)
        sheet.bar(0.10, 0.10, sheet.width - 0.10, 0.90, ground)
        sheet.text(sheet.width / 2, 0.5, 0.80, letter, colour)
        grain = 0.07 * canvas.noise(0.03, 3, stretch=5, salt=3)
        return shaded(_aged(canvas, sheet.printed(), 0.05), grain)

    return paint


def chessboard(light: str, dark: str, border: str) -> Paint:
    """Eight by eight squares of veneer, each cut from another piece of wood."""

    def paint(canvas: Canvas) -> F32:
        rng = canvas.rng()
        tones = rng.uniform(-0.16, 0.16, (8, 8)).astype(np.float32)
        margin = 0.06
        x = (canvas.x / canvas.size[0] - margin) / (1 - 2 * margin) * 8
        y = (canvas.y / canvas.size[1] - margin) / (1 - 2 * margin) * 8
        column, row = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
        is_dark = ((column + row) % 2).astype(np.float32)
        squares = blended(rgb(light), rgb(dark), is_dark)
        tone = tones[np.clip(row, 0, 7), np.clip(column, 0, 7)]
        squares = shaded(squares, tone + 0.10 * canvas.noise(0.02, 3, stretch=4))
        outside = ((x < 0) | (x >= 8) | (y < 0) | (y >= 8)).astype(np.float32)
        rim = shaded(canvas.filled(border), 0.10 * canvas.noise(0.03, 3, stretch=5, salt=2))
        return squares + (rim - squares) * outside[..., None]

    return paint


def window_view(canvas: Canvas) -> F32:
    """Morning outside: clouds, far hills, a field with trees; to be lit by itself."""
    height = canvas.y / canvas.size[1]
    sky = blended(rgb("#6fa3d0"), rgb("#d8e3e6"), 1.5 * height + 0.0 * canvas.x)
    clouds = smooth_step(0.2, 1.4, canvas.noise(0.35, 5, stretch=2.2))
    colours = blended(sky, rgb("#f6f1e6"), 0.85 * clouds)
    for k, (level, hill) in enumerate(((0.58, "#8ba3ad"), (0.66, "#7d9a6a"), (0.78, "#5d7d3a"))):
        ridge = 0.035 * canvas.noise(0.5, 3, stretch=3, salt=30 + k)
        ground = shaded(canvas.filled(hill), 0.16 * canvas.noise(0.08, 4, stretch=2, salt=40 + k))
        inside = smooth_step(-0.01, 0.01, height - level - ridge)
        colours = colours + (ground - colours) * inside[..., None]
    return colours


def on_wall(wall: Paint, patches: Sequence[tuple[float, float, float, float, Paint]]) -> Paint:
    """A wall with pictures painted on it: (left, top, width, height, paint) in scene units from the upper left corner."""

    def paint(canvas: Canvas) -> F32:
        colours = wall(canvas).copy()
        h, w = canvas.shape
        sx, sy = w / canvas.size[0], h / canvas.size[1]
        for k, (left, top, width, height, patch) in enumerate(patches):
            columns = slice(round(left * sx), round((left + width) * sx))
            rows = slice(round(top * sy), round((top + height) * sy))
            shape = colours[rows, columns].shape[:2]
            part = Canvas(
                (width, height), shape, canvas.points[rows, columns], False, canvas.seed + 101 * (k + 1)
            )
            colours[rows, columns] = patch(part)
        return colours

    return paint
