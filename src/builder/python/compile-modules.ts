/**
 * The Python program that makes bytecode of modules. Python checks it by the module's digest (PEP 552,
 * `checked-hash`): where a module was replaced since, also by one of the same size and time, it is not run.
 */

/**
 * The arguments of an interpreter that compiles the modules which it reads from stdin: absolute paths below
 * `prefix`, with a NUL between. The bytecode goes to its places below `folder` instead. Prints, as JSON, a list of
 * `{file, reason}`: a module may be meant for another version of Python, and its failure is that of nothing else.
 */
export function compileArguments(prefix: string, folder: string): string[] {
  return ["-I", "-S", "-c", script, prefix, folder]; // no .pth file of the prefix has a say
}

const script = `
import importlib.util, json, os, py_compile, sys
prefix, folder = sys.argv[1:]
failed = []
for name in sys.stdin.buffer.read().split(b"\\0"):
    file = os.fsdecode(name)
    try:
        cached = os.path.relpath(importlib.util.cache_from_source(file), prefix)
        mode = py_compile.PycInvalidationMode.CHECKED_HASH
        py_compile.compile(file, os.path.join(folder, cached), doraise=True, invalidation_mode=mode)
    except Exception as error:
        reason = str(error).strip() or type(error).__name__
        failed.append({"file": file, "reason": reason.splitlines()[-1]})
print(json.dumps(failed))
`;
