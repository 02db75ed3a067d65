/** Moving and zooming a drawing by pointer, wheel and keys. */

export interface Mover {
  /** Shows another drawing, all of it. */
  take(group: SVGGElement, size: { readonly width: number; readonly height: number }): void;
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

export function makeMovable(canvas: SVGSVGElement, onScale: (scale: number) => void): Mover {
  let group: SVGGElement | undefined;
  let size = { width: 1, height: 1 };
  let view = { x: 0, y: 0, scale: 1 };
  let isDragged = false;
  let leastScale = 0.05;

  const show = (): void => {
    const { x, y, scale } = view;
    group?.setAttribute(
      "transform",
      `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${scale.toFixed(5)})`,
    );
  };
  const fit = (): void => {
    const { clientWidth, clientHeight } = canvas;
    if (clientWidth === 0) return;
    // Changes nothing on the screen; on paper the whole shrinks with the drawing.
    canvas.setAttribute("viewBox", `0 0 ${clientWidth} ${clientHeight}`);
    const scale = Math.min(
      roundestFit,
      (clientWidth - 2 * margin - nameRoom) / size.width,
      (clientHeight - 2 * margin) / size.height,
    );
    leastScale = scale / 2;
    view = {
      scale,
      x: Math.max(margin, (clientWidth - nameRoom - size.width * scale) / 2),
      y: Math.max(margin, (clientHeight - size.height * scale) / 2),
    };
    show();
    onScale(scale);
  };
  const zoomAt = (factor: number, centreX: number, centreY: number): void => {
    const scale = Math.min(mostScale, Math.max(leastScale, view.scale * factor));
    const ratio = scale / view.scale;
    view = {
      scale,
      x: centreX - (centreX - view.x) * ratio,
      y: centreY - (centreY - view.y) * ratio,
    };
    show();
    onScale(scale);
  };
  const zoom = (factor: number): void =>
    zoomAt(factor, canvas.clientWidth / 2, canvas.clientHeight / 2);
  const move = (x: number, y: number): void => {
    view = { ...view, x: view.x + x, y: view.y + y };
    show();
  };

  canvas.addEventListener(
    "wheel",
    (event) => {
      // A plain wheel scrolls the page, as everywhere.
      if (!event.ctrlKey && !event.metaKey && document.activeElement !== canvas) return;
      event.preventDefault();
      const { left, top } = canvas.getBoundingClientRect();
      zoomAt(Math.exp(-event.deltaY / 400), event.clientX - left, event.clientY - top);
    },
    { passive: false },
  );
  canvas.addEventListener("pointerdown", ({ button }) => {
    if (button === 0) isDragged = false;
  });
  canvas.addEventListener("pointermove", (event) => {
    if ((event.buttons & 1) === 0) return;
    if (!isDragged && Math.abs(event.movementX) + Math.abs(event.movementY) < 2) return;
    // Only now, so that a click still reaches the package under the pointer.
    if (!isDragged) canvas.setPointerCapture(event.pointerId);
    isDragged = true;
    move(event.movementX, event.movementY);
  });
  const step = 60;
  const keys: Record<string, () => void> = {
    "+": () => zoom(1.5),
    "=": () => zoom(1.5),
    "-": () => zoom(1 / 1.5),
    "0": fit,
    ArrowLeft: () => move(step, 0),
    ArrowRight: () => move(-step, 0),
    ArrowUp: () => move(0, step),
    ArrowDown: () => move(0, -step),
  };
  canvas.addEventListener("keydown", (event) => {
    const action = event.ctrlKey || event.metaKey ? undefined : keys[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
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
    hasMoved: () => isDragged,
  };
}
