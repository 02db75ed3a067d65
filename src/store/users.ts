/**
 * Who uses a store: `users/ID.json` names a prefix, and the workspace that it is of, where there is one. It is written
 * when something of the store is about to join the prefix. What a user has on record is in use; where its folders are
 * gone, so is its claim.
 */
import { digestOf } from "../core/index.ts";
import { type Disk, exists, readTextIfAny, type World, writeAtomically } from "../world/index.ts";
import type { StoreLayout } from "./layout.ts";

/** Both are absolute. */
export interface StoreUser {
  readonly prefix: string;
  readonly workspace?: string;
}

/** A power loss may take the note: then the next change of the prefix writes it anew. */
export function noteUser(world: World, layout: StoreLayout, user: StoreUser): void {
  const text = `${JSON.stringify(user)}\n`;
  const file = `${layout.users}/${digestOf(text)}.json`;
  if (exists(world.disk, file)) return;
  writeAtomically(world.disk, file, text, {
    temporary: `${layout.scratch}/${world.clock.uniqueId()}`,
    durable: false,
  });
}

/** What is damaged names nobody. */
export function readUsers(disk: Disk, layout: StoreLayout): StoreUser[] {
  return disk.list(layout.users).flatMap(({ name }) => {
    try {
      const user = JSON.parse(readTextIfAny(disk, `${layout.users}/${name}`) ?? "null") as unknown;
      return isUser(user) ? [user] : [];
    } catch (error) {
      if (error instanceof SyntaxError) return [];
      throw error;
    }
  });
}

function isUser(value: unknown): value is StoreUser {
  const { prefix, workspace } = (value ?? {}) as Partial<StoreUser>;
  return typeof prefix === "string" && (workspace === undefined || typeof workspace === "string");
}
