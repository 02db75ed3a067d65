#!/bin/sh
# Installs tenon @version@ (@platform@) with a Node.js of its own. It needs sh, tar and gzip.
#
#   sh FILE                  installs into ~/.local, or as root into /usr/local
#   sh FILE --prefix DIR     installs into DIR
#   sh FILE --remove         removes every version of tenon that such a file has installed
#
# DIR/lib/tenon has a folder for each version, and DIR/bin/tenon is a link to the newest. The version before stays
# there, since it may still be running.
set -eu
name=tenon-@version@-@platform@
first_line=@first-line@
digest=@digest@
link_start=../lib/tenon/

fail() {
  echo "error: $1" >&2
  [ -z "${2-}" ] || echo "  hint: $2" >&2
  exit "${3-4}"
}

prefix=
action=install
while [ $# -gt 0 ]; do
  case $1 in
    --prefix) [ $# -gt 1 ] || fail "--prefix needs a folder" "" 2; prefix=$2; shift ;;
    --prefix=*) prefix=${1#--prefix=} ;;
    --remove) action=remove ;;
    --help | -h) sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) fail "$1 is not an option of this file" "Use --prefix DIR, --remove or --help." 2 ;;
  esac
  shift
done
if [ -z "$prefix" ]; then
  if [ "$(id -u)" = 0 ]; then prefix=/usr/local; else prefix=$HOME/.local; fi
fi
home=$prefix/lib/tenon
link=$prefix/bin/tenon

ours() {
  [ -L "$link" ] || return 1
  case $(readlink "$link") in "$link_start"*) return 0 ;; *) return 1 ;; esac
}

if [ $action = remove ]; then
  [ -d "$home" ] || ours || fail "tenon is not installed in $prefix" "Name its folder with --prefix DIR." 2
  if ours; then rm -f "$link"; fi
  rm -rf "$home"
  rmdir "$prefix/bin" "$prefix/lib" 2>/dev/null || :
  [ "$prefix" != "${HOME-}/.local" ] || rmdir "$prefix" 2>/dev/null || :
  echo "removed tenon from $prefix"
  echo "What it has built and kept is in ~/.cache/tenon: rm -r ~/.cache/tenon removes that, too."
  exit 0
fi

if [ -e "$link" ] || [ -L "$link" ]; then
  ours || fail "$link is there already, and not from a file like this one" \
    "Remove it, or install elsewhere with --prefix DIR." 3
fi
found=$(tail -n "+$first_line" "$0" | sha256sum)
[ "${found%% *}" = "$digest" ] || fail "$0 is damaged" "Download it again."
mkdir -p "$home" "$prefix/bin"
new=$(mktemp -d "$home/.new-XXXXXX")
trap 'rm -rf "$new"; rmdir "$home" "$prefix/bin" "$prefix/lib" 2>/dev/null || :' EXIT
trap 'exit 130' INT TERM HUP
tail -n "+$first_line" "$0" | gzip -dc | tar -xof - -C "$new"
said=$("$new/$name/node/bin/node" -e 'require(process.argv[1])' "$new/$name/node_modules/koffi" 2>&1) &&
  said=$("$new/$name/bin/tenon" --version 2>&1) || fail "tenon cannot run on this machine: $said" \
  "This file is for @platform@; choose the one for your processor and C library."
before=$(readlink "$link" || :)
before=${before#"$link_start"}
before=${before%%/*}
if [ -d "$home/$name" ]; then mv "$home/$name" "$new/replaced"; fi
mv "$new/$name" "$home/$name"
ln -s "$link_start$name/bin/tenon" "$new/link"
mv -f "$new/link" "$link"
for version in "$home"/*/; do
  version=${version%/}
  case ${version##*/} in "$name" | "$before") ;; *) rm -rf "$version" ;; esac
done
echo "installed tenon $said in $home/$name"
case :$PATH: in
  *":$prefix/bin:"*) ;;
  *) echo "$prefix/bin is not in PATH yet: export PATH=\"$prefix/bin:\$PATH\"" ;;
esac
exit 0
