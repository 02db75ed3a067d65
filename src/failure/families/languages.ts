/** Compilers and package managers of other languages: Java, .NET, JavaScript, Haskell, Ruby, TeX, D, Nim, Go's modules. */
import type { Recogniser } from "../recogniser.ts";

export const languages: readonly Recogniser[] = [
  {
    kind: "missing-program",
    pattern: /^error: could not exec the linker `(?<name>[^`/]+)`: No such file or directory/,
    missing: "program",
  },
  {
    kind: "link-error",
    pattern: /^error: linking with [^`\s]+ failed/,
    reason: "linking failed",
    certainty: "summary",
  },
  // GHC's message begins below the place.
  {
    kind: "compile-error",
    pattern: /^\S+:\d+:\d+(?:-\d+)?: error:(?: \[[\w-]+\])?$/,
    reason: "$next",
    saysIt: "next-line",
  },
  { kind: "missing-module", pattern: /^Could not find module [‘`'](?<name>[^’']+)[’']/ },
  {
    kind: "compile-error",
    pattern: /^\[ERROR\] \S+:\[\d+(?:,\d+)?\] (?:error: )?(?<text>.*)/,
    reason: "$text",
  },
  {
    kind: "compile-error",
    pattern: /^\S+\.(?:java|scala|kt|groovy):\d+: (?!warning|note|error:)(?<text>.*)/,
    reason: "$text",
  },
  {
    kind: "missing-package",
    pattern:
      /^(?:\[(?:ERROR|FATAL)\] )?(?<text>.*(?:Could not (?:find artifact|resolve (?:all |dependencies|\S+:\S+:))|could not be resolved|Non-resolvable parent POM|[Uu]nresolved dependency).*)/,
    reason: "$text",
    certainty: "vague",
  },
  {
    kind: "script-error",
    pattern: /^\[ERROR\] Failed to execute goal (?<text>.*)/,
    reason: "$text",
    certainty: "summary",
  },
  // Gradle: the task or script, and below it why.
  {
    kind: "script-error",
    pattern:
      /^(?:Execution failed for task|A problem occurred|A failure occurred while executing|Could not determine the dependencies of)\b/,
    reason: "$next",
    certainty: "summary",
    saysIt: "next-line",
  },
  {
    kind: "script-error",
    pattern: /^\* What went wrong:$/,
    reason: "$next",
    certainty: "summary",
    saysIt: "next-line",
  },
  {
    kind: "crash",
    pattern: /^(?:Exception in thread "[^"]*" |Caused by: )(?<text>[\w.$]+(?:Exception|Error)\b.*)/,
    reason: "$text",
    certainty: "vague",
  },
  {
    kind: "missing-module",
    pattern: /^\S+(?:\(\d+,\d+\):|:\d+:\d+ -) error TS(?:2307|7016): (?<text>.*)/,
    reason: "$text",
  },
  {
    kind: "compile-error",
    pattern:
      /^(?:\S+(?:\(\d+,\d+(?:,\d+,\d+)?\):|:\d+:\d+ -) )?error (?:TS|CS|FS|BC|MSB|NU|NETSDK)\d+: (?<text>.*)/,
    reason: "$text",
  },
  {
    kind: "link-error",
    pattern: /^\S+ : (?:fatal )?error LNK\d+: (?<text>.*)/,
    reason: "$text",
  },
  {
    kind: "missing-module",
    pattern:
      /^(?:Module not found: )?Error: Can(?:'t|not) (?:resolve|find module) '(?<name>[^']+)'/,
    reason: "the JavaScript module $name is missing",
  },
  {
    kind: "missing-module",
    pattern: /^(?:\[vite\].*)?(?:Failed|failed) to resolve import "(?<name>[^"]+)"/,
    reason: "the JavaScript module $name is missing",
  },
  {
    kind: "missing-package",
    pattern: /^(?:npm (?:ERR!|error) )?404 Not Found - GET (?<text>\S+)/,
    reason: "what it wanted to download is not there: $text",
  },
  {
    kind: "missing-package",
    pattern: /^(?:npm (?:ERR!|error) )?ERESOLVE (?<text>.*)/,
    reason: "the requirements contradict each other: $text",
  },
  {
    kind: "missing-program",
    pattern: /^error Command "(?<name>[^"]+)" not found\.$/,
    missing: "program",
  },
  {
    kind: "missing-program",
    pattern: /\bCould not find any Python installation to use$/,
    reason: "the program python is missing",
  },
  {
    kind: "missing-header",
    pattern: /^mkmf\.rb can't find header files for ruby/,
    reason: "the headers of Ruby are missing",
  },
  {
    kind: "missing-module",
    pattern: /\b(?:cannot load such file|no such file to load) -- (?<name>\S+)(?: \(LoadError\))?/,
    reason: "the Ruby file $name is missing",
  },
  {
    kind: "missing-package",
    pattern:
      /\b[Cc](?:ould not|an't) find (?:(?=gem )|(?=.*\b[Gg]ems?\b))(?:gem )?'?(?<name>[\w.-]+)/,
    reason: "the Ruby gem $name is missing, in the version that is required",
  },
  {
    kind: "script-error",
    pattern: /^\S+:\d+:in .*?: (?<text>.+) \((?:\w+::)*[A-Z]\w+\)$/,
    reason: "$text",
    certainty: "vague",
  },
  {
    kind: "missing-file",
    pattern: /^! (?:LaTeX|Package \S+) Error: File [`'](?<name>[^']+)' not found/,
    reason: "the TeX file $name is missing",
  },
  { kind: "compile-error", pattern: /^! (?<text>[A-Z].*)/, reason: "$text", certainty: "vague" },
  { kind: "compile-error", pattern: /^nvcc fatal *: (?<text>.*)/, reason: "$text" },
  {
    kind: "compile-error",
    pattern: /^\S+\(\d+(?:,\s*\d+)?\):? (?:[Ff]atal )?[Ee]rror(?: [A-Z]+\d+)?: (?<text>.*)/,
    reason: "$text",
  },
  {
    kind: "compile-error",
    pattern:
      /^(?:syntax error|Can't locate object method .*|Global symbol .*|Bareword .*|String found where operator expected) at \S+ line \d+\b.*/,
  },
  {
    kind: "missing-module",
    pattern: /^(?<name>\w+(?:::\w+)*) version \S+ required--this is only version \S+/,
    reason: "the Perl module $name is there only in a version that does not do",
  },
  {
    kind: "script-error",
    pattern: /^(?:PHP )?(?:Fatal|Parse) error: +(?<text>.*)/,
    reason: "$text",
    certainty: "vague",
  },
  {
    kind: "script-error",
    pattern: /^\*\* \(\w[\w.]*\) (?<text>.*)/,
    reason: "$text",
    certainty: "vague",
  },
  {
    kind: "missing-package",
    pattern: /^\S*[Rr]esolvePackageNotFound:/,
    reason: "conda has no package $next",
    saysIt: "next-line",
  },
];

/** Go's packages and modules. */
export const go: readonly Recogniser[] = [
  {
    kind: "missing-module",
    pattern:
      /^(?:build \S+: )?cannot find (?:module|package)(?: providing package (?<name>[^\s:]+)| for path)/,
    reason: "the Go package $name is missing",
  },
  {
    kind: "configure-error",
    pattern:
      /^(?<text>(?:build flag -|pattern \S+: (?:directory|main module)|go: inconsistent ).*)/,
    reason: "$text",
  },
  {
    kind: "missing-module",
    pattern: /(?:^|: )(?:package )?(?<name>[\w./-]+) is not in (?:std|GOROOT)\b/,
    reason: "the Go package $name is missing",
  },
  {
    kind: "missing-module",
    pattern: /^\S+\.go:\d+\S*: can't find import: "?(?<name>[^\s"]+)"?/,
    reason: "the Go package $name is missing",
  },
  {
    kind: "compile-error",
    pattern: /^(?:can't load package: |cannot load )(?:package )?(?<text>\S.*)/,
    reason: "$text",
  },
  {
    kind: "compile-error",
    pattern: /^(?<text>found packages \S+ \(\S+\) and .*)/,
    reason: "$text",
  },
  {
    kind: "missing-file",
    pattern: /^go: (?:cannot find main module|go\.mod file not found)/,
    reason: "there is no go.mod here",
  },
  {
    kind: "missing-module",
    pattern:
      /^go: (?<text>(?:updates to go\.mod needed|inconsistent vendoring|missing go\.sum entry|errors parsing|go\.mod requires go).*)/,
    reason: "$text",
  },
];

/** Git, registries of images, and what a CI system ends. */
export const services: readonly Recogniser[] = [
  {
    kind: "missing-file",
    pattern: /^fatal: No url found for submodule path '(?<name>[^']+)'/,
    reason: "the submodule $name has no address in .gitmodules",
  },
  {
    kind: "not-found",
    pattern: /^fatal: repository '(?<name>[^']+)' not found|^remote: Repository not found/,
    reason: "the repository $name is not there",
  },
  {
    kind: "script-error",
    pattern: /^fatal: (?<text>.*)/,
    reason: "$text",
    certainty: "summary",
  },
  {
    kind: "permission",
    pattern: /^(?:\S+: )?(?:denied|unauthorized): (?<text>.*)/,
    reason: "a registry refused: $text",
  },
  {
    kind: "script-error",
    pattern: /^Cannot connect to the Docker daemon/,
    reason: "the Docker daemon is not running",
  },
  {
    kind: "killed",
    pattern:
      /\bhas exceeded the maximum execution time\b|^(?:##\[error\])?The operation was cancell?ed\.?$/,
    reason: "the CI system ended it",
    certainty: "vague",
  },
];

/** Not a warning, a question that was answered, a command, what counts nothing, or only says that a command failed. */
const saidInWords = String.raw`^(?!.*(?:\bwarn|\b0 (?:errors?|failures?|failed)\b|^checking |^-- |\.\.\. (?:no|yes)$| -[IDLWol]\S|\bexit(?:ed)?[ -](?:with |status|code)|^Command '|non-zero|[Nn]on-fatal|scriptlet failed|builder failed|^[-=>]+ [Ff]ailed to (?:build|install)))(?=\S+ \S+ \S)(?:.*[\s"'(:>])?`;

const wordsOfLack = [
  "not found",
  "missing",
  "not (?:be |appear to be )?(?:found|installed|available|present|located)",
  "(?:must|needs? to|should) be (?:installed|present|available)",
  "no module named",
  "(?:please|need to|have to|must) install",
  "(?:isn't|is not) (?:installed|available|present)",
  "(?:cannot|can't|could not|couldn't|unable to) (?:find|locate|detect)",
  "is required",
];

/** Each tells what is wrong; that something has failed is told by the lines that pass it on. */
const wordsOfFailure = [
  "failed to (?!build|compile|configure|execute|install|run)[a-z]",
  "cannot",
  "can't",
  "could(?: not|n't)",
  "unable to",
  "unsupported",
  "(?:no longer|not|only) (?:supported|allowed|permitted|valid)",
  "invalid\\b",
  "unknown\\b",
  "unrecogni[sz]ed",
  "mismatch",
  "incompatible",
  "too old",
  "conflicts?\\b",
  "must (?:not )?be\\b",
  "does(?: not|n't) exist",
  "no such",
  "do(?:es)? not know",
  "should not\\b",
  "usage:",
];

/** Read last of all: it calls itself an error, or ends with the words of a system call that failed. */
export const lastResort: readonly Recogniser[] = [
  {
    kind: "crash",
    pattern: /^(?:java|javax|org|com|net|io|scala|kotlin)\.[\w.$]+(?:Error|Exception)(?:: .*|$)/,
    certainty: "summary",
  },
  {
    kind: "python-error",
    pattern: /^(?:\w+\.)*\w+(?:Error|Exception): ./,
    certainty: "summary",
  },
  {
    kind: "missing-file",
    pattern: /\[Errno 2\] No such file or directory: '(?<name>[^']+)'/,
    reason: "the file $name is missing",
    certainty: "summary",
  },
  {
    kind: "missing-file",
    pattern: /(?<name>[^\s:'‘"`]+)['’"]?: No such file or directory$/,
    reason: "the file $name is missing",
    certainty: "summary",
  },
  {
    kind: "script-error",
    pattern:
      /^(?:FAILED: )?(?<text>.*\S: (?:Invalid argument|Broken pipe|Input\/output error|Exec format error|exec format error|Is a directory|Not a directory|Argument list too long|Device or resource busy|Text file busy|Too many open files|File exists|Directory not empty|Invalid cross-device link|File name too long|Operation not supported|Inappropriate ioctl for device|Resource temporarily unavailable))$/,
    reason: "$text",
    certainty: "summary",
  },
  {
    kind: "script-error",
    pattern:
      /^(?:\S+ ?: +|##\[error\]|\[[\w!]+\] |[^\w\s]+ )?(?:fatal |internal )?error(?: [A-Z]+\d+)?(?: ?: +|! ?)(?<text>\S.*)/i,
    reason: "$text",
    certainty: "summary",
  },
  {
    kind: "script-error",
    pattern:
      /^(?:E: |\[(?:ERROR|FATAL|error|fatal)\] *)(?!-> |\[Help|To see |Re-run |For more |After correcting |mvn )(?<text>\S.*)/,
    reason: "$text",
    certainty: "summary",
  },
  {
    kind: "script-error",
    pattern:
      /^(?<text>\S+ \(\S+\) is not available|Hash Sum mismatch|.*\bVersion mismatch error\b.*)/,
    reason: "$text",
    certainty: "summary",
  },
  {
    kind: "permission",
    pattern: /^permission denied(?: \(os error 13\))?$/i,
    certainty: "summary",
  },
  {
    kind: "missing-file",
    pattern: /^no such file or directory(?: \(os error 2\))?$/i,
    reason: "a file or program is missing",
    certainty: "summary",
  },
  {
    kind: "script-error",
    pattern: /^(?:\[?error\]?|fatal|failed|error (?:during|in|while) [\w ]+)[!:.]*$/i,
    reason: "$next",
    certainty: "summary",
    saysIt: "next-line",
  },
  {
    kind: "script-error",
    pattern: /\b(?<text>SC\d{4} \((?:error|warning|info|style)\): .*)/,
    reason: "$text",
    certainty: "summary",
  },
  {
    kind: "missing-package",
    pattern: new RegExp(`${saidInWords}(?:${wordsOfLack.join("|")})\\b`, "i"),
    certainty: "guess",
  },
  {
    kind: "script-error",
    pattern: new RegExp(`${saidInWords}(?:${wordsOfFailure.join("|")})`, "i"),
    certainty: "guess",
  },
];
