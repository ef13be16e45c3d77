"""Classifies what the cameras sent, some pictures in one run of the model, and publishes what it saw."""
import json
import os
import time

import torch

import model
from pipeline import HEIGHT, IMAGE_BYTES, IMAGES, LABELS, RESULTS, SETTINGS, WIDTH, commit, create_consumer, create_producer, headers_of, ready

MAX_BATCH = int(SETTINGS.get("BATCH", 64))
torch.set_num_threads(os.cpu_count())
network = model.load(SETTINGS["MODEL"], MAX_BATCH)


def classify(pictures):
    pixels = torch.frombuffer(bytearray().join(pictures), dtype=torch.uint8).view(-1, HEIGHT, WIDTH, 3)
    return network(pixels).max(1)


def publish(records):
    confidences, bests = classify([record.value for record in records])
    for record, confidence, best in zip(records, confidences.tolist(), bests.tolist()):
        headers = headers_of(record)
        value = {"producer_id": record.key.decode(), "GroundTruth": headers["truth"].decode(), "InferredValue": LABELS[best],
                 "Confidence": confidence, "InferredAt": time.time()}
        producer.send(RESULTS, key=headers["id"], value=json.dumps(value).encode(), partition=record.partition, headers=[("at", headers["at"])])


with torch.inference_mode():
    for size in (MAX_BATCH, MAX_BATCH, 1, 1):
        classify([bytes(IMAGE_BYTES)] * size)
    producer = create_producer()
    consumer = create_consumer("peer-inference", IMAGES)
    ready()
    while True:
        taken = [record for records in consumer.poll(500).values() for record in records]
        for first in range(0, len(taken), MAX_BATCH):
            publish(taken[first:first + MAX_BATCH])
        producer.flush()
        if taken:
            commit(consumer, {partition: consumer.position(partition) for partition in consumer.assignment()})
