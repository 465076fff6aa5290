// How a page looks to whoever looks: who can't see well, who reads on a phone, in the dark, enlarged, or on paper.
import { readFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import assert from "node:assert/strict";
import { DOUBLED, PHONE, WIDE, visit } from "./browser.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const LOOKS = {
  light: { viewport: WIDE, colorScheme: "light" },
  dark: { viewport: WIDE, colorScheme: "dark" },
  phone: { viewport: PHONE, colorScheme: "light", hasTouch: true, isMobile: true },
  "twice the size": { viewport: DOUBLED, colorScheme: "light" },
};

// What the audit finds; each with the element that has it.
export async function audited(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const lines = found.violations.flatMap(({ id, help, nodes }) => nodes.slice(0, 3).map((node) => `${id} (${help}): ${node.target.join(" ")} ${node.html.slice(0, 160)}`));
  assert.deepEqual(lines, [], "the accessibility audit finds something");
}

// Nothing makes the page wider than the screen, and nothing runs out of its box over its neighbour.
export async function fits(page) {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const scrolls = (node) => node && (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
    const beyond = [...document.body.querySelectorAll("*")].filter((node) => node.checkVisibility() && node.getBoundingClientRect().right > width + 1 && !scrolls(node.parentElement) && !node.closest("svg"));
    const runsOut = (node) => node.clientWidth > 1 && node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX === "visible";
    const out = [...document.querySelectorAll("main *, header *, #bar *, #record *, .footnotes *")].filter((node) => node.checkVisibility() && !node.closest("svg") && runsOut(node));
    const some = (nodes) => nodes.slice(0, 4).map((node) => node.outerHTML.slice(0, 120));
    return { over: document.documentElement.scrollWidth - width, beyond: some(beyond), out: some(out) };
  });
  assert.deepEqual(wide, { over: 0, beyond: [], out: [] }, "something is wider than its place");
}

// What can be opened is open: some of each, so that the audit sees inside.
export async function opened(page) {
  await page.evaluate(() => {
    for (const kind of ["details.why", "details.over", ".event > details"]) for (const one of [...document.querySelectorAll(kind)].slice(0, 6)) one.open = true;
  });
}

// A look of a page: as a screenshot of all of it.
export async function shot(page, folder, name) {
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

// Paper has what the screen has, and none of what needs a hand.
export async function printed(chrome, address, folder, name) {
  await visit(chrome, address, async (page) => {
    await page.emulateMedia({ media: "print" });
    for (const gone of ["#bar", "#filters", ".masthead nav"]) assert.equal(await page.locator(gone).isVisible(), false, `${gone} is printed`);
    for (const there of ["#state", "#timeline", ".printed", ".footnotes"]) assert.equal(await page.locator(there).first().isVisible(), true, `${there} is not printed`);
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await page.pdf({ path: join(folder, `${name}-print.pdf`), format: "A4", preferCSSPageSize: true });
  });
}
