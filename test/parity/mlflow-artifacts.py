"""Moves files through a server's artifact proxy with MLflow's own client and prints what it saw."""

import json
import os
import pathlib
import sys
import tempfile

from mlflow.store.artifact.mlflow_artifacts_repo import MlflowArtifactsRepository

server, root = sys.argv[1:3]
artifacts = MlflowArtifactsRepository(root, tracking_uri=server)
seen = {}


def listed(path=None):
    return [[f.path, f.is_dir, f.file_size] for f in artifacts.list_artifacts(path)]


def refusal(action):
    try:
        action()
        return "none"
    except Exception as error:  # what kind it is matters less than that it says so
        return f"{type(error).__name__}: {error}"[:300]


with tempfile.TemporaryDirectory() as folder:
    up = pathlib.Path(folder) / "up"
    (up / "deep er").mkdir(parents=True)
    (up / "one.txt").write_text("one")
    (up / "deep er" / "résumé.json").write_text("{}")
    (up / "empty").write_bytes(b"")
    (up / "large.bin").write_bytes(os.urandom(1 << 20) * 3)
    artifacts.log_artifacts(str(up))
    artifacts.log_artifact(str(up / "one.txt"), "a/b")
    os.environ["MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD"] = "true"
    os.environ["MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE"] = "1"
    artifacts.log_artifact(str(up / "large.bin"), "parts")
    seen["root"] = listed()
    seen["below"] = listed("deep er")
    seen["file"] = listed("one.txt")
    seen["nowhere"] = listed("nowhere")
    down = pathlib.Path(folder) / "down"
    down.mkdir()
    artifacts.download_artifacts("", str(down))
    seen["same"] = all(
        (down / name).read_bytes() == (up / name).read_bytes()
        for name in ["one.txt", "deep er/résumé.json", "empty", "large.bin"]
    )
    seen["parts"] = (down / "parts" / "large.bin").read_bytes() == (up / "large.bin").read_bytes()
    seen["missing"] = refusal(lambda: artifacts.download_artifacts("nowhere.txt", str(down)))
    artifacts.delete_artifacts("a")
    seen["deleted"] = listed("a")
    artifacts.delete_artifacts()
    seen["gone"] = listed()

print(json.dumps(seen))
