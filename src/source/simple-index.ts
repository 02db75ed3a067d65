/** What files the configured places have of a project (PEP 503, PEP 691; and plain folders). */
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { isDigest, TenonError } from "../core/index.ts";
import { normalizeProject } from "../requirements/index.ts";
import { isDiskError, NetworkError, type Response } from "../world/index.ts";
import { type Address, addressFrom, fileNameOf, headersFor } from "./address.ts";
import { boundedBody } from "./bounded-body.ts";
import { type SourceContext, stallMsOf } from "./context.ts";
import { readDistribution } from "./distribution.ts";
import type { PipIndex } from "./pip-index.ts";
import type { ProjectFile } from "./project-file.ts";
import { type Try, judgeFailure, judgeStatus, withRetries } from "./retry.ts";
import { anchorsOf } from "./simple-html.ts";
import { readProjectJson } from "./simple-json.ts";

const acceptedTypes =
  "application/vnd.pypi.simple.v1+json, " +
  "application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01";

/**
 * Folders first, then pages, then the indexes in their order; a place that does not have the
 * project adds nothing. Offline: the folders only. Throws a TenonError of kind `source` when a
 * place does not answer, so that what is chosen does not depend on who happened to be up.
 */
export async function listProject(
  context: SourceContext,
  index: PipIndex,
  project: string,
): Promise<ProjectFile[]> {
  const files = index.folders.flatMap((folder) => filesInFolder(context, folder));
  const add = (found: readonly ProjectFile[]): void => {
    for (const file of found) files.push(file);
  };
  if (!context.offline) {
    for (const page of index.pages) add(await filesOnPage(context, page, project));
    for (const base of index.indexes) {
      const index = base.url.replace(/\/+$/, "");
      const url = `${index}/${normalizeProject(project)}/`;
      const found = await filesOnPage(context, { ...base, url }, project);
      add(found.map((file) => ({ ...file, index })));
    }
  }
  return files.filter(({ name }) => readDistribution(name, project) !== undefined);
}

function filesInFolder(context: SourceContext, folder: string): ProjectFile[] {
  try {
    return context.world.disk
      .list(folder)
      .filter(({ type }) => type === "file" || type === "link")
      .map(({ name }) => ({ name, address: { url: pathToFileURL(`${folder}/${name}`).href } }));
  } catch (error) {
    if (isDiskError(error, "ENOENT", "ENOTDIR", "EACCES")) return [];
    throw error;
  }
}

async function filesOnPage(
  context: SourceContext,
  page: Address,
  project: string,
): Promise<ProjectFile[]> {
  const subject = { package: project, url: page.url };
  const result = await withRetries(context, subject, () => readPage(context, page));
  if (result.kind === "done") return result.value;
  throw new TenonError({
    kind: "source",
    code: "INDEX_UNREACHABLE",
    message: `the package index does not list the files of ${project} (${page.url}): ${result.reason}`,
    hints: ["`python3 -m pip config list` shows which package index is configured."],
  });
}

async function readPage(context: SourceContext, page: Address): Promise<Try<ProjectFile[]>> {
  try {
    const response = await context.world.network.request(page.url, {
      headers: { accept: acceptedTypes, "accept-encoding": "gzip", ...headersFor(page) },
      timeoutMs: stallMsOf(context),
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    });
    try {
      if (response.status === 404) return { kind: "done", value: [] };
      if (response.status !== 200) return judgeStatus(response);
      return filesIn(response, page, await textOf(context, response));
    } finally {
      await response.close();
    }
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    return judgeFailure(error);
  }
}

/** The largest pages of the largest index have some twenty. */
const pageBytes = 128 << 20;

async function textOf({ world }: SourceContext, response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of boundedBody(world.clock, response, pageBytes)) chunks.push(chunk);
  const content = Buffer.concat(chunks);
  const isPlain = !/gzip/i.test(response.headers["content-encoding"] ?? "");
  try {
    return (isPlain ? content : gunzipSync(content, { maxOutputLength: pageBytes })).toString(
      "utf8",
    );
  } catch (error) {
    const isLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    const reason = isLarge ? "the compressed page is too large" : "the compressed page is damaged";
    throw new NetworkError(response.url, reason, { cause: error, isFinal: isLarge });
  }
}

function filesIn(response: Response, page: Address, text: string): Try<ProjectFile[]> {
  const type = response.headers["content-type"] ?? "";
  const isJson = /^application\/(vnd\.pypi\.simple\.v1\+)?json\b/i.test(type);
  const files = isJson
    ? readProjectJson(text, { page, base: response.url })
    : anchorsOf(text, response.url).map((anchor) => fileFrom(page, anchor));
  return files === undefined
    ? { kind: "failed", reason: "its answer is not valid JSON" }
    : { kind: "done", value: files };
}

function fileFrom(
  page: Address,
  { url, attributes }: { url: string; attributes: ReadonlyMap<string, string> },
): ProjectFile {
  const [location = "", fragment = ""] = url.split("#");
  const sha256 = new URLSearchParams(fragment).get("sha256")?.toLowerCase();
  const requiresPython = attributes.get("data-requires-python");
  const yanked = attributes.get("data-yanked");
  return {
    name: fileNameOf(location),
    address: addressFrom(page, location),
    ...(sha256 !== undefined && isDigest(sha256) ? { sha256 } : {}),
    ...(requiresPython === undefined ? {} : { requiresPython }),
    ...(yanked === undefined ? {} : { yanked }),
  };
}
