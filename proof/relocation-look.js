/** What the records of a prefix say of the files that name it. */
import { readdirSync, readFileSync } from "node:fs";

/** By package: files, those that are relocated, their forms, the kinds of places in them, and its pins. */
export function readPackages(prefix) {
  const records = `${prefix}/var/lib/tenon/packages`;
  return readdirSync(records)
    .filter((file) => file.endsWith(".json"))
    .map((file) => {
      const { name, manifest, pins = [] } = JSON.parse(readFileSync(`${records}/${file}`, "utf8"));
      const maps = manifest.filter(([type, , , , , map]) => type === "f" && map !== undefined);
      return {
        name,
        files: manifest.filter(([type]) => type !== "d").length,
        relocated: maps.length,
        forms: count(maps.map(([, , , , , [form]]) => form)),
        places: count(maps.flatMap(([, , , , , [, ...places]]) => places.map(kindOf))),
        pins,
      };
    });
}

/** As the manifest writes a place. */
function kindOf([, second, third]) {
  if (second === undefined) return "path";
  if (third !== undefined) return typeof third === "string" ? "shebang" : "piece";
  return second === 0 ? "name" : "row";
}

function count(items) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
}
