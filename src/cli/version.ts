/** The program's version; the bundler puts that of package.json in its place. */
declare const TENON_VERSION: string | undefined;

export const version = typeof TENON_VERSION === "string" ? TENON_VERSION : "development";
