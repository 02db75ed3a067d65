/** Pinning, downloading, checking and placing the sources of packages. */
export { type SourceContext, type SourceEvent } from "./context.ts";
export { digestSource } from "./digest.ts";
export { download, type DownloadOptions } from "./download.ts";
export { type Address, addressOf, serverAddressOf } from "./address.ts";
export { hasCrates } from "./crates.ts";
export { adoptSource, packSource, type PackedSource } from "./packed-source.ts";
export { eachAtOnce } from "./each-at-once.ts";
export { fetchSource } from "./fetch-source.ts";
export { pinSource } from "./pin.ts";
export { type PipIndex, readPipIndex } from "./pip-index.ts";
export { placeSource } from "./place.ts";
export { locateFile } from "./pypi.ts";
export type { ProjectFile } from "./project-file.ts";
export { listProject } from "./simple-index.ts";
