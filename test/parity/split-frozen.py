"""Writes frozen/split.json: the row indices scikit-learn gives for random and edge cases.

Usage: .venv/bin/python test/parity/split-frozen.py   (from the project's root)
Small cases keep whole index arrays; the others a SHA-256 over all parts, each as its length and its indices in
little-endian 32-bit words. `null` is a case that scikit-learn refuses.
"""

import csv
import hashlib
import json
import random
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    KFold,
    LeaveOneGroupOut,
    RepeatedKFold,
    RepeatedStratifiedKFold,
    StratifiedGroupKFold,
    StratifiedKFold,
    TimeSeriesSplit,
    train_test_split,
)

warnings.filterwarnings("ignore")
HERE = Path(__file__).parent
OUT = HERE / "frozen" / "split.json"
WEEK6 = HERE.parent.parent.parent / "shared" / "data" / "week6"
ATTACKS = {"login_failed", "sqli_attempt", "command", "connect", "mail_from", "rcpt_to", "data"}
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
WHOLE_UP_TO = 40


def digest(splits):
    h = hashlib.sha256()
    for split in splits:
        for part in split:
            h.update(np.array([len(part), *part], dtype="<u4").tobytes())
    return h.hexdigest()


def outcome(splits):
    try:
        splits = [[list(map(int, part)) for part in split] for split in splits()]
    except ValueError:
        return None
    whole = sum(len(part) for split in splits for part in split) <= WHOLE_UP_TO
    return splits if whole else digest(splits)


def holdout(n, test_size, train_size, shuffle, labels, seed):
    rows = np.arange(n)
    stratify = None if labels is None else codes(labels)
    return [
        train_test_split(
            rows, test_size=test_size, train_size=train_size, shuffle=shuffle, stratify=stratify, random_state=seed
        )
    ]


def codes(labels):
    return np.array([DIGITS.index(c) for c in labels])


def folds(splitter, n, labels=None):
    return lambda: splitter.split(np.zeros(n), None if labels is None else codes(labels))


def labels_of(pick, n, k):
    weights = [pick.choice([1, 1, 1, 3, 10]) for _ in range(k)]
    names = pick.sample(DIGITS[: k + pick.choice([0, 0, 2])], k)
    return "".join(pick.choices(names, weights, k=n))


def balanced(pick, n, k):
    drawn = [DIGITS[i % k] for i in range(n)]
    pick.shuffle(drawn)
    return "".join(drawn)


def size(pick, n):
    return pick.choice([None, 0.2, 0.25, 0.3, 1 / 3, 0.5, 0.1, round(pick.random(), 3), pick.randint(1, max(1, n))])


def seed(pick):
    return pick.choice([0, 1, 42, 2**32 - 1, pick.randrange(2**32)])


def random_cases(pick):
    cases = []
    for i in range(340):
        n = pick.choice([pick.randint(1, 14), pick.randint(10, 60), pick.randint(60, 240)])
        k = pick.choice([1, 2, 2, 2, 3, 5, 9])
        labels = balanced(pick, n, k) if pick.random() < 0.4 else labels_of(pick, n, k)
        s = seed(pick)
        splits = pick.choice([2, 3, 5, 10])
        kind = ["holdout", "stratified", "kFold", "stratifiedKFold", "repeated", "repeatedStratified", "time"][i % 7]
        if kind in ("holdout", "stratified"):
            test_size = size(pick, n)
            train_size = size(pick, n) if pick.random() < 0.3 else None
            shuffle = kind == "stratified" or pick.random() < 0.8
            y = labels if kind == "stratified" else None
            case = {"testSize": test_size, "trainSize": train_size, "shuffle": shuffle, "randomState": s}
            cases.append((kind, n, y, case, lambda: holdout(n, test_size, train_size, shuffle, y, s)))
        elif kind == "time":
            case = {
                "nSplits": splits,
                "testSize": pick.choice([None, None, 1, 3, 8]),
                "maxTrainSize": pick.choice([None, None, 5]),
                "gap": pick.choice([0, 0, 1, 4]),
            }
            ts = TimeSeriesSplit(
                splits, test_size=case["testSize"], max_train_size=case["maxTrainSize"], gap=case["gap"]
            )
            cases.append((kind, n, None, case, folds(ts, n)))
        elif kind in ("kFold", "stratifiedKFold"):
            shuffle = pick.random() < 0.8
            s = s if shuffle else None
            case = {"nSplits": splits, "shuffle": shuffle, "randomState": s}
            maker = KFold if kind == "kFold" else StratifiedKFold
            y = labels if kind == "stratifiedKFold" else None
            cases.append((kind, n, y, case, folds(maker(splits, shuffle=shuffle, random_state=s), n, y)))
        else:
            repeats = pick.randint(1, 3)
            case = {"nSplits": splits, "nRepeats": repeats, "randomState": s}
            maker = RepeatedKFold if kind == "repeated" else RepeatedStratifiedKFold
            y = labels if kind == "repeatedStratified" else None
            cases.append(
                (kind, n, y, case, folds(maker(n_splits=splits, n_repeats=repeats, random_state=s), n, y))
            )
        cases[-1] = as_record(*cases[-1])
    return cases


def as_record(kind, n, labels, case, splits):
    given = {name: value for name, value in case.items() if value is not None}
    return {"kind": kind, "n": n, **({} if labels is None else {"labels": labels}), "options": given, "is": outcome(splits)}


def grouped_cases(pick):
    """Groups are texts of two characters, a row each; their order as texts is the order scikit-learn gives them."""
    cases = []
    for i in range(240):
        kind = ["groupHoldout", "groupKFold", "stratifiedGroupKFold", "leaveOneGroupOut"][i % 4]
        n = pick.choice([pick.randint(1, 14), pick.randint(10, 60), pick.randint(60, 240)])
        n_groups = pick.randint(1, pick.choice([4, 12, 40]))
        weights = [pick.choice([1, 1, 2, 8]) for _ in range(n_groups)]
        groups = "".join(f"{g:02d}" for g in pick.choices(range(n_groups), weights, k=n))
        s = seed(pick)
        shuffle = kind != "groupHoldout" and pick.random() < 0.6
        splits = pick.choice([2, 3, 5, 10])
        labels = None
        if kind == "groupHoldout":
            options = {"testSize": size(pick, n_groups), "trainSize": size(pick, n_groups) if pick.random() < 0.3 else None, "randomState": s}
            # 0.25 is our default; scikit-learn has 0.2 here and 0.25 in train_test_split.
            test_size = 0.25 if options["testSize"] is None and options["trainSize"] is None else options["testSize"]
            maker = GroupShuffleSplit(1, test_size=test_size, train_size=options["trainSize"], random_state=s)
        elif kind == "leaveOneGroupOut":
            options, maker = {}, LeaveOneGroupOut()
        else:
            options = {"nSplits": splits, "shuffle": shuffle, "randomState": s if shuffle else None}
            make = GroupKFold if kind == "groupKFold" else StratifiedGroupKFold
            maker = make(splits, shuffle=shuffle, random_state=options["randomState"])
            if kind == "stratifiedGroupKFold":
                k = pick.choice([1, 2, 2, 3, 9, 20])
                labels = balanced(pick, n, k) if pick.random() < 0.3 else labels_of(pick, n, k)
        names = np.array([groups[j : j + 2] for j in range(0, 2 * n, 2)])
        y = None if labels is None else codes(labels)
        record = as_record(kind, n, labels, options, lambda: maker.split(np.zeros(n), y, names))
        cases.append({"kind": kind, "groups": groups, **record})
    return cases


def edge_cases():
    """Lengths of the week-6 files, ties among many equal classes, one class, and a large set."""
    pick = random.Random(6)
    cases = []
    for n, ones in ((220, 127), (220, 110), (5000, 2600)):
        y = list("1" * ones + "0" * (n - ones))
        pick.shuffle(y)
        y = "".join(y)
        for s in (0, 42):
            options = {"testSize": 0.2, "shuffle": True, "randomState": s}
            if n == 220:
                cases.append(as_record("stratified", n, y, options, lambda: holdout(n, 0.2, None, True, y, s)))
                case = {"nSplits": 10, "shuffle": True, "randomState": s}
                cv = StratifiedKFold(10, shuffle=True, random_state=s)
                cases.append(as_record("stratifiedKFold", n, y, case, folds(cv, n, y)))
            else:
                cases.append(as_record("holdout", n, None, options, lambda: holdout(n, 0.2, None, True, None, s)))
    for s in range(6):
        y = "".join(DIGITS[i % 7] for i in range(35))
        options = {"testSize": 10, "shuffle": True, "randomState": s}
        cases.append(as_record("stratified", 35, y, options, lambda: holdout(35, 10, None, True, y, s)))
    cases.append(as_record("kFold", 200_000, None, {"nSplits": 3, "shuffle": True, "randomState": 3},
                           folds(KFold(3, shuffle=True, random_state=3), 200_000)))
    return cases


def streams():
    """The raw generator: words, bounded integers and permutations."""
    records = []
    for s in (0, 1, 42, 2**31, 2**32 - 1):
        words = np.random.RandomState(s).randint(0, 2**32, size=2000, dtype=np.uint32)
        records.append({
            "seed": s,
            "words": [int(w) for w in words[:4]],
            "wordsDigest": digest([[words]]),
            "permutation": [int(i) for i in np.random.RandomState(s).permutation(11)],
            "permutationDigest": digest([[np.random.RandomState(s).permutation(3000)]]),
        })
    return records


def week6():
    """The test rows of the reference split; from the labels alone. Keeps what is frozen where the files are absent."""
    if not WEEK6.exists():
        return json.loads(OUT.read_text())["week6"]
    records = []
    for name in ("week6_test_events.csv", "week6_test_events_v1.csv"):
        with open(WEEK6 / name, newline="", encoding="utf-8") as file:
            y = np.array([int(row["event"] in ATTACKS) for row in csv.DictReader(file)])
        train, test = train_test_split(np.arange(len(y)), test_size=0.2, stratify=y, random_state=42)
        cv = StratifiedKFold(10, shuffle=True, random_state=42).split(train, y[train])
        records.append({
            "file": name,
            "test": [int(i) for i in test],
            "trainDigest": digest([[train]]),
            "crossValidationDigest": digest(cv),
        })
    return records


def main():
    cases = random_cases(random.Random(19)) + edge_cases() + grouped_cases(random.Random(10))
    frozen = {"scikitLearn": sklearn.__version__, "numpy": np.__version__, "streams": streams(), "week6": week6()}
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    head = json.dumps(frozen, separators=(",", ":"))[:-1]
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(f'{head},"cases":[\n{lines}\n]}}\n')
    refused = sum(case["is"] is None for case in cases)
    print(f"{len(cases)} cases, {refused} of them refused, {OUT.stat().st_size} bytes")


main()
