"""Which documents count: the same choice, asked of the store as a pipeline and made here for an export's lines."""

import json
import re
from typing import NamedTuple

from instants import milliseconds
from problems import Problem

# The only fields that ever leave the store. Never the pictures.
COUNTED_FIELDS = ("producer_id", "GroundTruth", "InferredValue")

# A truth that waits for its image is no document to count yet. It has neither a model nor one of the times that are asked for.
PARTS = ("StoredAt", "InferredValue", "Image")
IS_NO_TRUTH_ALONE = {"$or": [{"TruthAt": {"$exists": False}}, *({name: {"$exists": True}} for name in PARTS)]}


class Selection(NamedTuple):
    """Times are milliseconds since 1970, UTC, the store's own precision; since is included, until is not."""

    since: int | None = None
    until: int | None = None
    model_version: str | None = None

    @property
    def is_by_time(self):
        return self.since is not None or self.until is not None


def pipeline(selection):
    """Match first, so that an index can serve it, then the three fields; what is not text leaves as null.

    The type is asked in the store because the connector would turn the number 7 into the text "7".
    """
    project = {"_id": 0} | {
        name: {"$cond": [{"$eq": [{"$type": f"${name}"}, "string"]}, f"${name}", None]} for name in COUNTED_FIELDS
    }
    conditions = _conditions(selection) or [IS_NO_TRUTH_ALONE]
    match = conditions[0] if len(conditions) == 1 else {"$and": conditions}
    return json.dumps([{"$match": match}, {"$project": project}])


def read_line(line):
    """A line of an export, in plain or extended JSON; None for an empty one."""
    text = line.strip().removeprefix("\ufeff")
    if not text:
        return None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise Problem("a line is not a JSON object; export with mongoexport and without --jsonArray")
    return document


def is_selected(document, selection):
    """What the match stage of the pipeline decides, for a document at hand."""
    if "TruthAt" in document and not any(name in document for name in PARTS):
        return False
    if selection.model_version is not None and not _is_model(document.get("Model"), selection.model_version):
        return False
    if not selection.is_by_time:
        return True
    # A prediction may be stored before its image: when it was made will do until then.
    captured = document.get("CapturedAt")
    time = _time(document.get("InferredAt") if captured is None else captured)
    return (
        time is not None
        and (selection.since is None or time >= selection.since)
        and (selection.until is None or time < selection.until)
    )


def _conditions(selection):
    conditions = []
    if selection.is_by_time:
        bounds = {"$gte": selection.since, "$lt": selection.until}
        between = {name: {"$date": {"$numberLong": str(value)}} for name, value in bounds.items() if value is not None}
        conditions.append({"$or": [{"CapturedAt": between}, {"CapturedAt": None, "InferredAt": between}]})
    if (version := selection.model_version) is not None:
        conditions.append({"$or": [{"Model": version}, {"Model": {"$regex": f":{re.escape(version)}$"}}]})
    return conditions


def _is_model(model, version):
    # Stored as name:version; either the whole or the version chooses it.
    return isinstance(model, str) and (model == version or model.endswith(f":{version}"))


def _time(value):
    if isinstance(value, dict):
        value = value.get("$date")
        if isinstance(value, dict):
            value = value.get("$numberLong")
            return int(value) if isinstance(value, str) and re.fullmatch(r"-?\d{1,19}", value) else None
    try:
        return milliseconds(value) if isinstance(value, str) else None
    except ValueError:
        return None
