/**
 * A layered drawing of a dependency graph: what is needed stands to the left of what needs it.
 *
 * Layers are the longest chain of needs; a package without needs moves right, next to the first
 * that uses it. Within a layer the order follows the means of the neighbours (a few sweeps to and
 * fro), then each package moves as near to that mean as its neighbours in the layer allow. A long
 * layer is folded into columns. Packages that no line touches stand apart, below. The lines of a hub,
 * which very many need or which needs very many, would cover all others and draw everything to it: they
 * count for the layers only.
 */
import { moveApart } from "./move-apart.ts";
import { directEdges, type Edge, type DrawnNode } from "./direct-edges.ts";

export interface GraphPoint {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly places: ReadonlyMap<string, GraphPoint>;
  readonly edges: readonly Edge[];
  /** Packages whose lines are too many to be drawn together, with the number of them. */
  readonly hubs: ReadonlyMap<string, number>;
  readonly width: number;
  readonly height: number;
}

export interface Spacing {
  readonly column: number;
  readonly row: number;
  /** Width by height, about: long layers are folded until the drawing has it. */
  readonly aspect: number;
}

/** The chosen package is no hub: its lines are what is looked for. */
export function layOut(nodes: readonly DrawnNode[], spacing: Spacing, chosen?: string): Layout {
  const edges = directEdges(nodes);
  const touched = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const joined = nodes.filter(({ name }) => touched.has(name));
  const alone = nodes.filter(({ name }) => !touched.has(name));
  const hubs = hubsOf(edges, { packages: nodes.length, chosen });
  const neighbours = neighboursOf(
    nodes,
    edges.filter(({ from, to }) => !hubs.has(from) && !hubs.has(to)),
  );
  const columns = fold(arrange(layersOf(joined, edges), neighbours), spacing);
  const places = new Map<string, GraphPoint>();
  const width = Math.max(1, columns.length) * spacing.column;
  const row = stretch(columns, width, spacing);
  settleRows(columns, neighbours, { ...spacing, row }, places);
  const height = shiftToZero(places);
  const bottom = placeAlone(alone, { spacing, places, top: height, width });
  return { places, edges, hubs, width, height: bottom + spacing.row };
}

/** A fan of fewer lines can be followed. */
const leastHub = 12;
const hubShare = 1 / 20;

function hubsOf(
  edges: readonly Edge[],
  { packages, chosen }: { readonly packages: number; readonly chosen: string | undefined },
): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const name of edges.flatMap(({ from, to }) => [from, to]))
    lines.set(name, (lines.get(name) ?? 0) + 1);
  const most = Math.max(leastHub, packages * hubShare);
  return new Map([...lines].filter(([name, count]) => count > most && name !== chosen));
}

function neighboursOf(
  nodes: readonly DrawnNode[],
  edges: readonly Edge[],
): ReadonlyMap<string, readonly string[]> {
  const neighbours = new Map<string, string[]>(nodes.map(({ name }) => [name, []]));
  for (const { from, to } of edges) {
    neighbours.get(from)?.push(to);
    neighbours.get(to)?.push(from);
  }
  return neighbours;
}

function layersOf(nodes: readonly DrawnNode[], edges: readonly Edge[]): string[][] {
  const layer = new Map<string, number>(nodes.map(({ name }) => [name, 0]));
  const nearest = new Map<string, number>();
  // Edges come sorted by the order of their ends: one pass each way suffices.
  for (const { from, to } of edges) {
    layer.set(to, Math.max(layer.get(to) ?? 0, (layer.get(from) ?? 0) + 1));
  }
  for (const { from, to } of edges) {
    nearest.set(from, Math.min(nearest.get(from) ?? Infinity, layer.get(to) ?? 0));
  }
  const layers: string[][] = [];
  for (const [name, own] of layer) {
    const at = own === 0 ? Math.max(0, (nearest.get(name) ?? 1) - 1) : own;
    while (layers.length <= at) layers.push([]);
    layers[at]?.push(name);
  }
  return layers;
}

const sweeps = 12;
const leastRows = 12;

/** Orders each layer by the mean place of its neighbours; places are shares of a layer's height. */
function arrange(
  layers: readonly (readonly string[])[],
  neighbours: ReadonlyMap<string, readonly string[]>,
): string[][] {
  const ordered = layers.map((layer) => [...layer]);
  const share = new Map<string, number>();
  const note = (layer: readonly string[]): void =>
    layer.forEach((name, at) => share.set(name, (at + 0.5) / layer.length));
  ordered.forEach(note);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const way = sweep % 2 === 0 ? ordered : ordered.toReversed();
    for (const layer of way) {
      const mean = new Map(layer.map((name) => [name, meanOf(name, neighbours, share)]));
      layer.sort((a, b) => (mean.get(a) ?? 0) - (mean.get(b) ?? 0));
      note(layer);
    }
  }
  return ordered;
}

function meanOf(
  name: string,
  neighbours: ReadonlyMap<string, readonly string[]>,
  values: ReadonlyMap<string, number>,
): number {
  const near = neighbours.get(name) ?? [];
  if (near.length === 0) return values.get(name) ?? 0;
  return near.reduce((sum, each) => sum + (values.get(each) ?? 0), 0) / near.length;
}

/** In turns, not in blocks: what stands side by side in a folded layer stays at its height. */
function fold(layers: readonly (readonly string[])[], spacing: Spacing): string[][] {
  const mostRows = rowsFor(layers, spacing);
  return layers.flatMap((layer) => {
    const count = Math.max(1, Math.ceil(layer.length / mostRows));
    return Array.from({ length: count }, (_, column) =>
      layer.filter((_name, at) => at % count === column),
    );
  });
}

/** The greatest number of rows with which the drawing is at least as wide as wanted. */
function rowsFor(layers: readonly (readonly string[])[], { column, row, aspect }: Spacing): number {
  let rows = Math.max(1, ...layers.map(({ length }) => length));
  const columns = (): number =>
    layers.reduce((total, { length }) => total + Math.max(1, Math.ceil(length / rows)), 0);
  while (rows > leastRows && columns() * column < rows * row * aspect) rows -= 1;
  return rows;
}

const mostStretch = 2.5;

/** A wide drawing has room between its rows: names fit there. */
function stretch(
  columns: readonly (readonly string[])[],
  width: number,
  { row, aspect }: Spacing,
): number {
  const rows = Math.max(1, ...columns.map(({ length }) => length));
  return Math.min(mostStretch * row, Math.max(row, width / aspect / rows));
}

function settleRows(
  columns: readonly (readonly string[])[],
  neighbours: ReadonlyMap<string, readonly string[]>,
  { column, row }: Spacing,
  places: Map<string, GraphPoint>,
): void {
  const height = new Map<string, number>();
  for (const names of columns) {
    names.forEach((name, at) => height.set(name, (at - (names.length - 1) / 2) * row));
  }
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const way = sweep % 2 === 0 ? columns : columns.toReversed();
    for (const names of way) {
      const wanted = names.map((name) => meanOf(name, neighbours, height));
      moveApart(wanted, row).forEach((y, at) => height.set(names[at] ?? "", y));
    }
  }
  columns.forEach((names, at) => {
    for (const name of names) places.set(name, { x: at * column, y: height.get(name) ?? 0 });
  });
}

function shiftToZero(places: Map<string, GraphPoint>): number {
  let top = Infinity;
  let bottom = -Infinity;
  for (const { y } of places.values()) {
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  for (const [name, { x, y }] of places) places.set(name, { x, y: y - top });
  return places.size === 0 ? 0 : bottom - top;
}

function placeAlone(
  alone: readonly DrawnNode[],
  {
    spacing,
    places,
    top,
    width,
  }: {
    readonly spacing: Spacing;
    readonly places: Map<string, GraphPoint>;
    readonly top: number;
    readonly width: number;
  },
): number {
  const perRow = Math.max(1, Math.floor(width / spacing.column));
  const start = places.size === 0 ? 0 : top + 3 * spacing.row;
  alone.forEach(({ name }, at) => {
    const x = (at % perRow) * spacing.column;
    places.set(name, { x, y: start + Math.floor(at / perRow) * spacing.row });
  });
  return alone.length === 0 ? top : start + Math.floor((alone.length - 1) / perRow) * spacing.row;
}
