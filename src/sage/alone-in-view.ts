/**
 * In one prefix for all, Sage starts pip before each wheel, to remove an older one, and a lock around each pip.
 * In a view there is none to remove, and nobody else who writes. Every bash of the build reads these
 * functions; they call Sage's own programs for what a view does have, and for all other arguments.
 */
export const aloneInView = `cat >"$SAGE_BUILD_DIR/alone.sh" <<'END'
sage-pip-uninstall() {
  local wanted="\${1,,}" there
  for there in "$SAGE_VENV"/lib/python3*/site-packages/*-info; do
    there="\${there##*/}" there="\${there%.*}" there="\${there%%-*}" there="\${there,,}"
    if [ "\${there//[_.]/}" = "\${wanted//[-_.]/}" ] || [ $# -ne 1 ]; then
      command sage-pip-uninstall "$@"
      return
    fi
  done
}
sage-flock() {
  if [ $# -gt 2 ] && [[ "$1:$2" == -[sx]:/* ]]; then
    shift 2
    "$@"
  else
    command sage-flock "$@"
  fi
}
END
export BASH_ENV="$SAGE_BUILD_DIR/alone.sh"`;
