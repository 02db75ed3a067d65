/** SageMath checkouts: what build/pkgs says becomes recipes, and Sage's make a companion that is told of what tenon builds. */
export { sage } from "./companion.ts";
