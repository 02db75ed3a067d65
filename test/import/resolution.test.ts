/** What uv's and pip's commands answer. */
import { expect, test } from "vitest";
import { readCompiled, readReport } from "../../src/import/resolution.ts";
import type { Requirement } from "../../src/requirements/index.ts";

test("uv pip compile: versions, and who needs whom", () => {
  const text = `click==8.1.8
    # via
    #   -c bounds.txt
    #   flask
flask==3.1.2
    # via -r wanted.txt
jinja2==3.1.6
    # via
    #   flask
    #   sphinx-rtd
markupsafe==3.0.4
    # via jinja2
pysocks==1.7.1
    # via requests
requests[socks]==2.34.2
    # via Sphinx.RTD
sphinx-rtd==1.0+local.1 ; python_version < "4"
    # via -r wanted.txt
`;
  expect([...readCompiled(text).values()]).toEqual([
    { name: "click", version: "8.1.8", needs: [] },
    { name: "flask", version: "3.1.2", needs: ["click", "jinja2"] },
    { name: "jinja2", version: "3.1.6", needs: ["markupsafe"] },
    { name: "markupsafe", version: "3.0.4", needs: [] },
    { name: "pysocks", version: "1.7.1", needs: [] },
    { name: "requests", version: "2.34.2", needs: ["pysocks"] },
    { name: "sphinx-rtd", version: "1.0+local.1", needs: ["jinja2", "requests"] },
  ]);
});

test("pip's report: needs follow from markers, and from extras that somebody else wants", () => {
  const metadata = (name: string, version: string, requires: string[] = []) => ({
    metadata: { name, version, requires_dist: requires },
  });
  const report = JSON.stringify({
    install: [
      metadata("App", "1", ["requests[socks]", 'colorama; sys_platform == "win32"']),
      metadata("requests", "2", ["idna", 'PySocks; extra == "socks"', 'chardet; extra == "old"']),
      metadata("idna", "3"),
      metadata("PySocks", "1.7"),
      metadata("chardet", "5", ["app"]),
    ],
  });
  const roots: Requirement[] = [
    { name: "app", extras: [], specifier: "" },
    { name: "chardet", extras: [], specifier: "" },
  ];
  const resolution = readReport(report, roots, { sys_platform: "linux" });
  expect([...resolution.values()]).toEqual([
    { name: "app", version: "1", needs: ["requests"] },
    { name: "requests", version: "2", needs: ["idna", "pysocks"] },
    { name: "idna", version: "3", needs: [] },
    { name: "pysocks", version: "1.7", needs: [] },
    { name: "chardet", version: "5", needs: ["app"] },
  ]);
});
