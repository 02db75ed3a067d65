/**
 * The wheel tags that an interpreter takes, best first: PEP 425, with the platforms of PEP 600
 * (manylinux) and PEP 656 (musllinux). The order is that of pip.
 */
import type { Answers } from "./questions.ts";

type TagAnswers = Pick<
  Answers,
  "version" | "implementation" | "soabi" | "abiFlags" | "freeThreaded" | "machine" | "libc"
>;

/** The oldest manylinux that names a machine of this kind. */
const oldestGlibcMinor = { x86_64: 5, i686: 5 } as const;
const oldestGlibcMinorElsewhere = 17;
const firstStableAbiMinor = 2;

const oldNames: Readonly<Record<number, string>> = {
  17: "manylinux2014",
  12: "manylinux2010",
  5: "manylinux1",
};

export function supportedTags(answers: TagAnswers): { abi: string; all: string[] } {
  const { version, implementation } = answers;
  const [major, minor] = version;
  const platforms = platformsOf(answers);
  const on = (interpreter: string, abi: string): string[] =>
    platforms.map((platform) => `${interpreter}-${abi}-${platform}`);

  const short = implementation === "cpython" ? "cp" : implementation === "pypy" ? "pp" : "py";
  const interpreter = short === "py" ? implementation : `${short}${major}${minor}`;
  const abi = abiOf(answers, interpreter);
  const hasStableAbi = short === "cp" && !answers.freeThreaded && minor >= firstStableAbiMinor;
  const all = [
    ...on(interpreter, abi),
    ...(hasStableAbi ? on(interpreter, "abi3") : []),
    ...on(interpreter, "none"),
  ];
  const oldest = hasStableAbi ? firstStableAbiMinor : minor;
  for (let older = minor - 1; older >= oldest; older -= 1) {
    all.push(...on(`cp${major}${older}`, "abi3"));
  }
  const generic = genericInterpreters(major, minor);
  all.push(...generic.flatMap((name) => on(name, "none")));
  all.push(`${interpreter}-none-any`, ...generic.map((name) => `${name}-none-any`));
  return { abi, all };
}

/** Flags after the version: `t` free-threaded, `d` debug. Others name their ABI in SOABI. */
function abiOf(answers: TagAnswers, interpreter: string): string {
  if (answers.implementation === "cpython") {
    const debug = answers.abiFlags.includes("d") ? "d" : "";
    return `${interpreter}${answers.freeThreaded ? "t" : ""}${debug}`;
  }
  if (answers.implementation === "pypy") {
    return answers.soabi.split("-").slice(0, 2).join("_").replaceAll(".", "_");
  }
  return answers.soabi === "" ? "none" : answers.soabi.replaceAll(/[.-]/g, "_");
}

/** `py311`, `py3`, then the older ones. */
function genericInterpreters(major: number, minor: number): string[] {
  const names = [`py${major}${minor}`, `py${major}`];
  for (let older = minor - 1; older >= 0; older -= 1) names.push(`py${major}${older}`);
  return names;
}

function platformsOf({ machine, libc }: TagAnswers): string[] {
  const [family, major, minor] = libc;
  const platforms: string[] = [];
  if (family === "glibc" && major === 2) {
    const oldest =
      oldestGlibcMinor[machine as keyof typeof oldestGlibcMinor] ?? oldestGlibcMinorElsewhere;
    for (let older = minor; older >= oldest; older -= 1) {
      platforms.push(`manylinux_2_${older}_${machine}`);
      const oldName = oldNames[older];
      if (oldName !== undefined) platforms.push(`${oldName}_${machine}`);
    }
  }
  if (family === "musl") {
    for (let older = minor; older >= 0; older -= 1) {
      platforms.push(`musllinux_${major}_${older}_${machine}`);
    }
  }
  platforms.push(`linux_${machine}`);
  return platforms;
}
