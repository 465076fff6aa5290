import { $, root, all, say, made, standing, lay, settle, told, differences, filters, filter, choose, Clock, page, begin } from "./core.js";

// A page with all its stops: what a row shows is found in the data of the file, on both clocks.
const film = JSON.parse($("film").textContent);

// What rows show, in full; each is kept as what differs from another.
const full = [""];
for (const one of film.shown) {
  if (typeof one === "string") { full.push(one); continue; }
  const [base, head, tail, middle] = one;
  full.push(full[base].slice(0, head) + middle + full[base].slice(full[base].length - tail));
}

// The days of knowledge, each with its order and courses; a day has from the one before what it does not say.
function unrolled(days, from) {
  let { order, courses } = from;
  return days.map(([ordered, changed]) => {
    order = ordered ?? order;
    courses = new Map(courses);
    for (const [row, ...course] of changed) course.length ? courses.set(row, course) : courses.delete(row);
    return { order, courses };
  });
}
const [whole, ...others] = film.days;
const days = [unrolled(whole, { order: [], courses: new Map() })];
let before = days[0].at(-1);
for (const one of others) { const next = unrolled(one, before); days.push(next); before = next.at(-1); }

// What a course shows at a stop: the last thing that began by then.
function shownAt(course, stop) {
  let low = 0, high = course.length / 2 - 1, found = 0;
  while (low <= high) { const middle = (low + high) >> 1; if (course[2 * middle] <= stop) { found = course[2 * middle + 1]; low = middle + 1; } else high = middle - 1; }
  return found;
}

// All lists at a point: for each the keys and what they show.
function at(reading, known, stop) {
  const day = reading ? days[reading][0] : days[0][known];
  const lists = film.lists.map(() => []);
  for (const row of day.order) {
    const course = day.courses.get(row);
    const shown = course ? shownAt(course, stop) : 0;
    if (shown) { const [list, key] = film.rows[row]; lists[list].push([key, full[shown]]); }
  }
  return lists;
}

// Where each line stands at a point, without showing it.
const isAt = (html) => /data-is="([^"]*)"/.exec(html)?.[1];
const plain = (text) => made(`<p title="${text}"></p>`).title;
function standingAt(reading, known, stop) {
  const found = new Map();
  for (const list of at(reading, known, stop)) for (const [key, html] of list) { const is = isAt(html); if (is !== undefined) found.set(key, plain(is)); }
  return found;
}

const state = { pin: null, sel: null };
const bar = $("bar");

function reading() {
  const wanted = { account: bar.elements.account.value || null, corroborated: bar.elements.corroborated.checked, certain: bar.elements.certain.checked };
  return film.readings.findIndex((one) => (one.account ?? null) === wanted.account && one.corroborated === wanted.corroborated && one.certain === wanted.certain);
}

function draw({ mark = true } = {}) {
  const { as_of: world, known_by: known } = page.clocks;
  const read = Math.max(0, reading());
  const base = read !== 0;
  known.range.disabled = base;
  known.date.disabled = base;
  const was = mark ? standing() : null;
  at(read, known.place, world.place).forEach((rows, nth) => { const list = $(`list-${film.lists[nth]}`); if (list) lay(list, rows); });
  const changes = settle(was);
  $("framed-as-of").textContent = world.stops[world.place][2];
  $("framed-known-by").textContent = base || known.place === known.last ? "with all that is known" : `as known by ${known.stops[known.place][2]}`;
  const words = [];
  const one = film.readings[read] ?? {};
  if (one.certain) words.push("only what is certain");
  if (one.corroborated) words.push("only what is corroborated");
  if (one.account) words.push(`by the account of ${bar.elements.account.selectedOptions[0].textContent}`);
  $("framed-reading").textContent = words.length ? `, ${words.join(", ")}` : "";
  compare(read);
  if (state.sel) { const row = $(state.sel); if (row) row.setAttribute("aria-current", "true"); }
  if (was) say(`As of ${world.stops[world.place][2]}. ${told(changes)}`);
}

// The pinned point is compared with this one.
function compare(read) {
  const section = $("difference");
  section.hidden = state.pin === null;
  const pin = $("pin");
  if (pin) pin.textContent = state.pin === null ? "Pin this point" : "Take the pin out";
  if (state.pin === null) return;
  const [world, known] = state.pin;
  $("pinned").textContent = page.clocks.as_of.stops[world][2] + (known === page.clocks.known_by.last ? "" : `, as known by ${page.clocks.known_by.stops[known][2]}`);
  differences(standingAt(read, known, world), standingAt(read, page.clocks.known_by.place, page.clocks.as_of.place));
}

// Everything that is chosen stands in the address, behind its #.
function address() {
  const { as_of: world, known_by: known } = page.clocks;
  const said = new URLSearchParams();
  if (world.place !== world.last) said.set("as_of", world.stops[world.place][1]);
  if (known.place !== known.last) said.set("known_by", known.stops[known.place][1]);
  if (bar.elements.account.value) said.set("account", bar.elements.account.value);
  if (bar.elements.corroborated.checked) said.set("corroborated", "1");
  if (bar.elements.certain.checked) said.set("certain", "1");
  for (const [name, value] of Object.entries(filters())) if (value) said.set(name, value);
  if (state.pin) { said.set("pin", page.clocks.as_of.stops[state.pin[0]][1]); if (state.pin[1] !== known.last) said.set("pin_known", known.stops[state.pin[1]][1]); }
  if (state.sel) said.set("sel", state.sel);
  const text = said.toString();
  history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
}

// The place of what was typed or stands in an address: a day, an event, or the words of a stop.
function placeOf(clock, text, otherwise) {
  const typed = (text ?? "").trim();
  if (!typed) return otherwise;
  const same = clock.stops.findIndex((stop) => stop[1] === typed);
  if (same >= 0) return same;
  if (/^e\d+$/.test(typed)) {
    // The first stop at which the event is shown.
    for (let stop = 0; stop <= clock.last; stop += 1) if (clock.stops[stop][4] === typed) return stop;
    const known = page.clocks.known_by.last;
    for (let stop = 0; stop <= page.clocks.as_of.last; stop += 1) if (at(0, known, stop).some((list) => list.some(([key]) => key === typed))) return stop;
    return null;
  }
  const day = /^\d{4}(-\d{2}(-\d{2})?)?$/.test(typed) ? Date.parse(`${typed}T23:59:59Z`.replace(/^(\d{4})T/, "$1-12-31T").replace(/^(\d{4}-\d{2})T/, "$1-28T")) : Date.parse(typed);
  return Number.isNaN(day) ? null : clock.upto(day / 1000);
}

function read() {
  const hash = location.hash.slice(1);
  const said = new URLSearchParams(hash.includes("=") ? hash : `sel=${hash}`);
  const { as_of: world, known_by: known } = page.clocks;
  world.set(placeOf(world, said.get("as_of"), world.last) ?? world.last);
  known.set(placeOf(known, said.get("known_by"), known.last) ?? known.last);
  bar.elements.account.value = said.get("account") ?? film.readings[0].account ?? "";
  bar.elements.corroborated.checked = said.has("corroborated") || film.readings[0].corroborated;
  bar.elements.certain.checked = said.has("certain") || film.readings[0].certain;
  for (const name of ["text", "party", "kind", "source"]) $("filters").elements[name].value = said.get(name) ?? "";
  state.pin = said.has("pin") ? [placeOf(world, said.get("pin"), world.last) ?? world.last, placeOf(known, said.get("pin_known"), known.last) ?? known.last] : null;
  state.sel = said.get("sel") || null;
  draw({ mark: false });
  if (state.sel && $(state.sel)) choose(state.sel, { open: true, focus: false });
}

// One step a frame, however fast somebody pulls.
let waiting = 0;
function soon() { if (!waiting) waiting = requestAnimationFrame(() => { waiting = 0; draw(); address(); }); }

page.clocks = { as_of: new Clock("as_of", film.stops.as_of, soon), known_by: new Clock("known_by", film.stops.known_by, soon) };
page.moved = soon;
page.filtered = address;
page.sel = (key) => { state.sel = key; address(); };
page.pin = () => {
  state.pin = state.pin === null ? [page.clocks.as_of.place, page.clocks.known_by.place] : null;
  draw({ mark: false }); address();
  say(state.pin ? "This point is pinned. Move on, and d shows the difference." : "The pin is out.");
};
page.add = () => say("Nothing can be added to a file.");

begin();
$("pin").hidden = false;
$("pin").addEventListener("click", () => page.pin());
bar.addEventListener("submit", (event) => {
  event.preventDefault();
  for (const clock of Object.values(page.clocks)) {
    const place = placeOf(clock, clock.date.value, clock.last);
    if (place === null) { say(`${clock.date.value} is no day and no event of this file; write 2025-10-20 or e8.`); clock.date.focus(); clock.date.select(); return; }
    clock.set(place);
  }
  draw(); address();
});
bar.addEventListener("change", (event) => {
  const on = event.target;
  if (!["account", "corroborated", "certain"].includes(on.name)) return;
  // One reading at a time is kept in a file.
  if (on.name !== "account" && on.checked) { bar.elements.account.value = ""; bar.elements[on.name === "certain" ? "corroborated" : "certain"].checked = false; }
  if (on.name === "account" && on.value) { bar.elements.corroborated.checked = false; bar.elements.certain.checked = false; }
  if (reading() < 0) { bar.elements.account.value = film.readings[0].account ?? ""; bar.elements.corroborated.checked = film.readings[0].corroborated; bar.elements.certain.checked = film.readings[0].certain; say("This reading is not in the file."); }
  draw(); address();
});
window.addEventListener("hashchange", read);

// The rows of the timeline that are shown, as a file.
const shown = () => all("#list-events > li:not([hidden])").map((row) => ({ event: row.id, when: row.querySelector(".when").textContent, kind: row.dataset.kind, text: row.querySelector(".said bdi").textContent, parties: row.dataset.parties, sources: row.dataset.sources }));
const cell = (text) => { const tame = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text; return /[",\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame; };
const forms = {
  json: () => JSON.stringify(shown(), null, 2),
  csv: () => [["event", "when", "kind", "text", "parties", "sources"], ...shown().map(Object.values)].map((row) => row.map(cell).join(",")).join("\r\n"),
  md: () => shown().map((one) => `- ${[one.when, one.text, one.sources].map((text) => text.replace(/[\\`*_{}[\]<>#|~]/g, "\\$&")).join(" — ")}`).join("\n"),
};
const out = $("export");
out.hidden = false;
out.addEventListener("click", (event) => {
  const form = event.target.dataset.export;
  if (!form) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([forms[form]()], { type: "text/plain" }));
  link.download = `timeline.${form}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});
for (const clock of Object.values(page.clocks)) clock.set(clock.last);
if (location.hash) read(); else draw({ mark: false });
root.dataset.ready = "";
