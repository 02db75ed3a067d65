/** Moving and zooming a drawing by pointer, wheel and keys. */

export interface Mover {
  /** Shows another drawing, all of it. */
  take(group: SVGGElement, size: Size): void;
  fit(): void;
  zoom(factor: number): void;
  scale(): number;
  /** Whether the last press of the pointer moved the drawing: then its click means nothing. */
  hasMoved(): boolean;
}

const margin = 24;
/** Names stand to the right of their dots, beyond the drawing's width. */
const nameRoom = 90;
const mostScale = 4;
const roundestFit = 1.3;

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where the drawing's corner is on the canvas. */
interface View extends Point {
  readonly scale: number;
}

export function makeMovable(canvas: SVGSVGElement, onScale: (scale: number) => void): Mover {
  let group: SVGGElement | undefined;
  let size: Size = { width: 1, height: 1 };
  let view: View = { x: 0, y: 0, scale: 1 };
  let leastScale = 0.05;

  const show = (next: View): void => {
    view = next;
    group?.setAttribute("transform", transformOf(view));
  };
  const fit = (): void => {
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width === 0) return;
    // Changes nothing on the screen; on paper the whole shrinks with the drawing.
    canvas.setAttribute("viewBox", `0 0 ${width} ${height}`);
    show(fitted(size, { width, height }));
    leastScale = view.scale / 2;
    onScale(view.scale);
  };
  const zoomAt = (factor: number, centre: Point): void => {
    const scale = Math.min(mostScale, Math.max(leastScale, view.scale * factor));
    show(zoomed(view, scale, centre));
    onScale(scale);
  };
  const zoom = (factor: number): void =>
    zoomAt(factor, { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 });
  const move = ({ x, y }: Point): void => show({ ...view, x: view.x + x, y: view.y + y });

  hearWheel(canvas, zoomAt);
  hearKeys(canvas, { fit, zoom, move });
  const hasMoved = hearPointer(canvas, move);
  new ResizeObserver(fit).observe(canvas);
  return {
    take: (next, nextSize) => {
      group = next;
      size = nextSize;
      fit();
    },
    fit,
    zoom,
    scale: () => view.scale,
    hasMoved,
  };
}

function transformOf({ x, y, scale }: View): string {
  return `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${scale.toFixed(5)})`;
}

/** All of a drawing, in the middle of the canvas. */
function fitted(size: Size, { width, height }: Size): View {
  const scale = Math.min(
    roundestFit,
    (width - 2 * margin - nameRoom) / size.width,
    (height - 2 * margin) / size.height,
  );
  return {
    scale,
    x: Math.max(margin, (width - nameRoom - size.width * scale) / 2),
    y: Math.max(margin, (height - size.height * scale) / 2),
  };
}

/** What is at `centre` stays there. */
function zoomed(view: View, scale: number, centre: Point): View {
  const ratio = scale / view.scale;
  return {
    scale,
    x: centre.x - (centre.x - view.x) * ratio,
    y: centre.y - (centre.y - view.y) * ratio,
  };
}

function hearWheel(canvas: SVGSVGElement, zoomAt: (factor: number, centre: Point) => void): void {
  const hear = (event: WheelEvent): void => {
    // A plain wheel scrolls the page, as everywhere.
    if (!event.ctrlKey && !event.metaKey && document.activeElement !== canvas) return;
    event.preventDefault();
    const { left, top } = canvas.getBoundingClientRect();
    const centre = { x: event.clientX - left, y: event.clientY - top };
    zoomAt(Math.exp(-event.deltaY / 400), centre);
  };
  canvas.addEventListener("wheel", hear, { passive: false });
}

/** Gives whether the last press moved the drawing. */
function hearPointer(canvas: SVGSVGElement, move: (by: Point) => void): () => boolean {
  let isDragged = false;
  canvas.addEventListener("pointerdown", ({ button }) => {
    if (button === 0) isDragged = false;
  });
  canvas.addEventListener("pointermove", (event) => {
    if ((event.buttons & 1) === 0) return;
    if (!isDragged && Math.abs(event.movementX) + Math.abs(event.movementY) < 2) return;
    // Only now, so that a click still reaches the package under the pointer.
    if (!isDragged) canvas.setPointerCapture(event.pointerId);
    isDragged = true;
    move({ x: event.movementX, y: event.movementY });
  });
  return () => isDragged;
}

const step = 60;

function hearKeys(
  canvas: SVGSVGElement,
  { fit, zoom, move }: Pick<Mover, "fit" | "zoom"> & { readonly move: (by: Point) => void },
): void {
  const keys: Record<string, () => void> = {
    "+": () => zoom(1.5),
    "=": () => zoom(1.5),
    "-": () => zoom(1 / 1.5),
    "0": fit,
    ArrowLeft: () => move({ x: step, y: 0 }),
    ArrowRight: () => move({ x: -step, y: 0 }),
    ArrowUp: () => move({ x: 0, y: step }),
    ArrowDown: () => move({ x: 0, y: -step }),
  };
  canvas.addEventListener("keydown", (event) => {
    const action = event.ctrlKey || event.metaKey ? undefined : keys[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}
