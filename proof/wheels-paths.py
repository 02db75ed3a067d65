"""Prints for each wheel the paths that it installs, relative to the folder of importable packages or
to the prefix, each with what tells its content: enough to see which two wheels want the same one."""
import configparser
import json
import sys
import zipfile


def paths_of(file):
    with zipfile.ZipFile(file) as wheel:
        members = [info for info in wheel.infolist() if not info.is_dir()]
        points = [info for info in members if info.filename.endswith(".dist-info/entry_points.txt")]
        parser = configparser.ConfigParser(delimiters="=", strict=False, interpolation=None)
        parser.optionxform = str
        if points:
            parser.read_string(wheel.read(points[0]).decode())
    scripts = {
        f"bin/{name}": f"{section} {value}"
        for section in ("console_scripts", "gui_scripts")
        if parser.has_section(section)
        for name, value in parser.items(section)
    }
    files = {place(info.filename): content_of(info) for info in members}
    return sorted({**files, **scripts}.items())


def content_of(info):
    return f"{info.CRC} {info.file_size} {info.external_attr >> 16 & 0o111}"


def place(name):
    parts = name.split("/")
    if not parts[0].endswith(".data"):
        return name
    rest = "/".join(parts[2:])
    return {"scripts": f"bin/{rest}", "data": rest, "headers": f"include/{name}"}.get(parts[1], rest)


print(json.dumps([paths_of(file) for file in sys.argv[1:]]))
