"""Writes test/parity/frozen/comparison.json: paired tests by their definitions, in plain NumPy and SciPy.

Run from the project's root: .venv/bin/python test/parity/comparison-frozen.py
"""

import json
import math
from pathlib import Path

import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(20261130)


def delong(is_positive, scores, other):
    """From the matrix of all pairs of a positive and a negative: slow, and nothing to get wrong."""

    def wins(values):
        gap = values[is_positive == 1][:, None] - values[is_positive == 0][None, :]
        return (gap > 0) + 0.5 * (gap == 0)

    gap = wins(scores) - wins(other)
    positives, negatives = gap.shape
    variance = gap.mean(axis=1).var(ddof=1) / positives + gap.mean(axis=0).var(ddof=1) / negatives
    half = stats.norm.ppf(0.975) * math.sqrt(variance)
    difference = gap.mean()
    return [difference, difference - half, difference + half, 2 * stats.norm.sf(abs(difference) / math.sqrt(variance))]


def delong_case(n, decimals, skill):
    is_positive = np.r_[0, 0, 1, 1, rng.integers(0, 2, n - 4)]
    scores = np.round(rng.random(n) + skill * is_positive, decimals)
    other = np.round(0.5 * scores + 0.5 * rng.random(n), decimals)
    return {
        "isPositive": is_positive.tolist(),
        "scores": scores.tolist(),
        "otherScores": other.tolist(),
        "expected": delong(is_positive, scores, other),
    }


def corrected_t_case(folds, repeats, gain):
    n = folds * repeats
    values = rng.normal(0.9, 0.02, n)
    other = values - rng.normal(gain, 0.01, n)
    ratio = 1 / (folds - 1)
    gap = values - other
    error = math.sqrt((1 / n + ratio) * gap.var(ddof=1))
    half = stats.t.ppf(0.975, n - 1) * error
    return {
        "values": values.tolist(),
        "otherValues": other.tolist(),
        "testToTrain": ratio,
        "expected": [gap.mean(), gap.mean() - half, gap.mean() + half, 2 * stats.t.sf(abs(gap.mean() / error), n - 1)],
    }


def bootstrap_case(grouped):
    """The difference of two accuracies over many resamples, of rows or of whole groups."""
    n = 150
    groups = np.sort(rng.integers(0, 25, n))
    hard = rng.random(25)[groups] * 0.5
    right = (rng.random(n) > hard * 0.6).astype(int)
    other = (rng.random(n) > hard).astype(int)
    draws = []
    for _ in range(20000):
        if grouped:
            names = np.unique(groups)
            rows = np.concatenate([np.flatnonzero(groups == g) for g in rng.choice(names, len(names))])
        else:
            rows = rng.integers(0, n, n)
        draws.append(right[rows].mean() - other[rows].mean())
    low, high = np.percentile(draws, [2.5, 97.5])
    p = 2 * min(np.mean(np.array(draws) <= 0), np.mean(np.array(draws) >= 0))
    return {
        "right": right.tolist(),
        "otherRight": other.tolist(),
        "groups": groups.tolist() if grouped else None,
        "expected": [right.mean() - other.mean(), low, high, min(1, p)],
    }


def bonett_price(b, c, n):
    d = (b - c) / (n + 2)
    half = stats.norm.ppf(0.975) * math.sqrt(((b + 1) / (n + 2) + (c + 1) / (n + 2) - d**2) / (n + 2))
    return [b, c, n, max(-1, d - half), min(1, d + half)]


frozen = {
    "madeWith": {"numpy": np.__version__, "scipy": scipy.__version__},
    "delong": [delong_case(*case) for case in ((20, 6, 0.3), (60, 1, 0.2), (200, 2, 0.6), (400, 6, 0.1))],
    "correctedT": [corrected_t_case(*case) for case in ((2, 1, 0.01), (5, 1, 0.02), (10, 1, 0.0), (10, 10, 0.004))],
    "bootstrap": [bootstrap_case(False), bootstrap_case(True)],
    "bonettPrice": [bonett_price(*case) for case in ((0, 0, 10), (5, 2, 44), (40, 60, 1001), (3, 0, 3))],
    "normal": [[z, 2 * stats.norm.sf(z)] for z in (0.1, 1, 1.96, 2.49, 2.51, 4, 9, 37)],
    "student": [
        [t, df, 2 * stats.t.sf(t, df)] for df in (1, 2, 3, 9, 10, 99, 499) for t in (0.01, 0.7, 1, 2, 5, 30)
    ],
    "studentQuantiles": [[p, df, stats.t.isf(p / 2, df)] for p in (0.5, 0.05, 0.001) for df in (1, 2, 9, 99)],
}
path = Path(__file__).parent / "frozen" / "comparison.json"
path.write_text(json.dumps(frozen, separators=(",", ":")) + "\n")
print(f"{path.name}: {path.stat().st_size} bytes")
