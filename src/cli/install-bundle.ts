/** What `tenon install FILE.sh` loads. */
export { installBundle } from "../library/index.ts";
