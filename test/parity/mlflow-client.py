"""Answers one JSON request a line with one JSON answer a line, through MLflow's own client, store and commands.

Started once by mlflow-embedded.test.ts, because every start of Python with MLflow costs seconds. Doubles travel as the
hex of their eight bytes.
"""

import contextlib
import importlib.util
import json
import os
import struct
import sys
import warnings

warnings.filterwarnings("ignore")
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric


def bits(value):
    return struct.pack(">d", value).hex()


def from_bits(text):
    return struct.unpack(">d", bytes.fromhex(text))[0]


def schema(request):
    path = os.path.join(os.path.dirname(__file__), "mlflow-schema.py")
    spec = importlib.util.spec_from_file_location("mlflow_schema", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {**module.fresh_database(), "version": mlflow.__version__}


def point(m):
    return {"key": m.key, "value": bits(m.value), "timestamp": m.timestamp, "step": m.step}


def read(request):
    """All that the client sees of one experiment and one registered model."""
    client = MlflowClient(request["uri"])
    mlflow.set_tracking_uri(request["uri"])
    experiment = client.get_experiment_by_name(request["experiment"])
    [run] = client.search_runs([experiment.experiment_id], filter_string=request["filter"])
    run = client.get_run(run.info.run_id)
    model = client.get_logged_model(run.outputs.model_outputs[0].model_id)
    registered = client.get_registered_model(request["model"])
    versions = client.search_model_versions(f"name = '{request['model']}'")
    version = client.get_model_version_by_alias(request["model"], request["alias"])
    artifacts = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, tracking_uri=request["uri"])
    by_model = mlflow.artifacts.download_artifacts(f"models:/{request['model']}/Staging")
    return {
        "experiment": {**dict(experiment), "tags": dict(experiment.tags)},
        "info": {k: v for k, v in dict(run.info).items() if isinstance(v, (str, int, type(None)))},
        "params": run.data.params,
        "tags": run.data.tags,
        "metrics": {k: bits(v) for k, v in run.data.metrics.items()},
        "history": {k: [point(m) for m in client.get_metric_history(run.info.run_id, k)] for k in run.data.metrics},
        "datasets": [
            {**dict(d.dataset), "tags": {t.key: t.value for t in d.tags}} for d in run.inputs.dataset_inputs
        ],
        "artifacts": sorted(a.path for a in client.list_artifacts(run.info.run_id)),
        "artifactText": open(os.path.join(artifacts, request["artifact"]), encoding="utf-8").read(),
        "loggedModel": {
            "modelId": model.model_id,
            "name": model.name,
            "status": str(model.status),
            "params": model.params,
            "tags": model.tags,
            "location": model.artifact_location,
            "sourceRunId": model.source_run_id,
        },
        "registered": {
            "description": registered.description,
            "tags": registered.tags,
            "aliases": registered.aliases,
            "latest": {v.current_stage: v.version for v in registered.latest_versions},
        },
        "versions": [
            {
                "version": v.version,
                "stage": v.current_stage,
                "source": v.source,
                "runId": v.run_id,
                "description": v.description,
                "tags": v.tags,
            }
            for v in versions
        ],
        "byAlias": version.version,
        "modelFiles": sorted(os.listdir(by_model)),
    }


def write(request):
    """Writes one run with everything, a logged model and a registered version."""
    client = MlflowClient(request["uri"])
    mlflow.set_tracking_uri(request["uri"])
    experiment = client.create_experiment(request["experiment"], tags={"made by": "python"})
    run = client.create_run(experiment, run_name="from python", tags={"t": "v"})
    run_id = run.info.run_id
    client.log_batch(
        run_id, metrics=[Metric(m["key"], from_bits(m["value"]), m["timestamp"], m["step"]) for m in request["metrics"]]
    )
    client.log_param(run_id, "depth", 3)
    dataset = Dataset("week6", "d1", "local", "{}", schema="{}", profile='{"num_rows": 220}')
    client.log_inputs(run_id, [DatasetInput(dataset, [InputTag("mlflow.data.context", "training")])])
    client.log_dict(run_id, {"k": 1}, "conf/a.json")
    model = client.create_logged_model(experiment, name="forest", source_run_id=run_id, params={"trees": "200"})
    folder = os.path.join(request["folder"], "model")
    os.makedirs(folder)
    with open(os.path.join(folder, "MLmodel"), "w") as file:
        file.write("flavors: {}\n")
    client.log_model_artifacts(model.model_id, folder)
    client.finalize_logged_model(model.model_id, "READY")
    client.log_outputs(run_id, [mlflow.entities.LoggedModelOutput(model.model_id, 0)])
    client.create_registered_model(request["model"], tags={"a": "b"}, description="by python")
    version = client.create_model_version(request["model"], f"models:/{model.model_id}", run_id, tags={"q": "1"})
    client.transition_model_version_stage(request["model"], version.version, "Production")
    client.set_registered_model_alias(request["model"], "champion", version.version)
    client.set_terminated(run_id)
    return {"runId": run_id, "modelId": model.model_id, "experimentId": experiment}


def log_points(request):
    client = MlflowClient(request["uri"])
    for step in range(request["count"]):
        client.log_metric(request["runId"], request["key"], step, timestamp=step, step=step)
    return request["count"]


def upgrade(request):
    """`mlflow db upgrade`."""
    from click.testing import CliRunner
    from mlflow.db import commands

    result = CliRunner().invoke(commands, ["upgrade", request["uri"]])
    return {"exitCode": result.exit_code, "output": result.output, "error": repr(result.exception)}


commands_by_name = {"schema": schema, "read": read, "write": write, "log_points": log_points, "upgrade": upgrade}

for line in sys.stdin:
    request = json.loads(line)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            answer = {"answer": commands_by_name[request["command"]](request)}
    except Exception as error:  # The test shows it.
        answer = {"error": f"{type(error).__name__}: {error}"}
    answers.write(json.dumps(answer, default=str) + "\n")
    answers.flush()
