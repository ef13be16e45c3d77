"""Instants as milliseconds since 1970, UTC, the store's own precision; read as Pipeline.Contracts reads those of strangers."""

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MAX_OFFSET = timedelta(hours=14)

# The beginnings of 2000 and 2100: in a century no number is plausible in two units.
_FIRST_MS, _LAST_MS = 946_684_800_000, 4_102_444_800_000

_NUMBER = re.compile(r"[\t-\r ]*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[\t-\r ]*")
# Not datetime.fromisoformat: before Python 3.11 it does not know the Z.
_ISO = re.compile(
    r"\s*(\d{4})-(\d\d?)-(\d\d?)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?\s*(?:([+-])(\d\d)(?::?(\d\d))?|[Zz])?\s*", re.ASCII)


def milliseconds(text):
    """ISO 8601; without an offset it is UTC. A ValueError where it is anything else."""
    if (found := _ISO.fullmatch(text)) is None:
        raise ValueError(f"{text} is not a time")
    year, month, day, hour, minute, second, fraction, sign, hours, minutes = found.groups(default="0")
    moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=timezone.utc)
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    if int(minutes) > 59 or offset > _MAX_OFFSET:
        raise ValueError(f"{text} is in no time zone")
    since_epoch = moment - _EPOCH + (offset if sign == "-" else -offset)
    return (since_epoch.days * 86_400 + since_epoch.seconds) * 1_000 + int(f"{fraction}00"[:3])


def plausible(number):
    """A number since 1970 in any of four units, told by its size; None where no unit gives an instant of this century."""
    if not 0 < number < 2**63:
        return None
    in_each_unit = (int(number * 1_000), int(number), int(number) // 1_000, int(number) // 1_000_000)
    return next((instant for instant in in_each_unit if _FIRST_MS <= instant < _LAST_MS), None)


def plausible_text(text):
    """A number in any unit, with decimals, or ISO 8601; None where it is no instant of this century."""
    try:
        if _NUMBER.fullmatch(text):
            return plausible(Decimal(text.strip()))
        instant = milliseconds(text)
        return instant if _FIRST_MS <= instant < _LAST_MS else None
    except (ValueError, ArithmeticError):
        return None
