/**
 * The Python program that calls a build backend (PEP 517), run in the view. It reads no pyproject.toml,
 * since Python before 3.11 cannot: it is handed what the file says. It installs nothing; it names the
 * requirements that no package in the view provides.
 */

/** What is handed over, as JSON, in the file that is the first argument. */
export interface FrontEndRequest {
  /** `package.module` or `package.module:object` */
  readonly backend: string;
  /** Absolute folders, in which the backend lies; usually none. */
  readonly backendPath: readonly string[];
  readonly requires: readonly string[];
  readonly settings: Readonly<Record<string, string | readonly string[]>>;
  /** The folder for the wheel; null when it is only to say what it needs. */
  readonly output: string | null;
  /** The file for the answer. */
  readonly answer: string;
}

export interface FrontEndAnswer {
  /** The wheel's file name. */
  readonly wheel?: string;
  /** Requirements that no installed distribution fulfils. */
  readonly missing?: readonly string[];
  /** What the backend asks for besides, whether it is there or not. */
  readonly more?: readonly string[];
  /** The backend could not be imported. */
  readonly noBackend?: boolean;
}

export const frontEnd = `
import ast, importlib, json, os, platform, re, sys, traceback
from importlib import metadata

def main():
    with open(sys.argv[1]) as file:
        request = json.load(file)
    own = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = request["backendPath"] + [entry for entry in sys.path if entry not in ("", own)]
    answer = {"missing": missing_of(request["requires"])}
    try:
        build(request, answer)
    except BaseException:
        traceback.print_exc()
        answer.setdefault("wheel", None)
    if answer.get("wheel") is None:
        answer.pop("wheel", None)
    with open(request["answer"], "w") as file:
        json.dump(answer, file)
    done = "more" if request["output"] is None else "wheel"
    sys.exit(0 if done in answer else 1)

def build(request, answer):
    module, _, path = request["backend"].partition(":")
    try:
        backend = importlib.import_module(module)
    except ImportError:
        answer["noBackend"] = True
        raise
    for name in filter(None, path.split(".")):
        backend = getattr(backend, name)
    settings = request["settings"] or None
    more = getattr(backend, "get_requires_for_build_wheel", lambda settings=None: [])(settings)
    for requirement in missing_of(more):
        if requirement not in answer["missing"]:
            answer["missing"].append(requirement)
    answer["more"] = list(more)
    if request["output"] is None:
        return
    answer["wheel"] = backend.build_wheel(request["output"], settings)

def missing_of(requirements):
    missing = []
    for requirement in requirements:
        front, _, marker = requirement.partition(";")
        name = re.match(r"[A-Za-z0-9._-]+", front.strip())
        if name and applies(marker) and not is_installed(name.group()):
            missing.append(front.strip())
    return missing

def is_installed(name):
    try:
        metadata.distribution(name)
        return True
    except metadata.PackageNotFoundError:
        plain = re.sub(r"[-_.]+", "-", name).lower()
        names = (found.metadata["Name"] or "" for found in metadata.distributions())
        return any(re.sub(r"[-_.]+", "-", found).lower() == plain for found in names)

def applies(marker):
    # A marker that is not understood counts as met: the name is only told when the build failed.
    try:
        return not marker.strip() or bool(evaluate(ast.parse(marker.strip(), mode="eval").body))
    except Exception:
        return True

def evaluate(node):
    if isinstance(node, ast.BoolOp):
        results = [evaluate(part) for part in node.values]
        return all(results) if isinstance(node.op, ast.And) else any(results)
    (left, operator, right) = (node.left, node.ops[0], node.comparators[0])
    values = [variables[part.id] if isinstance(part, ast.Name) else part.value for part in (left, right)]
    names = [part.id for part in (left, right) if isinstance(part, ast.Name)]
    if any("version" in name for name in names):
        values = [[int(number) for number in re.findall(r"\\d+", value)] for value in values]
    return comparisons[type(operator)](*values)

comparisons = {
    ast.Eq: lambda a, b: a == b,
    ast.NotEq: lambda a, b: a != b,
    ast.Lt: lambda a, b: a < b,
    ast.LtE: lambda a, b: a <= b,
    ast.Gt: lambda a, b: a > b,
    ast.GtE: lambda a, b: a >= b,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}

variables = {
    "os_name": os.name,
    "sys_platform": sys.platform,
    "platform_machine": platform.machine(),
    "platform_system": platform.system(),
    "platform_release": platform.release(),
    "platform_python_implementation": platform.python_implementation(),
    "implementation_name": sys.implementation.name,
    "implementation_version": platform.python_version(),
    "python_version": ".".join(platform.python_version_tuple()[:2]),
    "python_full_version": platform.python_version(),
    "extra": "",
}

main()
`;
