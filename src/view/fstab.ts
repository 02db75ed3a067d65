/** Lines of a table of mounts, in the form of fstab(5): one mount mounts them all. */

export interface MountLine {
  readonly source: string;
  readonly target: string;
  /** Of the file system; `none` for a folder or file that is bound. */
  readonly type?: string;
  readonly options: string;
}

export function fstab(lines: readonly MountLine[]): string {
  return lines.map(lineOf).join("");
}

function lineOf({ source, target, type = "none", options }: MountLine): string {
  return `${escapeField(source)} ${escapeField(target)} ${type} ${options}\n`;
}

/** What would end a field or begin a comment, by its number. */
function escapeField(text: string): string {
  return text.replace(/[\s\\#]/g, (character) => {
    return `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`;
  });
}
