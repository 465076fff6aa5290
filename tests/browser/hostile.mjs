// A log whose texts try to be more than text, made of a real one.
const MARKUP = '<script>window.pwned=1</script><img src=x onerror="window.pwned=1">';
const ARABIC = "حركة طالبان";
const HEBREW = "ארגון";

export function hostile(log) {
  let nth = 0;
  const lines = log.trimEnd().split("\n").map((line) => JSON.stringify(troubled(JSON.parse(line), nth++)));
  return { log: `${lines.join("\n")}\n`, markup: MARKUP, arabic: ARABIC };
}

function troubled(record, nth) {
  const said = [`${MARKUP} ${nth}`, `\u202e${ARABIC} ${nth} ${HEBREW} ‏ABC`, `</title></style>${"x".repeat(300)} ${nth}`][nth % 3];
  const data = record.data ?? {};
  if (typeof data.text === "string") data.text = said;
  if (typeof data.title === "string") data.title = `${data.title} ${MARKUP}`;
  for (const party of data.parties ?? []) if (typeof party === "object") party.name = `${ARABIC} ${party.party} ${HEBREW}`;
  for (const source of record.sources ?? []) if (typeof source.quote === "string") source.quote = said;
  return record;
}
