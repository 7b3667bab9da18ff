#!/usr/bin/env python3
"""Validate SARIF that Flowdown wrote with a schema and a validator that others wrote.

    python3 -m venv .venv
    .venv/bin/pip install jsonschema
    npm install @microsoft/sarif-multitool
    FLOWDOWN_SARIF_MULTITOOL=node_modules/@microsoft/sarif-multitool-linux \
        .venv/bin/python tests/oracles/validate_sarif.py FILE_OR_FOLDER...

`FLOWDOWN_SARIF_MULTITOOL` is the folder of the platform's package: it holds the JSON schema of SARIF
2.1.0 and the program whose rules say what the specification (`Sarif`) and code scanning (`Ghas`)
want beyond it. `FLOWDOWN_SARIF_SCHEMA` names a schema file instead, and then only that is checked.
Exit code 0: all valid; 1: some are not; 2: nothing to check, or nothing to check with. Needs no
network once the packages are installed.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

# What code scanning takes of one run; more is refused or dropped.
MOST = {"results": 5_000, "locations": 1_000, "tags": 20, "extensions": 100}

# Advice that does not fit, and why.
TOLERATED = {
    "SARIF2005": "Flowdown has no page of its own to name",
    "SARIF2017": "where all of a file is meant, or a key of it, there is no line to name",
}


def schema_errors(document: dict, schema: dict) -> list[str]:
    from jsonschema.validators import validator_for

    errors = validator_for(schema)(schema).iter_errors(document)
    return [f"schema: {error.json_path}: {error.message[:300]}" for error in errors]


def size_errors(document: dict) -> list[str]:
    errors = []
    for run in document["runs"]:
        driver = run["tool"]["driver"]
        counts = [("results", len(run["results"]))]
        counts += [("extensions", len(run["tool"].get("extensions", [])))]
        counts += [("tags", len(rule["properties"]["tags"])) for rule in driver.get("rules", [])]
        for result in run["results"]:
            places = result["locations"] + result.get("relatedLocations", [])
            counts.append(("locations", len(places)))
            if not any("physicalLocation" in place for place in result["locations"]):
                errors.append(f"{result['ruleId']}: no place that is a file")
        errors += [f"{count} {what}" for what, count in counts if count > MOST[what]]
    return errors


def tool_errors(file: Path, tool: Path, kind: str) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        copy, log = Path(folder, "input.sarif"), Path(folder, "log.sarif")
        copy.write_bytes(file.read_bytes())
        arguments = ["validate", "--rule-kind", kind, "--level", "Error;Warning", "-o", log, copy]
        subprocess.run([tool, *arguments], capture_output=True, check=False, timeout=300)
        if not log.is_file():
            return [f"{kind}: the validator wrote nothing"]
        run = json.loads(log.read_text(encoding="utf-8-sig"))["runs"][0]
    invocation = run["invocations"][0]
    notes = invocation.get("toolExecutionNotifications", [])
    errors = [f"{kind}: {note['message']}" for note in notes if note.get("level") == "error"]
    for result in run.get("results", []):
        if result["ruleId"] in TOLERATED:
            continue
        words = " ".join(result["message"].get("arguments", []))[:300]
        errors.append(f"{kind}: {result['ruleId']}: {words}")
    return errors


def main(arguments: list[str]) -> int:
    files: list[Path] = []
    for argument in map(Path, arguments):
        files += sorted(argument.rglob("*.sarif")) if argument.is_dir() else [argument]
    package = os.environ.get("FLOWDOWN_SARIF_MULTITOOL")
    named = os.environ.get("FLOWDOWN_SARIF_SCHEMA")
    if named is None and package is not None:
        named = str(Path(package, "sarif-2.1.0.json"))
    if not files or named is None:
        print("no *.sarif given, or neither variable says what to check with", file=sys.stderr)
        return 2
    schema = json.loads(Path(named).read_text(encoding="utf-8-sig"))
    invalid = 0
    for file in files:
        document = json.loads(file.read_text(encoding="utf-8"))
        errors = schema_errors(document, schema)
        errors = errors or size_errors(document)
        if package is not None and not errors:
            tool = Path(package, "Sarif.Multitool")
            errors = tool_errors(file, tool, "Sarif") + tool_errors(file, tool, "Ghas")
        invalid += bool(errors)
        print(f"{file}: {'valid' if not errors else f'{len(errors)} errors'}")
        for error in errors[:20]:
            print(f"  {error}")
    return 1 if invalid else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
