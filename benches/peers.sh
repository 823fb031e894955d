#!/bin/sh
# Compares the PDF step with typst, WeasyPrint and headless Chromium on the same Markdown, in one run:
#   sh benches/peers.sh [RUNS]
# Needs python3 with venv, Chromium (CHROMIUM=/path/to/it) and access to PyPI; everything is put into a temporary folder.
set -eu
cd "$(dirname "$0")/.."
chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
command -v python3 >/dev/null || { echo 'skipped: no python3'; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --quiet --release --bench peers
peers=$(cargo bench --quiet --bench peers -- path)
python3 -m venv "$work/env"
"$work/env/bin/pip" install --quiet --disable-pip-version-check markdown==3.11.3 typst==0.15.2 weasyprint==70.0
"$work/env/bin/python" benches/peers.py --peers "$peers" --chromium "$chromium" --fonts templates/fonts \
  --work "$work" --runs "${1:-5}"
