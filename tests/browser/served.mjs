// The page as a server sends it: what the file does, and what only a server can: come and go without a script, see what comes in, store.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import assert from "node:assert/strict";
import { drawn, press, visit } from "./browser.mjs";
import { audited, fits, LOOKS, opened, shot } from "./looks.mjs";
import { LOGS, pathOf } from "./program.mjs";
import { asksWhy, byKey, byPointer, filtered, keyed, place, rows, saysTheSame, whole } from "./reader.mjs";
import { entered } from "./entry.mjs";

// How a command finds a log that is served.
export const inStore = (store, log) => ["--store", join(store, "talks.db"), "-n", log];

export async function served(run, chrome, program, folder, shots) {
  const store = join(folder, "served");
  mkdirSync(store);
  program.run(["init", "-q"], store);
  for (const log of LOGS) program.run(["import", pathOf(log), "-n", log, "-q"], store);
  const server = await program.serve(store, ["--write"]);
  try {
    const at = { run, chrome, program, server, store, shots };
    await board(at);
    for (const log of LOGS) await isRead(at, log);
    for (const log of LOGS.slice(0, 2)) await looks(at, log);
    await withoutScript(at, LOGS[0]);
    await comesIn(at, LOGS[3]);
    await entered({ ...at, at: inStore(store, LOGS[0]) }, LOGS[0]);
  } finally {
    server.end();
  }
}

async function board({ run, chrome, server, shots }) {
  for (const [name, look] of Object.entries(LOOKS)) {
    await run.step("board", `in ${name} it leads to each negotiation, and the audit finds nothing`, () => visit(chrome, `${server.address}/`, async (page) => {
      const links = await page.locator("#board a").evaluateAll((all) => all.map((a) => a.getAttribute("href")).sort());
      assert.deepEqual(links, LOGS.map((log) => `/n/${log}`).sort());
      await fits(page);
      await shot(page, shots, `board-${name}`);
      await audited(page);
      await page.locator("#board a").first().click();
      await page.locator("html[data-ready]").waitFor({ state: "attached" });
    }, { ...look, ready: false }));
  }
}

async function isRead({ run, chrome, program, server, store }, log) {
  const address = `${server.address}/n/${log}`;
  const name = `${log}, served`;
  const step = (what, body) => run.step(name, what, () => visit(chrome, address, body));
  await step("the slider moves by key", byKey);
  await step("the slider moves by pointer, marks what changed, and says it", byPointer);
  await step("a stop of either clock shows what talks status says", (page) => saysTheSame(page, program, inStore(store, log), async (point, day) => {
    await page.goto(`${address}?${new URLSearchParams(point)}`);
    await page.locator("#framed-as-of", { hasText: day }).waitFor();
    await page.locator("html[data-ready]").waitFor({ state: "attached" });
  }));
  await step("why opens what a line rests on", asksWhy);
  await step("filters hide rows, and the count is right", filtered);
  await step("an address opens the same page again, and a reload", async (page) => {
    await press(page, "ArrowLeft ArrowLeft [ p Shift+ArrowLeft j j");
    await page.locator("#words").fill("the");
    await drawn(page);
    const there = await whole(page);
    assert.match(page.url(), /as_of=/);
    const [, all] = await place(page, "known_by");
    for (const part of [all > 0 ? "known_by=" : "", "text=the", "pin=", "sel="]) assert.ok(page.url().includes(part), `${part} is not in ${page.url()}`);
    await page.reload();
    await page.locator("html[data-ready]").waitFor({ state: "attached" });
    assert.deepEqual(await whole(page), there, `other at ${page.url()}`);
  });
  await step("keys: help, next and previous, enter, theme, pin, typing", keyed);
}

async function looks({ run, chrome, server, shots }, log) {
  for (const [name, look] of Object.entries(LOOKS)) {
    await run.step(`${log}, served`, `in ${name} the audit finds nothing`, () => visit(chrome, `${server.address}/n/${log}`, async (page) => {
      await opened(page);
      await fits(page);
      await shot(page, shots, `${log}-served-${name}`);
      await audited(page);
    }, look));
  }
}

// Without a script there are links and forms.
async function withoutScript({ run, chrome, server }, log) {
  await run.step(`${log}, served`, "without a script forms and links do the same", () => visit(chrome, `${server.address}/`, async (page) => {
    await page.locator(`#board a[href$="${log}"]`).click();
    await page.locator("#as_of").fill("20 Oct 2025");
    await page.locator("#bar button[type=submit]").click();
    await page.locator("#framed-as-of", { hasText: "20 Oct 2025" }).waitFor();
    const all = await rows(page).count();
    await page.locator("#filters select[name=kind]").selectOption("ceasefire");
    await page.locator("#filters button[type=submit]").click();
    await page.locator("#counted", { hasNotText: new RegExp(`^${all}$`) }).waitFor();
    assert.equal(Number(await page.locator("#counted").textContent()), await rows(page).count());
    assert.match(await page.locator("#framed-as-of").textContent(), /20 Oct 2025/, "a filter forgets the day");
    await page.locator("#pin").click();
    await page.locator("#as_of").fill("16 Oct 2025");
    await page.locator("#bar button[type=submit]").click();
    await page.locator("#pinned", { hasText: "20 Oct 2025" }).waitFor();
    assert.ok((await page.locator("#list-difference > li").count()) > 0, "nothing differs from the pinned point");
    await page.locator("#unpin").click();
    await page.locator("#difference").waitFor({ state: "hidden" });
    await page.locator("#as_of").fill("the day before");
    await page.locator("#bar button[type=submit]").click();
    await page.locator("main.problem").waitFor();
    assert.match(await page.locator("main.problem").textContent(), /\S/, "what is wrong is not said");
  }, { javaScriptEnabled: false, ready: false, expected: [/status of 4\d\d/] }));
}

// What another writer stores is seen by whoever looks at now, and told to whoever looks at another day.
async function comesIn({ run, chrome, program, server, store }, log) {
  const add = (text) => program.run(["add", "statement.made", "by=wga", "act=position", `text=${text}`, "-w", "2023-10-10", ...inStore(store, log), "-q", "--yes"], store);
  await run.step(`${log}, served`, "what comes in is seen without a reload", () => visit(chrome, `${server.address}/n/${log}`, async (page) => {
    const before = await rows(page).count();
    add("This came in while somebody looked.");
    await page.locator("#list-events").getByText("This came in while somebody looked.").waitFor();
    await drawn(page);
    assert.equal(await rows(page).count(), before + 1);
    assert.match(await page.locator("#say").textContent(), /came in/, "nothing is said");
    await press(page, "ArrowLeft ArrowLeft ArrowLeft");
    const [at] = await place(page, "as_of");
    add("This came in while somebody looked back.");
    await page.locator("#say", { hasText: "show how things stand now" }).waitFor();
    assert.equal((await place(page, "as_of"))[0], at, "whoever looks back is torn away");
    await page.locator("#came").click();
    await page.locator("#list-events").getByText("This came in while somebody looked back.").waitFor();
    assert.equal(await page.locator("#came").count(), 0, "the note stays");
  }));
}
