/** What a companion is told of a build that has ended. */
import { isDiskError } from "../world/index.ts";
import { logsOf, type Session } from "../workspace/index.ts";

/** When a package's build or check has ended. That they could not be kept fails nothing. */
export function keepLogs(session: Session, run: string, name: string): void {
  const { companion } = session.workspace;
  if (companion === undefined) return;
  const files = logsOf(session, run, name).map(({ file }) => file);
  try {
    if (files.length > 0) companion.keepLogs(session.world.disk, name, files);
  } catch (error) {
    if (!isDiskError(error)) throw error;
    session.options.emit({ kind: "note", package: name, text: error.message });
  }
}
