// How fast it is: the weight of a page, when its first byte and when its readiness come, and how long a step of the slider takes.
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { visit } from "./browser.mjs";
import { LOGS, pathOf } from "./program.mjs";
import { place } from "./reader.mjs";

const STEPS = 60;
const SIZES = [1_000, 100_000];

export async function figures(chrome, program, folder) {
  const logs = [[LOGS[0], pathOf(LOGS[0])], ...SIZES.map((size) => [`generated-${size}`, generated(folder, size)])];
  const store = join(folder, "figures");
  mkdirSync(store);
  program.run(["init", "-q"], store);
  for (const [name, path] of logs) program.run(["import", path, "-n", name, "-q"], store);
  const server = await program.serve(store);
  try {
    for (const [name, path] of logs) {
      console.log(`\n${name}`);
      if (path === pathOf(name)) {
        const file = program.twin(path, join(folder, `figures-${name}.html`));
        console.log(`  the file     ${(statSync(file).size / 1e6).toFixed(2)} MB`);
        await measured(chrome, pathToFileURL(file).href);
      }
      console.log("  served");
      await measured(chrome, `${server.address}/n/${name}`);
    }
  } finally {
    server.end();
  }
}

async function measured(chrome, address) {
  await visit(chrome, address, async (page) => {
    const load = await page.evaluate(() => {
      const [page] = performance.getEntriesByType("navigation");
      return { first: page.responseStart, ready: window.readyAfter, bytes: page.decodedBodySize };
    });
    const times = await steps(page);
    const at = (part) => times[Math.floor(part * (times.length - 1))].toFixed(0);
    const first = address.startsWith("http") ? `, first byte after ${load.first.toFixed(0)} ms, ${(load.bytes / 1e6).toFixed(2)} MB` : "";
    console.log(`    ready after ${load.ready.toFixed(0)} ms${first}`);
    console.log(`    a step       p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, of ${times.length}`);
  }, { within: 120_000, before: tellsWhenReady });
}

// In the page, before anything of it: notes when its script is ready.
function tellsWhenReady() {
  const note = () => { if (document.documentElement.dataset.ready !== undefined) window.readyAfter ??= performance.now(); };
  new MutationObserver(note).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-ready"] });
}

// From a key to the changed state on the screen: the frame after the page has named the point anew.
async function steps(page) {
  await page.evaluate(() => {
    window.took = [];
    let pressed = 0;
    addEventListener("keydown", () => { pressed = performance.now(); }, true);
    new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => window.took.push(performance.now() - pressed)))).observe(document.querySelector("header"), { subtree: true, childList: true, characterData: true });
  });
  let key = "ArrowLeft";
  for (let step = 0; step < STEPS; step += 1) {
    const [at, last] = await place(page, "as_of");
    if (at === 0) key = "ArrowRight";
    if (at === last) key = "ArrowLeft";
    await page.keyboard.press(key);
    await page.waitForFunction((count) => window.took.length === count, step + 1);
  }
  return page.evaluate(() => window.took.sort((a, b) => a - b));
}

// A log of demands and what becomes of them, statements and incidents, an hour apart.
function generated(folder, size) {
  const lives = 50;
  const lines = [
    { kind: "negotiation.opened", occurred: "2010-01-01", data: { title: `Generated, ${size} events`, parties: ["a", "b"].map((party) => ({ party, name: party.toUpperCase(), kind: "state", role: ["party"] })) } },
    { kind: "source.registered", data: { source: "S1", publisher: "P", published: "2010-01-01" } },
  ];
  const sources = [{ source: "S1", locator: "para 2", quote: "said on Thursday that the talks would go on as long as there was something to talk about" }];
  for (let nth = 2; nth < size; nth += 1) {
    const occurred = `${new Date(Date.UTC(2010, 0, 2) + nth * 3_600_000).toISOString().slice(0, 16)}Z`;
    const demand = `D${(nth % lives) + 1}`;
    const [kind, data] = nth < lives + 2 ? ["demand.raised", { demand, by: ["a"], of: ["b"], text: `The crossing ${demand} is to be opened.` }]
      : [["demand.revised", { demand, text: `The crossing ${demand} is to be opened by spring.` }], ["demand.answered", { demand, by: "b", answer: "deferred" }],
        ["incident.reported", { category: "clash", against: ["a"], tolls: [{ class: "combatants", killed: { low: 1, best: 2 } }] }], ["statement.made", { by: { party: "a" }, act: ["position"], text: "We stand by what we said yesterday." }]][nth % 4];
    lines.push({ kind, occurred, data, sources });
  }
  const path = join(folder, `generated-${size}.jsonl`);
  writeFileSync(path, `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
  return path;
}
