"""The records that both readers are tested on, and what only this one does."""

import base64
import json
import os
import unittest

from messages import JSON, PROTOBUF, Image, Result, content_type_of, read_image, read_result

# Made by make_messages.py beside it, and read by SharedMessagesTests too.
SHARED = os.path.join(os.path.dirname(__file__), "..", "..", "Pipeline.Tests", "Contracts", "Golden", "messages.jsonl")


def shared():
    with open(SHARED, encoding="utf-8") as lines:
        for vector in map(json.loads, lines):
            value = base64.b64decode(vector["base64"]) if "base64" in vector else vector["text"].encode()
            yield vector["message"], vector["name"], value, vector.get("contentType"), vector["expected"]


class SharedMessagesTests(unittest.TestCase):
    def test_every_record_is_read_as_both_readers_must(self):
        for message, name, value, content_type, expected in shared():
            with self.subTest(message=message, name=name):
                if expected is not None and message == "image":
                    expected = Image(expected["id"], expected["producer"], expected["truth"], expected["capturedAt"], expected["digest"])
                elif expected is not None:
                    expected = Result(expected["id"], expected["inferred"], expected["digest"])

                self.assertEqual(expected, (read_image if message == "image" else read_result)(bytearray(value), content_type))

    def test_no_cut_message_raises(self):
        for message, _, value, content_type, expected in shared():
            if expected is not None and len(value) < 2_000:
                for length in range(len(value)):
                    (read_image if message == "image" else read_result)(value[:length], content_type)

    def test_what_is_no_record_of_ours_is_none(self):
        for value in (None, b"\0" * (1024 * 1024 + 1), b"{" + b" " * (1024 * 1024)):
            for content_type in (None, JSON, PROTOBUF):
                self.assertIsNone(read_image(value, content_type))


class RecordTests(unittest.TestCase):
    def test_the_last_content_type_counts(self):
        self.assertIsNone(content_type_of(None))
        self.assertIsNone(content_type_of([("traceparent", b"00")]))
        self.assertEqual("b", content_type_of([("content-type", b"a"), ("content-type", bytearray(b"b"))]))

    def test_a_result_finds_its_own_picture_among_those_of_one_id(self):
        first, second = (Image("7", "c", "ship", None, digest * 16) for digest in ("ab", "cd"))

        self.assertIn(Result("7", "car", "cd" * 16).key, second.keys)
        self.assertNotIn(Result("7", "car", "cd" * 16).key, first.keys)
        self.assertNotIn(Result("8", "car", "cd" * 16).key, second.keys)
        self.assertIn(Result("7", "car", None).key, first.keys)


if __name__ == "__main__":
    unittest.main()
