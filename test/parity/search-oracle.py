"""Answers searches of MLflow's own store, one JSON line for each line asked.

Usage: search-oracle.py <database uri> <artifact folder>. A line: {"kind": ..., and the arguments of the search}.
An answer: {"ids": [...], "token": ...} or {"code": the error code, "text": its message}.
"""

import json
import sys

from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException
from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore as RegistryStore
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore as TrackingStore

uri, artifacts = sys.argv[1:3]
tracking = TrackingStore(uri, artifacts)
registry = RegistryStore(uri)


def page(found, identify):
    return {"ids": [identify(item) for item in found], "token": found.token.decode() if isinstance(found.token, bytes) else found.token}


def answer(kind, view="ACTIVE_ONLY", experiments=(), max=None, filter=None, order=None, token=None, datasets=None):
    given = {"page_token": token, "order_by": order, "filter_string": filter}
    if max is not None:
        given["max_results"] = max
    if kind == "runs":
        given["max_results"] = 1000 if max is None else max
        found = tracking.search_runs(list(experiments), filter, ViewType.from_string(view.lower()), given["max_results"], order, token)
        return page(found, lambda run: run.info.run_id)
    if kind == "experiments":
        return page(tracking.search_experiments(view_type=ViewType.from_string(view.lower()), **given), lambda e: e.experiment_id)
    if kind == "models":
        return page(tracking.search_logged_models(list(experiments), datasets=datasets, **given), lambda m: m.model_id)
    if kind == "registered":
        return page(registry.search_registered_models(**given), lambda m: m.name)
    if kind == "versions":
        return page(registry.search_model_versions(**given), lambda v: f"{v.name}/{v.version}")
    found = tracking._search_datasets(list(experiments))
    return {"ids": sorted(json.dumps([d.experiment_id, d.name, d.digest, d.context]) for d in found)}


print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    try:
        reply = answer(**json.loads(line))
    except MlflowException as error:
        reply = {"code": error.error_code, "text": str(error)}
    except Exception as error:  # what MLflow itself did not expect: its server answers 500
        reply = {"code": "INTERNAL_ERROR", "text": repr(error)}
    print(json.dumps(reply), flush=True)
