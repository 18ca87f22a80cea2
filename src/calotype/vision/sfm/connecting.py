"""Find what the first choice of pairs left loosely connected, and whom else to compare it with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from calotype.vision.sfm.database import Pair
from calotype.vision.sfm.retrieval import F32, most_alike

# COLMAP's mappers use no pair with fewer.
_LEAST_MATCHES = 15
_NEW_PER_PHOTO = 12
_RANKED = 60


def connecting_pairs(matches: Mapping[Pair, int], compared: Collection[Pair], vectors: F32) -> list[Pair]:
    """Pairs not yet compared that may tie loose photos to the rest, at most twelve per loose photo; none if all hold together.

    `matches` are the consistent matches of each pair that has any. Loose is what does not belong to the largest group of photos
    that stays whole without any one of its pairs: a wrong pair there would bend the model, a missing one split it. A loose photo is
    compared with the partners of its partners, then with those it resembles most (`look_vectors`) in other groups, then in its own.
    """
    count = len(vectors)
    tied = [pair for pair, number in matches.items() if number >= _LEAST_MATCHES]
    group = firm_groups(tied, count)
    largest, _ = Counter(group).most_common(1)[0]
    loose = [image_id for image_id in range(1, count + 1) if group[image_id - 1] != largest]
    if not loose:
        return []
    partners: dict[int, set[int]] = {image_id: set() for image_id in range(1, count + 1)}
    for a, b in tied:
        partners[a].add(b)
        partners[b].add(a)
    ranking = most_alike(vectors, _RANKED)
    known = set(compared)
    new: set[Pair] = set()
    for image_id in loose:
        beyond = sorted({other for mine in partners[image_id] for other in partners[mine]} - {image_id})
        alike = [int(other) + 1 for other in ranking[image_id - 1]]
        alike.sort(key=lambda other: group[other - 1] == group[image_id - 1])
        candidates = [(min(image_id, other), max(image_id, other)) for other in (*beyond, *alike)]
        fresh = [pair for pair in dict.fromkeys(candidates) if pair not in known]
        new |= set(fresh[:_NEW_PER_PHOTO])
    return sorted(new)


def firm_groups(pairs: Collection[Pair], count: int) -> list[int]:
    """A group number for each of the images 1 to `count`: images of one group stay connected whichever one pair is taken away.

    Method: bridges by depth-first search (Tarjan, "A note on finding the bridges of a graph", 1974).
    """
    neighbours: list[list[int]] = [[] for _ in range(count + 1)]
    for a, b in sorted(pairs):
        neighbours[a].append(b)
        neighbours[b].append(a)
    entered, lowest = [0] * (count + 1), [0] * (count + 1)
    group = [0] * (count + 1)
    clock = 0
    for root in range(1, count + 1):
        if entered[root]:
            continue
        waiting: list[int] = []  # entered, their group not known yet
        path: list[tuple[int, int, int]] = [(root, 0, 0)]  # image, where it was entered from, next neighbour
        while path:
            here, source, at = path.pop()
            if at == 0:
                clock += 1
                entered[here] = lowest[here] = clock
                waiting.append(here)
            if at < len(neighbours[here]):
                other = neighbours[here][at]
                path.append((here, source, at + 1))
                if not entered[other]:
                    path.append((other, here, 0))
                elif other != source:
                    lowest[here] = min(lowest[here], entered[other])
                continue
            if source:
                lowest[source] = min(lowest[source], lowest[here])
            if lowest[here] == entered[here]:
                while True:
                    member = waiting.pop()
                    group[member] = here
                    if member == here:
                        break
    return group[1:]
