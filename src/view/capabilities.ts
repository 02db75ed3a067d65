/** What a build may do besides what its user may: nothing that could undo its view or reach around it. */
import type { Machine } from "../world/index.ts";
import type { Isolation } from "./isolation.ts";

/**
 * What root needs for files and processes of its own. With none of these it can mount or unmount,
 * make a device, open a file by its handle (`dac_read_search`), or look into the view's first process.
 */
const rootKeeps = [
  "chown",
  "dac_override",
  "fowner",
  "fsetid",
  "kill",
  "setgid",
  "setuid",
  "setpcap",
  "setfcap",
  "net_bind_service",
  "sys_chroot",
];

/** The beginning of the command line of what runs in a view. */
export function rightsOf(
  { userId, groupId }: Pick<Machine, "userId" | "groupId">,
  { userNamespace }: Isolation & { kind: "view" },
  setpriv: string | undefined,
): string[] {
  if (userNamespace)
    return ["unshare", "--user", `--map-user=${userId}`, `--map-group=${groupId}`, "--"];
  if (setpriv === undefined) return [];
  const kept = rootKeeps.map((name) => `+${name}`).join(",");
  return [setpriv, "--inh-caps=-all", `--bounding-set=-all,${kept}`, "--"];
}
