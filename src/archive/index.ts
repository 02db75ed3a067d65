/** Archives: unpacking sources, and the zip files that wheels are (I11). */
export { decompress } from "./decompress.ts";
export { unpackForeign } from "./unpack-foreign.ts";
export { readTar, type TarMember } from "./tar-reader.ts";
export { unpackArchive } from "./unpack.ts";
export { checkZipFile, readZip, type ZipReader } from "./zip-reader.ts";
export type { ZipEntry } from "./zip-directory.ts";
