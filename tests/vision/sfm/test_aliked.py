"""ALIKED in plain torch: each shortcut against what the paper says in full, and the published weights on a real photo."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from tests.vision.sfm.tiny_aliked import tiny_weights
from torch.nn import functional

from calotype.vision.images.decode import load_rgb
from calotype.vision.sfm.aliked import Aliked, Maps, deformable_convolution, detect
from calotype.vision.sfm.learned import mutual_matches, read_learned_features


@pytest.fixture(scope="module")
def tiny() -> Aliked:
    return Aliked(tiny_weights())


@pytest.fixture
def picture() -> torch.Tensor:
    """[1, 3, 45, 70] of noise: neither side is a multiple of 32."""
    return torch.rand((1, 3, 45, 70), generator=torch.Generator().manual_seed(1))


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def reference_deformable_convolution(x, moves, kernel, bias) -> np.ndarray:
    """The definition, one product at a time: every sample bilinear between pixels, pixels outside zero."""
    _, c, h, w = x.shape
    result = np.zeros((len(kernel), h, w))

    def pixel(channel: int, row: int, column: int) -> float:
        return float(x[0, channel, row, column]) if 0 <= row < h and 0 <= column < w else 0.0

    def between(channel: int, row: float, column: float) -> float:
        top, left = math.floor(row), math.floor(column)
        part = 0.0
        for i, j in itertools.product((0, 1), (0, 1)):
            share = (1 - abs(row - top - i)) * (1 - abs(column - left - j))
            part += share * pixel(channel, top + i, left + j)
        return part

    for out, row, column in itertools.product(range(len(kernel)), range(h), range(w)):
        total = float(bias[out])
        for channel, i, j in itertools.product(range(c), range(3), range(3)):
            place = 3 * i + j
            down, right = moves[0, 2 * place, row, column], moves[0, 2 * place + 1, row, column]
            total += float(kernel[out, channel, i, j]) * between(
                channel, row + i - 1 + float(down), column + j - 1 + float(right)
            )
        result[out, row, column] = total
    return result


def test_a_deformable_convolution_is_what_its_definition_says() -> None:
    x, kernel, bias = random(1, 2, 5, 6), random(3, 2, 3, 3, seed=1), random(3, seed=2)
    moves = 2 * random(1, 18, 5, 6, seed=3)
    found = deformable_convolution(x, moves, kernel, bias)
    np.testing.assert_allclose(found[0], reference_deformable_convolution(x, moves, kernel, bias), atol=1e-4)


def test_without_moves_it_is_an_ordinary_convolution() -> None:
    x, kernel, bias = random(1, 4, 9, 13), random(5, 4, 3, 3, seed=1), random(5, seed=2)
    found = deformable_convolution(x, torch.zeros(1, 18, 9, 13), kernel, bias)
    torch.testing.assert_close(found, functional.conv2d(x, kernel, bias, padding=1), atol=1e-4, rtol=1e-4)


def test_moving_every_sample_alike_moves_the_picture() -> None:
    x, kernel, bias = random(1, 4, 12, 14), random(5, 4, 3, 3, seed=1), random(5, seed=2)
    moves = torch.tensor([2.0, -3.0]).repeat(9)[None, :, None, None].expand(1, 18, 12, 14)
    found = deformable_convolution(x, moves, kernel, bias)
    moved = torch.roll(functional.conv2d(x, kernel, bias, padding=1), (-2, 3), dims=(2, 3))
    torch.testing.assert_close(found[..., 1:-4, 5:-1], moved[..., 1:-4, 5:-1], atol=1e-4, rtol=1e-4)


def hills(*places: tuple[float, float]) -> torch.Tensor:
    """[40, 60] scores with a round hill at each place, each lower than the one before it."""
    y, x = torch.meshgrid(torch.arange(40.0), torch.arange(60.0), indexing="ij")
    scores = torch.zeros(40, 60)
    for number, (at_x, at_y) in enumerate(places):
        scores += (0.9 - 0.1 * number) * torch.exp(-((x - at_x) ** 2 + (y - at_y) ** 2) / 2)
    return scores


def test_keypoints_lie_on_the_tops_of_hills_between_pixels_the_best_first() -> None:
    places = [(10.3, 20.0), (30.0, 11.7), (45.6, 30.4)]
    keypoints, scores = detect(hills(*places), 10, 0.2)
    np.testing.assert_allclose(keypoints, places, atol=0.15)
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)


def test_only_so_many_keypoints_are_kept_and_none_that_score_less() -> None:
    scores = hills((10, 20), (30, 11), (45, 30))
    assert len(detect(scores, 2, 0.2)[0]) == 2
    assert len(detect(scores, 10, 0.75)[0]) == 2
    assert len(detect(scores, 10, 0.95)[0]) == 0


def test_keypoints_move_with_the_scores_and_none_lies_at_the_border() -> None:
    scores = torch.rand((50, 60), generator=torch.Generator().manual_seed(4))
    keypoints, _ = detect(scores, 1000, 0.5)
    moved, _ = detect(torch.roll(scores, (3, 5), dims=(0, 1)), 1000, 0.5)
    inner = keypoints[(keypoints < torch.tensor([50.0, 42.0])).all(dim=1)]
    assert len(inner) > 20
    assert (
        torch.cdist(inner + torch.tensor([5.0, 3.0]), moved, compute_mode="donot_use_mm_for_euclid_dist")
        .min(dim=1)
        .values.max()
        < 1e-4
    )
    nearest = keypoints.round()
    assert (nearest >= 1).all()
    assert (nearest <= torch.tensor([58.0, 48.0])).all()


def dense_features(tiny: Aliked, maps: Maps) -> torch.Tensor:
    """The paper's feature map before each pixel's features are made a unit vector, in full: [1, d, H, W]."""
    finest = functional.selu(functional.conv2d(maps.finest, tiny_weights()["conv1.weight"]))
    size = maps.finest.shape[2:]
    scaled = [
        functional.interpolate(level, size, mode="bilinear", align_corners=True) for level in maps.coarser
    ]
    return torch.cat([finest, *scaled], dim=1)


def cropped(maps: Maps, x: torch.Tensor) -> torch.Tensor:
    return x[..., maps.top : maps.top + maps.height, maps.left : maps.left + maps.width]


def test_scores_are_those_of_the_whole_head_on_the_whole_feature_map(tiny, picture) -> None:
    maps, weights = tiny.encode(picture), tiny_weights()
    x = functional.conv2d(dense_features(tiny, maps), weights["score_head.0.weight"])
    for layer in (2, 4, 6):
        x = functional.conv2d(functional.selu(x), weights[f"score_head.{layer}.weight"], padding=1)
    found = tiny.score_map(maps)
    assert found.shape == (45, 70)
    torch.testing.assert_close(found, cropped(maps, x)[0, 0].sigmoid(), atol=1e-5, rtol=1e-4)


def test_features_gathered_at_pixels_are_those_of_the_whole_map(tiny, picture) -> None:
    maps = tiny.encode(picture)
    whole = functional.normalize(cropped(maps, dense_features(tiny, maps)), dim=1)[0]
    pixels = torch.cartesian_prod(torch.arange(70), torch.arange(45))
    found = tiny.features_at(maps, pixels)
    torch.testing.assert_close(found, whole[:, pixels[:, 1], pixels[:, 0]].T, atol=1e-5, rtol=1e-4)
    assert not tiny.features_at(maps, torch.tensor([[-1, 3], [70, 3], [3, 45], [3, -1]])).any()


def test_descriptors_are_those_of_the_head_on_the_whole_map(tiny, picture) -> None:
    maps, weights = tiny.encode(picture), tiny_weights()
    whole = functional.normalize(cropped(maps, dense_features(tiny, maps)), dim=1)
    keypoints = torch.tensor([[20.3, 30.8], [0.0, 0.0], [68.9, 44.0], [35.5, 10.1]])
    expected = []
    for x, y in keypoints.tolist():
        column, row = int(x), int(y)
        patch = functional.pad(whole, (1, 1, 1, 1))[:, :, row : row + 3, column : column + 3]
        head = "desc_head.offset_conv"
        hidden = functional.conv2d(patch, weights[f"{head}.0.weight"], weights[f"{head}.0.bias"])
        moves = functional.conv2d(
            functional.selu(hidden), weights[f"{head}.2.weight"], weights[f"{head}.2.bias"]
        )[0, :, 0, 0].clamp(-70 / 4, 70 / 4)
        places = torch.tensor([x, y]) + torch.stack([moves[:5], moves[5:]], dim=1)
        grid = 2 * places / torch.tensor([69.0, 44.0]) - 1
        sampled = functional.grid_sample(whole, grid[None, :, None], align_corners=True)
        sampled = functional.selu(functional.conv2d(sampled, weights["desc_head.sf_conv.weight"]))
        total = torch.einsum("cp,pcd->d", sampled[0, :, :, 0], weights["desc_head.agg_weights"])
        expected.append(functional.normalize(total, dim=0))
    found = tiny.describe(maps, keypoints)
    torch.testing.assert_close(found, torch.stack(expected), atol=1e-4, rtol=1e-3)
    torch.testing.assert_close(found.norm(dim=1), torch.ones(4))


def test_the_first_block_is_convolution_then_batch_normalisation(tiny, picture) -> None:
    weights, x = tiny_weights(), functional.pad(picture, (13, 13, 9, 10), mode="replicate")
    for number in (1, 2):
        norm = [
            weights[f"block1.bn{number}.{part}"] for part in ("running_mean", "running_var", "weight", "bias")
        ]
        x = functional.conv2d(x, weights[f"block1.conv{number}.weight"], padding=1)
        x = functional.selu(functional.batch_norm(x, *norm))
    torch.testing.assert_close(tiny.encode(picture).finest, x, atol=1e-4, rtol=1e-4)


def test_the_same_picture_gives_the_same_keypoints_to_the_bit(tiny) -> None:
    rgb = torch.randint(0, 256, (96, 128, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(2))
    first, second = (tiny.find(rgb, 200, 0.0) for _ in range(2))
    assert len(first[0]) > 50
    for one, other in zip(first, second, strict=True):
        assert torch.equal(one, other)


@pytest.mark.parametrize(("variant", "length"), [("t16", 64), ("n16rot", 128)])
def test_published_weights_find_a_turned_photo_again(variant, length, aliked_weights: Path, kermit) -> None:
    network = read_learned_features(aliked_weights / f"aliked-{variant}.pth").network
    rgb = load_rgb(kermit[0][1], 480)
    h, w = rgb.shape[:2]
    turn = cv2.getRotationMatrix2D((w / 2, h / 2), 10, 1.0)
    turned = cv2.warpAffine(rgb, turn, (w, h))
    (here, mine, _), (there, theirs, _) = (network.find(torch.from_numpy(x), 500, 0.2) for x in (rgb, turned))
    assert mine.shape[1] == length
    matches = mutual_matches(mine, theirs)
    assert len(matches) > 150
    expected = here.numpy()[matches[:, 0]] @ turn[:, :2].T + turn[:, 2]
    error = np.linalg.norm(expected - there.numpy()[matches[:, 1]], axis=1)
    assert np.mean(error < 3) > 0.9
    assert np.median(error) < 0.7


def test_keypoints_of_a_photo_move_with_its_content(aliked_weights: Path, kermit) -> None:
    network = read_learned_features(aliked_weights / "aliked-t16.pth").network
    rgb = torch.from_numpy(load_rgb(kermit[0][1], 640))
    here, _, _ = network.find(rgb[:-32, :-64].contiguous(), 400, 0.2)
    there, _, _ = network.find(rgb[32:, 64:].contiguous(), 4000, 0.1)
    size = torch.tensor([rgb.shape[1] - 64.0, rgb.shape[0] - 32.0])
    inner = here[((here > 96) & (here < size - 32)).all(dim=1)]
    distance = (
        torch.cdist(inner - torch.tensor([64.0, 32.0]), there, compute_mode="donot_use_mm_for_euclid_dist")
        .min(dim=1)
        .values
    )
    assert len(inner) > 50
    # Coarse levels are scaled up from corner to corner, so the picture's size plays in.
    assert distance.median() < 0.1
    assert (distance < 1).float().mean() > 0.9
