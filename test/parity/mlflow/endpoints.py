"""Writes endpoints.json: every route of MLflow's server, as `METHOD /path`; of a pair /api and /ajax-api only /api."""

import json
from pathlib import Path

from mlflow.server import app

routes = {
    f"{method} {rule.rule}"
    for rule in app.url_map.iter_rules()
    for method in rule.methods - {"HEAD", "OPTIONS"}
}
kept = sorted(
    route for route in routes if route.replace(" /ajax-api/", " /api/") == route or route.replace(" /ajax-api/", " /api/") not in routes
)
Path(__file__).with_suffix(".json").write_text(json.dumps(kept, indent=2) + "\n")
