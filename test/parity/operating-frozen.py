"""Writes test/parity/frozen/operating.json: recall at false-positive rates, best F1, calibration and calibrators, as scikit-learn has them.

Run from the project's root: .venv/bin/python test/parity/operating-frozen.py
"""

import json
import warnings
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy import optimize, special
from sklearn import metrics as m
from sklearn.calibration import _SigmoidCalibration, calibration_curve
from sklearn.isotonic import IsotonicRegression

warnings.simplefilter("ignore")
rng = np.random.default_rng(20260606)


def draw(n, decimals, rate=0.3):
    """Labels and scores that tell them apart somewhat, both classes among them."""
    y = (rng.random(n) < rate).astype(int)
    y[:2] = [0, 1]
    scores = np.clip(special.expit(rng.normal(size=n) * 1.3 + 1.8 * y - 1), 0, 1)
    return y, scores if decimals is None else np.round(scores, decimals)


def recalls(y, scores, rates):
    fpr, tpr, _ = m.roc_curve(y, scores, drop_intermediate=False)
    return [[rate, float(tpr[fpr <= rate].max()), float(fpr[fpr <= rate].max())] for rate in rates]


def best_f1(y, scores):
    precision, recall, _ = m.precision_recall_curve(y, scores)
    with np.errstate(invalid="ignore"):
        return float(np.nanmax(2 * precision * recall / (precision + recall)))


def curve(y, scores, strategy, n_bins):
    share, mean = calibration_curve(y, scores, n_bins=n_bins, strategy=strategy)
    return {"strategy": strategy, "nBins": n_bins, "share": share.tolist(), "meanScore": mean.tolist()}


def exact_sigmoid(y, scores):
    """The minimum that scikit-learn's stops near: Newton's method to the last digit."""
    positives = y.sum()
    target = np.where(y == 1, (positives + 1) / (positives + 2), 1 / (len(y) - positives + 2))
    ab = np.array([0.0, np.log((len(y) - positives + 1) / (positives + 1))])
    x = np.c_[scores, np.ones_like(scores)]

    def gradient(ab):
        return x.T @ (target - special.expit(-x @ ab))

    def hessian(ab):
        p = special.expit(-x @ ab)
        return (x * (p * (1 - p))[:, None]).T @ x

    return optimize.root(gradient, ab, jac=hessian, tol=1e-14).x.tolist()


def calibrators(y, scores):
    probe = np.r_[np.linspace(-0.1, 1.1, 25), scores[:5]]
    isotonic = IsotonicRegression(out_of_bounds="clip").fit(scores, y)
    sigmoid = _SigmoidCalibration().fit(scores, y)
    return {
        "probe": probe.tolist(),
        "isotonic": isotonic.predict(probe).tolist(),
        "x": isotonic.X_thresholds_.tolist(),
        "y": isotonic.y_thresholds_.tolist(),
        "sigmoid": sigmoid.predict(probe).tolist(),
        "ab": exact_sigmoid(y, scores),
    }


def draw_on_edge(n, n_bins):
    """Scores of which one is a quantile itself, so that its bin hangs on how NumPy rounds between two ranks."""
    while True:
        y, scores = draw(n, None)
        ranked = np.sort(scores)
        place = np.linspace(0, 1, n_bins + 1) * 100 / 100 * (n - 1)
        below = np.floor(place).astype(int)
        above = np.minimum(below + 1, n - 1)
        plain_edges = ranked[below] + (ranked[above] - ranked[below]) * (place - below)
        edges = np.percentile(scores, np.linspace(0, 1, n_bins + 1) * 100)
        if (np.searchsorted(edges[1:-1], scores) != np.searchsorted(plain_edges[1:-1], scores)).any():
            return y, scores


def case(name, n, decimals, rate=0.3, on_edge=None):
    y, scores = draw(n, decimals, rate) if on_edge is None else draw_on_edge(n, on_edge)
    return {
        "name": name,
        "yTrue": y.tolist(),
        "scores": scores.tolist(),
        "recalls": recalls(y, scores, [0.3, 0.1, 0.05]),
        "bestF1": best_f1(y, scores),
        "brier": float(m.brier_score_loss(y, scores)),
        "curves": [curve(y, scores, s, k) for s in ("uniform", "quantile") for k in (5, 10, 12)],
        "calibrators": calibrators(y, scores),
    }


frozen = {
    "madeWith": {"sklearn": sklearn.__version__, "numpy": np.__version__, "scipy": scipy.__version__},
    "cases": [
        case("19 samples, one on the edge of 12 quantiles", 19, None, on_edge=12),
        case("300 samples", 300, None),
        case("300 samples, scores in hundredths", 300, 2),
        case("400 samples, scores in tenths", 400, 1),
        case("250 samples, 5 in 100 positive", 250, 3, 0.05),
    ],
}
path = Path(__file__).parent / "frozen" / "operating.json"
path.write_text(json.dumps(frozen, separators=(",", ":")) + "\n")
print(f"{path.name}: {len(frozen['cases'])} cases, {path.stat().st_size} bytes")
