/** A layout as a drawing: dots as large as the time they took, lines, and names where they fit. */
import type { PackageRun } from "../events/run.ts";
import { drawing } from "./element.ts";
import type { PageFacts } from "./facts.ts";
import { chooseLabels, type LabelBox, labelPixels } from "./labels.ts";
import type { Layout, GraphPoint } from "./layout.ts";

export interface Drawn {
  readonly group: SVGGElement;
  readonly nodes: ReadonlyMap<string, SVGGElement>;
  readonly lines: readonly { readonly from: string; readonly to: string; line: SVGPathElement }[];
  readonly hubs: Layout["hubs"];
  readonly size: { readonly width: number; readonly height: number };
  /** Shows the names that fit when one unit is `scale` pixels. */
  label(scale: number): void;
}

const smallest = 3;
const largest = 10;
const leastOpaque = 0.13;
const mostOpaque = 0.45;

export function drawGraph(layout: Layout, facts: PageFacts): Drawn {
  const longestMs = Math.max(1, ...facts.run.packages.map(({ runMs }) => runMs));
  const radiusOf = ({ runMs }: PackageRun): number =>
    smallest + (largest - smallest) * Math.sqrt(runMs / longestMs);
  const nodes = new Map<string, SVGGElement>();
  const texts = new Map<string, SVGTextElement>();
  const boxes: LabelBox[] = [];
  for (const [name, { x, y }] of layout.places) {
    const each = facts.packages.get(name);
    if (each === undefined) continue;
    const radius = radiusOf(each);
    const lineCount = layout.hubs.get(name);
    const label = lineCount === undefined ? name : `${name} · ${lineCount} lines`;
    const text = drawing("text", { dx: 0, y: 0 }, label);
    texts.set(name, text);
    boxes.push({ name, label, x, y, offset: radius, weight: weightOf(each, facts) });
    nodes.set(
      name,
      drawing(
        "g",
        {
          class: `node ${each.state}${each.isCritical ? " critical" : ""}${lineCount === undefined ? "" : " hub"}`,
          transform: `translate(${x} ${y.toFixed(1)})`,
          "data-package": name,
        },
        drawing("title", {}, name),
        drawing("circle", { class: "reach", r: 10 }),
        drawing("circle", { class: "dot", r: radius.toFixed(1) }),
        text,
      ),
    );
  }
  const lines = drawLines(layout, facts);
  const group = drawing(
    "g",
    {},
    drawing("g", {}, ...lines.map(({ line }) => line)),
    drawing("g", {}, ...nodes.values()),
  );
  // Many lines together are dark enough when each is faint.
  const faint = Math.min(mostOpaque, Math.max(leastOpaque, 150 / lines.length));
  group.style.setProperty("--faint", faint.toFixed(3));
  let labelled = 0;
  const label = (scale: number): void => {
    const shown = chooseLabels(boxes, { scale, rank: (name) => rankOf(nodes.get(name)) });
    for (const [name, text] of texts) text.toggleAttribute("hidden", !shown.has(name));
    if (labelled === scale) return;
    labelled = scale;
    group.style.setProperty("--label", `${labelPixels / scale}px`);
    for (const { name, offset } of boxes) {
      texts.get(name)?.setAttribute("x", (offset + 4 / scale).toFixed(1));
    }
  };
  const { width, height, hubs } = layout;
  return { group, nodes, lines, hubs, size: { width, height }, label };
}

function drawLines({ edges, places, hubs }: Layout, facts: PageFacts): Drawn["lines"] {
  return edges.flatMap(({ from, to }) => {
    const [start, end] = [places.get(from), places.get(to)];
    if (start === undefined || end === undefined) return [];
    const isCritical = isLink(from, to, facts);
    const isHub = hubs.has(from) || hubs.has(to);
    const line = drawing("path", {
      class: `line${isCritical ? " critical" : isHub ? " hub" : ""}`,
      d: curve(start, end),
    });
    return [{ from, to, line }];
  });
}

/** What is looked for has its name before all others, what has faded after them. */
function rankOf(node: SVGGElement | undefined): number {
  const has = (kind: string): boolean => node?.classList.contains(kind) ?? false;
  if (has("chosen") || has("found")) return 2;
  return has("dim") ? 0 : 1;
}

/** Names of the critical path and of failures come first, then those that many need. */
function weightOf({ name, isCritical, state }: PackageRun, { dependents }: PageFacts): number {
  const needed = dependents.get(name)?.length ?? 0;
  return needed + (isCritical ? 10_000 : 0) + (state === "failed" ? 20_000 : 0);
}

function isLink(from: string, to: string, { run }: PageFacts): boolean {
  const at = run.bound.path.indexOf(from);
  return at >= 0 && run.bound.path[at + 1] === to;
}

function curve(start: GraphPoint, end: GraphPoint): string {
  const middle = (end.x - start.x) / 2;
  const [y1, y2] = [start.y.toFixed(1), end.y.toFixed(1)];
  return `M${start.x} ${y1}C${start.x + middle} ${y1} ${end.x - middle} ${y2} ${end.x} ${y2}`;
}
