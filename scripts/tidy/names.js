/** Names that say nothing. */
import { ts } from "./parser.js";
import { eachNode, lineOf } from "./sources.js";

const empty = "utils?|helpers?|common|shared|manager|misc|stuff";
/** `string-utils` says no more than `utils`; `shared-files` are files that are shared. */
const emptyName = new RegExp(`^(?:.*-)?(?:${empty})$`);
const emptyWord = new RegExp(`(?:^|[a-z])(?:Utils?|Helpers?|Manager)$|^(?:${empty})$`);
const wellFormed = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.crash)?(?:\.test|\.d)?\.[a-z]+$/;

/** @returns {string[]} */
export function badNames(/** @type {readonly import("./sources.js").Source[]} */ sources) {
  return sources.flatMap(({ file, tree }) => {
    const [name = "", ...folders] = file.split("/").reverse();
    const faults = [name.replace(/\..*/, ""), ...folders]
      .filter((part) => emptyName.test(part))
      .map((part) => `${file}: ${part} does not say what is in it`);
    if (!wellFormed.test(name)) faults.push(`${file}: names of files are words-with-hyphens`);
    eachNode(tree, (node) => {
      const isNamed =
        ts.isFunctionDeclaration(node) ||
        ts.isClassDeclaration(node) ||
        ts.isInterfaceDeclaration(node) ||
        ts.isTypeAliasDeclaration(node);
      if (isNamed && node.name !== undefined && emptyWord.test(node.name.text))
        faults.push(`${file}:${lineOf(node)}: ${node.name.text} does not say what it does`);
    });
    return faults;
  });
}
