import { $, root, all, say, standing, lay, settle, told, filters, filter, choose, Clock, page, begin } from "./core.js";

// A page that asks its server: each point is fetched as a page, and only what is other in it is put in place.
const base = root.dataset.base;
const api = root.dataset.api;
const state = new URLSearchParams(location.search);
const bar = $("bar");
const read = (doc = document) => JSON.parse(doc.getElementById("stops").textContent);

function put(name, value) { if (value) state.set(name, value); else state.delete(name); }
function address() { const text = state.toString(); return text ? `${base}?${text}` : base; }
function keep() { history.replaceState(null, "", address()); }

// Where a slider stands for what the address says: its own words, else the last stop up to the day that the page shows.
function placeOf(clock, name) {
  const typed = state.get(name);
  if (!typed) return clock.last;
  const same = clock.stops.findIndex((stop) => stop[1] === typed);
  if (same >= 0) return same;
  const at = Date.parse(clock.under.querySelector(".slide").dataset.until || "");
  return Number.isNaN(at) ? clock.last : clock.upto(at / 1000);
}

// Puts what a page says into this one.
function take(doc, mark) {
  const was = mark ? standing() : null;
  for (const list of all("[id^=list-]", doc)) {
    const here = $(list.id);
    if (!here || list.id === "list-difference") continue;
    lay(here, [...list.children].map((row) => { row.removeAttribute("hidden"); return [row.id, row.outerHTML]; }));
  }
  for (const id of ["framed", "difference", "export"]) { const fresh = doc.getElementById(id); if (fresh && $(id)) $(id).replaceWith(document.adoptNode(fresh)); }
  for (const name of [".strip", ".pin", ".sources"]) { const fresh = doc.querySelector(name); const here = document.querySelector(name); if (fresh && here) here.replaceWith(document.adoptNode(fresh)); }
  const stops = read(doc);
  for (const clock of Object.values(page.clocks)) {
    clock.stops = stops[clock.name];
    clock.range.max = clock.last;
    clock.under.querySelector(".slide").dataset.until = doc.querySelector(`[data-clock="${clock.name}"] .slide`).dataset.until ?? "";
    clock.set(placeOf(clock, clock.name));
  }
  const changes = settle(was);
  if (state.get("sel")) $(state.get("sel"))?.setAttribute("aria-current", "true");
  return changes;
}

// One question at a time; while it is out, only the last wish is kept.
let out = null, wish = null;
async function ask({ mark = true } = {}) {
  if (out) { wish = { mark }; return; }
  out = fetch(address(), { headers: { Accept: "text/html" } });
  try {
    const answer = await out;
    const doc = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok) { say(doc.querySelector("h1")?.textContent ?? `The server says ${answer.status}.`); return; }
    const changes = take(doc, mark);
    keep();
    if (mark) say(`${$("framed").textContent.trim()} ${told(changes)}`);
  } catch { say("The server does not answer."); } finally {
    out = null;
    if (wish) { const next = wish; wish = null; ask(next); }
  }
}

function moved() {
  for (const clock of Object.values(page.clocks)) put(clock.name, clock.place === clock.last ? "" : clock.stops[clock.place][1]);
  ask();
}

const stops = read();
page.clocks = { as_of: new Clock("as_of", stops.as_of, moved), known_by: new Clock("known_by", stops.known_by, moved) };
page.moved = moved;
page.filtered = () => { for (const [name, value] of Object.entries(filters())) put(name, value); keep(); };
page.sel = (key) => { put("sel", key); keep(); };
page.pin = () => { put("pin", state.has("pin") ? "" : state.get("as_of") || new Date().toISOString().slice(0, 19) + "Z"); ask({ mark: false }); };
page.add = () => { const entry = $("entry"); if (entry) { entry.scrollIntoView(); (entry.querySelector("#draft input") ?? entry.querySelector("select")).focus(); } else say("This page only reads; talks serve --write lets events be added."); };

begin();
for (const clock of Object.values(page.clocks)) clock.set(placeOf(clock, clock.name));
for (const name of ["as_of", "known_by"]) bar.elements[name].value = state.get(name) ?? "";
settle(null);
if (state.get("sel")) choose(state.get("sel"), { open: true, focus: false });

document.addEventListener("click", (event) => { if (event.target.closest?.("#pin, #unpin")) { event.preventDefault(); page.pin(); } });
bar.addEventListener("submit", (event) => { event.preventDefault(); chosen(); });
bar.addEventListener("change", (event) => {
  if (event.target.name === "account" && event.target.value) bar.elements.corroborated.checked = false;
  if (event.target.name === "corroborated" && event.target.checked) bar.elements.account.value = "";
  if (event.target.matches("select, [type=checkbox]")) chosen();
});
function chosen() {
  for (const name of ["as_of", "known_by", "account"]) put(name, bar.elements[name].value.trim());
  for (const name of ["corroborated", "certain"]) put(name, bar.elements[name].checked ? "1" : "");
  ask();
}

// What comes into the log while somebody looks.
if (api) {
  const stream = new EventSource(`${api}/events/stream`);
  const came = (message) => {
    let version = message.lastEventId;
    try { version = JSON.parse(message.data).event ?? version; } catch { /* a version alone */ }
    if (page.clocks.as_of.place === page.clocks.as_of.last) { ask().then(() => say(`${/^e/.test(version) ? version : `e${version}`} came in. ${$("say").textContent}`)); return; }
    say("Something came in; End shows how things stand now.");
  };
  stream.onmessage = came;
  for (const name of ["event", "append", "version"]) stream.addEventListener(name, came);
  addEventListener("pagehide", () => stream.close());
}

// Entry: a draft of what is filled in; nothing is stored before what it would change was shown.
const form = $("draft");
if (form && api) {
  const preview = $("preview"), store = $("store");
  const value = (field) => {
    const text = field.value.trim();
    if (/number|count|days|level/.test(field.dataset.takes) && /^-?\d+$/.test(text)) return Number(text);
    if (/^[[{]/.test(text)) { try { return JSON.parse(text); } catch { return text; } }
    if (/^list of/.test(field.dataset.takes)) return text.split(/\s*;\s*/);
    return text;
  };
  const draft = () => {
    const made = { kind: form.dataset.kind, data: {} };
    for (const field of all("[name]", form)) {
      if (!field.value.trim() || ["token", "source", "quote", "locator"].includes(field.name)) continue;
      if (field.name === "when") made.occurred = field.value.trim(); else made.data[field.name] = value(field);
    }
    const { source, quote, locator } = Object.fromEntries(["source", "quote", "locator"].map((name) => [name, form.elements[name].value.trim()]));
    if (source) made.sources = [{ source, ...(quote && { quote }), ...(locator && { locator }) }];
    if (store.dataset.id) made.id = store.dataset.id;
    return made;
  };
  const send = async (dry) => {
    const head = await fetch(`${api}/status`);
    const rooted = (await head.json()).root;
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${form.elements.token.value}`, "If-Match": store.dataset.root || `"${rooted}"` };
    const answer = await fetch(`${api}/events${dry ? "?dry_run" : ""}`, { method: "POST", headers, body: JSON.stringify(draft()) });
    const said = await answer.json().catch(() => ({}));
    return { ok: answer.ok, status: answer.status, said, root: headers["If-Match"] };
  };
  const lines = (said) => {
    const made = (said.recorded ?? said.events ?? said.data?.recorded ?? []).map((one) => `${one.event ?? ""} ${one.kind ?? ""} ${one.text ?? ""}`.trim());
    const changes = (said.changes ?? said.data?.changes ?? []).map((change) => `${change.what}: ${change.before ?? "new"} → ${change.after ?? "gone"}`);
    return [...made, ...(changes.length ? changes : ["No line of the state changes."])].join("\n");
  };
  const wrong = ({ status, said }) => [said.title ?? `The server says ${status}.`, said.detail, ...(said.errors ?? []).map((one) => one.detail ?? one.what ?? String(one)), said.help].filter(Boolean).join("\n");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    delete store.dataset.root;
    store.dataset.id = crypto.randomUUID();
    const answer = await send(true).catch(() => ({ status: 0, said: { title: "The server does not answer." } }));
    preview.textContent = answer.ok ? lines(answer.said) : wrong(answer);
    store.disabled = !answer.ok;
    if (answer.ok) { store.dataset.root = answer.root; store.focus(); }
  });
  form.addEventListener("input", () => { store.disabled = true; });
  store.addEventListener("click", async () => {
    const answer = await send(false).catch(() => ({ status: 0, said: { title: "It is not known whether it was stored; preview it again." } }));
    store.disabled = true;
    preview.textContent = answer.ok ? `Stored.\n${lines(answer.said)}` : answer.status === 412 ? "The log moved on meanwhile; preview it again." : wrong(answer);
    if (answer.ok) { for (const field of all("input[name]:not([type=password])", form)) field.value = ""; ask(); }
  });
}
root.dataset.ready = "";
