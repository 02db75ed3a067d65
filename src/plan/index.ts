/** Pure decisions about a build: order, views, package keys, reasons. */
export {
  buildClosure,
  checkClosure,
  checkDependencies,
  checkViewOf,
  directDependencies,
  inOrder,
  recipeOf,
  runClosure,
  isUsedInBuilds,
  usedInBuilds,
  viewOf,
  type Recipes,
} from "./graph.ts";
export {
  compilerOf,
  inputsOf,
  keyOf,
  type Input,
  type KeyFacts,
  type MachineFacts,
} from "./key.ts";
export { changesBetween, describeChange } from "./changes.ts";
export { graphOf, longestFirst, type WorkGraph, type WorkItem } from "./work.ts";
export { findCriticalPath, forecast, type Forecast, rehearse } from "./forecast.ts";
