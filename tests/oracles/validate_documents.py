#!/usr/bin/env python3
"""Validate documents that Flowdown wrote with validators that others wrote.

    python3 -m venv .venv
    .venv/bin/pip install 'cyclonedx-python-lib[json-validation]' spdx-tools
    .venv/bin/python tests/oracles/validate_documents.py FILE_OR_FOLDER...

CycloneDX (`*.cdx.json`) is checked against the schema inside cyclonedx-python-lib, SPDX 2.3
(`*.spdx.json`) by the parser and validator of spdx-tools. Exit code 0: all valid; 1: some are not;
2: nothing to check. Needs no network once the packages are installed.
"""

import json
import sys
from pathlib import Path


def cyclonedx_errors(path: Path) -> list[str]:
    from cyclonedx.schema import OutputFormat, SchemaVersion
    from cyclonedx.validation import make_schemabased_validator

    text = path.read_text(encoding="utf-8")
    version = SchemaVersion.from_version(json.loads(text)["specVersion"])
    validator = make_schemabased_validator(OutputFormat.JSON, version)
    errors = validator.validate_str(text, all_errors=True)
    return [str(error.data.message)[:400] for error in errors or []]


def spdx_errors(path: Path) -> list[str]:
    from spdx_tools.spdx.parser.error import SPDXParsingError
    from spdx_tools.spdx.parser.parse_anything import parse_file
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

    try:
        document = parse_file(str(path))
    except SPDXParsingError as error:
        return [message[:400] for message in error.get_messages()]
    messages = validate_full_spdx_document(document, document.creation_info.spdx_version)
    return [message.validation_message[:400] for message in messages]


VALIDATORS = {".cdx.json": cyclonedx_errors, ".spdx.json": spdx_errors}


def documents(arguments: list[str]) -> list[Path]:
    found: list[Path] = []
    for argument in map(Path, arguments):
        files = sorted(argument.rglob("*.json")) if argument.is_dir() else [argument]
        found += [file for file in files if file.name.endswith(tuple(VALIDATORS))]
    return found


def main(arguments: list[str]) -> int:
    invalid = 0
    files = documents(arguments)
    for file in files:
        suffix = next(suffix for suffix in VALIDATORS if file.name.endswith(suffix))
        errors = VALIDATORS[suffix](file)
        invalid += bool(errors)
        print(f"{file}: {'valid' if not errors else f'{len(errors)} errors'}")
        for error in errors:
            print(f"  {error}")
    if not files:
        print("no *.cdx.json or *.spdx.json given", file=sys.stderr)
        return 2
    return 1 if invalid else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
