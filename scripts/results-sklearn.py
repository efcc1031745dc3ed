"""scikit-learn's random forest on the columns of NSL-KDD: prints one line of JSON a label. Called by scripts/results.mjs."""

import gzip
import json
import sys
import time

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score, f1_score
from sklearn.preprocessing import OneHotEncoder

folder, classes_path = sys.argv[1:3]
CLASSES = json.load(open(classes_path))


def read(name):
    with gzip.open(f"{folder}/{name}", "rt") as lines:
        return [line.strip().split(",") for line in lines if line.strip()]


train, test = read("KDDTrain+.txt.gz"), read("KDDTest+.txt.gz")
words = [1, 2, 3]
numbers = [i for i in range(41) if i not in words]
encoder = OneHotEncoder(handle_unknown="ignore").fit([[row[i] for i in words] for row in train])


def matrix(rows):
    plain = np.array([[float(row[i]) for i in numbers] for row in rows])
    return np.hstack([plain, encoder.transform([[row[i] for i in words] for row in rows]).toarray()])


x_train, x_test = matrix(train), matrix(test)
for label, of in (("is_attack", lambda name: str(int(name != "normal"))), ("attack_class", CLASSES.get)):
    y_train, y_test = [of(row[41]) for row in train], [of(row[41]) for row in test]
    began = time.perf_counter()
    model = RandomForestClassifier(n_estimators=100, random_state=42, n_jobs=-1).fit(x_train, y_train)
    seconds = time.perf_counter() - began
    predicted = model.predict(x_test)
    print(
        json.dumps(
            {
                "label": label,
                "accuracy": accuracy_score(y_test, predicted),
                "f1Macro": f1_score(y_test, predicted, average="macro"),
                "seconds": seconds,
            }
        )
    )
