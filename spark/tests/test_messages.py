"""Messages in both encodings, whole, odd and broken."""

import struct
import unittest

from messages import JSON, PROTOBUF, Image, Result, content_type_of, read_image, read_result


def protobuf(*fields):
    """Fields as (number, text, bytes or 64-bit number)."""
    written = b""
    for number, value in fields:
        if isinstance(value, int):
            written += bytes([number << 3 | 1]) + struct.pack("<q", value)
        else:
            content = value.encode() if isinstance(value, str) else value
            written += bytes([number << 3 | 2]) + varint(len(content)) + content
    return written


def varint(value):
    written = b""
    while value > 0x7F:
        written, value = written + bytes([value & 0x7F | 0x80]), value >> 7
    return written + bytes([value])


class ProtobufTests(unittest.TestCase):
    IMAGE = protobuf((1, "i1"), (2, "camera-1"), (3, "automobile"), (4, 1_772_366_400_123_456_789), (8, b"\0" * 3072)) + b"\x28\x20\x30\x20\x38\x01"
    RESULT = protobuf((1, "i1"), (2, "camera-1"), (3, "car"), (4, "Truck"), (7, "resnet"), (11, 5)) + b"\x2d\0\0\x80\x3f"

    def test_an_image(self):
        self.assertEqual(Image("i1", "camera-1", "car", 1_772_366_400_123), read_image(bytearray(self.IMAGE), PROTOBUF))

    def test_a_result(self):
        self.assertEqual(Result("i1", "truck"), read_result(self.RESULT, "Application/X-Protobuf; v=1"))

    def test_an_image_without_time_or_producer(self):
        self.assertEqual(Image("i1", "unknown", "cat", None), read_image(protobuf((1, "i1"), (3, "cat")), PROTOBUF))

    def test_fields_of_a_later_version_are_skipped(self):
        self.assertIsNotNone(read_result(self.RESULT + protobuf((15, "new"), (14, 9)), PROTOBUF))

    def test_no_cut_message_raises(self):
        for message, read in ((self.IMAGE, read_image), (self.RESULT, read_result)):
            for length in range(len(message)):
                read(message[:length], PROTOBUF)
        self.assertIsNone(read_image(self.IMAGE[:-3000], PROTOBUF))

    def test_what_nobody_could_use_is_none(self):
        for fields in ([(1, ""), (3, "cat")], [(1, "x" * 257), (3, "cat")], [(1, "i"), (3, "boat")], [(1, "i"), (2, "p" * 257), (3, "cat")], [(1, b"\xff"), (3, "cat")]):
            self.assertIsNone(read_image(protobuf(*fields), PROTOBUF))
        for value in (None, b"\xff" * 11, b"\x0f", b"\x00\x01", b"\0" * (1024 * 1024 + 1)):
            self.assertIsNone(read_image(value, PROTOBUF))
        self.assertIsNone(read_image(self.IMAGE, None))
        self.assertIsNone(read_image(self.IMAGE, "text/plain"))


class JsonTests(unittest.TestCase):
    def test_the_names_that_older_programs_use(self):
        self.assertEqual(Image("a", "c", "ship", None), read_image(b'{"image_id":"a","device_id":"c","GroundTruth":"Ship","Data":"aa=="}', None))
        self.assertEqual(Result("a", "car"), read_result(b'{"ID":"a","ProducerID":"c","GroundTruth":"ship","Inferred":"automobile"}', JSON))

    def test_a_number_is_unique_only_with_its_producer(self):
        for number in (b"7", b"7.0", b"7e0"):
            self.assertEqual("c-7", read_result(b'{"ID":%s,"producer_id":"c","GroundTruth":"cat","InferredValue":"cat"}' % number, JSON).image_id)
        self.assertEqual("unknown-7.5", read_image(b'{"GroundTruth":"cat","ID":7.5,"Data":""}', JSON).image_id)

    def test_what_nobody_could_use_is_none(self):
        for value in (b"{", b"[]", b'[["ID","a"]]', b"7", b'{"ID":"a"}', b'{"ID":true,"GroundTruth":"cat"}', b'{"GroundTruth":"cat"}', b'{"ID":"a","GroundTruth":"cat"} x',
                      b'{"ID":"a","GroundTruth":NaN}', b'{"ID":"\\ud800","GroundTruth":"cat"}', b'\xff{}', b'{"x":' + b"[" * 9 + b"]" * 9 + b',"ID":"a","GroundTruth":"cat"}'):
            self.assertIsNone(read_image(value, JSON), value)

    def test_the_last_content_type_counts(self):
        self.assertIsNone(content_type_of(None))
        self.assertIsNone(content_type_of([("traceparent", b"00")]))
        self.assertEqual("b", content_type_of([("content-type", b"a"), ("content-type", bytearray(b"b"))]))


if __name__ == "__main__":
    unittest.main()
