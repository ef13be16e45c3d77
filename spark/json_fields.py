"""The members of a JSON object, read as Pipeline.Contracts reads them: strict about what is used, indifferent to what is not.

Not json.loads: it makes 7 of the number 7.0, gives up on what is nested some hundred deep, and decodes what nobody reads.
"""

import json
import re
from decimal import Decimal, localcontext

MAX_DEPTH = 1_000

_BLANKS = re.compile(rb"[ \t\r\n]*")
# NaN and Infinity are no JSON, and Python writes them all the same.
_TOKEN = re.compile(
    rb"[{}\[\],:]"
    rb'|"[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*)*"'
    rb"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
    rb"|true|false|null|NaN|-?Infinity")

_CLOSING = {b"{": b"}", b"[": b"]"}
_NULLS = (b"null", b"NaN", b"Infinity", b"-Infinity")

# What .NET's decimal holds: numbers up to this one, with so many places.
_MAX_DECIMAL = Decimal(2**96 - 1)
_DECIMAL_PLACES = Decimal("1e-28")


def members(text):
    """Name and value of each member, values as they are written; what is nested is its opening bracket.

    A ValueError where the text is anything but one object.
    """
    found, open_until, expected, name, before = [], [], "value", None, None
    for token in _tokens(text):
        if open_until and token == open_until[-1] and (expected == "comma" or before in _CLOSING):
            open_until.pop()
            expected = "comma"
        elif expected == "name" and token[:1] == b'"':
            name = text_of(token) if len(open_until) == 1 else None
            expected = "colon"
        elif expected == "colon" and token == b":":
            expected = "value"
        elif expected == "comma" and token == b"," and open_until:
            expected = "name" if open_until[-1] == b"}" else "value"
        elif expected == "value" and token not in b"}],:" and (open_until or token == b"{"):
            if len(open_until) == 1:
                found.append((name, token))
            if token in _CLOSING:
                open_until.append(_CLOSING[token])
            expected = "name" if token == b"{" else "value" if token == b"[" else "comma"
        else:
            raise ValueError("it is not one JSON object")
        if len(open_until) > MAX_DEPTH:
            raise ValueError("it is nested too deep")
        before = token
    if open_until or expected != "comma":
        raise ValueError("it ends too early")
    return found


def is_number(value):
    return value[:1] in b"-0123456789" and value not in _NULLS


def text_of(value):
    """A string, or a number as it is written; None for null."""
    if value[:1] == b'"':
        text = json.loads(value.decode("utf-8"))
        text.encode("utf-8")                                 # half a surrogate pair is an error in .NET too
        return text
    if value in _NULLS:
        return None
    if is_number(value):
        return _number_text(value.decode("ascii"))
    raise ValueError("a string or a number was expected")


def _number_text(digits):
    """7, 7.0 and 7e0 are one number to the programs that write them."""
    with localcontext() as context:
        context.prec = 60
        try:
            number = Decimal(digits)
            if abs(number) > _MAX_DECIMAL:
                return digits
            number = number.quantize(_DECIMAL_PLACES)
        except ArithmeticError:                              # an exponent beyond all bounds
            return digits
        return str(int(number)) if number == number.to_integral_value() else digits


def _tokens(text):
    at = _BLANKS.match(text).end()
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise ValueError("it is no JSON")
        yield token[0]
        at = _BLANKS.match(text, token.end()).end()
