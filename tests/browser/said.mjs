// What a page says of the state, and what the program says of it: the same words.
import assert from "node:assert/strict";

const plain = (word) => word.replaceAll("-", " ").toLowerCase();

// The state as it stands on the page: for each line, under its key, the words that say where it stands.
export function onPage(page) {
  return page.evaluate(() => {
    const rows = (list) => [...document.querySelectorAll(`#list-${list} > .row`)];
    const line = (row) => [row.id, [row.querySelector(".word"), row.querySelector(".beside")].map((part) => part?.textContent.toLowerCase() ?? "")];
    const lines = (...lists) => Object.fromEntries(lists.flatMap(rows).map(line).sort(([a], [b]) => a.localeCompare(b)));
    return {
      talks: rows("talks")[0].querySelector(".word").textContent.toLowerCase(),
      ceasefires: lines("ceasefires", "ceasefires-over"),
      agreements: lines("agreements", "agreements-over"),
      demands: rows("demands").map((row) => row.id).sort(),
      events: [...document.querySelectorAll("#list-events > li, #list-events-open > li")].map((row) => row.id).sort(),
    };
  });
}

// The same page as the commands have it.
function asCommanded(status, timeline) {
  const lines = (list, words) => Object.fromEntries(list.map((one) => [one.handle, words(one)]).sort(([a], [b]) => a.localeCompare(b)));
  return {
    talks: plain(status.talks.state),
    ceasefires: lines(status.ceasefires, (one) => [plain(one.state), plain(one.observed)]),
    agreements: lines(status.agreements, (one) => [one.superseded_by ? `superseded by ${one.superseded_by}`.toLowerCase() : plain(one.stage), ""]),
    demands: status.demands.filter((one) => one.open).map((one) => one.handle).sort(),
    events: timeline.map((one) => one.event).sort(),
  };
}

// The words of a ceasefire can say more than its state: by when it is agreed, or for whom.
export function agrees(shown, status, timeline, where) {
  const wanted = asCommanded(status, timeline);
  for (const [key, [state]] of Object.entries(wanted.ceasefires)) if (shown.ceasefires[key]?.[0].startsWith(state)) shown.ceasefires[key][0] = state;
  assert.deepEqual(shown, wanted, `the page and the program differ ${where}`);
}
