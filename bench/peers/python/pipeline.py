"""What the three programs share: where everything is, by environment variables that the bench sets, and Kafka's clients as they use them."""
import os
import signal
import sys

from kafka import KafkaConsumer, KafkaProducer
from kafka.structs import OffsetAndMetadata

SETTINGS = os.environ
IMAGES, RESULTS = "peer-images", "peer-results"
LABELS = ["plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
WIDTH, HEIGHT = 32, 32
IMAGE_BYTES = WIDTH * HEIGHT * 3
API_VERSION = (2, 5, 0)


def create_producer():
    """All replicas acknowledge, and records stay in order. kafka-python 2.0 has no idempotent producer: a retry may double a record."""
    return KafkaProducer(bootstrap_servers=SETTINGS["BROKER"], api_version=API_VERSION, acks="all", retries=10,
                         max_in_flight_requests_per_connection=1, batch_size=512 * 1024, linger_ms=0, buffer_memory=64 * 1024 * 1024)


def create_consumer(group_id, *topics):
    consumer = KafkaConsumer(*topics, bootstrap_servers=SETTINGS["BROKER"], api_version=API_VERSION, group_id=group_id,
                             auto_offset_reset="earliest", enable_auto_commit=False, check_crcs=False,
                             max_partition_fetch_bytes=512 * 1024, max_poll_records=1000)
    while not consumer.assignment():
        consumer.poll(100)
    return consumer


def commit(consumer, offsets):
    """Without waiting for the answer: the next commit says it again."""
    consumer.commit_async({partition: OffsetAndMetadata(offset, "") for partition, offset in offsets.items()})


def headers_of(record):
    return dict(record.headers)


def ready():
    """Tells the bench that pictures may come, and ends when it says so."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print("ready", flush=True)
