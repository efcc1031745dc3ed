"""A Python peer of `npm run bench`: python.py <scikit-learn | lightgbm | xgboost | ydf | onnxruntime>.

One process holds one library, so that no two libraries' thread pools share a process. Standard input has one command a
line, as JSON: {"do": "fit", ...}; standard output one answer a line. Imports, reading of data and answers are outside of
every time that is measured; what is timed is one call on arrays in memory.
"""

import json
import os
import platform
import resource
import sys
import time

import numpy as np

# What a library prints must not mix with the answers.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def features_at_a_node(columns):
    """floor(sqrt(columns)), as a share that every rounding turns back into that count."""
    return (int(columns**0.5) + 0.01) / columns


class ScikitLearn:
    def __init__(self):
        import sklearn
        from sklearn.ensemble import RandomForestClassifier

        self.versions = {"scikit-learn": sklearn.__version__}
        self.forest = RandomForestClassifier

    def fit(self, x, y, task):
        return self.forest(
            n_estimators=task["trees"],
            max_depth=task["depth"],
            min_samples_split=task.get("minSplit", 2),
            n_jobs=task["threads"],
            random_state=task["seed"],
        ).fit(x, y)

    def nodes(self, model):
        return sum(tree.tree_.node_count for tree in model.estimators_)

    def scores(self, model, x, threads):
        model.n_jobs = threads
        return model.predict_proba(x)[:, 1]

    def labels(self, model, x):
        model.n_jobs = 1
        return model.predict(x)

    def export_onnx(self, model, path, columns):
        from skl2onnx import to_onnx

        form = to_onnx(model, np.zeros((1, columns), np.float32), options={"zipmap": False}, target_opset=17)
        with open(path, "wb") as file:
            file.write(form.SerializeToString())

    def export_c(self, model, folder, x):
        """Writes C for the forest, its branches annotated by the training rows and its thresholds as integers: the
        fastest of tl2cgen's four forms for this forest, 3.3 times faster than its default."""
        import tl2cgen
        import treelite

        trees = treelite.sklearn.import_model(model)
        annotations = f"{folder}.json"
        tl2cgen.annotate_branch(trees, dmat=tl2cgen.DMatrix(x), path=annotations, verbose=False)
        params = {"quantize": 1, "annotate_in": annotations, "parallel_comp": 16}
        tl2cgen.generate_c_code(trees, dirpath=folder, params=params)
        return {"tl2cgen": tl2cgen.__version__, "treelite": treelite.__version__}


class LightGBM:
    def __init__(self):
        import lightgbm

        self.versions = {"lightgbm": lightgbm.__version__}
        self.lgb = lightgbm

    def fit(self, x, y, task):
        params = {
            "objective": "binary",
            "boosting": "rf",
            "bagging_fraction": 0.632,
            "bagging_freq": 1,
            "feature_fraction_bynode": features_at_a_node(x.shape[1]),
            # 131,072 is the most it takes.
            "num_leaves": 4096 if task["depth"] else 131072,
            "max_depth": task["depth"] or -1,
            "max_bin": 255,
            "num_threads": task["threads"],
            "seed": task["seed"],
            "verbose": -1,
        }
        if not task["peerDefaults"]:
            params["min_data_in_leaf"] = 1
        data = self.lgb.Dataset(x, label=y, params=params)
        return self.lgb.train(params, data, task["trees"])

    def nodes(self, model):
        return sum(2 * tree["num_leaves"] - 1 for tree in model.dump_model()["tree_info"])

    def scores(self, model, x, threads):
        return model.predict(x, num_threads=threads)


class XGBoost:
    def __init__(self):
        import xgboost

        self.versions = {"xgboost": xgboost.__version__}
        self.xgb = xgboost

    def fit(self, x, y, task):
        params = {
            "objective": "binary:logistic",
            "tree_method": "hist",
            "num_parallel_tree": task["trees"],
            "learning_rate": 1,
            "reg_lambda": 1e-5,
            "subsample": 0.632,
            "colsample_bynode": features_at_a_node(x.shape[1]),
            "max_depth": task["depth"] or 0,
            "nthread": task["threads"],
            "seed": task["seed"],
        }
        if not task["peerDefaults"]:
            params["min_child_weight"] = 0
        return self.xgb.train(params, self.xgb.QuantileDMatrix(x, y, nthread=task["threads"]), 1)

    def nodes(self, model):
        return sum(tree.count("\n") for tree in model.get_dump())

    def scores(self, model, x, threads):
        model.set_param({"nthread": threads})
        return model.inplace_predict(x)


class YDF:
    def __init__(self):
        import ydf

        ydf.verbose(0)
        self.versions = {"ydf": ydf.__version__}
        self.ydf = ydf

    def fit(self, x, y, task):
        learner = self.ydf.RandomForestLearner(
            label="y",
            num_trees=task["trees"],
            # Its depth counts the root.
            max_depth=task["depth"] + 1 if task["depth"] else -1,
            min_examples=5 if task["peerDefaults"] else 1,
            # Its own square root is rounded up.
            num_candidate_attributes=int(x.shape[1] ** 0.5),
            winner_take_all=False,
            compute_oob_performances=False,
            # Bins and no presorting: 3 times faster to fit than its defaults here. Exact thresholds score faster.
            discretize_numerical_columns=not task.get("forScoring", False),
            sorting_strategy="IN_NODE",
            num_threads=task["threads"],
            random_seed=task["seed"],
        )
        return learner.train({"f": x, "y": y})

    def nodes(self, model):
        return model.num_nodes()

    def scores(self, model, x, threads):
        return model.predict({"f": x}, num_threads=threads)

    def engine_us(self, model, x, batch):
        """Microseconds a row, by the benchmark of its C++ engine."""
        result = model.benchmark(
            {"f": x}, benchmark_duration=0.5, warmup_duration=0.2, batch_size=batch, num_threads=1
        )
        return result.duration_per_example * 1e6


class OnnxRuntime:
    def __init__(self):
        import onnxruntime

        self.versions = {"onnxruntime": onnxruntime.__version__}
        self.ort = onnxruntime

    def open(self, path):
        options = self.ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        return self.ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def scores(self, model, x, threads):
        return model.run(["probabilities"], {model.get_inputs()[0].name: x})[0][:, 1]


ENGINES = {
    "scikit-learn": ScikitLearn,
    "lightgbm": LightGBM,
    "xgboost": XGBoost,
    "ydf": YDF,
    "onnxruntime": OnnxRuntime,
}


def peak_bytes():
    """The most memory this process held. Not ru_maxrss, which on Linux starts from the parent's."""
    try:
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if platform.system() == "Darwin" else peak * 1024


class Server:
    def __init__(self, name):
        self.engine = ENGINES[name]()
        self.data = {}
        self.models = {}

    def hello(self, task):
        versions = {**self.engine.versions, "numpy": np.__version__, "python": platform.python_version()}
        return {"versions": versions}

    def load(self, task):
        x = np.fromfile(task["x"], np.float32).reshape(-1, task["columns"])
        self.data[task["data"]] = (x, np.fromfile(task["y"], np.uint8).astype(np.int64))
        return {}

    def unload(self, task):
        self.data.pop(task["data"], None)
        self.models.pop(task.get("model"), None)
        return {}

    def rows(self, task):
        x, y = self.data[task["data"]]
        return (x[: task["rows"]], y[: task["rows"]]) if task.get("rows") else (x, y)

    def fit(self, task):
        x, y = self.rows(task)
        self.models.pop(task["model"], None)
        start = time.perf_counter()
        model = self.engine.fit(x, y, task)
        seconds = time.perf_counter() - start
        self.models[task["model"]] = model
        return {"seconds": seconds}

    def nodes(self, task):
        return {"nodes": self.engine.nodes(self.models[task["model"]])}

    def open(self, task):
        self.models[task["model"]] = self.engine.open(task["path"])
        return {}

    def scores(self, task):
        scores = self.engine.scores(self.models[task["model"]], self.rows(task)[0], 2)
        np.ascontiguousarray(scores, np.float64).tofile(task["path"])
        return {}

    def batch(self, task):
        """Seconds of one scoring of all rows on one thread."""
        x, _ = self.rows(task)
        model = self.models[task["model"]]
        start = time.perf_counter()
        self.engine.scores(model, x, 1)
        seconds = time.perf_counter() - start
        if task.get("engine"):
            seconds = min(seconds, self.engine.engine_us(model, x, 1000) * len(x) / 1e6)
        return {"seconds": seconds}

    def one(self, task):
        x, _ = self.rows(task)
        return {"meanUs": self.engine.engine_us(self.models[task["model"]], x, 1)}

    def labels(self, task):
        """Microseconds of each of `calls` predictions of the labels of all rows."""
        x, _ = self.rows(task)
        model, times = self.models[task["model"]], []
        for _ in range(task["calls"]):
            start = time.perf_counter()
            self.engine.labels(model, x)
            times.append((time.perf_counter() - start) * 1e6)
        return {"us": times}

    def onnx(self, task):
        self.engine.export_onnx(self.models[task["model"]], task["path"], task["columns"])
        return {}

    def c(self, task):
        return {"versions": self.engine.export_c(self.models[task["model"]], task["folder"], self.rows(task)[0])}

    def memory(self, task):
        return {"peakBytes": peak_bytes()}

    def answer(self, line):
        task = json.loads(line)
        try:
            return getattr(self, task["do"])(task)
        except Exception as error:
            return {"error": f"{type(error).__name__}: {error}"[:500]}


def main():
    try:
        server = Server(sys.argv[1])
    except ImportError as error:
        answers.write(json.dumps({"error": str(error)}) + "\n")
        answers.flush()
        return
    for line in sys.stdin:
        answers.write(json.dumps(server.answer(line)) + "\n")
        answers.flush()


main()
