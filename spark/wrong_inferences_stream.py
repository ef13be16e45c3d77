"""Counts wrong inferences per producer and hour while they happen, from the two topics.

    spark-submit --packages "$PACKAGES" wrong_inferences_stream.py --checkpoint PLACE

An image and what the model saw in it meet by image id and digest; each pair is counted once, in the hour the image was captured.
Counts stand in wrong_inference_hours. Each document remembers the checkpoint and the batch that changed it last, so a batch that
is repeated after a crash finds itself done. A new checkpoint begins to count again, and replaces what another one counted.
"""

import json
import os
import sys

from messages import content_type_of, read_image, read_result
from options import KAFKA_NAME, connection_string, database_of, parser_for
from problems import EXIT_FINE, ended
from session import close, open_session
from store import Store

HOURS = "wrong_inference_hours"
IMAGE_TOPIC = "image_data"
RESULT_TOPIC = "inference_results"

HOUR_MS = 3_600_000
STATEMENTS_AT_ONCE = 1_000


def parse(arguments):
    parser = parser_for("Counts wrong inferences per producer and hour while they happen.")
    parser.add_argument("--kafka", default=os.environ.get(KAFKA_NAME), metavar="HOST:PORT", help=f"default: {KAFKA_NAME} from the environment")
    parser.add_argument("--checkpoint", required=True, metavar="PLACE", help="where the job keeps how far it is; a folder here, s3a:// or hdfs://")
    parser.add_argument("--collection", default=HOURS, help=f"default: {HOURS}")
    parser.add_argument("--lateness", default="1 hour", metavar="TIME", help="how much later than the newest record one may come and still count (default: 1 hour)")
    parser.add_argument("--wait", default="1 hour", metavar="TIME", help="how long an image waits for its result, or a result for its image (default: 1 hour)")
    parser.add_argument("--max-records", type=int, default=200_000, metavar="N", help="records of a topic in one batch (default: 200000)")
    parser.add_argument("--every", default="10 seconds", metavar="TIME", help="how often a batch begins (default: 10 seconds)")
    parser.add_argument("--once", action="store_true", help="count what is there, then end")
    options = parser.parse_args(arguments)
    if not options.kafka:
        parser.error(f"Which broker? Name it in {KAFKA_NAME} or with --kafka HOST:PORT.")
    return parser, options


def main(arguments=None):
    parser, options = parse(arguments)
    url = spark = store = None
    try:
        url = connection_string(parser, options)
        spark = open_session("wrong inferences per hour", options.spark_log)
        store = Store(spark, url, database_of(options, url))
        writer = (
            pairs(spark, options).writeStream.queryName("wrong_inferences_per_hour")
            .outputMode("append")
            .option("checkpointLocation", options.checkpoint)
            .foreachBatch(lambda batch, number: count_batch(store, options, batch, number))
        )
        writer = writer.trigger(availableNow=True) if options.once else writer.trigger(processingTime=options.every)
        writer.start().awaitTermination()
        return EXIT_FINE
    except Exception as problem:                             # whatever Spark, Java or Kafka has against it
        return ended(problem, url)
    finally:
        close(store, spark)


def pairs(spark, options):
    """Images with their results, each once: a record that Kafka delivers again is dropped as long as its first is remembered."""
    from pyspark.sql import functions

    @functions.udf("struct<keys: array<string>, producer_id: string, truth: string, captured_at_ms: bigint>")
    def image(value, headers):
        read = read_image(value, content_type_of(headers))
        return read and (read.keys, read.producer_id, read.truth, read.captured_at_ms)

    @functions.udf("struct<keys: array<string>, inferred: string>")
    def result(value, headers):
        read = read_result(value, content_type_of(headers))
        return read and ([read.key], read.inferred)

    def topic(name, read, prefix):
        records = (
            spark.readStream.format("kafka")
            .option("kafka.bootstrap.servers", options.kafka)
            .option("subscribe", name)
            .option("includeHeaders", "true")
            .option("startingOffsets", "earliest")
            .option("maxOffsetsPerTrigger", str(options.max_records))
            .load()
        )
        # The record's own time moves the watermark, not the message's: a camera whose clock is wrong must not make others late.
        return (
            records.select(read("value", "headers").alias("message"), functions.col("timestamp").alias("sent_at"))
            .where("message is not null")
            .select(functions.explode("message.keys").alias("key"), "message.*", "sent_at").drop("keys")
            .withWatermark("sent_at", options.lateness)
            # Of several images with one id, the id alone is the first one's, as in the store.
            .dropDuplicatesWithinWatermark(["key"])
            .withColumnsRenamed({"key": f"{prefix}_key", "sent_at": f"{prefix}_sent_at"})
        )

    images, results = topic(IMAGE_TOPIC, image, "image"), topic(RESULT_TOPIC, result, "result")
    # Bounded on both sides, so that the state of neither grows for ever.
    within = functions.expr(f"""
        image_key = result_key
        and result_sent_at >= image_sent_at - interval {options.wait}
        and result_sent_at <= image_sent_at + interval {options.wait}""")
    return images.join(results, within, "inner")


def counts_per_hour(batch):
    """Map, shuffle, reduce of one batch: a row for each producer and hour of capture."""
    from pyspark.sql.functions import coalesce, col, count, floor, lit, sum as total, unix_millis, when

    at = coalesce(col("captured_at_ms"), unix_millis(col("image_sent_at")))
    hour = (floor(at / lit(HOUR_MS)).cast("bigint") * HOUR_MS).alias("hour_ms")
    return batch.groupBy("producer_id", hour).agg(
        count(lit(1)).alias("inferences"),
        total(when(col("truth").isNull(), 1).otherwise(0)).alias("without_truth"),
        total(when(col("inferred") != col("truth"), 1).otherwise(0)).alias("wrong"))


def count_batch(store, options, batch, number):
    """Adds a batch to the documents that have not had it yet."""
    rows = counts_per_hour(batch).collect()                  # at most as many as the batch has records
    if not rows:
        return
    checkpoint = checkpoint_id(batch.sparkSession, options.checkpoint)
    for start in range(0, len(rows), STATEMENTS_AT_ONCE):
        part = rows[start:start + STATEMENTS_AT_ONCE]
        # Two commands and not one, because statements of one command may run in any order.
        store.update(options.collection, [begin(row, checkpoint) for row in part])
        store.update(options.collection, [add(row, checkpoint, number) for row in part])


def checkpoint_id(spark, place):
    """Spark gives every checkpoint an id before its first batch, and keeps it there."""
    return json.loads(spark.read.text(f"{place.rstrip('/')}/metadata").first()["value"])["id"]


def begin(row, checkpoint):
    """The document at zero, unless this checkpoint has begun it; then the upsert fails as a duplicate and nothing changes."""
    return {
        "q": {"_id": _id(row), "checkpoint": {"$ne": checkpoint}},
        "u": {"$set": {
            "producer_id": row["producer_id"], "hour": _hour(row), "checkpoint": checkpoint, "batch": _long(-1),
            "wrong_inference_count": _long(0), "total_inferences": _long(0), "without_truth": _long(0)}},
        "upsert": True,
    }


def add(row, checkpoint, number):
    """The batch's counts, unless the document has them already."""
    return {
        "q": {"_id": _id(row), "checkpoint": checkpoint, "batch": {"$lt": _long(number)}},
        "u": {
            "$inc": {
                "wrong_inference_count": _long(row["wrong"]), "total_inferences": _long(row["inferences"]),
                "without_truth": _long(row["without_truth"])},
            "$set": {"batch": _long(number)}},
    }


def _id(row):
    return {"producer_id": row["producer_id"], "hour": _hour(row)}


def _hour(row):
    return {"$date": {"$numberLong": str(row["hour_ms"])}}


def _long(value):
    return {"$numberLong": str(value)}


if __name__ == "__main__":
    sys.exit(main())
