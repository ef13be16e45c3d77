"""The commands as far as they go without Spark: usage, places, errors, secrets, and the update statements of the stream."""

import contextlib
import io
import os
import sys
import tempfile
import unittest

import count_file
import wrong_inferences
import wrong_inferences_stream
from options import CONNECTION_NAMES, connection_string, database_of
from places import file_at, is_remote, write_here
from problems import Problem, first_line, without_secrets
from session import TASK_MODULES, versions

GOLDEN = os.path.join(os.path.dirname(__file__), "golden.jsonl")


def ran(main, *arguments):
    """Exit code, output, errors."""
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        try:
            code = main(list(arguments))
        except SystemExit as ended:
            code = ended.code
    return code, output.getvalue(), errors.getvalue()


class UsageTests(unittest.TestCase):
    def test_bad_usage_is_exit_code_2(self):
        for main, arguments in (
            (wrong_inferences.main, ["--no-such-option"]), (wrong_inferences.main, ["--since", "yesterday"]),
            (wrong_inferences.main, ["--since", "2026-03-02", "--until", "2026-03-01"]), (wrong_inferences.main, ["--mongodb", "mongodb://x"]),
            (wrong_inferences_stream.main, []), (count_file.main, []),
        ):
            self.assertEqual(2, ran(main, *arguments)[0], arguments)

    def test_what_cannot_be_read_is_one_line_and_exit_code_1(self):
        code, _, errors = ran(count_file.main, "no-such-file")

        self.assertEqual((1, 1), (code, errors.count("\n")))
        self.assertEqual(1, ran(wrong_inferences.main, "--mongodb-file", "no-such-file")[0])

    def test_the_golden_set_is_counted_and_its_file_has_the_name(self):
        with tempfile.TemporaryDirectory() as folder:
            code, output, _ = ran(count_file.main, GOLDEN, "--output", folder)

            self.assertEqual((0, ["error_counts_per_producer.csv"]), (code, os.listdir(folder)))
            self.assertIn("halves                            |                     1 |               32 |        3.1 |             0\n", output)

    def test_a_golden_set_made_anew_is_the_same(self):
        sys.path.insert(0, os.path.dirname(__file__))
        import make_golden
        output = io.StringIO()
        import json
        for document in make_golden.documents():
            output.write(json.dumps(document, separators=(",", ":")) + "\n")
        with open(GOLDEN, encoding="utf-8") as kept:
            self.assertEqual(kept.read(), output.getvalue())


class ConnectionTests(unittest.TestCase):
    def test_it_comes_from_a_file_or_the_environment(self):
        parser, options = wrong_inferences.parse([])
        for name in CONNECTION_NAMES:
            self.assertEqual("mongodb://h/d", connection_string(parser, options, {name: "mongodb://h/d"}))
        with tempfile.NamedTemporaryFile("w") as file:
            file.write("mongodb://h/e\n")
            file.flush()
            self.assertEqual("mongodb://h/e", connection_string(*wrong_inferences.parse(["--mongodb-file", file.name]), {}))
        self.assertEqual(2, ran(lambda _: connection_string(parser, options, {}))[0])
        self.assertRaises(Problem, connection_string, parser, options, {CONNECTION_NAMES[0]: "http://h"})

    def test_the_database_is_the_options_the_paths_or_ours(self):
        for url, given, expected in (("mongodb://u:p@h:1,i:2/x?authSource=admin", [], "x"), ("mongodb://h", [], "image_database"),
                                     ("mongodb://h/?w=1", [], "image_database"), ("mongodb+srv://h/x", ["--database", "y"], "y")):
            self.assertEqual(expected, database_of(wrong_inferences.parse(given)[1], url))

    def test_no_password_stands_in_an_error(self):
        url = "mongodb://user:p%40ss@host:1/x"
        for text in (f"cannot reach {url}", "Invalid: user:p%40ss", "login failed for p@ss", "at mongodb://other:word@host"):
            told = without_secrets(text, url)
            self.assertFalse(any(secret in told for secret in ("p%40ss", "p@ss", "word")), told)

    def test_what_a_task_said_is_the_line(self):
        self.assertEqual("a line is broken", first_line(Exception("\n An exception\nTraceback\nproblems.Problem: a line is broken\n\nJVM stacktrace:\norg.apache.X: Y")))
        self.assertEqual("ValueError", first_line(ValueError()))


class PlaceTests(unittest.TestCase):
    def test_a_folder_or_a_file(self):
        for place, expected in ((".", "./error_counts_per_producer.csv"), ("/", "/error_counts_per_producer.csv"), ("s3a://b/x/", "s3a://b/x/error_counts_per_producer.csv"), ("x/y.csv", "x/y.csv")):
            self.assertEqual(expected, file_at(place))
        self.assertEqual([True, True, False, False], [is_remote(place) for place in ("s3a://b/x", "hdfs://n/x", "/x", "file:///x")])

    def test_a_file_that_cannot_be_written_is_a_problem(self):
        self.assertRaises(Problem, write_here, os.path.join("no", "such", "folder.csv"), "x")


class StreamTests(unittest.TestCase):
    ROW = {"producer_id": "c", "hour_ms": 1_772_366_400_000, "wrong": 2, "inferences": 5, "without_truth": 1}

    def test_a_batch_is_added_to_documents_that_have_not_had_it(self):
        statement = wrong_inferences_stream.add(self.ROW, "k", 7)

        self.assertEqual(("k", {"$lt": {"$numberLong": "7"}}), (statement["q"]["checkpoint"], statement["q"]["batch"]))
        self.assertEqual({"$numberLong": "7"}, statement["u"]["$set"]["batch"])
        self.assertNotIn("upsert", statement)

    def test_another_checkpoint_begins_at_zero(self):
        statement = wrong_inferences_stream.begin(self.ROW, "k")

        self.assertEqual({"$ne": "k"}, statement["q"]["checkpoint"])
        self.assertEqual({"$numberLong": "0"}, statement["u"]["$set"]["total_inferences"])
        self.assertTrue(statement["upsert"])


class ShippedTests(unittest.TestCase):
    HERE = os.path.dirname(os.path.dirname(__file__))

    def test_tasks_find_every_module_that_theirs_import(self):
        for module in TASK_MODULES:
            with open(os.path.join(self.HERE, module), encoding="utf-8") as file:
                imported = [line.split()[1] + ".py" for line in file if line.startswith("from ")]
            self.assertTrue(all(name in TASK_MODULES or not os.path.exists(os.path.join(self.HERE, name)) for name in imported), module)

    def test_scala_and_spark_are_the_same_in_every_package(self):
        self.assertTrue(all("_2.13:" in package for package in versions()["PACKAGES"].split(",")))
        self.assertIn(f"kafka-0-10_2.13:{versions()['SPARK']}", versions()["PACKAGES"])


if __name__ == "__main__":
    unittest.main()
