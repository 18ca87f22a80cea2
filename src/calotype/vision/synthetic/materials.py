"""Paints for surfaces: wood, brick, plaster, cloth, ceramics, fruit; no two square centimetres alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from calotype.vision.synthetic.canvas import Canvas, blended, rgb, smooth_step
from calotype.vision.synthetic.shapes import F32

Paint = Callable[[Canvas], F32]


def shaded(colours: F32, weight: F32) -> F32:
    """Colours made lighter and darker by a relative weight [h, w]."""
    return colours * (1 + weight)[..., None].astype(np.float32)


def wood(light: str, dark: str, grain: float = 0.03, along_x: bool = True) -> Paint:
    """Planed wood: drawn-out rings, pores and a few stains; `grain` is the distance of its rings in scene units."""

    def paint(canvas: Canvas) -> F32:
        if along_x:
            slow = canvas.noise(grain * 5, 3, stretch=5)
            fine = canvas.noise(grain * 0.35, 3, stretch=7, salt=1)
        else:
            slow = _turned_noise(canvas, grain * 5, 5, 0)
            fine = _turned_noise(canvas, grain * 0.35, 7, 1)
        rings = np.sin(slow * np.float32(5.0)) * np.float32(0.5) + np.float32(0.5)
        stains = canvas.noise(grain * 4, 4, salt=2)
        mixed = rings * 0.5 + 0.25 + 0.13 * fine + 0.12 * stains
        return shaded(
            blended(rgb(light), rgb(dark), mixed), np.float32(0.04) * canvas.noise(grain, 2, salt=3)
        )

    return paint


def _turned_noise(canvas: Canvas, cell: float, stretch: float, salt: int) -> F32:
    (width, height), (h, w) = canvas.size, canvas.shape
    across = Canvas((height, width), (w, h), canvas.points, False, canvas.seed)
    return across.noise(cell, 3, stretch=stretch, salt=salt).T


def painted(colour: str, wear: float = 0.10, cell: float = 0.12) -> Paint:
    """Brushed paint with blotches and flecks."""

    def paint(canvas: Canvas) -> F32:
        blotches = canvas.noise(cell, 5)
        flecks = smooth_step(1.1, 2.0, canvas.noise(cell * 0.22, 3, salt=1))
        return shaded(canvas.filled(colour), wear * blotches - 2.2 * wear * flecks)

    return paint


def boards(colours: Sequence[str], width: float, length: float, along_x: bool = True) -> Paint:
    """Floor boards in staggered rows, each of its own tone, with dark joints."""

    def paint(canvas: Canvas) -> F32:
        x, y = (canvas.x, canvas.y) if along_x else (canvas.y, canvas.x)
        row = np.floor(y / width).astype(np.int64)
        stagger = _hashed(row, 0 * row, 3) * length
        column = np.floor((x + stagger) / length).astype(np.int64)
        tone = _hashed(row, column, canvas.seed % 997)
        grain = canvas.noise(0.10, 4, stretch=6) if along_x else _turned_noise(canvas, 0.10, 6, 0)
        palette = np.stack([rgb(colour) for colour in colours])
        board = palette[(tone * len(colours)).astype(np.int64) % len(colours)]
        joint = _line(y, width, 0.008) + _line(x + stagger, length, 0.008)
        dirt = canvas.noise(0.18, 4, salt=4)
        shade = (tone * 7.3 % 1 - 0.5) * 0.28 + 0.09 * grain + 0.05 * dirt - 0.5 * np.clip(joint, 0, 1)
        return shaded(np.broadcast_to(board, (*canvas.shape, 3)), np.broadcast_to(shade, canvas.shape))

    return paint


def bricks(colours: Sequence[str], mortar: str, size: tuple[float, float] = (0.34, 0.12)) -> Paint:
    """A brick wall in stretcher bond."""

    def paint(canvas: Canvas) -> F32:
        width, height = size
        wobble = canvas.noise(0.09, 3) * np.float32(0.006)
        y = canvas.y + wobble
        row = np.floor(y / height).astype(np.int64)
        x = canvas.x + (row % 2) * (width / 2) + wobble
        column = np.floor(x / width).astype(np.int64)
        tone = _hashed(row, column, canvas.seed % 991)
        palette = np.stack([rgb(colour) for colour in colours])
        brick = palette[(tone * len(colours)).astype(np.int64) % len(colours)]
        shade = (tone * 9.1 % 1 - 0.5) * 0.42 + 0.10 * canvas.noise(0.09, 4, salt=1)
        joint = np.clip(_line(y, height, 0.022) + _line(x, width, 0.022), 0, 1)
        wall = shaded(brick, shade)
        lime = shaded(canvas.filled(mortar), 0.08 * canvas.noise(0.04, 2, salt=2))
        return blended(wall, lime, joint)

    return paint


def plaster(colour: str, stain: str, cell: float = 0.5) -> Paint:
    """A limewashed wall with clouds of another tone, scratches and flecks."""

    def paint(canvas: Canvas) -> F32:
        clouds = blended(rgb(colour), rgb(stain), 0.45 + 0.28 * canvas.noise(cell, 6, gain=0.62))
        flecks = smooth_step(1.2, 2.2, canvas.noise(0.06, 3, salt=1))
        return shaded(clouds, 0.05 * canvas.noise(0.07, 3, salt=2) - 0.15 * flecks)

    return paint


def gingham(colour: str, ground: str, square: float) -> Paint:
    """Checked cloth with uneven dye."""

    def paint(canvas: Canvas) -> F32:
        wobble = canvas.noise(0.12, 2) * np.float32(0.003)
        warp = _stripes(canvas.x + wobble, square)
        weft = _stripes(canvas.y + wobble, square)
        dye = 0.5 * (warp + weft) * (1 + 0.12 * canvas.noise(0.05, 3, salt=1))
        folds = 0.07 * canvas.noise(0.25, 3, salt=2)
        return shaded(blended(rgb(ground), rgb(colour), dye), folds)

    return paint


def woven_rug(border: str, field: str, motif: str) -> Paint:
    """A worn carpet: borders, and a field of lozenges whose colours wander."""

    def paint(canvas: Canvas) -> F32:
        w, h = canvas.size
        edge = np.minimum(np.minimum(canvas.x, w - canvas.x), np.minimum(canvas.y, h - canvas.y))
        wobble = 0.02 * canvas.noise(0.15, 3)
        cell = 0.26
        across = np.abs((canvas.x / cell) % 1 - 0.5) + np.abs((canvas.y / cell) % 1 - 0.5) + wobble
        which = _hashed(
            np.floor(canvas.x / cell).astype(np.int64), np.floor(canvas.y / cell).astype(np.int64), 5
        )
        reach = 0.2 + 0.5 * which
        lozenge = smooth_step(0.03, -0.03, np.abs(across - reach) - 0.09)
        field_colours = blended(rgb(field), rgb(motif), lozenge)
        rim = smooth_step(0.02, -0.02, np.abs(edge - 0.16 + 0 * wobble) - 0.05)
        frame = smooth_step(0.30, 0.28, edge)
        colours = blended(field_colours, rgb(border), frame.astype(np.float32))
        colours = blended(colours, rgb(motif), (rim * frame).astype(np.float32))
        return shaded(colours, 0.10 * canvas.noise(0.12, 5, salt=1) + 0.05 * canvas.noise(0.03, 2, salt=2))

    return paint


def leather(colour: str) -> Paint:
    """Grained leather, rubbed pale at random."""

    def paint(canvas: Canvas) -> F32:
        rubbed = smooth_step(0.6, 2.0, canvas.noise(0.14, 4))
        grain = canvas.noise(0.022, 3, salt=1)
        return shaded(blended(rgb(colour), rgb("#b08a5c"), 0.6 * rubbed), 0.10 * grain)

    return paint


def book_pages(canvas: Canvas) -> F32:
    """The cut edge of a book: cream with fine, uneven lines."""
    lines = canvas.noise(0.012, 2, stretch=30)
    return shaded(canvas.filled("#e3d6b8"), 0.09 * lines + 0.04 * canvas.noise(0.05, 3, salt=1))


def glazed_bands(ground: str, bands: Sequence[tuple[float, float, str]], speckle: str) -> Paint:
    """Pottery: bands at heights (from, to, colour; 0 is the top, 1 the bottom) with a wave, and speckles all over."""

    def paint(canvas: Canvas) -> F32:
        height = canvas.y / canvas.size[1]
        turn = canvas.x / canvas.size[0] * np.float32(2 * np.pi)
        colours = canvas.filled(ground)
        for k, (top, bottom, colour) in enumerate(bands):
            wave = 0.018 * np.sin(turn * (5 + 3 * k) + k) + 0.006 * canvas.noise(0.06, 2, salt=10 + k)
            level = height + wave
            inside = smooth_step(top - 0.006, top + 0.006, level) * smooth_step(
                bottom + 0.006, bottom - 0.006, level
            )
            colours = blended(colours, rgb(colour), inside)
        dots = smooth_step(1.15, 1.7, canvas.noise(0.035, 2, salt=1))
        colours = blended(colours, rgb(speckle), 0.65 * dots)
        return shaded(colours, 0.09 * canvas.noise(0.09, 4, salt=2))

    return paint


def terracotta(canvas: Canvas) -> F32:
    """Fired clay with pale bloom."""
    bloom = smooth_step(0.3, 1.8, canvas.noise(0.12, 5))
    colours = blended(rgb("#b5623c"), rgb("#d9b394"), 0.7 * bloom)
    return shaded(colours, 0.09 * canvas.noise(0.03, 3, salt=1))


def globe(canvas: Canvas) -> F32:
    """An old globe: seas, continents nobody has seen, a graticule."""
    height = canvas.solid_noise(0.16, 6)
    land = smooth_step(0.10, 0.20, height)
    sea = blended(rgb("#2f6f86"), rgb("#7fb0ad"), 0.5 + 0.35 * canvas.solid_noise(0.05, 3, salt=1))
    ground = blended(rgb("#d9b66a"), rgb("#7d8b45"), 0.5 + 0.5 * canvas.solid_noise(0.07, 4, salt=2))
    coast = smooth_step(0.12, 0.0, np.abs(height - 0.13))
    colours = sea + (ground - sea) * land[..., None]
    grid = _line(canvas.x / canvas.size[0], 1 / 12, 0.004) + _line(canvas.y / canvas.size[1], 1 / 8, 0.010)
    ink = np.clip(0.75 * coast + 0.4 * np.broadcast_to(grid, canvas.shape), 0, 1)
    return blended(colours, rgb("#4a3a28"), ink)


def citrus(colour: str, blush: str) -> Paint:
    """The peel of a fruit: blush, freckles, a dark stem end."""

    def paint(canvas: Canvas) -> F32:
        tone = canvas.solid_noise(0.12, 4)
        freckles = smooth_step(0.9, 1.6, canvas.solid_noise(0.022, 2, salt=1))
        colours = blended(rgb(colour), rgb(blush), 0.35 + 0.4 * tone)
        colours = blended(colours, rgb("#7d4a20"), 0.35 * freckles)
        stem = smooth_step(0.07, 0.03, canvas.y / canvas.size[1]) + np.zeros(canvas.shape, np.float32)
        return blended(colours, rgb("#4b3a1e"), stem)

    return paint


def leaf(canvas: Canvas) -> F32:
    """A leaf with a pale midrib and mottles."""
    mottles = 0.5 + 0.4 * canvas.solid_noise(0.05, 4)
    colours = blended(rgb("#2c5a2c"), rgb("#86a848"), mottles)
    return shaded(colours, 0.10 * canvas.solid_noise(0.02, 2, salt=1))


def soil(canvas: Canvas) -> F32:
    return shaded(canvas.filled("#4a3626"), 0.28 * canvas.noise(0.03, 4))


def lampshade(canvas: Canvas) -> F32:
    """Parchment with printed twigs, to be lit from inside."""
    height = canvas.y / canvas.size[1]
    warm = blended(rgb("#f3c987"), rgb("#e39a4c"), height + np.zeros(canvas.shape, np.float32))
    twigs = smooth_step(0.10, 0.04, np.abs(canvas.noise(0.10, 3)))
    rims = smooth_step(0.06, 0.05, height) + smooth_step(0.94, 0.95, height)
    colours = blended(warm, rgb("#9c5a2a"), 0.6 * twigs)
    return blended(colours, rgb("#5b3216"), np.broadcast_to(rims, canvas.shape).astype(np.float32))


def _hashed(row: np.ndarray, column: np.ndarray, salt: int) -> F32:
    """A number 0..1 for each lattice cell."""
    mixed = (row * 374761393 + column * 668265263 + salt * 2147483629) & 0x7FFFFFFF
    mixed = ((mixed ^ (mixed >> 13)) * 1274126177) & 0x7FFFFFFF
    return ((mixed ^ (mixed >> 16)) % 100_003 / 100_003).astype(np.float32)


def _line(position: F32, period: float, width: float) -> F32:
    """1 on lines at every multiple of the period, with soft edges."""
    distance = np.abs((position / period + 0.5) % 1 - 0.5) * period
    return smooth_step(width, width * 0.4, distance)


def _stripes(position: F32, width: float) -> F32:
    """0 and 1 in turns, with soft edges."""
    phase = np.abs((position / (2 * width)) % 1 - 0.5) * 2 * width
    return smooth_step(width / 2 - 0.004, width / 2 + 0.004, phase)
