"""Prints every call that an MLflow server without accounts has, as JSON lines of method and path."""

import json

from mlflow.server import app
from mlflow.server.fastapi_app import app as outer

# What it has, and answers 404 by a handler of its own.
EMPTY = {'_not_implemented'}


def walk(routes, prefix=''):
    for route in routes:
        inner = getattr(route, 'original_router', None)
        if inner is not None:
            yield from walk(inner.routes, route.include_context.prefix)
        elif getattr(route, 'methods', None):
            for method in route.methods:
                yield method, prefix + route.path


calls = {(method, rule.rule) for rule in app.url_map.iter_rules() if rule.endpoint not in EMPTY for method in rule.methods}
for method, path in sorted(calls | set(walk(outer.routes))):
    if method not in ('HEAD', 'OPTIONS'):
        print(json.dumps([method, path]))
