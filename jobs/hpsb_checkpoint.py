"""Gives a checkpoint a tensor whose bytes are another file: a second data shard that is a hard link.

A TensorFlow checkpoint is data shards, which hold the bytes of the tensors and nothing else, and an index: a sorted
table of name to BundleEntryProto (type, shape, shard, offset, size, masked CRC-32C), in the format of LevelDB's tables
(sstables): blocks of key-value entries, each block followed by a type byte and a CRC-32C; an index block that names the
last key, offset and size of each block; and a footer of 48 bytes. TensorFlow writes no compressed blocks into an index.
The layout is the published one of LevelDB (table_format) and of tensor_bundle.proto.
"""

from __future__ import annotations

import struct

from hpsb_crc32c import crc32c, masked

HEADER_KEY = b""
_MAGIC = 0xDB4775248B80FB57
_FOOTER = 48
_RESTART_EVERY = 16
_NOT_COMPRESSED = 0


def _varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _read_block(data, offset, size):
    """The (key, value) pairs of one block."""
    if data[offset + size] != _NOT_COMPRESSED:
        raise ValueError("a compressed block, which TensorFlow does not write into an index")
    (stored,) = struct.unpack_from("<I", data, offset + size + 1)
    if stored != masked(crc32c(data[offset : offset + size + 1])):
        raise ValueError("a block whose CRC does not agree")
    block = data[offset : offset + size]
    (restarts,) = struct.unpack_from("<I", block, size - 4)
    at, end, key, pairs = 0, size - 4 - 4 * restarts, b"", []
    while at < end:
        shared, at = _read_varint(block, at)
        own, at = _read_varint(block, at)
        length, at = _read_varint(block, at)
        key = key[:shared] + block[at : at + own]
        pairs.append((key, block[at + own : at + own + length]))
        at += own + length
    return pairs


def _read_handle(data, at=0):
    offset, at = _read_varint(data, at)
    size, at = _read_varint(data, at)
    return offset, size, at


def read_table(data):
    """The (key, value) pairs of a whole table, in order. Raises ValueError where it is none or is damaged."""
    if len(data) < _FOOTER or struct.unpack("<Q", data[-8:])[0] != _MAGIC:
        raise ValueError("no table: the last 8 bytes are not its magic number")
    footer = data[-_FOOTER:]
    _, _, at = _read_handle(footer)  # of the block of metadata, which is empty
    offset, size, _ = _read_handle(footer, at)
    pairs = []
    for _, handle in _read_block(data, offset, size):
        pairs += _read_block(data, *_read_handle(handle)[:2])
    return pairs


def _block(pairs):
    """One block with its trailer."""
    out, restarts, before = bytearray(), [], b""
    for number, (key, value) in enumerate(pairs):
        shared = 0
        if number % _RESTART_EVERY == 0:
            restarts.append(len(out))
        else:
            while shared < min(len(key), len(before)) and key[shared] == before[shared]:
                shared += 1
        out += _varint(shared) + _varint(len(key) - shared) + _varint(len(value)) + key[shared:] + value
        before = key
    restarts = restarts or [0]
    out += struct.pack(f"<{len(restarts) + 1}I", *restarts, len(restarts))
    body = bytes(out) + bytes([_NOT_COMPRESSED])
    return body + struct.pack("<I", masked(crc32c(body)))


def table_of(pairs):
    """The bytes of a table of one data block with these pairs, which must be in the order of their keys."""
    trailer = 5
    data, metadata = _block(pairs), _block([])
    handle = _varint(0) + _varint(len(data) - trailer)
    index = _block([(pairs[-1][0], handle)])
    footer = _varint(len(data)) + _varint(len(metadata) - trailer)
    footer += _varint(len(data) + len(metadata)) + _varint(len(index) - trailer)
    return data + metadata + index + footer.ljust(_FOOTER - 8, b"\0") + struct.pack("<Q", _MAGIC)


def put_tensor_in_second_shard(prefix, name, shape, crc):
    """Rewrite a checkpoint of one shard so that tensor ``name`` is the whole of a second one; returns that one's path.

    prefix: path of the checkpoint without its endings. The tensor keeps its type and gets the shape and the CRC-32C of
    the file that the caller puts at the returned path. Its old bytes, a stand-in's, are left out of the first shard.
    """
    from tensorflow.core.protobuf import tensor_bundle_pb2

    index = prefix.with_name(prefix.name + ".index")
    old_shard = prefix.with_name(prefix.name + ".data-00000-of-00001")
    shards = [prefix.with_name(f"{prefix.name}.data-0000{number}-of-00002") for number in range(2)]
    pairs = []
    end = 0
    with old_shard.open("rb") as source, shards[0].open("wb") as target:
        for key, value in read_table(index.read_bytes()):
            if key == HEADER_KEY:
                message = tensor_bundle_pb2.BundleHeaderProto.FromString(value)
                message.num_shards = 2
            else:
                message = tensor_bundle_pb2.BundleEntryProto.FromString(value)
                if key == name.encode():
                    _describe(message, shape, crc)
                else:
                    source.seek(message.offset)
                    target.write(source.read(message.size))
                    message.offset = end
                    end += message.size
            pairs.append((key, message.SerializeToString(deterministic=True)))
    if name.encode() not in dict(pairs):
        raise ValueError(f"{index}: no tensor {name}")
    index.write_bytes(table_of(pairs))
    old_shard.unlink()
    return shards[1]


def _describe(entry, shape, crc):
    size = 4
    for length, dimension in zip(shape, entry.shape.dim):
        dimension.size = length
        size *= length
    entry.shard_id, entry.offset, entry.size, entry.crc32c = 1, 0, size, masked(crc)
