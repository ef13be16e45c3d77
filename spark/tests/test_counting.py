"""The counts, their tables and their CSV, on documents small enough to count by hand."""

import unittest

from counting import Key, Tally, by_class, by_producer, count, key_of, read_label
from report import compare_naturally, percent, ratio, to_csv, to_text


def document(producer="camera-1", truth="ship", inferred=None):
    fields = {"producer_id": producer, "GroundTruth": truth, "InferredValue": inferred}
    return {name: value for name, value in fields.items() if value is not None}


class CountingTests(unittest.TestCase):
    def test_what_is_not_text_counts_as_missing(self):
        self.assertEqual(Key(None, None, None), key_of({"producer_id": 7, "GroundTruth": ["ship"], "InferredValue": {"label": "ship"}}))
        self.assertEqual(Key(None, None, None), key_of({}))
        self.assertEqual(Key("", "", ""), key_of({"producer_id": "", "GroundTruth": "", "InferredValue": ""}))

    def test_not_inferred_is_pending_and_neither_right_nor_wrong(self):
        tally = by_producer(count([document(), document(inferred="ship"), document(inferred="car")]))["camera-1"]

        self.assertEqual((3, 2, 1, 1, 1), (tally.total, tally.inferred, tally.correct, tally.wrong, tally.pending))

    def test_without_a_truth_a_prediction_is_neither_right_nor_wrong_and_in_no_class(self):
        counts = count([document(truth=None, inferred="ship"), document(truth=None), document(truth="unknown", inferred="unknown")])

        self.assertEqual({"unknown": Tally(1, 1, 1, 0)}, by_class(counts))
        tally = by_producer(counts)["camera-1"]
        self.assertEqual((3, 2, 1, 1, 0), (tally.total, tally.inferred, tally.without_truth, tally.compared, tally.wrong))

    def test_stored_labels_are_compared_as_they_stand(self):
        tally = by_producer(count([document(truth="automobile", inferred="car"), document(truth="Car", inferred="car")]))["camera-1"]

        self.assertEqual(2, tally.wrong)

    def test_parts_counted_apart_add_up_to_the_whole(self):
        documents = [document(f"camera-{n % 3}", "ship", "ship" if n % 2 else "car") for n in range(40)]

        self.assertEqual(count(documents), count(documents[:13]) + count(documents[13:]))

    def test_labels_of_messages_come_in_two_vocabularies_and_any_case(self):
        self.assertEqual(["car", "plane", "ship", "ship", "Boat", None],
            [read_label(text) for text in ("AutoMobile", "airplane", "SHIP", " ship\n", " Boat", "")])


class ReportTests(unittest.TestCase):
    def test_the_tables(self):
        counts = count([document(inferred="ship"), document(inferred="car"), document(truth=None, inferred="car"), document("camera-2", "cat")])

        self.assertEqual(
            "accuracy 0.5000: 1 of 2 inferred images with a known truth are correct; "
            "1 inferred without one and 1 not yet inferred, counted neither right nor wrong\n"
            "\n"
            "producer_id | wrong_inference_count | total_inferences | error_rate | without_truth\n"
            "camera-1    |                     1 |                3 |       50.0 |             1\n"
            "camera-2    |                     0 |                0 |          - |             0\n"
            "\n"
            "_id  | total | correct | accuracy\n"
            "cat  |     0 |       0 |        -\n"
            "ship |     2 |       1 |    50.00\n",
            to_text(by_producer(counts), by_class(counts)))

    def test_halves_round_up(self):
        self.assertEqual(("0.0313", "3.13", "0.0938", "1.0000", "100.0", "-"),
            (ratio(1, 32), percent(1, 32, 2), ratio(3, 32), ratio(5, 5), percent(5, 5, 1), ratio(0, 0)))

    def test_a_field_of_the_csv_cannot_break_out_or_be_a_formula(self):
        producers = {name: Tally(1, 1, 0, 0) for name in ('a,"b"', "=1+1", "-1", "\ttab", "line\nfeed", "plain", "")}

        self.assertEqual(
            'ProducerID,total_errors\n,1\n\'\ttab,1\n\'-1,1\n\'=1+1,1\n"a,""b""",1\n"line\nfeed",1\nplain,1\n', to_csv(producers))

    def test_names_are_in_the_order_that_people_expect(self):
        for before, after in (("camera-2", "camera-10"), ("a01", "a1"), ("a1", "a1b"), ("a", "a1"), ("", "a"),
                              ("camera-9", "camera-99999999999999999999999"), ("c-\U0001f4f7", "c-\uffee")):
            units = [text.encode("utf-16-le") for text in (before, after)]
            left, right = ("".join(chr(int.from_bytes(unit[at:at + 2], "little")) for at in range(0, len(unit), 2)) for unit in units)
            self.assertEqual((-1, 1, 0), (compare_naturally(left, right), compare_naturally(right, left), compare_naturally(left, left)), (before, after))

    def test_a_control_character_does_not_reach_the_terminal(self):
        self.assertNotIn("\x1b", to_text(by_producer(count([document("a\x1b[31m")])), {}))


if __name__ == "__main__":
    unittest.main()
