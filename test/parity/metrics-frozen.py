"""Writes test/parity/frozen/metrics.json: cases and what scikit-learn, SciPy and plain NumPy say of them.

Run from the project's root: .venv/bin/python test/parity/metrics-frozen.py
"""

import json
import math
import warnings
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy import stats
from sklearn import metrics as m

warnings.simplefilter("ignore")
rng = np.random.default_rng(20260131)


def plain(value):
    """A JSON number, or null for NaN and for what scikit-learn refuses."""
    value = float(value)
    return None if math.isnan(value) else value


def attempt(call):
    try:
        return plain(call())
    except ValueError:
        return None


def label_metrics(y_true, y_pred, k, weight, zero):
    w = {"sample_weight": weight}
    zero = math.nan if zero == "nan" else zero
    out = {
        "accuracy": m.accuracy_score(y_true, y_pred, **w),
        "balancedAccuracy": m.balanced_accuracy_score(y_true, y_pred, **w),
        "mcc": m.matthews_corrcoef(y_true, y_pred, **w),
        "cohenKappa": m.cohen_kappa_score(y_true, y_pred, **w),
    }
    averages = [("", "weighted"), ("Micro", "micro"), ("Macro", "macro")]
    if k == 2:
        averages.append(("Binary", "binary"))
    for suffix, average in averages:
        p, r, f, _ = m.precision_recall_fscore_support(
            y_true, y_pred, average=average, zero_division=zero, **w
        )
        out |= {f"precision{suffix}": p, f"recall{suffix}": r, f"f1{suffix}": f}
    return {name: plain(value) for name, value in out.items()}


def score_metrics(y_true, scores, k, weight):
    w = {"sample_weight": weight}
    labels = list(range(k))
    out = {
        "logLoss": attempt(lambda: m.log_loss(y_true, scores, labels=labels, **w)),
        "brier": attempt(lambda: m.brier_score_loss(y_true, scores, labels=labels, **w)),
    }
    if k == 2:
        out["rocAuc"] = attempt(lambda: m.roc_auc_score(y_true, scores[:, 1], **w))
        has_positive = np.sum(y_true if weight is None else y_true * weight) > 0
        out["prAuc"] = attempt(lambda: m.average_precision_score(y_true, scores[:, 1], **w)) if has_positive else None
        return out
    one_hot = np.eye(k, dtype=int)[y_true]
    all_present = (one_hot if weight is None else one_hot * weight[:, None]).sum(axis=0).min() > 0
    for suffix, average in [("", "macro"), ("Weighted", "weighted")]:
        out[f"rocAuc{suffix}"] = attempt(
            lambda: m.roc_auc_score(y_true, scores, multi_class="ovr", average=average, labels=labels, **w)
        )
        out[f"prAuc{suffix}"] = (
            attempt(lambda: m.average_precision_score(one_hot, scores, average=average, **w))
            if all_present or average == "weighted"
            else None
        )
    return out


def case(name, y_true, y_pred, k, scores=None, weight=None, zero="warn"):
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    expected = label_metrics(y_true, y_pred, k, weight, zero)
    if scores is not None:
        expected |= score_metrics(y_true, scores, k, weight)
    z = math.nan if zero == "nan" else zero
    p, r, f, s = m.precision_recall_fscore_support(
        y_true, y_pred, labels=range(k), zero_division=z, sample_weight=weight
    )
    return {
        "name": name,
        "yTrue": y_true.tolist(),
        "yPred": y_pred.tolist(),
        "nClasses": k,
        "scores": None if scores is None else scores.ravel().tolist(),
        "sampleWeight": None if weight is None else weight.tolist(),
        "zeroDivision": zero,
        "metrics": expected,
        "perClass": [[plain(v) for v in row] for row in zip(p, r, f, s)],
        "confusionMatrix": m.confusion_matrix(y_true, y_pred, labels=range(k), sample_weight=weight).tolist(),
    }


def random_scores(y_true, k, skill, decimals):
    raw = rng.random((len(y_true), k)) + skill * np.eye(k)[y_true]
    scores = raw / raw.sum(axis=1, keepdims=True)
    if decimals is None:
        return scores
    steps = 10**decimals
    return np.array([rng.multinomial(steps, row) for row in scores]) / steps


def random_case(name, n, k, *, decimals=None, weight=None, classes=None, zero="warn"):
    y_true = rng.choice(classes or range(k), n)
    scores = random_scores(y_true, k, rng.random() * 1.5, decimals)
    y_pred = scores.argmax(axis=1)
    w = {None: None, "real": rng.random(n) * 3, "some-zero": rng.integers(0, 3, n).astype(float)}[weight]
    return case(name, y_true, y_pred, k, scores, w, zero)


def metric_cases():
    cases = []
    for k in (2, 3, 5):
        for n in (7, 44, 200):
            cases.append(random_case(f"{k} classes, {n} samples", n, k))
            cases.append(random_case(f"{k} classes, {n} samples, tied scores", n, k, decimals=1))
            cases.append(random_case(f"{k} classes, {n} samples, weights", n, k, weight="real"))
            cases.append(random_case(f"{k} classes, {n} samples, weights of 0, ties", n, k, decimals=1, weight="some-zero"))
    for zero in ("warn", 0, 1, "nan"):
        cases.append(random_case(f"class 1 of 4 has no sample, zero division {zero}", 30, 4, classes=[0, 2, 3], zero=zero))
        cases.append(case(f"class 2 never occurs, zero division {zero}", [0, 1, 1, 0], [0, 1, 0, 0], 3, zero=zero))
        cases.append(case(f"class 2 never predicted, zero division {zero}", [0, 1, 2, 0], [0, 1, 1, 0], 3, zero=zero))
        cases.append(case(f"constant prediction, zero division {zero}", [0, 1, 1, 0, 1], [0] * 5, 2, zero=zero))
        cases.append(case(f"one class everywhere, zero division {zero}", [0] * 4, [0] * 4, 2, np.array([[0.9, 0.1]] * 4), zero=zero))
        cases.append(case(f"only positives, zero division {zero}", [1] * 4, [0, 1, 1, 1], 2, np.array([[0.6, 0.4], [0, 1], [0.1, 0.9], [0.5, 0.5]]), zero=zero))
    hard = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
    cases.append(case("certain and half of it wrong", [0, 1, 0, 1], [0, 1, 1, 0], 2, hard))
    cases.append(case("certain and right", [0, 1, 1, 0], [0, 1, 1, 0], 2, hard))
    return cases


def delong(y_true, scores):
    """Variance of the AUC from the matrix of all pairs: slow, and nothing to get wrong."""
    wins = scores[y_true == 1][:, None] - scores[y_true == 0][None, :]
    wins = (wins > 0) + 0.5 * (wins == 0)
    area = wins.mean()
    variance = wins.mean(axis=1).var(ddof=1) / wins.shape[0] + wins.mean(axis=0).var(ddof=1) / wins.shape[1]
    half = stats.norm.ppf(0.975) * math.sqrt(variance) / (area * (1 - area))
    centre = math.log(area / (1 - area))
    return [1 / (1 + math.exp(half - centre)), 1 / (1 + math.exp(-half - centre))]


def interval_cases():
    wilson = []
    for n in (1, 2, 5, 44, 220, 5000):
        for successes in sorted({0, 1, n // 3, n // 2, n - 1, n}):
            for level in (0.9, 0.95, 0.99):
                ci = stats.binomtest(successes, n).proportion_ci(level, method="wilson")
                wilson.append([successes, n, level, ci.low, ci.high])
    areas = []
    for n, decimals in ((20, None), (44, 1), (200, 2)):
        y_true = np.r_[0, 0, 1, 1, rng.integers(0, 2, n - 4)]
        scores = random_scores(y_true, 2, 0.4, decimals)
        areas.append({"yTrue": y_true.tolist(), "scores": scores.ravel().tolist(), "interval": delong(y_true, scores[:, 1])})
    quantiles = [[p, stats.norm.ppf(p)] for p in (0.001, 0.3, 0.5, 0.75, 0.95, 0.975, 0.995, 0.9995, 0.9999995)]
    return wilson, areas, quantiles


def bootstrap_case():
    """Percentile intervals of many resamples, to compare with few of ours within their noise."""
    y_true = rng.integers(0, 3, 120)
    scores = random_scores(y_true, 3, 0.5, None)
    y_pred = scores.argmax(axis=1)
    draws = {name: [] for name in ("f1", "f1Macro", "mcc", "balancedAccuracy", "logLoss", "brier", "rocAuc")}
    for _ in range(4000):
        rows = rng.integers(0, 120, 120)
        t, p, s = y_true[rows], y_pred[rows], scores[rows]
        draws["f1"].append(m.f1_score(t, p, average="weighted"))
        draws["f1Macro"].append(m.f1_score(t, p, average="macro"))
        draws["mcc"].append(m.matthews_corrcoef(t, p))
        draws["balancedAccuracy"].append(m.balanced_accuracy_score(t, p))
        draws["logLoss"].append(m.log_loss(t, s, labels=[0, 1, 2]))
        draws["brier"].append(m.brier_score_loss(t, s, labels=[0, 1, 2]))
        draws["rocAuc"].append(m.roc_auc_score(t, s, multi_class="ovr", labels=[0, 1, 2]))
    return {
        "yTrue": y_true.tolist(),
        "yPred": y_pred.tolist(),
        "scores": scores.ravel().tolist(),
        "intervals": {name: np.percentile(v, [2.5, 97.5]).tolist() for name, v in draws.items()},
    }


def mcnemar_cases():
    pairs = [(0, 0), (1, 0), (0, 1), (3, 3), (5, 0), (2, 9), (12, 3), (40, 60), (400, 340), (3000, 3100)]
    return [[b, c, stats.binomtest(b, b + c).pvalue if b + c else 1.0] for b, c in pairs]


wilson, delong_areas, normal_quantiles = interval_cases()
frozen = {
    "madeWith": {"sklearn": sklearn.__version__, "numpy": np.__version__, "scipy": scipy.__version__},
    "cases": metric_cases(),
    "wilson": wilson,
    "delong": delong_areas,
    "normalQuantiles": normal_quantiles,
    "bootstrap": bootstrap_case(),
    "mcnemar": mcnemar_cases(),
}
path = Path(__file__).parent / "frozen" / "metrics.json"
path.write_text(json.dumps(frozen, separators=(",", ":")) + "\n")
print(f"{path.name}: {len(frozen['cases'])} cases, {path.stat().st_size} bytes")
