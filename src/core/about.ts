/** What a recipe says of its package for those who use it; a build's result does not depend on it. */

export interface About {
  /** One SPDX expression. */
  readonly license?: string;
  readonly homepage?: string;
  /**
   * Variables of whoever uses the package. In a value `${PREFIX}` stands for the prefix, and at its end
   * `:${NAME}`, the variable's own name, for what it was before.
   */
  readonly env?: Readonly<Record<string, string>>;
}

/** Whether a value that somebody else may have written has this form. */
export function isAbout(value: unknown): value is About {
  if (!isTable(value)) return false;
  const { license, homepage, env } = value;
  const isText = (one: unknown): boolean => one === undefined || typeof one === "string";
  if (!isText(license) || !isText(homepage)) return false;
  return env === undefined || (isTable(env) && Object.entries(env).every(isVariable));
}

/** A name that shells take, and a value of one line. */
function isVariable([name, value]: [name: string, value: unknown]): boolean {
  return isVariableName(name) && typeof value === "string" && !/\p{Cc}/u.test(value);
}

export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
