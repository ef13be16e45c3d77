"""The Spark session of a job: quiet, careful with the connection string, and with our modules wherever tasks run."""

import os
from pathlib import Path

from problems import Problem

HERE = Path(__file__).parent

# What tasks import; Spark sends these files along.
TASK_MODULES = ("counting.py", "instants.py", "json_fields.py", "messages.py", "problems.py", "selection.py")


def versions():
    """versions.env, the one place where versions stand."""
    lines = (HERE / "versions.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line)


def open_session(name, log_level):
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise Problem(f"PySpark is missing: pip install pyspark=={versions()['SPARK']}, or start the job with spark-submit.") from None
    builder = (
        SparkSession.builder.appName(name)
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.showConsoleProgress", "false")
        # The connection string is an option of the reader: plans and the web page show options.
        .config("spark.redaction.regex", "(?i)secret|password|passwd|token|access[.]?key|uri|url")
        .config("spark.sql.redaction.options.regex", "(?i)secret|password|uri|url")
    )
    if "PYSPARK_GATEWAY_PORT" not in os.environ:             # started by python itself: nobody has named the packages yet
        builder = builder.config("spark.jars.packages", versions()["PACKAGES"])
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel(log_level)
    for module in TASK_MODULES:
        spark.sparkContext.addPyFile(str(HERE / module))
    return spark


def close(store, spark):
    """Ends what a job has opened; None is what it has not."""
    try:
        if store is not None:
            store.close()
    finally:
        if spark is not None:
            spark.stop()
