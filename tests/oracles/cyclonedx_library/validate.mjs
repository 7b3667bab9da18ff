// Validate CycloneDX documents that Flowdown wrote with the JavaScript library of CycloneDX.
//
//     npm install --prefix FOLDER tests/oracles/cyclonedx_library
//     node tests/oracles/cyclonedx_library/validate.mjs FILE_OR_FOLDER...
//
// The packages are looked for in the folder that FLOWDOWN_NODE_MODULES names (`…/node_modules`), else
// beside this file. Every `*.cdx*.json` and `*.cdx*.xml` is checked against the schema of the version
// it states. Exit code 0: all valid; 1: some are not; 2: nothing to check.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.env.FLOWDOWN_NODE_MODULES;
const base = folder ? pathToFileURL(join(folder, "..", "package.json")) : import.meta.url;
const { Spec, Validation } = createRequire(base)("@cyclonedx/cyclonedx-library");

const isDocument = (name) => /\.cdx[^/]*\.(json|xml)$/.test(name);

const documents = (place) =>
  statSync(place).isDirectory()
    ? readdirSync(place).sort().flatMap((name) => documents(join(place, name)))
    : isDocument(place) ? [place] : [];

async function errorsOf(file) {
  const text = readFileSync(file, "utf8");
  const isXml = file.endsWith(".xml");
  const version = isXml
    ? /xmlns="http:\/\/cyclonedx\.org\/schema\/bom\/([0-9.]+)"/.exec(text)?.[1]
    : JSON.parse(text).specVersion;
  const known = Object.values(Spec.Version).includes(version);
  if (!known) return [`states no known version, but ${version}`];
  const { JsonStrictValidator, XmlValidator } = Validation;
  const validator = new (isXml ? XmlValidator : JsonStrictValidator)(version);
  try {
    return await validator.validate(text);
  } catch (error) {
    return [`not well formed: ${error.message}`];
  }
}

const files = process.argv.slice(2).flatMap(documents);
let invalid = 0;
for (const file of files) {
  const errors = await errorsOf(file);
  invalid += errors?.length === 0 || errors === null ? 0 : 1;
  console.log(`${file}: ${errors ? JSON.stringify(errors).slice(0, 2_000) : "valid"}`);
}
if (files.length === 0) {
  console.error("no *.cdx*.json or *.cdx*.xml given");
  process.exit(2);
}
process.exit(invalid > 0 ? 1 : 0);
