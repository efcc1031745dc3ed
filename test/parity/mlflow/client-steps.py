"""A training script's calls with MLflow's Python client, on the server given as the argument. Prints one JSON line a
step: {"step", "answer"}, or {"step", "error", "code"} where the client raised."""

import json
import math
import os
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")

import logging

import mlflow
import pandas
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunStatus, RunTag, ViewType
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

logging.getLogger("mlflow").setLevel(logging.ERROR)
mlflow.set_tracking_uri(sys.argv[1])
client = MlflowClient()
rows = pandas.DataFrame({"payload_length": [1.0, 2.0, 90.0, 120.0], "port": [22, 23, 80, 443]})
labels = [0, 0, 1, 1]
kept = {}


def plain(value):
    """What JSON can hold of an answer of the client."""
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if value is None or isinstance(value, (str, int, bool)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in sorted(value.items(), key=lambda item: str(item[0]))}
    if isinstance(value, (list, tuple, set)):
        return [plain(part) for part in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if hasattr(value, "__dict__"):
        fields = {name.lstrip("_"): part for name, part in vars(value).items()}
        return plain({"is": type(value).__name__, **fields})
    return str(value)


def step(name, call):
    """Does one step, prints its line, and returns the client's answer."""
    try:
        answer = call()
    except MlflowException as error:
        line = {"step": name, "error": type(error).__name__, "code": error.error_code}
        answer = None
    except Exception as error:  # noqa: BLE001
        status = getattr(getattr(error, "response", None), "status_code", None)
        line = {"step": name, "error": type(error).__name__, "code": status}
        answer = None
    else:
        line = {"step": name, "answer": plain(answer)}
    print(json.dumps(line), flush=True)
    return answer


def names(entities):
    return [entity.name for entity in entities]


def tracking():
    experiment = step("set_experiment creates", lambda: mlflow.set_experiment("client"))
    step("set_experiment finds", lambda: mlflow.set_experiment("client"))
    e = experiment.experiment_id
    kept["experiment"] = e
    step("create_experiment taken", lambda: mlflow.create_experiment("client"))
    step("create_experiment tags", lambda: mlflow.create_experiment("client 2", tags={"team": "blue"}).isdigit())
    step("get_experiment_by_name", lambda: mlflow.get_experiment_by_name("client 2"))
    step("get_experiment_by_name none", lambda: mlflow.get_experiment_by_name("no such"))
    step("get_experiment none", lambda: mlflow.get_experiment("424242"))
    step("set_experiment_tags", lambda: mlflow.set_experiment_tags({"a": "1", "b": "2"}))
    step("delete_experiment_tag", lambda: client.delete_experiment_tag(e, "b"))
    step("rename_experiment", lambda: client.rename_experiment(e, "client renamed"))
    step("get_experiment", lambda: client.get_experiment(e))
    step("search_experiments", lambda: names(mlflow.search_experiments(filter_string="name LIKE 'client%'", order_by=["name"])))
    step("search_experiments bad", lambda: mlflow.search_experiments(filter_string="what = 1"))
    second = client.get_experiment_by_name("client 2").experiment_id
    step("delete_experiment", lambda: client.delete_experiment(second))
    step("search_experiments deleted", lambda: names(client.search_experiments(view_type=ViewType.DELETED_ONLY, filter_string="name LIKE 'client%'")))
    step("set_experiment deleted", lambda: mlflow.set_experiment("client 2"))
    step("restore_experiment", lambda: client.restore_experiment(second))
    mlflow.set_experiment("client renamed")

    with mlflow.start_run(run_name="fluent", description="a run", tags={"given": "1"}) as run:
        kept["run"] = run.info.run_id
        step("active_run", lambda: mlflow.active_run().info)
        step("log_param", lambda: mlflow.log_param("depth", 3))
        step("log_param again", lambda: mlflow.log_param("depth", 3))
        step("log_param changed", lambda: mlflow.log_param("depth", 4))
        step("log_param bad key", lambda: mlflow.log_param("../x", 4))
        step("log_params", lambda: mlflow.log_params({"a": 1.5, "b": None, "long": "x" * 7000, "ü": "日本"}))
        step("log_metric", lambda: mlflow.log_metric("loss", 0.5, step=0, timestamp=1000))
        step("log_metric 2", lambda: mlflow.log_metric("loss", 0.25, step=1, timestamp=2000))
        step("log_metrics", lambda: mlflow.log_metrics({"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf"), "tiny": 5e-324, "zero": -0.0}, step=3, timestamp=3000))
        step("log_metric bad", lambda: mlflow.log_metric("loss", "much"))
        step("log_metric bad key", lambda: mlflow.log_metric("a//b", 1))
        step("set_tag", lambda: mlflow.set_tag("team", "blue"))
        step("set_tags", lambda: mlflow.set_tags({"x": 1, "note": 'q"\''}))
        step("delete_tag", lambda: mlflow.delete_tag("x"))
        step("delete_tag none", lambda: mlflow.delete_tag("x"))
        step("log_input", lambda: mlflow.log_input(mlflow.data.from_pandas(rows, name="rows"), context="training", tags={"k": "v"}))
        step("log_input without", lambda: mlflow.log_input(mlflow.data.from_numpy(rows.to_numpy(), name="array")))
        step("log_dict json", lambda: mlflow.log_dict({"a": [1, 2]}, "reports/deep er/report.json"))
        step("log_dict yaml", lambda: mlflow.log_dict({"a": 1}, "reports/report.yaml"))
        step("log_text", lambda: mlflow.log_text("ü text", "notes/ü.txt"))
        step("log_table", lambda: mlflow.log_table(rows, "table.json"))
        step("log_artifact none", lambda: mlflow.log_artifact("/no/such/file"))
        with tempfile.TemporaryDirectory() as folder:
            os.makedirs(os.path.join(folder, "sub"))
            for name in ("one.txt", "sub/two.bin"):
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(b"\x00\xff" + name.encode())
            step("log_artifact", lambda: mlflow.log_artifact(os.path.join(folder, "one.txt"), "files"))
            step("log_artifacts", lambda: mlflow.log_artifacts(folder, "all"))
        with mlflow.start_run(run_name="child", nested=True) as child:
            kept["child"] = child.info.run_id
            mlflow.log_metric("loss", 9, timestamp=1)
        step("get_artifact_uri", lambda: mlflow.get_artifact_uri("files"))
    r = kept["run"]
    step("get_run", lambda: client.get_run(r).to_dictionary())
    step("get_run inputs", lambda: [(d.dataset.name, d.dataset.digest, d.dataset.source_type, d.tags) for d in client.get_run(r).inputs.dataset_inputs])
    step("get_run none", lambda: client.get_run("0" * 32))
    step("get_parent_run", lambda: client.get_parent_run(kept["child"]).info.run_name)
    step("get_metric_history", lambda: client.get_metric_history(r, "loss"))
    step("get_metric_history nan", lambda: client.get_metric_history(r, "nan"))
    step("get_metric_history none", lambda: client.get_metric_history(r, "none"))
    step("list_artifacts", lambda: client.list_artifacts(r))
    step("list_artifacts all", lambda: client.list_artifacts(r, "all"))
    step("list_artifacts file", lambda: client.list_artifacts(r, "all/one.txt"))
    step("list_artifacts none", lambda: client.list_artifacts(r, "nothing"))
    step("list_artifacts up", lambda: client.list_artifacts(r, "../.."))
    step("load_dict", lambda: mlflow.artifacts.load_dict(f"runs:/{r}/reports/deep er/report.json"))
    step("load_text", lambda: mlflow.artifacts.load_text(f"runs:/{r}/notes/ü.txt"))
    step("load_table", lambda: mlflow.load_table("table.json", run_ids=[r]).to_dict("list"))
    step("download_artifacts", lambda: sorted(os.listdir(mlflow.artifacts.download_artifacts(run_id=r, artifact_path="all"))))
    step("download_artifacts none", lambda: bool(mlflow.artifacts.download_artifacts(run_id=r, artifact_path="nothing")))
    step("mlflow.artifacts.list", lambda: [f.path for f in mlflow.artifacts.list_artifacts(f"runs:/{r}/reports")])

    made = step("create_run", lambda: client.create_run(e, start_time=5000, tags={"t": "1"}, run_name="made"))
    m = made.info.run_id
    step("log_batch", lambda: client.log_batch(m, [Metric("a", i / 2, i, i) for i in range(20)], [Param("p", "1")], [RunTag("q", "2")]))
    step("log_batch param twice", lambda: client.log_batch(m, [], [Param("z", "1"), Param("z", "2")]))
    step("log_batch too many", lambda: client.log_batch(m, [], [Param(f"p{i}", "1") for i in range(150)]))
    step("log_batch none", lambda: client.log_batch("0" * 32, [Metric("a", 1, 1, 1)]))
    step("log_inputs", lambda: client.log_inputs(m, [DatasetInput(Dataset("d", "1", "local", "{}", "{}", "{}"), [InputTag("mlflow.data.context", "eval")])]))
    step("update_run", lambda: client.update_run(m, status="FAILED", name="made again"))
    step("set_terminated", lambda: client.set_terminated(m, "KILLED", end_time=6000))
    step("get_run made", lambda: client.get_run(m).to_dictionary())
    step("delete_run", lambda: client.delete_run(m))
    step("log_metric deleted", lambda: client.log_metric(m, "a", 1))
    step("get_run deleted", lambda: client.get_run(m).info)
    step("restore_run", lambda: client.restore_run(m))
    step("start_run none", lambda: mlflow.start_run(run_id="0" * 32))
    with mlflow.start_run(run_id=m):
        step("resumed", lambda: mlflow.log_metric("resumed", 1, timestamp=1))
    step("status of resumed", lambda: client.get_run(m).info.status)


def search():
    e = [kept["experiment"]]
    for filter_string in (
        "",
        "metrics.loss < 1",
        "metrics.loss < 1 AND params.depth = '3'",
        "metrics.`loss` >= 0.25",
        "params.`ü` = '日本'",
        "params.a LIKE '1%'",
        "tags.team ILIKE 'BLUE'",
        "tags.`mlflow.runName` = 'fluent'",
        "attributes.run_name IN ('fluent', 'made again')",
        "attributes.status != 'FINISHED'",
        "start_time > 6000",
        "dataset.name = 'rows'",
        "dataset.context = 'training'",
        "tags.given IS NOT NULL",
        "metrics.loss <",
        "unknown.x = 1",
        "params.depth = 3",
        "metrics.loss = 'x'",
    ):
        step(f"search_runs {filter_string}", lambda: [r.info.run_name for r in client.search_runs(e, filter_string, order_by=["attributes.run_name"])])
    for order in ("metrics.loss", "metrics.loss DESC", "params.depth", "attributes.run_name DESC", "nothing", "metrics.loss SIDEWAYS"):
        step(f"search_runs by {order}", lambda: [r.info.run_name for r in client.search_runs(e, order_by=[order, "start_time"])])
    step("search_runs pandas", lambda: sorted(mlflow.search_runs(e).columns))
    page = step("search_runs page 1", lambda: [r.info.run_name for r in client.search_runs(e, max_results=1, order_by=["attributes.run_name"])])
    first = client.search_runs(e, max_results=1, order_by=["attributes.run_name"])
    step("search_runs page 2", lambda: [r.info.run_name for r in client.search_runs(e, max_results=1, order_by=["attributes.run_name"], page_token=first.token)])
    step("search_runs bad token", lambda: client.search_runs(e, page_token="rubbish"))
    step("search_runs too many", lambda: client.search_runs(e, max_results=60000))
    step("search_runs by name", lambda: len(mlflow.search_runs(experiment_names=["client renamed"], output_format="list")))
    step("search_runs deleted", lambda: list(client.search_runs(e, run_view_type=ViewType.DELETED_ONLY)))
    step("search_traces", lambda: list(client.search_traces(e)))
    step("mlflow.search_traces", lambda: len(mlflow.search_traces(locations=e, return_type="list")))
    step("last_active_run", lambda: mlflow.last_active_run() is not None)
    return page


def models():
    with mlflow.start_run(run_name="training") as run:
        kept["training"] = run.info.run_id
        mlflow.log_metric("acc", 0.9, step=1, timestamp=1)
        fitted = LogisticRegression().fit(rows, labels)
        signature = mlflow.models.infer_signature(rows, fitted.predict(rows))
        info = mlflow.sklearn.log_model(fitted, name="model", signature=signature, params={"C": 1}, tags={"t": "1"}, input_example=rows)
        kept["model"] = info.model_id
        step("log_model", lambda: (info.model_uri, info.flavors.keys(), info.artifact_path))
    m = kept["model"]
    step("get_logged_model", lambda: mlflow.get_logged_model(m).to_dictionary())
    step("get_logged_model none", lambda: mlflow.get_logged_model("m-" + "0" * 32))
    step("search_logged_models", lambda: [x.name for x in mlflow.search_logged_models([kept["experiment"]], "name = 'model'", output_format="list")])
    step("search_logged_models metric", lambda: [x.name for x in mlflow.search_logged_models([kept["experiment"]], "metrics.acc > 0.5", order_by=[{"field_name": "metrics.acc", "ascending": False}], output_format="list")])
    step("search_logged_models bad", lambda: mlflow.search_logged_models([kept["experiment"]], "what.x > 1", output_format="list"))
    step("set_logged_model_tags", lambda: client.set_logged_model_tags(m, {"u": "2"}))
    step("delete_logged_model_tag", lambda: client.delete_logged_model_tag(m, "t"))
    step("log_model_params", lambda: mlflow.log_model_params({"late": "1"}, m))
    step("list_logged_model_artifacts", lambda: sorted(f.path for f in client.list_logged_model_artifacts(m)))
    step("load runs:/", lambda: mlflow.pyfunc.load_model(f"runs:/{kept['training']}/model").predict(rows))
    step("load models:/id", lambda: mlflow.pyfunc.load_model(f"models:/{m}").predict(rows))
    step("load sklearn", lambda: mlflow.sklearn.load_model(info.model_uri).predict(rows))
    step("initialize_logged_model", lambda: mlflow.initialize_logged_model(name="external").status)
    external = step("create_external_model", lambda: mlflow.create_external_model(name="outside", params={"a": "1"}).name)
    step("outputs", lambda: len(client.get_run(kept["training"]).outputs.model_outputs))
    made = mlflow.initialize_logged_model(name="failing")
    step("finalize_logged_model", lambda: mlflow.finalize_logged_model(made.model_id, "FAILED").status)
    step("delete_logged_model", lambda: client.delete_logged_model(made.model_id))
    step("get_logged_model deleted", lambda: mlflow.get_logged_model(made.model_id))

    step("autolog", lambda: mlflow.sklearn.autolog(log_models=True, log_datasets=True, skops_trusted_types=["sklearn.tree._tree.Tree"]) if "skops_trusted_types" in mlflow.sklearn.autolog.__code__.co_varnames else mlflow.sklearn.autolog(log_datasets=True))
    with mlflow.start_run(run_name="auto") as auto:
        DecisionTreeClassifier(max_depth=2, random_state=0).fit(rows, labels)
    mlflow.sklearn.autolog(disable=True)
    automatic = client.get_run(auto.info.run_id)
    step("autolog params", lambda: automatic.data.params)
    step("autolog metrics", lambda: automatic.data.metrics)
    step("autolog tags", lambda: sorted(automatic.data.tags))
    step("autolog inputs", lambda: [d.dataset.name for d in automatic.inputs.dataset_inputs])
    step("autolog artifacts", lambda: sorted(f.path for f in client.list_artifacts(auto.info.run_id)))
    step("autolog outputs", lambda: len(automatic.outputs.model_outputs) if automatic.outputs else 0)
    return external


def registry():
    name = "client detector"
    first = step("register_model", lambda: mlflow.register_model(f"models:/{kept['model']}", name, tags={"v": "1"}))
    step("register_model runs:/", lambda: mlflow.register_model(f"runs:/{kept['training']}/model", name))
    step("register_model none", lambda: mlflow.register_model("runs:/" + "0" * 32 + "/model", name))
    step("create_registered_model taken", lambda: client.create_registered_model(name))
    step("create_registered_model", lambda: client.create_registered_model("client other", {"a": "b"}, "described"))
    step("create_registered_model bad", lambda: client.create_registered_model("a/b"))
    step("create_model_version", lambda: client.create_model_version("client other", "s3://bucket/m", tags={"x": "y"}, description="d"))
    step("create_model_version bad source", lambda: client.create_model_version("client other", "/etc/passwd"))
    step("create_model_version none", lambda: client.create_model_version("no such", "s3://bucket/m"))
    step("update_registered_model", lambda: client.update_registered_model(name, "now described"))
    step("update_model_version", lambda: client.update_model_version(name, "1", "first"))
    step("set_registered_model_tag", lambda: client.set_registered_model_tag(name, "team", "blue"))
    step("delete_registered_model_tag", lambda: client.delete_registered_model_tag(name, "team"))
    step("set_model_version_tag", lambda: client.set_model_version_tag(name, "1", "ok", "true"))
    step("set_model_version_tag none", lambda: client.set_model_version_tag(name, "99", "ok", "true"))
    step("delete_model_version_tag", lambda: client.delete_model_version_tag(name, "1", "v"))
    step("set_alias", lambda: client.set_registered_model_alias(name, "champion", "1"))
    step("set_alias bad", lambda: client.set_registered_model_alias(name, "latest", "1"))
    step("get_by_alias", lambda: client.get_model_version_by_alias(name, "champion"))
    step("get_by_alias none", lambda: client.get_model_version_by_alias(name, "nobody"))
    step("transition Staging", lambda: client.transition_model_version_stage(name, "1", "Staging"))
    step("transition staging archives", lambda: client.transition_model_version_stage(name, "2", "staging", archive_existing_versions=True))
    step("transition bad", lambda: client.transition_model_version_stage(name, "2", "Nowhere"))
    step("transition none", lambda: client.transition_model_version_stage(name, "42", "Staging"))
    step("get_latest_versions", lambda: [(v.version, v.current_stage) for v in client.get_latest_versions(name)])
    step("get_latest_versions Staging", lambda: [(v.version, v.current_stage) for v in client.get_latest_versions(name, ["Staging"])])
    step("load models:/name/version", lambda: mlflow.pyfunc.load_model(f"models:/{name}/1").predict(rows))
    step("load models:/name/stage", lambda: mlflow.pyfunc.load_model(f"models:/{name}/Staging").predict(rows))
    step("load models:/name@alias", lambda: mlflow.pyfunc.load_model(f"models:/{name}@champion").predict(rows))
    step("load models:/name/latest", lambda: mlflow.pyfunc.load_model(f"models:/{name}/latest").predict(rows))
    step("load models:/name/Production", lambda: mlflow.pyfunc.load_model(f"models:/{name}/Production"))
    step("load models:/none", lambda: mlflow.pyfunc.load_model("models:/no such/1"))
    step("get_model_version", lambda: client.get_model_version(name, "1"))
    step("get_model_version none", lambda: client.get_model_version(name, "99"))
    step("get_model_version bad", lambda: client.get_model_version(name, "x"))
    step("get_model_version_download_uri", lambda: client.get_model_version_download_uri(name, "1"))
    step("get_registered_model", lambda: client.get_registered_model(name))
    step("get_registered_model none", lambda: client.get_registered_model("no such"))
    step("search_registered_models", lambda: names(client.search_registered_models("name LIKE 'client%'", order_by=["name DESC"])))
    step("search_registered_models tag", lambda: names(client.search_registered_models("tags.a = 'b'")))
    step("search_registered_models bad", lambda: client.search_registered_models("what = 'b'"))
    step("search_model_versions", lambda: [(v.name, v.version) for v in client.search_model_versions("name LIKE 'client%'", order_by=["name", "version_number DESC"])])
    step("search_model_versions run", lambda: [v.version for v in mlflow.search_model_versions(filter_string=f"run_id = '{kept['training']}'", order_by=["version_number"])])
    step("search_model_versions bad", lambda: client.search_model_versions("version_number = 'x'"))
    step("copy_model_version", lambda: client.copy_model_version(f"models:/{name}/1", "client copy"))
    step("logged model's tags", lambda: sorted(mlflow.get_logged_model(kept["model"]).tags))
    step("rename_registered_model", lambda: client.rename_registered_model("client other", "client renamed"))
    step("delete_alias", lambda: client.delete_registered_model_alias(name, "champion"))
    step("delete_alias none", lambda: client.delete_registered_model_alias(name, "champion"))
    step("delete_model_version", lambda: client.delete_model_version(name, "2"))
    step("delete_model_version again", lambda: client.delete_model_version(name, "2"))
    step("delete_registered_model", lambda: client.delete_registered_model("client renamed"))
    step("delete_registered_model none", lambda: client.delete_registered_model("client renamed"))
    step("get after delete", lambda: client.get_registered_model("client renamed"))
    return first


for part in (tracking, search, models, registry):
    step(part.__name__, lambda: part() and None)
