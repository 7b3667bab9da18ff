#!/usr/bin/env python3
"""Validate documents that Flowdown wrote with validators that others wrote.

    python3 -m venv .venv
    .venv/bin/pip install 'cyclonedx-python-lib[json-validation,xml-validation]' spdx-tools \\
        spdx-python-model ntia-conformance-checker jsonschema-rs spdx3-validate
    .venv/bin/python tests/oracles/validate_documents.py FILE_OR_FOLDER...

CycloneDX (`*.cdx*.json`, `*.cdx*.xml`) is checked against the schema inside cyclonedx-python-lib of
the version that the document states; SPDX 2.3 (`*.spdx.json`, and tag-value `*.spdx`) by the parser and validator of spdx-tools; SPDX 3
(`*.spdx3.jsonld`) by the reader of spdx-python-model, with nothing left that leads nowhere.

No package ships the schema of SPDX 3. When FLOWDOWN_STANDARDS names a folder with
`schemas/spdx-3.0.1.schema.json`, SPDX 3 is checked against it too; without it the output says so.
`--shapes FILE` checks one SPDX 3 file against `schemas/spdx-model.ttl` and `spdx-context.jsonld` of
that folder, which takes a minute for a hundred elements.

`--conform STANDARD` (ntia, fsct3-min, bsi; may repeat) also asks ntia-conformance-checker whether
each SPDX document has the elements that the standard wants, and prints what is missing; that makes a
document incomplete, not invalid. `--must-conform STANDARD` makes it an error.

Exit code 0: all valid; 1: some are not; 2: nothing to check. Needs no network once the packages are
installed.
"""

import argparse
import json
import os
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
    from spdx_python_model.bindings import v3_0_1

    objects = v3_0_1.SHACLObjectSet()
    with path.open("rb") as file:
        v3_0_1.JSONLDDeserializer().read(file, objects)
    errors = [f"`{name}` leads nowhere" for name in sorted(objects.missing_ids)]
    if not any(objects.foreach_type(v3_0_1.SpdxDocument)):
        errors.append("there is no SpdxDocument")
    validator = spdx3_schema()
    if validator is not None:
        found = validator.iter_errors(json.loads(path.read_text(encoding="utf-8")))
        errors += [f"{list(error.instance_path)}: {str(error)[:400]}" for error in found]
    return errors


def standards() -> Path | None:
    """The folder with the schemas of SPDX 3; `None` when there is none."""
    folder = os.environ.get("FLOWDOWN_STANDARDS")
    return Path(folder) / "schemas" if folder else None


@cache
def spdx3_schema():
    folder = standards()
    if folder is None:
        print("FLOWDOWN_STANDARDS is not set: SPDX 3 is not checked against its schema")
        return None
    import jsonschema_rs

    schema = json.loads((folder / "spdx-3.0.1.schema.json").read_text(encoding="utf-8"))
    return jsonschema_rs.validator_for(schema)


def spdx3_shape_errors(path: Path) -> list[str]:
    """The same check as `spdx3-validate`, with the model of a local folder."""
    import rdflib
    from spdx3_validate.core import check_graph
    from spdx3_validate.spdx_versions import find_version

    folder = standards()
    if folder is None:
        return ["FLOWDOWN_STANDARDS is not set: there are no shapes to check against"]
    document = json.loads(path.read_text(encoding="utf-8"))
    version = find_version(document["@context"])
    # With the context inside, no reader asks the network for it.
    context = json.loads((folder / "spdx-context.jsonld").read_text(encoding="utf-8"))
    document["@context"] = context["@context"]
    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    shapes = rdflib.Graph().parse(folder / "spdx-model.ttl")
    return [str(error)[:400] for error in check_graph(graph, shapes, version, True)]


def missing_elements(path: Path, standard: str) -> list[str] | None:
    """What the document lacks of a standard; `None` when the standard is not for its format."""
    import logging

    from ntia_conformance_checker import SbomChecker

    logging.disable(logging.WARNING)
    if not path.name.endswith(SPDX):
        return None
    specification = "spdx3" if path.name.endswith(".spdx3.jsonld") else "spdx2"
    if standard == "bsi" and specification == "spdx2":
        return None
    checker = SbomChecker(str(path), compliance=standard, sbom_spec=specification)
    if checker.compliant:
        return []
    # Rows that end in `(Warning)` or `(Optional)` do not decide.
    rows = [name for name, is_met in checker.table_elements if not is_met]
    return [name for name in rows if not name.endswith(")")] or ["the document as a whole"]


# The first pattern that a file's name matches as a whole says what checks it.
VALIDATORS: list[tuple[str, Callable[[Path], list[str]]]] = [
    (r".*\.cdx[^/]*\.(json|xml)", cyclonedx_errors),
    (r".*\.spdx(\.json)?", spdx_errors),
    (r".*\.spdx3\.jsonld", spdx3_errors),
]
SPDX = (".spdx", ".spdx.json", ".spdx3.jsonld")


def validator_of(file: Path) -> Callable[[Path], list[str]] | None:
    return next((check for name, check in VALIDATORS if re.fullmatch(name, file.name)), None)


def documents(arguments: list[Path]) -> list[Path]:
    found: list[Path] = []
    for argument in arguments:
        files = sorted(argument.rglob("*")) if argument.is_dir() else [argument]
        found += [file for file in files if file.is_file() and validator_of(file)]
    return found


def report(file: Path, errors: list[str]) -> bool:
    print(f"{file}: {'valid' if not errors else f'{len(errors)} errors'}")
    for error in errors:
        print(f"  {error}")
    return bool(errors)


def main() -> int:
    parser = argparse.ArgumentParser(description="Validate documents that Flowdown wrote.")
    parser.add_argument("documents", nargs="*", type=Path, metavar="FILE_OR_FOLDER")
    parser.add_argument("--conform", action="append", default=[], metavar="STANDARD")
    parser.add_argument("--must-conform", action="append", default=[], metavar="STANDARD")
    parser.add_argument("--shapes", action="append", default=[], type=Path, metavar="FILE")
    options = parser.parse_args()
    files = documents(options.documents)
    invalid = 0
    for file in files:
        invalid += report(file, validator_of(file)(file))
        for standard in options.conform + options.must_conform:
            missing = missing_elements(file, standard)
            if missing is not None:
                invalid += bool(missing) and standard in options.must_conform
                print(f"  {standard}: {', '.join(missing) or 'conformant'}")
    for file in options.shapes:
        invalid += report(file, spdx3_shape_errors(file))
    if not files and not options.shapes:
        print("no document that a validator is for was given", file=sys.stderr)
        return 2
    return 1 if invalid else 0


if __name__ == "__main__":
    sys.exit(main())
