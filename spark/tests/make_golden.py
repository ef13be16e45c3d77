"""Writes golden.jsonl: documents as DbConsumer stores them and every odd one that a count may meet, in extended JSON.

    python3 tests/make_golden.py > tests/golden.jsonl
"""

import json
import random
import sys
from datetime import datetime, timedelta, timezone

SEED = 12
ORDINARY = 240
LABELS = ("plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=timezone.utc)
PIXELS = {"$binary": {"base64": "AAECAwQFBgcICQoL", "subType": "00"}}
ABSENT = object()

# producer_id, GroundTruth, InferredValue
ODD = [
    # Not inferred.
    ("camera-1", "ship", ABSENT),
    ("camera-1", "ship", None),
    ("camera-3", "cat", ABSENT),
    # No truth, or one that nobody knows.
    ("camera-1", ABSENT, "ship"),
    ("camera-1", None, "ship"),
    ("camera-1", ABSENT, ABSENT),
    ("camera-2", "unknown", "unknown"),
    ("camera-2", "zebra", "horse"),
    ("camera-2", "", ""),
    ("camera-2", "aardvark", "aardvark"),
    ("camera-2", "ship\U0001f6a2", "ship"),
    ("camera-2", "ship\uffee", "ship"),
    # Both vocabularies: stored as a stranger left them.
    ("camera-2", "automobile", "car"),
    ("camera-2", "automobile", "automobile"),
    ("camera-2", "airplane", "plane"),
    ("camera-2", "Car", "car"),
    # Foreign types.
    (7, "cat", "cat"),
    (None, "cat", "dog"),
    (ABSENT, "cat", "cat"),
    ({"a": 1}, "cat", "cat"),
    (["camera-1"], "cat", "dog"),
    ("camera-1", 3, "cat"),
    ("camera-1", 3, 3),
    ("camera-1", "cat", 3),
    ("camera-1", "cat", {"$numberLong": "9000000000"}),
    ("camera-1", "cat", ["cat"]),
    ("camera-1", "cat", {"label": "cat"}),
    ("camera-1", "cat", True),
    ("camera-1", "cat", {"$date": "2026-03-01T12:00:00Z"}),
    ("camera-1", "cat", {"$oid": "65e1c5f0a1b2c3d4e5f60718"}),
    ("camera-1", {"label": "cat"}, {"label": "cat"}),
    ("unknown", "cat", "cat"),
    # Names that a CSV, a spreadsheet or a terminal may stumble over.
    ('camera "seven", left', "dog", "cat"),
    ("=SUM(A1)", "dog", "dog"),
    ("-1", "dog", "cat"),
    ("@home", "dog", "dog"),
    ("tab\there", "dog", "cat"),
    ("\tfirst", "dog", "cat"),
    ("line\nfeed", "dog", "cat"),
    ("escape\u001b[31m\u0085", "dog", "cat"),
    ("Kamera-Nord-Üß", "frog", "frog"),
    ("camera-\U0001f4f7", "frog", "deer"),
    ("camera-\uffee", "frog", "deer"),
    ("", "frog", "deer"),
    (" camera-1", "frog", "deer"),
    # Natural order.
    ("camera-10", "truck", "truck"),
    ("camera-02", "truck", "car"),
    ("camera-9", "truck", "car"),
    ("camera-9b", "truck", "car"),
    ("camera", "truck", "car"),
    ("Camera-1", "truck", "car"),
    ("camera-99999999999999999999999999", "truck", "car"),
]


def documents():
    random_ = random.Random(SEED)
    rows = []
    for _ in range(ORDINARY):
        truth = random_.choice(LABELS)
        inferred = ABSENT if random_.random() < 0.1 else truth if random_.random() < 0.85 else random_.choice(LABELS)
        rows.append((f"camera-{random_.choice((1, 2, 3, 10, 11))}", truth, inferred))
    # 1 of 32 is wrong: 3.125 percent, which two ways of rounding print differently.
    rows += [("halves", "deer", "deer")] * 31 + [("halves", "deer", "horse")]
    rows += ODD
    for number, (producer, truth, inferred) in enumerate(rows):
        at = NOON + timedelta(seconds=37 * number)
        fields = {
            "_id": f"0195a1b2-0000-7000-8000-{number:012x}",
            "producer_id": producer, "GroundTruth": truth, "InferredValue": inferred,
            "CapturedAt": _date(at), "StoredAt": _date(at + timedelta(seconds=1)),
            "Image": {"Width": 32, "Height": 32, "Format": "RGB24", "Data": PIXELS},
        }
        if inferred is not ABSENT:
            fields |= {"Confidence": round(random_.uniform(0.5, 1), 4), "Model": f"resnet20-cifar10:{1 + number % 2}", "InferredAt": _date(at + timedelta(milliseconds=40))}
            if number % 29 == 0:                             # the prediction came first, its image has not come yet
                del fields["Image"], fields["CapturedAt"]
        yield {name: value for name, value in fields.items() if value is not ABSENT}
    yield {"_id": "truth-alone", "GroundTruth": "ship", "TruthBy": "me", "TruthAt": _date(NOON)}


def _date(moment):
    return {"$date": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")}


if __name__ == "__main__":
    for document in documents():
        sys.stdout.write(json.dumps(document, separators=(",", ":")) + "\n")
