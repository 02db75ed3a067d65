/** What is mounted where: the lines of /proc/self/mountinfo, see proc(5). */

export interface MountedPlace {
  readonly place: string;
  /** Of this mount, not of its file system: `ro,nosuid`. */
  readonly options: string;
  readonly type: string;
}

export function readMounts(text: string): MountedPlace[] {
  return text
    .split("\n")
    .filter((line) => line.includes(" - "))
    .map((line) => {
      const [front = "", back = ""] = line.split(" - ");
      const [, , , , place = "", options = ""] = front.split(" ");
      return { place: unescapeField(place), options, type: back.split(" ")[0] ?? "" };
    });
}

function unescapeField(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_whole, digits) =>
    String.fromCharCode(Number.parseInt(String(digits), 8)),
  );
}
