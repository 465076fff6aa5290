// Entering an event on the page: what it would change is shown before anything is stored.
import assert from "node:assert/strict";
import { visit } from "./browser.mjs";
import { audited, fits, LOOKS, shot } from "./looks.mjs";

export async function entered({ run, chrome, program, server, at, shots }, log) {
  const address = `${server.address}/n/${log}?add=demand.withdrawn`;
  const name = `${log}, entry`;
  const records = () => program.view("log", at).events.length;
  const step = (what, body, expected = []) => run.step(name, what, () => visit(chrome, address, body, { expected }));

  await step("with another token nothing is stored, and it is said why", async (page) => {
    const before = records();
    assert.match(await previewed(page, "another"), /token/, "it is not said why");
    assert.equal(await page.locator("#store").isDisabled(), true, "it could be stored");
    assert.equal(records(), before, "it was stored");
  }, [/status of 401/]);
  await step("where the log moved on nothing is stored, and it is said", async (page) => {
    await previewed(page, server.token);
    program.run(["add", "statement.made", "by=pakistan", "act=position", "text=Another was faster.", "-w", "2025-11-14", ...at, "-q", "--yes"]);
    const before = records();
    await page.locator("#store").click();
    await page.locator("#preview .refused").waitFor();
    assert.match(await page.locator("#preview").textContent(), /moved on|version/, "it is not said why");
    assert.equal(records(), before, "it was stored");
  }, [/status of 412/]);
  await step("what is filled in otherwise meanwhile has to be shown anew", async (page) => {
    await previewed(page, server.token);
    await page.locator('#draft [name="when"]').fill("2025-11-16");
    assert.equal(await page.locator("#store").isDisabled(), true, "something else could be stored");
  });
  await step("what it would change is shown, then it is stored, and is there", async (page) => {
    const before = records();
    assert.match(await previewed(page, server.token), /Not stored yet.*D1.*withdrawn/s, "the change of state is not shown");
    assert.equal(records(), before, "the preview stores");
    await page.locator("#store").click();
    await page.locator("#preview .decided[data-stored]").waitFor();
    await page.locator("#list-demands-over #D1").waitFor({ state: "attached" });
    assert.equal(await page.locator("#list-demands-over #D1 .word").textContent(), "withdrawn");
    assert.equal(records(), before + 1, "it is not stored once");
  });
  await step("a kind is chosen by key, and what need not be there does not stand in the way", async (page) => {
    const before = records();
    await page.locator("#add").focus();
    await page.locator("#add").selectOption("statement.made");
    assert.match(page.url(), /add=demand.withdrawn/, "a choice that is not made yet leads away");
    await page.locator("#kind button").focus();
    await page.keyboard.press("Enter");
    await page.locator('#draft[data-kind="statement.made"]').waitFor();
    await page.locator('#draft [name="by"]').fill("pakistan");
    await page.locator('#draft [name="act"]').fill("position");
    await page.locator('#draft [name="when"]').fill("2025-11-16");
    await page.locator('#draft [name="text"]').fill("Nothing <b>new</b>.");
    await page.locator("#field-token").fill(server.token);
    await page.locator("#draft button[type=submit]").click();
    await page.locator("#preview .decided").waitFor();
    await page.locator("#store").click();
    await page.locator("#preview .decided[data-stored]").waitFor();
    assert.equal(records(), before + 1, "it is not stored once");
  });
  for (const [look, how] of Object.entries(LOOKS)) {
    await run.step(name, `in ${look} the audit finds nothing`, () => visit(chrome, address, async (page) => {
      await page.locator("#draft details").evaluateAll((all) => all.forEach((one) => { one.open = true; }));
      await fits(page);
      await shot(page, shots, `entry-${look}`);
      await audited(page);
    }, how));
  }
}

// Fills in that a demand is taken back, and asks what that would change.
async function previewed(page, token) {
  await page.locator('#draft [name="demand"]').fill("D1");
  await page.locator('#draft [name="when"]').fill("2025-11-15");
  await page.locator('#field-token').fill(token);
  await page.locator("#draft button[type=submit]").click();
  await page.locator("#preview > *").waitFor();
  return page.locator("#preview").textContent();
}
