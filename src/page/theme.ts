/** Light or dark: as the system has it, until the switch is used. */
import { button } from "./element.ts";

export function showThemeSwitch(): HTMLButtonElement {
  const root = document.documentElement;
  const isDark = (): boolean =>
    (root.dataset["theme"] ?? "") === "dark" ||
    (root.dataset["theme"] === undefined && matchMedia("(prefers-color-scheme: dark)").matches);
  const made = button("◐", "Light or dark (d)", () => {
    root.dataset["theme"] = isDark() ? "light" : "dark";
    made.setAttribute("aria-pressed", String(isDark()));
  });
  made.id = "theme";
  made.setAttribute("aria-label", "Dark colours");
  made.setAttribute("aria-pressed", String(isDark()));
  return made;
}
