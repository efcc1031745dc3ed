"""Answers one request as JSON: scores packages through mlflow.pyfunc, or logs models for PhantomNet to score."""

import contextlib
import json
import os
import sys
import warnings

warnings.filterwarnings("ignore")
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import mlflow
import numpy as np
import onnx
import onnxruntime
import pandas as pd
from mlflow import MlflowClient
from mlflow.models import infer_signature
from onnx import TensorProto, helper


def frame(names, types, columns):
    """A data frame with the dtypes a user would have: int64, float64 with NaN, object."""
    made = {}
    for name, kind, values in zip(names, types, columns):
        if kind == "string":
            made[name] = pd.Series(values, dtype=object)
        elif kind == "long":
            made[name] = pd.Series([int(v) for v in values], dtype=np.int64)
        else:
            made[name] = pd.Series([np.nan if v is None else float(v) for v in values], dtype=np.float64)
    return pd.DataFrame(made)


def score_packages(folders):
    """What Python says of each package's rows."""
    answer = {}
    for folder in folders:
        with open(os.path.join(folder, "rows.json"), encoding="utf-8") as file:
            columns = json.load(file)
        onnx.checker.check_model(os.path.join(folder, "model.onnx"), full_check=True)
        loaded = mlflow.pyfunc.load_model(folder, suppress_warnings=True)
        inputs = loaded.metadata.signature.inputs.to_dict()
        data = frame([c["name"] for c in inputs], [c["type"] for c in inputs], columns)
        result = loaded.predict(data)
        answer[os.path.basename(folder)] = {
            "columns": list(result.columns),
            "signature": [c["name"] for c in loaded.metadata.signature.outputs.to_dict()],
            "labels": result["label"].tolist(),
            "scores": result.iloc[:, 1:].to_numpy().tolist(),
            "empty": len(loaded.predict(data[:0])),
        }
    return answer


def predict_staged(uri, name):
    """The reference's call, and the same with a float64 column and with NaN on the model of all features."""
    mlflow.set_tracking_uri(uri)
    client = MlflowClient()
    with contextlib.redirect_stderr(None):
        staged = mlflow.pyfunc.load_model(f"models:/{name}/Staging")
    reference = staged.predict(pd.DataFrame([{"payload_length": 120}]))
    experiment = client.get_experiment_by_name("quickstart")
    [run] = client.search_runs([experiment.experiment_id], "attributes.run_name = 'forest-all-features'")
    folder = mlflow.artifacts.download_artifacts(f"runs:/{run.info.run_id}/model")
    loaded = mlflow.pyfunc.load_model(folder)
    with open(os.path.join(folder, "input_example.json"), encoding="utf-8") as file:
        rows = json.load(file)
    example = loaded.predict(pd.DataFrame(rows, dtype=object))
    missing = pd.DataFrame(rows, dtype=object).assign(port=np.nan, method=None)
    raw = mlflow.onnx.load_model(f"models:/{name}/Staging")
    return {
        "reference": reference.to_dict("list"),
        "dtypes": [str(dtype) for dtype in reference.dtypes],
        "example": example["label"].tolist(),
        "exampleScores": example.iloc[:, 1:].to_numpy().tolist(),
        "rows": rows,
        "missing": loaded.predict(missing)["score_1"].tolist(),
        "graphInputs": [i.name for i in raw.graph.input],
        "requirements": open(mlflow.pyfunc.get_model_dependencies(folder), encoding="utf-8").read(),
    }


def classifier():
    """A tree that says 1 above 150 characters, as scikit-learn's exporter lays it out."""
    node = helper.make_node(
        "TreeEnsembleClassifier",
        ["x"],
        ["label", "probabilities"],
        domain="ai.onnx.ml",
        nodes_treeids=[0, 0, 0],
        nodes_nodeids=[0, 1, 2],
        nodes_featureids=[0, 0, 0],
        nodes_values=[150.0, 0.0, 0.0],
        nodes_modes=["BRANCH_LEQ", "LEAF", "LEAF"],
        nodes_truenodeids=[1, 0, 0],
        nodes_falsenodeids=[2, 0, 0],
        class_treeids=[0, 0],
        class_nodeids=[1, 2],
        class_ids=[0, 0],
        class_weights=[0.25, 0.875],
        classlabels_int64s=[0, 1],
        post_transform="NONE",
    )
    graph = helper.make_graph(
        [node],
        "classifier",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 1])],
        [
            helper.make_tensor_value_info("label", TensorProto.INT64, [None]),
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, 2]),
        ],
    )
    return onnx_model(graph)


def two_inputs(size):
    """Logits of two columns with text labels; `size` constants make MLflow move them into another file."""
    weights = helper.make_tensor("w", TensorProto.FLOAT, [2, 2], np.float32([[0.02, -0.02], [1, -1]]).tobytes(), raw=True)
    padding = helper.make_tensor("p", TensorProto.FLOAT, [size], np.zeros(size, np.float32).tobytes(), raw=True)
    labels = helper.make_tensor("names", TensorProto.STRING, [2], [b"attack", b"benign"])
    nodes = [
        helper.make_node("Cast", ["length"], ["length_f"], to=TensorProto.FLOAT),
        helper.make_node("Cast", ["ratio"], ["ratio_f"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["length_f", "axis"], ["a"]),
        helper.make_node("Unsqueeze", ["ratio_f", "axis"], ["b"]),
        helper.make_node("Concat", ["a", "b"], ["x"], axis=1),
        helper.make_node("MatMul", ["x", "w"], ["logits"]),
        helper.make_node("ReduceSum", ["p"], ["nothing"], keepdims=0),
        helper.make_node("Add", ["logits", "nothing"], ["shifted"]),
        helper.make_node("Softmax", ["shifted"], ["shares"], axis=1),
        helper.make_node("ArgMax", ["shares"], ["best"], axis=1, keepdims=0),
        helper.make_node("Gather", ["names", "best"], ["label"], axis=0),
        helper.make_node("Split", ["shares"], ["one", "two"], axis=1, num_outputs=2),
        helper.make_node("Squeeze", ["one", "axis"], ["score_attack"]),
        helper.make_node("Squeeze", ["two", "axis"], ["score_benign"]),
    ]
    graph = helper.make_graph(
        nodes,
        "two",
        [
            helper.make_tensor_value_info("length", TensorProto.INT64, [None]),
            helper.make_tensor_value_info("ratio", TensorProto.DOUBLE, [None]),
        ],
        [
            helper.make_tensor_value_info("label", TensorProto.STRING, [None]),
            helper.make_tensor_value_info("score_attack", TensorProto.FLOAT, [None]),
            helper.make_tensor_value_info("score_benign", TensorProto.FLOAT, [None]),
        ],
        [weights, padding, labels, helper.make_tensor("axis", TensorProto.INT64, [1], [1])],
    )
    return onnx_model(graph)


def onnx_model(graph):
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
    onnx.checker.check_model(model)
    return model


def log_models(uri, exported):
    """Logs what PhantomNet is to register, and what Python itself says of the same rows."""
    mlflow.set_tracking_uri(uri)
    mlflow.set_experiment("python")
    lengths = pd.DataFrame({"payload_length": [120, 200]})
    both = pd.DataFrame({"length": [10, 90], "ratio": [0.5, -2.25]})
    label = pd.DataFrame({"label": [0, 1]})
    answer = {}

    def log(key, accuracy, make):
        with mlflow.start_run() as run:
            make()
            if accuracy is not None:
                mlflow.log_metric("accuracy", accuracy)
        model_id = mlflow.get_run(run.info.run_id).outputs.model_outputs[-1].model_id
        answer[key] = {"runId": run.info.run_id}
        return f"models:/{model_id}"

    def score(key, address, data):
        answer[key]["says"] = mlflow.pyfunc.load_model(address).predict(data).to_dict("list")

    floats = infer_signature(lengths.astype(np.float32), label)
    log("tree", 0.9, lambda: mlflow.onnx.log_model(classifier(), name="tree", signature=floats))
    # MLflow flattens the matrix of probabilities and then finds columns of unequal length.
    session = onnxruntime.InferenceSession(classifier().SerializeToString())
    labels, shares = session.run(None, {"x": lengths.to_numpy(np.float32)})
    answer["tree"]["says"] = {"label": labels.tolist(), "score_1": shares[:, 1].tolist()}
    ours = onnx.load(exported)
    signature = infer_signature(lengths, label)
    again = log(
        "again", 0.9, lambda: mlflow.onnx.log_model(ours, name="m", signature=signature, input_example=lengths)
    )
    score("again", again, lengths)
    named = infer_signature(both, label)
    small = log("small", 0.5, lambda: mlflow.onnx.log_model(two_inputs(4), name="m", signature=named))
    score("small", small, both)
    log("external", 0.9, lambda: mlflow.onnx.log_model(two_inputs(4096), name="m", signature=named))
    log(
        "inside",
        None,
        lambda: mlflow.onnx.log_model(
            two_inputs(4096), name="m", signature=named, save_as_external_data=False
        ),
    )

    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression().fit(lengths, [0, 1])
    log("pickle", 0.9, lambda: mlflow.sklearn.log_model(fitted, name="model", serialization_format="cloudpickle"))
    return answer


request = json.load(sys.stdin)
if request["command"] == "score":
    result = score_packages(request["folders"])
elif request["command"] == "staged":
    result = predict_staged(request["uri"], request["model"])
else:
    result = log_models(request["uri"], request["exported"])
json.dump(result, answers, default=str)
answers.close()
