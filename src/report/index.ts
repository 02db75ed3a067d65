/** Events, results and errors as text. */
export { renderBuildResult, renderConflicts } from "./build-text.ts";
export { renderEnvironment } from "./environment-text.ts";
export { estimateRemaining, type Estimate } from "./estimate.ts";
export { renderHealth } from "./health-text.ts";
export { renderError, renderHint } from "./error-text.ts";
export { widthOf, wrap } from "./fit.ts";
export { renderHistory } from "./history-text.ts";
export { foldRow } from "./table.ts";
export { renderPage, type PageParts } from "./page-text.ts";
export { renderAnnotation, renderLogExplanation } from "./log-explanation-text.ts";
export { showPath } from "./place.ts";
export { renderProven } from "./proof-text.ts";
export { createProgress, progressOf, type ProgressOptions } from "./progress.ts";
export {
  renderDot,
  renderExplanation,
  renderGraph,
  renderOwnership,
  renderPackages,
  renderPinned,
  renderRepair,
  renderVerification,
} from "./query-text.ts";
export { isShownByLiveView, renderLiveView, type LiveViewInput } from "./live-view.ts";
export { makeStyle, sealOf, type Style } from "./style.ts";
export { renderTree } from "./tree-text.ts";
export { renderTransplanted } from "./transplant-text.ts";
export { renderTrace } from "./trace-text.ts";
export { renderChallenged, renderKeys, renderNewKey, renderPushed } from "./cache-text.ts";
