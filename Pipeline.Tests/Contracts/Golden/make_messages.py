#!/usr/bin/env python3
"""Makes messages.jsonl: records of both topics and what must be read from them, by none of our code.

Both readers, Pipeline.Contracts and spark/messages.py, are tested on it, so that they cannot drift apart.
A value is "text", or "base64" where it is not UTF-8. "expected" is null where nobody could use the record; a capturedAt of null
is the record's own time.

    python3 make_messages.py
"""

import base64
import hashlib
import json
import os
import struct
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))

NOON_MS = 1_772_366_400_000                                  # 2026-03-01T12:00:00Z
PROTOBUF, JSON = "application/x-protobuf", "application/json"


def black_png():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = zlib.compress(bytes(32 * (1 + 32 * 3)), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0)) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PNG = black_png()
# A file's header is all that a message's reader looks at: 40x30 pixels, black and white.
GIF = b"GIF89a" + struct.pack("<HH", 40, 30) + b"\x80\x00\x00" + bytes(3) + b"\xff\xff\xff;"
DATA = base64.b64encode(PNG).decode()
URL_DATA = base64.urlsafe_b64encode(PNG).decode()
RGB24 = bytes(range(256)) * 12

vectors = []


def add(name, message, value, expected, content_type=None):
    value = value if isinstance(value, bytes) else value.encode()
    try:
        written = {"text": value.decode("utf-8")}
    except UnicodeDecodeError:
        written = {"base64": base64.b64encode(value).decode()}
    header = {} if content_type is None else {"contentType": content_type}
    vectors.append({"name": name, "message": message, **header, **written, "expected": expected})


def image_of(id="a", producer="p", truth="ship", captured_at=None, form="Png", pixels=PNG):
    digest = hashlib.sha256(f"{producer}\n{truth or ''}\n{form}\n".encode() + pixels).hexdigest()[:32]
    return {"id": id, "producer": producer, "truth": truth, "capturedAt": captured_at, "digest": digest}


def result_of(id="a", producer="p", truth="ship", inferred="car", digest=None):
    return {"id": id, "producer": producer, "truth": truth, "inferred": inferred, "digest": digest}


def json_image(fields='"ID":"a","producer_id":"p","GroundTruth":"ship"', data=DATA, more=""):
    return '{%s,"Data":"%s"%s}' % (fields, data, more)


def json_result(fields='"ID":"a","producer_id":"p","GroundTruth":"ship","InferredValue":"car"', more=""):
    return "{" + fields + more + "}"


def varint(value):
    written = b""
    while value > 0x7F:
        written, value = written + bytes([value & 0x7F | 0x80]), value >> 7
    return written + bytes([value])


def protobuf(*fields):
    """Fields as (number, content): text or bytes; a whole number is a varint, a struct format and a number are of fixed length."""
    written = b""
    for number, content in fields:
        if isinstance(content, int):
            written += varint(number << 3) + varint(content)
        elif isinstance(content, tuple):
            written += varint(number << 3 | (1 if struct.calcsize(content[0]) == 8 else 5)) + struct.pack(*content)
        else:
            content = content.encode() if isinstance(content, str) else content
            written += varint(number << 3 | 2) + varint(len(content)) + content
    return written


def around():
    text = json_image()
    for name, value, content_type in (
        ("no header", text, None), ("header", text, JSON), ("header with a charset", text, "Application/JSON ; charset=utf-8"),
        ("text/json", text, "text/json"), ("application/*+json", text, "application/cloudevents+json; charset=utf-8"),
        ("header of the other encoding", text, PROTOBUF), ("header nobody knows", text, "image/png"), ("empty header", text, ""),
        ("byte order mark", "\ufeff" + text, None), ("byte order mark and header", "\ufeff" + text, JSON), ("byte order mark between blanks", " \n\ufeff\t" + text, None),
        ("blanks before and after", " \r\n\t" + text + "\r\n", None), ("closing zero", text + "\0", None), ("zeros and blanks after", text + "\0 \0\n", JSON),
        ("schema registry", b"\0\0\0\0\x0c" + text.encode(), None), ("schema registry and a blank", b"\0\0\0\0\x0c " + text.encode() + b"\0", JSON),
    ):
        add(name, "image", value, image_of(), content_type)
    for name, value, content_type in (
        ("two byte order marks", "\ufeff\ufeff" + text, JSON), ("zero before", "\0" + text, JSON), ("four bytes before", b"\0\0\0\0" + text.encode(), JSON),
        ("another blank before", "\xa0" + text, JSON), ("something after", text + " x", JSON), ("a second object", text + text, JSON), ("a comma after", text + ",", JSON),
        ("a list", f"[{text}]", JSON), ("not closed", text[:-1], JSON), ("a comma before the end", text[:-1] + ",}", JSON), ("only its brackets", "{}", JSON),
        ("a comment", text[:-1] + "/* */}", JSON), ("a text", '"a"', JSON), ("a number", "7", JSON), ("nothing", "", JSON), ("only blanks", " ", JSON), ("no JSON and no header", "ID=a", None),
        ("no JSON and another header", "ID=a", "text/plain"), ("single quotes", text.replace('"', "'"), JSON), ("a colon missing", '{"ID" "a"}', JSON), ("brackets crossed", '{"x":[{]}}', JSON),
    ):
        add(name, "image", value, None, content_type)


def names():
    for fields in ('"id":"a","PRODUCER_ID":"p","groundTruth":"ship"', '"image_id":"a","ProducerID":"p","GROUNDTRUTH":"ship"', '"Image_ID":"a","device_id":"p","groundtruth":"ship"',
                   '"ID":"b","image_id":"a","producer_id":"q","device_id":"p","GroundTruth":"ship"', '"\\u0049D":"a","producer_id":"p","GroundTruth":"\\u0073hip"'):
        add("names: " + fields, "image", json_image(fields), image_of())
    for name in ("data", "DATA", "image", "Image", "image_data"):
        add("the picture as " + name, "image", json_image().replace('"Data"', f'"{name}"'), image_of())
    for field in ("InferredValue", "inferredvalue", "Inferred", "INFERRED"):
        add("the prediction as " + field, "result", json_result().replace("InferredValue", field), result_of())
    add("names that nobody knows", "image", json_image('"id_":"x","image id":"x","ID":"a","producer_id":"p","GroundTruth":"ship"'), image_of())
    add("no producer", "image", json_image('"ID":"a","GroundTruth":"ship"'), image_of(producer="unknown"))
    add("an empty producer", "image", json_image('"ID":"a","producer_id":"","GroundTruth":"ship"'), image_of(producer="unknown"))
    add("null for a producer", "result", json_result('"ID":"a","producer_id":null,"GroundTruth":"ship","InferredValue":"car"'), result_of(producer="unknown"))
    add("a number for a producer", "image", json_image('"ID":"a","producer_id":7.0,"GroundTruth":"ship"'), image_of(producer="7"))
    add("null and then a picture", "image", json_image('"Data":null,"ID":"a","producer_id":"p","GroundTruth":"ship"'), image_of())
    add("a picture and then null", "image", json_image(more=',"Data":null'), image_of())
    add("a picture in a result", "result", json_result(more=f',"Data":"{DATA}"'), result_of())
    for name, fields in (("no id", '"producer_id":"p","GroundTruth":"ship"'), ("an empty id", '"ID":"","GroundTruth":"ship"'), ("null for an id", '"ID":null,"GroundTruth":"ship"'),
                         ("an id and then null", '"ID":"a","ID":null,"GroundTruth":"ship"'), ("a number and then null", '"ID":7,"image_id":null,"GroundTruth":"ship"'),
                         ("true for an id", '"ID":true,"GroundTruth":"ship"'), ("a list for an id", '"ID":["a"],"GroundTruth":"ship"'),
                         ("a list for a truth", '"ID":"a","GroundTruth":[8]'), ("an object for a producer", '"ID":"a","producer_id":{},"GroundTruth":"ship"'),
                         ("an id too long", '"ID":"%s","GroundTruth":"ship"' % ("x" * 257)), ("an id of too many UTF-16 units", '"ID":"%s","GroundTruth":"ship"' % ("\U0001f6a2" * 129)),
                         ("a producer too long", '"ID":"a","producer_id":"%s","GroundTruth":"ship"' % ("x" * 257)), ("half a surrogate pair", '"ID":"\\ud800","GroundTruth":"ship"'),
                         ("half a surrogate pair in a name", '"\\ud800":1,"ID":"a","GroundTruth":"ship"'), ("a line end in a text", '"ID":"a\n","GroundTruth":"ship"'),
                         ("an escape nobody knows", '"ID":"\\a","GroundTruth":"ship"')):
        add(name, "image", json_image(fields), None)
    add("no prediction", "result", json_result('"ID":"a","GroundTruth":"ship"'), None)
    add("null for a prediction", "result", json_result('"ID":"a","GroundTruth":"ship","InferredValue":null'), None)
    add("no truth", "image", json_image('"ID":"a","producer_id":"p"'), image_of(truth=None))
    add("null for a truth", "image", json_image('"ID":"a","producer_id":"p","GroundTruth":null'), image_of(truth=None))
    add("a result without a truth", "result", json_result('"ID":"a","producer_id":"p","InferredValue":"car"'), result_of(truth=None))
    add("neither picture nor truth", "image", '{"ID":"a"}', None)
    add("a truth alone", "image", '{"ID":"a","GroundTruth":"ship","TruthBy":"me"}', None)
    add("a number for a truth", "image", json_image('"ID":"a","producer_id":"p","GroundTruth":8'), image_of(truth="8"))
    add("an id that is just short enough", "image", json_image('"ID":"%s","producer_id":"p","GroundTruth":"ship"' % ("\U0001f6a2" * 128)), image_of(id="\U0001f6a2" * 128))
    add("not UTF-8 in an id", "image", json_image().encode().replace(b'"a"', b'"\xff"'), None)


def numbers():
    for number, text in (("7", "7"), ("7.0", "7"), ("7e0", "7"), ("70E-1", "7"), ("-7", "-7"), ("-0", "0"), ("7.5", "7.5"), ("7.50", "7.50"), ("1e2", "100"), ("1e28", "1" + "0" * 28), ("1e29", "1e29"),
                         ("79228162514264337593543950335", "79228162514264337593543950335"), ("79228162514264337593543950336", "79228162514264337593543950336"), ("1e400", "1e400"), ("1e-400", "0"), ("1e1000000", "1e1000000"), ("1e-1000000", "0"), ("1e99999999999999999999", "1e99999999999999999999"),
                         ("12345678901234567890", "12345678901234567890")):
        add("the number " + number, "image", json_image(f'"ID":{number},"producer_id":"p","GroundTruth":"ship"'), image_of(id="p-" + text))
    add("a number before its producer", "result", json_result('"ID":7,"GroundTruth":"ship","InferredValue":"car","producer_id":"p"'), result_of(id="p-7"))
    add("a number without a producer", "image", json_image('"ID":7,"GroundTruth":"ship"'), image_of(id="unknown-7", producer="unknown"))
    add("a number in a text", "image", json_image('"ID":"7.0","producer_id":"p","GroundTruth":"ship"'), image_of(id="7.0"))
    for number in ("07", "+7", "7.", ".7", "0x7", "7e", "--7", "7_0", "NaN", "Infinity", "-NaN"):
        add("no number: " + number, "image", json_image(f'"ID":{number},"producer_id":"p","GroundTruth":"ship"'), None)


def labels():
    for label, read in (("Ship", "ship"), (" ship ", "ship"), ("\\tSHIP\\r\\n", "ship"), ("\xa0ship\u2003", "ship"), ("airplane", "plane"), ("AirPlane ", "plane"), ("automobile", "car"), ("CAR", "car"),
                        ("truck", "truck"), *((own, own) for own in ("boat", "sh ip", "\u017fhip", "truc\u212a", "\u200bship", "aeroplane", "weld_OK", "\u8239", "x" * 128)), (" Boat\\n", "Boat")):
        add("the label " + label, "image", json_image(f'"ID":"a","producer_id":"p","GroundTruth":"{label}"'), image_of(truth=read))
        add("the prediction " + label, "result", json_result(f'"ID":"a","producer_id":"p","GroundTruth":"ship","InferredValue":"{label}"'), result_of(inferred=read))
    for label in ("", " ", "\\t\\u2003"):
        add("blanks for a label: " + label, "image", json_image(f'"ID":"a","producer_id":"p","GroundTruth":"{label}"'), image_of(truth=None))
        add("blanks for a prediction: " + label, "result", json_result(f'"ID":"a","GroundTruth":"ship","InferredValue":"{label}"'), None)
    for label in ("\\u001fship", "ship\\u0000", "sh\\nip", "ship\\u009f", "x" * 129, "\U0001f6a2" * 65):
        add("no label: " + label, "image", json_image(f'"ID":"a","producer_id":"p","GroundTruth":"{label}"'), None)
        add("no prediction: " + label, "result", json_result(f'"ID":"a","GroundTruth":"ship","InferredValue":"{label}"'), None)


def pictures():
    for name, data in (("data URI", "data:image/png;base64," + DATA), ("DATA URI with a blank", "DATA:image/png;base64, " + DATA), ("wrapped", "\\r\\n".join(DATA[i:i + 40] for i in range(0, len(DATA), 40)) + "\\n"),
                       ("URL alphabet", URL_DATA), ("no padding", DATA.rstrip("=")), ("blanks around", " \\t" + DATA + " "), ("escaped slashes", DATA.replace("/", "\\/")),
                       ("all of it", "data:;base64, " + URL_DATA.rstrip("=") + "\\n")):
        add("base64: " + name, "image", json_image(data=data), image_of())
    for name, data in (("a character of no alphabet", DATA[:8] + "!" + DATA[8:]), ("a digit too many", DATA.rstrip("=") + "A" * (5 - len(DATA.rstrip("=")) % 4)), ("a data URI without a comma", "data:" + DATA),
                       ("padding in the middle", DATA[:7] + "=" + DATA[7:]), ("bits of no byte", DATA.rstrip("=")[:-1] + "h")):
        add("no base64: " + name, "image", json_image(data=data), None)
    add("a file of another format", "image", json_image(data=base64.b64encode(GIF).decode()), image_of(pixels=GIF))
    add("no base64 in a result", "result", json_result(more=',"Data":"!"'), None)
    for value in ("7", "true", "[]", "{}"):
        add("a picture that is " + value, "image", json_image().replace(f'"{DATA}"', value), None)


def unread():
    for name, more in (("NaN", ',"t":NaN,"r":[-Infinity,Infinity]'), ("NaN in a text", ',"t":"NaN \\" NaN","u":NaN'), ("half a surrogate pair", ',"t":"\\ud800"'), ("a bool", ',"t":true,"u":false,"v":null'),
                       ("the names of ours further down", ',"t":{"ID":"x","GroundTruth":"cat","timestamp":NaN}'), ("numbers", ',"t":[0,-0.5e+10,1E-2]'), ("empty ones", ',"t":{},"u":[],"v":"","":0'),
                       ("1000 levels", ',"t":' + "[" * 999 + "]" * 999), ("objects in objects", ',"t":' + '{"a":' * 998 + "{}" + "}" * 998)):
        add("unread: " + name, "image", json_image(more=more), image_of())
    add("unread: not UTF-8", "image", json_image(more=',"t":"?"').encode().replace(b"?", b"\xff\xc0"), image_of())
    for name, more in (("1001 levels", ',"t":' + "[" * 1000 + "]" * 1000), ("a bare word", ',"t":nan'), ("half a word", ',"t":Na'), ("a word after a number", ',"t":1NaN'), ("NaN for a name", ',NaN:1'),
                       ("brackets that do not match", ',"t":[}'), ("a list with a comma too many", ',"t":[1,]'), ("a list with a colon", ',"t":["a":1]'), ("no value", ',"t":'), ("two values", ',"t":1 2'),
                       ("hexadecimal digits missing", ',"t":"\\u12"'), ("a number as a name", ",1:1")):
        add("unread but broken: " + name, "image", json_image(more=more), None)
    add("NaN for a truth", "image", json_image('"ID":"a","producer_id":"p","GroundTruth":NaN'), image_of(truth=None))
    add("NaN for a producer", "image", json_image('"ID":"a","producer_id":NaN,"GroundTruth":"ship"'), image_of(producer="unknown"))
    add("NaN for a picture and then one", "image", json_image('"Data":NaN,"ID":"a","producer_id":"p","GroundTruth":"ship"'), image_of())


def times():
    for timestamp, milliseconds in (
        ("1772366400", NOON_MS), ("1772366400.0", NOON_MS), ("1772366400.5", NOON_MS + 500), ("1.7723664e9", NOON_MS), ("1772366400123", NOON_MS + 123), ("1772366400123.9", NOON_MS + 123),
        ("1772366400123456", NOON_MS + 123), ("1772366400123456789", NOON_MS + 123), ('"1772366400"', NOON_MS), ('" 1772366400.25 "', NOON_MS + 250), ('"+1772366400"', NOON_MS),
        ('"2026-03-01T12:00:00Z"', NOON_MS), ('"2026-03-01T13:00:00+01:00"', NOON_MS), ('"2026-03-01T06:30:00.125-05:30"', NOON_MS + 125), ('"2026-03-01 12:00:00"', NOON_MS), ('"2026-03-01T12:00"', NOON_MS), ('"2026-3-1 12:00:00"', NOON_MS),
        ('"2026-03-01T12:00:00.1234567Z"', NOON_MS + 123), ('"2026-03-01t12:00:00z"', NOON_MS), ('"2026-03-01"', NOON_MS - 43_200_000), ('" 2026-03-01T12:00:00Z "', NOON_MS), ('"2026-03-01T12:00:00 +00:00"', NOON_MS),
        ("946684800", 946_684_800_000), ("4102444799", 4_102_444_799_000),
    ):
        add("the time " + timestamp, "image", json_image(more=f',"timestamp":{timestamp}'), image_of(captured_at=milliseconds))
    for timestamp in ("0", "-1", "7", "946684799", "4102444800", "9223372036854775807", "1e400", "1e-400", "1e1000000", '"1e99999999999999999999"', "NaN", "null", "true", '{"seconds":1}', "[1]", '"yesterday"', '""', '"9999-12-31T23:59:59Z"', '"1999-12-31T23:59:59Z"',
                      '"2026-02-30"', '"2026-03-01T25:00:00Z"', '"2026-03-01T12:60:00Z"', '"2026-13-01"', '"1_772_366_400"', '"NaN"', '"Infinity"', '"2026-03-01T12:00:00Z and more"', '"2026-03-01T12:00:00+15:00"'):
        add("no time: " + timestamp, "image", json_image(more=f',"timestamp":{timestamp}'), image_of())
    add("a time and then none", "image", json_image(more=',"timestamp":1772366400,"Timestamp":"later"'), image_of())
    add("half a surrogate pair for a time", "image", json_image(more=',"timestamp":"\\udc00"'), None)


def protobuf_images():
    size = ((5, 32), (6, 32))
    ids = ((1, "a"), (2, "p"), (3, "ship"))
    whole = protobuf(*ids, (4, ("<q", 1_772_366_400_123_456_789)), *size, (7, 1), (8, RGB24))
    seen = image_of(captured_at=NOON_MS + 123, form="Rgb24", pixels=RGB24)
    for content_type in (PROTOBUF, "Application/X-Protobuf; v=1", "application/protobuf", "application/vnd.google.protobuf"):
        add("an image as " + content_type, "image", whole, seen, content_type)
    add("no header", "image", whole, None)
    add("header of the other encoding", "image", whole, None, JSON)
    add("cut", "image", whole[:-1], None, PROTOBUF)
    add("fields of a later version", "image", whole + protobuf((15, "new"), (100, 7), (101, ("<q", 1)), (102, ("<f", 1.0))), seen, PROTOBUF)
    add("fields of another type", "image", whole + protobuf((1, 7), (4, "x"), (8, 7)), seen, PROTOBUF)
    add("a field twice", "image", protobuf((1, "b")) + whole, seen, PROTOBUF)
    png = (*size, (7, 2), (8, PNG))
    add("a PNG", "image", protobuf(*ids, *png), image_of(), PROTOBUF)
    add("a PNG that says another size", "image", protobuf(*ids, (5, 32), (6, 31), (7, 2), (8, PNG)), image_of(), PROTOBUF)
    add("a PNG without a size", "image", protobuf(*ids, (7, 2), (8, PNG)), image_of(), PROTOBUF)
    add("a file of whatever format", "image", protobuf(*ids, (7, 3), (8, PNG)), image_of(), PROTOBUF)
    add("a file of another format", "image", protobuf(*ids, (7, 3), (8, GIF)), image_of(pixels=GIF), PROTOBUF)
    add("a file of another format as a PNG", "image", protobuf(*ids, *size, (7, 2), (8, GIF)), image_of(pixels=GIF), PROTOBUF)
    add("raw pixels of another size", "image", protobuf(*ids, (5, 64), (6, 16), (7, 1), (8, RGB24)), image_of(form="Rgb24", pixels=RGB24), PROTOBUF)
    add("blanks and no producer", "image", protobuf((1, "a"), (3, " Airplane "), *png), image_of(producer="unknown", truth="plane"), PROTOBUF)
    for number, milliseconds in ((1_772_366_400, NOON_MS), (NOON_MS, NOON_MS), (NOON_MS * 1000, NOON_MS), (-1, None), (7, None), (2**63 - 1, None)):
        add(f"the time {number}", "image", protobuf(*ids, (4, ("<q", number)), *png), image_of(captured_at=milliseconds), PROTOBUF)
    for name, fields in (
        ("no id", [(3, "ship"), *png]), ("an id too long", [(1, "x" * 257), (3, "ship"), *png]), ("a producer too long", [(1, "a"), (2, "x" * 257), (3, "ship"), *png]), ("no label", [(1, "a"), (3, "b\x00at"), *png]),
        ("a truth alone", [*ids, (9, "me")]), ("no format", [*ids, *size, (8, RGB24)]), ("a format nobody knows", [*ids, *size, (7, 4), (8, RGB24)]), ("another size than its pixels", [*ids, (5, 32), (6, 31), (7, 1), (8, RGB24)]),
        ("no size", [*ids, (7, 1), (8, RGB24)]), ("no size and no pixels", [*ids, (7, 1)]), ("pixels missing", [*ids, *size, (7, 1), (8, RGB24[:-1])]), ("no pixels", [*ids, *size, (7, 1)]),
    ):
        add("protobuf: " + name, "image", protobuf(*fields), None, PROTOBUF)
    add("protobuf: no truth", "image", protobuf((1, "a"), (2, "p"), *png), image_of(truth=None), PROTOBUF)
    for name, value in (("nothing", b""), ("field 0", b"\x02\x00" + whole), ("field 0 beyond 32 bits", whole + b"\x80\x80\x80\x80\x80\x01\x00"), ("an endless varint", whole + b"\x28" + b"\xff" * 10 + b"\x01"), ("a wire type nobody knows", whole + b"\x7f"), ("a field longer than its message", whole + b"\x7a\x05a")):
        add("protobuf: " + name, "image", value, None, PROTOBUF)


def protobuf_results():
    ids = ((1, "a"), (2, "p"), (3, "ship"), (4, "car"))
    digest = bytes(range(16))
    shares = struct.pack("<10f", *[0.1] * 10)
    whole = protobuf(*ids, (5, ("<f", 0.75)), (6, shares), (7, "resnet20-cifar10"), (8, "1"), (9, 5_000_000), (10, ("<q", 1)), (11, ("<q", 2)), (12, digest))
    seen = result_of(digest=digest.hex())
    add("a result", "result", whole, seen, PROTOBUF)
    add("fields of a later version in a result", "result", whole + protobuf((15, "new"), (14, 9)), seen, PROTOBUF)
    add("no truth in a result", "result", protobuf((1, "a"), (2, "p"), (4, "car")), result_of(truth=None), PROTOBUF)
    add("labels and blanks", "result", protobuf((1, "a"), (3, " SHIP"), (4, "Automobile ")), result_of(producer="unknown"), PROTOBUF)
    add("probabilities one by one", "result", protobuf(*ids, *[(6, ("<f", 0.1))] * 10), result_of(), PROTOBUF)
    add("two classes by name", "result", protobuf(*ids, (6, shares[:8]), (13, "weld"), (13, "no weld")), result_of(), PROTOBUF)
    add("classes by name and no probabilities", "result", protobuf(*ids, (13, "weld")), result_of(), PROTOBUF)
    add("a little more than 1 by rounding", "result", protobuf(*ids, (5, ("<f", 1.00005))), result_of(), PROTOBUF)
    for length in (0, 15, 17):
        add(f"a digest of {length} bytes", "result", protobuf(*ids, (12, bytes(length))), result_of(), PROTOBUF)
    for name, fields in (
        ("no id", ids[1:]), ("no prediction", ids[:3]), ("no label", [*ids, (4, "b\x00at")]), ("a producer too long", [*ids, (2, "x" * 257)]),
        ("nine probabilities", [*ids, (6, shares[:36])]), ("a probability above 1", [*ids, (6, struct.pack("<10f", 2, *[0] * 9))]), ("a probability that is no number", [*ids, (6, struct.pack("<10f", float("nan"), *[0] * 9))]),
        ("a confidence below 0", [*ids, (5, ("<f", -0.5))]), ("a confidence above 1", [*ids, (5, ("<f", 1.01))]), ("a model's name too long", [*ids, (7, "x" * 257)]), ("a model's version too long", [*ids, (8, "x" * 257)]),
        ("a time too long", [*ids, (9, 2**63)]), ("two probabilities of three classes", [*ids, (6, shares[:8]), *((13, label) for label in "abc")]),
        ("eleven classes", [*ids, (6, struct.pack("<11f", *[0] * 11)), *((13, label) for label in "abcdefghijk")]), ("a class that is no label", [*ids, (6, shares[:4]), (13, "")]),
    ):
        add("protobuf result: " + name, "result", protobuf(*fields), None, PROTOBUF)
    add("protobuf result: cut", "result", whole[:-1], None, PROTOBUF)


if __name__ == "__main__":
    for part in (around, names, numbers, labels, pictures, unread, times, protobuf_images, protobuf_results):
        part()
    with open(os.path.join(HERE, "messages.jsonl"), "w", encoding="utf-8") as file:
        file.writelines(json.dumps(vector, ensure_ascii=True, separators=(",", ":")) + "\n" for vector in vectors)
