"""How often was the model wrong, per producer and per class: map, shuffle and reduce as plain functions.

They answer as `report` does, figure by figure. Labels are compared as they stand in the document: both readers of messages
put them into one vocabulary before anything is stored (read_label), so "automobile" beside "car" is a stranger's and wrong.
What is not text where text belongs counts as missing. A prediction is right or wrong only where the truth is known.
"""

from collections import Counter
from typing import NamedTuple

UNKNOWN = "unknown"

LABELS = ("plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")

# What .NET takes for white space.
BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"

MAX_LABEL_LENGTH = 128

_VOCABULARIES = {label: label for label in LABELS} | {"airplane": "plane", "automobile": "car"}


class Key(NamedTuple):
    """What documents are counted by; None where the document does not say."""

    producer: str | None
    truth: str | None
    inferred: str | None


class Tally(NamedTuple):
    """Counts over some set of documents. Tallies of disjoint sets add up."""

    total: int = 0
    inferred: int = 0
    correct: int = 0
    without_truth: int = 0                                   # of the inferred

    @property
    def compared(self):
        """What right, wrong and every rate rest on."""
        return self.inferred - self.without_truth

    @property
    def wrong(self):
        return self.compared - self.correct

    @property
    def pending(self):
        """Not yet inferred: neither right nor wrong."""
        return self.total - self.inferred

    def plus(self, other):
        return Tally(*(left + right for left, right in zip(self, other)))


def read_label(text):
    """
    A label of a message as it is kept, without blanks around it: our word for one of the ten, in either vocabulary and any case of ASCII letters, and any
    other short text as it stands. None where it is no label: Labels.cs.
    """
    text = text.strip(BLANKS)
    if text.isascii() and text.lower() in _VOCABULARIES:
        return _VOCABULARIES[text.lower()]
    is_label = 0 < length(text) <= MAX_LABEL_LENGTH and not any(character < " " or "\x7f" <= character <= "\x9f" for character in text)
    return text if is_label else None


def length(text):
    return len(text.encode("utf-16-le")) // 2                # .NET counts UTF-16 units


def key_of(document):
    """Map: a document becomes the key that it counts under."""
    return Key(_text(document, "producer_id"), _text(document, "GroundTruth"), _text(document, "InferredValue"))


def count(documents):
    """Map and shuffle: how many documents have each key. Counters of two parts add up to that of the whole."""
    return Counter(map(key_of, documents))


def tally_of(key, documents):
    """Reduce begins here: so many documents of one key."""
    inferred = key.inferred is not None
    return Tally(
        total=documents,
        inferred=documents if inferred else 0,
        correct=documents if inferred and key.inferred == key.truth else 0,
        without_truth=documents if inferred and key.truth is None else 0,
    )


def sums_by(counts, name_of):
    """Reduce: one tally for each name; no name is the name unknown."""
    sums = {}
    for key, documents in counts.items():
        name = name_of(key)
        name = UNKNOWN if name is None else name
        sums[name] = sums.get(name, Tally()).plus(tally_of(key, documents))
    return sums


def by_producer(counts):
    return sums_by(counts, lambda key: key.producer)


def by_class(counts):
    """Without those whose truth nobody has said."""
    return sums_by({key: documents for key, documents in counts.items() if key.truth is not None}, lambda key: key.truth)


def _text(document, name):
    value = document.get(name)
    return value if isinstance(value, str) else None
