/** Writes small tar archives, right ones and wrong ones. */

export interface TarMember {
  readonly name: string | Uint8Array;
  readonly content?: string | Uint8Array;
  /** `0` a file, `1` a hard link, `2` a symlink, `5` a folder. */
  readonly type?: string;
  readonly target?: string | Uint8Array;
  readonly mode?: number;
  readonly modifiedSeconds?: number;
  readonly prefix?: string;
  readonly declaredBytes?: number;
  /** Added to the right checksum. */
  readonly checksumError?: number;
  readonly sizeField?: string;
}

export function tarOf(members: readonly TarMember[], end = 1024): Buffer {
  return Buffer.concat([...members.map(memberOf), Buffer.alloc(end)]);
}

export function paxOf(records: Readonly<Record<string, string>>, type = "x"): TarMember {
  const lines = Object.entries(records).map(([key, value]) => paxLine(key, value));
  return { name: "PaxHeaders/x", type, content: Buffer.concat(lines) };
}

function paxLine(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`);
  let length = rest.length;
  while (String(length).length + rest.length !== length) {
    length = String(length).length + rest.length;
  }
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function memberOf(member: TarMember): Buffer {
  const content = Buffer.from(member.content ?? "");
  const block = Buffer.alloc(512);
  Buffer.from(member.name as string).copy(block, 0, 0, 100);
  block.write(octal(member.mode ?? 0o644, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(member.sizeField ?? octal(member.declaredBytes ?? content.length, 11), 124, "latin1");
  block.write(octal(member.modifiedSeconds ?? 1_000_000_000, 11), 136);
  block.write(member.type ?? "0", 156);
  Buffer.from((member.target ?? "") as string).copy(block, 157, 0, 100);
  block.write("ustar\u000000", 257);
  block.write(member.prefix ?? "", 345);
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0) + (member.checksumError ?? 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return Buffer.concat([block, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}
