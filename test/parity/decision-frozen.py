"""Writes test/parity/frozen/decision.json: rows, labels, and what scikit-learn's cross-fitted calibration says of them.

Run from the project's root: .venv/bin/python test/parity/decision-frozen.py
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import StratifiedKFold
from sklearn.tree import DecisionTreeClassifier

rng = np.random.default_rng(20261130)
N, WIDTH, FOLDS, SEED = 480, 7, 4, 42

# Features of two values leave no choice of where to split, so that both libraries grow the same trees.
x = (rng.random((N, WIDTH)) < rng.uniform(0.3, 0.7, WIDTH)).astype(int)
odds = x @ np.array([2.1, -1.3, 0.9, 0.4, -0.2, 0.1, 1.6]) - 1.7
y = (rng.random(N) < 1 / (1 + np.exp(-odds))).astype(int)
every = np.array([[(i >> bit) & 1 for bit in range(WIDTH)] for i in range(2**WIDTH)])

calibrated = {}
for method in ("isotonic", "sigmoid"):
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    tree = DecisionTreeClassifier(max_depth=3, random_state=0)
    model = CalibratedClassifierCV(tree, method=method, cv=folds, ensemble=False).fit(x, y)
    calibrated[method] = model.predict_proba(every)[:, 1].tolist()

frozen = {
    "madeWith": {"sklearn": sklearn.__version__, "numpy": np.__version__},
    "folds": FOLDS,
    "randomState": SEED,
    "x": ["".join(map(str, row)) for row in x],
    "y": y.tolist(),
    "every": ["".join(map(str, row)) for row in every],
    "calibrated": calibrated,
}
path = Path(__file__).parent / "frozen" / "decision.json"
path.write_text(json.dumps(frozen, separators=(",", ":")) + "\n")
