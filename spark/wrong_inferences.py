"""Counts wrong inferences per producer and per class: map, shuffle, reduce, over any number of machines.

    spark-submit --packages "$PACKAGES" wrong_inferences.py [--output PLACE] [--since TIME] [--until TIME]

Reads three short fields of image_database.image_data, never the pictures; prints both tables, writes
error_counts_per_producer.csv and replaces wrong_inference_stats. With --input FILE an export is counted and no store is touched.
"""

import sys

from counting import UNKNOWN, Tally, key_of
from options import connection_string, database_of, moment, parser_for
from places import file_at, write
from problems import EXIT_FINE, ended
from report import to_csv, to_text
from selection import COUNTED_FIELDS, PARTS, Selection, is_selected, read_line
from session import close, open_session
from store import IMAGES, STATISTICS, Store


def parse(arguments):
    parser = parser_for("How often was the model wrong, per producer and per class?")
    parser.add_argument("--collection", default=IMAGES, help=f"default: {IMAGES}")
    parser.add_argument("--output", default=".", metavar="PLACE", help="a folder, or a path that ends in .csv; local, s3a:// or hdfs:// (default: here)")
    parser.add_argument("--since", type=moment, metavar="TIME", help="only images captured then or later, such as 2026-03-01T12:00:00Z")
    parser.add_argument("--until", type=moment, metavar="TIME", help="only images captured before")
    parser.add_argument("--model-version", metavar="VERSION", help="only what this model saw: name:version or the version alone")
    parser.add_argument("--input", metavar="FILE", help="count an export instead: Parquet where the name ends in .parquet, JSON lines otherwise")
    options = parser.parse_args(arguments)
    if options.since is not None and options.until is not None and options.since >= options.until:
        parser.error("--since must be before --until")
    return parser, options


def main(arguments=None):
    parser, options = parse(arguments)
    url = spark = store = None
    try:
        url = connection_string(parser, options) if options.input is None else None
        spark = open_session("wrong inferences", options.spark_log)
        selection = Selection(options.since, options.until, options.model_version)
        if url is None:
            frame = read_export(spark, options.input, selection)
        else:
            store = Store(spark, url, database_of(options, url))
            frame = store.read_counted(options.collection, selection)

        counts = counts_by_key(frame).persist()
        per_producer = tallies_by(counts, "producer_id")
        producers, classes = collected(per_producer), collected(tallies_by(counts.where("GroundTruth is not null"), "GroundTruth"))
        path = file_at(options.output)
        write(spark, path, to_csv(producers))
        if store is not None:
            store.replace(STATISTICS, statistics(per_producer))
        sys.stdout.write(to_text(producers, classes))
        print(f"\nWrong counts per producer, error_rate in percent: {path}" + (f", and collection {STATISTICS}" if store else ""))
        return EXIT_FINE
    except Exception as problem:                             # whatever Spark, Java or a file system has against it
        return ended(problem, url)
    finally:
        close(store, spark)


def read_export(spark, path, selection):
    """The three fields of the selected documents of a file, or of a folder of files."""
    return read_parquet(spark, path, selection) if path.rstrip("/").endswith(".parquet") else read_lines(spark, path, selection)


def read_lines(spark, path, selection):
    from pyspark.sql import functions

    # Not spark.read.json: it makes the text "7" of the number 7.
    @functions.udf("struct<producer_id: string, GroundTruth: string, InferredValue: string>")
    def selected_key(line):
        document = read_line(line)
        return tuple(key_of(document)) if document is not None and is_selected(document, selection) else None

    keys = spark.read.text(path).select(selected_key("value").alias("key"))
    return keys.where("key is not null").select("key.*")


def read_parquet(spark, path, selection):
    from pyspark.sql import functions

    frame = spark.read.parquet(path)
    types = dict(frame.dtypes)

    def text(name):
        return functions.col(name) if types.get(name) == "string" else functions.lit(None).cast("string")

    def time(name):
        if types.get(name) == "string":
            return functions.try_to_timestamp(functions.col(name))
        return functions.col(name).cast("timestamp") if types.get(name, "").startswith("timestamp") else functions.lit(None).cast("timestamp")

    if "TruthAt" in types:
        frame = frame.where(" or ".join(["TruthAt is null", *(f"{name} is not null" for name in PARTS if name in types)]))
    if selection.is_by_time:
        at = functions.coalesce(time("CapturedAt"), time("InferredAt"))
        if selection.since is not None:
            frame = frame.where(at >= functions.timestamp_millis(functions.lit(selection.since)))
        if selection.until is not None:
            frame = frame.where(at < functions.timestamp_millis(functions.lit(selection.until)))
    if (version := selection.model_version) is not None:
        frame = frame.where((text("Model") == version) | text("Model").endswith(f":{version}"))
    return frame.select(*(text(name).alias(name) for name in COUNTED_FIELDS))


def counts_by_key(frame):
    """Map and shuffle: how many documents have each key. Every task adds up its own before anything travels."""
    return frame.groupBy(*COUNTED_FIELDS).count()


def tallies_by(counts, name):
    """Reduce: counting.sums_by, as sums over columns."""
    from pyspark.sql.functions import coalesce, col, lit, sum as total, when

    is_inferred = col("InferredValue").isNotNull()
    documents = col("count")

    def of_those(condition):
        return total(when(condition, documents).otherwise(0))

    return counts.groupBy(coalesce(col(name), lit(UNKNOWN)).alias("name")).agg(
        total(documents).alias("total"),
        of_those(is_inferred).alias("inferred"),
        of_those(is_inferred & (col("InferredValue") == col("GroundTruth"))).alias("correct"),
        of_those(is_inferred & col("GroundTruth").isNull()).alias("without_truth"),
    )


def collected(tallies):
    return {row["name"]: Tally(row["total"], row["inferred"], row["correct"], row["without_truth"]) for row in tallies.collect()}


def statistics(per_producer):
    """The documents of wrong_inference_stats, fields and types as `report` keeps them; error_rate is 0..1 there."""
    from pyspark.sql.functions import col, when

    compared = col("inferred") - col("without_truth")
    wrong = compared - col("correct")
    return per_producer.select(
        col("name").alias("_id"),
        col("name").alias("producer_id"),
        wrong.alias("wrong_inference_count"),
        col("inferred").alias("total_inferences"),
        when(compared > 0, wrong / compared).alias("error_rate"),
        (col("total") - col("inferred")).alias("not_yet_inferred"),
        col("without_truth"),
    )


if __name__ == "__main__":
    sys.exit(main())
