"""Weights of a network like ALIKED, small and random."""

from __future__ import annotations

import torch

from calotype.vision.sfm.aliked import expected_shapes

TINY = {
    "block1.bn1.weight": (4,),
    "block2.bn1.weight": (4,),
    "block3.bn1.weight": (8,),
    "block4.bn1.weight": (16,),
    "desc_head.agg_weights": (5, 16, 16),
}
"""What tells a variant: channels of the four blocks, and 5 places for descriptors of 16 numbers."""


def tiny_weights(seed: int = 0) -> dict[str, torch.Tensor]:
    """Random weights under the published names, of sizes that keep activations near 1."""
    random = torch.Generator().manual_seed(seed)
    weights: dict[str, torch.Tensor] = {}
    for name, shape in expected_shapes(TINY).items():
        if name.endswith("num_batches_tracked"):
            weights[name] = torch.tensor(1000)
        elif name.endswith(("running_var", "bn1.weight", "bn2.weight")):
            weights[name] = torch.rand(shape, generator=random) + 0.5
        else:
            inputs = max(1, int(torch.tensor(shape[1:]).prod()))
            weights[name] = torch.randn(shape, generator=random) / inputs**0.5
    return weights
