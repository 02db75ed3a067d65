/** Runs a program of the release to its end. */
import { spawnSync } from "node:child_process";

/**
 * What the program printed to stdout. Throws with what it printed to stderr when it fails.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnSyncOptions} [options]
 * @returns {Buffer}
 */
export function run(program, args, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    maxBuffer: 2 ** 30,
    ...options,
  });
  if (error) throw new Error(`${program} could not be started: ${error.message}`);
  if (status !== 0) {
    throw new Error(`${[program, ...args].join(" ")} failed (${status}):\n${stderr}${stdout}`);
  }
  return Buffer.from(stdout);
}

/**
 * Compressed by gzip and not by Node.js, whose zlib makes other bytes from version to version.
 *
 * @param {Buffer} data
 */
export function gzip(data) {
  return run("gzip", ["-9n"], { input: data });
}

/**
 * A raw deflate stream, as zip archives have it: what gzip makes, without its head and tail.
 *
 * @param {Buffer} data
 */
export function deflate(data) {
  return gzip(data).subarray(10, -8);
}
