/** What the shell of a machine is to run: commands with their times. */

const now = "$(date +%s%N)";

const tell = (label, from, to) =>
  `echo "$${to} $${from}" | awk '{ printf "${label} %.2f s\\n", ($1 - $2) / 1e9 }'`;

export function timed(command) {
  return `t0=${now}; ${command}; code=$? t1=${now}
${tell("took", "t0", "t1")}
[ $code = 0 ]`;
}

/** Ten times, for the fastest. */
export function versions(program) {
  return `${program} --version && for i in 1 2 3 4 5 6 7 8 9 10; do
t=${now}; ${program} --version >/dev/null || exit; echo "$(( ${now} - t ))"
done | sort -n | awk 'NR == 1 { printf "fastest %.0f ms\\n", $1 / 1e6 }'`;
}

/** When the first package is being built, and when all are. */
export function watched(command) {
  return `t0=${now}; ${command} >log 2>&1 & pid=$!
until grep -q "\\] building" log || ! kill -0 $pid; do sleep 0.01; done; t1=${now}
wait $pid; code=$? t2=${now}
${tell("under way after", "t0", "t1")}
${tell("done after", "t0", "t2")}
tail -n 1 log
rm log
[ $code = 0 ]`;
}

/**
 * The build takes some seconds, and its last package fails, so that it needs parts of the program late. Each command
 * is a function of the folder that has the release.
 */
export function upgradeWhileBuilding({ program, upgrade, version }) {
  return `${program("/release")} build -C slow >log 2>&1 & pid=$!
until grep -q "\\] building" log || ! kill -0 $pid; do sleep 0.05; done
${upgrade("/newer")} || exit
wait $pid; code=$?
cat log
[ $code = 1 ] && grep -q "failed: 1 package" log && rm log
said=$(${program("/newer")} --version)
echo "now it is $said"
[ $code = 1 ] && [ "$said" = ${version} ]`;
}
