/** What `tenon install FILE.whl…` loads. */
export { installWheels } from "../library/index.ts";
