"""Which distributions of a site-packages are broken: said as a list in JSON.

One is broken without its RECORD or METADATA, when pip has put it aside as ~NAME, and when a module
that it lists cannot be imported.
"""
import contextlib
import csv
import importlib
import json
import os
import re
import sys

site = sys.argv[1]


def modules_of(record):
    with open(record, encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines):
            found = re.fullmatch(r"(\w+)(/__init__\.py|\.py|\.[\w-]+\.so)", row[0]) if row else None
            if found:
                yield found[1]


def can_import(name):
    try:
        with contextlib.redirect_stdout(sys.stderr):
            importlib.import_module(name)
        return True
    except BaseException as error:
        print(f"{name}: {error!r}", file=sys.stderr)
        return False


def is_broken(name):
    if name.startswith("~"):
        return True
    files = [f"{site}/{name}/{file}" for file in ("RECORD", "METADATA")]
    return not all(map(os.path.exists, files)) or not all(map(can_import, modules_of(files[0])))


names = [name for name in sorted(os.listdir(site)) if re.match(r"~|.*\.dist-info$", name)]
print(json.dumps([name for name in names if is_broken(name)]))
