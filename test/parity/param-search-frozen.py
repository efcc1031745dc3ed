"""Writes frozen/param-search.json: what scikit-learn's ParameterGrid, ParameterSampler and successive halving draw and plan.

Usage: .venv/bin/python test/parity/param-search-frozen.py   (from the project's root)
A range is scipy's uniform, loguniform or randint with both ends included, as `search.space` says it.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import scipy
import sklearn
from scipy.stats import loguniform, randint, uniform
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import HalvingGridSearchCV, ParameterGrid, ParameterSampler

warnings.filterwarnings("ignore")
OUT = Path(__file__).parent / "frozen" / "param-search.json"

LISTS = {"maxDepth": [2, 4, 8, None], "criterion": ["gini", "entropy"], "nEstimators": [10, 30, 100]}
MANY = {name: list(range(20)) for name in ["a", "b", "c"]}
RANGES = {
    "maxDepth": {"low": 2, "high": 30, "integer": True},
    "C": {"low": 0.001, "high": 100.0, "log": True},
    "maxSamples": {"low": 0.1, "high": 0.9},
    "criterion": ["gini", "entropy", "log_loss"],
    "minSamplesLeaf": [1, 2, 5, 10, 20],
}


def distribution(values):
    if isinstance(values, list):
        return values
    low, high = values["low"], values["high"]
    if values.get("integer"):
        return randint(low, high + 1)
    return loguniform(low, high) if values.get("log") else uniform(low, high - low)


def plain(point):
    return {k: v.item() if isinstance(v, np.generic) else v for k, v in point.items()}


def draws(space, n, seed):
    sampler = ParameterSampler({k: distribution(v) for k, v in space.items()}, n, random_state=seed)
    return {"space": space, "wanted": n, "randomState": seed, "points": [plain(p) for p in sampler]}


def halving(n_candidates, factor, n_rows, folds):
    """The rungs of HalvingGridSearchCV, whose min_resources is 'exhaust'; two classes, so at least folds × 4 rows."""
    x, y = np.zeros((n_rows, 1)), np.arange(n_rows) % 2
    search = HalvingGridSearchCV(
        DummyClassifier(strategy="constant", constant=0),
        {"constant": [0] * n_candidates},
        factor=factor,
        cv=folds,
        random_state=0,
    ).fit(x, y)
    return {
        "nCandidates": n_candidates,
        "factor": factor,
        "maxResources": n_rows,
        "leastResources": folds * 4,
        "candidates": search.n_candidates_,
        "resources": search.n_resources_,
    }


OUT.write_text(
    json.dumps(
        {
            "versions": {"sklearn": sklearn.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
            "grid": {"space": LISTS, "points": [plain(p) for p in ParameterGrid(LISTS)]},
            "draws": [
                *[draws(LISTS, n, seed) for n in [1, 10, 24] for seed in [0, 42]],
                *[draws(MANY, n, seed) for n in [5, 80] for seed in [0, 7]],
                *[draws(RANGES, 25, seed) for seed in [0, 42, 4294967295]],
            ],
            "halving": [
                halving(n, factor, rows, folds)
                for n, factor, rows, folds in [
                    (9, 3, 4000, 5),
                    (10, 3, 4000, 5),
                    (27, 3, 1000, 2),
                    (27, 3, 100, 5),
                    (1, 3, 100, 5),
                    (2, 3, 100, 5),
                    (16, 2, 777, 2),
                    (82, 3, 5000, 3),
                    (20, 4, 60, 5),
                ]
            ],
        },
        indent=1,
    )
    + "\n"
)
