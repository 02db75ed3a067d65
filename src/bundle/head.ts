/**
 * The readable part of a bundle: a POSIX shell script that looks at itself, at the machine and at the place, and unpacks only then.
 * All of it is one function, so that a shell which has not read it to its end runs nothing. It is a success only where what it unpacked says so.
 *
 * Each byte is looked at before something is unpacked: the whole file by the digest in its third line. What unpacks looks at the
 * script once more (`relocating.ts`), since a script that was changed could pass over its own first look.
 */
import { digestOf, showCount } from "../core/index.ts";
import { quoted } from "./shell-text.ts";
import type { AskedPath, Requirements } from "./requirements.ts";

export interface HeadFacts {
  readonly name: string;
  readonly tool: string;
  readonly packages: number;
  readonly requirements: Requirements;
  /** The longest path that its files can name; absent where they name none. */
  readonly longestPath?: number;
}

const noDigest = "0".repeat(64);
const start = "#!/bin/sh\n";

export interface Head {
  readonly text: string;
  /** Of the text, without the digest that is put into it. */
  readonly digest: string;
  /** Where in it the digest of the file without this digest stands. */
  readonly digestAt: number;
}

export function renderHead(facts: HeadFacts): Head {
  let length = 0;
  let text = "";
  // Its own length is a part of it.
  for (let before = -1; before !== length;) {
    before = length;
    text = scriptOf(facts, length);
    length = Buffer.byteLength(text);
  }
  const digestAt = Buffer.byteLength(text.slice(0, text.indexOf(noDigest)));
  const bytes = Buffer.from(text);
  const rest = [bytes.subarray(0, digestAt), bytes.subarray(digestAt + noDigest.length)];
  return { text, digest: digestOf(Buffer.concat(rest)), digestAt };
}

function scriptOf(facts: HeadFacts, length: number): string {
  const { name, tool, packages, requirements, longestPath } = facts;
  const comment = `# ${name}: ${showCount(packages, "package")}, bundled by tenon ${tool}. sh FILE --prefix DIR unpacks them; sh FILE --help says more.\n`;
  const digestAt = Buffer.byteLength(`${start}${comment}sum=`);
  return `${start}${comment}sum=${noDigest}
main() {
${functions}
LC_ALL=C; export LC_ALL; umask 022; unset IFS CDPATH
self=$0; prefix=; check=; ended=; tail=${length + 1}; packages=${quoted(showCount(packages, "package"))}
${arguments_}
for tool in cat chmod gzip head mkdir mv rm rmdir sha256sum tail tar tr uname; do
  command -v "$tool" >/dev/null || die 4 "it needs the program $tool, which is not on PATH"
done
[ -f "$self" ] || die 2 "it reads itself, so start it as a file: sh FILE --prefix DIR"
real=$({ head -c ${digestAt} -- "$self" && tail -c +${digestAt + noDigest.length + 1} -- "$self"; } | sha256sum) || exit 4
[ "\${real%% *}" = "$sum" ] || die 4 "it is not as it was made: it is cut, or bytes of it are changed. Nothing was unpacked. Get the file again"
${requirementsText(requirements)}
[ -z "$missing" ] || { printf '%s\\n' "$self: this machine does not have what the bundle needs; nothing was unpacked:$missing" >&2; exit 4; }
[ -z "$check" ] || { printf '%s\\n' "$self: it is whole, and this machine has what it needs"; exit 0; }
${placeText(longestPath)}
${unpacking}
}
main "$@"; exit 4
`;
}

const functions = `die() { code=$1; shift; printf '%s\\n' "$self: $*" >&2; exit "$code"; }
usage() { printf '%s\\n' "usage: sh $self --prefix DIR | --check | --help" >&2; exit 2; }
help() {
  printf '%s\\n' "sh $self --prefix DIR" "  unpacks $packages into the folder DIR, which must not exist or be empty, and has them name it" \\
    "sh $self --check" "  says whether the file is whole, and whether this machine has what it needs" \\
    "It needs a POSIX shell, tar, gzip, and of coreutils or busybox:" \\
    "  cat chmod head mkdir mv rm rmdir sha256sum tail tr uname"
}
lack() { missing="$missing
  $*"; }
folders() {
  [ -r "$1" ] || return 0
  while read -r word more || [ -n "$word" ]; do
    case $word in
      include) for each in $more; do folders "$each"; done ;;
      /*) dirs="$dirs $word" ;;
    esac
  done <"$1"
}
library() {
  found=
  for dir in $dirs; do [ ! -e "$dir/$1" ] || { found=$dir/$1; return 0; }; done
  return 1
}
glibc() {
  has=; line=
  for each in $loaders; do
    [ ! -x "$each" ] || { line=$("$each" --version 2>/dev/null | head -n 1); break; }
  done
  case $line in
    *version\\ *) ;;
    *) if library libc.so.6; then line=$("$found" 2>/dev/null | head -n 1); fi ;;
  esac
  case $line in *version\\ [0-9]*) has=\${line##*version }; has=\${has%%[!0-9.]*}; has=\${has%.} ;; esac
}
older() {
  [ "\${1%%.*}" -lt "\${2%%.*}" ] && return 0
  [ "\${1%%.*}" -gt "\${2%%.*}" ] && return 1
  a=\${1#*.}; b=\${2#*.}
  [ "\${a%%.*}" -lt "\${b%%.*}" ]
}`;

const arguments_ = `while [ $# -gt 0 ]; do
  case $1 in
    --prefix) [ $# -gt 1 ] || usage; prefix=$2; shift 2 ;;
    --prefix=*) prefix=\${1#*=}; shift ;;
    --check) check=1; shift ;;
    -h | --help) help; exit 0 ;;
    *) usage ;;
  esac
done
[ -n "$prefix$check" ] || usage`;

function requirementsText(requirements: Requirements): string {
  const { machine, loaders, leastGlibc, libraries, files } = requirements;
  const lines = ["missing=; machine=$(uname -m); dirs=; loaders="];
  if (machine !== undefined)
    lines.push(
      `[ "$machine" = ${machine.what} ] || lack "the architecture ${machine.what}, for which "${asker(machine)}" is made; this is $machine"`,
    );
  if (libraries.length > 0)
    lines.push(
      "folders /etc/ld.so.conf",
      'for each in ${LD_LIBRARY_PATH:+$(IFS=:; printf "%s " $LD_LIBRARY_PATH)} "/lib/$machine-linux-gnu" "/usr/lib/$machine-linux-gnu" /lib64 /usr/lib64 /lib /usr/lib; do dirs="$dirs $each"; done',
    );
  for (const each of loaders)
    lines.push(
      `loaders="$loaders "${quoted(each.what)}; [ -x ${quoted(each.what)} ] || lack "the loader "${quoted(each.what)}", for which "${asker(each)}" asks"`,
    );
  if (leastGlibc !== undefined)
    lines.push(
      "glibc",
      `{ [ -n "$has" ] && ! older "$has" ${leastGlibc.what}; } || lack "the GNU C library ${leastGlibc.what} or newer, for which "${asker(leastGlibc)}" asks; here is \${has:-none}"`,
    );
  for (const each of libraries) {
    lines.push(
      `if ! library ${quoted(each.what)}; then lack "the library "${quoted(each.what)}", for which "${asker(each)}" asks"`,
    );
    if (each.versions.length > 0) {
      const cases = each.versions.map(
        (version) =>
          `  case $text in *${quoted(version)}*) ;; *) lack "${version} in the library $found, for which "${asker(each)}" asks" ;; esac`,
      );
      lines.push('else text=$(cat -- "$found" 2>/dev/null | tr -d "\\000")', ...cases);
    }
    lines.push("fi");
  }
  for (const each of files)
    lines.push(
      `[ -e ${quoted(each.what)} ] || lack "the file "${quoted(each.what)}", to which "${asker(each)}" leads"`,
    );
  return lines.join("\n");
}

function asker({ path, symbol }: AskedPath): string {
  return quoted(symbol === undefined ? path : `${path} (${symbol})`);
}

/** From `$prefix`, as it was typed, `$P`, by which the files name it. */
function placeText(longestPath: number | undefined): string {
  const named =
    longestPath === undefined
      ? ""
      : `case $P in *[!A-Za-z0-9_./+-]*) die 2 "the path $P has other characters than letters, digits and _./+-, and files of the bundle could not name it. Choose another path" ;; esac
[ \${#P} -le ${longestPath} ] || die 2 "the path $P has \${#P} bytes, and files of the bundle have room for ${longestPath}. Choose a shorter path"
`;
  return `case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac
case $prefix/ in */../* | */./*) [ -d "$prefix" ] || die 2 "name the folder $prefix without . and .." ;; esac
while :; do case $prefix in *//*) prefix=\${prefix%%//*}/\${prefix#*//} ;; ?*/) prefix=\${prefix%/} ;; *) break ;; esac; done
at=$prefix; rest=
while [ ! -d "$at" ]; do
  if [ -e "$at" ] || [ -L "$at" ]; then die 2 "$at is not a folder"; fi
  rest=/\${at##*/}$rest; at=\${at%/*}; at=\${at:-/}
done
at=$(cd -P -- "$at" && pwd -P) || exit 4
P=\${at%/}$rest
[ -n "$P" ] || die 2 "the root of the machine is not a place for it"
${named}for each in "$P"/* "$P"/.[!.]* "$P"/..?*; do
  if [ -e "$each" ] || [ -L "$each" ]; then die 3 "the folder $P is not empty. Name a folder that does not exist, or one that is empty"; fi
done`;
}

/** Beside the place, from where it comes there in one step. A killed one has left a folder that is named after its process. */
const unpacking = `parent=\${P%/*}; parent=\${parent:-/}
mkdir -p -- "$parent" || exit 4
beside=\${parent%/}/.\${P##*/}.tenon-bundle-
for each in "$beside"*; do
  case \${each##*-} in '' | *[!0-9]*) continue ;; esac
  kill -0 "\${each##*-}" 2>/dev/null || rm -rf -- "$each"
done
new=$beside$$
trap 'rm -rf -- "$new"' EXIT
trap 'exit 130' HUP INT TERM
mkdir -- "$new" || exit 4
tail -c "+$tail" -- "$self" | gzip -dc | tar -xpof - -C "$new" || die 4 "it could not be unpacked into $new. Nothing is at $P"
. "$new/relocate" || exit 4
if [ -d "$P" ]; then rmdir -- "$P" || exit 4; fi
mv -T -- "$new/tree" "$P" 2>/dev/null || { [ ! -e "$P" ] && mv -- "$new/tree" "$P"; } || die 4 "$P could not be made"
case $ended in yes) printf '%s\\n' "unpacked $packages into $P"; exit 0 ;; esac`;
