"""Prints as JSON what MLflow's Python client sees of a quickstart's database: runs, registry, artifacts, model."""

import contextlib
import json
import os
import sys
import warnings

warnings.filterwarnings("ignore")
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import mlflow
from mlflow import MlflowClient
from mlflow.models import Model

request = json.load(sys.stdin)
uri, name = request["uri"], request["model"]
mlflow.set_tracking_uri(uri)
client = MlflowClient(uri)
experiment = client.get_experiment_by_name("quickstart")
runs = client.search_runs([experiment.experiment_id], filter_string="tags.`phantomnet.role` = 'experiment'")
best = client.search_runs([experiment.experiment_id], filter_string="metrics.accuracy > 0.95")
[reference] = [run for run in runs if run.info.run_name == "forest-payload-length"]
run_id = reference.info.run_id
children = client.search_runs(
    [experiment.experiment_id], filter_string=f"tags.`mlflow.parentRunId` = '{run_id}'"
)
history = {
    key: [(m.step, m.value) for m in client.get_metric_history(run_id, key)]
    for key in ("cv/accuracy", "accuracy")
}
artifacts = mlflow.artifacts.download_artifacts(run_id=run_id, tracking_uri=uri)
by_alias = client.get_model_version_by_alias(name, request["alias"])
with contextlib.redirect_stderr(None):
    [by_stage] = client.get_latest_versions(name, ["Staging"])
folder = mlflow.artifacts.download_artifacts(f"models:/{name}/{by_stage.version}")
model = Model.load(folder)
logged = client.get_logged_model(reference.outputs.model_outputs[0].model_id)
try:
    mlflow.pyfunc.load_model(folder)
    loaded = "loaded"
except Exception as error:
    loaded = str(error)

json.dump(
    {
        "version": mlflow.__version__,
        "runs": {
            run.info.run_name: {"runId": run.info.run_id, "status": run.info.status} for run in runs
        },
        "best": [run.info.run_name for run in best],
        "children": sorted(run.info.run_name for run in children),
        "params": reference.data.params,
        "metrics": reference.data.metrics,
        "tags": reference.data.tags,
        "history": history,
        "datasets": [
            {**dict(d.dataset), "context": {t.key: t.value for t in d.tags}}
            for d in reference.inputs.dataset_inputs
        ],
        "artifacts": sorted(os.listdir(artifacts)),
        "evaluation": json.load(open(os.path.join(artifacts, "evaluation.json"), encoding="utf-8")),
        "byAlias": str(by_alias.version),
        "byStage": {
            "version": str(by_stage.version),
            "runId": by_stage.run_id,
            "tags": by_stage.tags,
            "stage": by_stage.current_stage,
            "description": by_stage.description,
        },
        "modelFiles": sorted(os.listdir(folder)),
        "mlModel": {
            "runId": model.run_id,
            "modelId": model.model_id,
            "flavors": model.flavors,
            "inputs": model.signature.inputs.to_dict(),
            "outputs": model.signature.outputs.to_dict(),
            "example": model.load_input_example(folder),
        },
        "loggedModel": {"id": logged.model_id, "name": logged.name, "status": str(logged.status)},
        "pyfunc": loaded,
    },
    answers,
    default=str,
)
answers.close()
