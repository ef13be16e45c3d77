"""Everything kafka-python 2.0.2 does with a broker of this tier; a failed assertion is the exit code.

python3 kafka_python_round_trip.py BOOTSTRAP PREFIX [API_VERSION]     e.g. 127.0.0.1:9092 probed
                                                                       127.0.0.1:9092 fixed 2.5.0
"""
import sys
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, OffsetAndMetadata, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import TopicAlreadyExistsError

COUNT = 500
bootstrap, prefix = sys.argv[1:3]
options = {"bootstrap_servers": bootstrap}
if len(sys.argv) > 3:
    options["api_version"] = tuple(int(part) for part in sys.argv[3].split("."))
topic, group = prefix + "-topic", prefix + "-group"
partitions = [TopicPartition(topic, 0), TopicPartition(topic, 1)]

admin = KafkaAdminClient(**options)
admin.create_topics([NewTopic(topic, num_partitions=2, replication_factor=1)])
try:
    admin.create_topics([NewTopic(topic, num_partitions=2, replication_factor=1)])
    raise AssertionError("a topic was created twice")
except TopicAlreadyExistsError:
    pass

before_ms = int(time.time() * 1000)
producer = KafkaProducer(acks="all", compression_type="gzip", linger_ms=5, **options)
sent = [producer.send(topic, key=b"%d" % i, value=b"value %d" % i, headers=[("n", b"%d" % i)]) for i in range(COUNT)]
places = {(future.get(10).partition, future.get(10).offset) for future in sent}
assert len(places) == COUNT, len(places)
producer.close()

consumer = KafkaConsumer(topic, group_id=group, auto_offset_reset="earliest", enable_auto_commit=False,
                         consumer_timeout_ms=15000, session_timeout_ms=6000, heartbeat_interval_ms=500, **options)
read = {}
for record in consumer:
    assert record.value == b"value " + record.key and record.headers == [("n", record.key)], record
    read[record.partition, record.offset] = record
    if len(read) == COUNT:
        break
assert set(read) == places
consumer.commit()
assert sum(consumer.committed(partition) for partition in partitions) == COUNT
assert consumer.end_offsets(partitions) == {partition: consumer.committed(partition) for partition in partitions}

found = consumer.offsets_for_times({partitions[0]: before_ms, partitions[1]: before_ms + 3_600_000})
assert found[partitions[0]].offset == 0 and found[partitions[1]] is None, found

consumer.seek_to_beginning()
again = 0
while again < COUNT:
    batch = consumer.poll(timeout_ms=10000)
    assert batch, "nothing after seek_to_beginning"
    again += sum(len(records) for records in batch.values())
consumer.commit({partitions[0]: OffsetAndMetadata(7, "seven")})
consumer.close()

kept = admin.list_consumer_group_offsets(group)
assert kept[partitions[0]] == OffsetAndMetadata(7, "seven"), kept
admin.close()
print("ok", again)
