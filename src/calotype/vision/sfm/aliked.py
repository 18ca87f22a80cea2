"""Find keypoints and describe them with ALIKED, a small network whose sampling positions bend with the picture.

Method: Zhao et al., "ALIKED: A Lighter Keypoint and Descriptor Extraction Network via Deformable Transformation", 2023, whose
weights are published under BSD-3. The network is evaluated as the paper draws it, but what the paper computes for every pixel and
uses at few (the 128 channels of the feature map) is computed at those few: 1280 x 960 pixels need 0.5 GB instead of 2.
Coordinates in this file are those of array indices, x before y: the centre of the top-left pixel is (0, 0).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

Weights = Mapping[str, Tensor]
Convolution = Callable[[str, Tensor], Tensor]

_DIVISIBLE_BY = 32  # What the coarsest level is smaller by.
_RADIUS = 2
"""Pixels within which only the highest score is a keypoint, and over which its place is averaged."""
_TEMPERATURE = 0.1
_BATCH_NORM_EPSILON = 1e-5
_ROWS_AT_ONCE = 128
_KEYPOINTS_AT_ONCE = 512


@dataclass(frozen=True)
class Maps:
    """What the encoder makes of a picture, padded to [H, W], multiples of 32."""

    finest: Tensor
    """[1, c1, H, W]: block 1; its share of the feature map is computed where it is asked for."""
    coarser: tuple[Tensor, ...]
    """[1, d / 4, H / s, W / s] for s = 2, 8, 32: their shares of the feature map, before they are scaled up."""
    height: int
    width: int
    """Of the picture itself."""
    left: int
    top: int
    """Where the picture begins in the padded one."""


class Aliked:
    """The network of one set of weights, for pictures of any size."""

    def __init__(self, weights: Weights) -> None:
        """`weights` are those published, by their names (see `expected_shapes`); they are taken as they are."""
        self._weights = weights
        self._folded = {
            f"{block}.conv{number}": _with_batch_norm(weights, block, number)
            for block in ("block1", "block2", "block3", "block4")
            for number in (1, 2)
        }

    @property
    def length(self) -> int:
        """Numbers in a descriptor."""
        return self._weights["desc_head.sf_conv.weight"].shape[0]

    @torch.inference_mode()
    def find(self, rgb: Tensor, most: int, least_score: float) -> tuple[Tensor, Tensor, Tensor]:
        """Keypoints [n, 2], descriptors [n, d] of length 1 and scores [n] of a picture uint8 [h, w, 3], the best first.

        At most `most`, none that scores less than `least_score`, 0 to 1.
        """
        maps = self.encode(rgb.permute(2, 0, 1)[None].float() / 255)
        keypoints, scores = detect(self.score_map(maps), most, least_score)
        return keypoints, self.describe(maps, keypoints), scores

    def encode(self, picture: Tensor) -> Maps:
        """The levels of a picture [1, 3, h, w] of 0 to 1."""
        _, _, h, w = picture.shape
        right, below = -w % _DIVISIBLE_BY, -h % _DIVISIBLE_BY
        left, top = right // 2, below // 2
        x = functional.pad(picture, (left, right - left, top, below - top), mode="replicate")
        x1 = self._plain("block1.conv2", self._plain("block1.conv1", x))
        x2 = self._residual("block2", functional.avg_pool2d(x1, 2), self._plain_conv)
        x3 = self._residual("block3", functional.avg_pool2d(x2, 4), self._deformable_conv)
        x4 = self._residual("block4", functional.avg_pool2d(x3, 4), self._deformable_conv)
        coarser = tuple(
            functional.selu(functional.conv2d(x, self._weights[f"conv{n}.weight"]))
            for n, x in ((2, x2), (3, x3), (4, x4))
        )
        return Maps(x1, coarser, h, w, left, top)

    def score_map(self, maps: Maps) -> Tensor:
        """How well each pixel would do as a keypoint, [h, w], 0 to 1."""
        size = maps.finest.shape[2:]
        # The first layer is linear and sees one pixel: applied to each level before it is scaled up, it gives the same.
        shares = self._weights["score_head.0.weight"].chunk(4, dim=1)
        strips = maps.finest.split(_ROWS_AT_ONCE, dim=2)
        head = torch.cat([functional.conv2d(self._finest_share(strip), shares[0]) for strip in strips], dim=2)
        for level, share in zip(maps.coarser, shares[1:], strict=True):
            head = head + functional.interpolate(
                functional.conv2d(level, share), size, mode="bilinear", align_corners=True
            )
        for layer in (2, 4, 6):
            head = functional.conv2d(
                functional.selu(head), self._weights[f"score_head.{layer}.weight"], padding=1
            )
        inside = head[0, 0, maps.top : maps.top + maps.height, maps.left : maps.left + maps.width]
        return inside.sigmoid()

    def describe(self, maps: Maps, keypoints: Tensor) -> Tensor:
        """Descriptors [n, d] of length 1 of the keypoints [n, 2]: features gathered where the network looks for them."""
        parts = [self._described(maps, part) for part in keypoints.split(_KEYPOINTS_AT_ONCE)]
        return torch.cat(parts) if parts else keypoints.new_zeros((0, self.length))

    def features_at(self, maps: Maps, pixels: Tensor) -> Tensor:
        """The feature map [n, d], each row of length 1, at whole pixels [n, 2] of the picture; zeros outside of it."""
        inside = ((pixels >= 0) & (pixels < pixels.new_tensor([maps.width, maps.height]))).all(dim=1)
        H, W = maps.finest.shape[2:]
        x = (pixels[:, 0] + maps.left).clamp(0, W - 1)
        y = (pixels[:, 1] + maps.top).clamp(0, H - 1)
        shares = [self._finest_share(maps.finest[0, :, y, x][None, :, :, None])]
        grid = torch.stack([2 * x / (W - 1) - 1, 2 * y / (H - 1) - 1], dim=-1)[None, :, None]
        shares += [functional.grid_sample(level, grid, align_corners=True) for level in maps.coarser]
        rows = torch.cat(shares, dim=1)[0, :, :, 0].T
        return functional.normalize(rows, dim=1) * inside[:, None]

    def _described(self, maps: Maps, keypoints: Tensor) -> Tensor:
        """The paper's sparse deformable descriptor head (SDDH)."""
        weights, n, d = self._weights, len(keypoints), self.length
        steps = torch.arange(-1, 2)
        around = torch.stack(torch.meshgrid(steps, steps, indexing="xy"), dim=-1)  # [row, column, (x, y)]
        pixels = keypoints.long()[:, None, None] + around
        patches = self.features_at(maps, pixels.reshape(-1, 2)).reshape(n, 3, 3, d).permute(0, 3, 1, 2)
        hidden = functional.conv2d(
            patches, weights["desc_head.offset_conv.0.weight"], weights["desc_head.offset_conv.0.bias"]
        )
        moves = functional.conv2d(
            functional.selu(hidden),
            weights["desc_head.offset_conv.2.weight"],
            weights["desc_head.offset_conv.2.bias"],
        )
        farthest = max(maps.height, maps.width) / 4
        moves = moves.clamp(-farthest, farthest).reshape(n, 2, -1).transpose(1, 2)
        sampled = self._features_between(maps, (keypoints[:, None] + moves).reshape(-1, 2))
        sampled = functional.selu(sampled @ weights["desc_head.sf_conv.weight"][:, :, 0, 0].T).reshape(
            n, -1, d
        )
        return functional.normalize(
            torch.einsum("npc,pcd->nd", sampled, weights["desc_head.agg_weights"]), dim=1
        )

    def _features_between(self, maps: Maps, places: Tensor) -> Tensor:
        """The feature map [n, d] at places [n, 2] between pixels, bilinear."""
        corner = places.floor()
        part = places - corner
        result = places.new_zeros((len(places), self.length))
        for dx in (0, 1):
            for dy in (0, 1):
                share = (part[:, 0] if dx else 1 - part[:, 0]) * (part[:, 1] if dy else 1 - part[:, 1])
                pixels = corner.long() + torch.tensor([dx, dy])
                result += share[:, None] * self.features_at(maps, pixels)
        return result

    def _finest_share(self, x: Tensor) -> Tensor:
        return functional.selu(functional.conv2d(x, self._weights["conv1.weight"]))

    def _plain(self, name: str, x: Tensor) -> Tensor:
        return functional.selu(self._plain_conv(name, x))

    def _plain_conv(self, name: str, x: Tensor) -> Tensor:
        kernel, bias = self._folded[name]
        return functional.conv2d(x, kernel, bias, padding=1)

    def _deformable_conv(self, name: str, x: Tensor) -> Tensor:
        weights = self._weights
        moves = functional.conv2d(
            x, weights[f"{name}.offset_conv.weight"], weights[f"{name}.offset_conv.bias"], padding=1
        )
        farthest = max(x.shape[2:]) / 4
        kernel, bias = self._folded[name]
        return deformable_convolution(x, moves.clamp(-farthest, farthest), kernel, bias)

    def _residual(self, block: str, x: Tensor, convolve: Convolution) -> Tensor:
        inner = convolve(f"{block}.conv2", functional.selu(convolve(f"{block}.conv1", x)))
        weights = self._weights
        short = functional.conv2d(
            x, weights[f"{block}.downsample.weight"], weights[f"{block}.downsample.bias"]
        )
        return functional.selu(inner + short)


def deformable_convolution(x: Tensor, moves: Tensor, kernel: Tensor, bias: Tensor) -> Tensor:
    """A 3 x 3 convolution of x [1, c, h, w], each of whose nine samples is moved by `moves` [1, 18, h, w]; zeros lie outside.

    `moves` holds y and x, in pixels, of the kernel's places row by row. Method: Dai et al., "Deformable Convolutional Networks",
    2017.
    """
    _, c, h, w = x.shape
    steps = torch.arange(-1, 2, dtype=x.dtype)
    rows = torch.arange(h, dtype=x.dtype)[:, None] + steps.repeat_interleave(3)[:, None, None]
    columns = torch.arange(w, dtype=x.dtype) + steps.repeat(3)[:, None, None]
    by_place = moves.reshape(9, 2, h, w)
    y, at_x = rows + by_place[:, 0], columns + by_place[:, 1]
    # A picture of one row or column has no extent to divide by; any divisor keeps index 0 at -1.
    grid = torch.stack([2 * at_x / max(1, w - 1) - 1, 2 * y / max(1, h - 1) - 1], dim=-1)
    samples = functional.grid_sample(x, grid.reshape(1, 9 * h, w, 2), align_corners=True).reshape(c, 9, h * w)
    flat = kernel.reshape(len(kernel), c * 9) @ samples.reshape(c * 9, h * w)
    return (flat + bias[:, None]).reshape(1, -1, h, w)


def detect(scores: Tensor, most: int, least_score: float) -> tuple[Tensor, Tensor]:
    """Keypoints [n, 2] between pixels and their scores [n], the best first, of a map of scores [h, w].

    A keypoint is the highest score within two pixels, moved to the mean place of the scores about it, weighted by the softmax
    of the scores (the paper's differentiable keypoint detection). None lies within two pixels of the border.
    """
    h, w = scores.shape
    highest = functional.max_pool2d(scores[None], 2 * _RADIUS + 1, stride=1, padding=_RADIUS)[0]
    is_peak = (scores == highest) & (scores >= least_score)
    inner = torch.zeros_like(is_peak)
    inner[_RADIUS : h - _RADIUS, _RADIUS : w - _RADIUS] = True
    y, x = (is_peak & inner).nonzero(as_tuple=True)
    best = scores[y, x].argsort(descending=True, stable=True)[:most]
    y, x = y[best], x[best]
    steps = torch.arange(-_RADIUS, _RADIUS + 1)
    patches = scores[y[:, None, None] + steps[:, None], x[:, None, None] + steps]
    share = (patches.flatten(1) / _TEMPERATURE).softmax(dim=1).reshape(patches.shape)
    moved_x = (share.sum(dim=1) * steps).sum(dim=1)
    moved_y = (share.sum(dim=2) * steps).sum(dim=1)
    return torch.stack([x + moved_x, y + moved_y], dim=1), scores[y, x]


def expected_shapes(found: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """The name and shape of every tensor of the variant (t16, n16, n32, ...) that some of the `found` ones belong to.

    Raises KeyError or IndexError when those are not there that tell the variant.
    """
    c1, c2, c3, c4 = (found[f"block{n}.bn1.weight"][0] for n in (1, 2, 3, 4))
    places = found["desc_head.agg_weights"][0]
    quarter = c4 // 4
    shapes: dict[str, tuple[int, ...]] = {}
    for n, inner, outer in ((1, 3, c1), (2, c1, c2), (3, c2, c3), (4, c3, c4)):
        block = f"block{n}"
        for number, channels in ((1, inner), (2, outer)):
            name = f"{block}.conv{number}"
            if n <= 2:
                shapes[f"{name}.weight"] = (outer, channels, 3, 3)
            else:
                shapes[f"{name}.offset_conv.weight"] = (18, channels, 3, 3)
                shapes[f"{name}.offset_conv.bias"] = (18,)
                shapes[f"{name}.regular_conv.weight"] = (outer, channels, 3, 3)
            norm = f"{block}.bn{number}"
            shapes |= {
                f"{norm}.{part}": (outer,) for part in ("weight", "bias", "running_mean", "running_var")
            }
            shapes[f"{norm}.num_batches_tracked"] = ()
        if n > 1:
            shapes[f"{block}.downsample.weight"] = (outer, inner, 1, 1)
            shapes[f"{block}.downsample.bias"] = (outer,)
        shapes[f"conv{n}.weight"] = (quarter, outer, 1, 1)
    for layer, inner, outer, side in ((0, c4, 8, 1), (2, 8, 4, 3), (4, 4, 4, 3), (6, 4, 1, 3)):
        shapes[f"score_head.{layer}.weight"] = (outer, inner, side, side)
    shapes["desc_head.agg_weights"] = (places, c4, c4)
    shapes["desc_head.offset_conv.0.weight"] = (2 * places, c4, 3, 3)
    shapes["desc_head.offset_conv.0.bias"] = (2 * places,)
    shapes["desc_head.offset_conv.2.weight"] = (2 * places, 2 * places, 1, 1)
    shapes["desc_head.offset_conv.2.bias"] = (2 * places,)
    shapes["desc_head.sf_conv.weight"] = (c4, c4, 1, 1)
    return shapes


def _with_batch_norm(weights: Weights, block: str, number: int) -> tuple[Tensor, Tensor]:
    """Kernel and bias of a convolution that does what it and its batch normalisation did one after the other."""
    name = f"{block}.conv{number}"
    kernel = weights.get(f"{name}.weight")
    if kernel is None:
        kernel = weights[f"{name}.regular_conv.weight"]
    norm = f"{block}.bn{number}"
    scale = weights[f"{norm}.weight"] / (weights[f"{norm}.running_var"] + _BATCH_NORM_EPSILON).sqrt()
    bias = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale
    return kernel * scale[:, None, None, None], bias
