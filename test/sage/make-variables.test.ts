/** What a makefile's variables are, where nothing of it is run. */
import { describe, expect, test } from "vitest";
import { readVariables } from "../../src/sage/make-variables.ts";

const valueOf = (...lines: readonly string[]): string =>
  readVariables(lines.join("\n"), { ROOT: "/root", SET: "outside" }).expand("$(X)");

describe("an assignment", () => {
  test.each([
    ["the last one", ["X = a", "X = b"], "b"],
    ["one that goes on in the next line", ["X = a\\", "    b"], "a b"],
    ["one that is not there yet", ["X ?= a", "X ?= b"], "a"],
    ["one that adds", ["X = a", "X += b"], "a b"],
    ["what its variables stand for", ["X = $(Y)/${ROOT}", "Y = b"], "b//root"],
    ["what they stood for at that place", ["Y = a", "X := $(Y)", "Y = b"], "a"],
    ["nothing of what is not set", ["X = a$(Y)b"], "ab"],
    ["a function of make's as it is written", ["X = $(filter a,b)"], "$(filter a,b)"],
    ["none of a recipe's or a definition's", ["r:", "\tX = a", "define D", "X = b", "endef"], ""],
  ])("gives %s", (_, lines, value) => {
    expect(valueOf(...lines)).toBe(value);
  });

  test("that leads to itself ends", () => {
    expect(valueOf("X = $(Y)", "Y = $(X)")).toMatch(/^\$\(\w\)$/);
  });
});

describe("a conditional", () => {
  const either = (condition: string): string =>
    valueOf("A = yes", "N =", condition, "X = then", "else", "X = other", "endif");

  test.each([
    ["ifeq ($(A),yes)", "then"],
    ["ifneq ($(A),yes)", "other"],
    ["ifneq ($(N),)", "other"],
    ['ifeq "$(A)" "yes"', "then"],
    ["ifdef A", "then"],
    ["ifdef N", "other"],
    ["ifndef NONE", "then"],
    ["ifdef SET", "then"],
  ])("%s is decided", (condition, value) => {
    expect(either(condition)).toBe(value);
  });

  test("may have several branches, and others in it", () => {
    const lines = ["ifdef N", "X = 1", "else ifeq ($(A),yes)", "ifdef A", "X = 2", "endif"];
    expect(valueOf("A = yes", ...lines, "else", "X = 3", "endif")).toBe("2");
  });

  test("that a function of make's decides only gives what is not set", () => {
    const lines = ["ifeq ($(origin X),undefined)", "X = b", "Y = b", "endif"];
    expect(valueOf("X = a", ...lines)).toBe("a");
    expect(valueOf(...lines)).toBe("b");
  });
});
