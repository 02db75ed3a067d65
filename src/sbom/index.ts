/** Bills of materials: what is in a stack, in the forms that are published for that; pure. */
export type { Bill, BilledFile, BilledPackage, StatedLicence } from "./bill.ts";
export { statedLicence } from "./stated-licence.ts";
export { renderCycloneDx } from "./cyclonedx.ts";
export { renderSpdx } from "./spdx.ts";

/** The name of a form, as it is said on the command line. */
export const billForms = ["spdx", "cyclonedx"] as const;
export type BillForm = (typeof billForms)[number];
