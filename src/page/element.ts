/** Making elements; text goes in as text, so that nothing in a log or a name can become markup. */

type Child = Node | string | undefined;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  return fill(document.createElement(tag), attributes, children);
}

export function drawing<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill<Made extends Element>(
  made: Made,
  attributes: Attributes,
  children: readonly Child[],
): Made {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** By script and not as an attribute: a policy that forbids inline style attributes allows this. */
export function place(
  made: HTMLElement,
  { leftShare, widthShare }: { readonly leftShare: number; readonly widthShare: number },
): HTMLElement {
  made.style.left = `${(leftShare * 100).toFixed(4)}%`;
  made.style.width = `${(widthShare * 100).toFixed(4)}%`;
  return made;
}

export function button(
  label: string,
  title: string,
  onClick: () => void,
  attributes: Attributes = {},
): HTMLButtonElement {
  const made = element("button", { type: "button", title, ...attributes }, label);
  made.addEventListener("click", onClick);
  return made;
}
