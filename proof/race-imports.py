"""A real Python in the race: imports what is there in a loop, and writes its __pycache__."""
import importlib
import json
import os
import sys

site, stop = sys.argv[1:3]
counts = {"imports": 0, "errors": 0, "examples": []}
while True:
    names = sorted(os.listdir(site)) if os.path.isdir(site) else []
    for package in [name for name in names if name.startswith("pkg")]:
        modules = [package, f"{package}.a", f"{package}.b"]
        for name in modules:
            sys.modules.pop(name, None)
        importlib.invalidate_caches()
        for name in modules:
            try:
                module = importlib.import_module(name)
                assert module.VERSION == module.END, "a mixture"
                counts["imports"] += 1
            except Exception as error:
                counts["errors"] += 1
                if len(counts["examples"]) < 5:
                    counts["examples"].append(f"import {name}: {error!r}")
    if os.path.exists(stop):
        break
print(json.dumps(counts))
