"""Reads pages with html5lib, strictly: any parse error is one.

Also: every id stands once, and every link inside the page leads somewhere. Usage: html_valid.py FILE …
"""

import sys

import html5lib


def problems(path):
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    with open(path, "rb") as page:
        tree = parser.parse(page, transport_encoding="utf-8")
    for (line, column), code, details in parser.errors:
        yield f"line {line}, column {column}: {code} {details}"
    elements = list(tree.iter())
    ids = [element.get("id") for element in elements if element.get("id")]
    if len(ids) != len(set(ids)):
        yield "an id stands twice"
    if len(elements) < 20:
        yield f"has only {len(elements)} elements"
    for element in elements:
        href = element.get("href") or ""
        if href.startswith("#") and href[1:] not in ids:
            yield f"`{href}` leads nowhere"


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: html_valid.py FILE …")
    failed = False
    for path in sys.argv[1:]:
        for problem in problems(path):
            print(f"{path}: {problem}", file=sys.stderr)
            failed = True
    sys.exit(1 if failed else 0)


main()
