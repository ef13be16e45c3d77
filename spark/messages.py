"""The two messages as they travel through Kafka, in either encoding: what Pipeline.Contracts reads, less the pixels.

A picture that cannot be read is never inferred and so never counted; its pixels need not be looked at here.
Whatever cannot be used is None: the pipeline's own readers say why, in the dead letters.
"""

import json
import struct
from decimal import Decimal
from typing import NamedTuple

from counting import UNKNOWN, read_label

CONTENT_TYPE = "content-type"
PROTOBUF = "application/x-protobuf"
JSON = "application/json"

MAX_MESSAGE_BYTES = 1024 * 1024
MAX_ID_LENGTH = 256
MAX_JSON_DEPTH = 8

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_JSON_NAMES = {
    "ID": "id", "image_id": "id", "producer_id": "producer", "ProducerID": "producer", "device_id": "producer",
    "GroundTruth": "truth", "InferredValue": "inferred", "Inferred": "inferred",
}


class _Number(str):
    """A number of a JSON text, as it is written there."""


class Image(NamedTuple):
    image_id: str
    producer_id: str
    truth: str
    captured_at_ms: int | None                               # None: the message does not say


class Result(NamedTuple):
    image_id: str
    inferred: str


def read_image(value, content_type):
    """A record of image_data; None where nobody could use it."""
    fields = _fields(value, content_type)
    if fields is None or fields.get("truth") is None:
        return None
    image_id, producer, truth = fields.get("id", ""), fields.get("producer") or UNKNOWN, read_label(fields["truth"])
    nanoseconds = fields.get("captured_at_ns") or 0
    if not _is_id(image_id) or not _is_id(producer) or truth is None:
        return None
    return Image(image_id, producer, truth, nanoseconds // 1_000_000 if nanoseconds else None)


def read_result(value, content_type):
    """A record of inference_results; None where nobody could use it."""
    fields = _fields(value, content_type)
    if fields is None or fields.get("truth") is None or fields.get("inferred") is None:
        return None
    image_id, inferred = fields.get("id", ""), read_label(fields["inferred"])
    usable = _is_id(image_id) and _is_id(fields.get("producer") or UNKNOWN) and read_label(fields["truth"]) and inferred
    return Result(image_id, inferred) if usable else None


def content_type_of(headers):
    """The last content-type of a record's headers, pairs of key and bytes; None without one."""
    found = [value for key, value in headers or () if key == CONTENT_TYPE]
    return bytes(found[-1] or b"").decode("utf-8", "replace") if found else None


def _is_id(text):
    # .NET counts UTF-16 units.
    return 0 < len(text.encode("utf-16-le", "surrogatepass")) // 2 <= MAX_ID_LENGTH


def _fields(value, content_type):
    if value is None or len(value) > MAX_MESSAGE_BYTES:
        return None
    value = bytes(value)
    media_type = None if content_type is None else content_type.partition(";")[0].strip().lower()
    try:
        # Without the header only JSON can be told: no message of ours begins with the byte of {.
        if media_type == JSON or (media_type is None and value[:1] == b"{"):
            return _json_fields(value)
        return _protobuf_fields(value) if media_type == PROTOBUF else None
    except (ValueError, IndexError, struct.error, RecursionError):
        return None


def _json_fields(value):
    pairs = json.loads(value.decode("utf-8"), object_pairs_hook=list, parse_int=_Number, parse_float=_Number, parse_constant=_refuse)
    if value.lstrip()[:1] != b"{" or _depth(pairs) > MAX_JSON_DEPTH:
        return None
    fields, id_is_number = {}, False
    for name, content in pairs:
        if (field := _JSON_NAMES.get(name)) is None:
            continue
        if field == "id":
            id_is_number = isinstance(content, _Number)
        fields[field] = _json_text(content)
    if id_is_number:
        # A number counts per producer, so it is unique only together with the producer's id.
        fields["id"] = f"{fields.get('producer') or UNKNOWN}-{fields['id']}"
    fields["id"] = fields.get("id") or ""
    return fields


def _json_text(content):
    """A string, or a number as it is written; null counts as missing."""
    if isinstance(content, _Number):
        # 7, 7.0 and 7e0 are one number to the programs that write them. 28 places are what .NET's decimal has.
        value = Decimal(content)
        is_whole = abs(value.adjusted()) < 28 and value == value.to_integral_value()
        return str(int(value)) if is_whole else str(content)
    if content is not None and not isinstance(content, str):
        raise ValueError("a string or a number was expected")
    if content is not None:
        content.encode("utf-8")                              # half a surrogate pair is an error in .NET too
    return content


def _depth(value):
    # Objects are lists of pairs here; the pairs themselves are tuples and no level.
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        content, level = waiting.pop()
        if isinstance(content, list):
            deepest = max(deepest, level)
            waiting += [(item[1] if isinstance(item, tuple) else item, level + 1) for item in content]
    return deepest


def _refuse(text):
    raise ValueError(f"{text} is not JSON")


def _protobuf_fields(value):
    """The text fields 1 to 4 and the capture time; 4 is a label in one message and a time in the other."""
    fields, at = {"id": "", "truth": "", "inferred": ""}, 0
    while at < len(value):
        tag, at = _varint(value, at)
        number, kind = tag >> 3, tag & 7
        if number == 0:
            raise ValueError("field 0")
        if kind == _VARINT:
            _, at = _varint(value, at)
        elif kind == _FIXED64:
            (content,) = struct.unpack_from("<q", value, at)
            at += 8
            if number == 4:
                fields["captured_at_ns"] = content
        elif kind == _FIXED32:
            struct.unpack_from("<i", value, at)
            at += 4
        elif kind == _BYTES:
            length, at = _varint(value, at)
            if length > len(value) - at:
                raise ValueError("a field ends after its message")
            if number <= 4:
                fields[("id", "producer", "truth", "inferred")[number - 1]] = value[at:at + length].decode("utf-8")
            at += length
        else:
            raise ValueError(f"wire type {kind}")
    return fields


def _varint(value, at):
    result = 0
    for shift in range(0, 70, 7):
        byte = value[at]
        result |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return result & 0xFFFF_FFFF_FFFF_FFFF, at
    raise ValueError("a varint of more than ten bytes")
