/** A person's secret keys: a file each, which nobody else may read. */
import { typedWord, TenonError } from "../core/index.ts";
import { parseSecretKey, renderSecretKey, type SecretKey } from "../signing/index.ts";
import { isDiskError, listIfAny, makeDirectories, type World } from "../world/index.ts";

const ending = ".key";
const largestFile = 1 << 12;

const keyFile = (folder: string, name: string): string => `${folder}/${name}${ending}`;

/** Makes the file; throws where a key of this name is there. */
export function keepSecretKey({ disk }: World, folder: string, key: SecretKey): string {
  const file = keyFile(folder, key.name);
  makeDirectories(disk, folder, 0o700);
  try {
    disk.createFile(file, `${renderSecretKey(key)}\n`, 0o600);
  } catch (error) {
    if (!isDiskError(error, "EEXIST")) throw error;
    throw new TenonError({
      kind: "usage",
      code: "KEY_EXISTS",
      message: `there is a key of this name already: ${file}`,
      hints: [
        `Choose another name, with the year in it for one: \`tenon key new ${key.name}-2\`.`,
        "`tenon key` prints the public half of the one that is there.",
      ],
    });
  }
  return file;
}

/** All of a folder, sorted by name. Throws where one could be read by others, or is not a key. */
export function readSecretKeys(world: World, folder: string): SecretKey[] {
  return listIfAny(world.disk, folder)
    .filter(({ name }) => name.endsWith(ending))
    .map(({ name }) => readSecretKey(world, `${folder}/${name}`));
}

export function readSecretKey({ disk, machine }: World, file: string): SecretKey {
  const { content, mode, ownerId } = disk.readPlainFile(file, largestFile);
  if ((mode & 0o077) !== 0 || (ownerId !== machine.userId && ownerId !== 0))
    throw new TenonError({
      kind: "machine",
      code: "KEY_EXPOSED",
      message: `the secret key ${file} could be read or replaced by others`,
      hints: [
        `\`chmod 600 ${typedWord(file)}\` ends that, if nobody has read it; else make a new key.`,
      ],
    });
  const key = parseSecretKey(Buffer.from(content).toString("utf8"));
  if (key !== undefined) return key;
  throw new TenonError({
    kind: "usage",
    code: "KEY_DAMAGED",
    message: `${file} is not a secret key of tenon`,
    hints: ["`tenon key new NAME` makes one."],
  });
}
