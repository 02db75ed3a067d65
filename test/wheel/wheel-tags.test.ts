/** A wheel for another interpreter or machine is refused with what differs. */
import { expect, test } from "vitest";
import { TenonError } from "../../src/core/index.ts";
import { checkPython, checkTags, parseWheelName, type Wheel } from "../../src/wheel/index.ts";

const supported = new Set([
  "cp311-cp311-manylinux_2_36_x86_64",
  "cp311-cp311-linux_x86_64",
  "cp311-abi3-linux_x86_64",
  "cp38-abi3-linux_x86_64",
  "py3-none-linux_x86_64",
  "cp311-none-any",
  "py3-none-any",
]);

/** Only its names matter here. */
function wheelNamed(tags: string): Wheel {
  const fileName = `greet-1.0-${tags}.whl`;
  return { fileName, ...parseWheelName(fileName) } as Wheel;
}

test.each(["py2.py3-none-any", "cp38-abi3-linux_x86_64", "cp311-cp311-linux_x86_64.win32"])(
  "%s fits",
  (tags) => {
    expect(() => checkTags(wheelNamed(tags), supported)).not.toThrow();
  },
);

test.each([
  ["cp37-cp37m-linux_x86_64", "is built for cp37, and this interpreter is cp311"],
  ["py2-none-any", "is built for py2, and this interpreter is cp311"],
  ["cp38-cp38-linux_x86_64", "is built for cp38, and this interpreter is cp311"],
  ["cp311-cp311d-linux_x86_64", "is built for cp311-cp311d, and this interpreter is cp311-cp311"],
  [
    "cp311-cp311-win32.win_amd64",
    "is built for win32 or win_amd64, and this machine is manylinux_2_36_x86_64",
  ],
])("%s does not: %s", (tags, said) => {
  let error: unknown;
  try {
    checkTags(wheelNamed(tags), supported);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(TenonError);
  expect(error).toMatchObject({
    code: "WHEEL_TAGS",
    message: `greet-1.0-${tags}.whl ${said}`,
    hints: [expect.stringContaining("for this interpreter and machine")],
  });
});

test.each([undefined, "", ">=3.8", ">=3.11, <4", "~=3.11", "!=3.10.*", ">=3.11.7"])(
  "Requires-Python %s takes 3.11.7",
  (requiresPython) => {
    const wheel = { ...wheelNamed("py3-none-any"), requiresPython } as Wheel;
    expect(() => checkPython(wheel, "3.11.7")).not.toThrow();
    expect(() => checkPython(wheel, "3.11.7rc1")).not.toThrow();
  },
);

test.each([">=3.12", "<3.11", "==2.7.*", "not a specifier"])(
  "Requires-Python %s does not",
  (requiresPython) => {
    const wheel = { ...wheelNamed("py3-none-any"), requiresPython } as Wheel;
    expect(() => checkPython(wheel, "3.11.7")).toThrow(
      expect.objectContaining({
        code: "WHEEL_PYTHON",
        message: `greet-1.0-py3-none-any.whl needs Python ${requiresPython}, and this interpreter is 3.11.7`,
      }),
    );
  },
);
