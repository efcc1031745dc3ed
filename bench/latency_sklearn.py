"""The scikit-learn side of bench/latency.mjs: fits one forest, then times predict whenever it is asked to.

Standard input, one JSON value a line: first {"x": [[...]], "y": [...], "params": {...}}, then numbers of calls.
Standard output, one JSON value a line: first the versions, then the milliseconds of each call.
"""

import json
import platform
import sys
import time

import numpy as np
import sklearn
from sklearn.ensemble import RandomForestClassifier

task = json.loads(sys.stdin.readline())
x = np.array(task["x"])
model = RandomForestClassifier(**task["params"]).fit(x, np.array(task["y"]))
print(json.dumps({"sklearn": sklearn.__version__, "python": platform.python_version()}), flush=True)

for line in sys.stdin:
    times = []
    for _ in range(int(line)):
        start = time.perf_counter()
        model.predict(x)
        times.append((time.perf_counter() - start) * 1000)
    print(json.dumps(times), flush=True)
