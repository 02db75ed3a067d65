/** Downloads, archives, checksums and patches. */
import type { Recogniser } from "../recogniser.ts";

export const fetching: readonly Recogniser[] = [
  {
    kind: "network",
    pattern: /failed to load external entity "(?<name>https?:[^"]+)"/,
    reason: "it tried to download $name",
    certainty: "vague",
  },
  {
    kind: "not-found",
    pattern: /returned error: (?<text>4\d\d)\b/,
    reason: "what it wanted to download is not there ($text)",
  },
  {
    kind: "not-found",
    pattern: /\bERROR (?<text>4\d\d): /,
    reason: "what it wanted to download is not there ($text)",
  },
  {
    kind: "not-found",
    pattern: /HTTP Error (?<text>4\d\d)\b|\b(?:404 Client Error|HTTP 404)\b/,
    reason: "what it wanted to download is not there",
  },
  {
    kind: "network",
    pattern:
      /Temporary failure in name resolution|Temporary failure resolving|Could not resolve (?:host|hostname)|Couldn't resolve host|Name or service not known|Network is unreachable|getaddrinfo failed|unable to resolve host|nodename nor servname|Failed to connect to|Connection refused|Couldn't connect to server|Connection timed out|download of .* failed: |Failed to establish a new connection/,
    reason: "it tried to use the network, which a build does not have",
  },
  {
    kind: "network",
    pattern: /certificate verify failed|SSL certificate problem/i,
    reason: "the certificate of a server cannot be verified",
  },
  {
    kind: "checksum",
    pattern:
      /^(?<name>\S+): FAILED$|WARNING: \d+ computed checksum did NOT match|(?:hash|checksum|digest) mismatch|does not match expected value/i,
    reason: "a file is not the one whose checksum was noted",
  },
  {
    kind: "bad-archive",
    pattern:
      /not in gzip format|This does not look like a tar archive|Unexpected EOF in archive|unexpected end of file|File format not recognized|BadZipFile|not a bzip2 file|End-of-central-directory signature not found/i,
    reason: "an archive is damaged, or it is not an archive",
  },
  {
    kind: "patch",
    pattern: /^\d+ out of \d+ hunks? (?:FAILED|ignored)/,
    reason: "a patch does not fit the source",
  },
  {
    kind: "patch",
    pattern: /^error: patch failed: (?<name>\S+)/,
    reason: "a patch does not fit the source",
  },
  {
    kind: "patch",
    pattern: /^(?:can't find file to patch|No file to patch\.)/,
    reason: "the file that a patch changes is missing",
  },
  {
    kind: "patch",
    pattern: /Only garbage was found in the patch input/,
    reason: "a patch file does not hold a patch",
  },
];
