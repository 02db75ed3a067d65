/** The report's script and style; the bundler puts what it makes of `page/` in their place, as JSON. */
import type { PageParts } from "../report/index.ts";

declare const TENON_PAGE: string | undefined;

export const pageParts: PageParts =
  typeof TENON_PAGE === "string"
    ? (JSON.parse(TENON_PAGE) as PageParts)
    : { script: "", style: "" };
