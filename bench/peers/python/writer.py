"""Stores images and predictions, whichever comes first: one upsert for each, or for both where both are in hand."""
import json
import time
from datetime import datetime

from bson import Binary
from pymongo import MongoClient, UpdateOne

from pipeline import HEIGHT, IMAGES, RESULTS, SETTINGS, WIDTH, commit, create_consumer, headers_of, ready


def of_image(record, headers):
    return headers["id"].decode(), {
        "producer_id": record.key.decode(), "GroundTruth": headers["truth"].decode(),
        "CapturedAt": datetime.utcfromtimestamp(int(headers["at"]) / 1e9),
        "Image": {"Width": WIDTH, "Height": HEIGHT, "Format": "RGB24", "Data": Binary(record.value)},
    }


def of_result(record):
    fields = json.loads(record.value)
    fields["InferredAt"] = datetime.utcfromtimestamp(fields["InferredAt"])
    return record.key.decode(), {**fields, "Model": "resnet20-cifar10"}


def write(pending):
    now = datetime.utcnow()
    images.bulk_write([UpdateOne({"_id": id}, {"$set": {**fields, "StoredAt": now}}, upsert=True) for id, fields in pending.items()], ordered=False)


images = MongoClient(SETTINGS["STORE"]).get_database().image_data
latencies = open(SETTINGS["LATENCIES"], "a") if "LATENCIES" in SETTINGS else None
consumer = create_consumer("peer-writer", IMAGES, RESULTS)
stored, said = 0, 0
ready()
while True:
    pending, captured = {}, []
    for partition, records in consumer.poll(500).items():
        for record in records:
            headers = headers_of(record)
            if partition.topic == RESULTS:
                captured.append(int(headers["at"]))
            id, fields = of_image(record, headers) if partition.topic == IMAGES else of_result(record)
            pending.setdefault(id, {}).update(fields)
    if pending:
        write(pending)
        acknowledged = time.time_ns()
        stored += len(captured)
        commit(consumer, {partition: consumer.position(partition) for partition in consumer.assignment()})
        if latencies:
            latencies.writelines(f"{at / 1e6} {acknowledged / 1e6}\n" for at in captured)
            latencies.flush()
    if time.monotonic() - said > 1:
        said = time.monotonic()
        print("stored", stored, flush=True)
