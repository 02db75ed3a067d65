/** The order and extent of wheel tags. */
import { expect, test } from "vitest";
import { supportedTags } from "../../src/builder/python/tags.ts";

const cpython = {
  version: [3, 11, 7] as const,
  implementation: "cpython",
  soabi: "cpython-311-x86_64-linux-gnu",
  abiFlags: "",
  freeThreaded: false,
  machine: "x86_64",
  libc: ["glibc", 2, 36] as const,
};

test("CPython on glibc, best first", () => {
  const { abi, all } = supportedTags(cpython);
  expect(abi).toBe("cp311");
  expect(all.slice(0, 2)).toEqual([
    "cp311-cp311-manylinux_2_36_x86_64",
    "cp311-cp311-manylinux_2_35_x86_64",
  ]);
  const order = [
    "cp311-cp311-manylinux_2_17_x86_64",
    "cp311-cp311-manylinux2014_x86_64",
    "cp311-cp311-manylinux1_x86_64",
    "cp311-cp311-linux_x86_64",
    "cp311-abi3-linux_x86_64",
    "cp311-none-linux_x86_64",
    "cp310-abi3-linux_x86_64",
    "cp32-abi3-linux_x86_64",
    "py311-none-linux_x86_64",
    "py3-none-linux_x86_64",
    "py310-none-linux_x86_64",
    "cp311-none-any",
    "py311-none-any",
    "py3-none-any",
    "py30-none-any",
  ];
  expect(all.filter((tag) => order.includes(tag))).toEqual(order);
  expect(new Set(all).size).toBe(all.length);
  expect(all).not.toContain("cp312-abi3-linux_x86_64");
});

test("other machines start with manylinux2014", () => {
  const { all } = supportedTags({ ...cpython, machine: "aarch64" });
  expect(all).toContain("cp311-cp311-manylinux2014_aarch64");
  expect(all).not.toContain("cp311-cp311-manylinux_2_16_aarch64");
});

test("musl", () => {
  const { all } = supportedTags({ ...cpython, libc: ["musl", 1, 2] });
  expect(all.slice(0, 4)).toEqual([
    "cp311-cp311-musllinux_1_2_x86_64",
    "cp311-cp311-musllinux_1_1_x86_64",
    "cp311-cp311-musllinux_1_0_x86_64",
    "cp311-cp311-linux_x86_64",
  ]);
});

test("free-threaded and debug interpreters", () => {
  const threaded = supportedTags({ ...cpython, version: [3, 13, 0], freeThreaded: true });
  expect(threaded.abi).toBe("cp313t");
  expect(threaded.all.filter((tag) => tag.includes("abi3"))).toEqual([]);
  expect(supportedTags({ ...cpython, abiFlags: "d" }).abi).toBe("cp311d");
});

test("PyPy", () => {
  const { all } = supportedTags({
    ...cpython,
    implementation: "pypy",
    version: [3, 10, 14],
    soabi: "pypy310-pp73",
    libc: ["unknown", 0, 0],
  });
  expect(all.slice(0, 2)).toEqual(["pp310-pypy310_pp73-linux_x86_64", "pp310-none-linux_x86_64"]);
});
