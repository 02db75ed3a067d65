/** What markers are decided by: the workspace's interpreter, asked once. */
import type { MarkerEnvironment } from "../requirements/index.ts";
import { TenonError } from "../core/index.ts";
import type { World } from "../world/index.ts";

/** PEP 508 names what each variable is. */
const question = `
import json, os, platform, sys
info = sys.implementation.version
version = "{0.major}.{0.minor}.{0.micro}".format(info)
if info.releaselevel != "final":
    version += info.releaselevel[0] + str(info.serial)
print(json.dumps({
    "implementation_name": sys.implementation.name,
    "implementation_version": version,
    "os_name": os.name,
    "platform_machine": platform.machine(),
    "platform_release": platform.release(),
    "platform_system": platform.system(),
    "platform_version": platform.version(),
    "python_full_version": platform.python_version(),
    "platform_python_implementation": platform.python_implementation(),
    "python_version": ".".join(platform.python_version_tuple()[:2]),
    "sys_platform": sys.platform,
}))
`;

export async function markerEnvironment(world: World, python: string): Promise<MarkerEnvironment> {
  const { outcome, stdout, stderr } = await world.processes.capture({
    program: python,
    args: ["-I", "-c", question],
    timeoutMs: 60_000,
  });
  if (outcome.kind === "exited" && outcome.code === 0) return JSON.parse(stdout);
  throw new TenonError({
    kind: "machine",
    code: "PYTHON_MISSING",
    message: `${python} does not say what it is: ${stderr.trim().split("\n").at(-1) ?? ""}`,
    hints: ["Name another interpreter with workspace.python in tenon.toml."],
  });
}
