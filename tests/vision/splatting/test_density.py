from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calotype.vision.splatting.density import Contributions, Statistics, plan_surgery
from calotype.vision.splatting.options import PRESETS, TrainOptions


def random_numbers(n: int, seed: int) -> tuple[Statistics, Contributions]:
    rng = np.random.default_rng(seed)
    weight = rng.uniform(0, 5, n) * (rng.uniform(size=n) > 0.3)
    statistics = Statistics(
        gradient=rng.exponential(size=n).astype(np.float32),
        seen=rng.integers(0, 20, n).astype(np.float32),
        opacities=rng.uniform(0, 1, n).astype(np.float32) ** 3,
    )
    contributions = Contributions(
        weight=weight.astype(np.float32),
        error=(weight * rng.uniform(size=n)).astype(np.float32),
        max_weight=np.minimum(weight, rng.uniform(0, 1, n)).astype(np.float32),
    )
    return statistics, contributions


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 300), st.integers(0, 600), st.integers(0, 2**31))
def test_a_plan_keeps_the_budget_and_never_drops_what_it_splits(n: int, budget: int, seed: int) -> None:
    statistics, contributions = random_numbers(n, seed)
    plan = plan_surgery(statistics, contributions, budget=budget, prune_opacity=0.01, prune_weight=0.02)
    after = n - len(plan.drop) + len(plan.split)
    assert after <= max(budget, n - len(plan.drop))
    assert not set(plan.drop) & set(plan.split)
    assert len(set(plan.split)) == len(plan.split)
    assert after > 0
    assert (np.diff(plan.split) > 0).all()
    assert (statistics.seen[plan.split] > 0).all() or (statistics.gradient[plan.split] > 0).all()


def test_the_same_numbers_give_the_same_plan() -> None:
    numbers = random_numbers(500, 3)
    first, again = (
        plan_surgery(*numbers, budget=700, prune_opacity=0.01, prune_weight=0.02) for _ in range(2)
    )
    assert (first.split == again.split).all()
    assert (first.drop == again.drop).all()


def test_faint_and_hidden_gaussians_are_dropped_but_not_those_nobody_looked_at() -> None:
    statistics = Statistics(
        np.ones(4, np.float32), np.ones(4, np.float32), np.array([0.001, 0.5, 0.5, 0.5], np.float32)
    )
    contributions = Contributions(
        weight=np.array([1, 1, 0, 1], np.float32),
        error=np.zeros(4, np.float32),
        max_weight=np.array([0.5, 0.001, 0, 0.5], np.float32),
    )
    plan = plan_surgery(statistics, contributions, budget=4, prune_opacity=0.005, prune_weight=0.02)
    assert plan.drop.tolist() == [0, 1]


def test_gaussians_stand_in_line_for_splitting_by_pull_and_error() -> None:
    statistics = Statistics(
        np.array([1, 4, 9, 2], np.float32), np.ones(4, np.float32), np.full(4, 0.5, np.float32)
    )
    contributions = Contributions(
        np.ones(4, np.float32), np.array([1, 1, 0, 1], np.float32), np.ones(4, np.float32)
    )
    plan = plan_surgery(statistics, contributions, budget=6, prune_opacity=0.005, prune_weight=0.02)
    assert plan.split.tolist() == [1, 3]


def test_an_all_useless_splat_is_not_emptied() -> None:
    statistics, contributions = random_numbers(10, 0)
    plan = plan_surgery(statistics, contributions, budget=10, prune_opacity=1.0, prune_weight=1.0)
    assert len(plan.drop) == 0


def test_numbers_that_are_not_finite_never_win_a_split() -> None:
    statistics, contributions = random_numbers(5, 1)
    statistics.gradient[2] = np.inf
    statistics.gradient[3] = np.nan
    plan = plan_surgery(statistics, contributions, budget=100, prune_opacity=0.0, prune_weight=0.0)
    assert not {2, 3} & set(plan.split)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_the_schedules_of_a_preset_are_monotone_and_end_where_they_should(name: str) -> None:
    options = TrainOptions.preset(name)  # type: ignore[arg-type]
    at = range(0, options.iterations, max(1, options.iterations // 300))
    budgets = [options.budget_at(i, 5000) for i in at if i >= options.densify_from * options.iterations]
    assert budgets == sorted(budgets)
    assert budgets[-1] == options.gaussians
    assert [options.reduction_at(i) for i in at] == sorted(
        (options.reduction_at(i) for i in at), reverse=True
    )
    assert options.reduction_at(options.iterations - 1) == 1
    assert options.sh_degree_at(options.iterations - 1) == options.sh_degree
    assert options.lr_factor_at(0) == 1
    assert options.lr_means_at(0) == pytest.approx(options.lr_means)
    assert options.lr_means_at(options.iterations) == pytest.approx(options.lr_means_end)
    assert not options.densifies_at(options.iterations)
