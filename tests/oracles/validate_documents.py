#!/usr/bin/env python3
"""Validate documents that Flowdown wrote with validators that others wrote.

    python3 -m venv .venv
    .venv/bin/pip install 'cyclonedx-python-lib[json-validation,xml-validation]' spdx-tools \
        spdx-python-model
    .venv/bin/python tests/oracles/validate_documents.py FILE_OR_FOLDER...

CycloneDX (`*.cdx*.json` and `*.cdx*.xml`) is checked against the schema inside cyclonedx-python-lib
of the version that the document states, SPDX 2.3 (`*.spdx.json`, `*.spdx`) by the parser and
validator of spdx-tools, SPDX 3.0.1 (`*.spdx3.jsonld`) by reading it into spdx-python-model. Exit code 0: all valid; 1: some are not;
2: nothing to check. Needs no network once the packages are installed.
"""

import json
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path


def cyclonedx_errors(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".xml":
        return cyclonedx_xml_errors(text)
    errors = cyclonedx_validator("JSON", json.loads(text)["specVersion"]).validate_str(
        text, all_errors=True
    )
    return [str(error.data.message)[:400] for error in errors or []]


def cyclonedx_xml_errors(text: str) -> list[str]:
    from lxml.etree import XMLSyntaxError

    namespace = re.search(r'xmlns="http://cyclonedx\.org/schema/bom/([0-9.]+)"', text)
    if namespace is None:
        return ["states no version of CycloneDX"]
    try:
        errors = cyclonedx_validator("XML", namespace[1]).validate_str(text, all_errors=True)
    except XMLSyntaxError as error:
        return [f"not well formed: {error}"]
    return [f"line {error.data.line}: {error.data.message}"[:400] for error in errors or []]


@cache
def cyclonedx_validator(encoding: str, version: str):
    """Compiling a schema takes longer than checking most documents."""
    from cyclonedx.schema import OutputFormat, SchemaVersion
    from cyclonedx.validation import make_schemabased_validator

    return make_schemabased_validator(OutputFormat[encoding], SchemaVersion.from_version(version))


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


def spdx3_errors(path: Path) -> list[str]:
    """Read into the classes of the model: unknown types, wrong values and dangling names are errors."""
    from spdx_python_model import v3_0_1

    objects = v3_0_1.SHACLObjectSet()
    try:
        with path.open("rb") as file:
            v3_0_1.JSONLDDeserializer().read(file, objects)
    except Exception as error:  # The package has no error of its own.
        return [f"{type(error).__name__}: {error}"[:400]]
    individuals = "https://spdx.org/rdf/3.0.1/terms/"
    dangling = sorted(name for name in objects.missing_ids if not name.startswith(individuals))
    return [f"`{name}` is named and not there"[:400] for name in dangling[:20]]


# The first pattern that a file's name matches as a whole says what checks it.
VALIDATORS: list[tuple[str, Callable[[Path], list[str]]]] = [
    (r".*\.cdx[^/]*\.(json|xml)", cyclonedx_errors),
    (r".*\.spdx(\.json)?", spdx_errors),
    (r".*\.spdx3\.jsonld", spdx3_errors),
]


def validator_of(file: Path) -> Callable[[Path], list[str]] | None:
    return next((check for name, check in VALIDATORS if re.fullmatch(name, file.name)), None)


def documents(arguments: list[str]) -> list[Path]:
    found: list[Path] = []
    for argument in map(Path, arguments):
        files = sorted(argument.rglob("*")) if argument.is_dir() else [argument]
        found += [file for file in files if file.is_file() and validator_of(file)]
    return found


def main(arguments: list[str]) -> int:
    invalid = 0
    files = documents(arguments)
    for file in files:
        errors = validator_of(file)(file)
        invalid += bool(errors)
        print(f"{file}: {'valid' if not errors else f'{len(errors)} errors'}")
        for error in errors:
            print(f"  {error}")
    if not files:
        print("no document that a validator is for was given", file=sys.stderr)
        return 2
    return 1 if invalid else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
