#!/usr/bin/env bash
# Makes .venv in the project's root with what the parity tests compare against, and puts onnxruntime-node, which users
# install where they score ONNX models, into node_modules. Does nothing where both are up to date.
# Exits 0 when they are ready, 3 where there is no Python (or PHANTOMNET_PARITY=skip), 1 when one cannot be made.
set -uo pipefail
cd "$(dirname "$0")/../.."

requirements=test/parity/requirements.txt
stamp=.venv/.requirements
onnxruntime=1.30.0

skip() {
  echo "parity: $1; tests against scikit-learn and MLflow themselves are skipped, frozen values are still compared"
  exit 3
}

fail() {
  echo "parity: $1" >&2
  echo "help: see test/parity/README.md, or set PHANTOMNET_PARITY=skip to go without" >&2
  exit 1
}

[[ ${PHANTOMNET_PARITY:-} == skip ]] && skip "PHANTOMNET_PARITY=skip"

# Not a dev dependency: its own install script downloads what only graphics cards need, from a host that may be out of
# reach. --save-dev, for this call alone: npm leaves out what package.json names as an optional peer.
# In a folder of its own, so that what npm ci installed stays as the lock says.
installed=$(node -p 'require("./.peers/node_modules/onnxruntime-node/package.json").version' 2>/dev/null)
if [[ $installed != "$onnxruntime" ]]; then
  echo "parity: installing onnxruntime-node $onnxruntime (about 300 MB)"
  mkdir -p .peers
  npm install --prefix .peers --ignore-scripts --no-audit --no-fund --loglevel=error "onnxruntime-node@$onnxruntime" ||
    fail "npm cannot install onnxruntime-node $onnxruntime"
fi
ln -sfn ../.peers/node_modules/onnxruntime-node node_modules/onnxruntime-node

if [[ -x .venv/bin/python ]] && cmp -s "$requirements" "$stamp"; then
  echo "parity: .venv is up to date"
  exit 0
fi

python=''
for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
  if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[[ -n $python ]] || skip "no python3 of 3.11 or newer with venv and pip"

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
  echo "parity: making .venv with $("$python" --version)"
  "$python" -m venv --clear .venv || fail "cannot make .venv"
fi
echo "parity: installing $(tr '\n' ' ' <"$requirements")(a few minutes the first time)"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --requirement "$requirements" ||
  fail "pip cannot install $requirements"
cp "$requirements" "$stamp"
echo "parity: .venv is ready"
