"""What an ordinary training script does with MLflow's Python client: `write <uri>` leaves a run, a model and a version on
a server and prints their ids; `read <uri> <ids as JSON>` prints what the client sees of what PhantomNet wrote there."""

import json
import sys

import mlflow
from mlflow.models import Model
from mlflow.tracking import MlflowClient


def write():
    import pandas
    from sklearn.linear_model import LogisticRegression

    mlflow.set_experiment("from python")
    rows = pandas.DataFrame({"payload_length": [1.0, 2.0, 90.0, 120.0]})
    with mlflow.start_run(run_name="logistic") as run:
        mlflow.log_params({"C": 0.5, "note": "it's \"quoted\""})
        for step in range(3):
            mlflow.log_metric("loss", 1 / (step + 1), step=step)
        mlflow.log_metric("undefined", float("nan"))
        mlflow.set_tag("team", "blue")
        mlflow.log_input(mlflow.data.from_pandas(rows, name="rows"), context="training")
        mlflow.log_dict({"a": 1}, "reports/deep er/report.json")
        model = LogisticRegression().fit(rows, [0, 0, 1, 1])
        info = mlflow.sklearn.log_model(
            model, name="model", signature=mlflow.models.infer_signature(rows, model.predict(rows))
        )
    version = mlflow.register_model(info.model_uri, "python detector")
    client = MlflowClient()
    client.set_registered_model_alias("python detector", "champion", version.version)
    client.transition_model_version_stage("python detector", version.version, "Staging")
    client.set_model_version_tag("python detector", version.version, "validated", "true")
    return {"runId": run.info.run_id, "modelId": info.model_id, "version": version.version}


def read(ids):
    client = MlflowClient()
    run = client.get_run(ids["runId"])
    version = client.get_model_version_by_alias(ids["name"], "champion")
    model = Model.load(mlflow.artifacts.download_artifacts(f"models:/{ids['name']}/Staging"))
    return {
        "status": run.info.status,
        "endTime": run.info.end_time,
        "params": run.data.params,
        "metrics": run.data.metrics,
        "tag": run.data.tags["team"],
        "steps": [m.step for m in client.get_metric_history(ids["runId"], "loss")],
        "datasets": [d.dataset.name for d in run.inputs.dataset_inputs],
        "context": run.inputs.dataset_inputs[0].tags[0].value,
        "artifacts": [a.path for a in client.list_artifacts(ids["runId"])],
        "report": mlflow.artifacts.load_text(f"runs:/{ids['runId']}/reports/report.json"),
        "outputs": [m.model_id for m in run.outputs.model_outputs],
        "modelStatus": str(mlflow.get_logged_model(ids["modelId"]).status),
        "version": version.version,
        "stage": version.current_stage,
        "versionTags": version.tags,
        "flavors": model.flavors,
        "inputs": model.signature.inputs.to_dict(),
        "outputsSchema": model.signature.outputs.to_dict(),
        "created": model.utc_time_created,
        "mlModelId": model.model_id,
    }


mlflow.set_tracking_uri(sys.argv[2])
print(json.dumps(write() if sys.argv[1] == "write" else read(json.loads(sys.argv[3]))))
