/** Small transactions of every kind, for tests that break them everywhere. */
import type { Place, Scenario } from "./stack.ts";

const site = "lib/python3/site-packages";
const libold = {
  name: "lib",
  version: "1",
  files: { "lib/liba.so": "old", "include/a.h": "old", "bin/a": "old a", "share/doc/a": "doc" },
};
const libnew = {
  name: "lib",
  version: "2",
  files: { "lib/liba.so": "new", "include/a.h": "new", "bin/a": "new a", "share/doc/b": "doc" },
};
const other = {
  name: "other",
  files: { "lib/libo.so": "o", "include/o.h": "o", "bin/o": "o", [`${site}/o.py`]: "o" },
};

const everywhere: readonly Scenario[] = [
  { name: "a package into an empty prefix", installed: [], add: [libold] },
  { name: "a package beside another", installed: [other], add: [libold] },
  { name: "several packages with shared directories", installed: [], add: [libold, other] },
  { name: "an upgrade of the only package", installed: [libold], add: [libnew] },
  { name: "an upgrade beside another package", installed: [libold, other], add: [libnew] },
  { name: "a downgrade", installed: [libnew, other], add: [libold] },
  { name: "the same package again", installed: [libold, other], add: [libold] },
  { name: "a removal", installed: [libold, other], remove: ["lib"] },
  { name: "the removal of the last package", installed: [libold], remove: ["lib"] },
  {
    name: "one in, one out, one up",
    installed: [libold, other],
    add: [libnew, { name: "third", files: { "lib/third.so": "3", "share/third/x": "3" } }],
    remove: ["other"],
  },
  {
    name: "one in, one out, one that a workspace wants from now on, and one no more",
    installed: [libold, other, { name: "theirs", files: { "lib/theirs": "1" } }],
    add: [{ name: "third", files: { "lib/third.so": "3" } }],
    remove: ["other"],
    wishes: { workspace: "/w", wanted: ["lib"], unwanted: ["theirs"] },
  },
  {
    name: "only who wants a package changes",
    installed: [libold],
    wishes: { workspace: "/w", wanted: ["lib"], unwanted: [] },
  },
  {
    name: "a file that moves from one package to another",
    installed: [
      { name: "a", files: { "bin/tool": "1", "lib/a": "1" } },
      { name: "b", files: { "lib/b": "1" } },
    ],
    add: [
      { name: "a", version: "2", files: { "lib/a": "2" } },
      { name: "b", version: "2", files: { "bin/tool": "2", "lib/b": "2" } },
    ],
  },
  {
    name: "a file becomes a directory",
    installed: [{ name: "a", files: { "share/x": "file" } }, other],
    add: [{ name: "a", version: "2", files: { "share/x/y": "inside" } }],
  },
  {
    name: "a directory becomes a file",
    installed: [{ name: "a", files: { "share/x/y": "inside", "share/x/z": "inside" } }, other],
    add: [{ name: "a", version: "2", files: { "share/x": "file" } }],
  },
  {
    name: "a directory becomes a link",
    installed: [{ name: "a", files: { "share/x/y": "inside", "share/z/y": "there" } }],
    add: [{ name: "a", version: "2", files: { "share/x": "-> z", "share/z/y": "there" } }],
  },
  {
    name: "a link becomes a directory",
    installed: [{ name: "a", files: { "share/x": "-> z", "share/z/y": "there" } }],
    add: [{ name: "a", version: "2", files: { "share/x/y": "inside", "share/z/y": "there" } }],
  },
  {
    name: "foreign files in exchanged directories",
    installed: [{ name: "a", files: { "share/a/one": "1", "share/a/deep/two": "1" } }],
    foreign: { "share/a/mine": "keep", "share/a/deep/mine": "keep", "notes.txt": "keep" },
    add: [{ name: "a", version: "2", files: { "share/a/one": "2", "share/a/deep/two": "2" } }],
  },
  {
    name: "foreign files in removed directories",
    installed: [{ name: "a", files: { "share/a/one": "1", "share/a/deep/two": "1" } }],
    foreign: { "share/a/deep/mine": "keep" },
    remove: ["a"],
  },
  {
    name: "bytecode of what changes and of what stays",
    installed: [
      { name: "a", files: { [`${site}/a.py`]: "a = 1", [`${site}/pkg/__init__.py`]: "1" } },
      other,
    ],
    foreign: {
      [`${site}/__pycache__/a.cpython-311.pyc`]: "old a",
      [`${site}/__pycache__/o.cpython-311.pyc`]: "o",
      [`${site}/pkg/__pycache__/__init__.cpython-311.pyc`]: "old init",
    },
    add: [
      {
        name: "a",
        version: "2",
        files: { [`${site}/a.py`]: "a = 2", [`${site}/pkg/__init__.py`]: "2" },
      },
    ],
  },
  {
    name: "bytecode of a package that leaves",
    installed: [
      { name: "a", files: { [`${site}/pkg/__init__.py`]: "1", [`${site}/pkg/sub/x.py`]: "1" } },
      other,
    ],
    foreign: {
      [`${site}/pkg/__pycache__/__init__.cpython-311.pyc`]: "old init",
      [`${site}/pkg/sub/__pycache__/x.cpython-311.pyc`]: "old x",
    },
    remove: ["a"],
  },
  {
    name: "a namespace package that two share",
    installed: [{ name: "ns-a", files: { [`${site}/ns/a/__init__.py`]: "1" } }],
    add: [{ name: "ns-b", files: { [`${site}/ns/b/__init__.py`]: "1" } }],
  },
  {
    name: "a directory joined through a link to one",
    installed: [{ name: "venv", files: { lib64: "-> lib", "lib/x": "x" } }],
    add: [{ name: "c", files: { "lib64/libc.so": "c", "lib64/pkgconfig/c.pc": "c" } }],
  },
  {
    name: "a path that is taken over",
    installed: [{ name: "a", files: { "bin/tool": "a's", "lib/a": "a" } }],
    add: [{ name: "b", files: { "bin/tool": "b's" }, takesOver: ["bin/tool"] }],
  },
  {
    name: "what was taken over goes back",
    installed: [
      { name: "a", files: { "bin/tool": "a's", "lib/a": "a" } },
      { name: "b", files: { "bin/tool": "b's" }, takesOver: ["bin/tool"] },
    ],
    remove: ["b"],
  },
  {
    name: "what several packages bring alike, with the last but one of them",
    installed: [
      { name: "ns-a", files: { [`${site}/ns/__init__.py`]: "", [`${site}/ns/a.py`]: "1" } },
      { name: "ns-b", files: { [`${site}/ns/__init__.py`]: "", [`${site}/ns/b.py`]: "1" } },
    ],
    add: [{ name: "ns-c", files: { [`${site}/ns/__init__.py`]: "", [`${site}/ns/c.py`]: "1" } }],
    remove: ["ns-a"],
  },
  {
    name: "a stage into a prefix that a group shares",
    isShared: true,
    installed: [libold, other],
    handsOver: true,
    add: [libnew],
  },
  {
    name: "the last package of folders that were there",
    earlier: { bin: "/", share: "/", etc: "/" },
    installed: [{ name: "a", files: { "bin/a": "1", "share/a/x": "1", "lib/a": "1" } }],
    remove: ["a"],
  },
  {
    name: "an upgrade in folders that were there",
    earlier: { bin: "/", "share/a": "/" },
    installed: [{ name: "a", files: { "bin/a": "1", "share/a/x": "1", "share/a/y": "1" } }],
    add: [{ name: "a", version: "2", files: { "bin/a": "2", "share/b": "2" } }],
  },
  {
    name: "two newcomers of which one takes over",
    installed: [],
    add: [
      { name: "a", files: { "bin/tool": "a's", "lib/a": "a" } },
      { name: "b", files: { "bin/tool": "b's" }, takesOver: ["bin/tool"] },
    ],
  },
  {
    name: "a stage that is handed over, into an empty prefix",
    installed: [],
    handsOver: true,
    add: [libold],
  },
  {
    name: "an upgrade by a stage that is handed over",
    installed: [libold, other],
    foreign: { "share/doc/mine": "keep" },
    handsOver: true,
    add: [libnew],
  },
  {
    name: "a stage that is handed over and takes over a path",
    installed: [{ name: "a", files: { "bin/tool": "a's", "lib/a": "a" } }],
    handsOver: true,
    add: [{ name: "b", files: { "bin/tool": "b's", "lib/b": "b" }, takesOver: ["bin/tool"] }],
  },
  {
    name: "a stage of which another package keeps a path",
    installed: [{ name: "a", files: { "bin/tool": "a's" }, takesOver: ["bin/tool"] }],
    handsOver: true,
    add: [{ name: "b", files: { "bin/tool": "b's", "lib/b": "b" } }],
  },
  {
    name: "an upgrade of files that somebody changed",
    installed: [libold, other],
    edits: { "include/a.h": "mine", "bin/a": "old b", "share/doc/a": null },
    add: [libnew],
  },
  {
    name: "an upgrade of a directory and a link that somebody changed",
    installed: [{ name: "a", files: { "share/a/x": "1", "share/a/l": "-> x", "share/b": "1" } }],
    edits: { "share/a/x": "mine", "share/a/l": "-> y" },
    add: [{ name: "a", version: "2", files: { "share/a/x": "2", "share/b": "2" } }],
  },
  {
    name: "the removal of a file that somebody changed",
    installed: [libold, other],
    edits: { "share/doc/a": "mine" },
    remove: ["lib"],
  },
  {
    name: "a repair",
    installed: [libold, other],
    edits: { "include/a.h": "broken", "bin/a": null },
    add: [libold],
    repair: ["include/a.h", "bin/a"],
  },
  {
    name: "what is there becomes two packages'",
    installed: [other],
    foreign: { "lib/liba.so": "old", "share/doc/mine": "keep", "share/b/x": "b" },
    adopts: true,
    add: [
      { name: "lib", files: { "lib/liba.so": "old" } },
      { name: "b", files: { "share/b/x": "b" } },
    ],
  },
  {
    name: "a package takes over what is nobody's",
    installed: [other],
    foreign: { "lib/liba.so": "old", "include/a.h": "mine", "share/doc/mine": "keep" },
    takesForeign: true,
    add: [libold],
  },
  {
    name: "a package takes over what is nobody's as it goes up",
    installed: [libold, other],
    foreign: { "share/doc/b": "mine", "share/doc/mine": "keep" },
    takesForeign: true,
    add: [libnew],
  },
  {
    name: "a rollback of an upgrade, with files that somebody changed",
    installed: [libold, other],
    foreign: { "share/doc/mine": "keep" },
    edits: { "include/a.h": "mine" },
    rollBack: { add: [libnew] },
  },
  {
    name: "a rollback of one in, one out, one up",
    installed: [libold, other],
    rollBack: { add: [libnew, { name: "third", files: { "lib/3": "3" } }], remove: ["other"] },
  },
  {
    name: "a rollback of a path that was taken over",
    installed: [{ name: "a", files: { "bin/tool": "a's", "lib/a": "a" } }],
    rollBack: { add: [{ name: "b", files: { "bin/tool": "b's" }, takesOver: ["bin/tool"] }] },
  },
  {
    name: "empty directories and strange names",
    installed: [
      { name: "a", files: { "share/empty/": "", "share/a b/c\nd": "1", "share/é": "1" } },
    ],
    add: [{ name: "a", version: "2", files: { "share/hollow/": "", "share/a b/c\nd": "2" } }],
  },
];

/** Those that need every way around what a file system lacks. */
const telling = new Set([
  "a package into an empty prefix",
  "an upgrade beside another package",
  "a removal",
  "one in, one out, one up",
  "a file becomes a directory",
  "a directory becomes a file",
  "a directory becomes a link",
  "foreign files in exchanged directories",
  "foreign files in removed directories",
  "bytecode of what changes and of what stays",
  "bytecode of a package that leaves",
  "an upgrade by a stage that is handed over",
  "an upgrade of files that somebody changed",
  "a rollback of one in, one out, one up",
]);

function on(place: Place): Scenario[] {
  return everywhere
    .filter(({ name }) => telling.has(name))
    .map((scenario) => ({ ...scenario, name: `${scenario.name} (${place})`, on: place }));
}

export const scenarios: readonly Scenario[] = [...everywhere, ...on("overlay"), ...on("weak")];
