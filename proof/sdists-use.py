"""Imports every module that the distributions of a prefix have at the top, tests of their own excepted, and starts every
program in its bin/. Prints what came of it as JSON. Run by the prefix's own Python, with the prefix as argument."""

import importlib
import importlib.metadata
import json
import os
import subprocess
import sys
import warnings

prefix = sys.argv[1]
warnings.simplefilter("ignore")


def import_all():
    owners = importlib.metadata.packages_distributions()
    # Before setuptools is imported, which shows copies of its own.
    names = {found.metadata["Name"] for found in importlib.metadata.distributions()}
    failed, modules = [], 0
    for name in sorted(owners):
        if not name.isidentifier() or name in ("test", "tests", "isympy"):
            continue
        try:
            module = importlib.import_module(name)
            place = getattr(module, "__file__", None) or prefix + "/"
            if not place.startswith(prefix + "/"):
                raise ImportError("found at " + place)
            modules += 1
        except BaseException as error:
            failed.append("%s of %s: %r" % (name, ", ".join(owners[name]), error))
    return {"modules": modules, "failed": failed, "distributions": len(names)}


def start_all():
    """Each with --help, and its exit status."""
    ended = {}
    for name in sorted(os.listdir(prefix + "/bin")):
        path = prefix + "/bin/" + name
        if not os.path.isfile(path) or not os.access(path, os.X_OK) or name.startswith("python"):
            continue
        try:
            done = subprocess.run(
                [path, "--help"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=300,
            )
            said = done.stderr.decode("utf8", "replace").strip().splitlines()[-1:]
            ended[name] = {"status": done.returncode, "said": said}
        except (OSError, subprocess.TimeoutExpired) as error:
            ended[name] = {"status": None, "said": [str(error)]}
    return ended


result = import_all()
if "--start" in sys.argv:
    result["started"] = start_all()
print(json.dumps(result))
