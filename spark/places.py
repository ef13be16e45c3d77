"""Where the CSV goes: one file, whole or not there, on this machine or wherever Hadoop's file systems reach."""

import os
import re
import uuid

from problems import Problem
from report import CSV_NAME

CHUNK_BYTES = 1024 * 1024


def file_at(place):
    """A place that ends in .csv is the file; any other is the folder that the file goes into."""
    return place if place.lower().endswith(".csv") else place.rstrip("/") + "/" + CSV_NAME if place.strip("/") else place + CSV_NAME


def is_remote(path):
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", path) is not None and not path.startswith("file://")


def write(spark, path, text):
    """Writes the file in one step, as far as its file system has one."""
    if is_remote(path):
        _write_there(spark, path, text)
    else:
        write_here(path.removeprefix("file://"), text)


def write_here(path, text):
    """Under another name first: who reads meanwhile sees the old file or the new one."""
    unfinished = f"{path}.{uuid.uuid4().hex}"
    try:
        with open(unfinished, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except OSError as broken:
        raise Problem(f"{path} cannot be written: {broken.strerror}. Choose another place with --output PLACE.") from None
    finally:
        if os.path.exists(unfinished):
            os.remove(unfinished)


def _write_there(spark, path, text):
    hadoop = spark._jvm.org.apache.hadoop.fs
    target = hadoop.Path(path)
    unfinished = hadoop.Path(target.getParent(), f".{target.getName()}.{uuid.uuid4().hex}")
    configuration = spark._jsc.hadoopConfiguration()
    files = target.getFileSystem(configuration)
    try:
        stream = files.create(unfinished, True)
        try:
            content = text.encode("utf-8", "replace")
            for start in range(0, len(content), CHUNK_BYTES):
                stream.write(bytearray(content[start:start + CHUNK_BYTES]))
        finally:
            stream.close()
        # FileSystem.rename refuses a name that is taken; FileContext replaces it, on HDFS in one step.
        overwrite = spark.sparkContext._gateway.new_array(hadoop.Options.Rename, 1)
        overwrite[0] = hadoop.Options.Rename.OVERWRITE
        hadoop.FileContext.getFileContext(target.toUri(), configuration).rename(unfinished, target, overwrite)
    finally:
        files.delete(unfinished, False)                     # gone already, unless something failed
