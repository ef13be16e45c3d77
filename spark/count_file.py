"""Counts an export with the plain functions alone, in this process and without Spark: `python3 count_file.py FILE [--output PLACE]`."""

import argparse
import sys

from counting import by_class, by_producer, count
from options import moment
from places import file_at, write_here
from problems import EXIT_FINE, Problem, ended
from report import to_csv, to_text
from selection import Selection, is_selected, read_line


def main(arguments=None):
    parser = argparse.ArgumentParser(description="How often was the model wrong? Counts JSON lines without Spark.", allow_abbrev=False)
    parser.add_argument("input", metavar="FILE", help="JSON lines, plain or as mongoexport writes them")
    parser.add_argument("--output", default=".", metavar="PLACE", help="a folder, or a path that ends in .csv (default: here)")
    parser.add_argument("--since", type=moment, metavar="TIME")
    parser.add_argument("--until", type=moment, metavar="TIME")
    parser.add_argument("--model-version", metavar="VERSION")
    options = parser.parse_args(arguments)
    selection = Selection(options.since, options.until, options.model_version)
    try:
        with open(options.input, encoding="utf-8") as lines:
            documents = (document for document in map(read_line, lines) if document is not None)
            counts = count(document for document in documents if is_selected(document, selection))
        producers = by_producer(counts)
        write_here(file_at(options.output), to_csv(producers))
        sys.stdout.write(to_text(producers, by_class(counts)))
        return EXIT_FINE
    except (Problem, OSError, UnicodeDecodeError) as problem:
        return ended(problem)


if __name__ == "__main__":
    sys.exit(main())
