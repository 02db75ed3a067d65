"""Makes a wheel of each stage, for the installers that take nothing else."""
import base64
import hashlib
import os
import sys
import zipfile

stages, version, wheels = sys.argv[1:4]
SITE = "lib/python3/site-packages/"


def place_in_wheel(path, data):
    if path.startswith(SITE):
        return path.removeprefix(SITE)
    if path.startswith("bin/"):
        return f"{data}/scripts/{path.removeprefix('bin/')}"
    return f"{data}/data/{path}"


def files_below(folder):
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            yield os.path.relpath(os.path.join(parent, name), folder)


def record_line(path, content):
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{path},sha256={digest},{len(content)}\n"


for number in os.listdir(stages):
    stem = f"pkg{number}-{version}"
    info = f"{stem}.dist-info"
    members = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: pkg{number}\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: race\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    stage = os.path.join(stages, number)
    for path in files_below(stage):
        with open(os.path.join(stage, path), "rb") as file:
            members[place_in_wheel(path, f"{stem}.data")] = file.read()
    record = "".join(record_line(path, content) for path, content in members.items())
    members[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    with zipfile.ZipFile(os.path.join(wheels, f"{stem}-py3-none-any.whl"), "w") as wheel:
        for path, content in members.items():
            wheel.writestr(path, content)
