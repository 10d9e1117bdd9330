"use strict";
// In: the JSON beside this script. Out: the list of cases, filtered, each cell with its detail. The run's numbers come from Python; here only what the filter shows is counted.
// The address decides what is open: #CLIENT--SERVER chooses a pair, #CELL-ID opens a cell. So every view is a link.

const data = JSON.parse(document.getElementById("data").textContent);
const LETTERS = { pass: "·", fail: "✗", error: "!", known: "k", recorded: "r", unsupported: "u", "not run": "n" };
const MODES = ["unary", "server-streaming", "client-streaming", "bidi-streaming"];
const $ = (id) => document.getElementById(id);

const cells = new Map();
for (const [id, ms, source] of data.passes) cells.set(id, { id, kind: "pass", ms, source });
for (const cell of data.cells) cells.set(cell.id, cell);
for (const [id, notes] of Object.entries(data.notes)) cells.get(id).notes = notes;

const pairs = data.clients.flatMap((client) => data.servers.map((server) => `${client}--${server}`));
const groups = new Map(); // "mode/group" → case → pair → cell
for (const cell of cells.values()) {
  const [pair, ...rest] = cell.id.split("/");
  const at = rest.findIndex((part) => MODES.includes(part));
  Object.assign(cell, { pair, case: rest.join("/"), group: rest.slice(at, at + 2).join("/") });
  cell.haystack = [cell.id, cell.kind, cell.said, cell.reason].join(" ").toLowerCase();
  const group = groups.get(cell.group) ?? groups.set(cell.group, new Map()).get(cell.group);
  const row = group.get(cell.case) ?? group.set(cell.case, new Map()).get(cell.case);
  row.set(pair, cell);
}
const ordered = [...groups.keys()].sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));

const state = { text: "", kinds: new Set(), pair: "", cell: "" };

function rank(group) { return MODES.indexOf(group.split("/")[0]); }
function arrow(pair) { return pair.replace("--", " → "); }
function isRed(cell) { return cell.kind === "fail" || cell.kind === "error"; }

/** An element with attributes and children; text is always text, never markup. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

// --- the list ---------------------------------------------------------------------------------------------------------

function matches(cell) {
  if (state.pair && cell.pair !== state.pair) return false;
  if (state.kinds.size && !state.kinds.has(cell.kind)) return false;
  return state.text.split(/\s+/).every((word) => cell.haystack.includes(word));
}

function draw() {
  let rows = 0, found = 0;
  const narrowed = state.text !== "" || state.kinds.size > 0 || state.pair !== "";
  const sections = ordered.map((name) => {
    const lines = [];
    const shownHere = [];
    let open = narrowed;
    for (const [id, row] of groups.get(name)) {
      const shown = [...row.values()].filter(matches);
      const chosen = [...row.values()].find((cell) => cell.id === state.cell);
      if (!shown.length && !chosen) continue;
      shownHere.push(...shown);
      open ||= shown.some(isRed) || Boolean(chosen);
      lines.push(drawCase(id, row, shown, chosen));
    }
    rows += lines.length;
    found += shownHere.length;
    return lines.length ? make("details", { open }, make("summary", {}, name, told(lines.length, shownHere)), make("div", {}, ...lines)) : null;
  });
  $("list").replaceChildren(...sections.filter(Boolean));
  $("shown").textContent = `${several(rows, "case")}, ${found} of ${several(cells.size, "cell")}`;
  $("scope").replaceChildren(state.pair ? make("button", { type: "button", onclick: () => go("") }, `only ${arrow(state.pair)} ✕`) : "");
  for (const link of document.querySelectorAll("#matrix a")) {
    if (link.dataset.pair === state.pair) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  drawStripsLegend();
}

function told(rows, shown) {
  const special = data.kinds.filter((kind) => kind !== "pass").map((kind) => [kind, shown.filter((cell) => cell.kind === kind).length]);
  return make("span", { class: "quiet" }, `${several(rows, "case")}, ${several(shown.length, "cell")}`,
    ...special.filter(([, count]) => count).map(([kind, count]) => make("span", { class: `some ${kind.replace(" ", "-")}` }, `${count} ${kind}`)));
}

function several(number, noun) { return `${number} ${noun}${number === 1 ? "" : "s"}`; }

function drawCase(id, row, shown, chosen) {
  const telling = shown.find(isRed) ?? shown.find((cell) => cell.kind !== "pass") ?? shown[0] ?? chosen;
  const target = chosen ?? telling;
  const open = () => go(chosen ? state.pair : target.id);
  return make("div", { class: "case" },
    make("button", { type: "button", class: "id", "aria-expanded": String(Boolean(chosen)), onclick: open }, id),
    drawStrip(row, shown, chosen),
    make("span", { class: "said" }, telling.kind === "pass" ? "" : visible(telling.said || telling.reason || "")),
    chosen ? drawDetail(chosen) : null);
}

function drawStrip(row, shown, chosen) {
  const strip = make("span", { class: "strip", role: "group", "aria-label": "pairs", onkeydown: move });
  const scope = state.pair ? [state.pair] : pairs;
  scope.forEach((pair, number) => {
    if (number && !state.pair && number % data.servers.length === 0) strip.append(make("span", { class: "gap" }));
    const cell = row.get(pair);
    strip.append(cell ? drawDot(cell, shown.includes(cell), cell === chosen) : make("span", { class: "dot none" }));
  });
  const first = strip.querySelector("[aria-expanded=true]") ?? strip.querySelector("button");
  if (first) first.tabIndex = 0;
  return strip;
}

function drawDot(cell, isIn, isChosen) {
  const label = `${arrow(cell.pair)}: ${cell.kind}`;
  return make("button", {
    type: "button", class: `dot ${cell.kind.replace(" ", "-")}${isIn ? "" : " out"}`, title: label, "aria-label": label,
    "aria-expanded": String(isChosen), tabindex: "-1", "data-cell": cell.id, onclick: () => go(isChosen ? state.pair : cell.id),
  }, LETTERS[cell.kind]);
}

/** Arrow keys move within a strip, so that a row is one stop for the tabulator. */
function move(event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  const dots = [...event.currentTarget.querySelectorAll("button")];
  dots[dots.indexOf(document.activeElement) + step]?.focus();
  event.preventDefault();
}

function drawStripsLegend() {
  const letters = Object.entries(LETTERS).filter(([kind]) => data.kinds.includes(kind)).map(([kind, letter]) => `${letter} ${kind}`).join("  ");
  const order = `${data.clients.join(" | ")}, in each its servers: ${data.servers.join(", ")}`;
  $("strips").textContent = state.pair ? letters : `One square a pair; clients: ${order}.  ${letters}`;
}

// --- one cell ---------------------------------------------------------------------------------------------------------

function drawDetail(cell) {
  return make("div", { class: `detail ${cell.kind.replace(" ", "-")}`, id: "detail", tabindex: "-1" },
    make("h3", {}, make("span", { class: "badge" }, cell.kind), `${arrow(cell.pair)}  ${cell.case}`),
    cell.sentence ? make("p", { class: "sentence" }, visible(cell.sentence)) : null,
    ...(cell.mismatches?.length ? [drawMismatches(cell.mismatches)] : []),
    drawFacts(cell),
    ...(cell.calls ?? []).flatMap((call, number) => drawCall(call, cell.calls.length > 1 ? `call ${number}: ` : "")));
}

function drawMismatches(mismatches) {
  const head = make("tr", {}, ...["where", "want", "got"].map((name) => make("th", { scope: "col", class: "quiet" }, name)));
  const rows = mismatches.map((one) => typeof one === "string" ? make("tr", {}, make("td", {}, one)) : make("tr", {},
    make("td", {}, one.where), drawSide("want", one.want, one.got), drawSide("got", one.got, one.want)));
  return make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows));
}

/** The lines that the other side has not stand out; where nothing is in common, all do. */
function drawSide(name, value, other) {
  const theirs = new Set(text(other).split("\n"));
  const lines = text(value).split("\n").map((line) => make("span", { class: theirs.has(line) ? "common" : name }, `${line}\n`));
  return make("td", {}, ...lines);
}

function text(value) { return visible(typeof value === "string" && value ? value : JSON.stringify(value, null, 1)); }

/** Control characters and the invisible as escapes: nothing that a server sent turns the text around. */
function visible(text) {
  return text.replace(/[^\P{C}\n]/gu, (sign) => `\\u{${sign.codePointAt(0).toString(16)}}`);
}

function drawFacts(cell) {
  const command = data.again.replace("CELL-ID", cell.id);
  const entries = [
    ["blame", cell.blame], ["reason", cell.reason], ["known as", cell.known], ["rounds", visible(cell.rounds ?? "")],
    ["notes", visible((cell.notes ?? []).join("\n"))], ["case", cell.source], ["took", cell.ms === undefined ? "" : `${cell.ms} ms`],
    ["again", make("span", {}, make("code", {}, command), " ", copyButton(command))],
    ["logs", cell.kind === "not run" ? "" : make("a", { href: `logs/${address(cell.id)}/` }, `logs/${cell.id}/`)],
    ["link", make("a", { href: `#${address(cell.id)}` }, `#${cell.id}`)],
  ];
  return make("dl", {}, ...entries.filter(([, value]) => value).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
}

function copyButton(command) {
  const copy = (event) => navigator.clipboard?.writeText(command).then(() => { event.target.textContent = "copied"; });
  return make("button", { type: "button", class: "copy", onclick: copy }, "copy");
}

function drawCall(call, prefix) { return [drawLanes(call.lanes, prefix), drawViews(call, prefix)]; }

function drawViews(call, prefix) {
  const view = (name, value) => make("div", {}, make("h4", {}, prefix + name), make("pre", { tabindex: "0" }, visible(JSON.stringify(value, null, 2))));
  const attempts = call.handler ?? [];
  const seen = attempts.length === 1 ? attempts[0] : attempts;
  const nothing = call.handler === null ? "not known: the server has no control line" : "nothing: it was never called";
  return make("div", { class: "views" },
    view("what the client saw", call.client ?? "nothing: it was killed"),
    view(attempts.length > 1 ? `what the handler saw, ${attempts.length} attempts` : "what the handler saw", attempts.length ? seen : nothing));
}

/** The call in three lanes, in the order of the wire; "" where nothing was recorded. */
function drawLanes(lanes, prefix) {
  if (!lanes) return "";
  const head = make("tr", {}, ...["ms", "client", "", "wire", "handler"].map((name) => make("th", { scope: "col", class: "quiet" }, name)));
  const cell = (name, said, parts) => make("td", { class: name === parts ? "parts" : "" }, visible(said), name === parts ? make("b", {}, " ◀ here they part") : null);
  const rows = lanes.rows.map(([at, sender, client, wire, handler, parts]) => make("tr", {},
    make("td", { class: "quiet" }, at === null ? "" : at.toFixed(1)), cell("client", client, parts),
    make("td", { class: "quiet" }, { client: "→", server: "←" }[sender] ?? ""), cell("wire", wire, parts), cell("handler", handler, parts)));
  return make("div", { class: "lanes" }, make("h4", {}, `${prefix}on the wire`),
    make("p", { class: lanes.parted ? "parted" : "" }, visible(lanes.said)),
    make("div", { class: "wide", tabindex: "0" }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows))));
}

// --- the address and the filter ---------------------------------------------------------------------------------------

function address(id) { return id.split("/").map(encodeURIComponent).join("/"); }

function go(id) {
  // An empty hash would jump to the top of the page.
  if (id) location.hash = `#${address(id)}`;
  else { history.pushState(null, "", location.pathname + location.search); follow(); }
}

function follow() {
  let wanted = location.hash.slice(1);
  try { wanted = decodeURIComponent(wanted); } catch { /* not ours: shows the whole list */ }
  const cell = cells.get(wanted);
  state.cell = cell ? wanted : "";
  if (!cell) state.pair = pairs.includes(wanted) ? wanted : "";
  else if (state.pair && cell.pair !== state.pair) state.pair = "";
  const held = document.activeElement?.dataset?.cell;
  draw();
  if (cell) {
    $("detail").scrollIntoView({ block: "nearest" });
    (document.querySelector(`[data-cell="${CSS.escape(held ?? "")}"]`) ?? $("detail")).focus({ preventScroll: true });
  } else if (state.pair) $("cases").scrollIntoView();
}

for (const chip of document.querySelectorAll(".chip")) {
  chip.addEventListener("click", () => {
    const kind = chip.dataset.kind;
    if (!state.kinds.delete(kind)) state.kinds.add(kind);
    chip.setAttribute("aria-pressed", String(state.kinds.has(kind)));
    draw();
  });
}
$("text").addEventListener("input", (event) => {
  state.text = event.target.value.trim().toLowerCase().replaceAll(/\s*(→|->)\s*/g, "--");
  draw();
});
$("filter").addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("hashchange", follow);
follow();
