"""The room round the still life: walls with pictures, a window, shelves, a rug; so that backgrounds shift as they should."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from calotype.vision.synthetic import materials as paint
from calotype.vision.synthetic import prints
from calotype.vision.synthetic.boxes import Box, Room
from calotype.vision.synthetic.materials import Paint
from calotype.vision.synthetic.rounds import Ellipsoid, Lathe
from calotype.vision.synthetic.scene import Thing
from calotype.vision.synthetic.shapes import rotation

HALF_WIDTH = 3.2
FLOOR_Y = 1.0
CEILING_Y = -2.5
_WALL_TEXELS = 95.0
_ROOM_LIGHT = 18.0  # seen from afar
_INKS = ("#d9c38a", "#efe6cf", "#1f1a16", "#c2803d")
_CLOTHS = ("#7c2a24", "#28506b", "#4d6b3a", "#b98a3a", "#513a5c", "#8a8f86", "#a3522c", "#1f4a48")


def furnished_room() -> list[Thing]:
    """Everything but the table; the room itself comes first, for rays that hit nothing else."""
    furniture = [*_window(), *_pictures(), *_shelf(), *_floor_things(), *_plant()]
    return [bare_room(), *(replace(thing, light_texels_per_unit=_ROOM_LIGHT) for thing in furniture)]


def bare_room() -> Thing:
    """Floor, ceiling and painted walls, without furniture."""
    height = FLOOR_Y - CEILING_Y
    lime = paint.plaster("#d3b385", "#c09a69")
    wainscot = paint.boards(("#3f5f63", "#365257", "#4a6c6d"), 0.24, 3.0, along_x=False)
    panelled = prints.on_wall(lime, [(0, height - 1.15, 2 * HALF_WIDTH, 1.15, wainscot)])
    paints: dict[str, Paint] = {
        "left": prints.on_wall(
            paint.plaster("#7c978c", "#67857c"), [(0, height - 1.15, 2 * HALF_WIDTH, 1.15, wainscot)]
        ),
        "right": panelled,
        "back": paint.plaster("#b0603f", "#9a5037", 0.6),
        "front": paint.bricks(("#a0523a", "#ad6043", "#934a35", "#b3714f", "#a3583e"), "#bda287"),
        "bottom": paint.boards(("#8a6238", "#95693d", "#7c5530", "#9c7347"), 0.21, 1.6),
        "top": paint.plaster("#e8e0cf", "#cfc2a8", 0.8),
    }
    centre = (0.0, (FLOOR_Y + CEILING_Y) / 2, 0.0)
    shape = Room((HALF_WIDTH, height / 2, HALF_WIDTH))
    return Thing(
        "room",
        shape,
        centre,
        paints,
        texels_per_unit=_WALL_TEXELS,
        light_texels_per_unit=_ROOM_LIGHT,
        casts_shadow=False,
    )


def _window() -> list[Thing]:
    white = paint.painted("#e9e4d6", 0.06)
    glass = Thing(
        "window",
        Box((0.01, 0.78, 1.12)),
        (-HALF_WIDTH + 0.01, -1.275, 0),
        {"right": prints.window_view},
        texels_per_unit=_WALL_TEXELS,
        casts_shadow=False,
        glow={"right": 0.85},
    )

    def bar(name: str, half_y: float, half_z: float, y: float, z: float) -> Thing:
        place = (-HALF_WIDTH + 0.04, y, z)
        return Thing(
            name,
            Box((0.04, half_y, half_z)),
            place,
            {"*": white},
            texels_per_unit=_WALL_TEXELS,
            casts_shadow=False,
        )

    frame = [
        bar("window top", 0.06, 1.16, -2.05, 0),
        bar("window sill", 0.05, 1.2, -0.5, 0),
        bar("window left", 0.78, 0.05, -1.275, -1.1),
        bar("window right", 0.78, 0.05, -1.275, 1.1),
        bar("window post", 0.74, 0.05, -1.275, 0),
        bar("window rail", 0.05, 1.06, -1.31, 0),
    ]
    return [glass, *frame]


def _pictures() -> list[Thing]:
    blue, red, gold, ink = "#2a4f77", "#b5402c", "#d9a33c", "#22201e"
    dawn = prints.landscape(("#e7b27a", "#f3e0bd"), ("#9a7f8f", "#6f6a86", "#4b5a6e", "#2f4350"), "#f4d26a")
    dusk = prints.landscape(("#43618f", "#e6a07a"), ("#7f6a8a", "#4f5478", "#39506b", "#23404a"), "#f0c77b")
    meadow = prints.landscape(("#8fb8cf", "#e8ead8"), ("#8fa88a", "#6f9458", "#55793b", "#3f5f2c"), "#fff3c9")
    fern = prints.botanical("#ece3cb", "#4a5a2a", ("#55743a", "#76934a", "#3f5c38"))
    maple = prints.botanical("#e9dcc0", "#6b4226", ("#b5532c", "#cf8a3a", "#8a3a24"))
    hung: list[tuple[str, tuple[float, float], tuple[float, float], Paint]] = [
        (
            "right",
            (-1.9, -1.05),
            (0.50, 0.68),
            prints.geometric("#ecdfc2", (red, blue, gold, ink), "CALOTYPE"),
        ),
        ("right", (-0.55, -1.15), (0.62, 0.45), dawn),
        ("right", (0.85, -1.05), (0.46, 0.62), prints.geometric("#23364d", (gold, "#e9dcc0", red), "1841")),
        ("right", (2.25, -1.1), (0.52, 0.40), meadow),
        (
            "front",
            (-2.0, -0.95),
            (0.52, 0.66),
            prints.geometric("#d9c9a5", (ink, red, "#4f7a6a"), "NEGATIVE"),
        ),
        ("front", (-0.3, -1.05), (0.70, 0.50), dusk),
        ("front", (1.5, -0.9), (0.46, 0.62), prints.broadsheet("SUN PRINTS")),
        ("back", (-2.2, -1.0), (0.44, 0.60), fern),
        (
            "back",
            (-0.85, -1.1),
            (0.60, 0.44),
            prints.landscape(("#d9cfae", "#efe0bd"), ("#b08a5c", "#8a6a44", "#5f4a32"), "#c2452d"),
        ),
        ("left", (-2.3, -1.05), (0.42, 0.58), maple),
        ("left", (2.3, -1.05), (0.42, 0.58), prints.geometric("#e3d3b0", (blue, "#7a9a8a", ink), "PRINT")),
    ]
    return [_hung(*picture) for picture in hung]


def _hung(wall: str, centre: tuple[float, float], half: tuple[float, float], picture: Paint) -> Thing:
    """A framed picture on a wall; `centre` is (along the wall, y)."""
    along, y = centre
    thick = 0.025
    depth = HALF_WIDTH - thick
    places = {
        "right": ((depth, y, along), "left"),
        "left": ((-depth, y, along), "right"),
        "back": ((along, y, depth), "front"),
        "front": ((along, y, -depth), "back"),
    }
    place, face = places[wall]
    across = half[0]
    box = Box((thick, half[1], across) if wall in ("left", "right") else (across, half[1], thick))
    paints: dict[str, Paint] = {face: prints.framed(picture), "*": paint.wood("#5a3d26", "#2f1f14")}
    return Thing(f"picture {wall} {along}", box, place, paints, texels_per_unit=120)


def _shelf() -> list[Thing]:
    width, height, thick = 1.5, 2.0, 0.16
    x, z = 1.75, HALF_WIDTH - thick
    row = height / 4
    rows = [
        (0.05, 0.05 + k * row, width - 0.10, row - 0.09, prints.shelf_of_books(_CLOTHS, _INKS))
        for k in range(4)
    ]
    front = prints.on_wall(paint.wood("#8a5f38", "#5b3a20"), rows)
    shelf = Thing(
        "shelf",
        Box((width / 2, height / 2, thick)),
        (x, FLOOR_Y - height / 2, z),
        {"front": front, "*": paint.wood("#8a5f38", "#5b3a20")},
        texels_per_unit=130,
    )
    top = FLOOR_Y - height
    jug = Lathe(((0, 0.10), (0.16, 0.17), (0.30, 0.09), (0.38, 0.11)))
    return [
        shelf,
        Thing(
            "jug",
            jug,
            (x - 0.35, top - 0.19, z),
            {"side": paint.terracotta, "*": paint.soil},
            texels_per_unit=110,
        ),
        Thing(
            "ball on shelf",
            Ellipsoid((0.15, 0.15, 0.15)),
            (x + 0.25, top - 0.15, z),
            {"*": paint.citrus("#3f6f8a", "#86a9b0")},
            texels_per_unit=110,
        ),
    ]


def _floor_things() -> list[Thing]:
    rug = Thing(
        "rug",
        Box((1.75, 0.006, 1.35)),
        (0.1, FLOOR_Y - 0.006, 0.0),
        {"top": paint.woven_rug("#7a2f2a", "#304d66", "#b79b70")},
        rotation(0.06),
        texels_per_unit=100,
    )
    slats = paint.boards(("#b58d58", "#a37a45", "#c39d69"), 0.11, 2.0)
    stencil = prints.on_wall(
        slats, [(0.10, 0.13, 0.5, 0.24, prints.geometric("#b58d58", ("#3a2a1c", "#7a2f24"), "FRAGILE"))]
    )
    crates = [
        ("crate", (0.35, 0.28, 0.28), (2.45, -2.3), 0.35, 0.0),
        ("upper crate", (0.26, 0.20, 0.22), (2.5, -2.35), -0.2, 0.56),
        ("low crate", (0.35, 0.22, 0.28), (-2.5, -2.2), -0.5, 0.0),
    ]
    boxes = [
        Thing(
            name,
            Box(half),
            (x, FLOOR_Y - on - half[1], z),
            {"*": stencil, "top": slats},
            rotation(yaw),
            texels_per_unit=110,
        )
        for name, half, (x, z), yaw, on in crates
    ]
    seat = Lathe(((0, 0.20), (0.02, 0.22), (0.05, 0.22), (0.07, 0.19)))
    stool_x, stool_z = -1.35, 0.75
    legs = [
        Thing(
            f"stool leg {k}",
            Box((0.02, 0.27, 0.02)),
            (
                stool_x + 0.14 * float(np.cos(k * 2.1)),
                FLOOR_Y - 0.27,
                stool_z + 0.14 * float(np.sin(k * 2.1)),
            ),
            {"*": paint.wood("#6b4a2c", "#43290f")},
            texels_per_unit=110,
        )
        for k in range(3)
    ]
    cushion = Thing(
        "stool",
        seat,
        (stool_x, FLOOR_Y - 0.575, stool_z),
        {"top": paint.gingham("#2f6a5c", "#e3d6b8", 0.07), "*": paint.leather("#5f3a22")},
        texels_per_unit=140,
    )
    return [rug, *boxes, *legs, cushion]


def _plant() -> list[Thing]:
    x, z = -2.35, 2.3
    pot = Lathe(((0, 0.20), (0.38, 0.28), (0.40, 0.31), (0.48, 0.31)))
    rng = np.random.default_rng(11)
    things = [
        Thing(
            "pot",
            pot,
            (x, FLOOR_Y - 0.24, z),
            {"side": paint.terracotta, "*": paint.soil},
            texels_per_unit=110,
        )
    ]
    for k in range(13):
        heading = 2.4 * k
        lift = 0.15 + 0.075 * k
        reach = 0.42 - 0.018 * k
        centre = (x + reach * np.cos(heading) * 0.8, FLOOR_Y - 0.48 - lift, z + reach * np.sin(heading) * 0.8)
        turn = rotation(yaw=-heading, roll=-0.35 - float(rng.uniform(0, 0.7)))
        things.append(
            Thing(
                f"plant leaf {k}",
                Ellipsoid((0.30, 0.022, 0.10)),
                (float(centre[0]), float(centre[1]), float(centre[2])),
                {"*": paint.leaf},
                turn,
                texels_per_unit=90,
            )
        )
    return things
