"""The figures as text for a terminal and as CSV: the columns, the order and the rounding of `report`."""

import functools
import re
import unicodedata

from counting import LABELS, Tally

CSV_NAME = "error_counts_per_producer.csv"


def to_text(producers, classes):
    """Overall accuracy, wrong counts per producer accuracy per class; in the tables in percent."""
    overall = functools.reduce(Tally.plus, producers.values(), Tally())
    head = (
        f"accuracy {ratio(overall.correct, overall.compared)}: {overall.correct} of {overall.compared} inferred images with a known truth are correct; "
        f"{overall.without_truth} inferred without one and {overall.pending} not yet inferred, counted neither right nor wrong\n"
    )
    per_producer = [
        (name, str(tally.wrong), str(tally.inferred), percent(tally.wrong, tally.compared, 1), str(tally.without_truth))
        for name, tally in in_natural_order(producers)
    ]
    per_class = [
        (name, str(tally.inferred), str(tally.correct), percent(tally.correct, tally.inferred, 2))
        for name, tally in in_label_order(classes)
    ]
    return "\n".join((
        head,
        _table(("producer_id", "wrong_inference_count", "total_inferences", "error_rate", "without_truth"), per_producer),
        _table(("_id", "total", "correct", "accuracy"), per_class),
    ))


def to_csv(producers):
    """RFC 4180, with line feeds alone: header ProducerID,total_errors, one row per producer."""
    rows = (f"{_csv_field(name)},{tally.wrong}\n" for name, tally in in_natural_order(producers))
    return "ProducerID,total_errors\n" + "".join(rows)


def ratio(part, whole):
    """Four places, halves up, as .NET rounds; a dash where there is nothing to divide by."""
    return _rounded(part, whole, 4, 1)


def percent(part, whole, places):
    return _rounded(part, whole, places, 100)


def in_natural_order(tallies):
    """Names as people expect them: camera-2 before camera-10."""
    return sorted(tallies.items(), key=lambda row: _NATURAL(_units(row[0])))


def in_label_order(tallies):
    """The ten labels, then whatever else was said to be the truth."""
    return sorted(tallies.items(), key=lambda row: (LABELS.index(row[0]) if row[0] in LABELS else len(LABELS), _units(row[0])))


def compare_naturally(left, right):
    """Runs of ASCII digits compare by their value, all else by UTF-16 unit; equal numbers in two spellings by spelling."""
    whole, i, j = (left, right), 0, 0
    while i < len(left) and j < len(right):
        m, n = _DIGITS.match(left, i).end(), _DIGITS.match(right, j).end()
        if m > i and n > j:
            a, b = left[i:m].lstrip("0"), right[j:n].lstrip("0")
            order = _sign(len(a), len(b)) or _sign(a, b)
        else:
            order = _sign(left[i], right[j])
        if order:
            return order
        i, j = max(i + 1, m), max(j + 1, n)
    return _sign(len(left) - i, len(right) - j) or _sign(*whole)


_DIGITS = re.compile("[0-9]*")
_NATURAL = functools.cmp_to_key(compare_naturally)


def _rounded(part, whole, places, scale):
    if whole == 0:
        return "-"
    # In whole numbers, for floating point and "half to even" would round 1/32 the other way.
    shifted = (2 * part * scale * 10**places + whole) // (2 * whole)
    return f"{shifted // 10**places}.{shifted % 10**places:0{places}}"


def _table(header, rows):
    lines = [header, *(tuple(map(_printable, row)) for row in rows)]
    widths = [max(len(_units(line[column])) for line in lines) for column in range(len(header))]
    return "".join(" | ".join(_padded(cell, width, column) for column, (cell, width) in enumerate(zip(line, widths))) + "\n" for line in lines)


def _padded(cell, width, column):
    # Names to the left, numbers to the right.
    blanks = " " * (width - len(_units(cell)))
    return cell + blanks if column == 0 else blanks + cell


def _printable(text):
    # Producer ids come from outside: a control character must not reach the terminal.
    return "".join("?" if unicodedata.category(character) == "Cc" else character for character in text)


def _csv_field(text):
    # A spreadsheet runs a field that begins like a formula; a leading quote mark makes it text.
    safe = "'" + text if text[:1] in tuple("=+-@\t\r") else text
    return '"' + safe.replace('"', '""') + '"' if any(character in safe for character in ',"\r\n') else safe


def _units(text):
    """The text with a character for each UTF-16 unit: what .NET counts and compares."""
    if text.isascii():
        return text
    encoded = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(int.from_bytes(encoded[at:at + 2], "little")) for at in range(0, len(encoded), 2))


def _sign(left, right):
    return (left > right) - (left < right)
