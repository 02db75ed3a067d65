/** What the bundle leaves outside: native, or loaded only where a person waits anyway (a download, a mistake in a recipe). */
export const external = ["koffi", "undici", "toml-eslint-parser"];
