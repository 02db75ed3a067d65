/** The Python program that answers for its interpreter. */

/** What the interpreter answers. */
export interface Answers {
  readonly executable: string;
  readonly version: readonly [number, number, number];
  readonly release: string;
  readonly implementation: string;
  readonly soabi: string;
  readonly abiFlags: string;
  readonly freeThreaded: boolean;
  /** `x86_64` */
  readonly machine: string;
  readonly libc: readonly ["glibc" | "musl" | "unknown", number, number];
  readonly paths: Readonly<Record<string, string>>;
  readonly hasHeaders: boolean;
  readonly hasVenv: boolean;
  /** What the markers of requirements ask for (PEP 508). */
  readonly markers: Readonly<Record<string, string>>;
}

/**
 * Prints the answers as JSON. It must run on every Python since 2.7, to refuse it in words. Every command
 * that has to do with Python waits for it, so it does without modules that are long in loading: json, platform,
 * venv.
 */
export const questions = `
import sys
sys.path[:] = [entry for entry in sys.path if entry]
import os, sysconfig
try:
    from _json import encode_basestring_ascii as quote
except ImportError:
    from json import dumps as quote

def written(value):
    if isinstance(value, dict):
        return "{" + ",".join(quote(key) + ":" + written(value[key]) for key in value) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(written(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else quote(value)

def base():
    # An interpreter of a virtual environment names the one it was made from; -S makes them look alike otherwise.
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)

def machine():
    name = os.uname()[4]
    if sys.maxsize <= 2**32:
        return {"x86_64": "i686", "aarch64": "armv8l"}.get(name, name)
    return name

def libc():
    try:
        name, version = os.confstr("CS_GNU_LIBC_VERSION").split()
        numbers = [int(part) for part in version.split(".")[:2]]
        if name == "glibc":
            return ["glibc"] + numbers
    except Exception:
        pass
    try:
        import glob, re, subprocess
        for loader in sorted(glob.glob("/lib/ld-musl-*.so.1")):
            told = subprocess.run([loader], stderr=subprocess.PIPE).stderr.decode("utf-8", "replace")
            found = re.search(r"Version (\\d+)\\.(\\d+)", told)
            if found:
                return ["musl", int(found.group(1)), int(found.group(2))]
    except Exception:
        pass
    return ["unknown", 0, 0]

def paths():
    root = "/PREFIX"
    scheme = "venv" if "venv" in sysconfig.get_scheme_names() else "posix_prefix"
    variables = dict.fromkeys(["base", "platbase", "installed_base", "installed_platbase"], root)
    found = sysconfig.get_paths(scheme, vars=variables)
    return {key: os.path.relpath(found[key], root) for key in ("purelib", "platlib", "scripts")}

def has_headers():
    return os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h"))

def has_venv():
    if os.path.exists(os.path.join(os.path.dirname(os.__file__), "venv", "__init__.py")):
        return True
    try:
        import venv
        return True
    except ImportError:
        return False

implementation = getattr(sys, "implementation", None)
name = implementation.name if implementation else "cpython"

def short(version):
    text = "%d.%d.%d" % tuple(version[:3])
    return text if version[3] == "final" else text + version[3][0] + str(version[4])

def markers():
    system, _, release, version, _ = os.uname()
    return {
        "implementation_name": name,
        "implementation_version": short(getattr(implementation, "version", sys.version_info)),
        "os_name": os.name,
        "platform_machine": machine(),
        "platform_python_implementation": {"cpython": "CPython", "pypy": "PyPy"}.get(name, name),
        "platform_release": release,
        "platform_system": system,
        "platform_version": version,
        "python_full_version": sys.version.split()[0],
        "python_version": "%d.%d" % tuple(sys.version_info[:2]),
        "sys_platform": sys.platform,
    }

print(written({
    "executable": base(),
    "version": list(sys.version_info[:3]),
    "release": "%d.%d.%d%s" % (tuple(sys.version_info[:3]) + (
        "" if sys.version_info[3] == "final" else "%s%d" % tuple(sys.version_info[3:5]),)),
    "implementation": name,
    "soabi": sysconfig.get_config_var("SOABI") or "",
    "abiFlags": getattr(sys, "abiflags", ""),
    "freeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    "machine": machine(),
    "libc": libc(),
    "paths": paths() if sys.version_info[0] > 2 else {},
    "hasHeaders": has_headers(),
    "hasVenv": has_venv(),
    "markers": markers(),
}))
`;
