"""Writes frozen/encoding.json: what scikit-learn's encoders, imputers and scalers make of training and of later rows.

Usage: .venv/bin/python test/parity/encoding-frozen.py   (from the project's root)
Each case holds its columns, its options by our names, and scikit-learn's output for both parts; null is a missing value.
"""

import json
import random
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.feature_extraction import FeatureHasher
from sklearn.impute import SimpleImputer
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)
from sklearn.utils import murmurhash3_32

warnings.filterwarnings("ignore")
OUT = Path(__file__).parent / "frozen" / "encoding.json"
# Different weights, so that no two categories are equally common where it decides which are kept.
WORDS = ["http", "ssh", "telnet", "smb", "ftp", "ünïcode", "a b", "", "__proto__", "🐝", "x=y"]
STRATEGIES = {"mean": "mean", "median": "median", "most-frequent": "most_frequent", "constant": "constant"}
SCALERS = {"standard": StandardScaler, "min-max": MinMaxScaler, "robust": RobustScaler}


def words(pick, n, missing):
    drawn = pick.choices(WORDS, [40, 25, 16, 10, 6, 4, 3, 2, 2, 1, 1], k=n)
    return [None if missing and pick.random() < 0.1 else word for word in drawn]


def numbers(pick, n, missing):
    value = lambda: pick.choice([0, 1, 1, 2, 443, round(pick.gauss(50, 30), 2), round(pick.expovariate(1e-4), 1)])
    drawn = [float(np.float32(value())) for _ in range(n)]
    return [None if missing and pick.random() < 0.2 else value for value in drawn]


def column(values, none=None):
    return np.array([[none if v is None else v] for v in values], dtype=object if none is None else float)


def rows(matrix):
    dense = matrix.toarray() if hasattr(matrix, "toarray") else np.asarray(matrix, dtype=float)
    return [[None if np.isnan(v) else float(v) for v in row] for row in dense]


def ordinal(pick, options):
    train, later = words(pick, 60, True), [*words(pick, 20, True), "new", "other new"]
    missing = lambda values: column([np.nan if v is None else v for v in values])
    unknown = options["unknownValue"]
    encoder = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=np.nan if unknown is None else unknown
    ).fit(missing(train))
    return train, later, rows(encoder.transform(missing(train))), rows(encoder.transform(missing(later)))


def one_hot(pick, options):
    # Counts 20, 14, 9, 5, 4, 3, 2, 1: no tie at any cut.
    counts = dict(zip([*WORDS[:5], None, *WORDS[5:7]], [20, 14, 9, 5, 4, 3, 2, 1]))
    train = [word for word, n in counts.items() for _ in range(n)]
    pick.shuffle(train)
    later = [*words(pick, 20, True), "new"]
    encoder = OneHotEncoder(
        handle_unknown="infrequent_if_exist" if options["handleUnknown"] == "infrequent-if-exist" else "ignore",
        max_categories=options["maxCategories"],
    ).fit(column(train))
    return train, later, rows(encoder.transform(column(train))), rows(encoder.transform(column(later)))


def hashing(pick, options):
    train, later = words(pick, 30, True), [*words(pick, 10, True), "new", "y" * 1000]
    encoder = FeatureHasher(n_features=2 ** options["bits"], input_type="string")
    made = lambda values: rows(encoder.transform([[] if v is None else [v] for v in values]))
    return train, later, made(train), made(later)


def target(pick, options, n_classes):
    train, later = words(pick, 120, True), [*words(pick, 20, True), "new"]
    weight = {word: i % n_classes for i, word in enumerate([*WORDS, None])}
    y = [weight[word] if pick.random() < 0.6 else pick.randrange(n_classes) for word in train]
    folds = StratifiedKFold(options["folds"], shuffle=True, random_state=options["randomState"])
    encoder = TargetEncoder(smooth=options["smooth"], cv=folds)
    made = encoder.fit_transform(column(train), np.array(y))
    return train, later, rows(made), rows(encoder.transform(column(later))), y


def impute(pick, options):
    train, later = numbers(pick, 41, True), numbers(pick, 20, True)
    encoder = SimpleImputer(
        strategy=STRATEGIES[options["strategy"]],
        fill_value=options.get("fillValue"),
        add_indicator=options["addIndicator"],
    ).fit(column(train, np.nan))
    return train, later, rows(encoder.transform(column(train, np.nan))), rows(encoder.transform(column(later, np.nan)))


def scale(pick, scaler, missing, imputed):
    train, later = numbers(pick, 40, missing), numbers(pick, 20, missing)
    steps = [SimpleImputer(strategy="median")] if imputed else []
    encoder = make_pipeline(*steps, SCALERS[scaler]()).fit(column(train, np.nan))
    return train, later, rows(encoder.transform(column(train, np.nan))), rows(encoder.transform(column(later, np.nan)))


def case(kind, options, made):
    train, later, train_is, later_is, *y = made
    return {
        **{"kind": kind, "options": options, "train": train, "later": later},
        **({"y": y[0]} if y else {}),
        **{"trainIs": train_is, "laterIs": later_is},
    }


def cases(pick):
    for unknown in (None, -1):
        options = {"unknownValue": unknown}
        yield case("ordinal", options, ordinal(pick, options))
    for most in (2, 4, 7, 8, 50):
        for handle in ("infrequent-if-exist", "ignore"):
            options = {"maxCategories": most, "handleUnknown": handle}
            yield case("one-hot", options, one_hot(pick, options))
    for bits in (1, 4, 8):
        options = {"bits": bits}
        yield case("hashing", options, hashing(pick, options))
    for n_classes in (2, 3):
        for smooth, folds, seed in (("auto", 5, 0), (10.0, 3, 7), (0.0, 5, 42)):
            options = {"smooth": smooth, "folds": folds, "randomState": seed}
            yield case("target", options, target(pick, options, n_classes))
    for strategy in STRATEGIES:
        for indicator in (False, True):
            options = {"strategy": strategy, "addIndicator": indicator}
            if strategy == "constant":
                options["fillValue"] = -3
            yield case("impute", options, impute(pick, options))
    for scaler in SCALERS:
        for missing, imputed in ((False, False), (True, False), (True, True)):
            made = scale(pick, scaler, missing, imputed)
            yield case("scale", {"scale": scaler, **({"strategy": "median"} if imputed else {})}, made)


def hashes():
    texts = [*WORDS, "abc", "abcd", "abcde", "y" * 33]
    return [{"text": t, "seed": s, "hash": int(murmurhash3_32(t, seed=s))} for t in texts for s in (0, 42, 2**32 - 1)]


frozen = {
    "madeWith": {"sklearn": sklearn.__version__, "numpy": np.__version__},
    "cases": list(cases(random.Random(6))),
    "hashes": hashes(),
}
OUT.write_text(json.dumps(frozen, separators=(",", ":")) + "\n")
print(f"{OUT.name}: {len(frozen['cases'])} cases, {OUT.stat().st_size} bytes")
