/** The report's script and style; the bundler puts what it makes of `page/` in their place. */
import type { PageParts } from "../report/index.ts";

declare const TENON_PAGE: PageParts | undefined;

export const pageParts: PageParts =
  typeof TENON_PAGE === "object" ? TENON_PAGE : { script: "", style: "" };
