/** The search of the site: all words that are typed have to be in a section; those in headings count most. */
/// <reference lib="dom" />
const input = /** @type {HTMLInputElement} */ (document.querySelector(".search input"));
const list = /** @type {HTMLElement} */ (document.querySelector(".search ol"));
const root = document.body.dataset.root;
let isAsked = false;

// On a narrow screen the list of pages is closed at first.
if (window.innerWidth < 800) document.querySelector("nav details")?.removeAttribute("open");

input.addEventListener("focus", loadIndex);
input.addEventListener("input", show);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== input) {
    event.preventDefault();
    input.focus();
  }
  if (event.key === "Escape") list.hidden = true;
});
list.addEventListener("keydown", move);
input.addEventListener("keydown", move);

function loadIndex() {
  if (isAsked) return;
  isAsked = true;
  const script = document.createElement("script");
  script.src = `${root}/search-index.js`;
  script.addEventListener("load", show);
  document.head.append(script);
}

function show() {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = words.length === 0 ? [] : find(words);
  list.hidden = words.length === 0;
  list.replaceChildren(...found.map((each) => entryOf(each, words[0] ?? "")));
  if (found.length === 0) list.textContent = "Nothing was found.";
}

function find(words) {
  const all = /** @type {any} */ (window).searchIndex ?? [];
  return all
    .map((each) => ({ ...each, score: scoreOf(each, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, 12);
}

function scoreOf({ address, page, heading, text }, words) {
  let score = 0;
  for (const word of words) {
    const inHeading = heading.toLowerCase().includes(word) ? 10 : 0;
    const inPage = page.toLowerCase().includes(word) ? 5 : 0;
    const times = Math.min(text.toLowerCase().split(word).length - 1, 5);
    if (inHeading + inPage + times === 0) return 0;
    score += inHeading + inPage + times;
  }
  return score * weightOf(address);
}

/** A person who searches mostly wants to do something; what developers have decided is rarely looked for. */
function weightOf(address) {
  if (/^(tutorial|how-to)/.test(address)) return 1.5;
  return /^(decisions|evidence|[A-Z])/.test(address) ? 0.4 : 1;
}

function entryOf({ address, page, heading, text }, word) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `${root}/${address}`;
  const title = document.createElement("strong");
  title.textContent = heading === page ? page : `${page}: ${heading}`;
  const at = Math.max(0, text.toLowerCase().indexOf(word) - 40);
  const excerpt = document.createElement("span");
  excerpt.textContent = `${at > 0 ? "…" : ""}${text.slice(at, at + 110)}`;
  link.append(title, excerpt);
  item.append(link);
  return item;
}

function move(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const links = [...list.querySelectorAll("a")];
  const at =
    links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement)) +
    (event.key === "ArrowDown" ? 1 : -1);
  event.preventDefault();
  (links[at] ?? input).focus();
}
