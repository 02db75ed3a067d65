"""Prints for each wheel the paths that it installs, relative to the folder of importable packages or
to the prefix: enough to see which two wheels want the same one."""
import configparser
import json
import sys
import zipfile


def paths_of(file):
    with zipfile.ZipFile(file) as wheel:
        names = [name for name in wheel.namelist() if not name.endswith("/")]
        points = [name for name in names if name.endswith(".dist-info/entry_points.txt")]
        parser = configparser.ConfigParser(delimiters="=", strict=False, interpolation=None)
        parser.optionxform = str
        if points:
            parser.read_string(wheel.read(points[0]).decode())
    scripts = [
        f"bin/{name}"
        for section in ("console_scripts", "gui_scripts")
        if parser.has_section(section)
        for name in parser.options(section)
    ]
    return sorted({*scripts, *map(place, names)})


def place(name):
    parts = name.split("/")
    if not parts[0].endswith(".data"):
        return name
    rest = "/".join(parts[2:])
    return {"scripts": f"bin/{rest}", "data": rest, "headers": f"include/{name}"}.get(parts[1], rest)


print(json.dumps([paths_of(file) for file in sys.argv[1:]]))
