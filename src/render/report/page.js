"use strict";
for (const sheet of document.querySelectorAll(".sheet")) {
  const PAGE = 100;
  const body = sheet.querySelector("tbody");
  const heads = [...sheet.querySelectorAll("th")];
  const search = sheet.querySelector("input");
  const count = sheet.querySelector(".count");
  const pages = sheet.querySelector(".pages");
  const [back, next] = pages.querySelectorAll("button");
  const whole = (number) => number.toLocaleString("en-US");
  const compare = new Intl.Collator("en", { numeric: true, sensitivity: "base" }).compare;
  const all = [...body.rows];
  const words = new Map();
  let kept = all, page = 0;

  const text = (row) => {
    if (!words.has(row)) words.set(row, [...row.cells].map((cell) => cell.textContent).join("\n").toLowerCase());
    return words.get(row);
  };
  const draw = () => {
    const last = Math.max(0, Math.ceil(kept.length / PAGE) - 1);
    page = Math.min(Math.max(page, 0), last);
    const from = page * PAGE, to = Math.min(from + PAGE, kept.length);
    body.replaceChildren(...kept.slice(from, to));
    pages.hidden = last === 0;
    pages.querySelector("span").textContent = `${whole(from + 1)} to ${whole(to)} of ${whole(kept.length)}`;
    back.disabled = page === 0;
    next.disabled = page === last;
    if (count) {
      const rows = all.length === 1 ? "row" : "rows";
      count.textContent = kept.length === all.length ? `${whole(all.length)} ${rows}` : `${whole(kept.length)} of ${whole(all.length)} ${rows}`;
    }
  };
  const filter = () => {
    const wanted = search ? search.value.toLowerCase().split(/\s+/).filter((word) => word) : [];
    kept = all.filter((row) => wanted.every((word) => text(row).includes(word)));
    page = 0;
    draw();
  };
  // The value of a cell: a number, words, or null for nothing.
  const value = (row, column) => {
    const cell = row.cells[column];
    if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
    return cell.textContent === "" ? null : cell.textContent;
  };
  const sort = (column) => {
    const head = heads[column];
    const first = head.classList.contains("n") || head.classList.contains("d") ? "descending" : "ascending";
    const other = first === "ascending" ? "descending" : "ascending";
    const order = head.getAttribute("aria-sort") === first ? other : first;
    for (const one of heads) one.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", order);
    const sign = order === "ascending" ? 1 : -1;
    const keys = new Map(all.map((row) => [row, value(row, column)]));
    all.sort((a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      if (x === null || y === null) return (x === null) - (y === null);
      if (typeof x === "number" && typeof y === "number") return x === y ? 0 : sign * (x - y);
      return sign * compare(String(x), String(y));
    });
    filter();
  };

  heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => sort(column)));
  if (search) search.addEventListener("input", filter);
  back.addEventListener("click", () => { page -= 1; draw(); });
  next.addEventListener("click", () => { page += 1; draw(); });
  // Paper has room for all that is kept.
  addEventListener("beforeprint", () => body.replaceChildren(...kept));
  addEventListener("afterprint", draw);
  draw();
}
