"""How a command ends when it cannot: one line on standard error, exit code 1, and never a password in it."""

import re
import sys
from urllib.parse import unquote

EXIT_FINE, EXIT_COULD_NOT, EXIT_BAD_USAGE = 0, 1, 2


class Problem(Exception):
    """What a person can mend; its text is the whole line."""


def ended(problem, connection_string=None):
    """Says why, and gives the exit code."""
    print(without_secrets(first_line(problem), connection_string), file=sys.stderr)
    return EXIT_COULD_NOT


def first_line(problem):
    """The cause's own words: what Spark puts around them is long and says less."""
    java = getattr(problem, "java_exception", None)
    if java is not None:
        while java.getCause() is not None:
            java = java.getCause()
        text = str(java.toString())
    else:
        text = str(problem)
    # What a task said itself stands deep inside what Spark says about the task.
    if said := re.search(r"^\s*problems\.Problem: (.+)$", text, re.MULTILINE):
        return said[1].strip()
    return next((line.strip() for line in text.splitlines() if line.strip()), type(problem).__name__)


def without_secrets(text, connection_string):
    """A line may end in a log: neither the connection string nor what stands before its @ may be in it."""
    if connection_string:
        text = text.replace(connection_string, "the connection string")
        user = re.match(r"[\w+]+://([^/]*)@", connection_string)
        password = user[1].partition(":")[2] if user else ""
        for secret in (user[1] if user else "", password, unquote(password)):
            text = text.replace(secret, "…") if secret else text
    return re.sub(r"(mongodb(?:\+srv)?://)[^/\s]*@", r"\1…@", text)
