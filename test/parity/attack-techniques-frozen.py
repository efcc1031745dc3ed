"""Freezes ids and names of the MITRE ATT&CK techniques that src/features/samples tells apart, as pySigma 0.11.23 lists them.

Run with: pip download --no-deps pysigma==0.11.23, unzip it, and PYTHONPATH=<folder>.
"""

import importlib.util
import json
import re
import sys
from pathlib import Path

root = Path(__file__).resolve().parents[2]
data = next(path for path in (Path(folder) / "sigma/data/mitre_attack.py" for folder in sys.path) if path.exists())
spec = importlib.util.spec_from_file_location("mitre_attack", data)
attack = importlib.util.module_from_spec(spec)
spec.loader.exec_module(attack)
source = (root / "src/features/samples/attack-techniques.ts").read_text()
ids = sorted(set(re.findall(r"technique\('[a-z-]+', '(T[0-9.]+)'", source)))
names = {key: attack.mitre_attack_techniques[key] for key in ids}
path = root / "test/parity/frozen/attack-techniques.json"
path.write_text(json.dumps({"version": attack.mitre_attack_version, "names": names}, indent=2) + "\n")
