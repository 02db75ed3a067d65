/** What of the caller's environment and home tells pip where its index is. */
import { expect, test } from "vitest";
import { settingsOfPip } from "../../src/run/online-builds.ts";
import { createSimulatedWorld } from "../../src/world/simulated/index.ts";

test("pip's own settings, proxies and certificates are taken, and nothing else", () => {
  const { disk } = createSimulatedWorld();
  const environment = {
    PIP_INDEX_URL: "https://x.test",
    https_proxy: "p",
    NO_PROXY: "n",
    SSL_CERT_FILE: "c",
    REQUESTS_CA_BUNDLE: "b",
  };
  const other = { HOME: "/home/me", PATH: "/bin", CC: "gcc", SOME_PIP_THING: "1", TOKEN: "t" };
  expect(settingsOfPip(disk, { ...environment, ...other })).toEqual(environment);
});

test("files of the home that a build does not see are named, unless the caller names others", () => {
  const { disk } = createSimulatedWorld();
  for (const file of [".pip/pip.conf", ".config/pip/pip.conf", ".netrc", ".gitconfig"])
    disk.plant("/home/me", { [file]: "" });
  expect(settingsOfPip(disk, { HOME: "/home/me", NETRC: "/etc/netrc" })).toEqual({
    PIP_CONFIG_FILE: "/home/me/.config/pip/pip.conf",
    NETRC: "/etc/netrc",
    GIT_CONFIG_GLOBAL: "/home/me/.gitconfig",
  });
  const elsewhere = { HOME: "/home/me", XDG_CONFIG_HOME: "/etc/xdg" };
  expect(settingsOfPip(disk, elsewhere)["PIP_CONFIG_FILE"]).toBe("/home/me/.pip/pip.conf");
});
