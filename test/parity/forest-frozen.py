"""Writes frozen/forest.json: what scikit-learn 1.9.1 answers on made-up data, and figures (no rows) of the week-6 file.

Run from the project's root: .venv/bin/python test/parity/forest-frozen.py
"""

import csv
import itertools
import json
import pathlib

import numpy as np
import sklearn
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = pathlib.Path(__file__).parent
WEEK6 = HERE / "../../../shared/data/week6/week6_test_events.csv"
ATTACKS = {"login_failed", "sqli_attempt", "command", "connect", "mail_from", "rcpt_to", "data"}


def proba(model, x):
    return np.asarray(model.predict_proba(x)).tolist()


def agreed(values):
    """Where the random states break ties alike, their value; null elsewhere."""
    stack = np.asarray(values)
    same = np.ptp(stack, axis=0) < 1e-12
    return np.where(same, np.round(stack[0], 14), None).tolist()


def single_tree_cases():
    """Params in scikit-learn's names."""
    return [
        {},
        {"criterion": "entropy"},
        {"criterion": "log_loss", "max_depth": 4},
        {"max_depth": 3},
        {"max_leaf_nodes": 9},
        {"max_leaf_nodes": 12, "criterion": "entropy"},
        {"min_samples_leaf": 7},
        {"min_samples_leaf": 0.05},
        {"min_samples_split": 20},
        {"min_samples_split": 0.2},
        {"min_weight_fraction_leaf": 0.06},
        {"min_impurity_decrease": 0.01},
        {"ccp_alpha": 0.01},
        {"ccp_alpha": 0.004, "criterion": "entropy"},
        # Not 'balanced': its weights are no binary fractions, and rounding then decides ties.
        {"class_weight": {"0": 2.0, "1": 0.5}, "max_depth": 4},
        {"class_weight": {"0": 1.0, "1": 3.5}, "max_depth": 4},
    ]


def as_sklearn(params):
    weights = params.get("class_weight")
    if isinstance(weights, dict):
        return {**params, "class_weight": {int(k): v for k, v in weights.items()}}
    return params


def continuous(rng, missing):
    x = rng.normal(size=(150, 4)).astype(np.float32)
    y = ((x[:, 0] + x[:, 1] * x[:, 2] + rng.normal(scale=0.6, size=150)) > 0).astype(int)
    unseen = rng.normal(size=(50, 4)).astype(np.float32)
    if missing:
        x[rng.random(x.shape) < 0.15] = np.nan
        unseen[rng.random(unseen.shape) < 0.15] = np.nan
    return x, y, unseen


def as_rows(x):
    return [[None if np.isnan(v) else float(v) for v in row] for row in x]


def trees(missing):
    rng = np.random.default_rng(20 + missing)
    x, y, unseen = continuous(rng, missing)
    weight = rng.integers(0, 4, size=150)
    cases = []
    for params in single_tree_cases():
        for weighted in (False, True):
            models = [
                RandomForestClassifier(
                    n_estimators=1, bootstrap=False, max_features=None, random_state=state, **as_sklearn(params)
                ).fit(x, y, sample_weight=weight if weighted else None)
                for state in range(40)
            ]
            cases.append(
                {
                    "params": params,
                    "weighted": weighted,
                    "train": agreed([m.predict_proba(x)[:, 1] for m in models]),
                    "unseen": agreed([m.predict_proba(unseen)[:, 1] for m in models]),
                    "nNodes": agreed([m.estimators_[0].tree_.node_count for m in models]),
                    "importances": agreed([m.feature_importances_ for m in models]),
                }
            )
    return {"x": as_rows(x), "y": y.tolist(), "unseen": as_rows(unseen), "weight": weight.tolist(), "cases": cases}


def few_distinct():
    """Unbounded trees on few distinct values: ties abound, so unseen rows have one right answer only where five random states agree."""
    rng = np.random.default_rng(5)
    x = rng.integers(0, 5, size=(300, 3)).astype(np.float32)
    y = (x.sum(axis=1) + rng.integers(0, 4, size=300)).astype(int) % 3
    # Every combination of values, some in between and beyond, and missing ones.
    unseen = np.array(list(itertools.product([-1, 0, 1, 1.5, 2, 3, 4, 9, np.nan], repeat=3)), dtype=np.float32)
    models = [
        RandomForestClassifier(n_estimators=1, bootstrap=False, max_features=None, random_state=state).fit(x, y)
        for state in range(5)
    ]
    # One seed is lucky or not: its out-of-bag score is off by .02.
    forests = [
        RandomForestClassifier(n_estimators=500, random_state=state, oob_score=True).fit(x, y) for state in range(12)
    ]
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "train": proba(models[0], x),
        "unseen": as_rows(unseen),
        "unseenScores": agreed([m.predict_proba(unseen) for m in models]),
        "importances": np.mean([f.feature_importances_ for f in forests], axis=0).tolist(),
        "oobScore": float(np.mean([f.oob_score_ for f in forests])),
    }


def logistic():
    rng = np.random.default_rng(9)
    x = (rng.normal(size=(150, 3)) * [1, 50, 0.01] + [3, -20, 0]).astype(np.float32).astype(float)
    score = x[:, 0] - 3 + x[:, 1] / 50 + 0.4 + rng.normal(scale=0.7, size=150)
    cases = []
    for n_classes in (2, 3):
        y = np.digitize(score, [0.0] if n_classes == 2 else [-0.7, 0.7])
        for c in (1.0, 0.05):
            model = make_pipeline(StandardScaler(), LogisticRegression(C=c, tol=1e-10, max_iter=10000)).fit(x, y)
            cases.append({"C": c, "y": y.tolist(), "nClasses": n_classes, "train": proba(model, x)})
    return {"x": x.tolist(), "cases": cases}


def week6():
    """Row numbers and accuracies only."""
    with open(WEEK6, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    x = np.array([[3 if r["data"] == "" else len(r["data"])] for r in rows], dtype=np.float32)
    y = np.array([int(r["event"] in ATTACKS) for r in rows])
    train, test = train_test_split(np.arange(len(y)), test_size=0.2, random_state=42, stratify=y)
    right = []
    for seed in range(20):
        model = RandomForestClassifier(n_estimators=200, random_state=seed).fit(x[train], y[train])
        right.append(int((model.predict(x[test]) == y[test]).sum()))
    return {"train": train.tolist(), "test": test.tolist(), "right": right}


frozen = {
    "scikitLearn": sklearn.__version__,
    "trees": trees(missing=False),
    "treesWithMissing": trees(missing=True),
    "fewDistinct": few_distinct(),
    "logistic": logistic(),
    "week6": week6(),
}
(HERE / "frozen").mkdir(exist_ok=True)
(HERE / "frozen/forest.json").write_text(json.dumps(frozen, separators=(",", ":")) + "\n")
