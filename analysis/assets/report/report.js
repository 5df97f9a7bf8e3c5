(() => {
  "use strict";
  const make = (tag, has = {}, ...inside) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(has)) name in made ? (made[name] = value) : made.setAttribute(name, value);
    made.append(...inside);
    return made;
  };
  const words = part => part.textContent.replace(/\s+/g, " ").trim();

  // ---- paper shows what owners say also where a browser's style sheet cannot unfold it

  const folded = () => [...document.querySelectorAll(".exceptions details:not([open])")];
  let unfolded = [];
  window.addEventListener("beforeprint", () => { unfolded = folded(); unfolded.forEach(part => { part.open = true; }); });
  window.addEventListener("afterprint", () => unfolded.forEach(part => { part.open = false; }));

  // ---- receipts: the rows of the receipts table, opened beside the figure

  const title = make("h2", { id: "receipt-title" });
  const told = make("div");
  const among = make("a", { className: "among" }, "Show it among all receipts");
  const close = make("button", { type: "button", className: "close" }, "Close");
  const card = make("dialog", { className: "receipt-card" }, title, told, make("p", {}, close, among));
  card.setAttribute("aria-labelledby", "receipt-title");
  const told_of = row => {
    const heads = [...row.closest("table").tHead.rows[0].cells].map(head => words(head.firstChild));
    const list = make("dl");
    [...row.cells].slice(1).forEach((cell, place) => {
      if (!words(cell)) return;
      const said = make("dd", {}, ...[...cell.childNodes].map(part => part.cloneNode(true)));
      said.querySelectorAll("details").forEach(part => { part.open = true; });
      list.append(make("div", {}, make("dt", {}, heads[place + 1]), said));
    });
    return list;
  };
  const open = row => {
    const others = row.dataset.figure ? [...document.querySelectorAll(`tr[data-figure="${CSS.escape(row.dataset.figure)}"]`)].filter(other => other !== row) : [];
    title.textContent = words(row.cells[0]);
    told.replaceChildren(told_of(row));
    others.forEach(other => told.append(make("h3", {}, words(other.cells[0])), told_of(other)));
    among.href = `#${row.id}`;
    if (!card.open) card.showModal();
    card.scrollTop = 0;
    close.focus();
  };
  if (document.querySelector('a[href^="#receipt-"]')) {
    document.body.append(card);
    document.addEventListener("click", event => {
      const link = event.target.closest('a[href^="#receipt-"]');
      const row = link && document.getElementById(link.hash.slice(1));
      if (link === among) card.close();
      else if (row && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
        event.preventDefault();
        open(row);
      } else if (event.target === card) card.close();
    });
    close.addEventListener("click", () => card.close());
  }

  // ---- scorecards: find, filter and sort

  const tables = [...document.querySelectorAll("table.scorecard")];
  if (!tables.length) return;
  const rows = tables.flatMap(table => [...table.tBodies[0].rows]);
  const status_of = row => words(row.cells[0].querySelector(".badge") || row.cells[0]);
  const order = ["High Red", "Low Red", "Amber", "Green", "Low Green", "High Green"];
  const place_of = status => (order.includes(status) ? order.indexOf(status) : order.length);
  const box = table => table.closest(".theme-card") || table;
  const theme_of = table => box(table).dataset.theme || "";
  const chosen = new Set();

  const find = make("input", { type: "search", id: "find", autocomplete: "off" });
  const theme = make("select", { id: "find-theme" }, make("option", { value: "" }, "All themes"), ...tables.map(table => make("option", {}, theme_of(table))));
  const every = make("button", { type: "button", className: "show-all" }, "Show all");
  const said = make("p", { className: "shown", role: "status" });
  const named = status => (order.includes(status) ? status : "Not scored");
  const counts = new Map();
  rows.forEach(row => counts.set(named(status_of(row)), (counts.get(named(status_of(row))) || 0) + 1));
  const buttons = [...counts.keys()].sort((a, b) => place_of(a) - place_of(b)).map(status => {
    const shape = rows.find(row => named(status_of(row)) === status).querySelector(".badge .mark");
    const button = make("button", { type: "button", className: "band-filter" }, ...(shape ? [shape.cloneNode(true)] : []), `${status} ${counts.get(status)}`);
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const on = !chosen.delete(status) && Boolean(chosen.add(status));
      button.setAttribute("aria-pressed", String(on));
      show();
    });
    return button;
  });
  const show = () => {
    const sought = find.value.trim().toLowerCase();
    let number = 0;
    tables.forEach(table => {
      let here = 0;
      [...table.tBodies[0].rows].forEach(row => {
        const fits = (!theme.value || theme_of(table) === theme.value) && (!chosen.size || chosen.has(named(status_of(row)))) && (!sought || words(row).toLowerCase().includes(sought));
        row.hidden = !fits;
        here += fits;
      });
      box(table).hidden = !here;
      number += here;
    });
    said.textContent = `${number} of ${rows.length} measures shown`;
  };
  const first = new Map(tables.map(table => [table, [...table.tBodies[0].rows]]));
  const unsort = table => table.querySelectorAll("thead th").forEach(head => head.removeAttribute("aria-sort"));
  every.addEventListener("click", () => {
    find.value = theme.value = "";
    chosen.clear();
    buttons.forEach(button => button.setAttribute("aria-pressed", "false"));
    first.forEach((was, table) => { table.tBodies[0].append(...was); unsort(table); });
    show();
  });
  document.addEventListener("click", event => {
    const link = event.target.closest("table.glance a[href^='#']");
    const row = link && document.getElementById(link.hash.slice(1));
    if (row && (row.hidden || box(row.closest("table")).hidden)) every.click(); // a mark leads to its row also where the filter has hidden it
  }, true);
  find.addEventListener("input", show);
  theme.addEventListener("change", show);

  const number_in = text => {
    const found = text.replace(/\u2212/g, "-").replace(/,/g, "").match(/-?\d+(\.\d+)?/);
    return found ? Number(found[0]) : Number.POSITIVE_INFINITY;
  };
  const keys = {
    Status: row => place_of(status_of(row)),
    Measure: row => words(row.querySelector("th strong")).toLowerCase(),
    "Against target": row => number_in(words(row.querySelector(".share") || make("i"))),
  };
  tables.forEach(table => [...table.tHead.rows[0].cells].forEach(head => {
    const key = keys[words(head)];
    if (!key) return;
    const button = make("button", { type: "button", className: "sort" }, ...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      unsort(table);
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const unknown = value => value === Number.POSITIVE_INFINITY || value === order.length; // stays last, whichever way
      const sorted = [...first.get(table)].map(row => [key(row), row])
        .sort(([a], [b]) => unknown(a) - unknown(b) || (a < b ? -1 : a > b ? 1 : 0) * (down ? -1 : 1));
      table.tBodies[0].append(...sorted.map(([, row]) => row));
      said.textContent = `${theme_of(table)} sorted by ${words(head).toLowerCase()}, ${down ? "largest or best first" : "smallest or worst first"}`;
    });
  }));

  // on a phone the headings are not shown, so nothing there can be chosen

  const narrow = window.matchMedia("(max-width:720px)");
  const fit = () => document.querySelectorAll("button.sort").forEach(button => { button.disabled = narrow.matches; });
  narrow.addEventListener("change", fit);
  fit();

  const controls = make("div", { className: "controls" },
    make("p", {}, make("label", { htmlFor: "find" }, "Find a measure"), find),
    ...(tables.length > 1 ? [make("p", {}, make("label", { htmlFor: "find-theme" }, "Theme"), theme)] : []),
    make("div", { role: "group", className: "bands" }, make("span", { className: "label", id: "find-bands" }, "Status"), make("span", { className: "buttons" }, ...buttons)),
    every, said);
  controls.querySelector("[role=group]").setAttribute("aria-labelledby", "find-bands");
  (document.querySelector(".controls-here") || tables[0].closest(".table-scroll")).before(controls);
  show();
})();
