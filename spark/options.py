"""What both jobs are told on the command line, and where the connection string comes from."""

import argparse
import os
import re

from instants import milliseconds
from problems import Problem

# A shell cannot export a name with a hyphen, so the pipeline gives both.
CONNECTION_NAMES = ("ConnectionStrings__image-database", "ConnectionStrings__image_database")
KAFKA_NAME = "ConnectionStrings__kafka"
DATABASE = "image_database"


def parser_for(description):
    """A parser with the options that both jobs have. It ends a program with code 2 and says what was wrong."""
    parser = argparse.ArgumentParser(description=description, allow_abbrev=False)
    parser.add_argument("--mongodb-file", metavar="FILE", help=f"holds the connection string (default: {CONNECTION_NAMES[1]} from the environment)")
    parser.add_argument("--database", help=f"default: the one in the connection string, or {DATABASE}")
    parser.add_argument("--spark-log", metavar="LEVEL", default="OFF", choices=("OFF", "ERROR", "WARN", "INFO"), help="what Spark itself logs: OFF, ERROR, WARN, INFO (default: OFF)")
    return parser


def moment(text):
    """An option's ISO 8601 time."""
    try:
        return milliseconds(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a time such as 2026-03-01T12:00:00Z") from None


def connection_string(parser, options, environment=os.environ):
    """From a file or the environment, never from the command line, which everybody on a machine can read."""
    if options.mongodb_file is not None:
        try:
            with open(options.mongodb_file, encoding="utf-8") as file:
                found = file.read().strip()
        except (OSError, ValueError) as broken:
            raise Problem(f"{options.mongodb_file} cannot be read: {getattr(broken, 'strerror', None) or 'it is not text'}. Choose another with --mongodb-file FILE.") from None
    else:
        found = next((environment[name] for name in CONNECTION_NAMES if environment.get(name)), "")
    if not found:
        parser.error(f"Which store? Name it in {CONNECTION_NAMES[1]} or with --mongodb-file FILE, for example mongodb://127.0.0.1:27017/image_database.")
    if not re.match(r"mongodb(\+srv)?://", found):
        raise Problem("The connection string must begin with mongodb:// or mongodb+srv://.")
    return found


def database_of(options, url):
    """The option wins over the connection string's path."""
    path = re.match(r"mongodb(?:\+srv)?://[^/]*/([^?/.]+)", url)
    return options.database or (path[1] if path else DATABASE)
