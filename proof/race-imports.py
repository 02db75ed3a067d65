"""A real Python in the race: imports what is there in a loop, and writes its __pycache__.

Each line of its input is a race: the site-packages to import from, and the file that ends it.
It answers when it has looked once, and with its counts after the end.
"""
import importlib
import json
import os
import re
import sys
import time


def names_in(folder):
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def groups_of_modules(site):
    for package in names_in(site):
        if re.fullmatch(r"pkg\d+", package):
            yield [package, f"{package}.a", f"{package}.b"]
    for file in names_in(f"{site}/ns"):
        if file.endswith(".py"):
            yield [f"ns.{file.removesuffix('.py')}"]


def import_all(site, counts):
    for modules in groups_of_modules(site):
        for name in ["ns", *modules]:
            sys.modules.pop(name, None)
        importlib.invalidate_caches()
        for name in modules:
            try:
                module = importlib.import_module(name)
                assert module.VERSION == module.END, "a mixture"
                counts["imports"] += 1
            except Exception as error:
                counts["importErrors"] += 1
                if len(counts["examples"]) < 5:
                    counts["examples"].append(f"import {name}: {error!r}")


for line in sys.stdin:
    race = json.loads(line)
    site, stop = race["site"], race["stop"]
    sys.path.insert(0, site)
    counts = {"imports": 0, "importErrors": 0, "examples": []}
    import_all(site, counts)
    print("reading", flush=True)
    while not os.path.exists(stop):
        time.sleep(race["pauseMs"] / 1000)
        import_all(site, counts)
    import_all(site, counts)
    print(json.dumps(counts), flush=True)
    sys.path.remove(site)
    sys.path_importer_cache.clear()
