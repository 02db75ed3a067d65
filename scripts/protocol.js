/**
 * Makes `src/reapi/protocol/*_pb.ts` of the .proto files beside them: `node scripts/protocol.js`. What it needs is
 * fetched when it runs, as the files are as good as never changed.
 */
import { execFileSync } from "node:child_process";

const folder = "src/reapi/protocol";
const programs = ["@bufbuild/buf@1.75.0", "@bufbuild/protoc-gen-es@2.9.0"];
const template = {
  version: "v2",
  plugins: [
    {
      local: "protoc-gen-es",
      out: folder,
      opt: ["target=ts", "import_extension=ts", "ts_nocheck=false"],
    },
  ],
};
const packages = programs.flatMap((name) => ["--package", name]);
const command = ["buf", "generate", folder, "--template", JSON.stringify(template)];
execFileSync("npx", ["--yes", ...packages, "--", ...command], { stdio: "inherit" });
execFileSync("npx", ["oxfmt", folder], { stdio: "inherit" });
