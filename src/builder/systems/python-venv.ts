/**
 * Build system `python-venv`: the interpreter as a virtual environment at the prefix. It is made
 * without pip and setuptools: with them inside, a later `pip install setuptools` would do nothing,
 * and an undeclared need of them would not be found (I7).
 */
import { readText } from "../../world/index.ts";
import { type MakeSteps, programStep, type Setting } from "../step.ts";

export const pythonVenvSystem: MakeSteps = (setting) => {
  const { python } = setting.job;
  if (python === undefined) {
    return { reason: "no Python interpreter is known", hints: ["Name one with workspace.python."] };
  }
  const { prefix, destdir } = setting.places;
  const [, minor = "0"] = python.version.split(".");
  const options = ["--without-pip", ...(Number(minor) >= 13 ? ["--without-scm-ignore-files"] : [])];
  const argv = [python.executable, "-I", "-m", "venv", ...options, `${destdir}${prefix}`];
  const make = programStep(setting, "venv", argv);
  if (destdir === "") return [make];
  return [
    make,
    {
      kind: "act",
      name: "final-paths",
      title: `write ${prefix} for ${destdir}${prefix}`,
      act: () => writeFinalPaths(setting),
    },
  ];
};

/** A virtual environment names its own place in pyvenv.cfg and in the scripts that activate it. */
function writeFinalPaths({ world, places }: Setting): undefined {
  const { disk } = world;
  const files = disk
    .list(`${places.stage}/bin`)
    .filter((item) => item.type === "file")
    .map((item) => `${places.stage}/bin/${item.name}`);
  for (const file of [`${places.stage}/pyvenv.cfg`, ...files]) {
    const text = readText(disk, file);
    if (!text.includes(places.destdir)) continue;
    const mode = disk.status(file)?.mode ?? 0o644;
    disk.removeFile(file);
    disk.createFile(
      file,
      text.replaceAll(`${places.destdir}${places.prefix}`, places.prefix),
      mode,
    );
  }
}
