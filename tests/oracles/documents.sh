#!/usr/bin/env bash
# Write every format for the example products and for model repositories, and have all of it checked by
# validators that others wrote.
#
#   tests/oracles/documents.sh FLOWDOWN OUT
#
# FLOWDOWN_PYTHON names a Python with the packages of validate_documents.py, FLOWDOWN_NODE_MODULES a
# folder with those of cyclonedx_library/package.json and with @cyclonedx/cdxgen, FLOWDOWN_SARIF_MULTITOOL
# the folder of that program, FLOWDOWN_CORPUS the private test data. What is not named is not run, and
# that is said.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
examples=$(cd "$here/../../examples" && pwd)
bin=$1
out=$2
export SOURCE_DATE_EPOCH=1700000000
rm -rf "$out"
mkdir -p "$out"

# Exit code 3 says that pointers and broken cards make a scan incomplete.
complete() { "$@" || [ $? -eq 3 ]; }

write() {
  local name=$1
  shift
  complete "$bin" scan "$@" --no-summary \
    -o "cyclonedx=$out/$name.cdx.json" -o "cyclonedx-1.6-xml=$out/$name.cdx.xml" \
    -o "cyclonedx-1.7=$out/$name.cdx-1.7.json" -o "cyclonedx-1.7-xml=$out/$name.cdx-1.7.xml" \
    -o "cyclonedx-1.5=$out/$name.cdx-1.5.json" -o "cyclonedx-1.5-xml=$out/$name.cdx-1.5.xml" \
    -o "spdx=$out/$name.spdx.json" -o "spdx-tag-value=$out/$name.spdx" \
    -o "spdx-3=$out/$name.spdx3.jsonld" -o "sarif=$out/$name.sarif" -o "html=$out/$name.html" \
    -o "json=$out/$name.json" 2>"$out/$name.log"
}

for folder in 01_rail_finetune 02_commercial_contract 03_customer_agreement; do
  source=$examples/$folder
  [ ! -d "$source/product" ] || source=$source/product
  write "$folder" "$source" --product "$examples/$folder/flowdown.toml"
done
write 01_rail_finetune-bsi "$examples/01_rail_finetune" \
  --product "$examples/01_rail_finetune/flowdown.toml" --profile bsi
if [ -n "${FLOWDOWN_CORPUS:-}" ]; then
  for repository in amansingh61__bloom ananddhanabal__gemma HDRJ-One__stable-diffusion-xl-base-1.0 \
    Max-Lee-explore__MythTrans-llama31-8B YouriLalain__1PARAMMYL-8B-ModelStock; do
    write "$repository" "$FLOWDOWN_CORPUS/hf/$repository"
  done
  # The whole folder: 40 repositories.
  write hf "$FLOWDOWN_CORPUS/hf"
else
  echo "FLOWDOWN_CORPUS is not set: only the examples are checked"
fi

echo "-- our own lint"
for document in "$out"/*.cdx* "$out"/*.spdx* "$out"/*.json; do
  "$bin" validate "$document" >"$out/lint.log" || { cat "$out/lint.log"; exit 1; }
done

echo "-- Python: cyclonedx-python-lib, spdx-tools, spdx-python-model"
"$FLOWDOWN_PYTHON" "$here/validate_documents.py" "$out" \
  --shapes "$out/01_rail_finetune.spdx3.jsonld" >"$out/python.log" || { cat "$out/python.log"; exit 1; }

echo "-- sbomcheck, with what no file shows declared by the vendor"
conforms() {
  local name=$1
  shift
  "$FLOWDOWN_PYTHON" "$here/conformance.py" "$bin" "$out/$name.declared.jsonld" \
    ntia,fsct3-min,bsi "$@" >>"$out/sbomcheck.log" 2>&1 || { cat "$out/sbomcheck.log"; exit 1; }
}
for folder in 01_rail_finetune 02_commercial_contract 03_customer_agreement; do
  source=$examples/$folder
  [ ! -d "$source/product" ] || source=$source/product
  conforms "$folder" "$source" "$examples/$folder/flowdown.toml"
done
if [ -n "${FLOWDOWN_CORPUS:-}" ]; then
  for repository in amansingh61__bloom ananddhanabal__gemma HDRJ-One__stable-diffusion-xl-base-1.0 \
    Max-Lee-explore__MythTrans-llama31-8B YouriLalain__1PARAMMYL-8B-ModelStock; do
    conforms "$repository" "$FLOWDOWN_CORPUS/hf/$repository"
  done
fi

if [ -n "${FLOWDOWN_NODE_MODULES:-}" ]; then
  echo "-- Node: @cyclonedx/cyclonedx-library"
  node "$here/cyclonedx_library/validate.mjs" "$out" >"$out/node.log" || { cat "$out/node.log"; exit 1; }
  echo "-- Node: cdx-validate"
  for document in "$out"/*.cdx.json "$out"/*.cdx-*.json; do
    "$FLOWDOWN_NODE_MODULES/.bin/cdx-validate" -i "$document" --strict --fail-severity critical \
      >"$out/cdx-validate.log" 2>&1 || { cat "$out/cdx-validate.log"; exit 1; }
  done
else
  echo "FLOWDOWN_NODE_MODULES is not set: not checked by programs for Node"
fi

if [ -n "${FLOWDOWN_SARIF_MULTITOOL:-}" ]; then
  echo "-- SARIF Multitool"
  "$FLOWDOWN_PYTHON" "$here/validate_sarif.py" "$out" >"$out/sarif.log" || { cat "$out/sarif.log"; exit 1; }
else
  echo "FLOWDOWN_SARIF_MULTITOOL is not set: SARIF is not checked"
fi

if command -v node >/dev/null && command -v "${CHROMIUM:-chromium}" >/dev/null; then
  echo "-- Chromium"
  node "$here/html_report.mjs" --budget 5 "$out"/*.html >"$out/chromium.log" 2>&1 \
    || { cat "$out/chromium.log"; exit 1; }
else
  echo "there is no Chromium: reports were not opened"
fi
echo "all documents are valid"
