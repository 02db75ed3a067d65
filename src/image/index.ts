/** Images of containers: packages in layers, as an OCI image layout. */
export { type BaseImage, readBase } from "./base.ts";
export { architectureOf } from "./format.ts";
export { parseTarget, type PushedImage, pushImage } from "./push-image.ts";
export { writeImage, type WrittenImage } from "./write-image.ts";
export { writeTar } from "./write-tar.ts";
