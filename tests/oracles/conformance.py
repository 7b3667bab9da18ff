#!/usr/bin/env python3
"""What a vendor has to declare so that sbomcheck calls a document conformant, declared and checked.

    conformance.py FLOWDOWN OUT STANDARDS SOURCE [SETTINGS]

Scans SOURCE, declares in a settings file what the scan could not see (versions, suppliers, creators,
copyright, files that are handed on, the licences of ancestors, and as concluded what is declared), scans again and has the SPDX 3 document checked by
`sbomcheck` (ntia-conformance-checker), which lies beside the Python that runs this. STANDARDS are
separated by commas. SETTINGS is the settings file of a product, which is taken over.
"""

import hashlib
import json
import pathlib
import shutil
import subprocess
import sys

CONTACT = "product-security@vendor.example"


FILE = f'{{ name = "part.tar.gz", sha512 = "{hashlib.sha512(b"part").hexdigest()}" }}'


def scan(flowdown, source, *arguments):
    command = [flowdown, "scan", source, "--no-summary", "--profile", "bsi", *arguments]
    done = subprocess.run(command, stderr=subprocess.PIPE)
    if done.returncode not in (0, 3):
        sys.exit(done.stderr.decode())


def license_of(artifact, assessment, spdx_ids):
    """What a person would conclude who reads the texts: what is settled, else the first candidate."""
    own = assessment["license"]
    settled = own.get("expression") or own.get("declared")
    if settled:
        return settled
    candidates = [key for claim in artifact["license_claims"] for key in claim["candidates"]]
    return spdx_ids.get(candidates[0], candidates[0]) if candidates else "Apache-2.0"


def component(artifact, license):
    """The table of one artifact."""
    yield "[[product.component]]"
    yield f"artifact = {json.dumps(artifact['id'])}"
    if not artifact.get("version"):
        yield 'version = "1.0"'
    for role in ("supplier", "creator"):
        yield f'{role} = {{ name = "Supplier", contact = "https://supplier.example" }}'
    yield f"concluded_license = {json.dumps(license)}"
    yield 'reason = "what the texts say"'
    yield 'copyright = ["Copyright 2024 Supplier"]'
    weights = [file for file in artifact["files"] if file["role"] == "weights"]
    # Of a pointer or a header no digest is known.
    is_file = artifact["kind"] in ("tokenizer", "document")
    if not is_file and not any(file.get("sha256") for file in weights):
        yield f"file = {FILE}"


def ancestors(artifact, report):
    """The tables of its ancestors, whose licence somebody has to read elsewhere."""
    effective = report["assessment"]["artifacts"][artifact["id"]]["effective"]
    known = {it["from_ancestor"]: it["key"] for it in effective["licenses"] if it.get("from_ancestor")}
    for name in sorted({*known, *(it["name"] for it in effective.get("unknown_ancestors", []))}):
        yield "[[product.component]]"
        yield f"artifact = {json.dumps(name)}"
        yield f'concluded_license = {json.dumps(known.get(name, "Apache-2.0"))}'
        yield 'reason = "what the text says"'


def main(flowdown, out, standards, source, settings=None):
    out = pathlib.Path(out)
    first = out.with_suffix(".first.json")
    product = ("--product", settings) if settings else ()
    scan(flowdown, source, *product, "-o", f"json={first}")
    report = json.loads(first.read_text())
    # Contracts and agreements lie beside the settings.
    folder = out.with_suffix(".vendor")
    shutil.rmtree(folder, ignore_errors=True)
    if settings:
        shutil.copytree(pathlib.Path(settings).parent, folder)
        declaration = folder / pathlib.Path(settings).name
    else:
        folder.mkdir()
        declaration = folder / "flowdown.toml"
        declaration.write_text(
            f'[product]\nname = {json.dumps(pathlib.Path(source).name)}\nversion = "1.0"\n'
            'vendor = "Vendor"\nlicense = "LicenseRef-Vendor-EULA"\n'
        )
    own = f'[product]\ncontact = "{CONTACT}"\ncopyright = ["Copyright 2024 Vendor"]\nfile = {FILE}'
    lines = [declaration.read_text().replace("[product]", own, 1)]
    inventory, assessed = report["inventory"], report["assessment"]["artifacts"]
    for artifact in inventory["artifacts"]:
        license = license_of(artifact, assessed[artifact["id"]], inventory["spdx_ids"])
        lines += component(artifact, license)
    lines += sorted({"\n".join(ancestors(it, report)) for it in inventory["artifacts"]})
    declaration.write_text("\n".join(lines) + "\n")
    scan(flowdown, source, "--product", str(declaration), "-o", f"spdx-3={out}")
    checker = pathlib.Path(sys.executable).with_name("sbomcheck")
    for standard in standards.split(","):
        done = subprocess.run(
            [checker, "-s", "spdx3", "-c", standard, out], capture_output=True, text=True
        )
        if done.returncode != 0 or "Conformant: True" not in done.stdout:
            sys.exit(f"{out}, {standard}:\n{done.stdout}{done.stderr}")
        print(f"{out.name}: {standard} conformant")


main(*sys.argv[1:])
