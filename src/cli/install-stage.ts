/** What `tenon install --stage` loads. */
export { installStage } from "../library/index.ts";
