"""Which documents count, asked both ways, and what a line of an export may be."""

import json
import unittest

from problems import Problem
from selection import COUNTED_FIELDS, Selection, is_selected, milliseconds, pipeline, read_line

NOON = milliseconds("2026-03-01T12:00:00Z")


class SelectionTests(unittest.TestCase):
    def test_the_pipeline_takes_three_fields_and_never_the_pictures(self):
        _, project = json.loads(pipeline(Selection()))

        self.assertEqual({"_id", *COUNTED_FIELDS}, set(project["$project"]))
        self.assertEqual(0, project["$project"]["_id"])
        self.assertNotIn("Image", pipeline(Selection(NOON, NOON + 1, "1")))

    def test_what_filters_comes_first_so_that_an_index_serves_it(self):
        match, _ = json.loads(pipeline(Selection(NOON, None, "1.0")))

        time, model = match["$match"]["$and"]
        self.assertEqual({"$gte": {"$date": {"$numberLong": str(NOON)}}}, time["$or"][0]["CapturedAt"])
        self.assertEqual([{"Model": "1.0"}, {"Model": {"$regex": r":1\.0$"}}], model["$or"])

    def test_since_is_included_and_until_is_not(self):
        documents = [{"CapturedAt": {"$date": text}} for text in ("2026-03-01T11:59:59.999Z", "2026-03-01T12:00:00Z", "2026-03-01T13:00:00.000+01:00", "2026-03-01T12:00:01Z")]

        self.assertEqual([False, True, True, False], [is_selected(one, Selection(NOON, NOON + 1_000)) for one in documents])

    def test_a_time_may_be_a_number_of_milliseconds_or_that_of_the_prediction(self):
        exact = {"CapturedAt": {"$date": {"$numberLong": str(NOON)}}}
        early = {"InferredAt": {"$date": "2026-03-01T12:00:00Z"}}

        self.assertTrue(is_selected(exact, Selection(since=NOON)) and is_selected(early, Selection(since=NOON)))
        self.assertFalse(is_selected({"CapturedAt": 7, "InferredAt": early["InferredAt"]}, Selection(since=NOON)))
        self.assertFalse(is_selected({}, Selection(since=NOON)))

    def test_a_model_is_chosen_by_name_and_version_or_by_version(self):
        models = ["resnet:1", "resnet:11", "1", "resnet", 1, None]

        self.assertEqual([True, False, True, False, False, False], [is_selected({"Model": model}, Selection(model_version="1")) for model in models])
        self.assertTrue(is_selected({"Model": "resnet:1"}, Selection(model_version="resnet:1")))

    def test_a_truth_that_waits_for_its_image_is_passed_over(self):
        truth = {"GroundTruth": "ship", "TruthBy": "me", "TruthAt": {"$date": "2026-03-01T12:00:00Z"}}

        self.assertFalse(is_selected(truth, Selection()))
        self.assertTrue(is_selected(truth | {"Image": {}}, Selection()) and is_selected(truth | {"InferredValue": "car"}, Selection()))

    def test_a_line_is_an_object_or_empty(self):
        self.assertIsNone(read_line(" \r"))
        self.assertEqual({"a": 1}, read_line('\ufeff{"a":1}\r'))
        for broken in ("[1]", "{", "7", "[" * 100_000):
            self.assertRaises(Problem, read_line, broken)


if __name__ == "__main__":
    unittest.main()
