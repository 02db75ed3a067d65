/** The report's page: reads the run that is embedded in it and shows it. Runs in a browser only. */
import type { Run } from "../events/run.ts";
import { showDetail } from "./detail.ts";
import { element } from "./element.ts";
import { factsOf } from "./facts.ts";
import { showFailures } from "./failures.ts";
import { showGraph } from "./graph-view.ts";
import { listenToKeys, showHelp } from "./keyboard.ts";
import { showNotes } from "./notes.ts";
import { showPackages } from "./packages.ts";
import { showSearch } from "./search.ts";
import { createState } from "./state.ts";
import { showFigures, showHead } from "./summary.ts";
import { showThemeSwitch } from "./theme.ts";
import { showTimeline } from "./timeline.ts";

const facts = factsOf(JSON.parse(document.getElementById("run")?.textContent ?? "") as Run);
const state = createState(new Set(facts.packages.keys()));
const help = showHelp();
const search = showSearch(facts, state);
const graph = showGraph(facts, state);

document.body.replaceChildren(
  element(
    "header",
    { class: "bar" },
    element("span", { class: "brand" }, "tenon"),
    element(
      "nav",
      { "aria-label": "Parts of the report" },
      ...(facts.run.packages.some(({ failure }) => failure)
        ? [element("a", { href: "#failures" }, "Failures")]
        : []),
      element("a", { href: "#timeline" }, "Timeline"),
      element("a", { href: "#graph" }, "Graph"),
      element("a", { href: "#packages" }, "Packages"),
    ),
    search.box,
    showThemeSwitch(),
    help.button,
  ),
  element(
    "main",
    {},
    showHead(facts),
    showFailures(facts, state) ?? "",
    showFigures(facts),
    showTimeline(facts, state),
    graph.section,
    showPackages(facts, state),
    showNotes(facts) ?? "",
  ),
  showDetail(facts, state),
  help.dialog,
);
graph.fit();
listenToKeys({ state, search: search.input, help: help.dialog });
document.documentElement.dataset["ready"] = "";
