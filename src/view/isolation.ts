/** How far a build is kept apart from the machine. */

export type Isolation =
  | {
      readonly kind: "view";
      /** False for real root, where mounting works without one. */
      readonly userNamespace: boolean;
      readonly overlay: "kernel" | "fuse";
      /** Whether it has a root of its own, in which a build can write to its own folders only (I17). */
      readonly root: boolean;
      /** Why it has none, in one sentence. */
      readonly lacks?: string;
    }
  | {
      readonly kind: "none";
      /** One sentence: what was refused. */
      readonly reason: string;
    };
