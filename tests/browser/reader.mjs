// What a reader does with a page, wherever it came from: the two clocks, why, filters, keys, the address.
import assert from "node:assert/strict";
import { drawn, press } from "./browser.mjs";
import { agrees, onPage } from "./said.mjs";

const ALL = "#list-events > li, #list-events-open > li";

// Where a slider stands, and its last stop.
export const place = (page, clock) => page.locator(`[data-clock="${clock}"] input[type=range]`).evaluate((range) => [Number(range.value), Number(range.max)]);
export const rows = (page) => page.locator("#list-events > li:visible, #list-events-open > li:visible");

// The stops of both sliders: [seconds, typed, in words, sentence, event, whether a line moves].
export const stops = (page) => page.evaluate(() => {
  const film = document.getElementById("film");
  return film ? JSON.parse(film.textContent).stops : JSON.parse(document.getElementById("stops").textContent);
});

export async function byKey(page) {
  const [begin, last] = await place(page, "as_of");
  assert.equal(begin, last, "it does not begin at the last stop");
  const went = async (keys, wanted) => {
    await press(page, keys);
    assert.equal((await place(page, "as_of"))[0], wanted, `after ${keys}`);
  };
  await went("ArrowLeft", last - 1);
  await went("ArrowLeft ArrowLeft ArrowRight", last - 2);
  await went("Home", 0);
  await went("ArrowLeft", 0);
  await went("End", last);
  // What is known has no say in the day of the world, though a server has fewer stops where less is known.
  const day = await page.locator("#framed-as-of").textContent();
  const [, all] = await place(page, "known_by");
  const knew = async (keys, wanted) => {
    await press(page, keys);
    assert.equal((await place(page, "known_by"))[0], wanted, `after ${keys}`);
    const [at, end] = await place(page, "as_of");
    assert.equal(at, end, `after ${keys} the world is no more as of ${day}`);
  };
  await knew("[", Math.max(0, all - 1));
  await knew("[ ]", Math.max(0, all - 1));
  await knew("]", all);
  await press(page, "Shift+ArrowLeft");
  const [at] = await place(page, "as_of");
  assert.equal(at, (await stops(page)).as_of.findLastIndex((stop, nth) => nth < last && (stop[5] || nth === 0)), "shift does not go to the change before");
  if (all === 0) return;
  const back = await page.locator("#framed-as-of").textContent();
  await page.locator('[data-clock="known_by"] input[type=range]').focus();
  await press(page, "ArrowLeft");
  assert.equal((await place(page, "known_by"))[0], all - 1, "the second slider does not move");
  assert.equal(await page.locator("#framed-as-of").textContent(), back, "it moves the first");
}

export async function byPointer(page) {
  const world = page.locator('[data-clock="as_of"]');
  const box = await world.locator("input[type=range]").boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width - 8, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, y, { steps: 6 });
  await page.mouse.up();
  await drawn(page);
  const [at, last] = await place(page, "as_of");
  assert.ok(Math.abs(at - last / 2) <= 1 + last / 10, `pulled to the middle it stands at ${at} of ${last}`);
  await world.locator('[data-step="first"]').click();
  await world.locator('[data-step="1"]').click();
  await drawn(page);
  assert.equal((await place(page, "as_of"))[0], 1);
  await world.locator('[data-step="last"]').click();
  await drawn(page);
  assert.ok((await page.locator(".state .changed").count()) > 0, "nothing is marked");
  assert.match(await page.locator("#say").textContent(), /^As of .*(is new|was)/s, "nothing is said");
  assert.match(await world.locator("input[type=range]").getAttribute("aria-valuetext"), /stop \d+ of \d+$/);
}

// Stops of both clocks, at which the page must say what the program says of the same log; `go` leads there by the address.
export async function saysTheSame(page, program, log, go) {
  const all = await stops(page);
  const picked = (of, parts) => [...new Set(parts.map((part) => Math.round(part * (of.length - 1))))];
  let compared = 0;
  for (const known of picked(all.known_by, [1, 0.4])) {
    for (const world of picked(all.as_of, [0, 0.3, 0.6, 0.85, 1])) {
      const point = { as_of: all.as_of[world][1], ...(known < all.known_by.length - 1 && { known_by: all.known_by[known][1] }) };
      await go(point, all.as_of[world][2]);
      const [status, timeline] = [program.view("status", log, point), program.view("timeline", log, point).events];
      agrees(await onPage(page), status, timeline, `at ${JSON.stringify(point)}`);
      compared += 1;
    }
  }
  return `${compared} points`;
}

export async function asksWhy(page) {
  const row = page.locator(".state .row:has(.why)").first();
  await row.locator(".why > summary").click();
  const link = row.locator(".why li a.id").first();
  assert.equal(await link.isVisible(), true, "nothing is behind why");
  const event = await link.textContent();
  await link.click();
  await drawn(page);
  assert.equal(await page.locator(`#${event} .inside`).isVisible(), true, `${event} is not open`);
  assert.equal(await page.locator(`#${event}`).getAttribute("aria-current"), "true");
  assert.ok(await page.locator(`#${event} summary`).evaluate((summary) => summary === document.activeElement), "the focus is elsewhere");
  await page.locator("h1").click();
  await press(page, "w");
  assert.equal(await page.locator(".state .row .why[open]").count(), 0, "w does not close the first why");
}

export async function filtered(page) {
  const total = await rows(page).count();
  const count = async (what) => {
    const there = await rows(page).count();
    assert.equal(Number(await page.locator("#counted").textContent()), there, `the count with ${what}`);
    return there;
  };
  assert.equal(await count("no filter"), total);
  for (const [name, of] of [["party", "parties"], ["kind", "kind"], ["source", "sources"]]) {
    const select = page.locator(`#filters select[name=${name}]`);
    for (const option of (await select.locator("option").all()).slice(1)) {
      const value = await option.getAttribute("value");
      await select.selectOption(value);
      const { shown, counted, fitting } = await page.locator(ALL).evaluateAll((all, [of, value]) => {
        const fits = ({ dataset }) => (of === "kind" ? dataset.kind.startsWith(value) : dataset[of].split(" ").includes(value));
        const nth = (isIn) => all.flatMap((row, nth) => (isIn(row) ? [nth] : []));
        return { shown: nth((row) => row.checkVisibility()), fitting: nth(fits), counted: Number(document.getElementById("counted").textContent) };
      }, [of, value]);
      assert.deepEqual(shown, fitting, `${name}=${value}`);
      assert.equal(counted, shown.length, `the count with ${name}=${value}`);
      assert.ok(counted > 0, `${name}=${value} leaves nothing`);
    }
    await select.selectOption("");
  }
  await press(page, "/");
  await page.keyboard.type("agree talks");
  const there = await count("words");
  assert.ok(there > 0 && there < total, `words leave ${there} of ${total}`);
  assert.ok((await rows(page).allTextContents()).every((text) => /agree/i.test(text) && /talks/i.test(text)));
  await page.locator("#words").fill("no such word anywhere");
  assert.equal(await count("a word that is nowhere"), 0);
  assert.equal(await page.locator("#nothing").isVisible(), true);
  await page.locator("#clear").click();
  assert.equal(await count("nothing"), total);
}

// All that somebody chose, and what it shows.
export async function whole(page) {
  const chosen = await page.evaluate(() => ({
    framed: document.getElementById("framed").textContent,
    clocks: [...document.querySelectorAll(".clock input")].map((input) => input.value),
    filters: ["text", "party", "kind", "source"].map((name) => document.getElementById("filters").elements[name].value),
    current: document.querySelector("[aria-current]")?.id,
    difference: document.getElementById("difference").textContent,
    count: document.getElementById("counted").textContent,
    visible: [...document.querySelectorAll("#list-events > li:not([hidden])")].map((row) => row.id),
  }));
  return { ...chosen, state: await onPage(page) };
}

export async function keyed(page) {
  await press(page, "?");
  assert.equal(await page.locator("#help").isVisible(), true, "? does not help");
  await press(page, "Escape");
  assert.equal(await page.locator("#help").isVisible(), false, "escape does not close the help");
  const [first, second] = await rows(page).evaluateAll((all) => all.slice(0, 2).map((row) => row.id));
  const current = () => page.locator("[aria-current]").getAttribute("id");
  await press(page, "j");
  assert.equal(await current(), first);
  await press(page, "j");
  assert.equal(await current(), second);
  await press(page, "k Enter");
  assert.equal(await current(), first);
  assert.equal(await page.locator(`#${first} .inside`).isVisible(), true, "enter does not open the event");
  await press(page, "Enter");
  assert.equal(await page.locator(`#${first} .inside`).isVisible(), false, "enter does not close the event");
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await paper();
  await press(page, "t");
  assert.notEqual(await paper(), before, "t does not change the light");
  await page.reload();
  await page.locator("html[data-ready]").waitFor({ state: "attached" });
  assert.notEqual(await paper(), before, "the light is not kept");
  await press(page, "p");
  assert.equal(await page.locator("#difference").isVisible(), true, "p does not pin");
  await press(page, "Home");
  assert.ok((await page.locator("#list-difference > li").count()) > 0, "nothing differs from the last stop at the first");
  await press(page, "p /");
  assert.equal(await page.locator("#difference").isVisible(), false, "p does not take the pin out");
  const at = await place(page, "as_of");
  await page.keyboard.type("jtp?");
  assert.equal(await page.locator("#words").inputValue(), "jtp?");
  assert.deepEqual(await place(page, "as_of"), at);
  assert.equal(await page.locator("#help").isVisible(), false, "a key works while somebody types");
}
