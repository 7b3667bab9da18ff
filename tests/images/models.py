"""Writes small models for an image, and `expected.json` with what must be found of them.

usage: models.py FOLDER

Two models with a licence tag each, one more that a layer above withdraws, and a cache of Hugging Face
whose files are links to blobs. Weights are numbers counted up; texts are made up here.
"""

import hashlib
import json
import os
import struct
import sys

CARD = "---\nlicense: {license}\n---\n# {name}\n\nA model for tests, written by a program.\n"
STAND_IN = "These words stand in for a licence. They grant nothing and are known to nobody.\n" * 3


def safetensors(seed, tensors=4, elements=256):
    """Tensors of bfloat16 numbers."""
    header, data = {}, b""
    for index in range(tensors):
        row = b"".join(struct.pack("<H", (seed + index * 31 + at * 7) % 0x4000) for at in range(elements))
        header[f"layers.{index}.weight"] = {
            "dtype": "BF16", "shape": [elements], "data_offsets": [len(data), len(data) + len(row)],
        }
        data += row
    encoded = json.dumps(header).encode()
    return struct.pack("<Q", len(encoded)) + encoded + data


def gguf(name, license):
    """Version 3, little-endian, with two strings of metadata and one tensor."""
    def text(value):
        encoded = value.encode()
        return struct.pack("<Q", len(encoded)) + encoded

    pairs = {"general.architecture": "llama", "general.name": name, "general.license": license}
    file = b"GGUF" + struct.pack("<IQQ", 3, 1, len(pairs))
    for key, value in pairs.items():
        file += text(key) + struct.pack("<I", 8) + text(value)
    file += text("token_embd.weight") + struct.pack("<IQIQ", 1, 32, 0, 0)
    file += b"\0" * (-len(file) % 32)
    return file + struct.pack("<32f", *range(32))


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def model(folder, name, license, seed):
    write(f"{folder}/model.safetensors", safetensors(seed))
    write(f"{folder}/config.json", json.dumps({"model_type": "llama", "architectures": ["LlamaForCausalLM"]}))
    write(f"{folder}/README.md", CARD.format(license=license, name=name))


def cache(folder, repository, license):
    """A repository as the library of the Hub keeps it: blobs by digest, names as links."""
    home = f"{folder}/models--{repository.replace('/', '--')}"
    commit = hashlib.sha1(repository.encode()).hexdigest()
    files = {
        "model.safetensors": safetensors(99),
        "config.json": json.dumps({"model_type": "llama"}).encode(),
        "README.md": CARD.format(license=license, name=repository).encode(),
        "LICENSE": STAND_IN.encode(),
    }
    os.makedirs(f"{home}/snapshots/{commit}")
    for name, content in files.items():
        digest = hashlib.sha256(content).hexdigest()
        write(f"{home}/blobs/{digest}", content)
        os.symlink(f"../../blobs/{digest}", f"{home}/snapshots/{commit}/{name}")
    write(f"{home}/refs/main", commit)


def main(folder):
    model(f"{folder}/chat", "chat", "apache-2.0", 1)
    write(f"{folder}/chat/NOTICE", STAND_IN)
    write(f"{folder}/quantized/small.gguf", gguf("small", "mit"))
    model(f"{folder}/withdrawn", "withdrawn", "mit", 2)
    cache(f"{folder}/cache", "example/cached", "bigscience-openrail-m")
    expected = {
        "shown": {
            "chat": "Apache-2.0",
            "small": "MIT",
            "example/cached": "LicenseRef-scancode-bigscience-open-rail-m",
        },
        "hidden": ["srv/models/withdrawn/model.safetensors"],
    }
    write(f"{folder}/../../../expected.json", json.dumps(expected, indent=1))


main(sys.argv[1])
