// What every page does: keys, filters, the chosen event, dark and light. The words and the rows come from the page itself.
export const $ = (id) => document.getElementById(id);
export const root = document.documentElement;
export const all = (selector, under = document) => [...under.querySelectorAll(selector)];
const store = { get: (key) => { try { return localStorage.getItem(key); } catch { return null; } }, set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* kept for this visit only */ } } };

// Says one sentence to those who listen.
export function say(sentence) { const at = $("say"); if (at && at.textContent !== sentence) at.textContent = sentence; }

// Makes an element of markup that was made for this page.
const maker = document.createElement("template");
export function made(html) { maker.innerHTML = html; return maker.content.firstElementChild; }

// What each row was made of, so that an unchanged one is left alone: open, focused, as it is.
const origins = new WeakMap();
const words = (text) => text.replaceAll("-", " ");

// Where each line of the state stands: by its key.
export function standing() { return new Map(all(".state [data-is]").map((row) => [row.id, row.dataset.is])); }

// Makes a list show these rows; `rows` are pairs of a key and its markup, in order.
export function lay(list, rows) {
  const have = new Map([...list.children].map((row) => [row.id, row]));
  let at = list.firstElementChild;
  for (const [key, html] of rows) {
    let row = have.get(key);
    have.delete(key);
    if (!row || origins.get(row) !== html) {
      const fresh = made(html);
      origins.set(fresh, html);
      if (row) { keep(row, fresh); row.replaceWith(fresh); if (at === row) at = fresh; }
      row = fresh;
    }
    if (row !== at) list.insertBefore(row, at); else at = at.nextElementSibling;
  }
  have.forEach((row) => row.remove());
}

// What is open stays open, and where the focus was it stays.
function keep(before, after) {
  const open = all("details", before).map((one) => one.open);
  all("details", after).forEach((one, nth) => { one.open = open[nth] ?? false; });
  if (before.contains(document.activeElement)) {
    const nth = all("summary, a", before).indexOf(document.activeElement);
    requestAnimationFrame(() => (all("summary, a", after)[nth] ?? after).focus({ preventScroll: true }));
  }
  if (before.hasAttribute("aria-current")) after.setAttribute("aria-current", "true");
}

// After all lists are laid: sections that are empty go away, what is filtered out is hidden, pictures show what is there.
export function settle(before) {
  for (const section of all("[data-section]")) {
    const list = $(`list-${section.dataset.section}`);
    const empty = !list || !list.children.length;
    const none = section.querySelector(":scope > .none");
    const over = section.querySelector(":scope > .over");
    const count = over ? over.querySelector("ul").children.length : 0;
    if (list) list.hidden = empty;
    if (none) none.hidden = !empty;
    if (over) { over.hidden = !count; over.querySelector(".count").textContent = count; }
    section.hidden = empty && !none && !count;
  }
  const record = $("list-record");
  if (record) $("record").hidden = !record.children.length;
  for (const mark of all("[data-event]")) mark.toggleAttribute("hidden", !$(mark.dataset.event));
  for (const figure of all(".pictures figure")) figure.hidden = all("[data-event]", figure).every((mark) => mark.hasAttribute("hidden"));
  $("pictures").hidden = all(".pictures figure").every((figure) => figure.hidden);
  filter();
  return before ? marked(before) : [];
}

// Marks what stands elsewhere than before, with the word; says what that was.
function marked(before) {
  all(".changed").forEach((mark) => mark.remove());
  const after = standing();
  const changes = [];
  for (const [key, is] of after) {
    const was = before.get(key);
    if (was === is || key === "silence") continue;
    const row = $(key);
    const mark = document.createElement("span");
    mark.className = "changed";
    mark.textContent = was === undefined ? "new" : "changed";
    if (was) { const from = document.createElement("span"); from.className = "was"; from.textContent = ` was ${words(was)}`; mark.append(from); }
    row.querySelector("p")?.prepend(mark, " ");
    changes.push({ key, was, is });
  }
  for (const [key, was] of before) if (!after.has(key)) changes.push({ key, was });
  return changes;
}

// The changes in one sentence.
export function told(changes) {
  const lines = changes.filter((change) => !/^(due-|incidents)/.test(change.key));
  const one = ({ key, was, is }) => is === undefined ? `${key} is gone` : was === undefined ? `${key} is new: ${words(is)}` : `${key}: ${words(is)}, was ${words(was)}`;
  if (!lines.length) return "No line of the state changed.";
  const more = lines.length > 3 ? ` And ${lines.length - 3} more changes.` : "";
  return `${lines.slice(0, 3).map(one).join(". ")}.${more}`;
}

// The lines that differ between two points, as a list.
export function differences(from, to) {
  const rows = [];
  const item = (key, was, is) => {
    const li = document.createElement("li"), a = document.createElement("a");
    a.className = "id"; a.href = `#${key}`; a.textContent = key;
    li.append(a, " ");
    if (was !== undefined) { const del = document.createElement("del"); del.textContent = words(was); li.append(del, is === undefined ? " is gone" : " → "); } else li.append("new: ");
    if (is !== undefined) { const ins = document.createElement("ins"); ins.textContent = words(is); li.append(ins); }
    const about = $(key)?.querySelector("bdi")?.textContent;
    if (about) { const soft = document.createElement("span"); soft.className = "soft"; soft.textContent = ` ${about}`; soft.dir = "auto"; li.append(soft); }
    rows.push(li);
  };
  const counts = (key) => !/^(due-|silence)/.test(key);
  for (const [key, is] of to) if (counts(key) && from.get(key) !== is) item(key, from.get(key), is);
  for (const [key, was] of from) if (counts(key) && !to.has(key)) item(key, was);
  $("list-difference").replaceChildren(...rows);
  $("no-difference").hidden = rows.length > 0;
}

// The filters of the timeline.
export function filters() {
  const form = $("filters");
  return form ? Object.fromEntries(["text", "party", "kind", "source"].map((name) => [name, form.elements[name].value])) : {};
}
export function filter() {
  const { text = "", party, kind, source } = filters();
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const row of all("#list-events > li, #list-events-open > li")) {
    const has = (name, value) => !value || row.dataset[name].split(" ").includes(value);
    const told = wanted.length ? row.textContent.toLowerCase() : "";
    const fits = has("parties", party) && has("sources", source) && (!kind || row.dataset.kind.startsWith(kind)) && wanted.every((word) => told.includes(word));
    row.hidden = !fits;
    if (fits) count += 1;
  }
  if ($("counted")) $("counted").textContent = count;
  if ($("nothing")) $("nothing").hidden = count > 0;
  if ($("clear")) $("clear").hidden = !Object.values(filters()).some(Boolean);
}

// The chosen event: one at a time, and it stands in the address.
export function choose(key, { open = false, focus = true } = {}) {
  all("[aria-current]").forEach((row) => row.removeAttribute("aria-current"));
  const row = key && $(key);
  if (!row) return null;
  row.hidden = false;
  row.closest("details.over")?.setAttribute("open", "");
  const details = row.querySelector("details");
  if (row.classList.contains("event")) {
    row.setAttribute("aria-current", "true");
    if (open && details) details.open = true;
    page.sel(key);
  }
  if (focus) (row.classList.contains("event") ? details.querySelector("summary") : row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  return row;
}
const events = () => all("#list-events > li:not([hidden]), #list-events-open > li:not([hidden])");
function along(step) {
  const rows = events();
  const at = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step))];
  if (next) choose(next.id);
}

// A slider whose stops are events: [seconds, typed, in words, sentence, event, whether a line moves].
export class Clock {
  constructor(name, stops, moved) {
    this.stops = stops;
    this.under = document.querySelector(`[data-clock="${name}"]`);
    this.range = this.under.querySelector("input[type=range]");
    this.date = this.under.querySelector("input.date");
    this.at = this.under.querySelector(".at");
    this.name = name;
    this.range.max = stops.length - 1;
    this.under.querySelector(".slide").hidden = stops.length < 2;
    this.range.addEventListener("input", () => { this.show(); moved(); });
    this.under.addEventListener("click", (event) => {
      const step = event.target.closest("[data-step]")?.dataset.step;
      if (step) { this.step(step); moved(); }
    });
  }
  get place() { return Number(this.range.value); }
  get last() { return this.stops.length - 1; }
  set(place) { this.range.value = Math.max(0, Math.min(this.last, place)); this.show(); }
  step(step) { this.set(step === "first" ? 0 : step === "last" ? this.last : this.place + Number(step)); }
  // The next stop in a direction at which a line of the state moves.
  change(step) { let at = this.place + step; while (at > 0 && at < this.last && !this.stops[at][5]) at += step; this.set(at); }
  // The last stop that is not after an instant.
  upto(seconds) { let at = this.stops.findLastIndex((stop) => stop[0] <= seconds); return at < 0 ? 0 : at; }
  show() {
    const [, typed, day, sentence] = this.stops[this.place] ?? [0, "", "", ""];
    const nth = `stop ${this.place + 1} of ${this.stops.length}`;
    this.range.setAttribute("aria-valuetext", [day, sentence, nth].filter(Boolean).join(", "));
    const about = document.createElement("span");
    about.className = "soft";
    about.textContent = sentence && this.place !== this.last ? ` ${sentence}` : "";
    const bold = document.createElement("b");
    bold.textContent = this.place === this.last ? this.date.placeholder : day;
    this.at.replaceChildren(bold, about);
    if (document.activeElement !== this.date) this.date.value = this.place === this.last ? "" : typed;
    const cursor = this.name === "as_of" && document.querySelector("[data-cursor]");
    if (cursor) cursor.setAttribute("transform", `translate(${this.place} 0)`);
  }
}

// What the pages differ in; still.js and live.js fill it in.
export const page = { clocks: null, moved() {}, pin() {}, sel() {}, filtered() {}, export() {}, add() {} };

// Keys. They are off while somebody types, and can be switched off.
const keysOn = () => store.get("talks-keys") !== "off";
function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const on = event.target;
  const typing = on.matches?.("input:not([type=range], [type=checkbox]), select, textarea");
  if (event.key === "Escape" && typing) { on.blur(); return; }
  if (typing || $("help")?.open || !keysOn()) return;
  const slider = on.matches?.("input[type=range]");
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step && page.clocks) {
    const clock = slider ? (on === page.clocks.known_by.range ? page.clocks.known_by : page.clocks.as_of) : page.clocks.as_of;
    if (event.shiftKey) clock.change(step); else clock.step(step);
    page.moved();
  } else if ((event.key === "Home" || event.key === "End") && page.clocks && !slider) {
    page.clocks.as_of.step(event.key === "Home" ? "first" : "last"); page.moved();
  } else if ((event.key === "[" || event.key === "]") && page.clocks) {
    page.clocks.known_by.step(event.key === "[" ? -1 : 1); page.moved();
  } else if (event.key === "j" || event.key === "k") along(event.key === "j" ? 1 : -1);
  else if (event.key === "Enter" && on === document.body) { const row = document.querySelector(".event[aria-current]"); if (!row) return; const one = row.querySelector("details"); one.open = !one.open; }
  else if (event.key === "w") { const row = on.closest?.(".row") ?? document.querySelector(".state .row"); const one = row?.querySelector(".why"); if (!one) return; one.open = !one.open; one.querySelector("summary").focus(); }
  else if (event.key === "/") $("words")?.focus();
  else if (event.key === "p") page.pin();
  else if (event.key === "d") { const one = $("difference"); if (one && !one.hidden) { one.focus(); one.scrollIntoView({ block: "nearest" }); } else say("No point is pinned: p pins this one."); }
  else if (event.key === "e") { $("export")?.scrollIntoView(); ($("export")?.querySelector("a, button"))?.focus(); }
  else if (event.key === "n") page.add();
  else if (event.key === "t") theme();
  else if (event.key === "?") $("help")?.showModal();
  else return;
  event.preventDefault();
}

function theme() {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  store.set("talks-theme", root.dataset.theme);
  say(dark ? "light" : "dark");
}

// The sliders stay in view; what stands over them in the bar scrolls away.
function stick() { const clock = document.querySelector(".clock"); if (clock) $("bar").style.top = `${-clock.offsetTop}px`; }

export function begin() {
  root.classList.add("scripted");
  stick();
  addEventListener("resize", stick);
  const kept = store.get("talks-theme");
  if (kept) root.dataset.theme = kept;
  for (const id of ["theme", "keys"]) if ($(id)) $(id).hidden = false;
  $("theme")?.addEventListener("click", theme);
  $("keys")?.addEventListener("click", () => $("help").showModal());
  const on = $("keys-on");
  if (on) { on.checked = keysOn(); on.addEventListener("change", () => store.set("talks-keys", on.checked ? "on" : "off")); }
  document.addEventListener("keydown", key);
  for (const list of all("ul, ol")) for (const row of list.children) if (row.id) origins.set(row, row.outerHTML);
  const form = $("filters");
  if (form) {
    form.addEventListener("input", () => { filter(); page.filtered(); });
    form.addEventListener("submit", (event) => { event.preventDefault(); filter(); page.filtered(); });
    form.addEventListener("reset", (event) => { event.preventDefault(); for (const name of ["text", "party", "kind", "source"]) form.elements[name].value = ""; filter(); page.filtered(); say("all events"); });
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    const to = link && decodeURIComponent(link.getAttribute("href").slice(1));
    if (to && $(to) && !/^(state|timeline)$/.test(to)) { event.preventDefault(); choose(to, { open: true }); if (!$(to).classList.contains("event")) $(to).scrollIntoView({ block: "center" }); }
    const summary = event.target.closest?.(".event > details > summary");
    if (summary) choose(summary.parentElement.parentElement.id, { focus: false });
  });
}
if (root.dataset.mode === "board") begin();
