/** Reading SageMath checkouts: what build/pkgs says becomes recipes. */
export { type Checkout, readCheckout } from "./checkout.ts";
export { type CheckMode, checkModes } from "./checks.ts";
export { type SageDependencies } from "./dependencies.ts";
export { readInstalled, type SageInstalled } from "./installed.ts";
export { type SagePackage } from "./package.ts";
export { type CheckoutWorkspace, readCheckoutWorkspace } from "./workspace.ts";
