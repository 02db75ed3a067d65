/** The command line of `tenon image`. */
import { type FlagsOf, jsonFlag, packageNames, quietFlag, text, workspaceFlags } from "../flags.ts";
import type { CommandLine } from "./command-line.ts";

const flags = {
  directory: workspaceFlags.directory,
  prefix: workspaceFlags.prefix,
  trust: workspaceFlags.trust,
  output: text("The folder to make, or a file that ends with .tar; image when absent", "PLACE"),
  at: {
    kind: "parsed",
    parse: String,
    brief: "The path of the packages in the image",
    placeholder: "DIR",
    default: "/opt/stack",
  },
  base: text("The OCI image layout that the image stands on; none when absent", "DIR[@DIGEST]"),
  push: text(
    "Send it to a registry as well; without --output, nothing is left here",
    "HOST/NAME:TAG",
  ),
  name: text("What the image is called in its index; stack when absent", "NAME"),
  json: jsonFlag,
  quiet: quietFlag,
} as const;

export type ImageFlags = FlagsOf<typeof flags>;

export const image: CommandLine<ImageFlags, string[]> = {
  docs: {
    brief: "Make a container image of packages, without a container engine",
    more: [
      "It writes an OCI image layout, as a folder or as one tar archive, with all packages of the prefix, or those that are named with what they need at run time. The same packages give the same digest, whoever makes it. There are at most 20 layers besides those of the base; a package that changes changes one of them, and the last one, which has the bill of materials. With `--push`, a registry gets the layers that it does not have, and then the tag; `oci+http://HOST/NAME:TAG` is one without TLS.",
    ],
    examples: [
      ["tenon image -o stack.tar", "Make one for `docker load`, `podman load` or skopeo"],
      ["tenon image --base debian -o image", "Stand on the image in the folder debian"],
      ["tenon image --push registry.example.org/team/stack:1", "Send it to a registry"],
    ],
  },
  parameters: {
    flags,
    aliases: { C: "directory", o: "output", q: "quiet" },
    positional: packageNames,
  },
};
