/**
 * The program `relocate-once.py`, which has an unpacked tree name the place where it is. It needs a POSIX shell and Python's standard library (3.6 or
 * newer). SageMath's `./sage` and `make` run it when it is there.
 *
 * All new files are made beside the old ones first. Then a list of them is put down (`commit.json`), and from there on a killed run is
 * finished by the next one: each file is renamed to its place, what is known of the places is replaced, and the program moves away.
 * Before the list, a killed run has changed nothing. So a tree names one path or the other, and never both once the program is gone.
 */

/** Where the program keeps what it knows, relative to the prefix's own files (`var/lib/tenon`). */
export const relocationFolder = "relocation";
export const placesFile = "places.json";
export const programName = "relocate-once.py";

/** `home` is the folder with `places.json`, relative to the tree; `prefix` is that of the packages. */
export function renderRelocateOnce(home: string, prefix: string): string {
  return program
    .replace("@HOME@", JSON.stringify(home))
    .replace("@PREFIX@", JSON.stringify(prefix))
    .replace("@PYTHON@", `"\${0%/*}/${prefix === "" ? "" : `${prefix}/`}bin/python3"`);
}

const program = String.raw`#!/bin/sh
''':'
for python in python3 @PYTHON@; do
  if "$python" -c "import sys; sys.exit(sys.version_info < (3, 6))" 2>/dev/null; then exec "$python" -B "$0" "$@"; fi
done
printf '%s\n' "$0: it needs Python 3.6 or newer, as python3 on PATH" >&2
exit 4
'''
USAGE = """Has the files of this tree name another path than the one at which they were built.

    relocate-once.py [-d DESTINATION]

Without -d, they name the folder where this program is. It can be killed at any moment and run again. When it is done, it
moves to the folder with what it knows of the files, from where it can be run once more after a move of the tree.
"""
import base64
import fcntl
import getopt
import gzip
import hashlib
import io
import json
import os
import platform
import re
import shutil
import sys

HOME = @HOME@
PREFIX = @PREFIX@
NAME = "relocate-once.py"


def refuse(code, *lines):
    for line in lines:
        print("relocate-once.py: " + line, file=sys.stderr)
    sys.exit(code)


def arguments():
    try:
        options, rest = getopt.getopt(sys.argv[1:], "hd:", ["help", "destination="])
    except getopt.GetoptError as error:
        refuse(2, str(error), "usage: relocate-once.py [-d DESTINATION]")
    destination = None
    for name, value in options:
        if name in ("-h", "--help"):
            print(USAGE)
            sys.exit(0)
        destination = value
    if rest:
        refuse(2, "usage: relocate-once.py [-d DESTINATION]")
    return destination


def root_of(script):
    folder = os.path.dirname(os.path.realpath(script))
    if os.path.isfile(os.path.join(folder, HOME, "places.json")):
        return folder
    for _ in HOME.split("/"):
        folder = os.path.dirname(folder)
    return folder


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_atomically(path, content):
    write(path + ".new", content)
    os.replace(path + ".new", path)
    sync_folder(os.path.dirname(path))


def sync_folder(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def as_json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def digest(content):
    return hashlib.sha256(content).hexdigest()


def check_machine(root, needs):
    machine = needs.get("machine")
    if machine is not None and machine != platform.machine():
        refuse(4, "it was built for %s, and this is %s" % (machine, platform.machine()))
    least = needs.get("glibc")
    if least is not None:
        try:
            here = os.confstr("CS_GNU_LIBC_VERSION").split()[1]
        except (AttributeError, OSError, ValueError, IndexError):
            here = "0"
        if [int(n) for n in here.split(".")[:2]] < [int(n) for n in least["version"].split(".")]:
            refuse(4, "it needs the GNU C library %s, for which %s asks; here is %s" % (least["version"], least["path"], here))
    for each in needs.get("files", []):
        if not os.path.exists(each["file"]):
            refuse(4, "it needs the file %s, to which %s leads" % (each["file"], each["path"]))


def check_destination(destination, plan):
    if not re.match(r"/[A-Za-z0-9_./+-]+$", destination):
        refuse(2, "the path %s has other characters than letters, digits and _./+-, and files of this tree could not name it" % destination)
    tight = plan.get("tight")
    if tight is not None and len(destination) > tight["room"]:
        refuse(
            2,
            "the path %s has %d bytes, and %s has room for %d" % (destination, len(destination), tight["path"], tight["room"]),
            "Choose a shorter path. Nothing was changed.",
        )


def relocated(content, entry, old, new):
    """The file as it names the new path, and its entry in the plan then."""
    form, entry = entry["form"], dict(entry)
    if form == "gzip":
        text, places = in_text(gzip.decompress(content), entry["places"], old, new)
        content = packed(text)
    elif form == "text":
        content, places = in_text(content, entry["places"], old, new)
    else:
        content, places, entry["ways"] = in_binary(content, entry, new)
    entry["places"] = places
    entry["sha256"] = digest(content)
    return content, entry


def packed(text):
    """Without a time, so that the same text is the same file."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as file:
        file.write(text)
    return buffer.getvalue()


def in_text(content, places, old, new):
    pieces, end, found, size = [], 0, [], 0
    for offset, _ in places:
        pieces += [content[end:offset], new]
        size += offset - end
        found.append([size, len(new)])
        size += len(new)
        end = offset + len(old)
    text = b"".join(pieces + [content[end:]])
    line, _, rest = text.partition(b"\n")
    words = re.match(rb"#![ \t]*(/[^\s\"'$\x60\\]*python[\d.]*)((?:[ \t][^\"'$\x60\\]*)?)$", line)
    if len(line) <= 127 or words is None or new not in line:
        return text, found
    # Older kernels cut longer first lines: a shell starts Python, in lines that are a string to Python.
    first = b"#!/bin/sh\n'''exec' \"" + words.group(1) + b"\"" + words.group(2).rstrip() + b" \"$0\" \"$@\"\n' '''"
    shift = len(first) - len(line)
    inside = [[first.index(new), len(new)]]
    return first + b"\n" + rest, inside + [[at + shift, room] for at, room in found if at > len(line)]


def in_binary(content, entry, new):
    content = bytearray(content)
    ways, left, places = [], [], []
    for way in entry.get("ways", []):
        start, end = way["offset"], way["offset"] + way["length"]
        inside = [place for place in entry["places"] if start <= place[0] < end]
        if all(len(new) <= room for _, room in inside):
            ways.append(way)
            continue
        text = base64.b64decode(way["text"])
        content[start:end] = text + b"\0" * (way["length"] - len(text))
        left += inside
    for place in entry["places"]:
        if place in left:
            continue
        offset, room = place
        content[offset:offset + room] = new + b"/" * (room - len(new))
        places.append(place)
    return bytes(content), places, ways


def renew_rows(path, content, changed):
    """Rows of RECORD, the list of what a Python distribution has installed, of files that are others now."""
    lines = content.decode("utf-8", "surrogateescape").splitlines(True)
    base = os.path.dirname(os.path.dirname(path))
    for at, line in enumerate(lines):
        found = re.match(r"((?:\"((?:[^\"]|\"\")*)\"|([^\",]*)),)sha256=[\w-]{43},\d+(\r?\n?)$", line)
        if found is None:
            continue
        name = found.group(3) if found.group(2) is None else found.group(2).replace('""', '"')
        other = changed.get(os.path.normpath(os.path.join(base, name)))
        if other is None:
            continue
        sum_ = base64.urlsafe_b64encode(hashlib.sha256(other).digest()).rstrip(b"=").decode()
        lines[at] = "%ssha256=%s,%d%s" % (found.group(1), sum_, len(other), found.group(4))
    return "".join(lines).encode("utf-8", "surrogateescape")


def renew_record(text, changed):
    """A record of tenon's: rows of files that are others now, and how many bytes they have together."""
    before, start, after = text.partition(',\n  "manifest": [\n')
    lines, grown, is_other = after.split("\n"), 0, False
    for at, line in enumerate(lines):
        if not line.startswith('    ["f",'):
            continue
        row = json.loads(line.rstrip(","))
        other = changed.get(os.path.join(PREFIX, row[1]))
        if other is None:
            continue
        grown += len(other) - row[3]
        is_other = True
        row[3:5] = [len(other), digest(other)]
        lines[at] = "    " + as_json(row) + ("," if line.endswith(",") else "")
    if not is_other:
        return None

    def size(found):
        return found.group(1) + str(int(found.group(2)) + grown)

    before = re.sub(r'("summary": \{\s*"files": \d+,\s*"sizeBytes": )(\d+)', size, before)
    return before + start + "\n".join(lines)


def prepare(root, home, plan, destination):
    """Makes all new files in new/, and then the list that decides."""
    fresh = os.path.join(home, "new")
    shutil.rmtree(fresh, ignore_errors=True)
    old, new = plan["from"].encode(), destination.encode()
    changed, entries, numbers = {}, [], {}
    os.mkdir(fresh)

    def put(path, content):
        place = os.path.join(root, path)
        changed[path] = content
        copy = os.path.join(fresh, str(numbers.setdefault(path, len(numbers))))
        status = os.stat(place)
        with open(copy, "wb") as file:
            file.write(content)
        os.chmod(copy, status.st_mode & 0o7777)
        os.utime(copy, ns=(status.st_atime_ns, status.st_mtime_ns))

    for entry in plan["files"]:
        content = read(os.path.join(root, entry["path"]))
        if digest(content) != entry["sha256"]:
            refuse(3, "%s is not as it was unpacked, so nothing was changed. Unpack the archive again" % os.path.join(root, entry["path"]))
        content, entry = relocated(content, entry, old, new)
        put(entry["path"], content)
        entries.append(entry)
    for path in plan["records"]:
        content = changed[path] if path in changed else read(os.path.join(root, path))
        renewed = renew_rows(path, content, {name: other for name, other in changed.items() if name != path})
        if renewed != content:
            put(path, renewed)
    by_path = {entry["path"]: entry for entry in entries}
    for path in plan["records"]:
        if path in by_path:
            by_path[path]["sha256"] = digest(changed[path])
    packages = os.path.join(PREFIX, "var/lib/tenon/packages")
    folder = os.path.join(root, packages)
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        path = os.path.join(packages, name)
        text = renew_record(read(os.path.join(root, path)).decode(), changed)
        if text is not None:
            put(path, text.encode())
    after = dict(plan, files=entries)
    after["from"] = destination
    write(os.path.join(fresh, "places.json"), as_json(after).encode())
    os.sync()
    write_atomically(os.path.join(home, "commit.json"), as_json({"moves": list(numbers)}).encode())


def finish(root, home):
    """From the list on: renames, which can be done again."""
    fresh = os.path.join(home, "new")
    moves = json.loads(read(os.path.join(home, "commit.json")).decode())["moves"]
    for number, path in enumerate(moves):
        copy, place = os.path.join(fresh, str(number)), os.path.join(root, path)
        if not os.path.exists(copy):
            continue
        folder = os.path.dirname(place)
        times = os.stat(folder)
        os.replace(copy, place)
        drop_bytecode(place)
        os.utime(folder, ns=(times.st_atime_ns, times.st_mtime_ns))
    if os.path.exists(os.path.join(fresh, "places.json")):
        os.replace(os.path.join(fresh, "places.json"), os.path.join(home, "places.json"))
    os.sync()
    os.unlink(os.path.join(home, "commit.json"))
    os.rmdir(fresh)


def drop_bytecode(place):
    """Its source has the same time, and perhaps the same size, so Python would take it for today's."""
    folder, name = os.path.split(place)
    if not name.endswith(".py"):
        return
    cache = os.path.join(folder, "__pycache__")
    for each in os.listdir(cache) if os.path.isdir(cache) else []:
        if each.startswith(name[:-2]):
            os.unlink(os.path.join(cache, each))


def move_away(root, home):
    script = os.path.join(root, NAME)
    if os.path.isfile(script):
        os.replace(script, os.path.join(home, NAME))


def main():
    destination = arguments()
    root = root_of(sys.argv[0])
    home = os.path.join(root, HOME)
    destination = root if destination is None else os.path.abspath(destination)
    try:
        lock = open(os.path.join(home, "lock"), "a")
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.exists(os.path.join(home, "commit.json")):
            finish(root, home)
        plan = json.loads(read(os.path.join(home, "places.json")).decode())
        check_machine(root, plan["needs"])
        if plan["from"] != destination:
            check_destination(destination, plan)
            print("relocating %d files of %s, once" % (len(plan["files"]), root), file=sys.stderr)
            prepare(root, home, plan, destination)
            finish(root, home)
        move_away(root, home)
    except OSError as error:
        refuse(4, str(error), "Run it again as a user who can write there.")


main()
`;
