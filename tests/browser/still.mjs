// The page in one file: opened from a disk, without a server and without a network.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import assert from "node:assert/strict";
import { drawn, press, visit } from "./browser.mjs";
import { hostile } from "./hostile.mjs";
import { audited, fits, LOOKS, opened, printed, shot } from "./looks.mjs";
import { LOGS, pathOf } from "./program.mjs";
import { asksWhy, byKey, byPointer, filtered, keyed, rows, saysTheSame, whole } from "./reader.mjs";

export async function still(run, chrome, program, folder, shots) {
  for (const log of LOGS) {
    const address = pathToFileURL(program.twin(pathOf(log), join(folder, `${log}.html`))).href;
    const at = { run, chrome, program, log, address, shots };
    await opens(at);
    await isRead(at);
    await looks(at);
  }
  await isText({ run, chrome, program, folder });
}

async function opens({ run, chrome, log, address }) {
  await run.step(log, "opens from a disk and loads nothing", () => visit(chrome, address, async (page) => {
    const html = readFileSync(new URL(address), "utf8");
    assert.doesNotMatch(html, /<(script|img|link|iframe|video|audio|source|object|embed)[^>]*\b(src|href|data)="https?:/i, "the file would load something");
    assert.doesNotMatch(html, /@import|url\(\s*["']?https?:/i, "its style would load something");
    assert.equal(await page.locator("h1").count(), 1);
    assert.ok((await rows(page).count()) > 20, "there is no timeline");
    return `${(html.length / 1e6).toFixed(2)} MB`;
  }));
  await run.step(log, "can be read without a script", () => visit(chrome, address, async (page) => {
    assert.equal(await page.locator("#talks").isVisible(), true, "the state is not there");
    assert.ok((await rows(page).count()) > 20, "the timeline is not there");
    assert.equal(await page.locator("#bar input[type=range]").first().isVisible(), false, "a slider is there that nothing moves");
    await page.locator("#list-events > li summary").first().click();
    assert.equal(await page.locator("#list-events > li .inside").first().isVisible(), true, "an event does not open");
    await fits(page);
  }, { javaScriptEnabled: false, ready: false }));
}

// What a reader does with it.
async function isRead({ run, chrome, program, log, address }) {
  const step = (name, body) => run.step(log, name, () => visit(chrome, address, body));
  await step("the slider moves by key", byKey);
  await step("the slider moves by pointer, marks what changed, and says it", byPointer);
  await step("a stop of either clock shows what talks status says", (page) => saysTheSame(page, program, ["--log", pathOf(log)], async (point, day) => {
    await page.evaluate((point) => { location.hash = new URLSearchParams(point); }, point);
    await page.locator("#framed-as-of", { hasText: day }).waitFor();
    await drawn(page);
  }));
  await step("why opens what a line rests on", asksWhy);
  await step("filters hide rows, and the count is right", filtered);
  await run.step(log, "an address opens the same page again", async () => {
    const there = await visit(chrome, address, async (page) => {
      await press(page, "ArrowLeft ArrowLeft [ p Shift+ArrowLeft j j");
      await page.locator("#words").fill("the");
      await drawn(page);
      return { url: page.url(), is: await whole(page) };
    });
    assert.match(there.url, /as_of=.*known_by=.*text=the.*pin=.*sel=/, "the address does not say all");
    assert.deepEqual(await visit(chrome, there.url, whole), there.is, `other at ${there.url}`);
  });
  await step("keys: help, next and previous, enter, theme, pin, typing", keyed);
}

async function looks({ run, chrome, log, address, shots }) {
  for (const [name, look] of Object.entries(LOOKS)) {
    await run.step(log, `in ${name} the audit finds nothing`, () => visit(chrome, address, async (page) => {
      await shot(page, shots, `${log}-${name}`);
      await fits(page);
      await opened(page);
      await fits(page);
      if (name === "light") await press(page, "p Shift+ArrowLeft Shift+ArrowLeft");
      await shot(page, shots, `${log}-${name}-open`);
      await audited(page);
      if (name === "light") { await press(page, "?"); await shot(page, shots, `${log}-keys`); await audited(page); }
    }, look));
  }
  await run.step(log, "fits a screen of 320", () => visit(chrome, address, async (page) => { await opened(page); await fits(page); }, { viewport: { width: 320, height: 640 } }));
  await run.step(log, "can be printed", () => printed(chrome, address, shots, log));
}

// What events say is text, whatever it looks like and whichever way it runs.
async function isText({ run, chrome, program, folder }) {
  const path = join(folder, "hostile.jsonl");
  const { log, markup, arabic } = hostile(readFileSync(pathOf(LOGS[3]), "utf8"));
  writeFileSync(path, log);
  const address = pathToFileURL(program.twin(path, join(folder, "hostile.html"))).href;
  await run.step("hostile", "markup in an event is text, and names run in their own direction", () => visit(chrome, address, async (page) => {
    const made = await page.evaluate(() => ({ foreign: document.querySelectorAll("img, iframe, object, body script:not([type])").length, ran: "pwned" in window }));
    assert.deepEqual(made, { foreign: 0, ran: false });
    assert.ok((await page.getByText(markup, { exact: false }).count()) > 0, "the text is not shown as it is");
    const run = await page.evaluate((arabic) => {
      const found = [...document.querySelectorAll("bdi")].find((bdi) => bdi.textContent.includes(arabic));
      return [found?.dir, getComputedStyle(found).direction];
    }, arabic);
    assert.deepEqual(run, ["auto", "rtl"]);
    assert.doesNotMatch(await page.evaluate(() => document.documentElement.outerHTML), /[\u202a-\u202e\u2066-\u2069]/, "a text steers the page");
    await press(page, "Home End [ ] Shift+ArrowLeft");
    await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
    await fits(page);
    await audited(page);
  }));
}
