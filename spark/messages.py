"""The two messages as they travel through Kafka, in either encoding: what Pipeline.Contracts reads, but for a picture's file.

A picture that cannot be read is never inferred and so never counted; a file need not be looked into here.
Whatever cannot be used is None: the pipeline's own readers say why, in the dead letters.
"""

import base64
import hashlib
import math
import re
import struct
from typing import NamedTuple

from counting import BLANKS, LABELS, UNKNOWN, length, read_label
from instants import plausible, plausible_text
from json_fields import is_number, members, text_of

CONTENT_TYPE = "content-type"
PROTOBUF = "application/x-protobuf"
JSON = "application/json"

MAX_MESSAGE_BYTES = 1024 * 1024
MAX_ID_LENGTH = 256
MAX_MODEL_NAME_LENGTH = 256
DIGEST_BYTES = 16

_PROTOBUF_NAMES = (PROTOBUF, "application/protobuf", "application/vnd.google.protobuf")
_JSON_NAMES = (JSON, "text/json")

# A schema registry's clients put these before the value: a zero, then the number of the schema.
_REGISTRY_PREFIX_BYTES = 5
_JSON_BLANKS = b" \t\r\n"

_FIELDS = {
    "id": "id", "image_id": "id", "producer_id": "producer", "producerid": "producer", "device_id": "producer",
    "groundtruth": "truth", "inferredvalue": "inferred", "inferred": "inferred",
    "data": "picture", "image": "picture", "image_data": "picture", "timestamp": "captured_at",
}

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_RGB24, _PNG, _ENCODED = 1, 2, 3
_MAX_SIDE = 16_384                                          # RGB24 of as many pixels as are too many does not fit in a message
_MAX_PROBABILITIES = 10


class Image(NamedTuple):
    image_id: str
    producer_id: str
    truth: str | None                                        # None: its sender does not know
    captured_at_ms: int | None                               # None: the message does not say
    digest: str                                              # ImageDigest.cs, in hexadecimal

    @property
    def keys(self):
        """What a result may call it: ids come from cameras, and two pictures may have one."""
        return [self.image_id, f"{self.image_id}~{self.digest}"]


class Result(NamedTuple):
    image_id: str
    inferred: str
    digest: str | None                                       # None: the message does not say which image of this id

    @property
    def key(self):
        return self.image_id if self.digest is None else f"{self.image_id}~{self.digest}"


def read_image(value, content_type):
    """A record of image_data; None where nobody could use it."""
    return _read(value, content_type, _image_of_json, _image_of_protobuf)


def read_result(value, content_type):
    """A record of inference_results; None where nobody could use it."""
    return _read(value, content_type, _result_of_json, _result_of_protobuf)


def content_type_of(headers):
    """The last content-type of a record's headers, pairs of key and bytes; None without one."""
    found = [value for key, value in headers or () if key == CONTENT_TYPE]
    return bytes(found[-1] or b"").decode("utf-8", "replace") if found else None


def _read(value, content_type, of_json, of_protobuf):
    if value is None or len(value) > MAX_MESSAGE_BYTES:
        return None
    value = bytes(value)
    json, media_type = _json_of(value), (content_type or "").partition(";")[0].strip(BLANKS).lower()
    try:
        # What looks like JSON is JSON, whatever the header says: no message of ours begins with the byte of {.
        if json[:1] == b"{" or media_type in _JSON_NAMES or media_type.endswith("+json"):
            return of_json(_json_fields(json))
        return of_protobuf(list(_protobuf_fields(value))) if media_type in _PROTOBUF_NAMES else None
    except Exception:                                        # whatever is wrong with it: no record stops the job
        return None


def _json_of(value):
    """The JSON text of a value, without what senders put around it."""
    value = value[_REGISTRY_PREFIX_BYTES:] if value[:1] == b"\0" and len(value) >= _REGISTRY_PREFIX_BYTES else value
    return value.strip(_JSON_BLANKS).removeprefix(b"\xef\xbb\xbf").lstrip(_JSON_BLANKS).rstrip(_JSON_BLANKS + b"\0")


def _json_fields(text):
    fields, id_is_number = {}, False
    for name, value in members(text):
        field = _FIELDS.get(name.lower())
        if field == "picture":
            fields[field] = fields.get(field) if text_of(value) is None else _picture(value)
        elif field == "captured_at":
            fields[field] = plausible_text(text_of(value) or "") if value[:1] == b'"' or is_number(value) else None
        elif field is not None:
            fields[field] = text_of(value)
            id_is_number = is_number(value) if field == "id" else id_is_number
    if id_is_number:
        # A number counts per producer, so it is unique only together with the producer's id.
        fields["id"] = f"{fields.get('producer') or UNKNOWN}-{fields['id']}"
    return fields


def _picture(value):
    """Base64 as browsers, mail programs and URL libraries write it."""
    digits = text_of(value).strip(BLANKS)
    if digits[:5].lower() == "data:":
        digits = digits[digits.find(",") + 1:]
    digits = re.sub(r"[ \t\r\n]", "", digits).rstrip("=").replace("+", "-").replace("/", "_")
    picture = base64.urlsafe_b64decode(digits + "=" * (-len(digits) % 4))
    # Python passes over what is no digit, and over bits that belong to no byte; .NET does not.
    if is_number(value) or base64.urlsafe_b64encode(picture).decode().rstrip("=") != digits:
        raise ValueError("base64 was expected")
    return picture


def _image_of_json(fields):
    if fields.get("picture") is None:                        # a truth that is said of an earlier picture is none
        return None
    return _image(fields.get("id"), fields.get("producer"), fields.get("truth"), fields.get("captured_at"), "Png", fields["picture"])


def _result_of_json(fields):
    if fields.get("inferred") is None:
        return None
    return _result(fields.get("id"), fields.get("producer"), fields.get("truth"), fields["inferred"], None)


def _image_of_protobuf(fields):
    last = {(number, kind): content for number, kind, content in fields}
    form, pixels = last.get((7, _VARINT), 0) & 0xFFFF_FFFF, last.get((8, _BYTES), b"")
    sides = [last.get((number, _VARINT), 0) & 0xFFFF_FFFF for number in (5, 6)]
    if form not in (_RGB24, _PNG, _ENCODED) or (form == _RGB24 and not (0 < max(sides) <= _MAX_SIDE and len(pixels) == math.prod(sides) * 3 > 0)):
        return None
    captured_at = plausible(*struct.unpack("<q", last.get((4, _FIXED64), bytes(8))))
    return _image(_text(last, 1), _text(last, 2), _text(last, 3), captured_at, "Rgb24" if form == _RGB24 else "Png", pixels)


def _result_of_protobuf(fields):
    last = {(number, kind): content for number, kind, content in fields}
    shares = b"".join(content for number, kind, content in fields if number == 6 and kind in (_BYTES, _FIXED32))
    shares = [share for (share,) in struct.iter_unpack("<f", shares)]
    confidence = struct.unpack("<f", last.get((5, _FIXED32), bytes(4)))
    digest = last.get((12, _BYTES), b"")
    labels = [read_label(content.decode("utf-8")) for number, kind, content in fields if (number, kind) == (13, _BYTES)]
    if len(labels) > _MAX_PROBABILITIES or None in labels or len(shares) not in (0, len(labels or LABELS)):
        return None
    if not all(0 <= share <= 1.0001 for share in (*confidence, *shares)):
        return None
    if any(length(_text(last, number)) > MAX_MODEL_NAME_LENGTH for number in (7, 8)) or last.get((9, _VARINT), 0) >= 2**63:
        return None
    return _result(*(_text(last, number) for number in (1, 2, 3, 4)), digest.hex() if len(digest) == DIGEST_BYTES else None)


def _image(image_id, producer, truth, captured_at, form, pixels):
    producer, truth = producer or UNKNOWN, _read_truth(truth)
    if not _is_id(image_id) or not _is_id(producer):
        return None
    digest = hashlib.sha256(f"{producer}\n{truth or ''}\n{form}\n".encode() + pixels).digest()[:DIGEST_BYTES]
    return Image(image_id, producer, truth, captured_at, digest.hex())


def _result(image_id, producer, truth, inferred, digest):
    inferred, _ = read_label(inferred), _read_truth(truth)
    usable = _is_id(image_id) and _is_id(producer or UNKNOWN) and inferred
    return Result(image_id, inferred, digest) if usable else None


def _read_truth(text):
    """None where nobody says; an error where it is no label."""
    if not (text or "").strip(BLANKS):
        return None
    if (label := read_label(text)) is None:
        raise ValueError("a label was expected")
    return label


def _is_id(text):
    return 0 < length(text or "") <= MAX_ID_LENGTH


def _text(fields, number):
    return fields.get((number, _BYTES), b"").decode("utf-8")


def _protobuf_fields(value):
    """Each field's number, wire type and content; numbers of fixed length are left as bytes."""
    at = 0
    while at < len(value):
        tag, at = _varint(value, at)
        number, kind = (tag & 0xFFFF_FFFF) >> 3, tag & 7
        if kind == _VARINT:
            content, at = _varint(value, at)
        elif kind in (_FIXED64, _FIXED32, _BYTES):
            length, at = _varint(value, at) if kind == _BYTES else (8 if kind == _FIXED64 else 4, at)
            content, at = value[at:at + length], at + length
        else:
            raise ValueError(f"wire type {kind}")
        if number == 0 or at > len(value):
            raise ValueError("no field has the number 0, and none ends after its message")
        yield number, kind, content


def _varint(value, at):
    result = 0
    for shift in range(0, 70, 7):
        byte = value[at]
        result |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return result & 0xFFFF_FFFF_FFFF_FFFF, at
    raise ValueError("a varint of more than ten bytes")
