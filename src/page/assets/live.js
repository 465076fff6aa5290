import { $, root, all, made, say, standing, lay, settle, told, filters, filter, choose, Clock, page, begin } from "./core.js";

// A page that asks its server: each point is fetched as a page, and only what is other in it is put in place.
const base = root.dataset.base;
const api = root.dataset.api;
const state = new URLSearchParams(location.search);
const bar = $("bar");
const read = (doc = document) => JSON.parse(doc.getElementById("stops").textContent);

function put(name, value) { if (value) state.set(name, value); else state.delete(name); }
function address(plain = false) {
  const asked = new URLSearchParams(state);
  // The form stays as it is; a step of a slider need not make it anew.
  if (plain) asked.delete("add");
  const text = asked.toString();
  return text ? `${base}?${text}` : base;
}
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

// Puts a slider where the address says; what was typed stays as it was typed.
const stood = {};
function stand(clock) {
  clock.set(placeOf(clock, clock.name));
  stood[clock.name] = clock.place;
  if (document.activeElement !== clock.date) clock.date.value = state.get(clock.name) ?? "";
}

// Puts what a page says into this one.
function take(doc, mark) {
  const was = mark ? standing() : null;
  for (const list of all("[id^=list-]", doc)) {
    const here = $(list.id);
    if (!here || list.id === "list-difference") continue;
    lay(here, [...list.children].map((row) => { row.removeAttribute("hidden"); return [row.id, row.outerHTML]; }));
  }
  for (const id of ["framed", "difference", "export", "pictures"]) { const fresh = doc.getElementById(id); if (fresh && $(id)) $(id).replaceWith(document.adoptNode(fresh)); }
  for (const name of [".strip", ".pin", ".sources", ".printed", "footer > p", "h1", ".subject"]) {
    const fresh = doc.querySelector(name), here = document.querySelector(name);
    const isFocused = here?.contains(document.activeElement);
    if (fresh && here) here.replaceWith(document.adoptNode(fresh));
    if (isFocused) fresh?.querySelector("a")?.focus();
  }
  for (const select of all("#filters select, #account", doc)) {
    const here = document.querySelector(`${select.id ? "#account" : "#filters select"}[name="${select.name}"]`), chosen = here?.value;
    if (here && here.options.length !== select.options.length) { here.replaceChildren(...select.options); here.value = chosen; }
  }
  const stops = read(doc);
  for (const clock of Object.values(page.clocks)) {
    clock.stops = stops[clock.name];
    clock.range.max = clock.last;
    clock.under.querySelector(".slide").dataset.until = doc.querySelector(`[data-clock="${clock.name}"] .slide`).dataset.until ?? "";
    stand(clock);
  }
  const changes = settle(was);
  if (state.get("sel")) $(state.get("sel"))?.setAttribute("aria-current", "true");
  return changes;
}

// One question at a time; while it is out, only the last wish is kept, and the page says that it is busy.
let out = null, wish = null;
const main = document.querySelector("main");
async function ask({ mark = true, first = "" } = {}) {
  if (out) { wish = { mark, first }; return; }
  main.setAttribute("aria-busy", "true");
  out = fetch(address(true), { headers: { Accept: "text/html" } });
  try {
    const answer = await out;
    const doc = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok) { say(doc.querySelector("h1")?.textContent ?? `The server says ${answer.status}.`); return; }
    const changes = take(doc, mark);
    keep();
    if (isNow()) $("came")?.remove();
    if (mark) say(`${first} ${$("framed").textContent.trim()} ${told(changes)}`.trim());
  } catch { say("The server does not answer."); } finally {
    out = null;
    if (wish) { const next = wish; wish = null; ask(next); } else main.removeAttribute("aria-busy");
  }
}

function moved() {
  for (const clock of Object.values(page.clocks)) {
    if (clock.place === stood[clock.name]) continue;
    stood[clock.name] = clock.place;
    put(clock.name, clock.place === clock.last ? "" : clock.stops[clock.place][1]);
  }
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
Object.values(page.clocks).forEach(stand);
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

// What comes into the log while somebody looks: who looks at now sees it, who looks back is told.
function isNow() { return Object.values(page.clocks).every((clock) => clock.place === clock.last); }
function came(version) {
  if (isNow()) { ask({ first: `e${version} came in.` }); return; }
  let note = $("came");
  if (!note) {
    note = document.createElement("button");
    note.id = "came";
    note.type = "button";
    note.addEventListener("click", () => { for (const clock of Object.values(page.clocks)) clock.step("last"); moved(); });
    main.append(note);
  }
  note.textContent = `e${version} came in: show how things stand now`;
  say(note.textContent);
}
// A page that nobody sees listens to nothing: a browser holds few connections to one server.
let stream = null;
function listen() {
  stream?.close();
  stream = document.hidden ? null : new EventSource(`${api}/events/stream?after=${$("framed").dataset.version ?? 0}`);
  stream?.addEventListener("recorded", (message) => { if (!state.has("recorded_by")) came(message.lastEventId); });
}
if (api) {
  listen();
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => stream?.close());
}

// Entry: what is filled in is sent as it was typed; nothing is stored before what it would change was shown.
$("kind")?.addEventListener("submit", (event) => { event.preventDefault(); put("add", $("add").value); location.assign(`${address()}#entry`); });
const form = $("draft");
if (form) {
  const preview = $("preview"), store = $("store"), token = $("field-token");
  const kept = (text) => { try { if (text === undefined) return sessionStorage.getItem("talks-token") ?? ""; sessionStorage.setItem("talks-token", text); } catch { /* typed anew each time */ } return text ?? ""; };
  form.hidden = false;
  token.value = kept();
  const fields = () => all("[name]", form);
  let edits = 0;

  // Points at the field that is at fault, and opens what it lies in.
  function fault(at) {
    for (const field of [...fields(), token]) field.ariaInvalid = field === at ? "true" : null;
    for (let over = at?.closest("details"); over; over = over.parentElement.closest("details")) over.open = true;
    at?.focus();
  }

  // Asks for a decision; the answer is a part of the page, made where its words are made.
  async function decide(toStore) {
    const decided = preview.querySelector(".decided:not([data-stored])"), asked = edits;
    const said = { kind: form.dataset.kind, store: toStore, values: fields().map((field) => [field.name, field.value]) };
    if (toStore && decided) Object.assign(said, { id: decided.dataset.id, version: Number(decided.dataset.version), shown: decided.dataset.shown });
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token.value.trim()}` };
    store.disabled = true;
    let answer, text;
    try { answer = await fetch(form.dataset.to, { method: "POST", headers, body: JSON.stringify(said) }); text = await answer.text(); } catch {
      preview.textContent = toStore ? "The server does not answer: it may be stored or not. Store it again: it is stored once." : "The server does not answer.";
      store.disabled = !toStore;
      if (toStore && decided) preview.append(decided);
      return;
    }
    // What was asked is no longer what stands in the fields.
    if (!toStore && asked !== edits) return;
    if (answer.ok) kept(token.value.trim());
    const part = made(text);
    if (part) preview.replaceChildren(part); else preview.textContent = atGate(text) ?? `The server says ${answer.status}.`;
    fault(answer.status === 401 ? token : fields().find((field) => field.name === part?.dataset.field));
    store.disabled = !answer.ok || toStore;
    if (answer.ok && !toStore) store.focus();
    if (answer.ok && toStore) { form.reset(); token.value = kept(); fields().forEach(along); ask(); }
  }
  form.addEventListener("submit", (event) => { event.preventDefault(); decide(false); });
  form.addEventListener("input", (event) => { edits += 1; store.disabled = true; along(event.target); });
  store.addEventListener("click", () => decide(true));

  // What a program would be told, where the request got no further than the gate.
  function atGate(text) { try { return JSON.parse(text).detail; } catch { return null; } }

  // In a field of several answers the choices go on behind the last separator.
  function along(field) {
    if (!field.list || field.dataset.several === undefined) return;
    const separator = field.name === "source" ? "," : /[;:]/.test(field.value) ? ";" : ",";
    const before = field.value.slice(0, field.value.lastIndexOf(separator) + 1);
    for (const option of field.list.options) {
      option.dataset.alone ??= option.value;
      option.value = before ? `${before} ${option.dataset.alone}` : option.dataset.alone;
    }
  }
  if (state.has("add")) addEventListener("load", () => fields()[0]?.focus());
}
root.dataset.ready = "";
