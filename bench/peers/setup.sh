#!/usr/bin/env bash
# Installs what `npm run bench` measures beside us into folders that git ignores: bench/peers/.venv from PyPI and
# bench/peers/node_modules from npm, about 2 GB. Does nothing where both are up to date. A half that cannot be installed
# does not keep the other from it: the benchmark says which peers are absent.
# Exits 0 when all are ready, 1 when some are not.
set -uo pipefail
cd "$(dirname "$0")"

missing=0
warn() {
  echo "bench: $1" >&2
  missing=1
}

# Prints a sign of life every 15 s while a command runs.
patiently() {
  "$@" &
  local pid=$! waited=0
  while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    waited=$((waited + 1))
    ((waited % 15 == 0)) && echo "bench: … $waited s"
  done
  wait "$pid"
}

install_python() {
  local stamp=.venv/.requirements python=''
  if [[ -x .venv/bin/python ]] && cmp -s requirements.txt "$stamp"; then
    echo "bench: Python peers are up to date"
    return 0
  fi
  for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      python=$candidate
      break
    fi
  done
  [[ -n $python ]] || return 1
  if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    "$python" -m venv --clear .venv || return 1
  fi
  echo "bench: installing $(grep -v '^#' requirements.txt | tr '\n' ' ')"
  patiently .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
    --requirement requirements.txt || return 1
  cp requirements.txt "$stamp"
  echo "bench: Python peers are ready"
}

install_npm() {
  local stamp=node_modules/.lock-installed
  if cmp -s package-lock.json "$stamp"; then
    echo "bench: npm peers are up to date"
    return 0
  fi
  echo "bench: installing onnxruntime-node and ml-random-forest (about 300 MB)"
  # Without scripts: onnxruntime-node's own downloads what only graphics cards need.
  patiently npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || return 1
  cp package-lock.json "$stamp"
  echo "bench: npm peers are ready"
}

install_python || warn "no Python peers: they need python3 of 3.11 or newer with venv and pip, and PyPI"
install_npm || warn "no npm peers: they need npm's registry"
command -v gcc >/dev/null || warn "no gcc: tl2cgen's library cannot be compiled and is left out"
exit "$missing"
