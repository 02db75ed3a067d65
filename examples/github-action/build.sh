#!/bin/sh
# The build of the action: what the machine allows, then the build, and the report of a build that fails.
# DIRECTORY is the workspace, ARGUMENTS are those of `tenon build`, and RUNNER_TEMP is where the report goes.
set -u
echo "::group::tenon doctor"
tenon doctor -C "$DIRECTORY"
echo "::endgroup::"
# shellcheck disable=SC2086 # several arguments
tenon build -C "$DIRECTORY" ${ARGUMENTS-} && exit 0
code=$?
tenon report -C "$DIRECTORY" --output "$RUNNER_TEMP/tenon-report.html" || :
exit $code
