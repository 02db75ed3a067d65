/** `tenon tree`: the graph as a tree, each package with what it needs below it. */
import { pythonVenvName } from "../recipe/index.ts";
import type { World } from "../world/index.ts";
import { type GraphNode, readGraph } from "./graph.ts";
import type { SessionOptions } from "./session.ts";

export interface TreeNode {
  readonly name: string;
  readonly version: string;
  /** How the package above needs it, or is needed by it; absent for one that nothing is above. */
  readonly need?: "run" | "build";
  readonly below: readonly TreeNode[];
  /** What is below it is shown with an earlier one of the same name. */
  readonly isRepeated?: true;
}

export interface TreeOptions {
  /** Where trees begin; when empty, with each package that no other needs. */
  readonly packages: readonly string[];
  /** Show which packages need a package, instead of what it needs. */
  readonly invert: boolean;
  /** How many packages deep; all when absent. */
  readonly depth?: number;
}

/** Throws for a name without a recipe. */
export function readTree(world: World, options: SessionOptions & TreeOptions): TreeNode[] {
  const nodes = readGraph(world, options);
  return makeTree(options.invert ? readGraph(world, { ...options, packages: [] }) : nodes, options);
}

/** The same from the nodes of a graph, which has all that the packages need, or that need them. */
export function makeTree(nodes: readonly GraphNode[], options: TreeOptions): TreeNode[] {
  const edges = options.invert ? inverted(nodes) : forward(nodes);
  const versions = new Map(nodes.map(({ name, version }) => [name, version]));
  const isBelow = new Set([...edges.values()].flatMap((all) => all.map(({ name }) => name)));
  const isRoot = (name: string): boolean =>
    !isBelow.has(name) && (options.invert || name !== pythonVenvName);
  const roots = nodes.map(({ name }) => name).filter(isRoot);
  const shown = new Set<string>();
  const grow = (name: string, level: number, need?: Edge["need"]): TreeNode => {
    const node = {
      name,
      version: versions.get(name) ?? "",
      ...(need === undefined ? {} : { need }),
    };
    const next = edges.get(name) ?? [];
    if (next.length === 0 || level >= (options.depth ?? Infinity)) return { ...node, below: [] };
    if (shown.has(name)) return { ...node, below: [], isRepeated: true };
    shown.add(name);
    return { ...node, below: next.map((edge) => grow(edge.name, level + 1, edge.need)) };
  };
  const starts = options.packages.length > 0 ? [...new Set(options.packages)] : roots;
  return starts.sort().map((name) => grow(name, 0));
}

interface Edge {
  readonly name: string;
  readonly need: "run" | "build";
}

/** The interpreter, which all Python packages need, would be half of such a tree. */
function forward(nodes: readonly GraphNode[]): Map<string, Edge[]> {
  const isShown = ({ name }: Edge): boolean => name !== pythonVenvName;
  return new Map(nodes.map((node) => [node.name, edgesOf(node).filter(isShown)]));
}

function inverted(nodes: readonly GraphNode[]): Map<string, Edge[]> {
  const edges = new Map<string, Edge[]>();
  for (const node of [...nodes].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const { name, need } of edgesOf(node)) {
      edges.set(name, [...(edges.get(name) ?? []), { name: node.name, need }]);
    }
  }
  return edges;
}

/** What is needed at run time comes first; it is needed for building, too, and named once. */
function edgesOf({ run, build }: GraphNode): Edge[] {
  return [
    ...[...run].sort().map((name) => ({ name, need: "run" }) as const),
    ...build
      .filter((name) => !run.includes(name))
      .sort()
      .map((name) => ({ name, need: "build" }) as const),
  ];
}
