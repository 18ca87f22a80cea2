"""A still life on a table in a sunlit room: the scene that the demo photographs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from calotype.vision.synthetic import materials as paint
from calotype.vision.synthetic import prints
from calotype.vision.synthetic.boxes import Arch, Box
from calotype.vision.synthetic.light import Lighting, Pane
from calotype.vision.synthetic.materials import Paint
from calotype.vision.synthetic.room import bare_room, furnished_room
from calotype.vision.synthetic.rounds import Ellipsoid, Lathe, Ring
from calotype.vision.synthetic.scene import Scene, Thing
from calotype.vision.synthetic.shapes import Shape, rotation

OAK = paint.wood("#c99a5f", "#8a5a2e")
WALNUT = paint.wood("#80532f", "#4a2c17")
MAPLE = paint.wood("#e6c791", "#c09255", grain=0.02)
_PANES = tuple(Pane(y, z) for y in ((-2.0, -1.36), (-1.26, -0.55)) for z in ((-1.05, -0.05), (0.05, 1.05)))
LAMP_AT = (0.62, -0.50, 0.38)


def still_life(seed: int = 0, rays: int = 64) -> Scene:
    """The scene: table top at y = 0 and centred on the origin, floor 1.0 below it, walls 3.2 away.

    `seed` changes every texture; `rays` sets how smooth shadows are, at a proportional cost in baking.
    """
    things = (
        *furnished_room(),
        *_table(),
        *_vase_with_twigs(),
        *_globe(),
        *_lamp(),
        *_books_and_camera(),
        *_toys(),
        *_chess(),
        *_breakfast(),
    )
    return Scene(things, Lighting(wall_x=-3.2, panes=_PANES, lamp_at=LAMP_AT, rays=rays), seed)


def small_still_life(seed: int = 0, rays: int = 12) -> Scene:
    """Few things on the same table in a plain room: bakes in a fraction of a second, for tests."""
    things = (
        bare_room(),
        *_table()[:1],
        _standing("arch", Arch((0.22, 0.16, 0.10), 0.13), -0.45, 0.1, OAK, yaw=0.6),
        _standing("globe", Ellipsoid((0.2, 0.2, 0.2)), 0.1, 0.25, paint.globe),
        _standing("vase", Lathe(((0, 0.08), (0.15, 0.14), (0.4, 0.06))), 0.5, 0.1, _band_glaze()),
        _standing("block", Box((0.12, 0.12, 0.12)), 0.05, -0.3, _faces("C", "#a8322a"), yaw=0.4),
        _standing("ring", Ring(0.13, 0.045), -0.4, -0.35, paint.painted("#d9a72e", 0.2, 0.08)),
    )
    return Scene(things, Lighting(wall_x=-3.2, panes=_PANES, rays=rays), seed)


def _standing(
    name: str,
    shape: Shape,
    x: float,
    z: float,
    paints: Mapping[str, Paint] | Paint,
    yaw: float = 0.0,
    on: float = 0.0,
    texels_per_unit: float = 190.0,
) -> Thing:
    """A thing that stands at (x, z), `on` units above the table."""
    table = paints if isinstance(paints, Mapping) else {"*": paints}
    centre = (x, -on - shape.half_extent[1], z)
    return Thing(name, shape, centre, table, rotation(yaw), texels_per_unit)


def _table() -> list[Thing]:
    top = Thing(
        "table",
        Box((0.98, 0.03, 0.70)),
        (0, 0.03, 0),
        {"top": paint.boards(("#a9743f", "#b98551", "#97652f", "#c0905c"), 0.175, 2.5), "*": WALNUT},
    )
    legs = [
        Thing(f"leg {x} {z}", Box((0.045, 0.47, 0.045)), (x, 0.53, z), {"*": WALNUT}, texels_per_unit=110)
        for x in (-0.88, 0.88)
        for z in (-0.6, 0.6)
    ]
    cloth = _standing(
        "cloth", Box((0.50, 0.003, 0.40)), -0.30, 0.02, paint.gingham("#b3362c", "#efe6d2", 0.075), yaw=0.22
    )
    return [top, *legs, cloth]


def _vase_with_twigs() -> list[Thing]:
    profile = (
        (0, 0.075),
        (0.03, 0.085),
        (0.16, 0.135),
        (0.27, 0.12),
        (0.37, 0.055),
        (0.42, 0.052),
        (0.46, 0.075),
    )
    glaze = _band_glaze()
    vase = _standing(
        "vase", Lathe(profile), -0.52, 0.34, {"side": glaze, "top": paint.soil}, texels_per_unit=230
    )
    rng = np.random.default_rng(7)
    leaves: list[Thing] = []
    for k in range(18):
        branch, step = k % 3, k // 3
        heading = branch * 2.1 + 0.4
        reach = 0.02 + 0.045 * step + rng.uniform(-0.015, 0.015)
        side = heading + (0.9 if step % 2 else -0.9)
        x = -0.52 + np.cos(heading) * reach + 0.035 * np.cos(side)
        z = 0.34 + np.sin(heading) * reach + 0.035 * np.sin(side)
        y = -0.49 - 0.075 * step + 0.25 * reach
        turn = rotation(
            yaw=float(-side), pitch=float(rng.uniform(-0.5, 0.5)), roll=float(rng.uniform(-0.9, 0.3))
        )
        shape = Ellipsoid((0.062, 0.010, 0.028))
        leaves.append(
            Thing(
                f"leaf {k}",
                shape,
                (float(x), float(y), float(z)),
                {"*": paint.leaf},
                turn,
                texels_per_unit=200,
            )
        )
    return [vase, *leaves]


def _band_glaze() -> Paint:
    bands = (
        (0.05, 0.12, "#24506f"),
        (0.30, 0.36, "#24506f"),
        (0.42, 0.66, "#3f7f93"),
        (0.72, 0.77, "#b5652d"),
    )
    return paint.glazed_bands("#e9e2d0", bands, "#2b4560")


def _globe() -> list[Thing]:
    x, z = 0.03, 0.42
    foot = Lathe(((0, 0.11), (0.02, 0.11), (0.035, 0.05), (0.06, 0.025), (0.10, 0.022)))
    ball = Ellipsoid((0.175, 0.175, 0.175))
    tilt = rotation(yaw=0.6, roll=0.41)
    brass = paint.painted("#a07a32", 0.14, 0.06)
    meridian = Thing("meridian", Ring(0.192, 0.009), (x, -0.285, z), {"*": brass}, rotation(0.6, 1.5708, 0.0))
    return [
        _standing("globe foot", foot, x, z, WALNUT),
        Thing("globe", ball, (x, -0.285, z), {"*": paint.globe}, tilt, texels_per_unit=230),
        meridian,
    ]


def _lamp() -> list[Thing]:
    x, _, z = LAMP_AT
    stem = Lathe(
        ((0, 0.10), (0.02, 0.10), (0.05, 0.05), (0.14, 0.065), (0.22, 0.035), (0.30, 0.02), (0.40, 0.018))
    )
    glaze = paint.glazed_bands("#2f6a5c", ((0.45, 0.52, "#d9c79a"), (0.60, 0.64, "#d9c79a")), "#173f38")
    shade = Thing(
        "lampshade",
        Lathe(((0, 0.20), (0.24, 0.115))),
        LAMP_AT,
        {"side": paint.lampshade, "*": paint.painted("#f0c27c", 0.05)},
        casts_shadow=False,
        glow={"side": 0.55, "top": 0.7, "bottom": 0.9},
    )
    return [_standing("lamp", stem, x, z, glaze, texels_per_unit=220), shade]


def _books_and_camera() -> list[Thing]:
    x, z = 0.44, -0.02
    books = (
        ((0.20, 0.028, 0.145), 0.25, ("#7c2a24", "#e0c486", "ON LIGHT")),
        ((0.18, 0.035, 0.130), -0.12, ("#28506b", "#d8cfae", "OPTICS")),
        ((0.165, 0.022, 0.115), 0.48, ("#4d6b3a", "#efe2bd", "FLORA")),
    )
    things: list[Thing] = []
    height = 0.0
    for half, yaw, (colour, ink, title) in books:
        paints: dict[str, Paint] = {
            "top": prints.book_cover(colour, ink, title),
            "front": prints.book_spine(colour, ink, title),
            "bottom": paint.leather(colour),
            "*": paint.book_pages,
        }
        things.append(_standing(title, Box(half), x, z, paints, yaw, height, texels_per_unit=230))
        height += 2 * half[1]
    yaw = 0.35
    turn = rotation(yaw)
    body = _standing(
        "camera",
        Box((0.10, 0.085, 0.062)),
        x,
        z,
        {"*": paint.leather("#33231b"), "top": WALNUT},
        yaw,
        height,
        texels_per_unit=230,
    )
    forward = turn @ np.array([0, 0, -1], np.float32)
    lens_at = np.array([x, -height - 0.085, z], np.float32) + 0.085 * forward
    lens = Thing(
        "lens",
        Lathe(((0, 0.058), (0.02, 0.058), (0.022, 0.048), (0.055, 0.048))),
        (float(lens_at[0]), float(lens_at[1]), float(lens_at[2])),
        {"side": paint.painted("#b08b3e", 0.16, 0.04), "*": paint.painted("#20242b", 0.5, 0.03)},
        turn @ rotation(pitch=-1.5708),
        texels_per_unit=260,
    )
    finder = _standing(
        "finder",
        Box((0.03, 0.016, 0.03)),
        x + 0.03,
        z,
        paint.painted("#9d7a35", 0.15, 0.03),
        yaw,
        height + 0.17,
    )
    return [*things, body, lens, finder]


def _toys() -> list[Thing]:
    arch = _standing(
        "arch",
        Arch((0.19, 0.125, 0.065), 0.115),
        -0.70,
        -0.02,
        paint.wood("#d8a24c", "#a8642a", grain=0.025),
        yaw=0.75,
    )
    gable = _standing("drum", Lathe(((0, 0.06), (0.09, 0.06))), -0.70, -0.02, MAPLE, on=0.25)
    knob = _standing(
        "ball", Ellipsoid((0.05, 0.05, 0.05)), -0.70, -0.02, paint.citrus("#b8322a", "#d9683c"), on=0.34
    )
    blocks = [
        ("C", "#a8322a", -0.43, -0.46, 0.3, 0.0),
        ("A", "#2b5f86", -0.27, -0.50, -0.25, 0.0),
        ("L", "#3f7a3f", -0.35, -0.475, 0.9, 0.13),
        ("O", "#c07a1f", -0.12, -0.55, 0.65, 0.0),
    ]
    cubes = [
        _standing(
            f"block {k}", Box((0.065, 0.065, 0.065)), x, z, _faces(k, colour), yaw, on, texels_per_unit=250
        )
        for k, colour, x, z, yaw, on in blocks
    ]
    rings: list[Thing] = []
    height = 0.0
    for k, colour in enumerate(("#2f5d8a", "#3f8a57", "#d9a72e", "#c8472f")):
        tube = 0.034 - 0.004 * k
        shape = Ring(0.095 - 0.016 * k, tube)
        rings.append(
            _standing(f"ring {k}", shape, -0.74, -0.42, paint.painted(colour, 0.10, 0.05), 0.7 * k, height)
        )
        height += 1.8 * tube
    peg = _standing(
        "peg", Lathe(((0, 0.02), (0.23, 0.016), (0.26, 0.026), (0.29, 0.012))), -0.74, -0.42, MAPLE
    )
    return [arch, gable, knob, *cubes, *rings, peg]


def _faces(letter: str, colour: str) -> dict[str, Paint]:
    letters = {"front": letter, "right": "T", "back": "Y", "left": "P", "top": "E", "bottom": "B"}
    return {face: prints.letter_block(sign, colour) for face, sign in letters.items()}


def _chess() -> list[Thing]:
    x, z, yaw = 0.56, -0.44, -0.28
    board = _standing(
        "chessboard",
        Box((0.225, 0.012, 0.225)),
        x,
        z,
        {"top": prints.chessboard("#e3c58f", "#6b4226", "#3f2616"), "*": WALNUT},
        yaw,
        texels_per_unit=260,
    )
    pawn = Lathe(
        (
            (0, 0.03),
            (0.012, 0.03),
            (0.022, 0.018),
            (0.055, 0.011),
            (0.062, 0.018),
            (0.068, 0.011),
            (0.085, 0.019),
            (0.104, 0.004),
        )
    )
    rook = Lathe(((0, 0.034), (0.014, 0.034), (0.03, 0.02), (0.085, 0.018), (0.095, 0.028), (0.125, 0.028)))
    ebony, box_wood = paint.wood("#5b3a26", "#2a1a12", 0.012), paint.wood("#ecd2a0", "#c79c5c", 0.012)
    turn = rotation(yaw)
    pieces: list[Thing] = []
    places = (
        (pawn, box_wood, -2.5, -1.5),
        (pawn, box_wood, -0.5, -2.5),
        (rook, box_wood, 1.5, -3.5),
        (pawn, ebony, -1.5, 1.5),
        (rook, ebony, 2.5, 2.5),
        (pawn, ebony, 0.5, 0.5),
    )
    for k, (shape, stuff, column, row) in enumerate(places):
        offset = turn @ np.array([column * 0.05, 0, row * 0.05], np.float32)
        pieces.append(
            _standing(
                f"piece {k}",
                shape,
                x + float(offset[0]),
                z + float(offset[2]),
                stuff,
                0.5 * k,
                0.024,
                texels_per_unit=230,
            )
        )
    return [board, *pieces]


def _breakfast() -> list[Thing]:
    paper = _standing(
        "newspaper",
        Box((0.19, 0.003, 0.25)),
        -0.02,
        -0.20,
        {"top": prints.broadsheet("THE DAILY NEGATIVE"), "*": paint.book_pages},
        yaw=-0.35,
        on=0.005,
        texels_per_unit=280,
    )
    x, z = -0.17, -0.10
    dish = _standing(
        "dish",
        Lathe(((0, 0.07), (0.015, 0.08), (0.04, 0.175), (0.048, 0.18))),
        x,
        z,
        paint.glazed_bands("#d7e0dc", ((0.05, 0.2, "#2f6f86"),), "#6b8f94"),
        on=0.011,
    )
    fruits = (
        ((-0.085, -0.03), (0.066, 0.062, 0.066), ("#e08a1e", "#f0ae3c"), 0.0),
        ((0.05, -0.085), (0.062, 0.060, 0.062), ("#b02a22", "#dba23a"), 0.0),
        ((0.07, 0.06), (0.068, 0.064, 0.068), ("#e5951f", "#c9621a"), 0.0),
        ((-0.05, 0.09), (0.060, 0.064, 0.060), ("#8fa33a", "#c9b64c"), 0.0),
        ((0.005, 0.01), (0.058, 0.056, 0.058), ("#c4382b", "#e3c04e"), 0.085),
    )
    pile = [
        _standing(
            f"fruit {k}", Ellipsoid(radii), x + dx, z + dz, paint.citrus(*colours), 1.3 * k, 0.052 + lift
        )
        for k, ((dx, dz), radii, colours, lift) in enumerate(fruits)
    ]
    mug = _standing(
        "mug",
        Lathe(((0, 0.052), (0.01, 0.058), (0.10, 0.062), (0.135, 0.066))),
        0.22,
        -0.50,
        {
            "side": paint.glazed_bands(
                "#c9543a", ((0.2, 0.34, "#f0e3c4"), (0.55, 0.72, "#f0e3c4")), "#6b2418"
            ),
            "*": paint.painted("#38241a", 0.3, 0.04),
        },
        texels_per_unit=230,
    )
    handle = Thing(
        "handle",
        Ring(0.040, 0.011),
        (0.22 + 0.062, -0.068, -0.50),
        {"*": paint.painted("#b84a33", 0.1, 0.04)},
        rotation(0.0, 1.5708, 0.0),
    )
    return [paper, dish, *pile, mug, handle]
