"""Freezes areas under the ROC curve with DeLong's lower bound, and binomial tails, for src/audit. Needs numpy, scipy, sklearn."""

import json
from pathlib import Path

import numpy as np
from scipy.stats import binom
from sklearn.metrics import roc_auc_score


def delong(scores, positive):
    """By the definition: the matrix of pairs, its row and column means, their variances."""
    x, y = scores[positive], scores[~positive]
    pairs = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    area = pairs.mean()
    variance = pairs.mean(1).var(ddof=1) / len(x) + pairs.mean(0).var(ddof=1) / len(y)
    assert abs(area - roc_auc_score(positive, scores)) < 1e-12
    return area, area - 1.959964 * np.sqrt(variance)


rng = np.random.default_rng(7)
areas = []
for n, shift, decimals in [(30, 0, 6), (60, 1.5, 1), (200, 3, 0), (80, 9, 6), (50, -2, 1)]:
    positive = rng.random(n) < 0.4
    scores = np.round(rng.normal(size=n) + shift * positive, decimals) + 0.0
    area, low = delong(scores, positive)
    areas.append({"scores": scores.tolist(), "positive": positive.astype(int).tolist(), "area": area, "low": low})
tails = [
    {"k": k, "n": n, "p": p, "tail": float(binom.sf(k - 1, n, p))}
    for k, n, p in [(8, 10, 0.5), (0, 5, 0.1), (44, 44, 42 / 44), (215, 220, 210 / 220), (22544, 22544, 0.999), (3, 3, 0.01)]
]
path = Path(__file__).parent / "frozen" / "audit.json"
path.write_text(json.dumps({"areas": areas, "tails": tails}) + "\n")
