"""Writes weight files with the Python packages `gguf` and `safetensors`, of every type they know,
and `expected.json` with what the readers of these packages say of them.

usage: write_weights.py FOLDER
"""

import json
import os
import sys

import gguf
import numpy
from safetensors import TensorSpec, safe_open, serialize_file

SAFETENSORS_DTYPES = [
    ("bool", 8), ("uint8", 8), ("int8", 8), ("uint16", 16), ("int16", 16), ("uint32", 32),
    ("int32", 32), ("uint64", 64), ("int64", 64), ("float16", 16), ("bfloat16", 16),
    ("float32", 32), ("float64", 64), ("complex64", 64), ("float8_e4m3fn", 8),
    ("float8_e5m2", 8), ("float8_e8m0fnu", 8), ("float8_e4m3fnuz", 8), ("float8_e5m2fnuz", 8),
    ("float4_e2m1fn_x2", 8),
]
SHAPES = [[], [1], [4, 6], [2, 3, 4], [0, 5]]


def write_safetensors(path, dtypes, metadata):
    keep, tensors = [], {}
    for dtype, bits in dtypes:
        for shape in SHAPES:
            # The last dimension of a packed type is doubled, so it needs one.
            if dtype.endswith("_x2") and not shape:
                continue
            size = int(numpy.prod(shape, dtype=numpy.int64)) * bits // 8
            data = numpy.arange(size, dtype=numpy.uint8)
            keep.append(data)
            tensors[f"{dtype}.{len(shape)}.{size}"] = TensorSpec(
                dtype=dtype, shape=shape, data_ptr=data.ctypes.data, data_len=size)
    serialize_file(tensors, path, metadata)


def read_safetensors(path):
    with safe_open(path, "numpy") as file:
        slices = {name: file.get_slice(name) for name in file.keys()}
        return {
            "metadata": file.metadata() or {},
            "tensors": {
                name: {"dtype": part.get_dtype(), "shape": list(part.get_shape())}
                for name, part in slices.items()
            },
        }


def write_gguf(path, order, file_type=None, types=()):
    writer = gguf.GGUFWriter(path, "llama", endianess=order)
    writer.add_name("oracle")
    writer.add_license("apache-2.0")
    writer.add_uint8("test.u8", 200)
    writer.add_int8("test.i8", -100)
    writer.add_uint16("test.u16", 60000)
    writer.add_int16("test.i16", -30000)
    writer.add_uint32("test.u32", 4000000000)
    writer.add_int32("test.i32", -2000000000)
    writer.add_uint64("test.u64", 2**64 - 1)
    writer.add_int64("test.i64", -2**63)
    writer.add_string("test.text", "naïve 模型")
    writer.add_array("test.texts", ["one", "", "three"])
    writer.add_array("test.numbers", list(range(1000)))
    writer.add_token_list([f"token {number}" for number in range(500)])
    if file_type is not None:
        writer.add_file_type(file_type)
    for kind in types:
        elements, size = gguf.GGML_QUANT_SIZES[kind]
        for rows in (1, 3):
            data = numpy.arange(rows * 2 * size, dtype=numpy.uint8).reshape(rows, 2 * size)
            writer.add_tensor(f"{kind.name}.{rows}", data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def plain(value):
    return value.item() if isinstance(value, numpy.generic) else value


def read_gguf(path):
    reader = gguf.GGUFReader(path)
    fields = {}
    for name, field in reader.fields.items():
        if name.startswith("GGUF."):
            continue
        value = field.contents()
        fields[name] = {"length": len(value)} if isinstance(value, list) else plain(value)
    return {
        "metadata": fields,
        "tensors": {
            tensor.name: {
                "dtype": tensor.tensor_type.name,
                # The reader tells the innermost dimension first.
                "shape": [int(dimension) for dimension in reversed(tensor.shape)],
                "bytes": int(tensor.n_bytes),
            }
            for tensor in reader.tensors
        },
    }


def main():
    folder = sys.argv[1]
    expected = {}

    def add(name, write, read):
        path = os.path.join(folder, name)
        write(path)
        expected[name] = read(path)

    metadata = {"format": "pt", "license": "openrail", "naïve": "模型\n"}
    add("all.safetensors", lambda path: write_safetensors(path, SAFETENSORS_DTYPES, metadata),
        read_safetensors)
    add("none.safetensors", lambda path: write_safetensors(path, [], None), read_safetensors)
    types = list(gguf.GGML_QUANT_SIZES)
    for order in gguf.GGUFEndian:
        add(f"{order.name.lower()}.gguf", lambda path: write_gguf(path, order, types=types), read_gguf)
    for kind in gguf.LlamaFileType:
        name = f"file_type_{int(kind)}.gguf"
        add(name, lambda path: write_gguf(path, gguf.GGUFEndian.LITTLE, int(kind)), read_gguf)
        expected[name]["file_type"] = kind.name
    with open(os.path.join(folder, "expected.json"), "w", encoding="utf-8") as file:
        json.dump(expected, file)


main()
