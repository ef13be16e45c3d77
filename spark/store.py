"""The MongoDB side of the jobs: the connector moves rows, commands by its Java driver do the rest."""

import json
import re
import uuid

from problems import Problem
from selection import pipeline

IMAGES = "image_data"
STATISTICS = "wrong_inference_stats"

COUNTED_SCHEMA = "producer_id string, GroundTruth string, InferredValue string"

# The store measures documents with their pictures, the job reads a fiftieth of that: 512 MB there are some 11 MB here.
PARTITION_SIZE_MB = 512

DUPLICATE_KEY = 11000


class Store:
    """One database, by way of Spark's Java side."""

    def __init__(self, spark, url, database):
        self._spark, self._url, self._database = spark, url, database
        self._java = spark._jvm
        self._client = self._java.com.mongodb.client.MongoClients.create(url)

    def close(self):
        self._client.close()

    def read_counted(self, collection, selection):
        """The three fields of the selected documents, matched and projected by the store."""
        # An empty collection has no average size, and the connector asks for it.
        if self.command(self._database, {"count": collection})["n"] == 0:
            return self._spark.createDataFrame([], COUNTED_SCHEMA)
        return (
            self._spark.read.format("mongodb")
            .options(**self._options(collection))
            .option("aggregation.pipeline", pipeline(selection))
            .option("partitioner.options.partition.size", str(PARTITION_SIZE_MB))
            .schema(COUNTED_SCHEMA)
            .load()
        )

    def replace(self, collection, frame):
        """Puts the rows in the collection's place. Who is killed leaves the old collection, and perhaps a new one beside it until the next run."""
        for stray in self.command(self._database, find_unfinished(collection))["cursor"]["firstBatch"]:
            self.command(self._database, {"drop": stray["name"]})
        unfinished = f"{collection}.{uuid.uuid4().hex}"
        self.command(self._database, {"create": unfinished})                       # no rows would make none
        try:
            frame.write.format("mongodb").options(**self._options(unfinished)).mode("append").save()
            # What seemed a stray to another run, and was dropped while it was written, is there again and lacks rows.
            if self.command(self._database, {"count": unfinished})["n"] != frame.count():
                raise Problem(f"Another run replaces {collection} too. Run one at a time.")
            self.command("admin", {
                "renameCollection": f"{self._database}.{unfinished}", "to": f"{self._database}.{collection}", "dropTarget": True})
        except BaseException:
            self.command(self._database, {"drop": unfinished})
            raise

    def update(self, collection, statements):
        """Update statements; one whose upsert finds its document there already, and not matching, changes nothing."""
        reply = self.command(self._database, {
            "update": collection, "updates": statements, "ordered": False, "writeConcern": {"w": "majority"}})
        failed = [error for error in reply.get("writeErrors", []) if int(error["code"]) != DUPLICATE_KEY]
        if failed or "writeConcernError" in reply:
            raise RuntimeError(f"{collection} cannot be updated: {(failed or [reply['writeConcernError']])[0].get('errmsg')}")

    def command(self, database, document):
        """Runs a command; whole numbers up to 64 bits and everything that JSON has."""
        parsed = self._java.org.bson.Document.parse(json.dumps(document))
        return json.loads(self._client.getDatabase(database).runCommand(parsed).toJson())

    def _options(self, collection):
        return {"connection.uri": self._url, "database": self._database, "collection": collection}


def find_unfinished(collection):
    """The command that lists what runs left beside a collection when they were killed."""
    return {"listCollections": 1, "nameOnly": True, "filter": {"name": {"$regex": rf"^{re.escape(collection)}\.[0-9a-f]{{32}}$"}}}
